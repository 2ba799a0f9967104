"""Addresses of the platform: public pages, the register, the feed, the API; and the kernel's."""

from django.urls import URLPattern, URLResolver, path

from yuntai.kernel.urls import urlpatterns as kernel_urls
from yuntai.publicservice.api import api
from yuntai.publicservice.certification.pages import urlpatterns as certification_urls
from yuntai.publicservice.pages import feed, home, registry, systems, tender

urlpatterns: list[URLPattern | URLResolver] = [
    *kernel_urls,
    path("", home.home, name="home"),
    path("feed.atom", feed.feed, name="feed"),
    path("tenders/<str:code>", tender.tender, name="tender"),
    path("tenders/<str:code>/lots/<str:lot_code>/opening.csv", tender.opening_csv, name="opening-csv"),
    path("registry", registry.participants, name="participants"),
    path("registry/register", registry.register, name="register"),
    path("systems", systems.systems, name="systems"),
    *certification_urls,
    path("api/v1/", api.urls),
]
