"""The formats of ``history.formats`` for templates."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from history import formats

register = template.Library()


def _unless_empty(function):
    def apply(value, style=None):
        if value in (None, ""):
            return ""
        return function(value) if style is None else function(value, style)

    return apply


register.filter("ee_date", _unless_empty(formats.day))
register.filter("ee_month", _unless_empty(formats.month))
register.filter("ee_time", _unless_empty(formats.time))
register.filter("ee_datetime", _unless_empty(formats.moment))
register.filter("ee_distance", _unless_empty(formats.distance))
register.filter("ee_since", _unless_empty(formats.since))
register.filter("ee_left", _unless_empty(formats.left))
register.filter("ee_until", _unless_empty(formats.until))
register.filter("ee_money", _unless_empty(formats.money))
register.filter("ee_phone", _unless_empty(formats.phone))


@register.simple_tag
def ee_period(start, end, hours=False):
    return formats.period(start, end, hours)


@register.filter
def initials(person):
    """Two letters for the disc that stands for a person."""
    return f"{person.first_name[:1]}{person.last_name[:1]}".upper() or person.email[:1].upper()


@register.simple_tag
@cache
def icon(name):
    """One of Bootstrap's icons, as large as the text beside it, and silent: the text speaks."""
    svg = render_to_string(f"bs_icon/{name}.svg").replace("\n", "").replace('height="16" ', "")
    # Safe: a file of the icon package, in which nothing of ours is filled in.
    return mark_safe(  # noqa: S308  # nosec B308 B703
        svg.replace("<svg ", '<svg aria-hidden="true" ').replace('class="bi', 'class="i bi')
    )
