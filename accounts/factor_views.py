"""The pages of the second factor: one's own, the one at sign-in, and management's way out."""

import json
from base64 import b64encode

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import InvalidToken
from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from . import entrance, factors
from .access import require
from .adapter import is_still_right
from .confirm import confirmed_lately, forgive, guard
from .forms import PlainForm
from .login import not_in_demo
from .models import User
from .passkeys import CredentialField, checked
from .views import VerbView

# In the session, encrypted: a seed until the first code shows that it has arrived, and recovery
# codes until the next page has shown them, once.
PENDING, MADE = "factor_seed", "recovery_codes"
PAGES = ["GET", "HEAD", "POST"]


def code_field(**kwargs):
    return forms.CharField(
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Enter the code.")},
        **kwargs,
    )


class AppForm(PlainForm):
    code = code_field(label=gettext_lazy("Code of the app"), help_text=gettext_lazy("Six digits."))


class PasskeyForm(PlainForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        help_text=gettext_lazy("To tell it from others, for example: office computer."),
        max_length=60,
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    credential = CredentialField()

    def clean_credential(self):
        credential = self.cleaned_data["credential"]
        checked(webauthn.parse_registration_response, credential)
        checked(webauthn.complete_registration, credential)
        return credential


class SignInForm(PlainForm):
    """The second step of signing in: a code, or a passkey of ``person``."""

    code = code_field(label=gettext_lazy("Code of your app, or a recovery code"), required=False)
    credential = CredentialField(required=False)

    def __init__(self, *args, request, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.person = request, person
        self.fields["code"].answered = True  # Unless the passkey is.

    def clean(self):
        typed = super().clean()
        code, credential = typed.get("code"), typed.get("credential")
        if not (code or credential):
            raise ValidationError({"code": _("Enter the code.")})
        guess = guard(self.request, self.person)
        try:
            self.used = factors.use(self.person, code=code, credential=credential)
        except ValidationError:
            entrance.fail(self.request, self.person, "fail_factor")
            raise
        forgive(self.request, self.person, guess)
        return typed


def _typed(request):
    """An empty POST is typed too."""
    return request.POST if request.method == "POST" else None


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@require_http_methods(PAGES)
def authenticate(request):
    """The password was right: now the second factor."""
    stage = request._login_stage
    person = stage.login.user
    if not is_still_right(request, person):
        return stage.abort()
    form = SignInForm(_typed(request), request=request, person=person)
    if form.is_valid():
        form.used.record_usage()
        request.factor_used = form.used.type
        response = stage.exit()
        if form.used.type == factors.CODES:
            _tell_codes_left(request, person)
        return response
    too_often = form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts")
    status = 429 if too_often else 422 if form.is_bound else 200
    context = {"form": form, "options": factors.question(person)}
    return render(request, "account/factor_sign_in.html", context, status=status)


def _tell_codes_left(request, person):
    """In the language of the page that comes next."""
    left = factors.codes_left(person)
    with translation.override(person.language or translation.get_language()):
        words = ngettext(
            "Recovery code used: %(number)d is left.",
            "Recovery code used: %(number)d are left.",
            left,
        )
        if not left:
            words = _("Recovery code used: it was the last one. Make new ones.")
        messages.warning(request, words % {"number": left})


@require_safe
def overview(request):
    """One's factors, and how to have some."""
    context = {
        "factors": factors.of(request.user),
        "codes_left": factors.codes_left(request.user),
        "APP": factors.APP,
    }
    return render(request, "accounts/factor.html", context)


@require_http_methods(PAGES)
@not_in_demo
@confirmed_lately(fully=True)
def add_app(request):
    """Show a seed to an app, and keep it once the app shows the right code."""
    secret = _pending(request)
    form = AppForm(_typed(request))
    if form.is_valid():
        try:
            guess = guard(request, request.user)
            code = form.cleaned_data["code"]
            made = factors.add_app(request.user, secret=secret, code=code)
        except ValidationError as error:
            form.refuse(error)
        else:
            forgive(request, request.user, guess)
            del request.session[PENDING]
            return _added(request, made)
    adapter = factors.FactorAdapter()
    url = adapter.build_totp_url(request.user, secret)
    picture = b64encode(adapter.build_totp_svg(url).encode()).decode()
    context = {"form": form, "picture": picture, "secret": _in_fours(secret), "url": url}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/factor_app.html", context, status=status)


def _pending(request):
    """The seed that this session shows: it stays while the page is opened again."""
    try:
        return decrypt(request.session[PENDING])
    except (KeyError, InvalidToken):
        secret = generate_totp_secret()
        request.session[PENDING] = encrypt(secret)
        return secret


def _in_fours(secret):
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _added(request, made):
    if made is None:
        messages.success(request, _("Second factor added."))
        return redirect("account_factor")
    messages.success(request, _("Second factor added. Keep the recovery codes."))
    return _show_once(request, made)


def _show_once(request, codes):
    request.session[MADE] = encrypt(" ".join(codes))
    return redirect("account_factor_codes")


def _just_made(request):
    try:
        return decrypt(request.session.pop(MADE)).split()
    except (KeyError, InvalidToken):
        return []


@require_http_methods(PAGES)
@not_in_demo
@confirmed_lately(fully=True)
def add_passkey(request):
    form = PasskeyForm(_typed(request))
    if form.is_valid():
        return _added(request, factors.add_passkey(request.user, **form.cleaned_data))
    options = json.dumps(webauthn.begin_registration(request.user, False), default=dict)
    status = 422 if form.is_bound else 200
    has_app = factors.of(request.user).filter(type=factors.APP).exists()
    context = {"form": form, "options": options, "has_app": has_app}
    return render(request, "accounts/factor_passkey.html", context, status=status)


@require_http_methods(PAGES)
@not_in_demo
@confirmed_lately(fully=True)
def remove(request, pk):
    own = factors.of(request.user)
    factor = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        factors.remove(factor, by=request.user)
        messages.success(request, _("Second factor removed."))
        return redirect("account_factor")
    context = {"factor": factor, "is_last": len(own) == 1, "APP": factors.APP}
    return render(request, "accounts/factor_remove.html", context)


@require_http_methods(PAGES)
@not_in_demo
@confirmed_lately(fully=True)
def codes(request):
    """How many recovery codes are left, and those just made; POST makes new ones."""
    if request.method == "POST" and request.user.has_factor:
        made = factors.renew_codes(request.user)
        messages.success(request, _("New recovery codes made: the old ones open nothing any more."))
        return _show_once(request, made)
    left = factors.codes_left(request.user)
    if left is None:
        return redirect("account_factor")
    context = {"left": left, "codes": _just_made(request)}
    return render(request, "accounts/factor_codes.html", context)


class ResetView(VerbView):
    """Somebody lost their factors: management lets them in again."""

    verb = factors.reset
    template_name = "accounts/factor_reset.html"
    message = gettext_lazy("Second factor reset: %(record)s can sign in with the password alone.")

    @cached_property
    def record(self):
        person = get_object_or_404(User, pk=self.kwargs["pk"])
        require(self.request.user, "accounts.reset_factor_user", person)
        return person

    def get_context_data(self, **kwargs):
        return super().get_context_data(person=self.record, **kwargs)

    def next_page(self, result):
        return reverse("admin:accounts_user_change", args=[self.record.pk])


reset = confirmed_lately("accounts.reset_factor_user", fully=True)(ResetView.as_view())
