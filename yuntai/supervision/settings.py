"""Settings of every supervision system.  What differs between two authorities comes from the environment.

Nothing of trading or publicservice may be listed: they are not in this image.
"""

from yuntai.kernel import config
from yuntai.kernel.settings import *  # noqa: F403
from yuntai.kernel.settings import INSTALLED_APPS as KERNEL_APPS

SYSTEM_KIND = "supervision"

# The codes of the seven industries, said here too: supervision does not read them from what it supervises.
INDUSTRIES = ("construction", "transport", "water", "procurement", "land", "state_assets", "medical")
SUPERVISION_INDUSTRY = config.choice("SUPERVISION_INDUSTRY", INDUSTRIES)
# The authority (行政监督部门) whose people work here; the sandbox code verifies and belongs to nobody.
AUTHORITY_CODE = config.in_sandbox("AUTHORITY_CODE", "91320700MA990001X1")
AUTHORITY_NAME = config.in_sandbox("AUTHORITY_NAME", "演示市住房和城乡建设局")

INSTALLED_APPS = [
    *KERNEL_APPS,
    "yuntai.supervision.intake",
    "yuntai.supervision.monitoring",
    "yuntai.supervision",
]
ROOT_URLCONF = "yuntai.supervision.urls"
WSGI_APPLICATION = "yuntai.supervision.wsgi.application"

NAVIGATION = (
    ("监督台", "/"),
    ("项目", "/tenders"),
    ("预警", "/warnings"),
    ("指令", "/directives"),
    ("监督公开", "/public"),
)
LOGIN_REDIRECT_URL = "/"
ROLES_OF = "yuntai.supervision.roles.roles_of"
LOGIN_PAGE_PART = "accounts/_platform_login.html"
LOGIN_CLIENT_SECRET = config.secret("LOGIN_CLIENT_SECRET")

INBOX_HANDLERS = "yuntai.supervision.handlers.HANDLERS"
INBOX_REFUSAL = "yuntai.supervision.intake.refusals.why_refused"
INBOX_ON_STORED = "yuntai.kernel.connected.services.note_listed"
WORKER_TASKS: list[str] = []
