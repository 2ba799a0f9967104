"""The persons of the demonstration city.  Every body is made up, says so, and has a valid code."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from yuntai.city.topology import Organization, System, Topology
from yuntai.standard.identifiers import credit_code
from yuntai.trust.identities import trust_id_of
from yuntai.trust.sandbox_cas import PLANS

ROLES = {
    "initiator": "招标人",
    "agency": "招标代理机构",
    "bidder": "投标人",
    "expert": "评标专家",
    "supervisor": "行政监督人员",
    "platform-operator": "公共服务平台运营人员",
    "trading-operator": "电子交易系统运营人员",
}
# Bidders enough for a day with many tenders, one surname each, so that they can be told apart.
CROWD_SURNAMES = (
    "冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任"
    "袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄"
    "米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路"
)
# Serials of made-up companies; a number stays with its company, since the code is its identity everywhere.
INITIATOR, AGENCY, INSTITUTE, BIDDERS, CROWD = 101, 102, 103, 201, 1001


@dataclass(frozen=True)
class Person:
    """A demo person acting for one body.

    id: for addresses, ASCII.  role: a key of ROLES.  crowd: one of the many bidders of the live play, whom a
    login page need not list.  ca: letter of the sandbox CA that issued the person's certificate.
    """

    id: str
    name: str
    organization: Organization
    role: str
    crowd: bool = False
    ca: str = "A"

    @property
    def role_name(self) -> str:
        return ROLES[self.role]

    @property
    def person_id(self) -> str:
        """Return what the certificate calls the person: opaque, the same in each renewal."""
        return hashlib.sha256(f"yuntai-sandbox:{self.id}".encode()).hexdigest()[:20]

    @property
    def trust_id(self) -> str:
        """Return what the systems of the city call the person."""
        return trust_id_of(ca_name(self), self.person_id)


def ca_name(person: Person) -> str:
    """Return the name of the CA that issued a person's certificate, as the trust list has it."""
    return next(plan.name for plan in PLANS if plan.letter == person.ca)


def demo_people(topology: Topology) -> tuple[Person, ...]:
    """Return everybody, the main persons first."""
    return (*_main(topology), *_crowd(topology.region))


def systems_of(person: Person, topology: Topology) -> tuple[str, ...]:
    """Return the codes of the systems where a person has work; anyone may register at the platform."""
    own = {"supervisor": "supervision"}.get(person.role, "trading")
    kept = [system for system in topology.systems if system.keeper == person.organization]
    at_work = [] if person.role == "platform-operator" else kept or topology.of_kind(own)
    return tuple(system.code for system in (*at_work, *topology.of_kind("publicservice")))


def _main(topology: Topology) -> Iterator[Person]:
    company = _Companies(topology.region)
    yield Person(
        "li-zhaobiao", "李招标", company.named(INITIATOR, "演示新区城市建设发展有限公司"), "initiator"
    )
    yield Person("zheng-daili", "郑代理", company.named(AGENCY, "演示招标代理有限公司"), "agency")
    for number, (surname, person_id) in enumerate((("王", "wang"), ("赵", "zhao"), ("孙", "sun"))):
        builder = company.of_builder(BIDDERS + number, surname)
        yield Person(f"{person_id}-toubiao", f"{surname}投标", builder, "bidder", ca=_ca_of(number))
    yield Person("qian-zhuanjia", "钱专家", company.named(INSTITUTE, "演示工程咨询研究院有限公司"), "expert")
    yield from _keepers(topology.of_kind("supervision"), "sun-jiandu", "孙监督", "supervisor")
    yield from _keepers(topology.of_kind("publicservice"), "zhou-pingtai", "周平台", "platform-operator")
    yield from _keepers(topology.of_kind("trading"), "wu-yunying", "吴运营", "trading-operator")


def _keepers(systems: tuple[System, ...], person_id: str, name: str, role: str) -> Iterator[Person]:
    """Yield one person per system; only the first has the short id that guides name."""
    for number, system in enumerate(systems):
        own_id = f"{person_id}-{system.industry.replace('_', '-')}" if number else person_id
        yield Person(own_id, name, system.keeper, role)


def _crowd(region: str) -> Iterator[Person]:
    company = _Companies(region)
    for number, surname in enumerate(CROWD_SURNAMES):
        builder = company.of_builder(CROWD + number, surname)
        yield Person(
            f"bidder-{number + 1:03d}", f"{surname}投标", builder, "bidder", crowd=True, ca=_ca_of(number)
        )


def _ca_of(number: int) -> str:
    """Return a CA for the bidder of that number: bidders come with certificates of all recognised ones."""
    return PLANS[number % len(PLANS)].letter


@dataclass(frozen=True)
class _Companies:
    region: str

    def named(self, serial: int, name: str) -> Organization:
        return Organization(credit_code.make(self.region, serial), name)

    def of_builder(self, serial: int, surname: str) -> Organization:
        return self.named(serial, f"演示{surname}氏建设工程有限公司")
