"""The frame around every page: navigation with the place one is at."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.template import Context

register = template.Library()


@dataclass(frozen=True)
class NavigationItem:
    """A place of the system.  current: the page shown lies there."""

    name: str
    url: str
    current: bool


def navigation(items: Sequence[tuple[str, str]], path: str) -> tuple[NavigationItem, ...]:
    """Return the items with the one marked whose address is the longest start of `path`."""
    found = max((url for _, url in items if lies_under(path, url)), key=len, default="")
    return tuple(NavigationItem(name, url, current=bool(found) and url == found) for name, url in items)


def lies_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(f"{url.rstrip('/')}/"))


@register.inclusion_tag("ui/nav.html", takes_context=True)
def site_navigation(context: Context) -> dict[str, object]:
    """Show `system_nav` of the context, pairs of name and address."""
    request = context.get("request")
    path = request.path if request is not None else ""
    return {"items": navigation(context.get("system_nav") or (), path)}
