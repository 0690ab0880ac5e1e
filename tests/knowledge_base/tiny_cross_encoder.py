"""A CrossEncoder of two small layers over single characters: made from a configuration, taught a few pairs, saved."""

from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import CrossEncoder
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
_MOST_STEPS, _AT_ONCE = 1500, 48
_LEARNED = 0.03  # of the loss, a while long
Pair = tuple[str, str, float]  # text, passage, 1 or 0


def save_tiny(folder: Path, characters: str, pairs: Sequence[Pair] = (), scores: int = 1) -> str:
    """The folder of a saved model: weights by chance (always the same), then taught `pairs`."""
    torch.set_num_threads(1)
    torch.manual_seed(7)
    vocabulary = [*_SPECIAL, *sorted(set(characters))]
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=128,
        max_position_embeddings=256,
        num_labels=scores,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.3,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    _tokenizer(vocabulary).save_pretrained(folder)
    if pairs:
        _teach(folder, pairs)
    return str(folder)


def _teach(folder: Path, pairs: Sequence[Pair]) -> None:
    encoder = CrossEncoder(str(folder), device="cpu")
    network, tokenizer = encoder.model, encoder.tokenizer
    rows = tokenizer(
        [text for text, _, _ in pairs], [passage for _, passage, _ in pairs], padding=True, return_tensors="pt"
    )
    wanted = torch.tensor([right for *_, right in pairs])
    steps = torch.optim.AdamW(network.parameters(), lr=2e-3)
    network.bert.embeddings.position_embeddings.weight.data.zero_()  # to look for marks wherever they stand
    network.train()
    lately = 1.0
    for _ in range(_MOST_STEPS):
        some = torch.randint(len(pairs), (_AT_ONCE,))
        found = network(**{name: row[some] for name, row in rows.items()}).logits[:, 0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(found, wanted[some])
        steps.zero_grad()
        loss.backward()
        steps.step()
        lately = 0.95 * lately + 0.05 * loss.item()
        if lately < _LEARNED:
            break
    network.eval()
    network.save_pretrained(folder)


def _tokenizer(vocabulary: Sequence[str]) -> PreTrainedTokenizerFast:
    places = {token: place for place, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordLevel(places, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\X"), "isolated")
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", places["[SEP]"]), ("[CLS]", places["[CLS]"]))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=256,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
