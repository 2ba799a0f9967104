"""What a person may write into one line or a longer text of a tender, the same at every door."""

import unicodedata

LONGEST_LINE = 200
LONGEST_CONTACT = 100
LONGEST_ORIGIN = 300
LEAST_NOTICE, LONGEST_NOTICE = 50, 50_000  # no notice that says what it must is shorter
LONGEST_OPINION = 500
# The years any instant may lie in: nothing can be worked out near year 1 or 9999.
LEAST_YEAR, MOST_YEAR = 2000, 2199

_CONTROL = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, line and paragraph separators


def problem_of_line(name: str, text: str, longest: int = LONGEST_LINE, *, least: int = 1) -> str:
    """Return in Chinese what is wrong with one line of text, "" when it will do.  name: the field's."""
    written = len(text.strip())
    if not written and least:
        return f"{name}没有填写。请填写，最多 {longest} 个字。"
    if written < least:
        return f"{name}只有 {written} 个字，至少 {least} 个字。请补充后重新提交。"
    if len(text) > longest:
        return f"{name}有 {len(text)} 个字，最多 {longest} 个字。请缩短后重新提交。"
    if any(unicodedata.category(each) in _CONTROL for each in text):
        return f"{name}须写在一行内，不得含换行或其他控制字符。请删去后重新提交。"
    return ""


def problem_of_text(name: str, text: str, longest: int, *, least: int = 1) -> str:
    """Return in Chinese what is wrong with a text of several lines, "" when it will do."""
    plain = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    problem = problem_of_line(name, plain, longest, least=least)
    return problem.replace("须写在一行内，不得含换行或其他控制字符", "不得含控制字符")
