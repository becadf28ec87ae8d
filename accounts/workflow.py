"""What people do with accounts, with notes, and with what they hold."""

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import journal
from history.models import Note
from history.verbs import Kind, Verb, facts, verbs

from .access import permission, require
from .fields import in_our_time
from .models import Team, User
from .portfolio import portfolio
from .records import lock, store, tell

verbs["add_user"] = Verb(
    "person-plus",
    gettext_lazy("You created the account of %(what)s"),
    gettext_lazy("%(who)s created the account of %(what)s"),
    kind=Kind.ADMIN,
)
verbs["hand_over"] = Verb(
    "arrow-left-right",
    gettext_lazy("You handed over what was in the hands of %(what)s"),
    gettext_lazy("%(who)s handed over what was in the hands of %(what)s"),
    kind=Kind.ADMIN,
)
verbs["end_sessions"] = Verb(
    "box-arrow-right",
    gettext_lazy("You ended sessions of %(what)s"),
    gettext_lazy("%(who)s ended sessions of %(what)s"),
    kind=Kind.ACCESS,
)
facts["team"] = models.CharField(gettext_lazy("team"), choices=Team)


@transaction.atomic
def add_user(*, email, team, first_name, last_name, phone="", password=None, by=None):
    """
    An account in a team; ``by`` nobody: a command on the server.

    Without a password nobody gets in before an invitation is accepted. Raise ValidationError if
    the address is taken or the password too weak.
    """
    if by:
        require(by, "accounts.create_user")
    user = User(
        email=email.strip().lower(), first_name=first_name, last_name=last_name, phone=phone
    )
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    if team:
        user.groups.set([Group.objects.get(name=team)])
    journal.record(by, "add_user", user, {"team": (None, team)})
    return user


@transaction.atomic
def end_sessions(chosen, *, by):
    """End some of one's own sessions: a queryset. Return how many were still open."""
    number, _rows = chosen.filter(person=by).delete()
    if number:
        journal.record(by, "end_sessions", by)
    return number


@transaction.atomic
def hand_over(person, *, by, **heirs):
    """
    Give what ``person`` holds to colleagues: all of it, or nothing.

    ``heirs`` maps a holding of the portfolio to who takes it: a colleague, or None for nobody. A
    holding that is not named stays. Return how many went to whom by holding, without those of
    which there were none. Raise ValidationError by holding if somebody may not take it.
    """
    require(by, "accounts.manage_user", person)
    person = hold(person, heirs)
    moved = {}
    for name, holding in portfolio.items():
        if name not in heirs:
            continue
        heir = heirs[name]
        if heir and not holding.takers().filter(pk=heir.pk).exclude(pk=person.pk).exists():
            raise ValidationError({name: _("This colleague does not do this work.")})
        # Locked as they are found: what is completed or assigned meanwhile is not moved.
        records = holding.of(person).select_for_update(no_key=True).order_by("pk")
        for record in records:
            holding.move(record, by=by, to=heir)
        if records:
            moved[name] = (len(records), heir)
    if moved:
        told = {name: (person, heir) for name, (_number, heir) in moved.items()}
        told |= {f"{name}_left": (None, n) for name, (n, heir) in moved.items() if not heir}
        journal.record(by, "hand_over", person, told)
    return moved


def hold(person, heirs):
    """
    Lock a person and those who take over, in one order for everybody; return the person.

    The heirs too: who is closed at this moment takes nothing over.
    """
    people = {each.pk: each for each in (person, *heirs.values()) if each}
    return {pk: lock(people[pk]) for pk in sorted(people)}[person.pk]


@transaction.atomic
def add_note(record, *, by, channel, happened_on, text, **also):
    """
    Write down what was said or seen. Raise ValidationError if it lies in the future.

    ``also``: fields of the record that change by it; whoever takes the note back undoes that too.
    """
    record = lock(record)
    require(by, permission(record, "note"), record)
    if happened_on > localdate():
        raise ValidationError({"happened_on": _("The date cannot be in the future.")})
    try:
        in_our_time(happened_on)
    except ValidationError as error:
        raise ValidationError({"happened_on": error}) from error
    note = Note(channel=channel, happened_on=happened_on, text=text)
    note.full_clean(exclude=["entry"])
    journal.attach(note, tell(by, "note", record, store(record, **also) if also else None))
    record.save(update_fields=["updated_at"])
    return note
