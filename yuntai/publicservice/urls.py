"""Addresses of the platform: public pages, the register, the feed, the API; and the kernel's."""

from django.urls import URLPattern, URLResolver, path

from yuntai.kernel.urls import urlpatterns as kernel_urls
from yuntai.publicservice.api import api
from yuntai.publicservice.pages import connecting, feed, home, registry, system, systems, tender

urlpatterns: list[URLPattern | URLResolver] = [
    *kernel_urls,
    path("", home.home, name="home"),
    path("feed.atom", feed.feed, name="feed"),
    path("tenders/<str:code>", tender.tender, name="tender"),
    path("tenders/<str:code>/lots/<str:lot_code>/opening.csv", tender.opening_csv, name="opening-csv"),
    path("registry", registry.participants, name="participants"),
    path("registry/register", registry.register, name="register"),
    path("systems", systems.systems, name="systems"),
    path("systems.csv", systems.systems_csv, name="systems-csv"),
    path("systems/status", systems.systems_fragment, name="systems-fragment"),
    path("systems/enter", connecting.enter, name="enter-system"),
    path("systems/<str:code>", system.system, name="system"),
    path("systems/<str:code>/corrections", system.corrections, name="system-corrections"),
    path("systems/<str:code>/turn", system.turn, name="turn-system"),
    path("systems/<str:code>/trial", connecting.trial, name="system-trial"),
    path("systems/<str:code>/trial/sign", connecting.sign, name="sign-system"),
    path("systems/<str:code>/trial/challenge", connecting.challenge, name="answer-challenge"),
    path("systems/<str:code>/trial/call", connecting.call, name="call-system"),
    path("systems/<str:code>/trial/restart", connecting.restart, name="restart-trial"),
    path("systems/<str:code>/key", connecting.change_key, name="change-system-key"),
    path("api/v1/", api.urls),
]
