"""The weigher of contrasts: what all the features of a candidate, taken together, make of it.

A small network (one hidden layer), fitted on candidates of passages that the encoder had not seen. That two sides are
likely, and stand in one sentence, means little by itself; a weighted sum of features cannot say so.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.graph import broken, read_files
from rhetoric.pipeline.read import Array

WEIGHER: Final = "weigher.safetensors"
_FARTHEST: Final = 4.0  # standard deviations: nothing in training was much farther out


@dataclass(frozen=True, eq=False)
class Weigher:
    """Called with features (candidates × features), returns logits (candidates × 1 + contrasts), those of no contrast
    first.

    ``mean`` and ``spread`` are those of the features, ``inside`` (features × hidden) and ``outside`` (hidden × 1 +
    contrasts) the weights of the two layers, each with what stands alone.
    """

    mean: Array
    spread: Array
    inside: Array
    inside_alone: Array
    outside: Array
    outside_alone: Array

    def __call__(self, features: Array) -> Array:
        """See the class."""
        hidden = np.maximum(standard(features, self.mean, self.spread) @ self.inside + self.inside_alone, 0)
        return np.asarray(hidden @ self.outside + self.outside_alone, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write all of it to a model folder."""
        from safetensors.numpy import save

        plain = {name: np.ascontiguousarray(each) for name, each in asdict(self).items()}
        (folder / WEIGHER).write_bytes(save(plain))  # not save_file, whose files nobody else may read


def standard(features: Array, mean: Array, spread: Array) -> Array:
    """Return features in standard deviations from their mean, as the network sees them."""
    return np.asarray(np.clip((features - mean) / spread, -_FARTHEST, _FARTHEST), dtype=np.float32)


def load_weigher(folder: Path, features: int) -> Weigher | None:
    """Return the weigher of a model folder; None where none was fitted yet.

    Raises ModelError where it is damaged, or was not made for so many ``features``.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    settings, _ = read_files(folder, [])
    if WEIGHER not in settings.get("sha256", {}):
        return None
    stored = read_files(folder, [WEIGHER])[1][WEIGHER]
    try:
        found = Weigher(**load(stored))
        if len(found.inside) != features:
            raise ValueError(f"{WEIGHER} knows {len(found.inside)} features and there are {features}")
        hidden, kinds = len(found.inside_alone), 1 + len(CONTRASTS)
        should = [(features,), (features,), (features, hidden), (hidden,), (hidden, kinds), (kinds,)]
        if [each.shape for each in vars(found).values()] != should:
            raise ValueError(f"the layers of {WEIGHER} do not fit one another")
    except (SafetensorError, ValueError, TypeError) as error:
        raise broken(folder, error) from error
    return found
