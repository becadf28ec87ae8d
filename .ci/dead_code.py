"""
Which functions, methods, properties and classes does nobody call?

vulture reads Python only. Here a name also counts as used when a template, the settings or a
string mentions it, and a method when one of the packages below has it too: then they call it.
Fields and options are left out: Django reads nearly all of them.
"""

import re
import sys
from pathlib import Path

import allauth
import crispy_forms
import django
import guardian
from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["accounts", "clients", "contracts", "dashboard", "epic_crm", "events", "history"]
PACKAGES = [allauth, crispy_forms, django, guardian]
KINDS = {"function", "method", "property", "class", "unreachable_code"}
FOUND_BY_DJANGO = ["Command", "Meta", "*Config", "*Delegation"]
DECORATORS = ["@register*", "@admin.register*", "@receiver*", "@pytest*"]


def words(texts, what=r"\w+"):
    return {word for text in texts for word in re.findall(what, text, re.MULTILINE)}


def mentioned():
    """The words of templates and settings, and of strings in the code."""
    templates = [path.read_text() for path in (ROOT / "templates").rglob("*.*")]
    settings = [path.read_text() for path in (ROOT / "epic_crm").glob("settings*.py")]
    code = [path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return words(templates + settings) | words(words(code, r'"([\w.]+)"'))


def called_by_packages():
    folders = [Path(package.__file__).parent for package in PACKAGES]
    files = [path.read_text() for folder in folders for path in folder.rglob("*.py")]
    return words(files, r"^ +def (\w+)\(")


vulture = Vulture(ignore_names=[*FOUND_BY_DJANGO, "pytest_*"], ignore_decorators=DECORATORS)
paths = [ROOT / name for name in (*ROOMS, "conftest.py", ".ci")]
vulture.scavenge(paths, exclude=["*/migrations/*", "*/formats/*"])
used = mentioned()
hooks = called_by_packages()
dead = [
    item
    for item in vulture.get_unused_code(min_confidence=60)
    if item.typ in KINDS
    and item.name not in used
    and not (item.typ == "method" and item.name in hooks)
    and not {"tests", "conftest.py"} & {*item.filename.parts}
]
for item in dead:
    print(item.get_report().replace(f"{ROOT}/", ""))
sys.exit(bool(dead))
