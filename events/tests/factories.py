from datetime import timedelta

import factory
from django.utils.timezone import localdate, now
from factory.django import DjangoModelFactory

from contracts.tests.factories import ContractFactory
from events.models import ChecklistItem, Event, TemplateItem


class EventFactory(DjangoModelFactory):
    """A planned event in a month, of a contract that is signed."""

    contract = factory.SubFactory(
        ContractFactory, status="signed", signed_on=factory.LazyFunction(localdate)
    )
    name = "Annual seminar"
    starts_at = factory.LazyFunction(lambda: now() + timedelta(days=30))
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + timedelta(hours=8))

    class Meta:
        model = Event


class ItemFactory(DjangoModelFactory):
    what = "Book the caterer"
    due_on = factory.LazyFunction(localdate)

    class Meta:
        model = ChecklistItem


class PointFactory(DjangoModelFactory):
    what = "Visit the venue"
    days_before = 14

    class Meta:
        model = TemplateItem
