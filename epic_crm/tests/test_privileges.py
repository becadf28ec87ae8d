"""
What would make somebody more than they are, posted by everybody, on themselves and on others, in
the admin site and outside: nobody gets it that way.
"""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from epic_crm.tests.test_doors import DOORS, WHO, arguments, posted

ADMIN = ("add", "change", "team", "deactivate", "reactivate", "delete", "invitation", "sign_out")
PLAIN = [who for who in WHO if who not in ("management", "leaver", None)]


def crown(person):
    """Every field that gives rights, under the names that forms and the admin give them."""
    return {
        "is_superuser": "on", "is_staff": "on", "is_active": "on", "password": "x" * 20,
        "password1": "x" * 20, "password2": "x" * 20,
        "groups": Group.objects.get(name="management").pk,
        "user_permissions": [permission.pk for permission in Permission.objects.all()[:3]],
        "team": "management", "email": "crowned@agency.example", "last_login": "2026-01-01",
        "pk": person.pk, "id": person.pk, "user": person.pk, "_save": "1",
        "action": "delete_selected", "_selected_action": person.pk, "index": "0",
        "invited_at": "2026-01-01",
    }  # fmt: skip


def powers():
    """What everybody is, by key."""
    return {
        user.pk: (
            user.is_superuser, user.is_staff, user.is_active, user.email, user.password,
            user.invited_at, sorted(user.groups.values_list("name", flat=True)),
            user.user_permissions.count(),
        )
        for user in User.objects.all()
    }  # fmt: skip


@pytest.fixture
def root(db):
    return UserFactory(is_superuser=True, is_staff=True, first_name="Root")


@pytest.mark.parametrize("who", PLAIN)
@pytest.mark.parametrize("on", ["oneself", "owner", "management", "leaver", "root"])
def test_nobody_else_in_the_admin_site(browser, cast, root, who, on):
    person = {"oneself": cast[who], "root": root}.get(on) or cast[on]
    browser.force_login(cast[who])
    before = powers()
    for name in ADMIN:
        args = [] if name == "add" else [person.pk]
        response = browser.post(reverse(f"admin:accounts_user_{name}", args=args), crown(person))
        assert response.status_code == 403
    assert browser.post(reverse("admin:accounts_user_changelist"), crown(person)).status_code == 403
    assert powers() == before


@pytest.mark.parametrize("on", ["owner", "no team", "leaver", "root", "oneself"])
def test_a_manager_in_the_admin_site(browser, cast, root, on):
    """The pages that correct an account and that make one give none of it."""
    manager = cast["management"]
    person = {"oneself": manager, "root": root}.get(on) or cast[on]
    browser.force_login(manager)
    before = powers()
    typed = crown(person) | {"first_name": "New", "last_name": "Name"}
    browser.post(reverse("admin:accounts_user_change", args=[person.pk]), typed | {
        f"initial-{name}": "" for name in ("first_name", "last_name", "email", "phone")
    })  # fmt: skip
    browser.post(reverse("admin:accounts_user_changelist"), typed)
    after = powers()
    address = after[person.pk][3]
    assert {**after, person.pk: None} == {**before, person.pk: None}
    assert after[person.pk] == (*before[person.pk][:3], address, *before[person.pk][4:])
    assert (address == "crowned@agency.example") is (on != "root")


def test_a_manager_makes_no_superuser(browser, cast):
    browser.force_login(cast["management"])
    typed = crown(cast["management"]) | {"first_name": "New", "last_name": "Name", "phone": ""}
    assert browser.post(reverse("admin:accounts_user_add"), typed).status_code == 302
    made = User.objects.with_team().get(email="crowned@agency.example")
    assert (made.is_superuser, made.is_staff, made.team) == (False, False, "management")
    assert (made.has_usable_password(), made.user_permissions.count()) == (False, 0)


@pytest.mark.parametrize("page", ["team", "deactivate", "delete"])
def test_a_manager_on_themselves(browser, cast, page):
    UserFactory(team="management")
    browser.force_login(cast["management"])
    before = powers()
    address = reverse(f"admin:accounts_user_{page}", args=[cast["management"].pk])
    assert browser.post(address, {"team": "sales"}).status_code == 403
    assert powers() == before


OUTSIDE = [
    door.split()[1]
    for door in DOORS
    if door.startswith("POST ") and not door.split()[1].startswith(("admin:", "account_login"))
]


@pytest.mark.parametrize("who", ["management", "owner", "support", "no team"])
def test_outside_it(browser, cast, world, who):
    """Together with what each page itself wants, so that it is done where that is allowed."""
    before = powers()
    for page in OUTSIDE:
        address = reverse(page, args=arguments(DOORS[f"POST {page}"][0], world))
        with transaction.atomic():
            browser.force_login(cast[who])
            browser.post(address, crown(cast[who]) | posted(page, cast, who))
            assert powers() == before, page
            transaction.set_rollback(True)
