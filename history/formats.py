"""
Dates, amounts and phone numbers as people write them, in French and in British English.

Django's own formats lack the first of the month (1er), the dot of a short weekday and the
position of the euro sign, so they are put into words here, once.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import unescape

from django.utils.dateformat import format as date_format
from django.utils.formats import number_format
from django.utils.html import strip_tags
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import get_language, gettext, ngettext
from phonenumber_field.phonenumber import to_python

NBSP = "\u00a0"


def _french():
    return (get_language() or "fr").startswith("fr")


VOWEL = re.compile(r"[aeiouœæh]", re.IGNORECASE)  # An h is mute, as in first names.


def fitted(phrase, parts):
    """
    A ``%(who)s`` phrase in which French elides “de” before what is put in: l’absence d’Amina.

    ``parts``: by name, texts or HTML.
    """
    text = str(phrase)
    if _french():
        for name, part in parts.items():
            start = unicodedata.normalize("NFD", unescape(strip_tags(str(part))))[:1]
            if VOWEL.match(start):
                text = re.sub(rf"\bde %\({name}\)s", f"d’%({name})s", text)
    return text


def day(value: date, style="short"):
    """
    ``short`` 15 sept. 2026, ``weekday`` sam. 26 sept. 2026, ``long`` mardi 15 septembre 2026;
    ``month`` sept.
    """
    if isinstance(value, datetime):
        value = localtime(value).date()
    if style == "month":
        return _month(value, style)
    text = f"{_number(value)} {_month(value, style)} {value.year}"
    if style == "weekday":
        weekday = date_format(value, "D")
        return f"{weekday.lower()}. {text}" if _french() else f"{weekday} {text}"
    return f"{date_format(value, 'l')} {text}" if style == "long" else text


def _number(value):
    return "1er" if _french() and value.day == 1 else str(value.day)


def _month(value, style):
    if style == "long":
        return date_format(value, "F")
    if _french():
        # sept., nov.: Django's AP style has the French dots, and two months too short.
        return date_format(value, "N").replace("jan.", "janv.").replace("fév.", "févr.")
    return date_format(value, "M").replace("Sep", "Sept")


def month(value: date):
    """septembre 2026"""
    return date_format(value, "F Y")


def time(value: datetime):
    return date_format(localtime(value), "H:i")


def moment(value: datetime, style="alone"):
    """
    A date and time near now in words: Aujourd’hui à 10:24, Hier à 16:42, then the date;
    ``inline`` in a sentence: aujourd’hui à 10:24; ``dated`` for what is read another day.
    """
    if style == "dated":
        return _day_and_time(value)
    if style == "inline":
        text = moment(value)
        return f"{text[0].lower()}{text[1:]}"
    when, today = localtime(value), localdate()
    at = {"time": time(value)}
    if when.date() == today:
        return gettext("Today at %(time)s") % at
    if when.date() == today - timedelta(days=1):
        return gettext("Yesterday at %(time)s") % at
    return _day_and_time(value)


def _day_and_time(value: datetime):
    return gettext("%(date)s at %(time)s") % {"date": day(value), "time": time(value)}


def period(start: datetime, end: datetime, hours=False):
    """
    26 sept. 2026, 19:00 – 23:30, or 3 – 5 nov. 2026; with the ``hours`` of several days:
    3 nov. 2026 à 09:00 – 5 nov. 2026 à 18:00.
    """
    first, last = localtime(start).date(), localtime(end).date()
    if first == last:
        return f"{day(first)}, {time(start)} – {time(end)}"
    if hours:
        first_moment, last_moment = (_day_and_time(m).replace(" ", NBSP) for m in (start, end))
        return f"{first_moment} – {last_moment}"  # A line ends between the two, if it has to.
    return days(first, last)


def days(first: date, last: date):
    """3 – 5 nov. 2026, or 28 sept. 2026 – 4 oct. 2026."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{_number(first)} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def distance(value: date, today: date | None = None):
    """In how many days, or how many days ago: always beside a date, never alone."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    days = (value - (today or localdate())).days
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    if days == -1:
        return gettext("yesterday")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def since(value: date):
    """For how many days."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    days = max((localdate() - value).days, 0)
    if days == 0:
        return gettext("since today")
    return ngettext("for %(days)d day", "for %(days)d days", days) % {"days": days}


def left(end: datetime):
    """Hours and minutes until ``end``: 5 h 20."""
    minutes = max(int((end - now()).total_seconds() // 60), 0)
    return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02d}"


def until(value: datetime):
    """How far off a moment to come is: in 5 h 20, then in how many days."""
    if value - now() < timedelta(days=1):
        return gettext("in %(left)s") % {"left": left(value)}
    return distance(value)


def money(value: Decimal | None, decimals=2):
    """Euros: 12 500,00 € or €12,500.00; figures round to the euro with ``decimals=0``."""
    if value is None:
        return ""
    text = number_format(
        round(Decimal(value), decimals), decimals, use_l10n=True, force_grouping=True
    )
    return f"{text}{NBSP}€" if _french() else f"€{text}"


def phone(value):
    """01 99 00 41 17 at home, +32 2 123 45 67 from abroad; always international in English."""
    number = to_python(value)
    if not number:
        return ""
    if not hasattr(number, "country_code"):
        return str(number)
    return (
        number.as_national if _french() and number.country_code == 33 else number.as_international
    )
