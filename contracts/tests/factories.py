from datetime import timedelta

import factory
from django.utils.timezone import localdate
from factory.django import DjangoModelFactory

from clients.tests.factories import ClientFactory
from contracts.models import Contract


class ContractFactory(DjangoModelFactory):
    client = factory.SubFactory(ClientFactory)
    reference = factory.Sequence("C-2020-{:03d}".format)
    title = "Annual seminar"
    status = "open"
    amount = 1000
    sold_by = factory.LazyAttribute(
        lambda contract: contract.client.sales_contact if contract.status == "signed" else None
    )
    payment_due = factory.LazyFunction(lambda: localdate() + timedelta(days=30))

    class Meta:
        model = Contract
