"""The name of a model: a fingerprint of all it is made from; it is trained again when, and only when, that changes.

Valid on Python 3.10 and later, without Rasa.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_SOURCES = ("config.yml", "requirements/rasa.lock")
_DATA = ("bot/nlu", "bot/rules", "bot/stories", "bot/domain")
# The code that has a hand in learning. What only runs (channel, turn, arbitration ...) is always the current one.
_CODE = (
    "bot/components",
    "bot/guess.py",
    "bot/lens.py",
    "bot/nearness.py",
    "bot/ngrams.py",
    "bot/probabilities.py",
    "bot/segmenting.py",
    "bot/simplified.py",
    "bot/simplified.txt",
    "bot/unseen.py",
    "bot/vectors.py",
    "reading/normalisation.py",
)
_LENGTH = 20


def fingerprint(root: Path, encoder: Any) -> str:
    """Of the sources below `root` and of `encoder`, with `name`, `version`, `dimension` (attributes or keys)."""
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
    for name in _CODE:
        path = root / name
        yield from path.rglob("*.py") if path.is_dir() else (path,)


def _add(digest: Any, name: str, content: bytes) -> None:
    """Lengths keep `ab` + `c` and `a` + `bc` apart; line ends of Windows do not count."""
    content = content.replace(b"\r\n", b"\n")
    digest.update(f"{name}\0{len(content)}\0".encode() + content)
