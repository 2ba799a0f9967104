"""Reads of what was submitted: every version of a registration, what changed, what waits for the operator."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import F

from yuntai.publicservice.paging import Page, page_of
from yuntai.publicservice.registry.models import Paper, Participant, RegistrationVersion, Verdict
from yuntai.publicservice.registry.papers import KINDS, PaperFile
from yuntai.publicservice.registry.registration import ROLES
from yuntai.standard.identifiers import regions

FACTS = {
    "name": "单位名称",
    "roles": "身份",
    "region_code": "地区",
    "address": "住所",
    "legal_representative": "法定代表人",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
}
NOTHING = "未填"


class State(StrEnum):
    """How far a version has come.  REPLACED: a newer one was submitted before the operator decided."""

    WAITING = "待核实"
    VERIFIED = "已核实"
    RETURNED = "已退回"
    REPLACED = "已被新版取代"


@dataclass(frozen=True)
class Change:
    """What a version says otherwise than the one before.  now, before: as a reader sees them."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class Version:
    """One version as its organization and the operator see it.

    facts: name and value as a reader sees them.  changes: none for the first version.
    stored: the values by field, for a form.  reasons: of the operator, "" when not returned.
    """

    organization_code: str
    number: int
    in_force: bool
    submitted_at: datetime
    submitted_by: str
    state: State
    reasons: str
    decided_at: datetime | None
    facts: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    papers: tuple[PaperFile, ...]
    stored: dict[str, object]


@dataclass(frozen=True)
class Waiting:
    """A registration that waits for the operator.  verified_before: an earlier version is in force."""

    organization_code: str
    number: int
    name: str
    submitted_at: datetime
    verified_before: bool


def versions_of(organization_code: str) -> tuple[Version, ...]:
    """Return every version of a registration, the newest first; none when it is not registered."""
    found = Participant.objects.filter(organization_code=organization_code).first()
    if found is None:
        return ()
    rows = list(found.versions.prefetch_related("papers").select_related("verdict").order_by("number"))
    earlier: list[RegistrationVersion | None] = [None, *rows]
    return tuple(_version(found, row, before) for row, before in zip(rows, earlier, strict=False))[::-1]


def waiting(page: int) -> Page[Waiting]:
    """Return a page of the newest versions that nobody has decided about, the longest waiting first."""
    rows = RegistrationVersion.objects.filter(verdict=None, number=F("participant__version"))
    found = rows.select_related("participant").order_by("submitted_at", "id")
    return page_of(found, page, _waiting)


def paper_of(organization_code: str, number: int, kind: str) -> PaperFile | None:
    """Return one paper of a version, None when it has none of that kind."""
    found = Paper.objects.filter(
        version__participant__organization_code=organization_code, version__number=number, kind=kind
    ).first()
    return _paper(found) if found else None


def _version(of: Participant, row: RegistrationVersion, before: RegistrationVersion | None) -> Version:
    verdict: Verdict | None = getattr(row, "verdict", None)
    return Version(
        organization_code=of.organization_code,
        number=row.number,
        in_force=row.number == of.in_force,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        state=_state(of, row, verdict),
        reasons=verdict.reasons if verdict else "",
        decided_at=verdict.decided_at if verdict else None,
        facts=tuple((label, shown(field, getattr(row, field))) for field, label in FACTS.items()),
        changes=_changes(row, before) if before else (),
        papers=tuple(_paper(paper) for paper in sorted(row.papers.all(), key=_place)),
        stored={field: getattr(row, field) for field in FACTS},
    )


def _state(of: Participant, row: RegistrationVersion, verdict: Verdict | None) -> State:
    if verdict is not None:
        return State.VERIFIED if verdict.verified else State.RETURNED
    return State.WAITING if row.number == of.version else State.REPLACED


def _changes(row: RegistrationVersion, before: RegistrationVersion) -> tuple[Change, ...]:
    changed = [
        Change(label, shown(field, getattr(before, field)), shown(field, getattr(row, field)))
        for field, label in FACTS.items()
        if getattr(before, field) != getattr(row, field)
    ]
    old = {paper.kind: paper for paper in before.papers.all()}
    for paper in sorted(row.papers.all(), key=_place):
        known = old.get(paper.kind)
        if known is None or known.sha256 != paper.sha256:
            changed.append(Change(KINDS[paper.kind], known.name if known else "未交", paper.name))
    return tuple(changed)


def shown(field: str, value: object) -> str:
    """Return a stored value as a reader sees it."""
    if field == "roles" and isinstance(value, list):
        return "、".join(ROLES.get(role, role) for role in value)
    if field == "region_code":
        return regions.full_name(str(value))
    return str(value) or NOTHING


def _paper(row: Paper) -> PaperFile:
    return PaperFile(row.kind, row.name, row.sha256, row.size, row.media_type)


def _place(paper: Paper) -> int:
    return list(KINDS).index(paper.kind)


def _waiting(row: RegistrationVersion) -> Waiting:
    return Waiting(
        organization_code=row.participant.organization_code,
        number=row.number,
        name=row.name,
        submitted_at=row.submitted_at,
        verified_before=row.participant.verified_at is not None,
    )
