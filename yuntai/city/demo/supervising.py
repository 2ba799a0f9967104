"""The supervisor: finds the warning about a tender on the pages, and directs the suspension."""

import re

from yuntai.bidtool import Refused
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.played import PlayedTender
from yuntai.city.demo.waiting import wait_for

WARNING = re.compile(r'/warnings/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')
REASON = "估算价已达到必须招标规模，投标期限不足 20 日，请招标人核实并改正（演示）。"


def warning_about(cast: Cast, tender: PlayedTender) -> str:
    """Return the number of the warning about `tender`, once supervision has raised one."""
    supervisor = cast.session(cast.one("supervisor"), cast.supervision)

    def find() -> str:
        try:
            page = supervisor.get_bytes(f"/tenders/{tender.tender_code}").decode()
        except Refused as refusal:
            if refusal.status == 404:  # its messages are still on the way
                return ""
            raise
        found = WARNING.search(page)
        return found[1] if found else ""

    return wait_for(f"监管系统对 {tender.tender_code} 发出预警", find)


def suspend(cast: Cast, warning_id: str) -> None:
    """Direct the suspension of the tender that the warning is about."""
    supervisor = cast.session(cast.one("supervisor"), cast.supervision)
    supervisor.post_form(f"/warnings/{warning_id}/suspend", {"reason": REASON})
