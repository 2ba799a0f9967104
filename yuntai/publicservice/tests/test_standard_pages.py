"""The published standard at the platform."""

import re
from posixpath import join, normpath

import pytest
from django.test import Client

from yuntai.standard.datasets.pages import files

SITE = files()


def test_leads_to_the_first_page(client: Client) -> None:
    answer = client.get("/standard/")

    assert answer["Location"] == "/standard/index.html"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("standard.css", "text/css; charset=utf-8"),
        ("search.js", "text/javascript; charset=utf-8"),
        ("datasets/501.json", "application/json; charset=utf-8"),
        ("datasets/501.toml", "text/plain; charset=utf-8"),
        ("errors.csv", "text/csv; charset=utf-8"),
    ],
)
def test_gives_each_file_as_what_it_is(client: Client, path: str, content_type: str) -> None:
    answer = client.get(f"/standard/{path}")

    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
    assert answer.content.decode() == SITE[path]


@pytest.mark.parametrize("path", ["index.html", "datasets/501.html", "connect/messages.html"])
def test_a_page_leads_back_to_the_platform_and_is_else_as_generated(client: Client, path: str) -> None:
    answer = client.get(f"/standard/{path}")
    page = answer.content.decode()

    back = re.search(r'<p class="back"><a href="/">← (.+)</a></p>\n', page)
    mark = re.search(r'<link rel="icon" .*>\n', page)
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert back is not None
    assert mark is not None
    assert page.replace(back[0], "").replace(mark[0], "") == SITE[path]


@pytest.mark.parametrize("path", ["nothing.html", "../settings.py", "datasets/", "%2e%2e/manage.py"])
def test_gives_nothing_else(client: Client, path: str) -> None:
    assert client.get(f"/standard/{path}").status_code == 404


def test_every_link_of_the_first_page_leads_somewhere(client: Client) -> None:
    links = re.findall(
        r'(?:href|src)="([^"#:]+)(?:#[^"]*)?"', client.get("/standard/index.html").content.decode()
    )

    assert len(links) > 100
    own = [link for link in links if not link.startswith("/")]
    assert [link for link in own if normpath(join("", link)) not in SITE] == []
