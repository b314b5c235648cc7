"""What others published on these benchmarks: percentages as printed, with the table that they are in.

RoBERTa_BASE, MelBERT and DeepMet read a sentence once for each target word, the others once; those of MOH-X and TroFi
were trained on VUA-20.
"""

from typing import Final

from rhetoric.training.benchmarks.figures import Published

_MELBERT: Final = "Choi et al. 2021, arXiv:2104.13615"
_LEONG: Final = "Leong et al. 2020 (FigLang shared task), table 4"
_ROWS: Final = {
    "vua20": {
        "RoBERTa_BASE": (74.9, 68.0, 71.2, f"{_MELBERT}, table 3"),
        "RoBERTa_SEQ": (76.9, 66.7, 71.4, f"{_MELBERT}, table 3"),
        "MelBERT": (76.4, 68.6, 72.3, f"{_MELBERT}, table 3"),
        "DeepMet, ensemble": (75.6, 78.3, 76.9, _LEONG),
    },
    "vua18": {
        "RNN_ELMo": (71.6, 73.6, 72.6, "Gao et al. 2018, table 4"),
        "RoBERTa_BASE": (79.4, 75.0, 77.1, f"{_MELBERT}, table 2"),
        "RoBERTa_SEQ": (80.4, 74.9, 77.5, f"{_MELBERT}, table 2"),
        "MelBERT": (80.1, 76.9, 78.5, f"{_MELBERT}, table 2"),
    },
    "moh_x": {
        "RoBERTa_BASE": (77.4, 80.1, 78.4, f"{_MELBERT}, table 6"),
        "RoBERTa_SEQ": (80.6, 77.7, 78.7, f"{_MELBERT}, table 6"),
        "MelBERT": (79.3, 79.7, 79.2, f"{_MELBERT}, table 6"),
    },
    "trofi": {
        "RoBERTa_BASE": (54.6, 74.3, 62.9, f"{_MELBERT}, table 6"),
        "RoBERTa_SEQ": (53.6, 70.1, 60.7, f"{_MELBERT}, table 6"),
        "MelBERT": (53.4, 74.1, 62.0, f"{_MELBERT}, table 6"),
    },
}


def _share(precision: float, recall: float, f1: float, source: str) -> Published:
    precision, recall, f1 = (round(each / 100, 3) for each in (precision, recall, f1))
    return {"precision": precision, "recall": recall, "f1": f1, "source": source}


PUBLISHED: Final[dict[str, dict[str, Published]]] = {
    benchmark: {model: _share(*row) for model, row in rows.items()} for benchmark, rows in _ROWS.items()
}
