"""The published pages of the interface standard: static HTML, CSV and JSON from the definitions.

`python -m yuntai.standard.datasets.pages FOLDER` writes them.  Links are relative: any server can publish
the folder, and it reads from a disk too.
"""

from yuntai.standard.datasets.pages.site import files, write

__all__ = ["files", "write"]
