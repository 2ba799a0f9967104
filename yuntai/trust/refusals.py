"""Why a certificate proves nothing.  Each `str(error)` is one Chinese sentence for its owner."""


class CertificateRefused(Exception):
    """A certificate proves nothing; `str(error)` is one Chinese sentence for its owner."""

    code = "certificate-refused"


class BadCertificate(CertificateRefused):
    code = "bad-certificate"


class UnknownIssuer(CertificateRefused):
    code = "unknown-issuer"


class Expired(CertificateRefused):
    code = "certificate-expired"


class NotYetValid(CertificateRefused):
    code = "certificate-not-yet-valid"


class WrongUsage(CertificateRefused):
    """The certificate is genuine, but not made for signing."""

    code = "wrong-key-usage"


class Revoked(CertificateRefused):
    code = "certificate-revoked"


class RevocationUnknown(CertificateRefused):
    """Neither a revocation list nor an OCSP answer says how the certificate stood at that instant."""

    code = "revocation-unknown"
