"""Addresses of a supervision system; tests/test_no_trading_act.py holds the list: none is a trading act."""

from django.urls import URLPattern, URLResolver, path

from yuntai.kernel.urls import platform_login
from yuntai.kernel.urls import urlpatterns as kernel_urls
from yuntai.supervision.pages import board, directives, messages, public, tenders, warnings

urlpatterns: list[URLPattern | URLResolver] = [
    *kernel_urls,
    *platform_login,
    path("", board.board_page, name="board"),
    path("board", board.board_fragment, name="board-fragment"),
    path("tenders", tenders.tender_list, name="tenders"),
    path("tenders/<str:tender_code>", tenders.tender_page, name="tender"),
    path("messages/<int:key>", messages.message_page, name="message"),
    path("warnings", warnings.warning_list, name="warnings"),
    path("warnings/<str:warning_id>", warnings.warning_page, name="warning"),
    path("warnings/<str:warning_id>/dismiss", warnings.dismiss, name="dismiss-warning"),
    path("warnings/<str:warning_id>/suspend", directives.suspend, name="direct-suspension"),
    path("directives", directives.directive_list, name="directives"),
    path("directives/<str:directive_id>/resume", directives.resume, name="direct-resumption"),
    path("public", public.public_page, name="public"),
]
