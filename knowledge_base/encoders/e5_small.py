"""multilingual-e5-small as a sentence-transformers module, its weights read from a package.

Wang et al. 2024, "Multilingual E5 Text Embeddings": a BERT of 12 layers, mean over the tokens, every text after the
prompt `query: `. Its vectors all lie in one narrow cone; less their mean over the shipped content they spread out.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - the name everyone knows
from sentence_transformers.sentence_transformer.modules import InputModule
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor
from transformers import BertConfig, BertModel

from knowledge_base.classifier import pack_array, unpack_array
from knowledge_base.encoders.e5_file import E5File
from knowledge_base.encoders.packaged import E5, PACKAGED

PACKAGE, PROMPT = PACKAGED[E5].package, PACKAGED[E5].prompt
CENTRE = Path(__file__).parent.parent / "calibration" / "e5_centre.json"
_FILE = "e5-small-q4.bin"
_LONGEST = 256  # tokens
_LAYER = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


class E5Small(InputModule):
    """Texts in, `sentence_embedding` of 384 normalised floats out; `centre` is taken off before the last step."""

    def __init__(self, tokenizer: Tokenizer, bert: BertModel, centre: Tensor | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tokenizer, self.bert, self.max_seq_length = tokenizer, bert, _LONGEST
        tokenizer.enable_truncation(_LONGEST)
        self.register_buffer("centre", torch.zeros(bert.config.hidden_size) if centre is None else centre)

    @classmethod
    def from_package(cls, centred: bool = True) -> E5Small:
        """The pretrained module; its weights are a file of the installed package, nothing is downloaded."""
        found = importlib.util.find_spec(PACKAGE)  # not imported: only its file is of use
        if found is None or not found.origin:
            raise ModuleNotFoundError(f"the encoder multilingual-e5-small needs the package {PACKAGE}")
        file = E5File(Path(found.origin).parent / _FILE)
        centre = read_centre() if centred else None
        return cls(_tokenizer(file), _bert(file), centre).eval()

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Tensor]:
        """Token ids and mask, padded to the longest text."""
        texts = [(prompt or "") + text for text in inputs]
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        ids = torch.full((len(rows), max(map(len, rows))), int(self.bert.config.pad_token_id or 0), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = torch.tensor(row)
            mask[place, : len(row)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        mask = features["attention_mask"]
        hidden = self.bert(input_ids=features["input_ids"], attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        mean = F.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)
        features["sentence_embedding"] = F.normalize(mean - self.get_buffer("centre"), dim=-1)
        return features

    def get_embedding_dimension(self) -> int:
        return int(self.bert.config.hidden_size)

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        raise NotImplementedError(f"this model lives in the package {PACKAGE}: name it instead of saving it")


def read_centre(path: Path = CENTRE) -> Tensor:
    """The mean of the shipped content's vectors."""
    return torch.from_numpy(unpack_array(json.loads(path.read_text(encoding="utf-8"))))


def write_centre(vectors: Any, path: Path = CENTRE) -> None:
    """Make the mean of these vectors the centre."""
    path.write_text(json.dumps(pack_array(vectors.mean(axis=0))) + "\n", encoding="utf-8")


def _tokenizer(file: E5File) -> Tokenizer:
    """XLM-RoBERTa's: SentencePiece unigram with <s> and </s> around every text."""
    tokenizer = Tokenizer(models.Unigram(file.pieces, unk_id=file.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", file.begin), ("</s>", file.end)]
    )
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in ("<s>", "<pad>", "</s>", "<unk>")])
    return tokenizer


def _bert(file: E5File) -> BertModel:
    config = BertConfig(
        vocab_size=file.vocabulary,
        hidden_size=file.width,
        num_hidden_layers=file.layers,
        num_attention_heads=file.heads,
        intermediate_size=file.inner,
        max_position_embeddings=file.positions,
        type_vocab_size=file.types,
        layer_norm_eps=file.eps,
        pad_token_id=file.padding,
    )
    with torch.device("meta"):  # no time lost on random weights
        bert = BertModel(config, add_pooling_layer=False)
    bert.load_state_dict(_state(file), strict=False, assign=True)
    embeddings = bert.embeddings
    embeddings.register_buffer("position_ids", torch.arange(file.positions).expand(1, -1), persistent=False)
    embeddings.register_buffer("token_type_ids", torch.zeros(1, file.positions, dtype=torch.long), persistent=False)
    if any(parameter.is_meta for parameter in bert.parameters()):
        raise ValueError("the package's file lacks some of the weights")
    bert.train(False)
    return bert


def _state(file: E5File) -> dict[str, Tensor]:
    """The package's arrays under the names of the layers."""
    width, inner = file.width, file.inner
    arrays = {
        "embeddings.word_embeddings.weight": file.array("emb.word", (file.vocabulary, width)),
        "embeddings.position_embeddings.weight": file.array("emb.pos", (file.positions, width)),
        "embeddings.token_type_embeddings.weight": file.array("emb.type", (file.types, width)),
        "embeddings.LayerNorm.weight": file.array("emb.ln.w", (width,)),
        "embeddings.LayerNorm.bias": file.array("emb.ln.b", (width,)),
    }
    shapes = {"fi": (inner, width), "fo": (width, inner), "aln": (width,), "oln": (width,)}
    for layer in range(file.layers):
        for name, short in _LAYER.items():
            shape = shapes.get(short, (width, width))
            arrays[f"encoder.layer.{layer}.{name}.weight"] = file.array(f"l{layer}.{short}.w", shape)
            arrays[f"encoder.layer.{layer}.{name}.bias"] = file.array(f"l{layer}.{short}.b", shape[:1])
    return {name: torch.from_numpy(array) for name, array in arrays.items()}
