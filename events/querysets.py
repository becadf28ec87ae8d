from django.db.models import Q
from django.utils.timezone import now

from accounts.fields import search_words
from accounts.querysets import PolicyQuerySet


class EventQuerySet(PolicyQuerySet):
    def with_contacts(self):
        """Bring along whom a page about an event names."""
        return self.select_related("support_contact", "contract__client__sales_contact")

    def planned(self):
        return self.filter(status="planned")

    def coming(self):
        """Planned, and not over yet."""
        return self.planned().filter(ends_at__gte=now())

    def live(self):
        """Those that have taken place or are going to."""
        return self.exclude(status="cancelled")

    def without_support(self):
        """Coming, and in nobody's hands: no support contact, or one who is gone or missing."""
        people = self.model._meta.get_field("support_contact").related_model.objects
        nobody = Q(support_contact=None) | Q(support_contact__in=people.missing().values("pk"))
        return self.coming().filter(nobody)

    def over(self):
        """Over, and not completed."""
        return self.planned().filter(ends_at__lt=now())

    def lacking_facts(self):
        return self.coming().filter(Q(venue="") | Q(attendees=None))

    def of_sales(self, user):
        return self.filter(contract__client__sales_contact=user)

    def of_support(self, user):
        return self.filter(support_contact=user)

    def during(self, start, end):
        return self.filter(starts_at__lte=end, ends_at__gte=start)

    def overlapping(self, event):
        """Other planned events that take place while this one does."""
        same_time = Q(starts_at__lt=event.ends_at, ends_at__gt=event.starts_at)
        return self.planned().filter(same_time).exclude(pk=event.pk)

    # --- The views of the list, for a person -------------------------------------------------

    def mine(self, user):
        return self.of_support(user) if user.team == "support" else self.of_sales(user)

    def in_hand(self, user):
        """One's own that are not done with: those that are stand among the past."""
        return self.mine(user).planned()

    def delegated(self, user):
        lent = user.delegated_keys
        return self.filter(
            Q(pk__in=lent["events.event"])
            | Q(contract_id__in=lent["contracts.contract"])
            | Q(contract__client_id__in=lent["clients.client"])
            | Q(support_contact__in=lent["accounts.user"])
            | Q(contract__client__sales_contact__in=lent["accounts.user"])
        )

    def upcoming(self, user):
        return self.coming()

    def unassigned(self, user):
        return self.without_support()

    def to_complete(self, user):
        return self.over()

    def past(self, user):
        return self.filter(ends_at__lt=now())

    def everybodys(self, user):
        return self

    # --- What else is asked --------------------------------------------------------------------

    def matching(self, words):
        """By name, venue, or anything by which the contract or the client is found."""
        for word in search_words(words):
            self = self.filter(
                Q(search_text__contains=word)
                | Q(contract__search_text__contains=word)
                | Q(contract__client__search_text__contains=word)
            )
        return self
