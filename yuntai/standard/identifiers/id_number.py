"""公民身份号码 (GB 11643): whether the 18 characters of a citizen's number verify.

Needed where a field may hold an organization's code or a person's number.  Numbers are personal data:
nothing here keeps or shows one.
"""

import re

_FORM = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_CHECK = "10X98765432"


def is_valid(text: str) -> bool:
    """Tell whether form and check character (ISO 7064 MOD 11-2) are right; the date is not looked at."""
    if _FORM.fullmatch(text) is None:
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    return _CHECK[total % 11] == text[17]
