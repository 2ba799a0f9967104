"""Back-pressure: credit, 429 with Retry-After, and only small batches when the disk is nearly full."""

import pytest
from django.test import Client
from pytest_django import Settings

from yuntai.kernel.inbox import pressure
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.tests.exchange import US, HubStream, receive
from yuntai.standard.receipts import Batch

pytestmark = pytest.mark.django_db(transaction=True)
USED = [0.0]


def disk() -> float:
    return USED[0]


def post(client: Client, batch: Batch) -> tuple[int, str, str]:
    answer = client.post("/exchange/v1/messages", batch.model_dump_json(), content_type="application/json")
    return answer.status_code, answer.json().get("type", ""), answer.headers.get("Retry-After", "")


def test_credit_is_what_may_still_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressure, "MOST_WAITING", 12)
    stream = HubStream(US)

    assert receive(*stream.batch(5).messages).credit == 12
    assert receive(*stream.batch(5).messages).credit == 7


def test_takes_nothing_when_too_many_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressure, "MOST_WAITING", 5)
    stream = HubStream(US)
    receive(*stream.batch(5).messages)
    sixth = stream.batch(1)

    assert post(client, sixth) == (429, "urn:problem:receiver-busy", "10")

    assert InboxMessage.objects.count() == 5
    monkeypatch.setattr(pressure, "MOST_WAITING", 6)
    assert post(client, sixth)[0] == 200


@pytest.mark.parametrize(("used", "status"), [(0.85, 200), (0.8501, 429)])
def test_only_small_batches_when_the_disk_is_nearly_full(
    client: Client, settings: Settings, used: float, status: int
) -> None:
    settings.DISK_USE = "yuntai.kernel.tests.test_pressure.disk"
    USED[0] = used
    stream = HubStream(US)
    assert post(client, stream.batch(1))[0] == 200

    large = stream.batch(30)

    assert len(large.model_dump_json()) > pressure.SMALL_BYTES
    assert post(client, large)[0] == status
    assert InboxMessage.objects.count() == (31 if status == 200 else 1)


def test_measures_the_disk_of_the_system_s_files() -> None:
    assert 0 < pressure.disk_used() < 1
