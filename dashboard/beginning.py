"""What an agency does first, told to management until all of it is done."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _


class Beginning(NamedTuple):
    """A thing to do first, where it is done, and whether it is."""

    label: Any
    url: str
    done: bool


def beginnings(*, colleagues, clients, orphans, in_use):
    """
    The things to do first, or nothing once all are done.

    ``colleagues`` besides the reader, ``clients`` and those of them in nobody's hands are
    numbers. A house ``in_use`` knows its way: a client that has lost its contact begins nothing.
    """
    steps = [
        Beginning(
            _("Create the accounts of the team"),
            reverse("admin:accounts_user_add"),
            colleagues > 0,
        ),
        Beginning(_("Add the first clients"), reverse("clients:create"), clients > 0 or in_use),
        Beginning(
            _("Assign a sales contact to each client"),
            reverse("clients:assign_many"),
            in_use or clients > orphans == 0,
        ),
    ]
    return [] if all(step.done for step in steps) else steps
