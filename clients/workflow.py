"""What happens to a client, step by step."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import workflow as accounts
from accounts.access import Moment, chance, moments, require
from accounts.models import User
from accounts.portfolio import Holding, portfolio
from accounts.records import add, lock, remove, write
from history.models import Channel
from history.verbs import Verb, facts, verbs

from .likeness import TRAITS, Traits
from .models import Client, Stage

ALIKE = 5  # That many are shown of those that may be the same company.

# Reverting and deleting depend on the client's contracts: contracts/workflow.py.
in_use = Moment(_("the client must not be archived"), Q(archived_at=None))
moments.update({
    "clients.change_client": in_use,
    "clients.convert_client": Moment(
        _("it must be a prospect that is not archived"),
        Q(stage=Stage.PROSPECT, archived_at=None),
    ),
    "clients.archive_client": in_use,
    "clients.restore_client": Moment(
        _("the client must be archived, and not erased"),
        Q(archived_at__isnull=False, erased_at=None),
    ),
    "clients.open_contract_client": in_use,
})  # fmt: skip

verbs.update(
    {
        "create_client": Verb("building-add", _("You added %(what)s"), _("%(who)s added %(what)s")),
        "convert": Verb(
            "building-check",
            _("You made %(what)s a client"),
            _("%(who)s made %(what)s a client"),
            says=("stage", "converted_at"),
        ),
        "revert": Verb(
            "arrow-counterclockwise",
            _("You made %(what)s a prospect again"),
            _("%(who)s made %(what)s a prospect again"),
            says=("stage", "converted_at"),
        ),
        "assign_client": Verb(
            "person-check",
            _("You named the sales contact of %(what)s"),
            _("%(who)s named the sales contact of %(what)s"),
        ),
        "archive": Verb(
            "archive",
            _("You archived %(what)s"),
            _("%(who)s archived %(what)s"),
            says=("archived_at",),
        ),
        "restore": Verb(
            "arrow-counterclockwise",
            _("You restored %(what)s"),
            _("%(who)s restored %(what)s"),
            says=("archived_at",),
        ),
        "delete": Verb(
            "trash",
            _("You deleted %(what)s"),
            _("%(who)s deleted %(what)s"),
            says=("company_name",),
            names=("company_name",),
        ),
    }
)


class Alike(ValidationError):
    """Clients that have some ``traits`` of one that ``by`` types: it may be the same company."""

    def __init__(self, clients, traits, by):
        super().__init__(_("This company may exist already."), code="alike")
        self.clients, self.traits, self.by = clients, traits, by


def look_alike(traits, *, by, but=None):
    """Clients that may be the same company, a few, marked with what is ``shared``."""
    others = Client.objects.visible_to(by).exclude(pk=but and but.pk)
    # In no order: sorted by the database, it may walk the names of everybody.
    others = others.select_related("sales_contact").order_by()
    clients = list(others.like(traits)[:ALIKE])
    for client in clients:
        client.shared = traits.shared_with(client)
    clients.sort(key=lambda client: (client.shared != "name", client.sort_key))
    if not any(client.shared == "name" for client in clients):
        for client in others.named_nearly(traits):
            if client not in clients:
                client.shared = "near"
                clients.append(client)
    return clients[:ALIKE]


def ask_first(traits, *, by, seen, but=None):
    """
    Raise Alike if there may be this company already, and ``by`` was not asked about it.

    ``seen`` is the code of the traits they were asked about. It is a question and no rule.
    """
    if seen != traits.code and (clients := look_alike(traits, by=by, but=but)):
        raise Alike(clients, traits, by)


@transaction.atomic
def create(*, by, stage=Stage.PROSPECT, sales_contact=None, seen=None, **fields):
    """
    Somebody we may work for. Whoever sells becomes the contact; management names one, or nobody.

    Raise ValidationError if what was typed is not valid, Refused for who may not; Alike as
    ``ask_first`` does, unless ``seen`` is None.
    """
    require(by, "clients.create_client")
    if seen is not None:
        ask_first(Traits.of(**{name: fields[name] for name in TRAITS}), by=by, seen=seen)
    if not by.has_perm("clients.assign_client"):
        sales_contact = by
    if sales_contact:
        lock(sales_contact)
    client = Client(stage=stage, sales_contact=_may_sell(sales_contact), **fields)
    client.converted_at = now() if stage == Stage.CLIENT else None
    return add(client, "create_client", by=by)


@transaction.atomic
def convert(client, *, by):
    """A prospect has agreed to work with us."""
    client = lock(client)
    require(by, "clients.convert_client", client)
    return _become_client(client, by=by)


def become_client(client, *, by):
    """
    A prospect has signed. What follows from a verb asks no right of its own: the colleague to
    whom one contract is delegated may sign it, and may not convert.

    Call it in the verb's transaction, with the client locked.
    """
    if client.stage == Stage.PROSPECT:
        _become_client(client, by=by)


def _become_client(client, *, by):
    return write(client, "convert", by=by, stage=Stage.CLIENT, converted_at=now())


@transaction.atomic
def revert(client, *, by, reason):
    """A client by mistake is a prospect again; not once a contract has been signed."""
    client = lock(client)
    require(by, "clients.revert_client", client)
    return write(client, "revert", by=by, reason=reason, stage=Stage.PROSPECT, converted_at=None)


@transaction.atomic
def assign(client, *, by, sales_contact):
    """Name the sales contact, or nobody. Raise ValidationError if that person does not sell."""
    if sales_contact:
        lock(sales_contact)
    client = lock(client)
    require(by, "clients.assign_client", client)
    if client.sales_contact == _may_sell(sales_contact):
        return client
    return write(client, "assign_client", by=by, sales_contact=sales_contact)


# An archived client too: it may be restored.
portfolio["clients"] = Holding(
    label=_("Clients"),
    records=Client.objects.all,
    contact="sales_contact",
    takers=User.objects.may_sell,
    load=lambda count: ngettext("%(count)d client", "%(count)d clients", count) % {"count": count},
    move=lambda client, *, by, to: assign(client, by=by, sales_contact=to),
)
facts["clients"] = Client._meta.get_field("sales_contact")
facts["clients_left"] = models.PositiveIntegerField(_("left without sales contact"))


@transaction.atomic
def archive(client, *, by):
    """Put a client out of the way; nothing is lost."""
    client = lock(client)
    require(by, "clients.archive_client", client)
    return write(client, "archive", by=by, archived_at=now())


@transaction.atomic
def restore(client, *, by):
    client = lock(client)
    require(by, "clients.restore_client", client)
    return write(client, "restore", by=by, archived_at=None)


@transaction.atomic
def delete(client, *, by):
    """Delete a client that never had a contract; every other one is archived."""
    client = lock(client)
    require(by, "clients.delete_client", client)
    remove(client, "delete", by=by, told=["company_name"])


@transaction.atomic
def add_note(client, *, by, follow_up_on=None, **note):
    """
    Note what was said, and when to get in touch again: that changes the client.

    Whoever is in charge and has talked with a client has done what was due: without another day
    the reminder goes.
    """
    client = lock(client)
    if follow_up_on:
        require(by, "clients.change_client", client)
    elif not (_was_due(client) and note["channel"] != Channel.NOTE and _may_change(by, client)):
        follow_up_on = client.follow_up_on
    if follow_up_on != client.follow_up_on:
        note["follow_up_on"] = follow_up_on
    return accounts.add_note(client, by=by, **note)


@transaction.atomic
def follow_up(client, *, by, follow_up_on):
    """Set the day to get in touch again, or none. Raise ValidationError if it is absurd."""
    client = lock(client)
    require(by, "clients.change_client", client)
    if client.follow_up_on == follow_up_on:
        return client
    return write(client, "update", by=by, follow_up_on=follow_up_on)


def _was_due(client):
    return client.follow_up_on is not None and client.follow_up_on <= localdate()


def _may_change(by, client):
    return Client.objects.filter(chance(by, "clients.change_client"), pk=client.pk).exists()


def _may_sell(person):
    if person and not User.objects.may_sell().filter(pk=person.pk).exists():
        problem = gettext("Choose an active member of sales or management.")
        raise ValidationError({"sales_contact": problem})
    return person
