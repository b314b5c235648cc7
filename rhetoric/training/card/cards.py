"""Model cards, written from the measurements: no figure in them is typed by hand.

What was done to make the weights is told by ``trained`` in their scores, which every run writes. ``history``, which
somebody may add by hand, tells what no run can: of which ``version`` they are (so that they ship), what is ``weak``,
as somebody has seen, and how they were ``made`` otherwise than in one run.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rhetoric.gold import read_gold
from rhetoric.resources import CORPORA
from rhetoric.training.benchmarks.table import benchmark_table
from rhetoric.training.card.ablations import ablation_table
from rhetoric.training.card.portrayal import portrayal_table
from rhetoric.training.card.robustness import robustness_tables
from rhetoric.training.evaluation.metrics import Measure, table
from rhetoric.writing import table_row

_HERE: Final = Path(__file__).parent  # where detectors.md and parser.md are, the templates
_NUMBERS: Final = {1: "one", 2: "two", 3: "three"}


def parser_card(scores: Mapping[str, Mapping[str, float]]) -> str:
    """Write the card of the English pipeline."""
    rows = []
    for name, found in scores.items():
        shares = [f"{100 * found[key]:.1f}" for key in ("tags", "lemmas", "uas", "las", "sentences")]
        rows.append(table_row([name.upper(), *shares, f"{found['words_per_second']:,.0f}"]))
    return _filled("parser.md", rows="\n".join(rows))


def detectors_card(scores: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """Write the card of the detectors."""
    teachers, tables = scores["trained"]["teachers"], {}
    for kind in ("real", "authored"):
        found = scores["measured"][kind]
        tables[f"{kind}_table"] = _beside_coder(found, scores["ceiling"][kind])
        systems = {"detectors": found, **scores["baselines"][kind]}
        points = {
            name: {metric: Measure(each["value"] or 0.0) for metric, each in of.items()} for name, of in systems.items()
        }
        tables[f"{kind}_baselines"] = table(points).strip()
    return _filled(
        "detectors.md",
        **{name: scores[name] for name in ("measured", "fresh", "essay", "trained")},
        passages={"pairs": 0, **scores["passages"]},
        history=scores.get("history", {}),
        portrayal=scores.get("portrayal"),
        **tables,
        fresh_table=_beside_coder(scores["fresh"], scores["ceiling"]["fresh"]),
        **{f"{kind}_beaten": _beaten(scores, kind) for kind in ("real", "authored")},
        benchmarks=benchmark_table(scores["benchmarks"]).strip(),
        **robustness_tables(scores["robustness"]),
        portrayal_table=portrayal_table,
        ablations=ablation_table(scores["ablations"]),
        recipe=_brief(_used(settings["recipe"], scores["trained"])),
        thresholds=_brief(settings["thresholds"]),
        line=settings["thresholds"]["metaphor.any"],
        **_lower(scores["measured"]["real"], scores["fresh"]),
        **_rights(),
        teachers=f"{_NUMBERS.get(teachers, teachers)} teacher{'s' * (teachers > 1)}",
    )


def _filled(name: str, **values: object) -> str:
    """Return a template of this folder with what it asks for; what is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(  # noqa: S701 - Markdown, of our own figures
        loader=FileSystemLoader(_HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return templates.get_template(name).render(values)


def _beside_coder(found: Mapping[str, Any], coder: Mapping[str, float]) -> str:
    return table(
        {"detectors": _measures(found), "coder": {name: Measure(value) for name, value in coder.items()}}
    ).strip()


def _lower(real: Mapping[str, Any], fresh: Mapping[str, Any]) -> dict[str, int]:
    """Count the metrics that are ``lower`` on fresh passages, of those that ``both`` kinds have."""
    both = [name for name in real if name in fresh and not name.startswith("ece.")]
    return {"both": len(both), "lower": sum(fresh[name]["value"] < real[name]["value"] for name in both)}


def _rights() -> dict[str, int]:
    """Count the texts of the catalogues that state no licence, and the fresh passages of these."""
    silent, texts = set(), 0
    for name in ("texts.csv", "further.csv"):
        with (CORPORA / name).open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                texts += 1
                if row["licence_or_rights"].startswith("not stated"):
                    silent.add(row["slug"])
    passages = sum(row["slug"] in silent for row in read_gold(CORPORA / "gold" / "fresh.jsonl"))
    return {"texts": texts, "unlicensed": len(silent), "unlicensed_fresh": passages}


def _used(recipe: Mapping[str, Any], trained: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a recipe was followed: without teachers that is less of it."""
    unused = () if trained["teachers"] else ("teacher", "teachers", "window_share")
    kept = {name: value for name, value in recipe.items() if name not in unused}
    return {**kept, "rounds": recipe["rounds"][: trained["rounds"]]}


def _beaten(scores: Mapping[str, Any], kind: str) -> str:
    """Name the metrics on which some baseline is better than the detectors, calibration errors left out."""
    found = []
    for name, ours in scores["measured"][kind].items():
        theirs = [each[name]["value"] for each in scores["baselines"][kind].values() if name in each]
        if theirs and max(theirs) > ours["value"] and not name.startswith("ece."):
            found.append(f"`{name}` ({max(theirs):.2f} against {ours['value']:.2f})")
    return ", ".join(found) or "none"


def _measures(plain: Mapping[str, Mapping[str, float | None]]) -> dict[str, Measure]:
    """Return stored figures; those of older weights have intervals of no width where no draw differs, which say nothing."""
    found = {name: Measure(each["value"] or 0.0, each["low"], each["high"]) for name, each in plain.items()}
    return {name: Measure(each.value) if each.low == each.high else each for name, each in found.items()}


def _brief(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_told(value)}" for name, value in sorted(values.items()))


def _told(value: Any) -> str:  # noqa: ANN401 - what JSON holds
    if isinstance(value, Mapping):
        return f"({_brief(value)})"
    if isinstance(value, list):
        rounds = all(isinstance(each, Mapping) for each in value)
        return " then ".join(map(_told, value)) if rounds else f"({', '.join(map(_told, value))})"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
