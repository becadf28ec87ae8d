"""The pages of the admin site that do something with an account."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from history.models import Entry

from . import invitations, mail, people, throttle
from .access import permission, require
from .fields import PhoneFormField
from .forms import MAIL_WANTED, OnceForm, PlainForm
from .hand_over import HandOverForm, TeamForm
from .models import Team, User
from .portfolio import portfolio
from .timelines import timeline
from .views import VerbView, creating
from .workflow import add_user

PAGE = ["GET", "HEAD", "POST"]


def accounts():
    """The people a manager looks after, with team, second factor and how much each holds."""
    return User.objects.employees().with_team().with_factor().with_holdings()


def found(request, pk, action):
    """The account on which ``action`` is done; raise Http404, Refused or WrongMoment."""
    person = get_object_or_404(accounts(), pk=pk)
    require(request.user, permission(User, action), person)
    return person


class PersonForm(PlainForm):
    """
    Who somebody is. The page carries what it showed: what another manager changed meanwhile is
    not put back.
    """

    groups = ((None, [("first_name", "last_name"), "email", "phone"]),)
    first_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=150,
        show_hidden_initial=True,
        error_messages={"required": gettext_lazy("Enter the first name.")},
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=150,
        show_hidden_initial=True,
        error_messages={"required": gettext_lazy("Enter the last name.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The address to sign in with."),
        max_length=254,
        show_hidden_initial=True,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter the e-mail address."),
            "invalid": MAIL_WANTED,
        },
    )
    phone = PhoneFormField(label=gettext_lazy("Phone"), required=False, show_hidden_initial=True)

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class NewPersonForm(OnceForm, PersonForm):
    groups = ((None, [("first_name", "last_name"), "email", "phone", "team"]),)
    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        choices=Team,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the team.")},
    )


def _link_page(person):
    return reverse("admin:accounts_user_invitation", args=[person.pk])


@require_http_methods(PAGE)
@creating(NewPersonForm, _link_page)
def add(request):
    """Create an account; the next page shows the link with which a password is chosen."""
    require(request.user, "accounts.create_user")
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        try:
            person = form.once(add_user, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Account created."))
            return _show_once(request, person)
    status = 422 if form.is_bound else 200
    return render(request, "admin/accounts/user/add.html", {"form": form}, status=status)


@require_http_methods(PAGE)
def change(request, pk):
    """Who somebody is, and the way to everything else that is done with the account."""
    person = found(request, pk, "change")
    shown = ("first_name", "last_name", "email", "phone")
    form = PersonForm(request.POST or None, initial={name: getattr(person, name) for name in shown})
    if form.is_valid():
        typed = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            people.change_user(person, by=request.user, **typed)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect(_page(person))
    context = {
        "form": form,
        "person": person,
        "blocked_until": throttle.blocked_until(person.email),
        "holdings": _holdings(person),
        "story": timeline(request, Entry.objects.about(person), [person]),
        "is_oneself": person == request.user,
    }
    status = 422 if form.is_bound else 200
    return render(request, "admin/accounts/user/change.html", context, status=status)


@require_http_methods(PAGE)
def invitation(request, pk):
    """Ask whether to make a link, or show the one just made: once."""
    person = found(request, pk, "invite")
    if settings.DEMO and person.has_usable_password():
        return render(request, "account/not_in_demo.html", status=403)
    if request.method == "POST":
        return _show_once(request, person)
    made = request.session.pop("invitation", {})
    context: dict = {"person": person}
    if made.get("person") == person.pk and person.invited_at:  # It was not used meanwhile.
        context |= {
            "url": invitations.shown(made["url"]),
            "mailed": made["mailed"],
            "until": person.invited_at + invitations.GOOD_FOR,
        }
    return render(request, "admin/accounts/user/invitation.html", context)


def _show_once(request, person):
    """Make a link. It goes to the next page in the session, which forgets it there."""
    address = reverse(
        "account_invitation", args=[person.pk, invitations.invite(person, by=request.user)]
    )
    url = request.build_absolute_uri(address)  # For this manager, who is here.
    mailed = invitations.mail(person, mail.full_address(address))
    made = {"person": person.pk, "url": invitations.hide(url), "mailed": mailed}
    request.session["invitation"] = made
    return redirect(_link_page(person))


@require_POST
def unblock(request, pk):
    person = found(request, pk, "manage")
    if people.unblock(person, by=request.user):
        said = _("%(person)s can sign in again at once.")
        messages.success(request, said % {"person": person})
    else:
        messages.info(request, _("Sign-in was not blocked any more."))
    from_team = "from_team" in request.POST
    return redirect("dashboard:person", person.pk) if from_team else redirect(_page(person))


class PersonView(VerbView):
    """A deed on an account, asked on a page of its own."""

    @cached_property
    def record(self):
        return found(self.request, self.kwargs["pk"], self.action)

    def get_context_data(self, **kwargs):
        person = self.record
        return super().get_context_data(person=person, cancel_url=_page(person), **kwargs)

    def next_page(self, result):
        return _page(self.record)


class LeavingView(PersonView):
    """A deed before which everything goes to colleagues."""

    form_class: type = HandOverForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"person": self.record}

    def do(self, form):
        return type(self).verb(self.record, by=self.request.user, **form.heirs())


class Move(LeavingView):
    action = "move"
    form_class = TeamForm
    template_name = "admin/accounts/user/team.html"
    message = gettext_lazy("The team of %(record)s is changed.")

    def do(self, form):
        team = form.cleaned_data["team"]
        return people.set_team(self.record, by=self.request.user, team=team, **form.heirs())


class Deactivate(LeavingView):
    action = "deactivate"
    verb = people.deactivate
    template_name = "admin/accounts/user/deactivate.html"
    message = gettext_lazy("The account of %(record)s is closed.")


class Reactivate(PersonView):
    action = "reactivate"
    verb = people.reactivate
    template_name = "admin/accounts/user/reactivate.html"
    message = gettext_lazy("The account of %(record)s is open again.")


class SignOut(PersonView):
    action = "sign_out"
    verb = people.sign_out
    template_name = "admin/accounts/user/sign_out.html"
    message = gettext_lazy("The sessions of %(record)s have ended.")


class Delete(LeavingView):
    action = "delete"
    verb = people.delete_user
    template_name = "admin/accounts/user/delete.html"
    message = gettext_lazy("The account of %(record)s is deleted.")

    def next_page(self, result):
        return "admin:accounts_user_changelist"


def _page(person):
    return reverse("admin:accounts_user_change", args=[person.pk])


def _holdings(person):
    return [(holding.label, getattr(person, f"{name}_held")) for name, holding in portfolio.items()]
