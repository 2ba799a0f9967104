"""Reconciles the platform with a connected system, or with all of them, and prints what came of it."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yuntai.kernel.errors import DomainError
from yuntai.law.days import SHANGHAI
from yuntai.publicservice.reconciliation.models import Outcome
from yuntai.publicservice.reconciliation.queries import askable_systems, report_of
from yuntai.publicservice.reconciliation.services import FROM_THE_START, reconcile_system
from yuntai.publicservice.reconciliation.words import in_words
from yuntai.trust import clock

DIFFERING, NOT_DONE = 1, 2


class Command(BaseCommand):
    """Exits with 0 when both sides keep the same, 1 when any differs or is silent, 2 when it did not run."""

    help = (
        "与对接系统对账：逐流逐小时核对报文条数和默克尔根，缺的补齐，出具签名报告；"
        "一致返回 0，不一致或未答复返回 1，未能对账返回 2"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add SYSTEM and --since."""
        parser.add_argument("system", nargs="?", default="", metavar="系统代码", help="省略时逐个对账")
        parser.add_argument(
            "--since", type=_day, default=None, metavar="日期", help="从这一天起，如 2026-03-02"
        )

    def handle(self, *, system: str, since: datetime | None, **options: Any) -> None:
        """Reconcile one system or each."""
        codes = [system] if system else askable_systems()
        if not codes:
            self.stdout.write("没有可以询问的对接系统：须已对接，并登记了接收地址。")
        differing = 0
        for code in codes:
            try:
                run = reconcile_system(
                    code=code, reason="command", now=clock.now(), since=since or FROM_THE_START
                )
            except DomainError as error:
                raise CommandError(str(error), returncode=NOT_DONE) from error
            for line in in_words(report_of(run), run.number):
                self.stdout.write(line)
            differing += run.outcome != Outcome.EQUAL
        if differing:
            raise SystemExit(DIFFERING)


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=SHANGHAI)
