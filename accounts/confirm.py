"""
Before what is sensitive one is asked again who one is: a screen may stand open.

The password, or a second factor, does. Before what opens accounts - one's own factors, and the
administration of others' - both do, for whoever has both: whoever took a session has stolen one of
them at most.
"""

from functools import wraps
from time import time

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from . import entrance, factors, throttle
from .access import NONE, scope
from .forms import PlainForm
from .passkeys import CredentialField

PREFIX = "confirm"


class ConfirmForm(PlainForm):
    """The password, a code, or a passkey; ``fully``: the password, and one of the other two."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Or a code of your app, or a recovery code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    credential = CredentialField(required=False)

    def __init__(self, *args, request, fully, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.fully = request, fully and request.user.has_factor
        for field in self.fields.values():
            field.answered = True  # One of them is.
        if not request.user.has_factor:
            del self.fields["code"], self.fields["credential"]
        elif self.fully:
            self.fields["code"].label = _("Code of your app, or a recovery code")

    def clean(self):
        typed = super().clean()
        password = typed.get("password")
        factor = {name: typed.get(name) for name in ("code", "credential")}
        if not password and (self.fully or not any(factor.values())):
            raise ValidationError({"password": _("Enter your password.")})
        if self.fully and not any(factor.values()):
            raise ValidationError({"code": _("Enter the code.")})
        guess = guard(self.request, self.request.user)
        if password:
            self._check_password(password)
        if self.fully or not password:
            self._check_factor(**factor)
        forgive(self.request, self.request.user, guess)
        return typed

    def _check_password(self, password):
        person = self.request.user
        if not person.check_password(password):
            entrance.fail(self.request, person, "fail_confirm")
            raise ValidationError({"password": _("This is not your current password.")})

    def _check_factor(self, **factor):
        try:
            factors.use(self.request.user, **factor)
        except ValidationError:
            entrance.fail(self.request, self.request.user, "fail_factor")
            raise


def guard(request, person):
    """
    Return what ``forgive`` takes once the answer is right.

    Raise ValidationError if somebody guessed at this account's factors, or from here, too often.
    """
    guess = throttle.count_factor(request, person)
    if guess is None:
        words = _("Too many attempts. Try again in 15 minutes or ask management.")
        if not throttle.address_is_shut(request, "factor_failed_address"):
            entrance.lock_out(request, person.email)
        raise ValidationError(words, code="too_many_login_attempts")
    return guess


forgive = throttle.forgive_factor


def confirmed_lately(perm=None, *, fully=False):
    """
    Open the view to whoever signed in or confirmed within 10 minutes; ask the others.

    Whoever does not have ``perm`` on anything is not asked: the view refuses them.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            return ask(request, perm, fully=fully) or view(request, *args, **kwargs)

        return guarded

    return decorate


def ask(request, perm=None, *, fully=False):
    """
    The page that asks, or None if there is no need to.

    What was posted to the view stands on that page too, and is posted again with the answer: the
    view does it then, and nothing that was typed is lost.
    """
    if perm and scope(request.user, perm) == NONE:
        return None
    if is_fresh(request, fully):
        return None
    answered = f"{PREFIX}-again" in request.POST
    typed = request.POST if answered else None
    form = ConfirmForm(typed, prefix=PREFIX, request=request, fully=fully)
    again = request.POST[f"{PREFIX}-again"] if answered else request.method
    if form.is_valid():
        _confirm(request, form.fully)
        return None if again == "POST" else redirect(request.get_full_path())
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
    ]
    too_often = form.has_error(forms.forms.NON_FIELD_ERRORS, "too_many_login_attempts")
    status = 429 if too_often else 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "kept": kept,
        "again": "POST" if again == "POST" else "GET",
        "options": factors.question(request.user),
    }
    return render(request, "account/confirm.html", context, status=status)


def _confirm(request, fully):
    """The session goes on under a new key: whoever took the old one has nothing of this."""
    request.session.cycle_key()
    request.session["confirmed_at"] = time()
    if fully or not request.user.has_factor:
        request.session["confirmed_fully_at"] = time()


def is_fresh(request, fully=False):
    """Whether the person behind this session proved lately who they are."""
    confirmed = "confirmed_fully_at" if fully else "confirmed_at"
    times = (request.session.get(name, 0) for name in ("signed_in_at", confirmed))
    return time() - max(times) < settings.CONFIRM_AGAIN.total_seconds()
