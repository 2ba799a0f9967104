"""Renders the page components to files for looking at and for tests; not shipped.

`PYTHONPATH=. python tests/frontend/gallery.py FOLDER` writes pages of all components, with their assets.
"""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import django
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

from tests.frontend.gallery_samples import BID_PAGE, NOW, WITHDRAWN, values

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAVIGATION = (
    ("首页", "/"),
    ("招标公告", "/tenders"),
    ("工作台", "/desk"),
    ("开标大厅", "/hall"),
    ("统计", "/figures"),
)
SYSTEMS = {
    "publicservice": "连云港市公共资源交易公共服务平台",
    "trading": "工程建设电子交易系统",
    "supervision": "工程建设行政监管系统",
}


def set_up() -> None:
    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "yuntai.kernel"],
        STATIC_URL="static/",
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {
                    "builtins": ["yuntai.kernel.templatetags.components"],
                    "string_if_invalid": "",
                },
            }
        ],
    )
    django.setup()


def frame(kind: str) -> dict[str, object]:
    caller = SimpleNamespace(person_name="李招标", organization_name="赣榆区农业农村局", role_name="招标人")
    return {
        "system_kind": kind,
        "system_name": SYSTEMS[kind],
        "system_nav": NAVIGATION,
        "request": SimpleNamespace(path="/tenders/E3207000001000001001"),
        "caller": None if kind == "publicservice" else caller,
        "sandbox": kind != "supervision",
        "clock_shifted": kind == "trading",
        "server_now": NOW,
        "csrf_token": "token-of-the-gallery",
    }


class SampleForm(forms.Form):
    """A Django form as a page would have it."""

    title = forms.CharField(label="项目名称", max_length=100, help_text="与审批文件一致。")
    price = forms.DecimalField(label="最高投标限价")
    agree = forms.BooleanField(label="已核对")
    token = forms.CharField(widget=forms.HiddenInput)


def extras() -> dict[str, object]:
    return {
        "reference": "7K2M-49QX",
        "title": "没有办理",
        "problem": {"detail": "已截止投标，逾期文件不予接收。", "clause": "tendering/28"},
        "form": SampleForm({"title": "班庄镇<农田>", "price": "十元", "token": "t"}),
        "bid_page": BID_PAGE,
        "withdrawn_sha256": WITHDRAWN,
        "sandbox_url": "/sandbox",
        "system_code": "trading-construction",
    }


# What a page is told otherwise than the others: at the login nothing was refused yet.
OWN: dict[str, dict[str, object]] = {"accounts/login": {"refusal": None}}


def main(folder: Path) -> None:
    set_up()
    folder.mkdir(parents=True, exist_ok=True)
    for source in (ROOT / "build" / "frontend", ROOT / "yuntai" / "kernel" / "static"):
        shutil.copytree(source, folder / "static", dirs_exist_ok=True)
    for kind in SYSTEMS:
        page = render_to_string("gallery.html", values() | frame(kind))
        (folder / f"{kind}.html").write_text(page, encoding="utf-8")
    for name in ("act", "accounts/login", "bid", "form", "refusal", "400", "403", "404", "500"):
        page = render_to_string(
            f"{name}.html", values() | frame("trading") | extras() | OWN.get(name, {}) | {"title": "没有办理"}
        )
        (folder / f"{Path(name).name}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
