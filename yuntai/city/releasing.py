"""Lets a keeper of opening keys release one lot by hand, as the process that the city would start for it."""

import subprocess

from yuntai.city.environment import Environments
from yuntai.city.errors import CityError
from yuntai.city.folder import CityFolder
from yuntai.city.programs import YUNTAI
from yuntai.city.topology import HolderSeat, System, Topology


def release_by_hand(topology: Topology, folder: CityFolder, lot: str, letter: str | None = None) -> System:
    """Let the holder `letter` release its shares of `lot`; return the trading system that took them.

    letter: None for the holder that releases by hand only.  What the holder says goes to standard error.

    :raises CityError: the city does not run, no such holder or lot, or the holder kept its shares.
    """
    if not folder.is_locked():
        raise CityError(f"城市没有运行：{folder.home}。请先用 make up 启动。")
    seat = _seat(topology, letter)
    system = _system_of(topology, folder, lot, seat)
    home = folder.holder(system.code, seat.letter)
    words = ("holder", "release", lot, "--home", str(home), "--trading", system.url)
    environments = Environments(topology, folder)
    key = ("--trading-key", environments.public_key(system.code).hex())
    # In the city's own environment: its clock may be ahead, and a holder with another one is refused.
    ended = subprocess.run((*YUNTAI, *words, *key), env=environments.of_holder(), check=False)
    if ended.returncode != 0:
        raise CityError(f"保管方 {seat.letter}（{seat.name}）没有释放标段 {lot} 的份额，原因见上。")
    return system


def hand_seat(topology: Topology) -> HolderSeat | None:
    """Return the first holder that releases by hand only, None when all release by themselves."""
    return next((seat for seat in topology.holders if seat.keys_only), None)


def _seat(topology: Topology, letter: str | None) -> HolderSeat:
    if letter is None:
        seat = hand_seat(topology)
    else:
        seat = next((each for each in topology.holders if each.letter == letter), None)
    if seat is None:
        letters = "、".join(each.letter for each in topology.holders)
        raise CityError(f"请用 --holder 指定由哪个保管方释放，可选：{letters}。")
    return seat


def _system_of(topology: Topology, folder: CityFolder, lot: str, seat: HolderSeat) -> System:
    """Return the trading system for which `seat` made a key of `lot`."""
    for system in topology.of_kind("trading"):
        lots = folder.holder(system.code, seat.letter) / "lots"
        if f"{lot}.json" in {file.name for file in lots.glob("*.json")}:
            return system
    raise CityError(
        f"保管方 {seat.letter}（{seat.name}）没有标段 {lot} 的密钥。请核对标段编号，它写在开标大厅的标题下。"
    )
