"""Holds messages, supervision and the audit trail of a finished play against what the systems keep."""

from collections import Counter
from collections.abc import Iterator

from yuntai.city.demo import traffic
from yuntai.city.demo.checks import Check, check, streams, trail, watching
from yuntai.city.demo.databases import database, rows
from yuntai.city.demo.findings import Findings
from yuntai.city.demo.guard import guarded_count, unguarded_tables
from yuntai.city.demo.played import CLOSED, CONTRACTED, EVALUATED, OPENED, Played
from yuntai.city.demo.scenes import SHORT

WARNED = """
    SELECT tender.tender_code FROM monitoring_tenderwarning warning
    JOIN intake_watchedtender tender ON tender.id = warning.tender_id WHERE tender.tender_code = ANY(%s)
"""
# What the systems do by themselves may concern tenders of an earlier play, too: of that only ours counts.
OURS = """
    WITH lots AS (SELECT id FROM tenders_lot WHERE code = ANY(%s))
    SELECT id::text FROM lots
    UNION SELECT commitment FROM bids_sealedact WHERE lot_id IN (SELECT id FROM lots)
    UNION SELECT envelope_id FROM bids_envelope WHERE lot_id IN (SELECT id FROM lots)
"""
ENTRIES = """
    SELECT act, object_id, detail->>'commitment' FROM audit_auditentry WHERE id > %s AND id <= %s AND (
        object_id = ANY(%s)
        OR act NOT IN ('close-bidding', 'open-bids', 'sealed') AND act NOT LIKE 'reveal-%%'
    )
"""


def system_checks(findings: Findings) -> Iterator[Check]:
    """Yield the checks, in the order a reader would ask."""
    yield _portal_signatures(findings)
    yield _streams(findings)
    yield _archive(findings)
    yield _forwarding(findings)
    yield from _supervision(findings)
    yield _acts(findings)
    yield _guards(findings)


def _portal_signatures(findings: Findings) -> Check:
    count = sum(len(shown.messages) + shown.forged for shown in findings.portal.values())
    faults = [
        f"{code} 有 {shown.forged} 条报文签名不符" for code, shown in findings.portal.items() if shown.forged
    ]
    silent = [f"{code} 没有公布任何报文" for code, shown in findings.portal.items() if not shown.messages]
    return check("公共服务平台公布的报文都有交易系统的签名", f"{count} 条报文", faults + silent)


def _streams(findings: Findings) -> Check:
    found = traffic.streams(findings.cast.city)
    faults = [fault for stream in found for fault in streams.stream_faults(stream)]
    return check(
        "各系统的报文一条不少、一条不重、按序送达", f"{sum(len(s.sent) for s in found)} 条报文", faults
    )


def _archive(findings: Findings) -> Check:
    numbered, stored = traffic.archived(findings.cast.city)
    faults = list(streams.chain_faults("历史档案", stored))
    if numbered != len(stored):
        faults.append(f"历史档案发出 {numbered} 条，平台收到 {len(stored)} 条")
    return check("对接系统的历史项目全部入库，链条不断", f"{numbered} 条报文", faults)


def _forwarding(findings: Findings) -> Check:
    cast = findings.cast
    passed = traffic.forwardings(cast.city, cast.trading, cast.supervision)
    faults = [
        fault for each in passed for fault in streams.forwarding_faults(each.name, each.due, each.forwarded)
    ]
    return check("枢纽应转发的报文都按原序转发", f"{sum(len(each.due) for each in passed)} 条报文", faults)


def _supervision(findings: Findings) -> Iterator[Check]:
    codes = findings.played.codes()
    planted = [tender.tender_code for tender in findings.played.of_part(SHORT)]
    with database(findings.cast.city, findings.cast.supervision) as connection:
        watched = [row[0] for row in rows(connection, "SELECT tender_code FROM intake_watchedtender")]
        warned = [row[0] for row in rows(connection, WARNED, [codes])]
    yield check("监管系统看到了每个项目", f"{len(codes)} 个项目", watching.watching_faults(codes, watched))
    yield check(
        "只对有意违规的项目预警，恰好一次", f"{len(warned)} 条预警", watching.warning_faults(planted, warned)
    )


def _acts(findings: Findings) -> Check:
    with database(findings.cast.city, findings.cast.trading) as connection:
        lots = [tender.lot_code for tender in findings.played.tenders]
        ours = [row[0] for row in rows(connection, OURS, [lots])]
        entries = rows(connection, ENTRIES, [*findings.audit, ours])
    faults = list(trail.act_faults(expected_acts(findings.played), Counter(entry[0] for entry in entries)))
    revealed = [entry[2] for entry in entries if entry[0].startswith("reveal-")]
    committed = [entry[1] for entry in entries if entry[0] == "sealed"]
    opened = findings.played.that(OPENED)
    times = sum(len(tender.acknowledged) + len(tender.withdrawn) for tender in opened)
    faults += trail.commitment_faults(revealed, committed, times)
    return check("每次办理都有操作留痕，开标前的操作只留承诺", f"{len(entries)} 条留痕", faults)


def _guards(findings: Findings) -> Check:
    faults: list[str] = []
    count = 0
    for system in findings.cast.city.topology.systems:
        with database(findings.cast.city, system.code) as connection:
            faults += trail.guard_faults(system.title, list(unguarded_tables(connection)))
            count += guarded_count(connection)
    return check("不写操作留痕就改不动任何业务数据表", f"{count} 张数据表", faults)


def expected_acts(played: Played) -> dict[str, int]:
    """Return how often each act was done in the trading system."""
    sealed = sum(len(tender.acknowledged) + len(tender.withdrawn) for tender in played.tenders)
    evaluated, contracted = played.that(EVALUATED), played.that(CONTRACTED)
    return {
        "draft-tender": len(played.codes()),
        "publish-notice": len(played.codes()),
        "sealed": sealed,
        "close-bidding": len(played.that(CLOSED)),
        "open-bids": len(played.that(OPENED)),
        "submit-evaluation": len(evaluated),
        "publish-candidates": len(evaluated),
        "award": len(contracted),
        "sign-contract": 2 * len(contracted),
        "suspend-tender": len(played.of_part(SHORT)),
    }
