"""The program that reads an XLSX file: a process of its own, so that a hostile file can only end that.

`python -m knowledge_base.importing.sheet_reader FILE MOST_ROWS MOST_COLUMNS` writes `[row number, [cell, ...]]` a line.
A single cell in the far corner of a sheet makes the reader ask for all the memory there is.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time
from typing import Any

_MEMORY_BYTES = 1 << 30
_CPU_SECONDS = 60
UNREADABLE, TOO_LONG = 3, 4


def main() -> int:
    """0, UNREADABLE, or TOO_LONG; killed by its limits otherwise."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    path, most_rows, most_columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (CalamineError, OSError, IndexError, ValueError):
        return UNREADABLE
    taken = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [cell_text(cell) for cell in cells[:most_columns]]
        if any(texts):
            taken += 1
            if taken > most_rows:
                return TOO_LONG
            sys.stdout.write(json.dumps([number, texts]) + "\n")
    return 0


def cell_text(value: Any) -> str:
    """A cell as an editor sees it: 12 for 12.0, 2026-11-22 for a day."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


if __name__ == "__main__":
    sys.exit(main())
