"""Writes a table as CSV text."""

import csv
import io
from collections.abc import Iterable, Sequence


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return CSV with a byte order mark, without which a spreadsheet misreads Chinese."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return "\ufeff" + written.getvalue()
