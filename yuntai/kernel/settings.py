"""Settings that all systems share; each system's settings.py starts from these and adds its own apps.

What differs between two deployments comes from the environment (kernel.config), never from an edit here.
"""

from pathlib import Path

from yuntai.kernel import config
from yuntai.trust import clock, libcrypto

SANDBOX = config.SANDBOX
if not SANDBOX:
    clock.require_unshifted()
try:
    libcrypto.require_sm2()
except libcrypto.Sm2Missing as error:
    raise config.ConfigError(str(error)) from error

SYSTEM_CODE = config.in_sandbox("SYSTEM_CODE", "sandbox")
SYSTEM_TITLE = config.in_sandbox("SYSTEM_TITLE", "云台")
PUBLIC_URL = config.in_sandbox("PUBLIC_URL", "http://localhost:8000")
PLATFORM_URL = config.in_sandbox("PLATFORM_URL", "http://localhost:8000")
SANDBOX_URL = config.text("SANDBOX_URL", "") if SANDBOX else ""
OPERATOR_CODE = config.in_sandbox("OPERATOR_CODE", "")
OPERATOR_NAME = config.in_sandbox("OPERATOR_NAME", "演示运营机构")

SECRET_KEY = config.secret("SECRET_KEY")
SIGNING_KEY_FILE = config.in_sandbox("SIGNING_KEY_FILE", "")
PEERS_FILE = config.in_sandbox("PEERS_FILE", "")
# The trust list that a deployment starts with, and who may sign its next versions.
TRUST_LIST_FILE = config.in_sandbox("TRUST_LIST_FILE", "")
TRUST_OFFICERS_FILE = config.in_sandbox("TRUST_OFFICERS_FILE", "")
# Bare roots, which nobody revokes: for the tests of a sandbox without a list.
TRUST_ROOTS_FILE = config.text("TRUST_ROOTS_FILE", "") if SANDBOX else ""
FILES_DIR = Path(config.in_sandbox("FILES_DIR", "build/files"))

DEBUG = False
ALLOWED_HOSTS = config.text("HOSTS", "localhost").split(",")

# Migrations run as the owner of the tables; the running system can neither alter them nor drop a trigger.
_owner = config.text("YUNTAI_DB_ROLE", "app") == "owner"
DB_APP_USER = config.in_sandbox("DB_USER", "yuntai")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": config.in_sandbox("DB_NAME", "yuntai"),
        "USER": config.in_sandbox("DB_OWNER_USER", DB_APP_USER) if _owner else DB_APP_USER,
        "PASSWORD": config.secret("DB_OWNER_PASSWORD" if _owner else "DB_PASSWORD"),
        "HOST": config.in_sandbox("DB_HOST", "localhost"),
        "PORT": config.in_sandbox("DB_PORT", "5432"),
        "OPTIONS": {"application_name": SYSTEM_CODE, "connect_timeout": 5},
        # Costs one round trip, and spares every request an error after the database was restarted.
        "CONN_HEALTH_CHECKS": True,
    }
}
if config.flag("DB_POOL", default=False):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}  # type: ignore[index]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "yuntai.kernel",
    "yuntai.kernel.accounts",
    "yuntai.kernel.audit",
    "yuntai.kernel.recognition",
    "yuntai.kernel.outbox",
    "yuntai.kernel.inbox",
    "yuntai.kernel.connected",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yuntai.kernel.body_limits.BodyLimitMiddleware",
    "yuntai.kernel.bad_input.NulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yuntai.kernel.accounts.middleware.CallerMiddleware",
    "yuntai.kernel.refusals.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "yuntai.kernel.page_context.frame",
            ],
            "builtins": ["yuntai.kernel.templatetags.components"],
        },
    }
]

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["yuntai.kernel.accounts.login.CertificateBackend"]
LOGIN_URL = "/login"
# Template of what the login page offers beside the certificate; "" for nothing.
LOGIN_PAGE_PART = ""
# By which a system that logs people in through the platform proves itself there.
LOGIN_CLIENT_SECRET = ""

# Ports share cookies, so each system's cookies carry its code.
_cookie_prefix = "yuntai_" + SYSTEM_CODE.replace("-", "_")
SESSION_COOKIE_NAME = f"{_cookie_prefix}_session"
CSRF_COOKIE_NAME = f"{_cookie_prefix}_csrf"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "yuntai.kernel.refusals.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", *([SANDBOX_URL] if SANDBOX_URL else [])],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = Path(config.in_sandbox("STATIC_ROOT", "build/static"))
_built_frontend = Path(__file__).parents[2] / "build" / "frontend"
STATICFILES_DIRS = [_built_frontend] if _built_frontend.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The most that is read into memory, the same as kernel.body_limits; files are read in pieces.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# How full the disk is, and who is told of a sender that signs two histories.
DISK_USE = "yuntai.kernel.inbox.pressure.disk_used"
INBOX_ON_FORK = ""

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}
