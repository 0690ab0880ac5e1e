"""The macros that ship, from `macros/*.yml`."""

from __future__ import annotations

from pathlib import Path

import yaml

from knowledge_base.suggesting.macro import BadMacro, Macro, parse_macro

FOLDER = Path(__file__).with_name("macros")


def read_macros(folder: Path = FOLDER) -> list[Macro]:
    """Every macro of the folder, by id. Raises BadMacro, which names the file."""
    macros: dict[str, Macro] = {}
    for path in sorted(folder.glob("*.yml")):
        for data in yaml.safe_load(path.read_text(encoding="utf-8")):
            try:
                macro = parse_macro(data)
            except BadMacro as error:
                raise BadMacro(f"{path.name}, {data.get('id')}: {error}") from error
            if macro.id in macros:
                raise BadMacro(f"{path.name}: {macro.id} is there twice")
            macros[macro.id] = macro
    return [macros[name] for name in sorted(macros)]
