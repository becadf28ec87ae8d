"""
An agency with as many clients as one likes, each with a contract, most with an event.

Made by rule and not by chance: two runs measure the same. The records are written past the verbs,
which would take hours; so the journal holds one call per client and nothing else.
"""

import sys
from contextlib import contextmanager
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import connection
from django.utils.timezone import localdate, now

from accounts.models import Record, User
from clients.models import Client
from contracts.models import Contract
from events.models import Event
from history import seals
from history.models import Entry, Note

BATCH = 5000
DOMAIN = "benchmark.example"
# By name: team and number. "few" has three clients, "new" has none; the others share the rest.
PEOPLE = {"boss": "management", "few": "sales", "new": "sales"}
PEOPLE |= {f"seller{n}": "sales" for n in range(20)} | {f"helper{n}": "support" for n in range(8)}
HOUSES = ["Atelier", "Brasserie", "Cabinet", "Domaine", "Éditions", "Fonderie", "Garage", "Maison"]
NAMES = [
    "Arvel", "Béranger", "Calvet", "Delorme", "Éluard", "Fournier", "Gaillard", "Hénault",
    "Irigoyen", "Joubert", "Kerléo", "Lefèvre", "Müller", "Noël", "Ozanne", "Périer", "Quentin",
    "Rémond", "Sablon", "Tessan", "Urbain", "Vasseur", "Weiss", "Yvon", "Zeller",
]  # fmt: skip
FIRST_NAMES = ["Aïcha", "Benoît", "Chloé", "David", "Éléonore", "Farid", "Gaëlle", "Hugo", "Inès"]
TITLES = ["Séminaire annuel", "Soirée des partenaires", "Lancement", "Assises", "Convention"]
TOWNS = ["Lyon", "Nantes", "Orléans", "Paris", "Reims", "Sète"]


def address(name):
    return f"{name}@{DOMAIN}"


def fill(rows):
    """Make ``rows`` clients, or keep those that are there; stop at a database of somebody else."""
    if User.objects.exclude(email__endswith=f"@{DOMAIN}").exists():
        sys.exit("This database holds other people: name an empty one in DATABASE_URL.")
    if Client.objects.exists():
        if Client.objects.count() != rows:
            sys.exit("This database holds another number of clients: name an empty one.")
        return
    people = _people()
    with _dated():
        for start in range(0, rows, BATCH):
            _batch(range(start, min(start + BATCH, rows)), people, rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people():
    for name, team in PEOPLE.items():
        user = User.objects.create(
            email=address(name), first_name=name.capitalize(), last_name="Bench", language="fr"
        )
        user.groups.add(Group.objects.get(name=team))
    return {user.email.split("@")[0]: user for user in User.objects.all()}


@contextmanager
def _dated():
    """Records say themselves when they were made."""
    fields = [Record._meta.get_field("created_at"), Record._meta.get_field("updated_at")]
    fields = [model._meta.get_field(f.name) for model in (Client, Contract, Event) for f in fields]
    for field in fields:
        field.auto_now = field.auto_now_add = False
    yield
    for field in fields:
        field.auto_now_add = field.name == "created_at"
        field.auto_now = field.name == "updated_at"


def _batch(numbers, people, rows):
    clients = [_client(n, people, rows) for n in numbers]
    Client.objects.bulk_create(clients)
    contracts = [_contract(n, client) for n, client in zip(numbers, clients, strict=True)]
    Contract.objects.bulk_create(contracts)
    signed = [(n, c) for n, c in zip(numbers, contracts, strict=True) if c.status == "signed"]
    Event.objects.bulk_create(_event(n, contract, people) for n, contract in signed if n % 50)
    entries = Entry.objects.bulk_create(_called(client) for client in clients)
    Note.objects.bulk_create(
        Note(entry=entry, channel="phone", happened_on=entry.at.date(), text="Called back.")
        for entry in entries
    )


def _client(n, people, rows):
    owner = people["few"] if n >= rows - 3 else people[f"seller{n % 20}"]
    prospect = n % 5 == 0
    made = now() - timedelta(days=n % 1000, minutes=n % 1440)
    first_name, last_name = FIRST_NAMES[n % len(FIRST_NAMES)], NAMES[n // 7 % len(NAMES)]
    return Client(
        company_name=f"{HOUSES[n % len(HOUSES)]} {NAMES[n // 8 % len(NAMES)]} {n}",
        first_name=first_name,
        last_name=last_name,
        email=f"contact{n}@company{n}.example",
        phone=f"+33199{n % 1000000:06d}",
        stage="prospect" if prospect else "client",
        converted_at=None if prospect else made,
        sales_contact=None if n % 500 == 499 else owner,
        created_at=made,
        updated_at=made + timedelta(hours=n % 24),
    )


def _contract(n, client):
    signed = client.stage == "client"
    return Contract(
        reference=f"C-{client.created_at.year}-{n:07d}",
        client=client,
        title=f"{TITLES[n % len(TITLES)]} {n}",
        amount=500 + n * 37 % 90_000,
        payment_due=client.created_at.date() + timedelta(days=60),
        expected_date=localdate() + timedelta(days=n % 200),
        status="signed" if signed else "open",
        signed_on=client.created_at.date() if signed else None,
        created_at=client.created_at,
        updated_at=client.updated_at,
    )


def _event(n, contract, people):
    starts = now() + timedelta(days=n % 1000 - 900, hours=n % 10)
    over = n % 1000 < 899
    return Event(
        contract=contract,
        name=contract.title,
        starts_at=starts,
        ends_at=starts + timedelta(hours=8),
        venue=f"Salle {n % 40}",
        address=f"{n % 90} quai du Port, {TOWNS[n % len(TOWNS)]}",
        attendees=20 + n % 400,
        support_contact=None if n % 40 == 1 and not over else people[f"helper{n % 8}"],
        status="completed" if over else "planned",
        completed_at=starts + timedelta(days=1) if over else None,
        created_at=contract.created_at,
        updated_at=contract.updated_at,
    )


def _called(client):
    by = client.sales_contact
    entry = Entry(
        at=client.updated_at,
        actor_id=by.pk if by else None,
        actor_name=str(by or "manage.py"),
        verb="note",
        label=client._meta.label_lower,
        record_id=client.pk,
        client_id=client.pk,
    )
    entry.digest = seals.seal_entry(entry, [])
    return entry
