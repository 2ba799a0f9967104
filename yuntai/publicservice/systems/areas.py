"""Which authority watches what: by industry and region, from the routing table."""

from collections.abc import Mapping, Sequence

from yuntai.kernel.peers import Peer

Area = tuple[str, str]
"""Industry and region; "" stands for every one."""

Areas = Mapping[str, Sequence[Area]]
"""The areas of each supervision system, by its code."""


def covers(region: str, place: str) -> bool:
    """Tell whether `place` lies in `region`, both six digits: 320700 covers 320703; unknown is never outside.

    Unknown counts as inside, since an authority that is told too much loses nothing, and one that is told too
    little cannot do its work.
    """
    above = region
    while above.endswith("00"):
        above = above[:-2]
    return not region or not place or place.startswith(above)


def watches(system: Peer, areas: Areas, industry: str, place: str) -> bool:
    """Tell whether a supervision system watches an industry at a place.

    A system without rows in the table watches its own industry in its own region.
    """
    listed = areas.get(system.code) or [(system.industry, system.region)]
    return any(of in {"", industry} and covers(region, place) for of, region in listed)
