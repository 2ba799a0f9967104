"""Settings of the public service platform.  What differs between two cities comes from the environment.

Nothing of trading or supervision may be listed: they are not in this image.
"""

from yuntai.kernel import config
from yuntai.kernel.settings import *  # noqa: F403
from yuntai.kernel.settings import INSTALLED_APPS as KERNEL_APPS

SYSTEM_KIND = "publicservice"
# The testing bodies whose reports are published as certificates, TOML.
TESTING_BODIES_FILE = config.in_sandbox("TESTING_BODIES_FILE", "")

# The key that signs identity tokens (PEM, P-256), and the systems that may ask for them.
LOGIN_KEY_FILE = config.in_sandbox("LOGIN_KEY_FILE", "")
LOGIN_CLIENTS_FILE = config.in_sandbox("LOGIN_CLIENTS_FILE", "")

INSTALLED_APPS = [
    *KERNEL_APPS,
    "django.contrib.postgres",
    "yuntai.publicservice.exchange",
    "yuntai.publicservice.identity",
    "yuntai.publicservice.systems",
    "yuntai.publicservice.codes",
    "yuntai.publicservice.quality",
    "yuntai.publicservice.reconciliation",
    "yuntai.publicservice.registry",
    "yuntai.publicservice.certification",
    "yuntai.publicservice.portal",
    "yuntai.publicservice.following",
    "yuntai.publicservice",
]
ROOT_URLCONF = "yuntai.publicservice.urls"
WSGI_APPLICATION = "yuntai.publicservice.wsgi.application"

NAVIGATION = (
    ("交易信息", "/"),
    ("市场主体", "/registry"),
    ("对接系统", "/systems"),
    ("检测认证", "/certification"),
    ("接口标准", "/standard/"),
    ("工作台", "/desk"),
)
LOGIN_REDIRECT_URL = "/desk"
ROLES_OF = "yuntai.publicservice.roles.roles_of"
LOGIN_PAGE_PART = "publicservice/_passkey_login.html"

INBOX_HANDLERS = "yuntai.publicservice.handlers.HANDLERS"
INBOX_REFUSAL = "yuntai.publicservice.exchange.services.why_refused"
INBOX_ON_STORED = "yuntai.publicservice.exchange.services.forward"
INBOX_ON_FORK = "yuntai.publicservice.exchange.services.tell_of_forks"
WORKER_TASKS = [
    "yuntai.publicservice.quality.services.close_days",
    "yuntai.publicservice.reconciliation.due.reconcile_due",
]
