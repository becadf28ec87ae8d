"""How people come in, and change their password: allauth's forms and views in our words."""

from functools import wraps

from allauth.account import forms as allauth_forms
from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from . import entrance, invitations, known, mail, sessions, throttle
from .forms import MAIL_WANTED
from .layout import GroupedForm
from .models import User
from .views import METHODS

EMAIL = _("E-mail address"), _("Enter your e-mail address.")
WORDS = {  # The label, and what to say when nothing is typed.
    "login": EMAIL,
    "email": EMAIL,
    "password": (_("Password"), _("Enter your password.")),
    "oldpassword": (_("Current password"), _("Enter your current password.")),
    "password1": (_("New password"), _("Enter a new password.")),
    "password2": (_("New password, once more"), _("Enter the new password once more.")),
}
HINTS = {
    "password1": _(
        "At least 12 characters, not digits alone, neither common nor made of your name, your"
        " address or ours."
    ),
}


class AccountForm(GroupedForm):
    """A form of allauth in our words, with labels instead of placeholders."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label, field.error_messages["required"] = WORDS[name]
            field.help_text = HINTS.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.widget.attrs["autocomplete"] = "username"
                field.error_messages["invalid"] = MAIL_WANTED
            if name in ("password", "password1"):  # For the button that app.js adds.
                words = {"data-show": _("Show password"), "data-hide": _("Hide password")}
                field.widget.attrs |= words


class LoginForm(AccountForm, allauth_forms.LoginForm):
    pass


class ChangePasswordForm(AccountForm, allauth_forms.ChangePasswordForm):
    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, user=request.user, **kwargs)
        self.request = request

    def clean_oldpassword(self):
        """
        Whoever guesses here took a session: ten times, told by the journal. A counter of its own:
        guesses elsewhere must not keep the owner from it, nor this page forgive those.
        """
        guess = throttle.count_old_password(self.request, self.user)
        if guess is None:
            words = get_adapter().error_messages["too_many_login_attempts"]
            raise ValidationError(words, code="too_many_login_attempts")
        try:
            password = super().clean_oldpassword()
        except ValidationError:
            entrance.fail(self.request, self.user, "fail_confirm")
            raise
        guess.rollback()
        return password


class ResetPasswordForm(AccountForm, allauth_forms.ResetPasswordForm):
    def clean_email(self):
        """Ask the accounts alone: allauth has a table of addresses too, which we leave empty."""
        email = self.cleaned_data["email"]
        nobody = User(pk=0, email=email)  # For whom the same is done, but nothing is sent.
        self.users = list(User.objects.active().filter(email=email)) or [nobody]
        return email


class NewPasswordForm(AccountForm, allauth_forms.ResetPasswordKeyForm):
    pass


class HouseView:
    """Answer as the rest of the house does: 422 not valid, 429 too often."""

    http_method_names = METHODS

    def form_invalid(self, form):
        too_often = form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts")
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=429 if too_often else 422)


class LoginView(HouseView, allauth.LoginView):
    form_class = LoginForm

    def get_initial(self):
        """The list of demonstration accounts fills in the address by a plain link."""
        return {"login": self.request.GET.get("login", "")}

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_reset=mail.goes_out(), **kwargs)


class ResetPasswordView(HouseView, allauth.PasswordResetView):
    """Send a link that is good for one hour, and say the same if there is no such account."""

    form_class = ResetPasswordForm
    success_url = reverse_lazy("account_login")

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code == 302:  # Not when that was too often.
            words = _("If there is an account with this address, a link is on its way to it.")
            messages.success(self.request, words)
        return response


class NewPasswordView(HouseView, allauth.PasswordResetFromKeyView):
    """Choose a password with the link; 410 when its hour is over or it was used."""

    form_class = NewPasswordForm
    success_url = reverse_lazy("account_login")

    def form_valid(self, form):
        """Whoever guessed too often before asking for the link need not wait any more."""
        sessions.end(self.reset_user)
        response = super().form_valid(form)
        known.remember(self.request, response, self.reset_user.email)
        return response

    def render_to_response(self, context, **kwargs):
        if context.get("token_fail"):
            context["form"] = None
            kwargs["status"] = 410
        return super().render_to_response(context, **kwargs)


def not_in_demo(view):
    """The accounts of a demonstration are everybody's: nobody changes their passwords."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if settings.DEMO:
            return render(request, "account/not_in_demo.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def with_mail(view):
    """A page that only exists where the CRM can send mail."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.MAIL_IS_SET_UP:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@not_in_demo
@sensitive_post_parameters()
def change_password(request):
    """Change one's own password. One's other sessions end, this one stays."""
    typed = request.POST if request.method == "POST" else None
    form = ChangePasswordForm(request=request, data=typed)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        sessions.end(request.user, except_key=request.session.session_key)
        messages.success(request, _("Password changed. Your other sessions have ended."))
        return redirect("account")
    too_often = form.has_error("oldpassword", "too_many_login_attempts")
    status = 429 if too_often else 422 if form.is_bound else 200
    return render(request, "account/password_change.html", {"form": form}, status=status)


@login_not_required
@require_safe
def invitation(request, pk, given):
    """Take the link out of the address, which others may see, before anything is typed."""
    if invitations.invited(pk, given) is None:  # No session for whoever makes links up.
        return render(request, "account/invitation.html", status=410)
    request.session["invited"] = [pk, invitations.hide(given)]
    return redirect("account_invitation_password")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def accept_invitation(request):
    """Choose a password with the link of an invitation; 410 when it is not good any more."""
    pk, hidden = request.session.get("invited", (None, ""))
    given = invitations.shown(hidden)
    person = invitations.invited(pk, given)
    if person is None:
        return render(request, "account/invitation.html", status=410)
    form = NewPasswordForm(request.POST or None, user=person)
    if form.is_valid():
        try:
            invitations.accept(person, given=given, password=form.cleaned_data["password1"])
        except ValidationError as error:
            form.add_error("password1", error)
        else:
            del request.session["invited"]
            messages.success(request, _("Your password is set. Sign in with it."))
            response = redirect("account_login")
            known.remember(request, response, person.email)
            return response
    status = 422 if form.is_bound else 200
    context = {"form": form, "person": person}
    return render(request, "account/invitation.html", context, status=status)


login = LoginView.as_view()
logout = allauth.logout
reset_password = not_in_demo(with_mail(ResetPasswordView.as_view()))
new_password = not_in_demo(with_mail(NewPasswordView.as_view()))
