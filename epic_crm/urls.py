from django.urls import include, path, re_path

from accounts import factor_views, feed_views, login, note_views, own_views, request_pages
from accounts.admin import site

from . import errors, health

account = [
    path("", own_views.preferences, name="account"),
    path("absence/", own_views.own_absences, name="account_absence"),
    path("calendar/", feed_views.own_feed, name="account_feed"),
    path("second-factor/", factor_views.overview, name="account_factor"),
    path("second-factor/app/", factor_views.add_app, name="account_factor_app"),
    path("second-factor/passkey/", factor_views.add_passkey, name="account_factor_passkey"),
    path("second-factor/codes/", factor_views.codes, name="account_factor_codes"),
    path("second-factor/<int:pk>/remove/", factor_views.remove, name="account_factor_remove"),
    path("invitation/", login.accept_invitation, name="account_invitation_password"),
    path("invitation/<int:pk>/<str:given>/", login.invitation, name="account_invitation"),
    path("sessions/", own_views.own_sessions, name="account_sessions"),
    path("password/", login.change_password, name="account_change_password"),
    path("password/reset/", login.reset_password, name="account_reset_password"),
    re_path(  # There are dashes in the key too.
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        login.new_password,
        name="account_reset_password_from_key",
    ),
]
access = [
    path("", request_pages.access, name="access"),
    path("ask/<str:perm>/<int:pk>/", request_pages.Ask.as_view(), name="access_ask"),
    path("<int:pk>/", request_pages.Grant.as_view(), name="access_grant"),
    path("<int:pk>/decline/", request_pages.Decline.as_view(), name="access_decline"),
]
urlpatterns = [
    path("login/", login.login, name="account_login"),
    path("login/second-factor/", factor_views.authenticate, name="mfa_authenticate"),
    path("logout/", login.logout, name="account_logout"),
    path("account/", include(account)),
    path("access/", include(access)),
    path("admin/", site.urls),
    path("help/permissions/", own_views.permissions, name="permissions"),
    path("team/<int:pk>/second-factor/reset/", factor_views.reset, name="reset_factor"),
    path("notes/<int:pk>/remove/", note_views.remove_note, name="remove_note"),
    path("clients/", include("clients.urls")),
    path("", include("contracts.urls")),
    path("", include("events.urls")),
    path("", include("dashboard.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
