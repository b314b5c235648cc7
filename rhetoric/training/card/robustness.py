"""What the detectors say when a text is spoiled, when the countries change places, and off the topic they are for.

Measured on gold passages by weights that have not seen them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from spacy.language import Language

from rhetoric.analysis import annotate
from rhetoric.gold import Coded
from rhetoric.labels import COUNTRIES, FRAMES, PRESENT
from rhetoric.record import Record
from rhetoric.training.card.disturb import DISTURBANCES
from rhetoric.training.data.countries import swap_countries
from rhetoric.training.evaluation.counts import longest_passage, strongest_framing
from rhetoric.training.evaluation.metrics import evaluate
from rhetoric.writing import table_row

_SHOWN: Final = ("framing.unmasking", "frames.macro_f1", "about", "portrayal.stance")
# What arithmetic sets, by row of the table: passages off the matter are not about it, and of some frames there is none
# or next to none among them, whose F1 can be nothing but 0.
UNTOLD: Final = {"about anything else": ("about", "frames.macro_f1")}
EVERY: Final = 3
_HUMAN: Final = (
    "Elsewhere *not X but Y* was counted 0.065 times per 1,000 characters of 82 books by people\n"
    "([not-x-but-y-bench](https://github.com/sam-paech/not-x-but-y-bench), by rules of its own)."
)


_DENIALS: Final = {  # by the end of the id in pairs.jsonl
    "d": "rejected and counted all the same",
    "y": "put forward and found",
    "h": "put forward among words of denial and found",
}


def measure_robustness(held: Sequence[tuple[Language, Coded, Record]]) -> dict[str, Any]:
    """Return what disturbances, renamed countries and other topics do.

    ``held`` gives for each gold passage a pipeline that has not seen it and the record that it made; every third is
    read again. Passage labels only: a disturbed text has other offsets than those that were coded.
    """
    held = held[::EVERY]
    plain = [row for _, row, _ in held]
    records = [record for *_, record in held]
    return {
        "disturbed": {"as it is": _show(plain, records), **{name: _disturbed(held, name) for name in DISTURBANCES}},
        "swapped": _swap(held),
        "topic": {
            where: _show(*_only(held, lambda row, about=about: row["about"] == about))
            for where, about in (("about the matter", 1), ("about anything else", 0))
        },
        "corrections": _corrections(held),
    }


def _show(rows: Sequence[Coded], records: Sequence[Record]) -> dict[str, float]:
    found = evaluate(rows, records, draws=0)
    shown = {name: round(found[name].value, 4) if name in found else 0.0 for name in _SHOWN}
    return shown | {"passages": len(rows)}


def _only(held: Sequence[tuple[Language, Coded, Record]], wanted: Any) -> tuple[list[Coded], list[Record]]:  # noqa: ANN401
    kept = [(row, record) for _, row, record in held if wanted(row)]
    return [row for row, _ in kept], [record for _, record in kept]


def _disturbed(held: Sequence[tuple[Language, Coded, Record]], name: str) -> dict[str, float]:
    rows, records, moved = [], [], 0
    for nlp, row, before in held:
        text = DISTURBANCES[name](row["text"])
        record: Any = before if text == row["text"] else {**annotate(text, nlp=nlp), "id": row["id"]}
        moved += strongest_framing(record)["framing"] != strongest_framing(before)["framing"]
        rows.append({**row, "text": record["text"], "instances": [], "contrasts": [], "live_metaphors": []})
        records.append(record)
    return _show(rows, records) | {"framing moved": round(moved / len(rows), 4)}


def _swap(held: Sequence[tuple[Language, Coded, Record]]) -> dict[str, float]:
    """Compare each passage that names a country with itself, the two countries exchanged."""
    passages, shift, crossed, mirrored, spoken, moved = 0, 0.0, 0, 0, 0, 0
    lean = {"before": 0, "after": 0}
    for nlp, row, record in held:
        text = swap_countries(row["text"])
        if text == row["text"]:
            continue
        before, after = longest_passage(record), longest_passage(annotate(text, nlp=nlp))
        passages += 1
        shift += sum(abs(before["frames"][frame] - after["frames"][frame]) for frame in FRAMES) / len(FRAMES)
        crossed += sum((before["frames"][f] >= PRESENT) != (after["frames"][f] >= PRESENT) for f in FRAMES)
        moved += before["framing"] != after["framing"]
        for country, other in (COUNTRIES, COUNTRIES[::-1]):
            here, there = before["portrayal"].get(country), after["portrayal"].get(other)
            if here and there:
                spoken += 1
                mirrored += here["stance"] == there["stance"]
                lean["before"] += here["stance"] * (1 if country == "us" else -1)
                lean["after"] += there["stance"] * (1 if other == "us" else -1)
    return {
        "passages": passages,
        "mean shift of a frame's probability": round(shift / passages, 4),
        "frames that crossed 0.5, a passage": round(crossed / passages, 4),
        "framing moved": round(moved / passages, 4),
        "stance went with the name": round(mirrored / spoken, 4),
        # With the names exchanged a fair reader's lean turns round; what is left of the sum is a bias for the US.
        "bias of stance for the US": round((lean["before"] + lean["after"]) / (2 * spoken), 4),
    }


def _corrections(held: Sequence[tuple[Language, Coded, Record]]) -> dict[str, float]:
    """Passages without framing: how often is one called unmasking, with a plain correction in it and without?"""
    false: dict[str, float] = {}
    for name, wanted in (("with a correction", True), ("without one", False)):
        rows, records = _only(
            held,
            lambda row, wanted=wanted: (
                row["framing"] == "none"
                and any(contrast["label"] == "correction" for contrast in row["contrasts"]) == wanted
            ),
        )
        called = sum(strongest_framing(record)["framing"] == "unmasking" for record in records)
        false[f"passages {name}"] = len(rows)
        false[f"called unmasking {name}"] = round(called / len(rows), 4)
    letters = sum(len(row["text"]) for _, row, _ in held)
    found = sum(pair["label"] == "correction" for *_, record in held for pair in record["contrasts"])
    coded = sum(pair["label"] == "correction" for _, row, _ in held for pair in row["contrasts"])
    return {
        **false,
        "corrections found per 1,000 characters": round(1000 * found / letters, 4),
        "corrections coded per 1,000 characters": round(1000 * coded / letters, 4),
    }


def measure_denials(rows: Sequence[Coded], records: Sequence[Record]) -> dict[str, float]:
    """Return how often a frame is counted that a passage names only to reject it, and one that it puts forward.

    ``rows`` are the ``n-`` passages of pairs.jsonl, ``records`` theirs, by weights that have not seen them.
    """
    counted: dict[str, list[bool]] = {said: [] for said in _DENIALS.values()}
    for row, record in zip(rows, records, strict=True):
        counted[_DENIALS[row["id"][-1]]].append(longest_passage(record)["frames"][row["frame"]] >= PRESENT)
    shares = {said: round(sum(each) / len(each), 4) for said, each in counted.items() if each}
    return {"passages": len(rows), **shares}


def robustness_tables(scores: Mapping[str, Any]) -> dict[str, str]:
    """Write what was measured here as Markdown: ``disturbed``, ``swapped``, ``corrections`` and ``denials``."""
    head = ("text", *(f"`{name}`" for name in _SHOWN), "framing label moved")
    rows = [head, ("---", *["---:"] * (len(_SHOWN) + 1))]
    for name, found in (*scores["disturbed"].items(), *scores["topic"].items()):
        moved = f"{found['framing moved']:.1%}" if "framing moved" in found else "–"
        figures = ("–" if each in UNTOLD.get(name, ()) else f"{found[each]:.3f}" for each in _SHOWN)
        rows.append((name, *figures, moved))
    return {
        "disturbed": "\n".join(map(table_row, rows)),
        "swapped": "United States and China exchanged by name: " + _listed(scores["swapped"]),
        "corrections": "Plain corrections (*not X but Y*), which are no framing: "
        + f"{_listed(scores['corrections'])}\n{_HUMAN}",
        "denials": "A frame named in passages written for this: " + _listed(scores["denials"]),
    }


def _listed(found: Mapping[str, float]) -> str:
    return "; ".join(f"{name} {value:g}" for name, value in found.items()) + "."
