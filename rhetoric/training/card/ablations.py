"""What parts of the detectors are worth: what is chosen anew without one, measured on the same held-out passages."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rhetoric.gold import Coded
from rhetoric.pipeline.encoder import GRAPH
from rhetoric.pipeline.framing.levels import FEATURES as LEVELS
from rhetoric.record import Record
from rhetoric.training.decisions.held_out import FURTHER, HeldOut
from rhetoric.training.evaluation.metrics import Compared, compare
from rhetoric.training.weights import full_graph, read_settings, write_settings
from rhetoric.writing import table_row

_FRAMING: Final = ("framing.unmasking", "framing.macro_f1")
# What is left out: the features by decision, and the metrics that they serve.
ABLATIONS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "what the words of a passage say": (
        ("frames.words", "framing.words partial"),
        ("frames.macro_f1", "framing.partial"),
    ),
    "counts of words of the two levels": (tuple(f"framing.{each}" for each in LEVELS), _FRAMING),
    "silver and rewritten passages in the decision on framing": ((FURTHER,), _FRAMING),
}
EXACT: Final = "int8 weights, for fp32"
_COLUMNS: Final = ("with", "without", "difference")
_DRAWS: Final = 500
_MUCH: Final = 0.005  # what int8 may cost


def measure_ablations(
    held: HeldOut, records: Sequence[Record], folders: Sequence[Path]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Return, by what is left out, kind of passage and metric, the figure with it, without it, and the difference.

    ``records`` are what ``held`` gave with everything; ``folders`` hold the weights of each fold. Without int8 weights
    every metric is compared.
    """
    rows = held.rows
    found = {
        name: _compare(rows, records, held.nested(without), metrics) for name, (without, metrics) in ABLATIONS.items()
    }
    exact = HeldOut(rows, [_unfold(folder) for folder in folders])
    return found | {EXACT: _compare(rows, records, exact.apply(held.choices), ())}


def _compare(
    rows: Sequence[Coded], ours: Sequence[Record], theirs: Sequence[Record], metrics: Sequence[str]
) -> dict[str, dict[str, Any]]:
    found = {}
    for kind in ("real", "authored"):
        its = [row for row in rows if ("slug" in row) == (kind == "real")]
        compared = compare(its, ours, theirs, draws=_DRAWS)
        found[kind] = {name: _plain(each) for name, each in compared.items() if name in metrics or not metrics}
    return found


def _plain(compared: Compared) -> dict[str, float | None]:
    told = asdict(compared)
    values = {"with": compared.ours.value, "without": compared.theirs.value} | {
        key: told["difference"][key] for key in ("low", "high")
    }
    return {name: None if value is None else round(value, 4) for name, value in values.items()}


def _unfold(folder: Path) -> Path:
    """Return a copy of a folder of weights whose graph is as it was before its weights became int8."""
    output = folder.with_name(f"{folder.name}.fp32")
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(folder, output)
    shutil.copy(full_graph(folder), output / GRAPH)
    write_settings(output, read_settings(output))
    return output


def ablation_table(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """Write what ``measure_ablations`` gave as Markdown."""
    head = ("left out", "metric", *(f"{kind}: {what}" for kind in ("real", "authored") for what in _COLUMNS))
    rows = [head, ("---", "---", *["---:"] * (2 * len(_COLUMNS)))]
    for name, kinds in found.items():
        for metric in kinds["real"] if name != EXACT else ():
            figures = (cell for kind in ("real", "authored") for cell in _cells(kinds[kind][metric]))
            rows.append((name, f"`{metric}`", *figures))
    table = "\n".join(map(table_row, rows))
    return f"{table}\n\n{_say_exact(found[EXACT])}"


def _cells(each: Mapping[str, Any]) -> tuple[str, str, str]:
    low, high = each["low"], each["high"]
    between = "" if low == high else f" [{low:+.3f}, {high:+.3f}]"  # the same in every draw: nothing to say
    return f"{each['with']:.3f}", f"{each['without']:.3f}", f"{each['with'] - each['without']:+.3f}{between}"


def _say_exact(kinds: Mapping[str, Mapping[str, Any]]) -> str:
    said = []
    for kind, metrics in kinds.items():
        moved = {name: each["with"] - each["without"] for name, each in metrics.items()}
        most = max(moved, key=lambda name: abs(moved[name]))
        over = sum(abs(each) > _MUCH for each in moved.values())
        said.append(f"{kind}: at most {moved[most]:+.3f} (`{most}`), over {_MUCH:g} for {over} of {len(moved)} metrics")
    return f"int8 weights against fp32, the same decisions: {'; '.join(said)}."
