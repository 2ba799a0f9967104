"""The WebAuthn ceremony: what a device is asked, and whether its answer holds.  Stores nothing.

The user must be verified by the device (finger, face, PIN), so that a passkey is possession and person at
once.  The passkey is discoverable: nobody types a name to log in.  Attestation is not asked for.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from yuntai.kernel.errors import DomainError
from yuntai.trust.base64url import base64url

# What the library raises on answers that no honest device gives.
_MALFORMED = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, RecursionError, struct.error,
)  # fmt: skip

Answer = TypeVar("Answer")


class PasskeyRefused(DomainError):
    """The passkey proves nothing."""

    code = "passkey-refused"
    status = 403


@dataclass(frozen=True)
class Asked:
    """options: for the browser.  state: kept in the session until the answer comes.  Both of JSON types."""

    options: dict[str, Any]
    state: dict[str, Any]


@dataclass(frozen=True)
class NewCredential:
    """A credential that a device has made.  credential_id: base64url."""

    credential_id: str
    credential: bytes
    sign_count: int


def ask_for_new(*, handle: bytes, name: str, known: Sequence[bytes]) -> Asked:
    """Return what asks a device to make a passkey.

    handle: stands for the account on the device, tells nothing of it.  name: shown when choosing a passkey.
    known: credentials the account has; a device that holds one of them refuses to make a second.
    """
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=name, display_name=name),
        credentials=[AttestedCredentialData(each) for each in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(dict(options)["publicKey"], dict(state))


def read_new(state: Mapping[str, Any], answer: Mapping[str, Any]) -> NewCredential:
    """Return the credential of an answer to `ask_for_new`.

    :raises PasskeyRefused: the answer is for another site or question, or the device did not verify its user.
    """
    made = _holding(lambda: _server().register_complete(dict(state), answer))
    credential = made.credential_data
    if credential is None:
        raise PasskeyRefused("设备没有给出通行密钥。请再试一次，或换用其他设备。")
    return NewCredential(base64url(credential.credential_id), bytes(credential), made.counter)


def ask_to_log_in() -> Asked:
    """Return what asks a device to prove that it holds any passkey of this site."""
    options, state = _server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return Asked(dict(options)["publicKey"], dict(state))


def check_login(state: Mapping[str, Any], answer: Mapping[str, Any], credential: bytes) -> int:
    """Check the answer to `ask_to_log_in` against a stored credential and return its signature count.

    :raises PasskeyRefused: as `read_new`, or signed with another key.
    """

    def check() -> int:
        _server().authenticate_complete(dict(state), [AttestedCredentialData(credential)], answer)
        return AuthenticationResponse.from_dict(answer).response.authenticator_data.counter

    return _holding(check)


def _holding(check: Callable[[], Answer]) -> Answer:
    try:
        return check()
    except _MALFORMED as error:
        raise PasskeyRefused(
            "通行密钥验证未通过：应答与本次请求或本站不符，或设备没有核验使用者本人。请刷新页面再试一次。"
        ) from error


def _server() -> Fido2Server:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name=settings.SYSTEM_TITLE),
        verify_origin=lambda origin: origin == settings.PUBLIC_URL,
    )
