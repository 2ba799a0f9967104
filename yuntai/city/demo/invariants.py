"""What must hold of the city itself, whatever was played in it."""

from collections.abc import Iterator

from yuntai.city.children import answers
from yuntai.city.city import City


def broken_invariants(city: City) -> Iterator[str]:
    """Yield one Chinese sentence for each invariant of the city that does not hold."""
    services = {system.title: system.port for system in city.topology.systems}
    for title, port in (services | {"演示证书与时钟": city.topology.sandbox_port}).items():
        if not answers(port):
            yield f"{title}应在端口 {port} 应答，但没有应答"
    for name, restarts in city.restarts().items():
        if restarts:
            yield f"{name} 应一直运行，却重新启动了 {restarts} 次"
    for person in city.people():
        if city.bundle(person.id).get("organization_code") != person.organization.code:
            yield f"{person.name}（{person.organization.name}）应有演示证书，但没有"
