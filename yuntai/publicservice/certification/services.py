"""Publishing a testing body's report as the certificate of a connected trading system."""

import json
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from pydantic import ValidationError

from yuntai.conformance.report import SignedReport
from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record
from yuntai.law.days import date_of
from yuntai.publicservice.certification import refusals
from yuntai.publicservice.certification.bodies import TestingBody, bodies
from yuntai.publicservice.certification.models import Certificate
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.systems.models import ConnectedSystem, State

MOST_BYTES = 2 * 1024 * 1024


def publish_report(*, content: bytes, caller: Caller, now: datetime) -> Certificate:
    """Publish a signed report; what it certifies, the testing body wrote into it, and nobody here adds to it.

    content: the file that `yuntai conform` wrote, JSON.

    :raises Forbidden: the caller is not of the platform's operator.
    :raises ReportUnreadable: it is no report, or larger than 2 MiB.
    :raises ReportNotGenuine: it is unsigned, altered, or signed by nobody we know.
    :raises ReportNotOfThatSystem: no trading system of that code and key is connected.
    :raises ReportNotGood: a check failed, no certificate is named, or it lapsed already.
    :raises CertificateTaken: a certificate of that number is published.
    """
    caller = caller.acting_as(POLICY[Permission.PUBLISH_CERTIFICATE])
    signed = read(content)
    body = _author(signed)
    _require_connected(signed)
    certificate = _certificate(signed, body, caller, now)
    with transaction.atomic():
        try:
            with transaction.atomic():
                certificate.save(force_insert=True)
        except IntegrityError as error:  # number is unique
            raise refusals.CertificateTaken(
                f"编号为 {certificate.number} 的证书已经公布，不能再次公布。请核对证书编号。"
            ) from error
        record(caller=caller, act="publish-certificate", subject=certificate, before="", now=now)
    return certificate


def read(content: bytes) -> SignedReport:
    """Return the report that `content` is.

    :raises ReportUnreadable: it is none.
    """
    if len(content) > MOST_BYTES:
        raise refusals.ReportUnreadable("报告文件超过 2 MB，没有公布。请上传检测程序写出的 JSON 报告。")
    try:
        return SignedReport.model_validate(json.loads(content))
    except (ValidationError, ValueError, RecursionError) as error:
        raise refusals.ReportUnreadable(
            "上传的文件不是检测报告（JSON），没有公布。请上传检测程序写出的 .json 文件。"
        ) from error


def _author(signed: SignedReport) -> TestingBody:
    if not signed.key_id:
        raise refusals.ReportNotGenuine("报告没有检测机构的签名，不能公布。请检测机构签名后重新提供。")
    body = bodies().get(signed.key_id)
    if body is None:
        raise refusals.ReportNotGenuine(
            f"密钥 {signed.key_id[:16]} 不是本平台认可的检测机构的，没有公布。请核对检测机构名录。"
        )
    if not signed.is_signed_by(body.public_key):
        raise refusals.ReportNotGenuine(
            f"报告与{body.name}的签名不符，可能被改动，没有公布。请向检测机构索取原件。"
        )
    return body


def _require_connected(signed: SignedReport) -> None:
    system = signed.report.system
    connected = ConnectedSystem.objects.filter(
        code=system.code, kind="trading", state=State.CONNECTED
    ).first()
    if connected is None:
        raise refusals.ReportNotOfThatSystem(
            f"{system.code} 不是已对接的交易系统，没有公布。请先完成对接登记。"
        )
    # A key changed since the test counts as well, unless it had ended before.
    counted = Q(valid_until=None) | Q(valid_until__gte=signed.report.ended_at)
    keys = connected.keys.filter(counted, valid_from__isnull=False)
    if not keys.filter(public_key=system.signing_key).exists():
        raise refusals.ReportNotOfThatSystem(
            f"报告所测系统的签名公钥与 {system.code} 对接登记的不同，没有公布。请核对检测的是不是这个系统。"
        )


def _certificate(signed: SignedReport, body: TestingBody, caller: Caller, now: datetime) -> Certificate:
    report, given = signed.report, signed.report.certificate
    if report.failed:
        raise refusals.ReportNotGood(
            f"报告载明 {'、'.join(report.failed)} 不符合，不能作为认证公布。请整改后重新检测。"
        )
    if given is None:
        raise refusals.ReportNotGood("报告没有载明证书编号、等级和有效期，不能作为认证公布。请检测机构补正。")
    if given.valid_until < date_of(now):
        raise refusals.ReportNotGood(f"证书有效期至 {given.valid_until}，已经过期，没有公布。请重新检测。")
    return Certificate(
        number=given.number,
        system_code=report.system.code,
        system_title=report.system.title,
        level=given.level,
        body_code=body.code,
        body_name=body.name,
        tested_at=report.ended_at,
        valid_until=given.valid_until,
        document=signed.to_bytes().decode(),
        published_at=now,
        published_by=caller.person_name,
    )
