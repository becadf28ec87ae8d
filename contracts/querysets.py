from django.db.models import Case, Count, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import JSONObject

from accounts.querysets import PolicyQuerySet

WITHOUT_EVENT = Q(status="signed", event=None)
# Nothing that has taken place or is going to hangs on the contract.
WITHOUT_LIVE_EVENT = Q(event=None) | Q(event__status="cancelled")


class ContractQuerySet(PolicyQuerySet):
    def open(self):
        return self.filter(status="open")

    def signed(self):
        return self.filter(status="signed")

    def without_event(self):
        return self.filter(WITHOUT_EVENT)

    def of_sales(self, user):
        return self.filter(client__sales_contact=user)

    # --- The views of the list, for a person -------------------------------------------------

    def mine(self, user):
        if user.team == "support":
            return self.filter(event__support_contact=user)
        return self.of_sales(user)

    def delegated(self, user):
        lent = user.delegated_keys
        here, above = lent["contracts.contract"], lent["clients.client"]
        away = Q(client__sales_contact__in=lent["accounts.user"])
        return self.filter(Q(pk__in=here) | Q(client_id__in=above) | away)

    def opened(self, user):
        return self.open()

    def agreed(self, user):
        return self.signed()

    def eventless(self, user):
        return self.without_event()

    def everybodys(self, user):
        return self

    # --- What else is asked --------------------------------------------------------------------

    def with_event(self, user):
        """Bring the event, and what comes next for it in the same query: its ``event_marks``."""
        events = self.model._meta.get_field("event").related_model.objects
        rights = ("assign", "change", "complete")
        marked = events.with_rights(user, *rights).with_steps().filter(contract=OuterRef("pk"))
        # A case each: JSON holds no condition that is known to be false before the query.
        may = {
            f"may_{r}": Case(When(**{f"may_{r}": True}, then=True), default=False) for r in rights
        }
        marks = JSONObject(
            step="step", urgent="urgent", orphaned="orphaned", points="points", **may
        )
        told = marked.order_by().values(marks=marks)
        return self.select_related("event__support_contact").annotate(event_marks=Subquery(told))

    def standing(self, since):
        """How many are open, how many were signed since that day, each with its total."""
        opened, signed = Q(status="open"), Q(status="signed", signed_on__gte=since)
        either = self.order_by().filter(opened | signed)
        return either.aggregate(
            open=Count("pk", filter=opened),
            open_total=Sum("amount", filter=opened, default=0),
            signed=Count("pk", filter=signed),
            signed_total=Sum("amount", filter=signed, default=0),
        )
