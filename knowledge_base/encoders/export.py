"""Exports packaged encoders as graphs for onnxruntime: `python -m knowledge_base.encoders.export [NAME ...]`.

Each is the sentence-transformers module beside this file, traced by torch.onnx. E5's weights then become integers of
8 bits (dynamic quantisation, a scale a channel): 3 ms a text instead of 9. Every graph is compared with its module.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentence_transformers.sentence_transformer.modules import InputModule
from torch import Tensor, nn

from knowledge_base.encoded_ahead import encode_ahead
from knowledge_base.encoder import load_encoder
from knowledge_base.encoders.e5_small import E5Small
from knowledge_base.encoders.packaged import (
    ABOUT,
    E5,
    E5_EXACT,
    GRAPH,
    JOINED,
    PACKAGED,
    PARTS,
    TOKENIZER,
    USE,
    Packaged,
    home,
)
from knowledge_base.encoders.use_multilingual import USEMultilingual
from knowledge_base.vectors import Vectors

_OPSET = 17
_INPUTS = ("input_ids", "attention_mask")
_CLOSE, _LEAST = 0.97, 0.94  # mean and least cosine of quantised vectors to the module's; .986 and .97 were measured
_EXACT = 0.9999
_MODULES: dict[str, Callable[[], InputModule]] = {
    USE: USEMultilingual.from_package,
    E5: E5Small.from_package,
    E5_EXACT: E5Small.from_package,
}
_TEXTS = (
    "我的快递三天没动了,能退款吗",
    "发票抬头开错了怎么改",
    "为什么我的优惠券用不了",
    "信用卡丢了怎么办,马上帮我冻结",
    "会员积分什么时候过期",
    "how do i return a jacket that does not fit",
    "i was charged twice for the same order",
    "where is my parcel",
    "你好",
    "今天北京天气怎么样",
)


class _Vector(nn.Module):
    """The module as a plain function of its two inputs."""

    def __init__(self, module: InputModule) -> None:
        super().__init__()
        self.module = module

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        vector: Tensor = self.module(features)["sentence_embedding"]
        return vector


def main() -> int:
    """Export what is named, or all of the default, and then encode the shipped texts; 0 when all of it is there."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # of tracing, which the comparison answers
    names = sys.argv[1:]
    for name in names or PARTS[JOINED]:
        export(PACKAGED[name])
    if not names:
        encode_ahead(load_encoder())
    return 0


def export(packaged: Packaged) -> None:
    """Write the encoder's folder unless it is there; whole or not at all. Raises ValueError when no graph is true."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / f".{packaged.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two servers that start at once
        if packaged.identity() is not None:
            return
        with tempfile.TemporaryDirectory(dir=home()) as scratch:
            folder = Path(scratch) / "encoder"
            folder.mkdir()
            _write(packaged, folder)
            shutil.rmtree(packaged.folder, ignore_errors=True)
            folder.rename(packaged.folder)


def _write(packaged: Packaged, folder: Path) -> None:
    module: Any = _MODULES[packaged.name]()
    module.tokenizer.save(str(folder / TOKENIZER))
    examples = [module.preprocess([packaged.prompt + text]) for text in _TEXTS]
    with torch.no_grad():
        true = np.concatenate([module(dict(example))["sentence_embedding"].numpy() for example in examples])
    plain = folder / "float32.onnx"
    _trace(module, examples[0], plain)
    if _likeness(plain, examples, true).min() < _EXACT:
        raise ValueError(f"the exported graph of {packaged.name} is not its module's")
    weights = _quantised(plain, folder, examples, true) if packaged.rounded else "float32"
    if weights == "float32":
        plain.rename(folder / GRAPH)
    plain.unlink(missing_ok=True)
    likeness = round(float(_likeness(folder / GRAPH, examples, true).mean()), 4)
    about = {"dimension": true.shape[1], "weights": weights, "likeness": likeness}
    (folder / ABOUT).write_text(json.dumps(about) + "\n", encoding="utf-8")


def _trace(module: Any, example: dict[str, Tensor], path: Path) -> None:
    if hasattr(module, "bert"):
        module.bert.config._attn_implementation = "eager"  # noqa: SLF001 - the fused one cannot be traced
    axes = {name: {0: "texts", 1: "tokens"} for name in _INPUTS}
    torch.onnx.export(
        _Vector(module).eval(),
        tuple(example[name] for name in _INPUTS),
        str(path),
        input_names=list(_INPUTS),
        output_names=["vector"],
        dynamic_axes=axes,
        dynamo=False,
        opset_version=_OPSET,
    )


def _quantised(plain: Path, folder: Path, examples: list[dict[str, Tensor]], true: Vectors) -> str:
    """Which weights the graph has now; processors without VNNI overflow at full range, and get seven bits."""
    for weights, reduced in (("int8", False), ("int7", True)):
        quantize_dynamic(plain, folder / GRAPH, per_channel=True, reduce_range=reduced, weight_type=QuantType.QInt8)
        likeness = _likeness(folder / GRAPH, examples, true)
        if likeness.mean() >= _CLOSE and likeness.min() >= _LEAST:
            return weights
    return "float32"


def _likeness(graph: Path, examples: list[dict[str, Tensor]], true: Vectors) -> Vectors:
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    vectors = [session.run(None, {name: one[name].numpy() for name in _INPUTS})[0] for one in examples]
    cosines: Vectors = (np.concatenate(vectors) * true).sum(axis=1)
    return cosines


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    sys.exit(main())
