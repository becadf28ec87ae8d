"""
Do the catalogues say everything, and only what the code and the templates say today?

French translates every string. A string left empty in another catalogue shows the msgid, which is
English: ``locale/en`` is only needed the day an English word must differ from its msgid.

makemessages gives a new French catalogue Django's three plural forms; ours has the usual two:
``Plural-Forms: nplurals=2; plural=n > 1;``. Django keeps the two rules apart.

    check_catalogue.py            what ``make lint`` asks; changes nothing
    check_catalogue.py --update   what ``make messages`` does: brings the catalogues up to date
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = "fr"
OPTIONS = ["--no-location", "--no-wrap", "--no-obsolete"]
OPTIONS += ["--ignore=tests", "--ignore=conftest.py", "--ignore=var", "--ignore=docs"]


def catalogues(root):
    return sorted(root.glob("locale/*/LC_MESSAGES/*.po"))


def language(path):
    return path.parent.parent.name


def make_messages(root):
    """Without settings makemessages writes to the ``locale`` of the folder it is called in."""
    languages = {COMPLETE, *map(language, catalogues(root))}
    command = [sys.executable, "-m", "django", "makemessages", "--verbosity=0", *OPTIONS]
    command += [f"--locale={language}" for language in sorted(languages)]
    subprocess.run(command, cwd=root, check=True)


def copy_of_the_tree(folder):
    """What git knows or would add, as it is now."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():  # Not one that is deleted and not yet committed so.
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def faults(path):
    """What can be seen in one catalogue alone."""
    catalogue = polib.pofile(path)
    if catalogue.metadata_is_fuzzy:
        yield "fuzzy", "the header"
    for entry in catalogue:
        if entry.obsolete:
            yield "obsolete", entry.msgid
        elif entry.fuzzy:
            yield "fuzzy", entry.msgid
        elif not entry.translated() and language(path) == COMPLETE:
            yield "not translated", entry.msgid


def staleness(path, fresh):
    """What makemessages would add or take away."""
    ours, theirs = (
        {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in polib.pofile(file)}
        for file in (path, fresh)
    )
    for _context, msgid, _plural in sorted(theirs - ours, key=str):
        yield "not in the catalogue", msgid
    for _context, msgid, _plural in sorted(ours - theirs, key=str):
        yield "no longer in the code", msgid


def main():
    gettext = shutil.which("xgettext")
    if "--update" in sys.argv:
        if not gettext:
            sys.exit("gettext is missing: install it (on Debian, apt-get install gettext).")
        make_messages(ROOT)
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        if gettext and "--update" not in sys.argv:
            copy_of_the_tree(Path(folder))
            (Path(folder) / "locale").mkdir(exist_ok=True)
            make_messages(Path(folder))
        for path in catalogues(ROOT):
            name = path.relative_to(ROOT)
            problems = list(faults(path))
            if (fresh := Path(folder) / name).is_file():
                problems += staleness(path, fresh)
            for what, msgid in problems:
                print(f"{name}: {what}: {msgid!r}")
            found += len(problems)
            if gettext:  # Placeholders that differ, a wrong number of plurals.
                command = ["msgfmt", "--check", "--output-file=/dev/null", path]
                answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
                if answer.returncode:
                    found += 1
                    print(answer.stderr.strip())
    if not any(language(path) == COMPLETE for path in catalogues(ROOT)):
        sys.exit(f"There is no catalogue for {COMPLETE}: run make messages.")
    if not gettext:
        print("gettext is missing: whether the code says more than the catalogues was not checked.")
    if found:
        sys.exit(f"{found} to repair in the catalogues: run make messages, then translate.")


main()
