"""Enters the systems that this deployment's list names; run at each start, changes nothing twice."""

from typing import Any

from django.core.management.base import BaseCommand

from yuntai.publicservice.systems.filling import take_over_list
from yuntai.trust import clock


class Command(BaseCommand):
    """Takes over the list of connected systems."""

    help = "把部署名单（PEERS_FILE）中的系统列入对接系统；可重复执行"

    def handle(self, **options: Any) -> None:
        """Take the list over and say how many systems changed."""
        changed = take_over_list(now=clock.now())
        self.stdout.write(f"新列入或变更的对接系统 {changed} 个。")
