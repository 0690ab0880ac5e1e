"""What the doors themselves say to customers, from `words/*.yml`, in every language that we serve."""

from dataclasses import dataclass
from pathlib import Path

import opencc
import yaml

from gateway.doors.texts import our_language

_WORDS = Path(__file__).parent / "words"
_DEFAULT = "zh-Hans"


@dataclass(frozen=True)
class Phrases:
    """The sentences by language and name."""

    by_language: dict[str, dict[str, str]]

    def say(self, name: str, language: str | None) -> str:
        return self.by_language[our_language(language) or _DEFAULT][name]


def read_phrases(folder: Path = _WORDS) -> Phrases:
    """The sentences of both files, and Traditional Chinese made from Simplified."""
    simplified = _read(folder / "zh-Hans.yml")
    english = _read(folder / "en.yml")
    to_traditional = opencc.OpenCC("s2twp").convert
    traditional = {name: to_traditional(sentence) for name, sentence in simplified.items()}
    return Phrases({"zh-Hans": simplified, "zh-Hant": traditional, "en": english})


def _read(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as file:
        return {str(name): str(sentence) for name, sentence in yaml.safe_load(file).items()}
