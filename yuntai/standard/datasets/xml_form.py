"""The envelope of the national exchange in XML: DATA{TITLE, CONTEXT, FILE}, written and read.

An adapter: what is inside is the same record as in JSON.  The reader is expat with everything that makes
XML dangerous refused at once: DTD and entities, size, depth, repeated and unknown elements.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape

from yuntai.standard.datasets.definitions import data_set, numbers
from yuntai.standard.datasets.errors import Fault, Finding, fault

MOST_BYTES = 1_048_576
MOST_DEPTH = 4
"""DATA, its part, an attachment, its property."""
ACTIONS = {"1": "add", "2": "change", "3": "delete"}
TITLE = ("DATA_NO", "DATA_TYPE", "DATA_KEY", "DATA_EN", "DATA_CN", "ROUTE_WAY", "CA_KEY")
ATTACHMENT = ("FILE_NAME", "FILE_TYPE", "SHA256", "MD5", "FILE_SIZE", "URL")
ROUTE_WAY = "new"

_NUMBERS = {code: action for action, code in ACTIONS.items()}


class XmlRefused(ValueError):
    """The text is no envelope of the standard.  fault: why."""

    def __init__(self, why: Fault) -> None:
        self.fault = why
        super().__init__(f"{why}：{why.remedy}。")


@dataclass(frozen=True)
class XmlEnvelope:
    """A record as it travels in XML.

    action: "add", "change" or "delete".  fields: as in JSON; elements without content are left out.
    attachments: each a mapping of the names in `ATTACHMENT`.  ca_key: the sender's certificate, "" for none.
    """

    data_set: int
    action: str
    data_key: str
    fields: Mapping[str, str]
    attachments: tuple[Mapping[str, str], ...] = ()
    ca_key: str = ""


def write(envelope: XmlEnvelope) -> str:
    """Write an envelope as XML.

    Precondition: the fields are valid, so that no character is beyond XML.

    :raises UnknownDataSet: there is no such set.
    """
    known = data_set(envelope.data_set)
    title = dict(
        zip(
            TITLE,
            (
                str(known.no),
                _NUMBERS[envelope.action],
                envelope.data_key,
                known.name,
                known.chinese,
                ROUTE_WAY,
                envelope.ca_key,
            ),
            strict=True,
        )
    )
    files = "".join(f"<ATTACHMENT>{_elements(each.items())}</ATTACHMENT>" for each in envelope.attachments)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<DATA><TITLE>{_elements(title.items())}</TITLE>"
        f"<CONTEXT>{_elements(envelope.fields.items())}</CONTEXT>"
        f"<FILE>{files}</FILE></DATA>\n"
    )


def read(content: bytes) -> XmlEnvelope:
    """Read an envelope.  The fields still have to be validated against their data set.

    content: UTF-8, whatever the XML declaration says.

    :raises XmlRefused: too large, not well-formed, a DTD, too deep, or not this envelope.
    """
    if len(content) > MOST_BYTES:
        raise _refused("xml-too-large", f"{MOST_BYTES:,}")
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise _refused("xml-malformed", f"第 {error.lineno} 行，{expat.ErrorString(error.code)}") from error
    return _envelope(reader)


class _Reader:
    """Collects the leaves by path, "TITLE/DATA_NO", and the attachments in order."""

    def __init__(self) -> None:
        self.leaves: dict[str, str] = {}
        self.attachments: list[dict[str, str]] = []
        self._path: list[str] = []
        self._text: list[str] = []
        # The given encoding overrides the document's own: one text has one reading.
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append

    def _doctype(self, *_: object) -> None:
        raise _refused("xml-doctype")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= MOST_DEPTH:
            raise _refused("xml-too-deep", str(MOST_DEPTH))
        if attributes or not self._allowed([*self._path, name]):
            raise _refused("xml-unknown-element", "/".join([*self._path, name])[:100])
        if "".join(self._text).strip():
            raise _refused("xml-unknown-element", f"{'/'.join(self._path)} 内的文字")
        self._path.append(name)
        self._text.clear()
        if name == "ATTACHMENT" and self._path[1] == "FILE":
            self.attachments.append({})

    def _allowed(self, path: list[str]) -> bool:
        match path:
            case ["DATA"] | ["DATA", "TITLE" | "CONTEXT" | "FILE"]:
                return True
            case ["DATA", "TITLE", name]:
                return name in TITLE and f"TITLE/{name}" not in self.leaves
            case ["DATA", "CONTEXT", name]:
                return f"CONTEXT/{name}" not in self.leaves
            case ["DATA", "FILE", "ATTACHMENT"]:
                return True
            case ["DATA", "FILE", "ATTACHMENT", name]:
                return name in ATTACHMENT and name not in self.attachments[-1]
        return False

    def _end(self, name: str) -> None:
        text = "".join(self._text)
        self._text.clear()
        place = self._path[1:]
        self._path.pop()
        if len(place) == 3:
            self.attachments[-1][name] = text
        elif len(place) == 2 and place[0] != "FILE":
            self.leaves["/".join(place)] = text
        elif text.strip():
            raise _refused("xml-unknown-element", f"{name} 内的文字")


def _envelope(reader: _Reader) -> XmlEnvelope:
    title = {name: reader.leaves.get(f"TITLE/{name}", "") for name in TITLE}
    for name in ("DATA_NO", "DATA_TYPE", "DATA_KEY"):
        if not title[name]:
            raise _refused("xml-missing-element", f"TITLE/{name}")
    by_text = {str(no): no for no in numbers()}
    if title["DATA_NO"] not in by_text:
        raise _refused("unknown-data-set", title["DATA_NO"][:20])
    known = data_set(by_text[title["DATA_NO"]])
    for name, right in (("DATA_EN", known.name), ("ROUTE_WAY", ROUTE_WAY)):
        if title[name] not in {"", right}:
            raise _refused("xml-bad-title", name)
    if title["DATA_TYPE"] not in ACTIONS:
        raise _refused("xml-bad-title", "DATA_TYPE")
    return XmlEnvelope(
        data_set=known.no,
        action=ACTIONS[title["DATA_TYPE"]],
        data_key=title["DATA_KEY"],
        fields=_filled(
            (path.removeprefix("CONTEXT/"), text)
            for path, text in reader.leaves.items()
            if path.startswith("CONTEXT/")
        ),
        attachments=tuple(_filled(each.items()) for each in reader.attachments),
        ca_key=title["CA_KEY"],
    )


def _filled(leaves: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: text for name, text in leaves if text.strip()}


def _elements(leaves: Iterable[tuple[str, str]]) -> str:
    # A bare carriage return would be read back as a line feed.
    return "".join(f"<{name}>{escape(text, {chr(13): '&#13;'})}</{name}>" for name, text in leaves)


def _refused(name: str, limit: str = "") -> XmlRefused:
    return XmlRefused(fault(0, "", Finding(name, limit)))
