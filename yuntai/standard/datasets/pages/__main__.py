"""`python -m yuntai.standard.datasets.pages FOLDER` writes the pages of the standard into FOLDER."""

import sys
from pathlib import Path

from yuntai.standard.datasets.pages.site import write


def main(arguments: list[str]) -> int:
    """Write the pages; return 2 when no folder is named."""
    if len(arguments) != 1:
        sys.stderr.write("请写明目录：python -m yuntai.standard.datasets.pages 目录\n")
        return 2
    count = write(Path(arguments[0]))
    sys.stdout.write(f"已写入 {count} 个文件：{arguments[0]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
