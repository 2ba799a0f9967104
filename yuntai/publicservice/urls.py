"""Addresses of the platform: public pages, the register, the feed, the API; and the kernel's."""

from django.urls import URLPattern, URLResolver, path

from yuntai.kernel.urls import self_test
from yuntai.kernel.urls import urlpatterns as kernel_urls
from yuntai.publicservice.api import api
from yuntai.publicservice.certification.pages import urlpatterns as certification_urls
from yuntai.publicservice.pages import (
    connecting,
    desk,
    feed,
    following,
    home,
    oidc,
    passkeys,
    registration,
    registry,
    standard,
    system,
    systems,
    tender,
    trust_list,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *kernel_urls,
    *self_test,
    path("", home.home, name="home"),
    path("feed.atom", feed.feed, name="feed"),
    path("tenders/<str:code>", tender.tender, name="tender"),
    path("tenders/<str:code>/lots/<str:lot_code>/opening.csv", tender.opening_csv, name="opening-csv"),
    path("tenders/<str:code>/follow", following.follow, name="follow"),
    path("tenders/<str:code>/unfollow", following.unfollow, name="unfollow"),
    path("desk/read", following.read, name="read-news"),
    path("registry", registry.participants, name="participants"),
    path("registry/register", registration.register, name="register"),
    path("registry/<str:code>/versions", registration.versions, name="registration-versions"),
    path("registry/<str:code>/versions/<int:number>/verify", registration.verify, name="verify-registration"),
    path(
        "registry/<str:code>/versions/<int:number>/return", registration.send_back, name="return-registration"
    ),
    path(
        "registry/<str:code>/versions/<int:number>/papers/<str:kind>",
        registration.paper,
        name="registration-paper",
    ),
    path("desk", desk.desk, name="desk"),
    path("passkeys", passkeys.passkeys, name="passkeys"),
    path("passkeys/<int:key>/rename", passkeys.rename, name="rename-passkey"),
    path("passkeys/<int:key>/remove", passkeys.remove, name="remove-passkey"),
    path("citizens/register", passkeys.citizen_page, name="citizen"),
    path(".well-known/openid-configuration", oidc.discovery),
    path("oidc/authorize", oidc.authorize, name="oidc-authorize"),
    path("oidc/token", oidc.token, name="oidc-token"),
    path("oidc/keys", oidc.keys, name="oidc-keys"),
    path("api/identity/passkeys/options", passkeys.ask_to_add),
    path("api/identity/passkeys", passkeys.add),
    path("api/identity/login/options", passkeys.ask_to_log_in),
    path("api/identity/login", passkeys.log_in),
    path("api/identity/citizens/options", passkeys.ask_to_register),
    path("api/identity/citizens", passkeys.register),
    path("systems", systems.systems, name="systems"),
    path("standard/", standard.first_page, name="standard-first"),
    path("standard/<path:path>", standard.standard, name="standard"),
    path("trust-list", trust_list.trust_list, name="trust-list"),
    path("trust-list.json", trust_list.trust_list_file, name="trust-list-file"),
    path("trust-list/publish", trust_list.publish, name="publish-trust-list"),
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
    *certification_urls,
    path("api/v1/", api.urls),
]
