"""Addresses of a trading system."""

from django.urls import include, path

from yuntai.kernel.api import new_api
from yuntai.kernel.urls import platform_login, self_test
from yuntai.trading.api import about, bids, catalogue, holders, results
from yuntai.trading.pages import urls as pages

api = new_api("云台交易系统接口", "trading")
api.add_router("", catalogue.router)
api.add_router("", bids.router)
api.add_router("", results.router)

holders_api = new_api("开标密钥保管方接口", "holders")
holders_api.add_router("", holders.router)

urlpatterns = [
    path("", include("yuntai.kernel.urls")),
    *platform_login,
    *self_test,
    path(".well-known/trading-system.json", about.about),
    path("api/v1/", api.urls),
    path("holders/v1/", holders_api.urls),
    path("", include(pages)),
]
