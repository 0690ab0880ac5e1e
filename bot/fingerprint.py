"""The name of a model: a fingerprint of all it is made from, so that it is trained again when, and only when, that changes.

Valid on Python 3.10 and later, without Rasa.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_SOURCES = ("config.yml", "requirements/rasa.lock")
_DATA = ("bot/nlu", "bot/rules", "bot/stories", "bot/domain")
_CODE = ("bot", "reading")
# How a message is carried and a process is started does not change what is learned; tests say so for each.
_NOT_IN_THE_MODEL = frozenset(
    f"bot/{name}"
    for name in (
        "fingerprint.py launch.py channel.py replies.py requests.py model.py payloads.py dialogue.py turn_store.py "
        "turn.py rasa_fixes.py tensorflow_stub.py write_simplified.py words.yml"
    ).split()
)
_LENGTH = 20


def fingerprint(root: Path, encoder: Any) -> str:
    """Of the sources below `root` and of `encoder`, which has `name`, `version` and `dimension` (attributes or keys)."""
    digest = hashlib.sha256()
    for path in sorted(_paths(root)):
        _add(digest, path.relative_to(root).as_posix(), path.read_bytes())
    for key in ("name", "version", "dimension"):
        value = encoder[key] if isinstance(encoder, Mapping) else getattr(encoder, key)
        _add(digest, key, str(value).encode())
    return digest.hexdigest()[:_LENGTH]


def _paths(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _SOURCES if (root / name).is_file())
    for folder in _DATA:
        yield from (path for path in (root / folder).rglob("*.yml") if path.is_file())
    for folder in _CODE:
        for path in (root / folder).rglob("*"):
            if path.suffix in (".py", ".txt") and path.relative_to(root).as_posix() not in _NOT_IN_THE_MODEL:
                yield path


def _add(digest: Any, name: str, content: bytes) -> None:
    """Lengths keep `ab` + `c` and `a` + `bc` apart; line ends of Windows do not count."""
    content = content.replace(b"\r\n", b"\n")
    digest.update(f"{name}\0{len(content)}\0".encode() + content)
