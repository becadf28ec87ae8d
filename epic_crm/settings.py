"""
One place for every place it runs; what differs comes from the environment.

Who comes in has a file of its own, settings_sign_in.py.
"""

import os

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from .settings_sign_in import *  # noqa: F403
from .surroundings import BASE_DIR, DEBUG, TLS, VAR, environment

ENVIRONMENT_PROBLEMS = environment.problems

SECRET_KEY = environment.secret("SECRET_KEY", VAR / "secret_key", demanded=TLS)
# Seals the journal. Apart, because it outlives a SECRET_KEY that has to be changed.
JOURNAL_KEY = environment.secret("JOURNAL_KEY", VAR / "journal_key", demanded=TLS)
# Encrypts the seeds of second factors. Old keys stay behind it, after commas, to read with.
SECOND_FACTOR_KEY = environment.secret("SECOND_FACTOR_KEY", VAR / "second_factor_key", demanded=TLS)
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
# Where mails lead.
SITE_URL = environment.address(
    "SITE_URL", f"https://{ALLOWED_HOSTS[0]}" if TLS and ALLOWED_HOSTS else "http://localhost:8000"
)
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # accounts/site.py is the site.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # Its templates, so that ours come first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "crispy_forms",
    "crispy_bootstrap5",
    "bs_icon_templates",
    "django_filters",
    "django_htmx",
    "phonenumber_field",
    "history",
    "accounts",
    "clients",
    "contracts",
    "events",
    "dashboard",
    "epic_crm",
]
MIDDLEWARE = [
    "epic_crm.logs.RequestNumberMiddleware",
    # First what every answer gets, so that those of the ones below have it too: the redirect to
    # HTTPS, files, a host that is not ours.
    "epic_crm.middleware.HeadersMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "epic_crm.middleware.FragmentMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "epic_crm.middleware.WholeBodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "accounts.middleware.SignInMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "epic_crm.urls"
WSGI_APPLICATION = "epic_crm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.navigation.navigation",
                "epic_crm.context.clock",
                "epic_crm.context.demonstration",
                "epic_crm.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "history.templatetags.ee",
            ],
        },
    }
]

DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{VAR / 'crm.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,  # Seconds a writer waits for another.
        "transaction_mode": "IMMEDIATE",
        # Without recursive triggers INSERT OR REPLACE slips past the journal's.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "PRAGMA recursive_triggers=ON",
    }
    # A file, and not in memory: each thread of a test server has a connection of its own.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / f"test_{os.getpid()}.sqlite3")}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
        # As many as a process has threads (deploy/gunicorn.conf.py). Of more, all cut at once by a
        # restart of the database, a request would try each, and wait longer each time.
        "pool": {"min_size": 1, "max_size": 4},
        # Milliseconds: a question, a wait for a lock, a transaction left open.
        "options": "-c statement_timeout=15000 -c lock_timeout=5000"
        " -c idle_in_transaction_session_timeout=30000"
        # A page asks short questions: compiling them costs more than it saves, and an index read
        # at random is no slower than in order. A home of 700 ms took 100, a search of 400 took 60.
        " -c jit=off -c random_page_cost=1.1"
        # For accounts/nearness.py: of a word's trigrams, how many another must have.
        " -c pg_trgm.word_similarity_threshold=0.35"
        # Whatever a role was told to prefer.
        " -c datestyle=ISO -c default_transaction_read_only=off"
        r" -c default_transaction_isolation=read\ committed",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {  # Shared by the processes: throttling counts in it.
    "default": {
        "BACKEND": "accounts.cache.JSONDatabaseCache",
        "LOCATION": "django_cache",
        # Room enough that nobody can push a counter out by filling it.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- What the browser is told ---------------------------------------------------------------

SECURE_SSL_REDIRECT = TLS
# Pages are for people. What programs ask for is not led to HTTPS: what is wrong would stay unseen.
SECURE_REDIRECT_EXEMPT = [r"^agenda/feed\.ics$", r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # Bootstrap's selects and checks.
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}
X_FRAME_OPTIONS = "DENY"

# --- Words and figures ------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["epic_crm.formats"]
TIME_ZONE = environment.time_zone("TIME_ZONE", "Europe/Paris")
USE_THOUSAND_SEPARATOR = True
PHONENUMBER_DEFAULT_REGION = "FR"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

# --- Files, mail, log -------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # Its files are for these pages.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    # Bootstrap's files without its templates: as an app it would bring a base.html.
    ("vendor/bootstrap", environment.package("django_include_bootstrap", "static/css")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MAILERS = {"default": environment.mailer("EMAIL_URL")}
MAIL_IS_SET_UP = bool(environment.text("EMAIL_URL"))
DEFAULT_FROM_EMAIL = environment.sender("EMAIL_FROM", "Epic Events CRM <crm@localhost>")

STEP_DAYS = environment.numbers(
    "STEP_DAYS",
    {
        "event_details": 14,  # Before its start, an event should have all its facts,
        "event_details_urgent": 2,  # and now at once.
        "support_urgent": 7,  # Before its start, a missing support contact is urgent.
        "contract_chase": 14,  # An open contract that nobody has touched for so long.
        "contract_expected": 30,  # Before the date expected, a contract should be signed.
        "prospect_chase": 14,  # A prospect of whom nothing was heard for so long.
        "contract_first": 7,  # After its conversion, a client should have a contract.
        "debrief": 7,  # After its end, one asks how an event went,
        "debrief_to": 30,  # and later no more.
        "client_again": 14,  # After an event was completed, another is proposed,
        "client_again_to": 90,  # and later no more, until its anniversary
        "client_edition": 120,  # comes near.
    },
)

# In an hour, by one person: beyond any day in the office, far below all there is (docs/adr/0021).
READING_LIMITS = environment.numbers(
    "READING_LIMITS",
    {
        "records": 200,  # Opened that are in other hands, each once.
        "searches": 300,  # Made among them, by whatever means.
        "exports": 10,  # Lists copied out.
    },
    least=2,  # There is a half.
)

# For how many years personal data is held: docs/privacy.md has the texts.
RETENTION = environment.numbers(
    "RETENTION",
    {
        "prospects": 3,  # After the last contact that came from them.
        "clients": 3,  # The same, and after their last contract and event.
        "contracts": 10,  # After the end of the year of the last signature, payment due or event.
        "accounts": 1,  # After an account was closed.
        "traces": 1,  # Who came in and was refused; of accounts that are gone, what was told.
    },
    least=1,
)

FILTERS_EMPTY_CHOICE_LABEL = _("All")
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
# What it says, and what it does not: epic_crm/logs.py.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "epic_crm.logs.JsonLines"},
        "readable": {"()": "epic_crm.logs.Readable", "in_full": DEBUG},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if TLS else "readable",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # Django's own handlers say all they are told.
        # A refusal is an answer and no fault: without this each leaves a traceback.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
    },
}
