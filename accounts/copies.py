"""
Keeps in step what a text copies from the record above: a contract is found by its client's name.

Copied, because no index answers "in this table or in that one".
"""

from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_save


def listen():
    """Connect every model from which another copies."""
    for above, _model, _link, _field in _copies():
        post_save.connect(_saved, sender=above, dispatch_uid=f"copies of {above._meta.label}")


def _saved(sender, instance, created, **kwargs):
    if instance.__dict__.pop("text_changed", False) and not created:  # Nothing is below the new.
        spread(sender, [instance])


@transaction.atomic
def spread(above, records):
    """
    Write anew what is copied from these records, and what is copied from there.

    The rows are held first: an edit that is under way has read the text as it was before.
    """
    by_key = {record.pk: record for record in records}
    for source, model, link, field in _copies():
        if source is not above:
            continue
        stale = []
        rows = model._base_manager.filter(**{f"{link}__in": by_key}).order_by("pk")
        for row in rows.select_for_update(no_key=True):
            setattr(row, link, by_key[getattr(row, f"{link}_id")])
            before = getattr(row, field.attname)
            if field.pre_save(row, add=False) != before:
                stale.append(row)
        if stale:
            model._base_manager.bulk_update(stale, [field.name])
            spread(model, stale)


def _copies():
    """Each model that is copied from, with who copies: model, its link, and the field."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            for name in getattr(field, "of", ()):
                link, dot, _source = name.partition(".")
                if dot:
                    yield model._meta.get_field(link).related_model, model, link, field
