"""The wiring of all floors, from the environment alone. docs/operations.md lists every variable."""

from pathlib import Path
from urllib.parse import urlsplit

from casework import env, origins
from casework.enum_names import ENUM_NAMES

BASE_DIR = Path(__file__).resolve().parent.parent
CASEWORK_HOME = Path(env.text("CASEWORK_HOME", str(BASE_DIR / ".casework"))).absolute()
env.load_home(CASEWORK_HOME)

SECRET_KEY = env.secret("SECRET_KEY")
DEBUG = False
DEMO = env.flag("CASEWORK_DEMO")
BASE_URL = env.text("BASE_URL", "http://localhost:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
# A second origin of the same server, which shows what is in files and nothing else. Empty: there is none.
CONTENT_URL = env.origin("CONTENT_URL")
ALLOWED_HOSTS = [str(urlsplit(BASE_URL).hostname), *env.words("ALLOWED_HOSTS")]
if ALLOWED_HOSTS[0] in {"localhost", "127.0.0.1"}:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1"]
# It must be there to be led to https; pages are not shown under it (casework.exhibits.content).
ALLOWED_HOSTS += [str(urlsplit(CONTENT_URL).hostname)] if CONTENT_URL else []

# The words of SECOND_FACTOR_FOR: the roles of a case, which casework.access knows, and the administrator.
SECOND_FACTOR_ROLES = ("administrator", "lead", "investigator", "reviewer", "takedown", "legal", "media", "auditor")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "evidence", "casework", "reports",
]

MIDDLEWARE = [
    "casework.middleware.RequestId",
    "casework.middleware.NoStore",
    "django.middleware.security.SecurityMiddleware",
    # Nothing below is asked of the content origin: no cookie, no page, no file of ours.
    "casework.exhibits.content.ContentOrigin",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "casework.violations.Policy",
    "casework.middleware.FailClosed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casework.middleware.Strangers",
    "casework.middleware.Refusals",
    "casework.people.guard.SecondFactor",
    "casework.middleware.PersonLanguage",
    "casework.middleware.ReadOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ROOT_URLCONF = "casework.urls"
WSGI_APPLICATION = "casework.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "casework.context.shell",
            ],
            "builtins": [*(f"casework.templatetags.{name}" for name in ("house", "icons", "notes")),
                         "casework.timeline.tags"],
        },
    },
]

DATABASES = {"default": env.database(env.secret("DATABASE_URL"))}
# Migrations run as the owner role; the application's role may only insert and select on the log.
DATABASE_APP_ROLE = env.text("DATABASE_APP_ROLE", "casework_app")
# A third role, which nobody signs in as, owns the one function that erases payloads.
DATABASE_ERASER_ROLE = env.text("DATABASE_ERASER_ROLE", "casework_eraser")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "casework.staticfiles.Storage"},
    "evidence": env.storage("STORAGE_URL", env.secret("STORAGE_URL")),
    "archive": env.storage("ARCHIVE_URL", env.secret("ARCHIVE_URL")),
}
# How the archive's bucket keeps what is put there, and for how long. Empty: governance where the bucket has locks.
ARCHIVE_LOCK = env.choice("ARCHIVE_LOCK", "governance", "compliance", "none")
ARCHIVE_LOCK_DAYS = env.number("ARCHIVE_LOCK_DAYS", 365)
# Every byte is read and hashed again within so many days, at so many bytes a second at most.
FIXITY_DAYS = env.number("FIXITY_DAYS", 30)
FIXITY_RATE = env.number("FIXITY_RATE", 100_000_000)
# What every verification asks besides: the vault does not know the rows of the floors above it.
ROWS_VERIFIED_BY = ["casework.exhibits.witnessed.problems", "casework.posts.witnessed.problems"]
# The scanner of this machine that screens for malware what comes in. None: nothing is screened, nothing is locked.
CLAMD_URL = env.local_daemon("CLAMD_URL")
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(CASEWORK_HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Nothing asks for a name without its hash, and source maps are for developers' tools: compressing both took most of
# the first start.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "jpeg", "gif", "webp", "woff", "woff2", "gz", "br", "map"]

# The log's signing key (C2SP private note key) as a file that only worker and scheduler can read.
SIGNING_KEY = env.text("SIGNING_KEY", str(CASEWORK_HOME / "keys" / "log.key"))
# The PKCS#12 file that signs PDFs; script/server makes a self-made one and the documents say so.
PDF_SIGNING_KEY = env.text("PDF_SIGNING_KEY", str(CASEWORK_HOME / "keys" / "pdf.p12"))
PDF_SIGNING_PASSPHRASE = env.secret("PDF_SIGNING_PASSPHRASE", "")
# What is asked of the world outside: times, cosignatures, and mailboxes that keep checkpoints.
TSA_URLS = env.addresses("TSA_URLS")
TSA_CERTIFICATES = Path(env.text("TSA_CERTIFICATES", str(CASEWORK_HOME / "authorities")))
TSA_INTERVAL_SECONDS = env.number("TSA_INTERVAL_SECONDS", 600)
LOG_POLICY = env.policy("LOG_POLICY")
CHECKPOINT_MAIL = env.mailboxes("CHECKPOINT_MAIL")

# Bytes received over HTTP stay in this folder until the store has them; the store's own filesystem is best.
# No door takes files unless it installs a handler of its own: see casework.exhibits.uploads.
FILE_UPLOAD_HANDLERS = ["casework.nofiles.RefuseFiles"]
FILE_UPLOAD_TEMP_DIR = env.text("UPLOAD_TEMP_DIR", str(CASEWORK_HOME / "incoming"))
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 200
MAX_UPLOAD_BYTES = int(env.text("MAX_UPLOAD_BYTES", str(16 * 2**30)))
# What one person's unfinished uploads may come to together.
UPLOAD_BYTES_OPEN = env.number("UPLOAD_BYTES_OPEN", 64 * 2**30)

# How many files and bytes one person takes out within an hour at full pace; beyond that one a minute, with an alarm.
EXPORT_FILES_AN_HOUR = env.number("EXPORT_FILES_AN_HOUR", 100)
EXPORT_BYTES_AN_HOUR = env.number("EXPORT_BYTES_AN_HOUR", 20 * 2**30)

CELERY_BROKER_URL = env.secret("BROKER_URL")

AUTH_USER_MODEL = "casework.User"
AUTHENTICATION_BACKENDS = ["casework.people.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# Whoever holds one of these roles in an open case adds a second factor before any other page. Unset, that is so where
# the work is real: over HTTPS, and not in the demo.
SECOND_FACTOR_FOR = env.some_of("SECOND_FACTOR_FOR", SECOND_FACTOR_ROLES, "administrator lead legal" if HTTPS
                                and not DEMO else "nobody")
# Who signs people in besides us, and the places outside that may be asked for it.
OIDC = env.provider(env.secret("OIDC_CLIENT_SECRET", ""))
ORIGINS_ASKED = list(OIDC.origins) if OIDC else []
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "casework.people.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# What seals, hands out or changes who may do what asks once more, and then not for five minutes.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Tries in a quarter of an hour, by account or known device (`key`, `user`) and by where they come from (`ip`). Whose
# account somebody else locks so still signs in with a passkey, and where they signed in before (people/devices.py).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip", "password_failed": "30/15m/ip,10/15m/key", "login_failed": "30/15m/ip,5/15m/key",
    "reauthenticate": "20/15m/user", "change_password": "10/15m/user", "known_device": "10/15m/key",
    "known_login": "30/m/key",
}
MFA_RATE_LIMITS = {"webauthn_login": "30/15m/ip"}
# Nobody is remembered on a shared machine: no such box, and the cookie goes when the browser closes.
ACCOUNT_SESSION_REMEMBER = False
# A code is good for its half minute, and once.
MFA_TOTP_TOLERANCE = 0
MFA_ADAPTER = "casework.people.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey always verifies its person, so it counts as both factors and signs in alone.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "casework.people.passkey_forms.AddForm",
    "edit_webauthn": "casework.people.passkey_forms.RenameForm",
    "authenticate_webauthn": "casework.people.passkey_forms.SecondFactorForm",
    "reauthenticate_webauthn": "casework.people.passkey_forms.ConfirmForm",
    "login_webauthn": "casework.people.passkey_forms.SignInForm",
}
# However much it is used; without use it is over sooner, see casework.people.models.SignIn.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "casework.people.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    # Browsers take these from this very host alone, over TLS alone.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = False
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []
SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", HTTPS)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
# Under no-referrer browsers send "Origin: null" with our own forms, which the CSRF check refuses.
# This tells others no more.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {"DIRECTIVES": origins.policy(CONTENT_URL, HTTPS)}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "casework_cache",
                      # The limits of tries live here. Beyond this many rows the backend throws some away, whichever:
                      # the 300 of its own accord would let many made-up addresses wash out what is counted.
                      "OPTIONS": {"MAX_ENTRIES": 100_000}}}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["casework.people.tokens.TokenAuthentication",
                                       "rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["casework.people.tokens.SignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["casework.wire.Json", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "casework.problems.handle",
    "DEFAULT_PAGINATION_CLASS": "casework.wire.Paging",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Casework", "DESCRIPTION": "Evidence case management. Every page has its call.", "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False, "SWAGGER_UI_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["casework.people.tokens.SignedIn"],
    # What is sent and what is answered are shapes of their own: a file that is sent is bytes and no address.
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "casework.described.refusals"],
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ur", "اردو")]
# What our own pages say, then our Urdu for what the libraries say on them.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "borrowed"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

EMAIL_URL = env.secret("EMAIL_URL", "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"casework@{ALLOWED_HOSTS[0]}")
if EMAIL_URL:
    _mail = env.parts("EMAIL_URL", EMAIL_URL)
    EMAIL_HOST, EMAIL_PORT = str(_mail.hostname), _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOG_FORMAT = env.choice("LOG_FORMAT", "line", "json") or "line"
LOGGING_CONFIG = "casework.quiet.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "hidden": env.secrets(),
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
                   "json": {"()": "casework.quiet.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # These write down what they send and receive.
        **{name: {"level": "WARNING"} for name in ("pikepdf", "fido2", "botocore", "boto3", "s3transfer", "urllib3",
                                                  "django.db.backends")},
        # The web server's lines come out where all others do, in the same form.
        **{name: {"handlers": [], "propagate": True} for name in ("gunicorn.error", "gunicorn.access")},
    },
}
