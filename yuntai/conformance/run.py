"""Runs the checks, one after the other; a check that stumbles fails and stops no other."""

from collections.abc import Iterator, Sequence

from yuntai.conformance.check import BadAnswer, Check, Evidence, Findings, NotTestable, Outcome, State
from yuntai.conformance.checks import CHECKS
from yuntai.conformance.probe import Probe

ASTRAY = "系统的答复不符合公布的格式，检测无法继续"


def run(probe: Probe, checks: Sequence[Check] = CHECKS) -> Iterator[tuple[Check, Outcome]]:
    """Yield each check with its outcome."""
    for check in checks:
        yield check, outcome_of(check, probe)


def outcome_of(check: Check, probe: Probe) -> Outcome:
    """Run one check."""
    found = Findings()
    try:
        check.run(probe, found)
    except NotTestable as error:
        return Outcome(State.UNTESTABLE, str(error), found.shown())
    except BadAnswer as error:
        found.expect(False, error.seen, error.expected)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        # What came is of another form than the standard's: the fault of the system under test.
        found.evidence.append(Evidence("", type(error).__name__, ASTRAY, good=False))
    bad = [each for each in found.evidence if not each.good]
    if bad:
        return Outcome(State.FAILED, f"不符合：{bad[0].expected}。", found.shown())
    if not found.evidence:
        return Outcome(State.UNTESTABLE, "没有可供检测的对象。")
    return Outcome(State.PASSED, "", found.shown())
