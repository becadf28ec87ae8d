from hashlib import sha256
from os import urandom

import factory
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.models import User


class UserFactory(DjangoModelFactory):
    email = factory.Sequence("person{}@agency.example".format)
    first_name = "Pat"
    last_name = factory.Sequence("Person{}".format)

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation
    def team(self, create, team):
        if team:
            self.groups.add(Group.objects.get(name=team))


def passkey_credential():
    """What a browser says when it makes a passkey, of a key that nobody holds."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential_id = urandom(16)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(
        sha256(b"localhost").digest(),
        flags,
        0,
        AttestedCredentialData.create(Aaguid.NONE, credential_id, key),
    )
    asked = CollectedClientData.create("webauthn.create", urandom(32), "http://localhost")
    return {
        "id": websafe_encode(credential_id),
        "rawId": websafe_encode(credential_id),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(asked),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }
