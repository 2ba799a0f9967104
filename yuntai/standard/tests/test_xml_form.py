"""The XML envelope: written, read back, and dangerous XML refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.standard.datasets import numbers
from yuntai.standard.datasets.samples import sample, sample_key
from yuntai.standard.datasets.xml_form import MOST_BYTES, XmlEnvelope, XmlRefused, read, write

FILE = {"FILE_NAME": "公告<1>.pdf", "FILE_TYPE": "application/pdf", "SHA256": "56" * 32, "FILE_SIZE": "7"}
ENVELOPE = XmlEnvelope(
    data_set=501, action="add", data_key=sample_key(501), fields=sample(501), attachments=(FILE,), ca_key="K1"
)
TEXT = write(ENVELOPE)


def refusal(text: str | bytes) -> XmlRefused:
    with pytest.raises(XmlRefused) as caught:
        read(text.encode() if isinstance(text, str) else text)
    return caught.value


@pytest.mark.parametrize("no", numbers())
def test_reads_back_what_it_wrote(no: int) -> None:
    envelope = XmlEnvelope(data_set=no, action="change", data_key=sample_key(no), fields=sample(no))

    assert read(write(envelope).encode()) == envelope


def test_has_the_three_parts_of_the_national_envelope() -> None:
    assert TEXT.startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<DATA><TITLE><DATA_NO>501</DATA_NO><DATA_TYPE>1</DATA_TYPE>'
        f"<DATA_KEY>{sample_key(501)}</DATA_KEY><DATA_EN>TENDER_PROJECT</DATA_EN><DATA_CN>招标项目</DATA_CN>"
        "<ROUTE_WAY>new</ROUTE_WAY><CA_KEY>K1</CA_KEY></TITLE><CONTEXT><PLATFORM_CODE>"
    )
    assert TEXT.endswith("<FILE_SIZE>7</FILE_SIZE></ATTACHMENT></FILE></DATA>\n")
    assert read(TEXT.encode()) == ENVELOPE


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    envelope = XmlEnvelope(501, "add", sample_key(501), {"TENDER_CONTENT": f"甲{text}\r\n\t乙"})

    assert read(write(envelope).encode()) == envelope


def test_an_empty_element_is_a_field_left_out() -> None:
    text = TEXT.replace("</CONTEXT>", "<OWNER_NAME_2/><X> \n</X></CONTEXT>")

    assert read(text.encode()).fields == sample(501)


BOMB = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
STEAL = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
OUTSIDE = '<!DOCTYPE d SYSTEM "http://localhost/evil.dtd">'


@pytest.mark.parametrize("doctype", [BOMB, STEAL, OUTSIDE])
def test_refuses_entities_and_any_doctype(doctype: str) -> None:
    head, _, rest = TEXT.partition("\n")

    why = refusal(f"{head}\n{doctype}{rest.replace('招标项目', '&x;', 1)}")

    assert why.fault.code == "DS602"
    assert str(why) == (
        "不接收 DTD 和实体声明〔DS602〕：删除 DOCTYPE 声明，特殊字符用 &lt; &gt; &amp; 书写。"
    )


def test_refuses_an_entity_that_nobody_declared() -> None:
    assert refusal(TEXT.replace("招标项目", "&x;", 1)).fault.code == "DS601"


def test_the_size_ends_at_one_mebibyte() -> None:
    fill = MOST_BYTES - len(TEXT.encode())
    largest = TEXT.replace("</DATA>", " " * fill + "</DATA>")

    assert len(largest.encode()) == MOST_BYTES
    assert read(largest.encode()) == ENVELOPE
    assert refusal(largest + " ").fault.rule == "不得超过 1,048,576 字节"


@pytest.mark.parametrize("depth", [5, 100, 50_000])
def test_refuses_nesting(depth: int) -> None:
    nested = "<DATA><FILE><ATTACHMENT><FILE_NAME>" + "<a>" * (depth - 4)

    assert refusal(nested).fault.rule == "元素至多嵌套 4 层"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ("", "DS601"),
        ("<DATA>", "DS601"),
        ("<OTHER/>", "DS605"),
        (TEXT + "<DATA/>", "DS601"),
        (TEXT.replace("<TITLE>", "<TITLE><SURPRISE>1</SURPRISE>"), "DS605"),
        (TEXT.replace("<DATA_NO>501</DATA_NO>", "<DATA_NO>501</DATA_NO>" * 2), "DS605"),
        (TEXT.replace("<IS_TO_LAW>", "<IS_TO_LAW a='1'>"), "DS605"),
        (TEXT.replace("</CONTEXT>", "<IS_TO_LAW>1</IS_TO_LAW></CONTEXT>"), "DS605"),
        (TEXT.replace("</CONTEXT>", "loose</CONTEXT>"), "DS605"),
        (TEXT.replace("<CONTEXT>", "<CONTEXT>loose"), "DS605"),
        (TEXT.replace("</IS_TO_LAW>", "<b>1</b></IS_TO_LAW>"), "DS605"),
        (TEXT.replace("<DATA_NO>501</DATA_NO>", ""), "DS606"),
        (TEXT.replace("<DATA_NO>501", "<DATA_NO>555"), "DS501"),
        (TEXT.replace("<DATA_NO>501", "<DATA_NO>" + "9" * 5000), "DS501"),
        (TEXT.replace("<DATA_NO>501", "<DATA_NO>５０１"), "DS501"),
        (TEXT.replace("<DATA_TYPE>1", "<DATA_TYPE>4"), "DS607"),
        (TEXT.replace("<ROUTE_WAY>new", "<ROUTE_WAY>old"), "DS607"),
        (TEXT.replace("TENDER_PROJECT</DATA_EN>", "SECTION</DATA_EN>"), "DS607"),
        (TEXT.replace("招标项目", "\x01", 1), "DS601"),
    ],
)
def test_refuses_what_is_not_the_envelope(changed: str, code: str) -> None:
    assert refusal(changed).fault.code == code


def test_reads_utf_8_only_whatever_the_document_says() -> None:
    in_gbk = TEXT.replace('encoding="UTF-8"', 'encoding="GBK"').encode("gbk")

    assert refusal(in_gbk).fault.code == "DS601"
