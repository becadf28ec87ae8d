from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.timezone import localdate, localtime, make_aware, now

from accounts.querysets import PolicyQuerySet

LACKING = Q(venue="") | Q(attendees=None)  # A fact that support needs: see Event.missing.


def coming():
    """Planned, and not over yet."""
    return Q(status="planned", ends_at__gte=now())


def over():
    """Over, and not completed."""
    return Q(status="planned", ends_at__lt=now())


def taking_place(starts_at, ends_at):
    """What takes place in that time; what begins when it is over does not."""
    return Q(starts_at__lt=ends_at, ends_at__gt=starts_at)


def on_days_of(event):
    """What takes place on a day on which the event does, from midnight to midnight."""
    first = localtime(event.starts_at).date()
    last = localtime(event.ends_at - timedelta(seconds=1)).date() + timedelta(days=1)
    midnights = (make_aware(datetime.combine(day, time.min)) for day in (first, last))
    return taking_place(*midnights)


class EventQuerySet(PolicyQuerySet):
    def with_contacts(self):
        """Bring along whom a page about an event names."""
        return self.select_related("support_contact", "contract__client__sales_contact")

    def planned(self):
        return self.filter(status="planned")

    def coming(self):
        return self.filter(coming())

    def live(self):
        """Those that have taken place or are going to."""
        return self.exclude(status="cancelled")

    def uncovered(self, user=None):
        """
        When one is coming, and has no support contact, or one who is gone or missing; ``user``
        reads once who that is.
        """
        people = self.model._meta.get_field("support_contact").related_model.objects
        missing = user.missing_keys if user else people.missing().values("pk")
        return coming() & (Q(support_contact=None) | Q(support_contact__in=missing))

    def without_support(self, user=None):
        return self.filter(self.uncovered(user))

    def over(self):
        return self.filter(over())

    def lacking_facts(self):
        return self.coming().filter(LACKING)

    def of_sales(self, user):
        return self.filter(contract__client__sales_contact=user)

    def of_support(self, user):
        return self.filter(support_contact=user)

    def during(self, starts_at, ends_at):
        return self.filter(taking_place(starts_at, ends_at))

    def overlapping(self, event):
        """Other planned events that take place while this one does."""
        return self.planned().during(event.starts_at, event.ends_at).exclude(pk=event.pk)

    def with_absences(self):
        """Mark with ``is_unattended`` what is planned for days on which its contact is away."""
        people = self.model._meta.get_field("support_contact").related_model
        away = people._meta.get_field("absences").related_model.objects.filter(
            person=OuterRef("support_contact"),
            starts_on__lte=OuterRef("ends_at__date"),
            ends_on__gte=OuterRef("starts_at__date"),
        )
        return self.annotate(is_unattended=Q(status="planned") & Exists(away))

    def beside(self, events):
        """
        What is planned, and in somebody's hands, on the days of these ``events``.

        Marked by the key of the event beside which it is: ``then_<pk>`` at the same time,
        ``that_day_<pk>`` on the same day.
        """
        near, marks = Q(pk__in=[]), {}
        for event in events:
            that_day = on_days_of(event) & ~Q(pk=event.pk)
            near |= that_day
            marks[f"that_day_{event.pk}"] = that_day
            marks[f"then_{event.pk}"] = that_day & taking_place(event.starts_at, event.ends_at)
        return self.planned().filter(near).exclude(support_contact=None).annotate(**marks)

    def with_overlaps(self):
        """Mark with ``is_overlapped`` what is planned while its support contact has another."""
        others = self.model._default_manager.planned().during(
            OuterRef("starts_at"), OuterRef("ends_at")
        )
        others = others.of_support(OuterRef("support_contact")).exclude(pk=OuterRef("pk"))
        return self.annotate(is_overlapped=Q(status="planned") & Exists(others))

    # --- What is to be done by now, of their checklists ---------------------------------------

    def with_points(self):
        """
        Mark with how many open ``points`` of the checklist are due, and ``points_since`` when: of
        its support contact, and what nobody has to do.
        """
        theirs = Q(who=OuterRef("support_contact")) | Q(role="support") | Q(role="", who=None)
        return self._with_points(theirs)

    def with_points_of(self, user):
        """The same of what ``user`` has to do for events that a colleague supports."""
        named = Q(who=user) | Q(role="sales", event__contract__client__sales_contact=user)
        has = self._due_points().filter(who=user).values("event")
        events = self.filter(Q(pk__in=has) | Q(contract__client__sales_contact=user)).coming()
        colleagues = events.exclude(support_contact=None).exclude(support_contact=user)
        return colleagues._with_points(named)

    def _due_points(self):
        items = self.model._meta.get_field("checklist").related_model.objects
        return items.filter(done_at=None, due_on__lte=localdate())

    def _with_points(self, theirs):
        due = self._due_points().filter(theirs, event=OuterRef("pk"))
        number = due.order_by().values("event").annotate(number=Count("pk")).values("number")
        since = due.order_by("due_on").values("due_on")[:1]
        return self.annotate(points=Subquery(number), points_since=Subquery(since))

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
        return self.without_support(user)

    def to_complete(self, user):
        return self.over()

    def past(self, user):
        return self.filter(ends_at__lt=now())

    def everybodys(self, user):
        return self
