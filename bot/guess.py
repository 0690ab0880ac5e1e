"""What was learned of intents, whole: to guess with a vector, to guess without one, to keep in a folder."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.nearness import WITH_VECTORS, WITHOUT_VECTORS, Examples, Kernel, Voices, learn
from bot.probabilities import Calibration, calibrated
from bot.unseen import learned_with_vectors

_NUMBERS, _NGRAMS, _NAMES = "examples.npz", "ngrams.npz", "intents.json"


@dataclass(frozen=True)
class Guess:
    """`ranking`: all intents with their probability, likeliest first; `familiarity`: the best score before scaling."""

    ranking: list[dict[str, Any]]
    familiarity: float


@dataclass(frozen=True)
class Guesser:
    """`ways` holds the voices with their calibration, by name."""

    names: tuple[str, ...]
    examples: Examples
    ways: dict[str, tuple[Voices, Calibration]]

    @classmethod
    def learned(
        cls,
        vectors: "np.ndarray",
        ngrams: Any,
        intents: Sequence[str],
        kernel: Kernel = WITH_VECTORS,
        said: "np.ndarray | None" = None,
    ) -> "Guesser":
        """A row of `vectors` (as wide as you like, or no columns) and of `ngrams` for each of `intents`.

        What nobody would say (False in `said`) is learned, but probabilities are not fitted on it.
        """
        names = tuple(sorted(set(intents)))
        right = np.array([names.index(intent) for intent in intents])
        said = np.ones(len(right), dtype=bool) if said is None else said
        examples = Examples.of(vectors, ngrams)
        ways = {}
        if vectors.shape[1]:
            examples, voices, unseen, rows = learned_with_vectors(examples, right, len(names), kernel)
            ways["with_vectors"] = voices, calibrated(unseen[said[rows]], right[rows[said[rows]]])
        voices, left_out = learn(examples, right, len(names), WITHOUT_VECTORS)
        ways["without_vectors"] = voices, calibrated(left_out[said], right[said])
        return cls(names, examples, ways)

    def guess(self, vectors: "np.ndarray | None", ngrams: Any) -> list[Guess]:
        """A guess for each row; `vectors` None when there were none to be had."""
        way = "without_vectors" if vectors is None else "with_vectors"
        voices, calibration = self.ways.get(way) or self.ways["without_vectors"]
        if vectors is None:
            vectors = np.zeros((ngrams.shape[0], self.examples.vectors.shape[1]), dtype=np.float32)
        scores = voices.scores(self.examples, vectors, ngrams)
        return [
            self._guess(of_one, likely)
            for of_one, likely in zip(scores, calibration.probabilities(scores), strict=True)
        ]

    def _guess(self, scores: "np.ndarray", likely: "np.ndarray") -> Guess:
        ranking = [{"name": self.names[place], "confidence": float(likely[place])} for place in np.argsort(-likely)]
        return Guess(ranking, float(scores.max()))

    def save(self, folder: Path) -> None:
        from scipy.sparse import save_npz

        arrays: dict[str, Any] = {"vectors": self.examples.vectors, "centre": self.examples.centre}
        if self.examples.lens is not None:
            arrays["lens"] = self.examples.lens
        described = {}
        for name, (voices, calibration) in self.ways.items():
            arrays |= {f"{name}_weights": voices.weights, f"{name}_shares": voices.shares}
            described[name] = {"kernel": asdict(voices.kernel), "calibration": asdict(calibration)}
        np.savez(folder / _NUMBERS, **arrays)
        save_npz(folder / _NGRAMS, self.examples.ngrams)
        told = json.dumps({"intents": self.names, "ways": described}, ensure_ascii=False)
        (folder / _NAMES).write_text(told, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Guesser":
        from scipy.sparse import load_npz

        told = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        with np.load(folder / _NUMBERS) as arrays:
            examples = Examples(
                arrays["vectors"],
                arrays["centre"],
                load_npz(folder / _NGRAMS),
                arrays.get("lens"),
            )
            ways = {
                name: (
                    Voices(Kernel(**way["kernel"]), arrays[f"{name}_weights"], arrays[f"{name}_shares"]),
                    Calibration(**way["calibration"]),
                )
                for name, way in told["ways"].items()
            }
        return cls(tuple(told["intents"]), examples, ways)
