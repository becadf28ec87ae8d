from datetime import timedelta

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.timezone import localdate, now

from accounts.nearness import by_index, can_resemble, near_words, nearest
from accounts.querysets import PolicyQuerySet
from history.models import Channel, Note

SILENT = timedelta(days=90)  # That no word was exchanged, before it is called long.

# The contract that a client's page tells of first: the lower, the more pressing.
URGENCY = Case(
    When(Q(status="signed", event=None), then=Value(0)),
    When(Q(event__status="planned", event__support_contact=None), then=Value(1)),
    When(status="open", then=Value(2)),
    When(event__status="planned", then=Value(3)),
    When(status="signed", then=Value(4)),
    default=Value(5),
)


class ClientQuerySet(PolicyQuerySet):
    def current(self):
        return self.filter(archived_at=None)

    # --- The views of the list, for a person ---------------------------------------------------

    def mine(self, user):
        """Those in one's hands; for support, those whose events are."""
        if user.team == "support":
            served = self.model.objects.filter(contracts__event__support_contact=user)
            return self.current().filter(pk__in=served.values("pk"))
        return self.current().filter(sales_contact=user)

    def delegated(self, user):
        """Lent to a person, or in the hands of somebody in whose place they stand."""
        lent = user.delegated_keys
        here, away = lent["clients.client"], lent["accounts.user"]
        return self.current().filter(Q(pk__in=here) | Q(sales_contact__in=away))

    def prospects(self, user):
        return self.current().filter(stage="prospect")

    def everybodys(self, user):
        return self.current()

    def ever(self, user):
        """Archived ones too."""
        return self

    def silent(self, user):
        """Whom nobody has talked to for long."""
        notes = Note.objects.exclude(channel=Channel.NOTE)
        since = localdate() - SILENT
        lately = notes.filter(entry__client_id=OuterRef("pk"), happened_on__gt=since)
        return self.current().filter(~Exists(lately), created_at__date__lte=since)

    def with_last_talk(self):
        """Bring the day of the last exchange, ``talked_on``: None if there was none."""
        talks = Note.objects.exclude(channel=Channel.NOTE).filter(entry__client_id=OuterRef("pk"))
        last = talks.order_by("-happened_on").values("happened_on")[:1]
        return self.annotate(talked_on=Subquery(last))

    def orphaned(self, user=None):
        """
        When one has no sales contact, or one who is gone, or away and not replaced; ``user`` reads
        once who that is.
        """
        people = self.model._meta.get_field("sales_contact").related_model.objects
        missing = user.missing_keys if user else people.missing().values("pk")
        nobody = Q(sales_contact=None) | Q(sales_contact__in=missing)
        return Q(archived_at=None) & nobody

    def unassigned(self, user=None):
        return self.filter(self.orphaned(user))

    def archived(self, user):
        return self.exclude(archived_at=None)

    # --- What else is asked ---------------------------------------------------------------------

    def like(self, traits):
        """
        Those that may be the same company: of that name in any spelling, with that address or
        one of those numbers. Archived ones too.
        """
        either = Q(pk__in=[])
        if traits.name:
            either |= Q(name_key=traits.name)
        if traits.email:
            either |= Q(Exact(Lower("email"), Value(traits.email)))
        if traits.numbers:
            either |= Q(phone__in=traits.numbers) | Q(mobile__in=traits.numbers)
        return self.filter(either)

    def named_nearly(self, traits):
        """
        Those whose company name is that but for a slip, the nearest first.

        The name is looked for as a whole: each of its words may be in the names of thousands.
        """
        words = near_words(traits.words)
        if not words or not can_resemble(self.db):
            return []
        with by_index(self.db):
            near = nearest(self.filter(search_text__resembles=[traits.words]), words, whole=True)
        return [client for client in near if traits.is_near(client)]

    def with_next_event(self):
        """How many contracts are open, and when the next event is: asked of the rows shown only."""
        contracts = self.model._meta.get_field("contracts").related_model.objects
        theirs = contracts.filter(client=OuterRef("pk")).order_by()
        opened = theirs.filter(status="open").values("client").annotate(number=Count("pk"))
        coming = theirs.filter(event__status="planned", event__ends_at__gte=now())
        return self.annotate(
            open_contracts=Subquery(opened.values("number")),
            next_event=Subquery(coming.order_by("event__starts_at").values("event__starts_at")[:1]),
        )

    def with_unfinished(self):
        """
        Bring how much is still in work with each: ``open_contracts``, ``planned_events``, and
        signed contracts that are ``eventless``.
        """
        contracts = self.model._meta.get_field("contracts").related_model.objects
        theirs = contracts.filter(client=OuterRef("pk")).order_by()

        def number(**which):
            each = theirs.filter(**which).values("client").annotate(number=Count("pk"))
            return Subquery(each.values("number"))

        return self.annotate(
            open_contracts=number(status="open"),
            planned_events=number(event__status="planned"),
            eventless=number(status="signed", event=None),
        )

    def with_contracts(self, user):
        """
        Bring contracts and their events, each with what comes next and what ``user`` may do;
        pressing ones first.
        """
        contracts = self.model._meta.get_field("contracts").related_model.objects
        offered = (
            contracts.visible_to(user)
            .with_rights(user, "sign", "create_event")
            .with_steps()
            .with_event(user)
            .annotate(urgency=URGENCY)
            .order_by("urgency", "-pk")
        )
        return self.prefetch_related(Prefetch("contracts", offered))
