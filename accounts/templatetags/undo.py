import json

from django import template

register = template.Library()


@register.filter
def undo_of(message):
    """What undoes the deed that a message tells of, if that is done with a click."""
    return json.loads(message.extra_tags) if message.extra_tags else None
