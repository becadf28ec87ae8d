"""Recovery codes that allauth made from a sealed seed are hashed; those on people's paper stay good."""

import hmac
import logging
from hashlib import sha1

from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.db import migrations

from accounts import recovery


def left_of(data):
    """The codes that were not used, as allauth 65 derived them; of a seed whose key is lost, none."""
    try:
        seed = decrypt(data["seed"])
    except InvalidToken:
        return None
    chain, codes = hmac.new(seed.encode(), digestmod=sha1), []
    for number in range(10):
        chain.update(f"{number:3},".encode())
        if not data["used_mask"] >> number & 1:
            codes.append(f"{int.from_bytes(chain.digest()[:4]) % 10**8:08}")
    return codes


def hash_codes(apps, schema_editor):
    rows = apps.get_model("mfa", "Authenticator").objects.using(schema_editor.connection.alias)
    for row in rows.filter(type="recovery_codes", data__has_key="seed"):
        codes = left_of(row.data)
        if codes is None:
            words = "SECOND_FACTOR_KEY does not open the recovery codes of authenticator %s: none is left."
            logging.getLogger("accounts.factors").error(words, row.pk)
        row.data = recovery.keep(codes or [])
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    """There is no way back: what is hashed makes no seed."""

    dependencies = [
        ("accounts", "0012_reading_limits"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(hash_codes)]
