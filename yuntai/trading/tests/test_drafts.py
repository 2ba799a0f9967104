"""Acts on a draft: who learns of it, its documents, its deadline, its end."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.audit.services import version_of
from yuntai.kernel.documents import store
from yuntai.kernel.errors import DomainError, Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.tenders import document_rules
from yuntai.trading.tenders.drafting import KeyStatement
from yuntai.trading.tenders.drafts import add_document, discard_draft, move_draft_deadline, require_may_add
from yuntai.trading.tenders.models import Document, HolderKey, Lot, Project, Tender
from yuntai.trading.tenders.queries import lots_wanting_keys
from yuntai.trading.tenders.refusals import (
    AlreadyPublished,
    DeadlineOnlyLater,
    DeadlinePassed,
    DeadlineTooFar,
    DeadlineTooSoon,
    DocumentRefused,
    KeysMissing,
    TenderNotFound,
)
from yuntai.trading.tenders.services import note_holder_key, publish_notice
from yuntai.trading.tests import people, world
from yuntai.trading.tests.world import DUE, OPENED
from yuntai.trust.suites import INTERNATIONAL

pytestmark = pytest.mark.django_db(transaction=True)
INITIATOR = people.initiator().caller
DAY = timedelta(days=1)


def move(tender: Tender, to: datetime, now: datetime = OPENED) -> Tender:
    return move_draft_deadline(tender_code=tender.code, bids_due_at=to, caller=INITIATOR, now=now)


def discard(tender: Tender, person: people.Person | None = None) -> None:
    discard_draft(tender_code=tender.code, caller=(person or people.initiator()).caller, now=OPENED)


def add(tender: Tender, content: bytes, name: str = "招标文件.pdf") -> Document:
    size = len(content)
    sha256 = hashlib.sha256(content).hexdigest()
    store.put([content], announced_sha256=sha256)
    return add_document(
        tender_code=tender.code, name=name, sha256=sha256, size=size, caller=INITIATOR, now=OPENED
    )


def test_a_draft_is_told_to_nobody() -> None:
    tender = world.make_draft()
    world.give_keys(tender)
    move(tender, DUE + DAY)

    assert not OutboxMessage.objects.exists()


def test_the_notice_introduces_the_tender_in_one_transaction() -> None:
    place = world.publish()

    told = OutboxMessage.objects.filter(subject=place.tender.code).order_by("id")
    assert [(each.type, each.body["occurred_at"]) for each in told] == [
        ("trading.tender.registered.v1", "2026-03-02T01:00:00Z"),
        ("trading.tender.notice-published.v1", "2026-03-02T01:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("due_at", "must_tender", "refusal"),
    [
        (DUE - DAY, True, DeadlinePassed),
        (datetime(2026, 3, 10, 15, 59, tzinfo=UTC), False, DeadlineTooSoon),
        (datetime(2026, 3, 25, 15, 59, tzinfo=UTC), True, DeadlineTooSoon),
        (DUE - DAY + timedelta(days=730, microseconds=1), True, DeadlineTooFar),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), True, DeadlineTooFar),
        (datetime(1, 1, 1, tzinfo=UTC), False, DeadlinePassed),
    ],
    ids=["now", "short of 5 days", "short of 20 days", "beyond two years", "year 9999", "year 1"],
)
def test_drafts_no_deadline_that_could_not_be_published(
    due_at: datetime, must_tender: bool, refusal: type[DomainError]
) -> None:
    now = DUE - DAY if refusal is not DeadlineTooSoon else datetime(2026, 3, 6, 1, tzinfo=UTC)

    with pytest.raises(refusal):
        world.make_draft(bids_due_at=due_at, must_tender=must_tender, now=now)

    assert not Tender.objects.exists()
    assert Project.objects.get().tenders_drafted == 0


def test_a_refused_bid_period_names_rule_clause_and_earliest_day() -> None:
    with pytest.raises(
        DeadlineTooSoon, match=r"不得少于 20 日.*最早为 2026-03-21。请把投标截止时间定在 2026-03-21"
    ) as refusal:
        world.make_draft(bids_due_at=DUE - 2 * DAY)

    assert refusal.value.clause == "tendering/24"


def test_moving_asks_the_holders_to_move_along_before_it_can_be_published() -> None:
    tender = world.make_draft()
    keys = world.give_keys(tender)
    assert list(lots_wanting_keys("T")) == []
    before = version_of(Tender.objects.get())

    tender = move(tender, DUE + DAY)

    assert tender.bids_due_at == DUE + DAY
    assert [lot.code for lot in lots_wanting_keys("T")] == [tender.lots.get().code]
    entry = AuditEntry.objects.get(act="move-draft-deadline")
    assert (entry.version_before, entry.version_after) == (before, version_of(Tender.objects.get()))
    with pytest.raises(KeysMissing, match="T、P、C、R"):
        publish_notice(tender_code=tender.code, text="公告", caller=INITIATOR, now=OPENED)

    for key in HolderKey.objects.all():
        told = KeyStatement(
            tender.lots.get().code, key.letter, key.holder_name, bytes(key.public_key), DUE + DAY, {}
        )
        note_holder_key(told=told, now=OPENED)
    assert len(keys) == 4
    publish_notice(tender_code=tender.code, text="公告", caller=INITIATOR, now=OPENED)


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        (DUE, DeadlineOnlyLater),
        (DUE - DAY, DeadlineOnlyLater),
        (OPENED + timedelta(days=731), DeadlineTooFar),
    ],
)
def test_a_deadline_moves_later_only_and_not_too_far(to: datetime, refusal: type[DomainError]) -> None:
    tender = world.make_draft()

    with pytest.raises(refusal):
        move(tender, to)

    assert Tender.objects.get().bids_due_at == DUE


def test_a_published_deadline_does_not_move() -> None:
    place = world.publish()

    with pytest.raises(AlreadyPublished):
        move(place.tender, DUE + DAY)


def test_discarding_leaves_the_audit_row_and_nothing_else() -> None:
    tender = world.make_draft()
    world.give_keys(tender)
    before = version_of(Tender.objects.get())

    discard(tender)

    assert [kind.objects.count() for kind in (Tender, Lot, Document, HolderKey)] == [0, 0, 0, 0]
    entry = AuditEntry.objects.get(act="discard-draft")
    assert (entry.object_id, entry.version_before, entry.version_after) == (tender.code, before, "")
    assert entry.detail == {
        "title": "演示小学教学楼施工",
        "lots": [f"{tender.code}001"],
        "documents": ["招标文件.pdf"],
    }
    assert not OutboxMessage.objects.exists()


def test_a_discarded_number_is_not_given_again() -> None:
    first = world.make_draft()
    project = Project.objects.get()
    discard(first)

    second = world.make_draft(project=project)

    assert (first.code[-3:], second.code[-3:]) == ("001", "002")


def test_a_key_for_a_vanished_lot_is_refused_and_wanted_no_more() -> None:
    tender = world.make_draft()
    lot_code = tender.lots.get().code
    discard(tender)

    told = KeyStatement(lot_code, "T", "保管方 T", INTERNATIONAL.new_holder_key()[1], DUE, {})
    with pytest.raises(TenderNotFound):
        note_holder_key(told=told, now=OPENED)
    assert list(lots_wanting_keys("T")) == []


def test_only_its_own_initiator_discards_and_only_a_draft() -> None:
    draft, place = world.make_draft(), world.publish()

    with pytest.raises(TenderNotFound):
        discard(draft, people.other_initiator())
    with pytest.raises(Forbidden):
        discard(draft, people.bidder())
    with pytest.raises(AlreadyPublished):
        discard(place.tender)
    assert Tender.objects.count() == 2


def test_replacing_a_document_keeps_the_version_before() -> None:
    tender = world.make_draft()
    before = version_of(Document.objects.get())

    add(tender, b"second")

    entry = AuditEntry.objects.filter(act="add-document").latest("id")
    assert (entry.version_before, entry.version_after) == (before, version_of(Document.objects.get()))


@pytest.mark.parametrize("name", ["", " ", "a\n.pdf", "a\x00.pdf", "a/b.pdf", ".a", "长" * 121, "a\ud800"])
def test_a_name_that_will_not_do_is_refused(name: str) -> None:
    tender = world.make_draft()

    with pytest.raises(DocumentRefused, match="不能用：须为 1 至 120 个字"):
        add(tender, b"x", name)


@pytest.mark.parametrize("name", ["病毒.exe", "招标文件.pdf.EXE", "宏.vbs", "a.exe."])
def test_a_program_is_no_document(name: str) -> None:
    tender = world.make_draft()

    with pytest.raises(DocumentRefused, match="不能作招标文件"):
        add(tender, b"x", name)

    assert tender.documents.count() == 1
    add(tender, b"x", "exe")  # a word, no ending
    add(tender, b"x", "清单.exe.pdf")


def test_files_have_a_limit_each_and_together(monkeypatch: pytest.MonkeyPatch) -> None:
    tender = world.make_draft()  # with 4 bytes
    monkeypatch.setattr(document_rules, "MOST_BYTES", 8)
    monkeypatch.setattr(document_rules, "MOST_BYTES_TOGETHER", 12)

    add(tender, b"12345678", "清单.pdf")
    with pytest.raises(DocumentRefused, match="上限"):
        add(tender, b"123456789", "图纸.pdf")
    with pytest.raises(DocumentRefused, match="连同已有的招标文件"):
        add(tender, b"1", "图纸.pdf")
    add(tender, b"87654321", "清单.pdf")  # takes the place of its like
    with pytest.raises(DocumentRefused):
        require_may_add(tender_code=tender.code, name="图纸.pdf", size=1, caller=INITIATOR)
    assert sorted(tender.documents.values_list("name", flat=True)) == ["招标文件.pdf", "清单.pdf"]
