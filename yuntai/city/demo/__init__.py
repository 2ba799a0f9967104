"""The play: whole tenders in a running city, and the invariants that must hold in the end.

All systems are played over HTTP only, each act by the person whose act it is; databases are read for the
checks at the end.  Order of the acts: `story`.  What must hold: `checks`.
"""

from rich.console import Console

from yuntai.city.city import City
from yuntai.city.demo.account import show_account
from yuntai.city.demo.cast import cast_of
from yuntai.city.demo.checks import Check, check
from yuntai.city.demo.findings import Findings, last_audit_row
from yuntai.city.demo.inspect_bids import bid_checks
from yuntai.city.demo.inspect_systems import system_checks
from yuntai.city.demo.invariants import broken_invariants
from yuntai.city.demo.play import Play
from yuntai.city.demo.registering import register, traders
from yuntai.city.demo.scenes import past_tenders
from yuntai.city.demo.story import Story
from yuntai.city.demo.teller import ConsoleTeller
from yuntai.city.demo.traffic import wait_until_quiet
from yuntai.city.demo.waiting import Stuck


def play(city: City, console: Console) -> bool:
    """Play in the running `city` and return whether every invariant held.

    Runs in a thread of its own while the city is watched.  Prints its progress, then the account with each
    invariant, in Chinese.
    """
    with cast_of(city) as cast:
        acts = Play(cast, ConsoleTeller(console))
        audit_start = last_audit_row(cast)
        story = Story(acts, past_tenders())
        try:
            story.tell()
            wait_until_quiet(city)
        except Stuck as stuck:
            console.print(f"演示中断：{stuck}")
            return False
        console.print("逐项核对")
        findings = Findings.read(cast, acts.played, audit=(audit_start, last_audit_row(cast)))
        checks = [*bid_checks(findings), story.secrecy.check(), *system_checks(findings), _city_check(city)]
        show_account(console, findings, checks)
    return all(each.holds for each in checks)


def seat(city: City) -> None:
    """Register the organizations of the main persons, so that each of them can log in; once is enough."""
    with cast_of(city) as cast:
        for _ in register(cast, traders(person for person in city.people() if not person.crowd)):
            pass


def _city_check(city: City) -> Check:
    count = len(city.processes())
    return check("全部进程一直在运行，没有重新启动", f"{count} 个进程", broken_invariants(city))
