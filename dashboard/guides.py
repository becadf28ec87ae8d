"""Help: the guides of docs/, in the reader's language; one a team, and one for everybody."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from accounts.models import Team, User

FOLDER = settings.BASE_DIR / "docs"
GUIDES = {
    **dict(Team.choices),
    "everybody": _("For everybody"),
    "shortcuts": _("Shortcuts"),
}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@require_safe
def help_page(request):
    """The guide of one's team first; ``?guide=`` has the others."""
    asked = request.GET.get("guide", request.user.team)
    name = asked if asked in GUIDES else "everybody"
    context = {"guides": GUIDES.items(), "current": name, "text": guide(_language(), name)}
    return render(request, "dashboard/help.html", context)


@login_not_required
@require_safe
def accessibility(request):
    """What was tested and what does not work, for everybody; those who work here, whom to tell."""
    context = {"text": guide(_language(), "accessibility"), "shell": "bare.html"}
    if request.user.is_authenticated:
        managers = User.objects.active().in_team(Team.MANAGEMENT)
        context |= {"managers": managers, "shell": "base.html"}
    return render(request, "dashboard/accessibility.html", context)


def _language():
    return (get_language() or LANGUAGES[0])[:2]


@cache
def guide(language, name):
    """A guide as HTML. It is written by us, and no HTML is taken from it all the same."""
    text = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    return mark_safe(  # noqa: S308
        MarkdownIt().enable("table").disable("html_block").disable("html_inline").render(text)
    )  # nosec B308 B703
