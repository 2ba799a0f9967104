"""The report as one HTML page without scripts, to be read by a lawyer, printed and filed."""

from html import escape

from yuntai.conformance.report import (
    WORDS,
    CheckResult,
    Look,
    Report,
    RequirementResult,
    SignedReport,
)
from yuntai.law.clauses import UnknownClause, clause
from yuntai.law.days import SHANGHAI

STYLE = """
body{font:16px/1.7 "Noto Serif CJK SC","Source Han Serif SC",SimSun,serif;color:#1b1b1b;background:#fff;
max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;border-bottom:3px double #1b1b1b;padding-bottom:.5rem}
h2{font-size:1.15rem;margin:2.2rem 0 .4rem}
table{border-collapse:collapse;width:100%;margin:1rem 0;font-size:.95rem}
th,td{border:1px solid #8a8a8a;padding:.35rem .6rem;text-align:left;vertical-align:top}
thead th,.facts th{background:#f1f1ee;font-weight:600}.facts th{width:9rem}
.state{white-space:nowrap;font-weight:700}.failed{color:#a3150c}.passed{color:#145a2a}
.untestable,.manual{color:#5c5c5c}
pre{font:.85rem/1.5 monospace;white-space:pre-wrap;background:#f6f6f3;border-left:3px solid #b5b5b5;
margin:.4rem 0;padding:.4rem .7rem}
section{break-inside:avoid}.law{color:#444;font-size:.92rem}
.verdict{border:1px solid #8a8a8a;padding:.6rem 1rem;font-weight:600}
@media(max-width:640px){body{margin:1rem auto}.facts th{width:6.5rem}th,td{padding:.3rem .4rem}}
@media print{body{margin:0;max-width:none;font-size:11pt}a{color:inherit}}
""".strip()


def page(signed: SignedReport) -> str:
    """Return the whole page."""
    report = signed.report
    title = f"检测报告：{report.system.title}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="verdict">{escape(verdict(report))}</p>',
        _facts(signed),
        "<h2>一览</h2>",
        _overview(report),
        "<h2>逐项结果和证据</h2>",
        *(_requirement(each) for each in report.requirements),
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
    )
    return f'<!doctype html>\n<html lang="zh-CN"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def verdict(report: Report) -> str:
    """Return the result in one sentence."""
    passed, untested = report.counted("passed"), report.counted("untestable")
    tail = f"，{untested} 项因缺少检测条件未能检测" if untested else ""
    if not report.failed:
        return f"可从外部检测的项目没有不符合的：{passed} 项符合{tail}。"
    return (
        f"有 {report.counted('failed')} 项不符合（涉及 {'、'.join(report.failed)}），{passed} 项符合{tail}。"
    )


def signature_words(signed: SignedReport) -> str:
    """Return who signed, or that nobody did."""
    if not signed.key_id:
        return "未签名：本报告没有检测机构的签名，不能作为认证依据"
    return f"已签名，密钥编号 {signed.key_id}（Ed25519，对报告的规范 JSON 签名）"


def facts_of(signed: SignedReport) -> list[tuple[str, str]]:
    """Return what stands on top of a report, name and value."""
    report, system = signed.report, signed.report.system
    began = report.began_at.astimezone(SHANGHAI)
    facts = [
        ("被检测系统", f"{system.title}（{system.code}），{system.url}"),
        ("运营机构", system.operator_name or "未写明"),
        ("检测单位", report.tester or "未写明"),
        ("检测时间", f"{began:%Y-%m-%d %H:%M}（北京时间）"),
        ("依据", "《电子招标投标办法》（国家发展改革委等八部委令 2013 年第 20 号）"),
        ("签名", signature_words(signed)),
    ]
    if report.certificate:
        given = report.certificate
        facts.append(("认证证书", f"{given.number}，{given.level} 星级，有效期至 {given.valid_until}"))
    return facts


def _facts(signed: SignedReport) -> str:
    rows = (
        f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in facts_of(signed)
    )
    return f'<table class="facts"><tbody>{"".join(rows)}</tbody></table>'


def _overview(report: Report) -> str:
    rows = (
        f'<tr><td><a href="#{each.number}">{each.number}</a></td><td>{escape(each.title)}</td>'
        f"{_state(each.state)}</tr>"
        for each in report.requirements
    )
    head = "<thead><tr><th>编号</th><th>要求</th><th>结果</th></tr></thead>"
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"


def _state(state: str) -> str:
    return f'<td class="state {state}">{WORDS[state]}</td>'


def _requirement(each: RequirementResult) -> str:
    parts = [f"<h2>{each.number}　{escape(each.title)}（第 {escape(each.articles)} 条）</h2>"]
    parts += [_check(check) for check in each.checks]
    if each.otherwise:
        before = "自动检测之外：" if each.checks else "不能从外部检测："
        parts.append(f"<p>{before}{escape(each.otherwise)}</p>")
    return f'<section id="{each.number}">{"".join(parts)}</section>'


def _check(check: CheckResult) -> str:
    state = f'<span class="state {check.state}">{WORDS[check.state]}</span>'
    said = f"<p>{state}　{escape(check.title)}。{escape(check.reason)}</p>"
    return said + _law(check.clause) + "".join(map(_look, check.evidence))


def _law(key: str) -> str:
    try:
        known = clause(key)
    except UnknownClause:
        return ""
    return f'<p class="law">{escape(known.citation)}：{escape(known.text)}</p>'


def _look(look: Look) -> str:
    mark = "相符" if look.good else "不符"
    lines = (f"{mark}　应为：{look.expected}", f"请求：{look.request}", f"答复：{look.came_back}")
    return f"<pre>{escape(chr(10).join(lines))}</pre>"
