"""The trial of a system: its messages, its receipts, and the platform's own test message.

All of it is believed for the signature of the entered key alone, as on the exchange itself.
"""

import ipaddress
import socket
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import transaction
from pydantic import ValidationError

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of, write_entry
from yuntai.kernel.errors import DomainError
from yuntai.kernel.outbox.sender import MESSAGES_PATH
from yuntai.kernel.peers import own_key
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.systems import trial
from yuntai.publicservice.systems.models import ConnectedSystem, State, SystemKey, Trial
from yuntai.publicservice.systems.passing import pass_tests, start_trial
from yuntai.publicservice.systems.services import SystemNotFound, locked_system, own_system
from yuntai.standard.envelope import SignedMessage, payload_digest
from yuntai.standard.receipts import Batch, Receipt, ReceiptBatch
from yuntai.standard.receipts import sign as sign_receipts
from yuntai.standard.receipts import verify as verify_receipts
from yuntai.trust import signing
from yuntai.trust.base64url import from_base64url

LONGEST_WAIT = 5.0  # seconds, for the system's answer to the test message


class NotOnTrial(DomainError):
    """The system is not on trial: it is connected already, or refused."""

    code = "system-not-on-trial"


class ReceiptRefused(DomainError):
    """A receipt that was handed in is not what the test asks for."""

    code = "receipt-refused"
    status = 422


class SystemDidNotAnswer(DomainError):
    """The system did not take the test message as the standard has it."""

    code = "system-did-not-answer"
    status = 422


def receive_trial(*, code: str, batch: Batch, address: str, now: datetime) -> ReceiptBatch:
    """Judge a batch of trial messages and answer as the exchange does; none is kept, acted on or passed on.

    :raises NotOnTrial: the system is not on trial.
    :raises TrialNotAuthentic, TrialForked, TrialTooLong: of the first message; nothing is counted.
    """
    with transaction.atomic():
        system = _on_trial(code)
        stored = _trial_of(system)
        position, receipts = _judged(system, _position(stored), batch.messages, now)
        before = version_of(stored)
        stored.answered = [each.model_dump(mode="json") for each in position.answered]
        stored.repeated = position.repeated
        stored.save()
        caller = _as_system(system, address)
        record(caller=caller, act="receive-trial-messages", subject=stored, before=before, now=now)
        pass_tests(system, trial.shown_by(position), caller=caller, now=now)
    return sign_receipts(
        receiver=settings.SYSTEM_CODE,
        receipts=receipts,
        expected_seq=position.last_seq + 1,
        private_key=own_key(),
    )


def restart_trial(*, code: str, caller: Caller, now: datetime) -> None:
    """Empty the trial stream of the caller's system, so that it counts from 1 again; passed tests stay.

    :raises NotOnTrial: the system is not on trial.
    """
    caller = caller.acting_as(POLICY[Permission.ENTER_SYSTEM])
    with transaction.atomic():
        system = own_system(code, caller)
        _require_trial(system)
        fresh = start_trial(system, now)
        record(caller=caller, act="restart-trial", subject=fresh, before="", now=now)


def hand_back(*, code: str, answer: ReceiptBatch, address: str, now: datetime) -> None:
    """Take back an answer of ours that holds the receipt of a rejected trial message.

    :raises ReceiptRefused: we did not sign it, or it has no such receipt.
    """
    ours = signing.public_key(own_key())
    with transaction.atomic():
        system = _on_trial(code)
        if answer.receiver != settings.SYSTEM_CODE or not verify_receipts(answer, ours):
            raise ReceiptRefused("交回的答复不是平台签名的原样内容。请保存收到的整段答复，原样交回。")
        rejected = [each for each in _position(_trial_of(system)).answered if each.state == "rejected"]
        if not any(each in rejected for each in answer.receipts):
            raise ReceiptRefused("交回的答复中没有本次测试的退回回执。请交回含 rejected 回执的那一段答复。")
        _pass(system, trial.RECEIPT, "hand-back-receipt", address, now)


def offered_messages(*, code: str) -> tuple[SignedMessage, SignedMessage]:
    """Return the two test messages for a system: the first is forged, only the second may be receipted."""
    system = ConnectedSystem.objects.filter(code=code).first()
    if system is None:
        raise SystemNotFound(f"没有登记代码为 {code} 的系统。请核对系统代码。")
    _require_trial(system)
    if system.url:
        raise NotOnTrial(f"{code} 登记了接收地址，测试报文由平台发往该地址。请在对接测试页按“发送测试报文”。")
    return _offered(system)


def take_receipt(*, code: str, signature: str, address: str, now: datetime) -> None:
    """Take the signature by which a system that only sends shows that it verified the offered message.

    signature: over `trial.to_receipt(message)`, base64url.

    :raises ReceiptRefused: it is not made with the entered key, or for another message.
    """
    with transaction.atomic():
        system = _on_trial(code)
        _, offered = _offered(system)
        try:
            raw = from_base64url(signature)
        except ValueError:
            raw = b""
        if not signing.is_valid(_entered_key(system), trial.to_receipt(offered), raw):
            raise ReceiptRefused(
                "签收的签名与登记的公钥或签名相符的那条测试报文不符。请核验两条报文，只签收签名相符的一条。"
            )
        _pass(system, trial.OFFERED, "take-trial-receipt", address, now)


