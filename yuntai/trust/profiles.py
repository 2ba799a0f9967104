"""Where a CA writes who is named: every one has its own layout of names and extensions.

A place is text: `subject:OID` an attribute of the subject, `alternative:OID` an attribute of the directory
name among the subject's alternative names, `extension:OID` an extension that holds one text.
"""

from dataclasses import astuple, dataclass
from typing import cast

from cryptography import x509
from cryptography.x509.oid import NameOID

from yuntai.trust import der
from yuntai.trust.refusals import BadCertificate

BROKEN = "证书内容不完整或被改动，请联系发证机构重新签发。"
PLACE_PATTERN = r"(subject|alternative|extension):[0-2](\.(0|[1-9][0-9]*))+"
_TEXT_TAGS = (0x0C, 0x13, 0x16)  # UTF8String, PrintableString, IA5String


@dataclass(frozen=True)
class Profile:
    """The places of one CA."""

    person_name: str
    person_id: str
    organization_code: str
    organization_name: str

    @property
    def extensions(self) -> frozenset[str]:
        """Return the object identifiers of the extensions that name somebody."""
        places = (place.partition(":") for place in cast("tuple[str, ...]", astuple(self)))
        return frozenset(oid for kind, _, oid in places if kind == "extension")


def in_subject(oid: x509.ObjectIdentifier) -> str:
    return f"subject:{oid.dotted_string}"


BASIC = Profile(
    person_name=in_subject(NameOID.COMMON_NAME),
    person_id=in_subject(NameOID.SERIAL_NUMBER),
    organization_code=in_subject(NameOID.ORGANIZATION_IDENTIFIER),
    organization_name=in_subject(NameOID.ORGANIZATION_NAME),
)


def read(certificate: x509.Certificate, place: str) -> str:
    """Return the one text at a place; two would let two readers see two persons.

    :raises BadCertificate: there is none, more than one, or an empty one.
    """
    kind, _, dotted = place.partition(":")
    oid = x509.ObjectIdentifier(dotted)
    texts: list[str | bytes]
    if kind == "extension":
        texts = _texts_of_extension(certificate, oid)
    else:
        names = [certificate.subject] if kind == "subject" else _alternative_names(certificate)
        texts = [attribute.value for name in names for attribute in name.get_attributes_for_oid(oid)]
    if len(texts) != 1 or not isinstance(texts[0], str) or not texts[0].strip():
        raise BadCertificate(BROKEN)
    return texts[0]


def _alternative_names(certificate: x509.Certificate) -> list[x509.Name]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.DirectoryName)


def _texts_of_extension(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> list[str | bytes]:
    try:
        value = certificate.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return []
    encoded = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
    if not encoded or encoded[0] not in _TEXT_TAGS:
        raise BadCertificate(BROKEN)
    try:
        return [der.content(encoded).decode()]
    except ValueError as error:
        raise BadCertificate(BROKEN) from error
