"""
Is there a key, a token or a password in a file that git keeps? Asked by ``make lint``.

    check_secrets.py          every file that git has or would add
    check_secrets.py FILE…    these files

What is found is named by file and line and not shown: this is written into logs. A line that holds
no secret and looks like one ends in ``no secret:`` and why.
"""

import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.txt", "requirements-dev.txt"}  # Hashes of packages, thousands.
LONG = 1_000_000  # Bytes; nobody types that.
EXCUSED = re.compile(r"no secret: \w+")

KINDS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----",
    "a seed of codes": r"\botpauth://\S*[?&]secret=[A-Z2-7]{16,}",
    "a key of AWS": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{50,})",
    "a token of GitLab": r"\bglpat-[\w-]{20,}",
    "a token of Slack": r"\bxox[abprs]-[\w-]{10,}",
    "a key of Google": r"\bAIza[\w-]{35}\b",
    "a key of Stripe": r"\b[sr]k_live_\w{20,}",
    "a signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
}
KNOWN = [(kind, re.compile(pattern)) for kind, pattern in KINDS.items()]
PASSWORD_IN_URL = re.compile(r"\b[a-z][a-z0-9+]*://[^\s/:@'\"<>]*:([^\s/@'\"<>]+)@")
# What documents and tests write there; {…} and $… are filled in elsewhere.
PLACEHOLDER = re.compile(r"password|sesame|s?mtp|…|\.\.\.|[{$].*|p(%40|%2F|@|/)ss", re.IGNORECASE)
GIVEN = re.compile(
    r"(?:secret|token|api_?key|passwd|password|_key)[\"']?\s*[:=]+\s*[\"']?([\w+/=.!@#$%^&*()-]{20,})",
    re.IGNORECASE,
)
# Bits a character. Words of a language and names of settings have less, keys at random have more.
RANDOM = 3.9
# Of sixteen characters no text has four bits a character: so long, with both kinds, it is a key.
HEXADECIMAL = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{32,}", re.IGNORECASE)
CODE = re.compile(r"[a-z_][\w.]*[(\[]", re.IGNORECASE)


def entropy(text):
    parts = [number / len(text) for number in Counter(text).values()]
    return -sum(part * math.log2(part) for part in parts)


def is_random(text):
    """As keys are: no words between dots and dashes, letters and digits mixed, none often."""
    mixed = re.search(r"[0-9]", text) and re.search(r"[a-zA-Z]", text)
    return bool(mixed) and entropy(text) > RANDOM


def secrets(line):
    if EXCUSED.search(line):
        return
    for kind, pattern in KNOWN:
        if pattern.search(line):
            yield kind
    for match in PASSWORD_IN_URL.finditer(line):
        if not PLACEHOLDER.fullmatch(match[1]):
            yield "a password in an address"
    for match in GIVEN.finditer(line):
        plain = HEXADECIMAL.fullmatch(match[1])
        if plain or (is_random(match[1]) and not CODE.match(match[1])):
            yield "a value that looks like a key"


def tracked():
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in files.split("\0") if name and Path(name).name not in LOCKS]


def main(paths):
    found = 0
    for path in paths:
        if not path.is_file() or path.stat().st_size > LONG:
            continue
        text = path.read_bytes().decode(errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            for kind in secrets(line):
                print(f"{path}:{number}: {kind}")
                found += 1
    if found:
        sys.exit(f"{found} secrets: take them out, and replace them where they open something.")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or tracked())
