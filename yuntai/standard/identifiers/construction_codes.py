"""Codes of construction trading: project (17 characters), tender (20), lot (23), each adding three digits.

Other vendors write project codes otherwise: the messages take any code, these functions issue ours.
"""

import re

_PROJECT = re.compile(r"E[0-9]{16}", re.ASCII)
_TENDER = re.compile(r"E[0-9]{19}", re.ASCII)
_LOT = re.compile(r"E[0-9]{22}", re.ASCII)


class BadConstructionCode(ValueError):
    """A part is out of range, or the text is not such a code."""


def project_code(region: str, platform: str, serial: int) -> str:
    """Issue a project code: "E" region platform serial.

    region: 6 digits.  platform: 4 digits, one number per trading system.  serial: 1-999999, per system.

    :raises BadConstructionCode: a part is out of range.
    """
    if not re.fullmatch(r"[0-9]{6}", region, re.ASCII) or not re.fullmatch(r"[0-9]{4}", platform, re.ASCII):
        raise BadConstructionCode(f"区划代码须为 6 位、平台编号须为 4 位数字：{region!r}、{platform!r}")
    if not 1 <= serial <= 999_999:
        raise BadConstructionCode(f"项目序号须在 1 至 999999 之间：{serial}")
    return f"E{region}{platform}{serial:06d}"


def tender_code(project: str, number: int) -> str:
    """Issue the code of a project's tender.  number: 1-999.

    :raises BadConstructionCode: `project` is no project code, or the number is out of range.
    """
    return _child(project, _PROJECT, "项目", number)


def lot_code(tender: str, number: int) -> str:
    """Issue the code of a tender's lot.  number: 1-999.

    :raises BadConstructionCode: `tender` is no tender code, or the number is out of range.
    """
    return _child(tender, _TENDER, "招标项目", number)


def is_project_code(text: str) -> bool:
    return _PROJECT.fullmatch(text) is not None


def is_tender_code(text: str) -> bool:
    return _TENDER.fullmatch(text) is not None


def is_lot_code(text: str) -> bool:
    return _LOT.fullmatch(text) is not None


def platform_of(code: str) -> str:
    """Return the first 11 characters of a project, tender or lot code: its trading system (TRADE_PLAT).

    E3500000717002688002 → E3500000717.

    :raises BadConstructionCode: `code` is none of the three.
    """
    if not (is_project_code(code) or is_tender_code(code) or is_lot_code(code)):
        raise BadConstructionCode(f"“{code}”不是项目、招标项目或标段编号。")
    return code[:11]


def tender_of(lot: str) -> str:
    """Return the code of the tender a lot belongs to.

    :raises BadConstructionCode: `lot` is no lot code.
    """
    if not is_lot_code(lot):
        raise BadConstructionCode(f"“{lot}”不是标段编号（应为 E 加 22 位数字）。")
    return lot[:-3]


def project_of(tender: str) -> str:
    """Return the code of the project a tender belongs to.

    :raises BadConstructionCode: `tender` is no tender code.
    """
    if not is_tender_code(tender):
        raise BadConstructionCode(f"“{tender}”不是招标项目编号（应为 E 加 19 位数字）。")
    return tender[:-3]


def _child(parent: str, form: re.Pattern[str], name: str, number: int) -> str:
    if form.fullmatch(parent) is None:
        raise BadConstructionCode(f"“{parent}”不是{name}编号。")
    if not 1 <= number <= 999:
        raise BadConstructionCode(f"{name}之下的序号须在 1 至 999 之间：{number}")
    return f"{parent}{number:03d}"
