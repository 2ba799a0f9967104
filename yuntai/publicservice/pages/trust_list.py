"""The trust list (证书互认): whose certificates count in the whole city, since when, and its signed file."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yuntai.kernel.accounts.caller import required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.kernel.recognition.queries import trust_list as in_force
from yuntai.kernel.recognition.queries import versions
from yuntai.kernel.recognition.services import ListRefused
from yuntai.kernel.templatetags.components import Cell, Column, Crumb, Table
from yuntai.kernel.templatetags.fields import Field
from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice.identity.trust_list import publish_trust_list
from yuntai.publicservice.roles import OPERATOR
from yuntai.trust import clock
from yuntai.trust.keys import Algorithm
from yuntai.trust.trust_list import STATUS_NAMES, Entry, TrustListDocument

LONGEST_FILE = 4 * 1024 * 1024
ALGORITHMS = {Algorithm.P256: "国际（P-256）", Algorithm.SM2: "国密（SM2）"}
COLUMNS = (
    Column("ca", "发证机构"),
    Column("status", "互认状态"),
    Column("algorithms", "密钥"),
    Column("history", "以往状态"),
    Column("revocation", "吊销查询"),
)
VERSIONS = (
    Column("seq", "版本"),
    Column("issued", "签发"),
    Column("until", "有效至"),
    Column("signers", "签名的管理员"),
    Column("file", "名单文件"),
)


@require_GET
def trust_list(request: HttpRequest) -> HttpResponse:
    """Show the version in force; the operator can bring in the next one."""
    return _show(request)


@require_GET
def trust_list_file(request: HttpRequest) -> JsonResponse:
    """Hand out the version in force with its signatures."""
    return JsonResponse(in_force().signed, json_dumps_params={"ensure_ascii": False})


@require_GET
def version_file(request: HttpRequest, seq: int) -> JsonResponse:
    """Hand out one version with its signatures, in force or not."""
    for version in versions():
        if version.document is not None and version.document.seq == seq:
            return JsonResponse(version.signed, json_dumps_params={"ensure_ascii": False})
    raise NotFound(f"没有第 {seq} 版互认名单。请到证书互认页查看已有的版本。")


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Take over the version in the file."""
    caller = required(caller_of(request))
    try:
        publish_trust_list(signed=_read(request), caller=caller, now=clock.now())
    except DomainError as error:
        return _show(request, error)
    return redirect(f"{reverse('trust-list')}?published=1")


def _read(request: HttpRequest) -> dict[str, object]:
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise ListRefused("没有选择文件。请选择两名名单管理员签名后的互认名单文件（JSON）。")
    if (file.size or 0) > LONGEST_FILE:
        raise ListRefused(f"文件超过 {LONGEST_FILE // 1024**2} MB，不是互认名单。请核对后重新选择。")
    try:
        signed = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise ListRefused("文件不是 JSON，不能读取。请选择签名后的互认名单文件。") from error
    if not isinstance(signed, dict):
        raise ListRefused("互认名单文件的格式不正确：应有 list 和 signatures 两项；请重新下载名单。")
    return signed


def _show(request: HttpRequest, refusal: DomainError | None = None) -> HttpResponse:
    document, caller = in_force().document, caller_of(request)
    file = Field(
        name="file",
        label="互认名单文件",
        kind="file",
        hint="两名名单管理员各自在本人设备上签名后的 JSON 文件；序号须大于现用版本，以往的状态不能改写。",
        error=str(refusal) if refusal else "",
        accept=".json,application/json",
        required=True,
    )
    context = {
        "document": document,
        "table": _table(document) if document else None,
        "versions": _versions() if document else None,
        "may_publish": caller is not None and OPERATOR in caller.roles,
        "file": file,
        "published": request.GET.get("published") == "1" and refusal is None,
        "crumbs": (Crumb("对接系统", reverse("systems")), Crumb("证书互认")),
    }
    return render(
        request, "publicservice/trust_list.html", context, status=refusal.status if refusal else 200
    )


def _table(document: TrustListDocument) -> Table:
    signing = [entry for entry in document.entries if entry.service == "sign"]
    return Table(
        caption=f"{len(signing)} 家发证机构",
        columns=COLUMNS,
        rows=tuple(_cells(entry) for entry in signing),
        nothing="名单里还没有发证机构。",
    )


def _versions() -> Table:
    return Table(
        caption="历次名单",
        columns=VERSIONS,
        rows=tuple(_version_cells(each.document, each.signed) for each in versions() if each.document),
        nothing="还没有发布过名单。",
        note="旧版本照原样保留：某一时刻的签名，按当时有效的名单判断。",
    )


def _version_cells(document: TrustListDocument, signed: Mapping[str, Any]) -> tuple[Cell, ...]:
    return (
        Cell(f"第 {document.seq} 版"),
        Cell(beijing(document.issued)),
        Cell(beijing(document.next_update)),
        Cell("、".join(each["officer"] for each in signed["signatures"])),
        Cell("下载（JSON）", url=reverse("trust-list-version", args=[document.seq])),
    )


def _cells(entry: Entry) -> tuple[Cell, ...]:
    history = "；".join(f"{beijing(each.since)}起{STATUS_NAMES[each.status]}" for each in entry.history)
    return (
        Cell(entry.ca),
        Cell(STATUS_NAMES[entry.status], note=f"自 {beijing(entry.status_since)}"),
        Cell("、".join(ALGORITHMS[algorithm] for algorithm in entry.algorithms)),
        Cell(history or "无"),
        Cell("吊销列表" if entry.crl else "在线查询", url=entry.crl[0] if entry.crl else ""),
    )
