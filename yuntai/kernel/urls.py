"""Addresses that every system has."""

from django.urls import URLPattern, URLResolver, path

from yuntai.kernel import health, selftest, status
from yuntai.kernel.accounts import pages as accounts
from yuntai.kernel.accounts import platform_pages
from yuntai.kernel.api import exchange_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("clock", health.server_clock),
    path("status", status.status_page, name="status"),
    path("login", accounts.login_page, name="login"),
    path("login/challenge", accounts.challenge, name="login-challenge"),
    path("login/answer", accounts.answer, name="login-answer"),
    path("logout", accounts.logout, name="logout"),
    path("logged-out", accounts.logged_out, name="logged-out"),
    path("exchange/v1/", exchange_api.urls),
]

# Of every system but the platform, which is what they log in through.
platform_login: list[URLPattern | URLResolver] = [
    path("login/platform", platform_pages.to_platform, name="platform-login"),
    path("login/platform/return", platform_pages.from_platform, name="platform-login-return"),
]

# Of the systems that bidders use.
self_test: list[URLPattern | URLResolver] = [
    path("selftest", selftest.page, name="selftest"),
    path("api/selftest/challenge", selftest.challenge),
    path("api/selftest/certificate", selftest.certificate),
    path("api/selftest/upload", selftest.upload),
]
