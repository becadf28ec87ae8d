"""Before what is sensitive, the password or a code is asked again: a screen may stand open."""

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

PREFIX = "confirm"


class ConfirmForm(PlainForm):
    """The password, or a code; ``person`` is who should be sitting there."""

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

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        for field in self.fields.values():
            field.answered = True  # One of the two is.
        if not request.user.has_factor:
            del self.fields["code"]

    def clean(self):
        typed, person = super().clean(), self.request.user
        password, code = typed.get("password"), typed.get("code")
        if not (password or code):
            raise ValidationError({"password": _("Enter your password.")})
        guess = guard(self.request, person)
        if password and not person.check_password(password):
            entrance.fail(self.request, person, "fail_confirm")
            raise ValidationError({"password": _("This is not your current password.")})
        if not password and not factors.use_up(person, code):
            entrance.fail(self.request, person, "fail_factor")
            raise factors.wrong_code()
        forgive(self.request, person, guess)
        return typed


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


def confirmed_lately(perm=None):
    """
    Open the view to whoever signed in or confirmed within 10 minutes; ask the others.

    Whoever does not have ``perm`` on anything is not asked: the view refuses them.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            return ask(request, perm) or view(request, *args, **kwargs)

        return guarded

    return decorate


def ask(request, perm=None):
    """
    The page that asks, or None if there is no need to.

    What was posted to the view stands on that page too, and is posted again with the answer: the
    view does it then, and nothing that was typed is lost.
    """
    if perm and scope(request.user, perm) == NONE:
        return None
    if is_fresh(request):
        return None
    answered = f"{PREFIX}-again" in request.POST
    typed = request.POST if answered else None
    form = ConfirmForm(typed, prefix=PREFIX, request=request)
    again = request.POST[f"{PREFIX}-again"] if answered else request.method
    if form.is_valid():
        request.session["confirmed_at"] = time()
        return None if again == "POST" else redirect(request.get_full_path())
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
    ]
    too_often = form.has_error(forms.forms.NON_FIELD_ERRORS, "too_many_login_attempts")
    status = 429 if too_often else 422 if request.method == "POST" else 200
    context = {"form": form, "kept": kept, "again": "POST" if again == "POST" else "GET"}
    return render(request, "account/confirm.html", context, status=status)


def is_fresh(request):
    """Whether the person behind this session proved lately who they are."""
    times = (request.session.get(name, 0) for name in ("signed_in_at", "confirmed_at"))
    return time() - max(times) < settings.CONFIRM_AGAIN.total_seconds()
