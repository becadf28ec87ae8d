"""Who comes in, and for how long: a part of settings.py, which takes all of it over."""

from datetime import timedelta

from .surroundings import BASE_DIR, DEMO, TLS, environment

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PolicyBackend"]
ANONYMOUS_USER_NAME = None  # guardian would make a person of it.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # Its backend answers for inactive people.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:home"
# One hasher only: mixed hashes give accounts away by their timing.
PASSWORD_HASHERS = ["accounts.hashers.PasswordHasher"]
LEAKED_PASSWORDS = BASE_DIR / "accounts" / "leaked-passwords.txt.gz"  # docs/adr/0022.
PASSWORD_RULES = [
    {"NAME": "accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.OwnWordsValidator"},
] + [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "CommonPasswordValidator": {"password_list_path": LEAKED_PASSWORDS},
        "NumericPasswordValidator": {},
        "UserAttributeSimilarityValidator": {
            "user_attributes": ["email", "first_name", "last_name"]
        },
    }.items()
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.FirstReasonValidator", "OPTIONS": {"validators": PASSWORD_RULES}}
]
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.passwords.LinkGenerator"  # noqa: S105
ACCOUNT_RATE_LIMITS = {
    "login": None,  # Only what fails counts: accounts/throttle.py.
    "login_failed": "10/15m/key",  # By account.
    "login_failed_known": "10/15m/key",  # By account, in a browser that knows it.
    "login_failed_address": "100/15m/ip",
    "old_password": "10/15m/key",  # By account, where it is changed.
    "factor_failed_address": "100/15m/ip",  # Wrong codes, in browsers that know nobody.
    # By address first: what is refused so leaves no row by which the others fall out.
    "reset_password": "50/15m/ip,5/15m/key",
    "reset_password_from_key": "50/15m/ip",
    # What of it the journal keeps: refusals of one person, failures of all, that there was more.
    "journal_refusal": "30/15m/key",
    "journal_failure": "300/15m/key",
    "journal_lock": "1/15m/key",
    "journal_more": "1/15m/key",
    "alike": "200/5m/user",  # A pause in typing of a field.
    "feed": "30/15m/key",  # A calendar asks a few times a day.
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_USER_DISPLAY = str
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 48  # What one line may be given.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXIES", 0)

MFA_ADAPTER = "accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_TOLERANCE = 0  # A code is good for its half minute: ASVS 5.0, 6.5.5.
# Who must have a second factor from the first sign-in on; others may.
SECOND_FACTOR_TEAMS = environment.teams("SECOND_FACTOR_TEAMS", "management")
if DEMO:  # The accounts are everybody's.
    SECOND_FACTOR_TEAMS = []
CONFIRM_AGAIN = timedelta(minutes=10)  # Since signing in, before what is sensitive.

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # In all, whatever one does.
SESSION_IDLE = {"management": timedelta(hours=2)}  # Support works a whole event day.
# Browsers take a cookie so named from this very host alone, over HTTPS and for every path.
COOKIE_PREFIX = "__Host-" if TLS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "epic_crm.errors.csrf_failure"
MESSAGE_STORAGE = "epic_crm.cookies.Messages"
