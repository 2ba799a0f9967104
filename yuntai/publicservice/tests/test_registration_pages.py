"""Papers, versions and verdicts over HTTP: who may see them, and what the pages say."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yuntai.kernel.accounts.caller import Caller
from yuntai.publicservice.registry.models import Paper, Participant, Verdict
from yuntai.publicservice.tests.factories import AUTHORITY, BIDDERS, caller
from yuntai.publicservice.tests.test_registry_pages import TYPED, logged_in, text_of

pytestmark = pytest.mark.django_db(transaction=True)

PDF = b"%PDF-1.7 licence"
VERSIONS = f"/registry/{BIDDERS[0]}/versions"
PAPER = f"{VERSIONS}/1/papers/licence"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def operator() -> Caller:
    return caller(
        person_id="P-0009",
        person_name="周运营",
        organization_code=AUTHORITY,
        organization_name="公共资源交易中心",
        roles=frozenset({"operator"}),
    )


def file(name: str = "营业执照.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def submit(client: Client, **more: Any) -> Any:
    return client.post("/registry/register", TYPED | more)


def test_takes_a_paper_and_gives_it_back_as_a_download(client: Client) -> None:
    logged_in(client, caller())

    assert submit(client, licence=file()).status_code == 302

    paper = Paper.objects.get()
    assert (paper.kind, paper.name, paper.size, paper.media_type) == (
        "licence",
        "营业执照.pdf",
        len(PDF),
        "application/pdf",
    )
    answer = client.get(PAPER)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("执照.pdf", b"<html>x</html>", "内容不是 PDF、JPEG、PNG，改扩展名没有用"),
        ("执照.png", b"MZ\x90\x00", "内容不是 PDF、JPEG、PNG"),
        ("执照.pdf", b"", "是空文件"),
        ("执照.pdf", b"%PDF-" + bytes(10 * 1024 * 1024), "超过每份 10 MB 的上限"),
    ],
)
def test_a_file_that_will_not_do_is_refused_at_its_field(
    client: Client, name: str, content: bytes, sentence: str
) -> None:
    logged_in(client, caller())

    answer = submit(client, licence=file(name, content))

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert '<a href="#id_licence">' in text_of(answer)
    assert not Participant.objects.exists()


def test_a_paper_is_kept_over_a_refusal(client: Client) -> None:
    logged_in(client, caller())

    refused = submit(client, licence=file(), contact_phone="1")
    assert "已选好：营业执照.pdf" in text_of(refused)
    token = refused.content.decode().split('name="kept" value="')[1].split('"')[0]
    submit(client, kept=token)

    assert Paper.objects.get().name == "营业执照.pdf"


def test_a_made_up_token_is_no_paper(client: Client) -> None:
    logged_in(client, caller())

    submit(client, kept="forged:token:1")

    assert Participant.objects.exists()
    assert not Paper.objects.exists()


def test_a_paper_goes_on_counting_until_another_replaces_it(client: Client) -> None:
    logged_in(client, caller())
    submit(client, licence=file())
    submit(client, version="1", qualification=file("资质.pdf"))
    submit(client, version="2", licence=file("新执照.pdf", PDF + b"2"))

    names = Paper.objects.filter(version__number=3).order_by("kind").values_list("name", flat=True)
    assert list(names) == ["新执照.pdf", "资质.pdf"]
    shown = text_of(client.get(VERSIONS))
    assert "营业执照或法人登记证书：<del>营业执照.pdf</del> → <ins>新执照.pdf</ins>" in shown


@pytest.mark.parametrize(
    "who",
    [caller(organization_code=BIDDERS[1]), caller(organization_code="", roles=frozenset({"citizen"}))],
    ids=["another organization", "a citizen"],
)
def test_papers_and_versions_are_hidden_from_others(who: Caller) -> None:
    owner, other = Client(), Client()
    logged_in(owner, caller())
    submit(owner, licence=file())
    logged_in(other, who)

    assert [other.get(address).status_code for address in (VERSIONS, PAPER)] == [404, 404]
    assert Client().get(PAPER).status_code == 302


def test_the_operator_sees_what_waits_and_decides(client: Client) -> None:
    owner = Client()
    logged_in(owner, caller())
    submit(owner, licence=file())
    logged_in(client, operator())

    desk = text_of(client.get("/desk"))
    page = text_of(client.get(VERSIONS))
    answer = client.post(f"{VERSIONS}/1/verify")

    assert "1 份登记待核实，先提交的在前" in desk
    assert f'href="{VERSIONS}"' in desk
    assert "核实通过" in page
    assert b"".join(client.get(PAPER).streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer.status_code == 302
    assert Participant.objects.get().verified_roles == ["bidder"]
    assert "没有待核实的登记。" in text_of(client.get("/desk"))
    assert "已核实" in text_of(owner.get("/registry"))


def test_a_return_without_reasons_stays_on_the_page(client: Client) -> None:
    owner = Client()
    logged_in(owner, caller())
    submit(owner)
    logged_in(client, operator())

    refused = client.post(f"{VERSIONS}/1/return", {"reasons": " "})
    taken = client.post(f"{VERSIONS}/1/return", {"reasons": "住所与执照不符。"})

    assert refused.status_code == 422
    assert "退回须写明理由" in text_of(refused)
    assert taken.status_code == 302
    assert Verdict.objects.get().reasons == "住所与执照不符。"
    desk = text_of(owner.get("/desk"))
    assert "住所与执照不符。" in desk
    assert "退回不影响参加交易" in desk


def test_an_organization_cannot_verify_itself(client: Client) -> None:
    logged_in(client, caller())
    submit(client)

    assert client.post(f"{VERSIONS}/1/verify").status_code == 403
    assert not Verdict.objects.exists()


def test_the_form_says_that_verifying_is_no_gate(client: Client) -> None:
    logged_in(client, caller())

    assert "平台核实只作标注，不是参加交易的前提" in text_of(client.get("/registry/register"))
