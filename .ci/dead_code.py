"""
Which functions, methods, properties and classes does nobody call?

vulture reads Python only. Here a name also counts as used when a template, the settings or a
string mentions it, or when Django calls it by that name. Fields and options are left out: Django
reads nearly all of them.
"""

import re
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["accounts", "clients", "contracts", "dashboard", "epic_crm", "events", "history"]
KINDS = {"function", "method", "property", "class", "import", "unreachable_code"}
CALLED_BY_DJANGO = [
    *("Meta", "*Config", "*Delegation", "Command", "ready"),
    *("_post_clean", "clean*", "label_from_instance", "get_bound_field", "build_attrs"),
    *("pre_save", "db_parameters", "from_db_value", "deconstruct", "contribute_to_class"),
    *("form_valid", "get_form_class", "get_initial", "get_object", "get_success_url"),
    *("process_view", "process_exception"),
    *("get_user", "get_all_permissions", "get_by_natural_key", "create_superuser"),
    *("add_arguments", "handle"),
    *("is_open_for_signup", "has_permission"),
]
DECORATORS = ["@register*", "@receiver*", "@pytest*", "@checks.register*"]


def mentioned():
    """The words of templates and settings, and of the strings that name something in the code."""
    texts = [path.read_text() for path in (ROOT / "templates").rglob("*.*")]
    texts.append((ROOT / "epic_crm/settings.py").read_text())
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            texts += re.findall(r'"([\w.]+)"', path.read_text())
    return set(re.findall(r"\w+", " ".join(texts)))


vulture = Vulture(ignore_names=CALLED_BY_DJANGO, ignore_decorators=DECORATORS)
vulture.scavenge(
    [ROOT / name for name in (*ROOMS, "conftest.py", ".ci")],
    exclude=["*/migrations/*", "*/formats/*"],
)
words = mentioned()
dead = [
    item
    for item in vulture.get_unused_code(min_confidence=60)
    if item.typ in KINDS
    and item.name not in words
    and not {"tests", "conftest.py"} & {*item.filename.parts}
]
for item in dead:
    print(item.get_report().replace(f"{ROOT}/", ""))
sys.exit(bool(dead))
