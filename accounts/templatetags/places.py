from django import template

from accounts.places import way_back

register = template.Library()


@register.simple_tag(takes_context=True)
def list_url(context, name):
    """The list of that name, where the person was in it."""
    return way_back(context["request"], name)
