"""Shows in a text what was sought."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.fields import plain

register = template.Library()

DIGITS = re.compile(r"\+?\d{4,}", re.ASCII)


@register.filter
def marked(text, words):
    """The text with every one of the plain words marked, whatever its accents and spaces."""
    text = str(text)
    letters = [
        (letter, at) for at, character in enumerate(text) for letter in plain(character) or " "
    ]
    digits = [(letter, at) for letter, at in letters if letter.isdigit() or letter == "+"]
    inside = set()
    for word in words or ():
        for among in (letters, digits) if DIGITS.fullmatch(word) else (letters,):
            inside.update(_places(word, among))
    return format_html_join("", "{}", ((part,) for part in _parts(text, inside)))


def _places(word, letters):
    """Where in the text the word stands, given its plain letters and where each comes from."""
    whole = "".join(letter for letter, _at in letters)
    for match in re.finditer(re.escape(word), whole):
        yield from range(letters[match.start()][1], letters[match.end() - 1][1] + 1)


def _parts(text, inside) -> list[str | SafeString]:
    parts, start = [], 0
    for at in range(1, len(text) + 1):
        if at == len(text) or (at in inside) != (start in inside):
            part = text[start:at]
            parts.append(format_html("<mark>{}</mark>", part) if start in inside else part)
            start = at
    return parts
