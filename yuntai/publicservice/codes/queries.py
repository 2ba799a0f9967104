"""Reads of issued codes."""

from yuntai.publicservice.codes.models import IssuedCode


def codes_of(tender_code: str, system: str) -> dict[str, str]:
    """Return the code of each lot of a tender of a system."""
    found = IssuedCode.objects.filter(tender_code=tender_code, system=system)
    return dict(found.order_by("serial").values_list("object_code", "code"))
