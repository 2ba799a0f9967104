"""Lists the received messages that are not tried any more, and releases them to be tried again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.inbox.stuck import release_messages, stuck_messages
from yuntai.trust import clock


class Command(BaseCommand):
    """Without options it only lists."""

    help = "列出停办的报文及原因；--release 放行一条（可重复），--release-all 放行全部"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --release, --release-all and --by."""
        parser.add_argument("--release", action="append", default=[], metavar="发送系统/流/编号")
        parser.add_argument("--release-all", action="store_true")
        parser.add_argument("--by", default="", metavar="姓名", help="放行人，记入操作留痕；放行时必填")

    def handle(self, *, release: list[str], release_all: bool, by: str, **options: Any) -> None:
        """List or release."""
        if not (release or release_all):
            return self._list()
        if not by.strip():
            raise CommandError("放行须写明放行人：加上 --by 姓名，再执行一次。")
        try:
            released = release_messages(release, by=by.strip(), now=clock.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        for name in released:
            self.stdout.write(f"已放行 {name}")
        self.stdout.write(f"共放行 {len(released)} 条，工作进程随即重新办理。")
        return None

    def _list(self) -> None:
        stuck = list(stuck_messages())
        for row in stuck:
            self.stdout.write(_line(row))
        self.stdout.write(
            f"停办的报文共 {len(stuck)} 条。" + ("排除原因后用 --release 放行。" if stuck else "")
        )


def _line(row: InboxMessage) -> str:
    return f"{row}  {row.type}  {row.origin} 关于 {row.subject}  办理 {row.attempts} 次未成功：{row.fault}"
