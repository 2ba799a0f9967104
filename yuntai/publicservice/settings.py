"""Settings of the public service platform.  What differs between two cities comes from the environment.

Nothing of trading or supervision may be listed: they are not in this image.
"""

from yuntai.kernel import config
from yuntai.kernel.settings import *  # noqa: F403
from yuntai.kernel.settings import INSTALLED_APPS as KERNEL_APPS

SYSTEM_KIND = "publicservice"
# The testing bodies whose reports are published as certificates, TOML.
TESTING_BODIES_FILE = config.in_sandbox("TESTING_BODIES_FILE", "")

INSTALLED_APPS = [
    *KERNEL_APPS,
    "django.contrib.postgres",
    "yuntai.publicservice.exchange",
    "yuntai.publicservice.registry",
    "yuntai.publicservice.certification",
    "yuntai.publicservice.portal",
    "yuntai.publicservice",
]
ROOT_URLCONF = "yuntai.publicservice.urls"
WSGI_APPLICATION = "yuntai.publicservice.wsgi.application"

NAVIGATION = (
    ("交易信息", "/"),
    ("市场主体", "/registry"),
    ("对接系统", "/systems"),
    ("检测认证", "/certification"),
)
LOGIN_REDIRECT_URL = "/registry/register"
ROLES_OF = "yuntai.publicservice.roles.roles_of"

INBOX_HANDLERS = "yuntai.publicservice.handlers.HANDLERS"
INBOX_REFUSAL = "yuntai.publicservice.exchange.services.why_refused"
INBOX_ON_STORED = "yuntai.publicservice.exchange.services.forward"
WORKER_TASKS: list[str] = []
