"""All public benchmarks of one model folder, in one run of some minutes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rhetoric.analysis import load
from rhetoric.errors import SourceError
from rhetoric.pipeline.connectives import STORED, Connectives, load_connectives
from rhetoric.pipeline.graph import read_files
from rhetoric.resources import DETECTORS
from rhetoric.training.benchmarks.contrasts import measure_contrasts
from rhetoric.training.benchmarks.figures import Benchmark
from rhetoric.training.benchmarks.words import SETS, Chances, measure_words
from rhetoric.training.data.discourse import GUM
from rhetoric.training.data.metaphors import METAPHORS, VUA


def files(data: Path) -> list[Path]:
    """Return the files that the benchmarks are measured on, whether they are there or not."""
    return [*(data / METAPHORS / f"{key}.jsonl.gz" for key in SETS), data / GUM]


def measure_public(
    data: Path,
    detectors: Path | None = None,
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Benchmark]:
    """Measure the detectors in the folder ``detectors`` (the shipped ones by default) on each benchmark whose file is
    in ``data``; the others are left out.

    A word is metaphor-related from the probability ``metaphor.any`` of the weights on. Returns plain values that JSON
    can hold. Raises SourceError where none of the files is there.
    """
    if not any(path.is_file() for path in files(data)):
        what = "there is none of the benchmarks' files here"
        raise SourceError(str(data), f"{what}.", f"It should hold {VUA}, {GUM} or others.")
    nlp = load(detectors=detectors)
    encoder: Any = nlp.get_pipe("rhetoric_encoder")
    detector: Any = nlp.get_pipe("rhetoric_metaphor")
    chances = Chances(encoder)
    found: dict[str, Benchmark] = {}
    for key, each in SETS.items():
        if (data / METAPHORS / f"{key}.jsonl.gz").is_file():
            progress(each.name)
            found[key] = measure_words(key, data / METAPHORS, chances, detector.metaphor_threshold)
    if (data / GUM).is_file():
        progress("GUM")
        found |= measure_contrasts(nlp, data / GUM, _connectives(detectors or DETECTORS))
    return found


def _connectives(folder: Path) -> Connectives | None:
    return load_connectives(folder) if STORED in read_files(folder, [])[0] else None
