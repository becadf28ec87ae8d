"""A refusal in templates: ``{% why_not perm record as reason %}``."""

from django import template

from accounts import reasons

register = template.Library()


@register.simple_tag(takes_context=True)
def why_not(context, perm, record):
    return reasons.why_not(context["request"].user, perm, record)
