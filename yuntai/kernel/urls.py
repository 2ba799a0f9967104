"""Addresses that every system has."""

from django.urls import URLPattern, URLResolver, path

from yuntai.kernel import health
from yuntai.kernel.accounts import pages as accounts
from yuntai.kernel.api import exchange_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("clock", health.server_clock),
    path("login", accounts.login_page, name="login"),
    path("login/challenge", accounts.challenge, name="login-challenge"),
    path("login/answer", accounts.answer, name="login-answer"),
    path("logout", accounts.logout, name="logout"),
    path("exchange/v1/", exchange_api.urls),
]
