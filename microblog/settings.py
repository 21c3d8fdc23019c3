"""Every setting of the site.

What an environment may say is read here, in one block, and nowhere else.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from microblog.db import pool
from microblog.serving import address

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- The environment: all of it ---
VAR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))  # everything that the site writes
# a command beside a running site has its address, where it is told no other
_RUNNING = address.place(VAR)
PORT = env.int("PORT", default=_RUNNING.port)  # where `manage.py serve` listens, on 127.0.0.1: 8000
_LOCAL_URL = (
    f"http://127.0.0.1:{PORT}" if "PORT" in os.environ or not _RUNNING.url else _RUNNING.url
)
# https:// turns on all that https needs
SITE_URL = env.str("SITE_URL", default=_LOCAL_URL).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])  # further names that the site answers to
DEBUG = env.bool("DEBUG", default=False)  # `make dev` sets it
# whether `serve` invites the demo community to an empty site
DEMO = env.bool("DEMO", default=not SITE_URL.startswith("https://"))
# web processes that `serve` runs, of four threads each
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=2)
# of each web process; half of them at most serve requests that carry files
WEB_THREADS = 4
# required where SITE_URL is https; else made, and kept in VAR_DIR
SECRET_KEY = env.str("SECRET_KEY", default="")
# or postgres://user:password@host/name
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")
REDIS_URL = env.str("REDIS_URL", default="")  # a cache in Redis instead of in the database
# how many proxies of yours stand before the site
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# an internal prefix of nginx, "/_media/", to let it send the files
ACCEL_REDIRECT = env.str("ACCEL_REDIRECT", default="")
# smtp+tls://user:password@host:587; without it, mails are files in VAR_DIR/mail
EMAIL_URL = env.str("EMAIL_URL", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Microblog <microblog@localhost>")
# whether the site looks at the pages that posts link to, for title and picture
LINK_CARDS = env.bool("LINK_CARDS", default=True)
# "host" or "host:port" of the own network that it may look at
LINK_CARD_ALLOWED_HOSTS = env.list("LINK_CARD_ALLOWED_HOSTS", default=[])
# whether staff need a passkey or an authenticator app, besides a password
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=SITE_URL.startswith("https://"))
# seconds after posting in which a post can be edited; 0: never
POST_EDIT_WINDOW = env.int("POST_EDIT_WINDOW", default=3600)
# that the files of one account may take; 0: no limit
ACCOUNT_BYTES = env.int("ACCOUNT_BYTES", default=2 * 1024**3)
# that the archives which people ask for may take together; 0: no limit
EXPORT_BYTES = env.int("EXPORT_BYTES", default=20 * 1024**3)
# of memory in which each web process keeps what it rendered; 0: nothing is kept
KEPT_BYTES = env.int("KEPT_BYTES", default=0 if DEBUG else 24 * 1024**2)
SITE_NAME = env.str("SITE_NAME", default="Microblog")
# one sentence
SITE_DESCRIPTION = env.str(
    "SITE_DESCRIPTION", default="A place of our own to write in short, where everybody may read."
)
# --------------------------------------------------------------------------------------------------

# all that the site writes is its own; microblog.serving.file_modes closes what was there before
os.umask(0o077)
VAR.mkdir(parents=True, exist_ok=True)
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [
    *ALLOWED_HOSTS,
    urlsplit(SITE_URL).hostname or "",
    *([] if HTTPS else ["127.0.0.1", "localhost", "[::1]"]),
]


def _kept_key() -> str:
    """Return the key that this checkout made for itself; two processes that start agree on one."""
    path = VAR / "secret-key"
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text().strip()


if not SECRET_KEY:
    if HTTPS:
        raise ImproperlyConfigured(
            "SITE_URL is https, so this is a real site: set SECRET_KEY to a long random text "
            "and keep it."
        )
    SECRET_KEY = _kept_key()

INSTALLED_APPS = [
    "microblog",
    "accounts",
    "timeline",
    "archives",
    "moderation",
    "moderation.apps.QueueConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_ox",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "microblog.web.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "microblog.web.middleware.CacheMiddleware",
    "microblog.web.unavailable.UnavailableMiddleware",
    "microblog.web.middleware.UnderstoodMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "microblog.kept.middleware.KeptMiddleware",
    "timeline.views.newer.NewerMiddleware",
    "microblog.web.upload_gate.UploadsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "microblog.web.middleware.SlashMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.auth.middleware.AccountMiddleware",
    "microblog.web.middleware.WrongMethodMiddleware",
    "microblog.web.request_limits.BodyLimitMiddleware",
    "microblog.web.request_limits.TooManyMiddleware",
]
if DEBUG:
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(4, "debug_toolbar.middleware.DebugToolbarMiddleware")
    INTERNAL_IPS = ["127.0.0.1"]

ROOT_URLCONF = "microblog.urls"
WSGI_APPLICATION = "microblog.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "microblog.web.responses.site",
                "accounts.auth.requests.viewer",
            ],
            "builtins": [
                "microblog.templatetags.microblog",
                "timeline.templatetags.timeline",
            ],
        },
    }
]
FORM_RENDERER = "microblog.web.forms.Renderer"

# --- Data ---
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # a writer waits for its turn at the start, and never fails half way
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": 10,  # more than a process has threads: who waits, waits for the database
        "timeout": 3,
        # then whoever comes tries anew, so that the site is back as soon as the database is
        "reconnect_timeout": 5,
        "check": pool.check,
    }
    # of what the pool kept while the database was away
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "QUEUES": ["default", "pages"],  # strangers' pages have a queue, and a worker, of their own
        "OPTIONS": {
            # A worker renews its hold on a task three times in LOCK_TIMEOUT seconds; after that the
            # task goes to the next worker.
            "LOCK_TIMEOUT": 60,
            "MAX_ATTEMPTS": 10,
            "SCHEDULES": {
                "forget_waiting": {"task": "accounts.tasks.forget_waiting", "cron": "7 4 * * *"},
                "finish_leaving": {"task": "accounts.tasks.finish_leaving", "cron": "11 * * * *"},
                "tidy": {"task": "microblog.tasks.tidy", "cron": "17 4 * * *"},
                "tidy_exports": {"task": "archives.tasks.tidy_exports", "cron": "29 * * * *"},
                "enforce_due": {"task": "moderation.schedules.enforce_due", "cron": "* * * * *"},
                "count_days": {"task": "moderation.tasks.count_days", "cron": "20 0 * * *"},
                "choose_beside": {"task": "timeline.tasks.choose_beside", "cron": "*/10 * * * *"},
                "remove_left_over": {
                    "task": "timeline.tasks.remove_left_over",
                    "cron": "41 * * * *",
                },
                "mail_at_once": {"task": "timeline.tasks.mail_at_once", "cron": "*/5 * * * *"},
                "mail_daily": {"task": "timeline.tasks.mail_daily", "cron": "30 7 * * *"},
                "forget_unconfirmed": {
                    "task": "moderation.schedules.forget_unconfirmed",
                    "cron": "0 7 * * *",
                },
                "remind_moderators": {
                    "task": "moderation.schedules.remind_moderators",
                    "cron": "0 7 * * *",
                },
            },
        },
    }
}
STORAGES = {
    "default": {
        "BACKEND": "microblog.media.storage.Storage",
        "OPTIONS": {"location": VAR / "media", "allow_overwrite": True},
    },
    "staticfiles": {"BACKEND": "microblog.media.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640 if ACCEL_REDIRECT else 0o600  # nginx is of our group
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 if ACCEL_REDIRECT else 0o700
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
STATIC_ROOT = VAR / "static"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # of a form, without its files
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "microblog.web.upload_gate.GateHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "microblog.web.upload_gate.DiskHandler",
]
# of a request, files and all: a video of 100 MB, or four pictures of 20 MB, and their words
MAX_BODY = 110 * 1024 * 1024

# --- Addresses: those that are named below the app that has them, and what holds for which ---
EXPLORE_URL = "/explore"  # where they read who have no account
# written out: a page has a hundred of these, and reverse() takes its time
PROFILE_URL = "/@{handle}"
START_URL = "settings_start"  # where who signed in and has no account chooses a handle
# through what who signed up is led, a page each
WELCOME_URLS = ("welcome_picture", "welcome_bio", "welcome_people")
TAG_URL = "tag"  # with the tag
# what is open to who is suspended, once they have shown who they are
SUSPENDED_URLS = ("settings_delete", "settings_export")
# what the navigation marks while it is open: pages, besides one's own; whole parts of the site
NAVIGATED_PAGES = ("/", EXPLORE_URL, "/search", "/bookmarks")
NAVIGATED_PARTS = ("/notifications", "/settings", "/admin/")
# By how they begin.
FOR_MACHINES = ("/robots.txt", "/sitemap.xml", "/manifest.webmanifest")
# these answer everybody alike, whoever is signed in, with or without htmx
SHARED = (MEDIA_URL, STATIC_URL, "/health", *FOR_MACHINES)
# what no disk shall keep
SECRET = (
    *("/settings", "/drafts", "/bookmarks", "/account/", "/admin/", "/decisions/", "/removal/"),
    *("/notifications", "/welcome/", "/unsubscribe/"),
)
# What is for people signed in, or between a person and the site, and what has nothing to read. `*`
# is any part of an address, as robots read it (RFC 9309).
NOT_FOR_ROBOTS = (
    *("/account/", "/admin/", "/bookmarks", "/compose", "/complete", "/decisions/", "/drafts"),
    *("/lists", "/notifications", "/posts/", "/removal/", "/search", "/settings"),
    *("/*/report", "/*/likes", "/health", "/welcome/", "/unsubscribe/"),
)
# the site's own pages, which search engines shall know
MAPPED = ("/", EXPLORE_URL, "/about", "/rules", "/transparency", "/removal")

# --- People ---
# what makes a moderator, and an administrator
MODERATE_PERMISSION = "moderation.work_queue"
ADMINISTER_PERMISSION = "moderation.change_rule"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.auth.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.auth.reset_tokens.ResetTokenGenerator"  # noqa: S105  (a class)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.auth.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "add_email": "accounts.forms.EmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the session that changed it stays; all others end
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the address changes
# they live in the cache, which forgets; ours are in accounts.auth.login_attempts, unsolicited, and
# views.entrance
ACCOUNT_RATE_LIMITS = False
# a stranger's mailbox gets no mail that says that it has no account
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
MFA_ADAPTER = "accounts.security.passkeys.Adapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey is two factors: the device, and its owner
MFA_TOTP_TOLERANCE = 1  # periods: clocks differ, and people type
# an address that waits to be confirmed is nobody's; without a mail server none is confirmed
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "authenticate_webauthn": "accounts.forms.PasskeyAnswerForm",
    "add_webauthn": "accounts.forms.NewPasskeyForm",
    "signup_webauthn": "accounts.forms.NewPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyReauthenticateForm",
    "activate_totp": "accounts.forms.AuthenticatorAppForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SESSION_ENGINE = "accounts.security.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90

# --- Mail ---
if EMAIL_URL:
    _mail = env.email_url_config(EMAIL_URL)
    _options = {
        "host": _mail["EMAIL_HOST"],
        "port": _mail["EMAIL_PORT"],
        "username": _mail["EMAIL_HOST_USER"],
        "password": _mail["EMAIL_HOST_PASSWORD"],
        "use_tls": _mail.get("EMAIL_USE_TLS", False),
        "use_ssl": _mail.get("EMAIL_USE_SSL", False),
        "timeout": 20,
    }
    MAILERS = {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": _options}
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(VAR / "mail")},
        }
    }

# --- Safety ---
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "blob:", "data:"],
    "media-src": [CSP.SELF, "blob:", "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# of every cookie's name: no other host of the domain can set it, nor read it
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
# microblog.display; light and dark were once all that it said
DISPLAY_COOKIE_NAME = f"{COOKIE_PREFIX}theme"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}messages"  # microblog.web.messages
KNOWN_BROWSER_COOKIE = f"{COOKIE_PREFIX}known"  # accounts.auth.known_browsers
MESSAGE_STORAGE = "microblog.web.messages.Storage"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "microblog.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Words and time ---
LANGUAGE_CODE = "en"
USE_I18N = False  # one language: English
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        "deliberate": {"()": "microblog.serving.log_filters.DeliberateFilter"},
        "full_disk": {"()": "microblog.db.full_disk.WithoutTraceback"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["full_disk"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "WARNING"},
        "django.tasks": {"level": "WARNING"},
        # a page that is not there is no news
        "django.request": {"level": "ERROR", "filters": ["deliberate"]},
        # nor is what a stranger tried: another name of ours, too many fields, a made-up filter
        "django.security": {"level": "CRITICAL"},
        "waitress.queue": {"level": "ERROR"},  # nor that a request waits for a thread
    },
}
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # User.email is unique in any case, by a constraint that this check does not know
    "mail.E001",  # without a mail server, mails are files, and no address needs confirming
]
