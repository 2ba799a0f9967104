"""Settings of every trading system.  What differs between two of them comes from the environment."""

from yuntai import procedures
from yuntai.kernel import config
from yuntai.kernel.settings import *  # noqa: F403
from yuntai.kernel.settings import INSTALLED_APPS as KERNEL_APPS
from yuntai.trust.suites import SUITES

SYSTEM_KIND = "trading"
INDUSTRY = config.choice("TRADING_INDUSTRY", procedures.industries())
# Four digits inside each project code: the trading system's number (平台标识) at the platform.
PLATFORM_NUMBER = config.in_sandbox("PLATFORM_NUMBER", "0001")
SEALING_SUITE = config.choice("SEALING_SUITE", tuple(SUITES))
PSEUDONYM_KEY_FILE = config.in_sandbox("PSEUDONYM_KEY_FILE", "")
HOLDERS_FILE = config.in_sandbox("HOLDERS_FILE", "")
EXPERTS_FILE = config.in_sandbox("EXPERTS_FILE", "")

# Nothing of supervision or publicservice may be listed: they are not in this image.
INSTALLED_APPS = [
    *KERNEL_APPS,
    "yuntai.trading",
    "yuntai.trading.parties",
    "yuntai.trading.tenders",
    "yuntai.trading.bids",
    "yuntai.trading.opening",
    "yuntai.trading.evaluating",
    "yuntai.trading.awards",
    "yuntai.trading.contracts",
]
ROOT_URLCONF = "yuntai.trading.urls"
WSGI_APPLICATION = "yuntai.trading.wsgi.application"
LOGIN_REDIRECT_URL = "/desk"
NAVIGATION = (("招标项目", "/"), ("工作台", "/desk"))
ROLES_OF = "yuntai.trading.roles.roles_of"
LOGIN_PAGE_PART = "accounts/_platform_login.html"
LOGIN_CLIENT_SECRET = config.secret("LOGIN_CLIENT_SECRET")
INBOX_HANDLERS = "yuntai.trading.handlers.HANDLERS"
INBOX_REFUSAL = ""
INBOX_ON_STORED = "yuntai.kernel.connected.services.note_listed"
WORKER_TASKS = ["yuntai.trading.worker.act_on_due_lots"]