def call_system(*, code: str, caller: Caller, http: httpx.Client, now: datetime) -> None:
    """Post the forged and then the true test message to the caller's system, and check its receipt.

    http: without redirects.  The calls are made outside any transaction.

    :raises SystemDidNotAnswer: it is not reached, takes the forged message, or gives no good receipt.
    """
    caller = caller.acting_as(POLICY[Permission.ENTER_SYSTEM])
    with transaction.atomic():
        system = own_system(code, caller)
        _require_trial(system)
        write_entry(
            caller=caller, act="call-system", object_type="systems.connectedsystem", object_id=code, now=now
        )
    if not system.url:
        raise SystemDidNotAnswer(f"{code} 没有登记接收地址。只发送的系统请按页面所示取走测试报文并签收。")
    _require_public(system.url)
    forged, offered = _offered(system)
    if _post(http, system.url, forged).status_code < 400:
        raise SystemDidNotAnswer("签名不符的测试报文没有被拒绝。收到签名不符的报文，应答复 400，不予签收。")
    answer = _post(http, system.url, offered)
    try:
        receipts = ReceiptBatch.model_validate_json(answer.content)
    except ValidationError as error:
        raise SystemDidNotAnswer(
            f"系统对测试报文的答复（状态 {answer.status_code}）不是签名回执。请对照对接说明第 4 节。"
        ) from error
    with transaction.atomic():
        system = _on_trial(code)
        if why := _why_no_receipt(system, receipts, offered):
            raise SystemDidNotAnswer(f"{why}。请对照对接说明第 4 节改正后重试。")
        _pass(system, trial.OFFERED, "take-trial-receipt", caller.address, now)


def _offered(system: ConnectedSystem) -> tuple[SignedMessage, SignedMessage]:
    return trial.with_forged(SignedMessage.model_validate(_trial_of(system).offered))


def _judged(
    system: ConnectedSystem, position: trial.Position, messages: Iterable[SignedMessage], now: datetime
) -> tuple[trial.Position, list[Receipt]]:
    examiner = trial.Examiner(settings.SYSTEM_CODE, system.code, system.kind, _entered_key(system))
    receipts: list[Receipt] = []
    for signed in messages:
        try:
            judged = examiner.judge(position, signed, now)
        except DomainError:
            if not receipts:
                raise
            break
        if judged is None:
            break
        position, receipt = judged
        receipts.append(receipt)
    return position, receipts


def _why_no_receipt(system: ConnectedSystem, answer: ReceiptBatch, offered: SignedMessage) -> str:
    if answer.receiver != system.code or not verify_receipts(answer, _entered_key(system)):
        return "回执不是用登记的密钥签名的"
    digest = payload_digest(offered.payload)
    given = [(each.iss, each.stream, each.seq, each.digest, each.state) for each in answer.receipts]
    wanted = (offered.payload.iss, offered.payload.stream, 1, digest, "received")
    return "" if given == [wanted] else "回执所指的不是平台发出的那一条测试报文"


def _post(http: httpx.Client, url: str, message: SignedMessage) -> httpx.Response:
    try:
        return http.post(
            f"{url.rstrip('/')}{MESSAGES_PATH}",
            content=Batch(messages=(message,)).model_dump_json(),
            headers={"Content-Type": "application/json"},
            timeout=LONGEST_WAIT,
        )
    except httpx.HTTPError as error:
        raise SystemDidNotAnswer(
            f"登记的地址 {url} 在 {LONGEST_WAIT:.0f} 秒内没有答复（{type(error).__name__}）。"
            "请检查地址和网络后重试。"
        ) from error


def _require_public(url: str) -> None:
    """Check that the platform is not made to call into its own network.  A sandbox is all on one machine."""
    if settings.SANDBOX:
        return
    host = urlsplit(url).hostname or ""
    try:
        found = {ipaddress.ip_address(str(each[4][0])) for each in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise SystemDidNotAnswer(f"查不到 {host} 的网络地址。请核对登记的地址。") from error
    if not all(each.is_global for each in found):
        raise SystemDidNotAnswer(f"{host} 指向内部网络，平台不予访问。请登记可从公网访问的地址。")


def _pass(system: ConnectedSystem, test: str, act: str, address: str, now: datetime) -> None:
    caller = _as_system(system, address)
    write_entry(caller=caller, act=act, object_type="systems.connectedsystem", object_id=system.code, now=now)
    pass_tests(system, {test}, caller=caller, now=now)


def _as_system(system: ConnectedSystem, address: str) -> Caller:
    caller = Caller.system(system.code)
    return Caller(caller.person_id, caller.person_name, "", "", caller.roles, "system", address)


def _on_trial(code: str) -> ConnectedSystem:
    system = locked_system(code)
    _require_trial(system)
    return system


def _require_trial(system: ConnectedSystem) -> None:
    if system.state != State.TRIAL:
        raise NotOnTrial(f"{system.code} {State(system.state).label}，不在对接测试中。")


def _trial_of(system: ConnectedSystem) -> Trial:
    return Trial.objects.get(system=system)


def _position(stored: Trial) -> trial.Position:
    answered = tuple(Receipt.model_validate(each) for each in stored.answered)
    return trial.Position(answered, stored.repeated)


def _entered_key(system: ConnectedSystem) -> bytes:
    key: SystemKey = system.keys.order_by("-number")[0]
    return from_base64url(key.public_key)
