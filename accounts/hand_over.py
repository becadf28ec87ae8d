"""The question where everything goes that somebody holds, before they leave or change teams."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .forms import PlainForm
from .models import Team
from .portfolio import portfolio

NAMED = 10  # Records that are named; of the others the number is told.
NOBODY = "nobody"


class HeirField(forms.ChoiceField):
    """Who takes over the records of a holding: a colleague, or nobody; chosen, never preset."""

    def __init__(self, holding, person, records):
        takers = holding.takers().exclude(pk=person.pk)
        self.people = {str(taker.pk): taker for taker in takers}
        choices = [("", _("Choose…")), (NOBODY, _("Leave unassigned"))]
        choices += [(key, holding.with_load(taker)) for key, taker in self.people.items()]
        wanted = _("Choose who takes this over, or leave it unassigned.")
        super().__init__(
            label=f"{holding.label} ({len(records)})",
            help_text=_named(records),
            choices=choices,
            error_messages={"required": wanted, "invalid_choice": wanted},
        )

    def clean(self, value):
        return self.people.get(super().clean(value))


class HandOverForm(PlainForm):
    """One question for each holding in which ``person`` has something."""

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.holdings = []
        for name, holding in portfolio.items():
            if records := list(holding.of(person)):
                self.fields[name] = HeirField(holding, person, records)
                self.holdings.append(name)

    def heirs(self):
        """What ``workflow.hand_over`` wants: by holding a colleague, or nobody."""
        return {name: self.cleaned_data[name] for name in self.holdings}


class TeamForm(HandOverForm):
    """Another team, or none, and where everything goes."""

    team = forms.TypedChoiceField(
        coerce=lambda team: "" if team == NOBODY else team,
        label=gettext_lazy("Team"),
        error_messages={"required": gettext_lazy("Choose another team.")},
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, person=person, **kwargs)
        others = [choice for choice in Team.choices if choice[0] != person.team]
        nowhere = [(NOBODY, _("No team: the account opens nothing"))] if person.team else []
        self.fields["team"].choices = [("", _("Choose…")), *others, *nowhere]


def _named(records):
    shown = NAMED if len(records) > NAMED + 1 else len(records)  # One more is named, too.
    names = ", ".join(str(record) for record in records[:shown])
    more = len(records) - shown
    if not more:
        return names
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {
        "names": names,
        "count": more,
    }
