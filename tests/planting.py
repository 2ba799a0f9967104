"""Changing a system's rows behind its back, to see that a check finds it: as the owner, without the guard."""

from collections.abc import Sequence

from yuntai.city.city import City
from yuntai.city.demo.databases import database


def behind_its_back(city: City, code: str, table: str, change: str, values: Sequence[object] = ()) -> None:
    """Run `change`, a statement on `table` of the system `code`, which writes no audit row."""
    trigger = f"ALTER TABLE {table} {{}} TRIGGER audit_required"
    with database(city, code, as_owner=True) as owner:
        owner.execute(trigger.format("DISABLE"))
        owner.execute(change, values or None)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with pending checks can't be altered back
        owner.execute(trigger.format("ENABLE"))
