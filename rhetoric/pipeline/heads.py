"""Linear heads: what was learned for one decision, stored as safetensors (no code, no pickle)."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from rhetoric.errors import ModelError

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """A logistic model: softmax over ``labels``, or one sigmoid each where ``multilabel`` (labels are then independent).

    ``weight`` is (labels × features), ``bias`` (labels); features are standardised with ``mean`` and ``scale`` first.
    """

    labels: tuple[str, ...]
    weight: Array
    bias: Array
    mean: Array
    scale: Array
    multilabel: bool = False

    def probabilities(self, features: Array) -> Array:
        """Return (rows × labels) probabilities for (rows × features)."""
        scores = (features - self.mean) / self.scale @ self.weight.T + self.bias
        if self.multilabel:
            return np.asarray(1 / (1 + np.exp(-scores)), dtype=np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def save_heads(heads: dict[str, Head], path: Path, **meta: object) -> None:
    """Write several heads, with free ``meta`` (JSON-able), as one safetensors file."""
    tensors = {}
    described = {}
    for name, head in heads.items():
        for part in ("weight", "bias", "mean", "scale"):
            tensors[f"{name}.{part}"] = np.ascontiguousarray(getattr(head, part), dtype=np.float32)
        described[name] = {"labels": head.labels, "multilabel": head.multilabel}
    save_file(tensors, path, metadata={"heads": json.dumps(described), "meta": json.dumps(meta)})


def load_heads(path: Path) -> tuple[dict[str, Head], dict[str, object]]:
    """Read what ``save_heads`` wrote; raises ModelError where the file is missing or damaged."""
    try:
        with safe_open(path, framework="numpy") as stored:
            text = stored.metadata()
            heads = {
                name: Head(
                    labels=tuple(about["labels"]),
                    multilabel=about["multilabel"],
                    **{part: stored.get_tensor(f"{name}.{part}") for part in ("weight", "bias", "mean", "scale")},
                )
                for name, about in json.loads(text["heads"]).items()
            }
            return heads, json.loads(text["meta"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"The heads in {path} cannot be loaded ({error}). Reinstall rhetoric-toolkit.") from error
