"""Django's migrate, then what must hold on every table: audit triggers, the running role's rights."""

from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import transaction

from yuntai.kernel.audit import triggers


class Command(MigrateCommand):
    """Migrates, then installs the audit triggers; both are safe to repeat."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Run the migrations and install the triggers in one transaction after them."""
        outcome = super().handle(*args, **options)
        if not (options.get("plan") or options.get("check_unapplied")):
            with transaction.atomic():
                triggers.install()
        return outcome
