"""Starts one system in this process with the named packages made unimportable, and asks whether it lives.

python start_alone.py SYSTEM MISSING,MISSING… [EXTRA_APP]
"""

import importlib
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any


class NotInThisImage(MetaPathFinder):
    """Refuses to find what another image holds."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = missing

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Refuse the missing packages and all that is in them; leave the rest to others."""
        for package in self.missing:
            if name == package or name.startswith(package + "."):
                raise ModuleNotFoundError(f"{package} is not in this image")
        return None


def main(system: str, missing: str, extra_app: str = "") -> None:
    """Start `system` and print its answer to /livez."""
    sys.meta_path.insert(0, NotInThisImage(missing.split(",")))
    os.environ["DJANGO_SETTINGS_MODULE"] = f"yuntai.{system}.settings"
    settings: Any = importlib.import_module(f"yuntai.{system}.settings")
    if extra_app:
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, extra_app]
    application = importlib.import_module(f"yuntai.{system}.wsgi").application
    importlib.import_module(f"yuntai.{system}.urls")
    importlib.import_module(f"yuntai.{system}.handlers")
    importlib.import_module("django.core.management").call_command("check")
    answer = application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/livez",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": sys.stdin.buffer,
            "wsgi.url_scheme": "http",
        },
        lambda status, headers: None,
    )
    sys.stdout.write(b"".join(answer).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
