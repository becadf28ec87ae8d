"""To ask for a record one may not touch, and to be answered."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now

from accounts import absences
from accounts.access import Refused, WrongMoment
from accounts.models import AccessRequest, User
from accounts.requests import answerable, ask, decline, grant, may_ask, reaching
from clients.models import Client, ClientDelegation
from events.models import Event
from history.tests.tables import changes, nothing_changes, told

CHANGE, SIGN = "clients.change_client", "contracts.sign_contract"
NEXT_WEEK = timedelta(days=7)


def again(user):
    """The same person on the next request."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def asked(cast, kevin, today):
    """The colleague asks for the owner's prospect."""
    return ask(kevin, CHANGE, by=cast["colleague"], reason="She is away", until=today)


@pytest.fixture
def asking(cast, event, today):
    """Anybody asks for anything."""

    def asking(who, perm, record, **typed):
        typed = {"reason": "To help", "until": today} | typed
        return ask(record, perm, by=again(cast[who]), **typed)

    return asking


def reached(cast):
    return [who for who, user in cast.items() if reaching(again(user)).exists()]


def may_answer(cast):
    return [who for who, user in cast.items() if answerable(again(user)).exists()]


class TestAsk:
    def test_it_works(self, cast, kevin, today):
        with told("ask_access"):
            request = ask(kevin, CHANGE, by=cast["colleague"], reason="Away", until=today)
        assert (request.state, request.record) == ("open", kevin)
        assert changes(kevin) == {"reason": (None, "Away"), "until": (None, str(today))}
        assert not again(cast["colleague"]).has_perm(CHANGE, kevin)

    @pytest.mark.parametrize(
        ("who", "perm", "record"),
        [
            ("support", CHANGE, "client"),  # Support is lent no clients,
            ("support", SIGN, "contract"),  # nor contracts;
            ("other support", "events.cancel_event", "event"),  # a loan does not give them this.
            ("colleague", "clients.assign_client", "client"),  # Nobody is lent what management
            ("colleague", "clients.delegate_client", "client"),  # does, nor to lend on.
            ("management", CHANGE, "client"),
            ("no team", CHANGE, "client"),
            ("leaver", CHANGE, "client"),
        ],
    )
    def test_only_where_a_loan_helps(self, cast, event, contract, asking, who, perm, record):
        on = {"client": contract.client, "contract": contract, "event": event}[record]
        assert not may_ask(cast[who], perm, on)
        with nothing_changes(), pytest.raises(PermissionDenied):
            asking(who, perm, on)

    @pytest.mark.parametrize("who", ["owner", "delegate"])
    def test_not_for_what_one_has(self, kevin, asking, who):
        with nothing_changes(), pytest.raises(ValidationError, match="déjà"):
            asking(who, CHANGE, kevin)

    def test_once_at_a_time(self, asked, kevin, contract, asking):
        with nothing_changes(), pytest.raises(ValidationError, match="déjà demandé"):
            asking("colleague", CHANGE, kevin)
        assert asking("colleague", SIGN, contract)  # Something else.

    def test_the_database_says_so_too(self, asked):
        asked.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            asked.save(force_insert=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessRequest.objects.update(answered_at=now())

    @pytest.mark.parametrize("days", [-1, 61])
    def test_not_for_ever(self, kevin, asking, today, days):
        with nothing_changes(), pytest.raises(ValidationError):
            asking("colleague", CHANGE, kevin, until=today + timedelta(days=days))

    def test_not_without_a_reason(self, kevin, asking):
        with nothing_changes(), pytest.raises(ValidationError):
            asking("colleague", CHANGE, kevin, reason="")


class TestWhomItReaches:
    def test_it_works(self, cast, asked):
        """Whose record it is; management may answer too, without being told."""
        assert reached(cast) == ["owner"]
        assert may_answer(cast) == ["management", "owner"]

    def test_management_when_nobody_is_responsible(self, cast, asked):
        Client.objects.update(sales_contact=None)
        assert reached(cast) == may_answer(cast) == ["management"]

    def test_management_when_the_responsible_person_left(self, cast, asked):
        User.objects.filter(pk=cast["owner"].pk).update(is_active=False)
        assert reached(cast) == ["management"]

    @pytest.mark.parametrize(("days", "who"), [(0, ["management", "owner"]), (1, ["owner"])])
    def test_management_too_when_the_responsible_person_is_away(
        self, cast, asked, today, days, who
    ):
        day = today + timedelta(days=days)
        absences.plan(
            cast["owner"], by=cast["owner"], delegate=cast["delegate"], starts_on=day, ends_on=day
        )
        assert reached(cast) == who

    def test_each_team_lends_within_itself(self, cast, event, asking):
        asking("other support", "events.change_event", event)
        assert reached(cast) == ["support"]
        assert may_answer(cast) == ["management", "support"]
        Event.objects.update(support_contact=None)
        assert reached(cast) == ["management"]

    def test_a_manager_who_sells(self, cast, asked):
        Client.objects.update(sales_contact=cast["management"])
        assert reached(cast) == ["management"]

    def test_it_goes_with_the_record(self, cast, kevin, asking):
        asking("colleague", CHANGE, kevin)
        Client.objects.update(sales_contact=cast["delegate"])
        assert reached(cast) == ["delegate"]

    def test_nobody_when_who_asked_left(self, cast, asked):
        User.objects.filter(pk=cast["colleague"].pk).update(is_active=False)
        assert reached(cast) == may_answer(cast) == []

    def test_nobody_once_it_is_answered(self, cast, asked, today):
        grant(asked, by=cast["owner"], until=today)
        assert reached(cast) == may_answer(cast) == []


class TestGrant:
    @pytest.mark.parametrize("who", ["owner", "management"])
    def test_it_works(self, cast, asked, kevin, today, who):
        with told("delegate"):
            loan = grant(asked, by=cast[who], until=today + NEXT_WEEK)
        assert (loan.until, loan.granted_by) == (today + NEXT_WEEK, cast[who])
        assert again(cast["colleague"]).has_perm(CHANGE, kevin)
        asked.refresh_from_db()
        assert (asked.state, asked.answered_by) == ("granted", cast[who])
        assert asked.until == today + NEXT_WEEK

    def test_what_else_was_asked_of_the_record_is_granted_with_it(
        self, cast, asked, kevin, contract, asking, today
    ):
        asking("colleague", "clients.note_client", kevin)
        other = asking("colleague", SIGN, contract)
        grant(asked, by=cast["owner"], until=today)
        assert AccessRequest.objects.get(state="open") == other

    @pytest.mark.parametrize("who", ["colleague", "delegate", "support", "no team", "leaver"])
    def test_nobody_else(self, cast, asked, today, who):
        with nothing_changes(), pytest.raises(PermissionDenied):
            grant(asked, by=cast[who], until=today)
        with nothing_changes(), pytest.raises(PermissionDenied):
            decline(asked, by=cast[who], reason="No")

    def test_sales_does_not_lend_to_support(self, cast, event, asking, today):
        asked = asking("other support", "events.change_event", event)
        with nothing_changes(), pytest.raises(Refused):
            grant(asked, by=cast["owner"], until=today)
        with nothing_changes(), pytest.raises(Refused):
            decline(asked, by=cast["owner"], reason="No")

    @pytest.mark.parametrize("days", [-1, 61])
    def test_not_for_ever(self, cast, asked, today, days):
        with nothing_changes(), pytest.raises(ValidationError):
            grant(asked, by=cast["owner"], until=today + timedelta(days=days))

    def test_not_twice(self, cast, asked, today):
        decline(asked, by=cast["management"], reason="No need")
        with nothing_changes(), pytest.raises(WrongMoment) as refusal:
            grant(asked, by=cast["owner"], until=today)
        assert refusal.value.entry.verb == "decline_access"

    def test_not_once_the_record_is_gone(self, cast, asked, kevin, today):
        Client.objects.filter(pk=kevin.pk).delete()
        with nothing_changes(), pytest.raises(ValidationError):
            grant(AccessRequest.objects.get(), by=cast["management"], until=today)


class TestDecline:
    def test_it_works(self, cast, asked, kevin):
        with told("decline_access"):
            decline(asked, by=cast["owner"], reason="I am back")
        asked.refresh_from_db()
        assert (asked.state, asked.answered_by) == ("declined", cast["owner"])
        assert changes(kevin)["reason"] == (None, "I am back")
        assert not again(cast["colleague"]).has_perm(CHANGE, kevin)

    def test_not_without_a_word(self, cast, asked):
        with nothing_changes(), pytest.raises(ValidationError):
            decline(asked, by=cast["owner"], reason=" ")

    def test_one_may_ask_again(self, cast, asked, kevin, asking):
        decline(asked, by=cast["owner"], reason="Not now")
        assert asking("colleague", CHANGE, kevin).state == "open"


class TestPages:
    @pytest.fixture
    def visit(self, browser, cast):
        def visit(who, page, **posted):
            browser.force_login(cast[who])
            return browser.post(page, posted) if posted else browser.get(page)

        return visit

    def test_from_the_refusal_to_the_loan(self, visit, cast, kevin, today):
        page = reverse("access_ask", args=[CHANGE, kevin.pk])
        for refusal in (reverse("clients:update", args=[kevin.pk]), kevin.get_absolute_url()):
            assert f'href="{page}"' in visit("colleague", refusal).text
        form = visit("colleague", page)
        assert "Olivia Owner" in form.text
        assert "to edit it" in form.text
        sent = visit("colleague", page, reason="She is away", until=today)
        assert sent.headers["Location"] == kevin.get_absolute_url()

        home = visit("owner", "/").text
        assert "1 access request waits for your answer" in home
        assert "waits for your answer" not in visit("management", "/").text
        request = AccessRequest.objects.get()
        answer = reverse("access_grant", args=[request.pk])
        waiting = visit("owner", reverse("access")).text
        assert "She is away" in waiting
        assert f'href="{answer}"' in waiting
        assert f'value="{today.isoformat()}"' in visit("owner", answer).text
        assert visit("owner", answer, until=today).status_code == 302
        granted = "Cool Startup is delegated to Colin Colleague."
        assert granted in visit("owner", reverse("access")).text

        assert visit("colleague", reverse("clients:update", args=[kevin.pk])).status_code == 200
        assert "Granted" in visit("colleague", reverse("access")).text
        assert visit("management", answer, until=today).status_code == 409

    def test_declined(self, visit, asked):
        page = reverse("access_decline", args=[asked.pk])
        assert visit("owner", page).status_code == 200
        assert visit("owner", page, reason="").status_code == 422
        assert visit("owner", page, reason="I am back").status_code == 302
        assert "Declined" in visit("colleague", reverse("access")).text
        assert visit("management", page).status_code == 409

    @pytest.mark.parametrize("who", ["support", "owner"])
    def test_not_offered_where_a_loan_would_not_help(self, visit, kevin, who):
        page = reverse("clients:delete", args=[kevin.pk])
        assert "Ask for access" not in visit(who, page).text
        assert "Ask for access" not in visit("support", kevin.get_absolute_url()).text

    def test_a_record_at_the_wrong_moment_is_not_to_be_asked_for(self, visit, event):
        """It is the owner's: what forbids it is what has become of it."""
        Event.objects.update(status="cancelled")
        page = visit("owner", event.get_absolute_url()).text
        assert "This event is cancelled. Management can reopen it." in page
        assert "Ask for access" not in page
        assert "Mona Manager" in page

    @pytest.mark.parametrize(
        "page", ["clients.change_client/999", "clients.sing_client/1", "accounts.view_user/1"]
    )
    def test_what_is_not_there(self, visit, kevin, page):
        assert visit("colleague", f"/access/ask/{page}/").status_code == 404

    def test_a_deleted_record_is_not_shown(self, visit, asked, kevin):
        Client.objects.filter(pk=kevin.pk).delete()
        for who in ("owner", "colleague", "management"):
            assert "She is away" not in visit(who, reverse("access")).text
        assert visit("management", reverse("access_grant", args=[asked.pk])).status_code == 404

    def test_what_is_typed_is_kept(self, visit, kevin):
        page = reverse("access_ask", args=[CHANGE, kevin.pk])
        response = visit("colleague", page, reason="She is away", until="2000-01-01")
        assert response.status_code == 422
        assert "She is away" in response.text


@pytest.mark.postgresql
class TestAtOnce:
    """Fifty times each, in one test: what a round left is taken away again."""

    @pytest.fixture
    def rounds(self, transactional_db, cast, kevin):
        """Each begins without request, and without what the last one lent."""

        def rounds():
            for _round in range(50):
                AccessRequest.objects.all().delete()
                ClientDelegation.objects.filter(user=cast["colleague"]).delete()
                yield again(cast["colleague"])

        return rounds

    def test_asked_twice_it_is_one_request(self, rounds, at_once, kevin, today):
        for colleague in rounds():
            deed = partial(ask, kevin, CHANGE, by=colleague, reason="Away", until=today)
            refusals = [result for result in at_once(deed, deed) if isinstance(result, Exception)]
            assert [type(refusal) for refusal in refusals] == [ValidationError]
            assert AccessRequest.objects.count() == 1

    def test_granted_and_declined_it_is_one_of_them(self, rounds, at_once, cast, kevin, today):
        for colleague in rounds():
            asked = ask(kevin, CHANGE, by=colleague, reason="Away", until=today)
            results = at_once(
                partial(grant, asked, by=cast["owner"], until=today),
                partial(decline, asked, by=cast["management"], reason="No need"),
            )
            assert [type(r) for r in results if isinstance(r, Exception)] == [WrongMoment]
            granted = AccessRequest.objects.get().state == "granted"
            assert again(colleague).has_perm(CHANGE, kevin) is granted
