"""The page on which an operator changes who answers for its system."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from yuntai.kernel.tests.operators import Operator, write_roots
from yuntai.publicservice.systems.models import ConnectedSystem
from yuntai.publicservice.tests.applicants import Applicant
from yuntai.publicservice.tests.test_systems_page import logged_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/systems/trading-harbour/responsible"


@pytest.fixture
def joined(client: Client, settings: Any, tmp_path: Path) -> Applicant:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
    applicant = Applicant()
    applicant.connect()
    logged_in(client, applicant.operator.caller)
    return applicant


def typed(*persons: tuple[str, str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for number, (name, duty) in enumerate(persons, start=1):
        fields |= {f"name_{number}": name, f"duty_{number}": duty}
    return fields


def stored() -> Any:
    return ConnectedSystem.objects.get(code="trading-harbour").responsible


def test_the_operator_sees_who_answers_now_and_publishes_others(client: Client, joined: Applicant) -> None:
    assert PAGE in text_of(client.get("/systems/trading-harbour"))
    assert 'value="冯运营"' in text_of(client.get(PAGE))

    answer = client.post(PAGE, typed(("陈新任", "主要负责人"), ("", ""), ("褚副职", "技术负责人")))

    assert answer["Location"] == "/systems/trading-harbour"
    assert "陈新任（主要负责人）、褚副职（技术负责人）" in text_of(client.get("/systems/trading-harbour"))


@pytest.mark.parametrize(
    ("persons", "said"),
    [((("", ""),), "没有填写"), ((("陈新任", "负责人"), ("褚副职", "")), "1 至 50 个字")],
)
def test_a_missing_name_or_duty_is_refused_and_what_was_typed_stays(
    client: Client, joined: Applicant, persons: tuple[tuple[str, str], ...], said: str
) -> None:
    answer = client.post(PAGE, typed(*persons))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'value="{persons[-1][0]}"' in text_of(answer) or not persons[-1][0]
    assert stored() == [{"name": "冯运营", "duty": "主要负责人"}]


def test_nobody_else_may(client: Client, joined: Applicant) -> None:
    client.logout()
    assert client.post(PAGE, typed(("陈新任", "负责人"))).status_code == 401
    logged_in(client, Operator(number=72).caller)

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, typed(("陈新任", "负责人"))).status_code == 403
    assert "变更负责人员" not in text_of(client.get("/systems/trading-harbour"))
    assert stored() == [{"name": "冯运营", "duty": "主要负责人"}]
