"""`yuntai bid prepare | seal | submit | withdraw | status`: the bidder's tool on the command line."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import httpx

from yuntai.bidtool.folder import BidFolder, read_json
from yuntai.bidtool.forms import Offer, draft_form, read_form, risks
from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.lots import PublishedLot, published_lot
from yuntai.bidtool.refusals import BadForm, BidToolError
from yuntai.bidtool.sealed_bid import seal_bid
from yuntai.bidtool.session import Session
from yuntai.bidtool.submitting import submit, upload, withdraw
from yuntai.law.days import SHANGHAI
from yuntai.standard.bidfile import BidFileError
from yuntai.trust import clock
from yuntai.trust.base64url import from_base64url
from yuntai.trust.sealing import SealError

OK, REFUSED = 0, 1


def main(argv: Sequence[str], *, transport: httpx.BaseTransport | None = None) -> int:
    """Run one command and return its exit code; a refusal is one Chinese sentence on standard error.

    transport: how systems are reached; None for the network.
    """
    arguments = _parser().parse_args(argv)
    arguments.transport = transport
    try:
        COMMANDS[arguments.command](arguments)
    except (BidToolError, BidFileError, SealError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return OK


def prepare_bid(arguments: argparse.Namespace) -> None:
    """Make the folder of a bid with the lot and a form to complete."""
    bundle = KeyBundle.read(arguments.key)
    system = arguments.system or ""
    lot = _lot_from(arguments)
    offer = Offer(arguments.price, arguments.days, arguments.lead, arguments.quality, arguments.note)
    folder = BidFolder(arguments.folder)
    folder.prepare(system, lot, draft_form(lot, bundle, offer, now=clock.now()))
    _say(f"已生成投标文件夹 {folder.home}：{lot.title}（{lot.code}）。")
    _say(f"请补全 {folder.form_file}，把附件放入 {folder.files}，再用 yuntai bid seal 密封。")


def seal(arguments: argparse.Namespace) -> None:
    """Check, sign and seal; needs no network.

    :raises BadForm: the form will not do, or the deadline to check against is missing.
    :raises HolderKeyNotGenuine: see `PublishedLot.check_holders`.
    """
    bundle, folder = KeyBundle.read(arguments.key), BidFolder(arguments.folder)
    folder.require_replaceable()
    lot, form = folder.lot(), read_form(folder.form_file)
    _check_keys(lot, arguments)
    for risk in risks(form, lot):
        if not arguments.accept_risk:
            raise BadForm(f"{risk}请修改报价；确需照此密封的，加 --accept-risk。")
        _say(f"注意：{risk}")
    bid = seal_bid(form, folder.attachments(), lot=lot, bundle=bundle)
    folder.keep_sealed(bid)
    _say(f"已密封：{len(bid.body)} 字节，编号 {bid.envelope_id}。")
    _say(f"{folder.sealed / 'owner.key'} 是撤回所需的设备密钥，请妥善保存；投标内容开标前任何人都打不开。")


def _check_keys(lot: PublishedLot, arguments: argparse.Namespace) -> None:
    if not arguments.holders:
        _say("注意：没有核对保管方公钥。交易系统若换了公钥，开标前就能看到投标内容。")
        return
    if arguments.due is None:
        raise BadForm(
            "核对保管方公钥须用 --due 写明公告中的投标截止时间，如 --due 2026-03-23T09:30（北京时间）。"
        )
    lot.check_holders(_holder_keys(arguments.holders), due_at=arguments.due)


def hand_in(arguments: argparse.Namespace) -> None:
    """Upload the ciphertext, submit, keep the receipt."""
    folder = BidFolder(arguments.folder)
    folder.require_replaceable()
    bid = folder.sealed_bid()
    with _logged_in(arguments, folder) as session:
        upload(session, bid)
        receipt = submit(session, bid, system_key=arguments.system_key)
    folder.keep_receipt(receipt)
    checked = "签名已核对" if arguments.system_key else "未提供系统公钥，签名未核对"
    _say(f"已递交，系统收到时间 {receipt['statement'].get('received_at', '未知')}。")
    _say(f"回执：{folder.sealed / 'receipt.json'}（{checked}）。")


def take_back(arguments: argparse.Namespace) -> None:
    """Withdraw the bid with the owner key kept in the folder."""
    folder = BidFolder(arguments.folder)
    bid = folder.sealed_bid()
    with _logged_in(arguments, folder) as session:
        withdraw(session, bid)
    folder.keep_withdrawal({"envelope_id": bid.envelope_id, "withdrawn_at": clock.now().isoformat()})
    _say(f"已撤回 {bid.envelope_id}。截止时间前可以重新密封、重新递交。")


def show_status(arguments: argparse.Namespace) -> None:
    """Say where the bid and its lot stand."""
    folder = BidFolder(arguments.folder)
    system = _system_of(arguments, folder)
    with Session(system, transport=arguments.transport) as session:
        lot = published_lot(session, folder.lot().code)
    _say(f"{lot.title}（{lot.code}）")
    _say(f"投标截止：{lot.bids_due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}（北京时间）")
    _say(f"当前阶段：{lot.stage or '无'}；结果：{lot.final_status or '进行中'}")
    _say(f"本单位投标文件：{_standing(folder)}")
    if lot.documents_sha256 != folder.lot().documents_sha256:
        _say("招标文件已变更：请重新获取标段信息，按新文件重新密封。")


COMMANDS = {
    "prepare": prepare_bid,
    "seal": seal,
    "submit": hand_in,
    "withdraw": take_back,
    "status": show_status,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="yuntai bid", description="投标人工具：编制、密封、递交投标文件。密封在本机完成，不需要联网。"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    prepare = commands.add_parser("prepare", help="生成投标文件夹和待填写的投标函")
    prepare.add_argument("lot", help="标段编号")
    source = prepare.add_mutually_exclusive_group(required=True)
    source.add_argument("--system", help="交易系统地址，如 http://localhost:8010")
    source.add_argument("--lot-file", type=Path, help="已保存的标段信息（不联网）")
    for name, help_text in (
        ("price", "报价，元"),
        ("lead", "项目负责人"),
        ("quality", "质量承诺"),
        ("note", "备注"),
    ):
        prepare.add_argument(f"--{name}", default="", help=help_text)
    prepare.add_argument("--days", type=int, default=0, help="工期，日历天")
    sealing = commands.add_parser("seal", help="检查、签名并密封（不联网）")
    checked = sealing.add_mutually_exclusive_group(required=True)
    checked.add_argument(
        "--holders",
        type=Path,
        help="保管方公钥文件（JSON），从保管方或公共服务平台取得，用于核对密封公钥的签名",
    )
    checked.add_argument("--unchecked", action="store_true", help="不核对密封公钥，信任交易系统给出的公钥")
    sealing.add_argument(
        "--due", type=_due, help="公告中的投标截止时间（北京时间），如 2026-03-23T09:30；用 --holders 时必填"
    )
    sealing.add_argument("--accept-risk", action="store_true", help="有否决风险仍然密封")
    submitting = commands.add_parser("submit", help="上传密文并递交，保存回执")
    submitting.add_argument("--system-key", type=_key, help="交易系统公钥（base64url），用于核对回执签名")
    withdrawing = commands.add_parser("withdraw", help="截止前撤回")
    status = commands.add_parser("status", help="查看标段和本单位投标文件的状态")
    for command in (prepare, sealing, submitting, withdrawing):
        command.add_argument("--key", type=Path, required=True, help="证书密钥文件（JSON）")
    for command in (submitting, withdrawing, status):
        command.add_argument("--system", help="交易系统地址，缺省用投标文件夹中记录的")
    for command in (prepare, sealing, submitting, withdrawing, status):
        command.add_argument("--folder", type=Path, default=Path("bid"), help="投标文件夹，缺省为 ./bid")
    return parser


def _due(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise argparse.ArgumentTypeError("截止时间应写作 2026-03-23T09:30") from error


def _key(text: str) -> bytes:
    try:
        return from_base64url(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("公钥应为 base64url 文本") from error


def _lot_from(arguments: argparse.Namespace) -> PublishedLot:
    if arguments.lot_file:
        lot = PublishedLot.from_json(read_json(arguments.lot_file))
    else:
        with Session(arguments.system, transport=arguments.transport) as session:
            lot = published_lot(session, arguments.lot)
    if lot.code != arguments.lot:
        raise BadForm(f"标段信息是 {lot.code} 的，不是 {arguments.lot} 的。请核对标段编号。")
    return lot


def _holder_keys(path: Path) -> dict[str, bytes]:
    try:
        return {letter: from_base64url(row["public_key"]) for letter, row in read_json(path).items()}
    except (KeyError, TypeError, ValueError) as error:
        raise BadForm(f'{path} 应为 {{"T": {{"name": …, "public_key": …}}, …}}。请核对文件。') from error


def _system_of(arguments: argparse.Namespace, folder: BidFolder) -> str:
    system = str(arguments.system or folder.system())
    if not system:
        raise BadForm("不知道交易系统的地址。请用 --system 指明。")
    return system


def _logged_in(arguments: argparse.Namespace, folder: BidFolder) -> Session:
    session = Session(_system_of(arguments, folder), transport=arguments.transport)
    session.log_in(KeyBundle.read(arguments.key))
    return session


def _standing(folder: BidFolder) -> str:
    receipt = folder.receipt()
    if folder.is_withdrawn():
        return "已撤回"
    if receipt is not None:
        return f"已递交，收到时间 {receipt['statement'].get('received_at', '未知')}"
    return "已密封，未递交" if folder.sealed.exists() else "未密封"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
