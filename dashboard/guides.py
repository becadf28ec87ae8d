"""Help: the guides of docs/, in the reader's language; one a team, and one for everybody."""

from functools import cache

from django.conf import settings
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from accounts.models import Team

FOLDER = settings.BASE_DIR / "docs"
GUIDES = {**dict(Team.choices), "everybody": _("For everybody")}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@require_safe
def help_page(request):
    """The guide of one's team first; ``?guide=`` has the others."""
    asked = request.GET.get("guide", request.user.team)
    name = asked if asked in GUIDES else "everybody"
    language = (get_language() or LANGUAGES[0])[:2]
    context = {"guides": GUIDES.items(), "current": name, "text": guide(language, name)}
    return render(request, "dashboard/help.html", context)


@cache
def guide(language, name):
    """A guide as HTML. It is written by us, and no HTML is taken from it all the same."""
    text = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    return mark_safe(MarkdownIt().disable("html_block").disable("html_inline").render(text))  # nosec B308 B703
