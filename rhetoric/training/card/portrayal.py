"""How well portrayal is told on passages that no weights have learned, as they are and with the countries exchanged:
as the detectors tell it, and by the passage as a whole, which they ask where it does not name one of the two alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, cast

from spacy.language import Language

from rhetoric.analysis import annotate, load
from rhetoric.gold import Coded
from rhetoric.labels import COUNTRIES, ROLES, STANCES
from rhetoric.pipeline.read import passage_scores
from rhetoric.record import Record
from rhetoric.training.data.countries import swap_countries, swap_portrayal
from rhetoric.training.evaluation.counts import longest_passage
from rhetoric.training.evaluation.evaluate import evaluate_gold
from rhetoric.training.evaluation.metrics import Measure
from rhetoric.writing import table_row

WAYS: Final = ("as it ships", "by the whole passage")
_ASKED: Final = ("role", "stance")
_DRAWS: Final = 500


def measure_portrayal(rows: Sequence[Coded], detectors: Path) -> dict[str, Any]:
    """Return how often role and stance are right in those ``rows`` that name a country, as they are and with the
    countries exchanged, and how often the answer stays with what is said: by the weights in the folder ``detectors``,
    in either of WAYS.
    """
    nlp = load(detectors=detectors)
    plain, other = [], []
    for row in rows:
        text = swap_countries(row["text"])
        if row.get("portrayal") and text != row["text"]:
            plain.append({"id": row["id"], "text": row["text"], "portrayal": row["portrayal"]})
            other.append({"id": row["id"], "text": text, "portrayal": swap_portrayal(row["portrayal"])})
    read = {name: [_read(nlp, row) for row in each] for name, each in (("as it is", plain), ("exchanged", other))}
    found: dict[str, Any] = {"passages": len(plain), "portrayals": sum(len(row["portrayal"]) for row in plain)}
    for at, way in enumerate(WAYS):
        before, after = ([both[at] for both in read[name]] for name in ("as it is", "exchanged"))
        measured = {
            "as it is": evaluate_gold(plain, before, draws=_DRAWS),
            "exchanged": evaluate_gold(other, after, draws=_DRAWS),
        }
        found[way] = {
            what: {
                **{name: _plain(measures[f"portrayal.{what}"]) for name, measures in measured.items()},
                "stays": _stays(before, after, what),
            }
            for what in _ASKED
        }
    return found


def _read(nlp: Language, row: Coded) -> tuple[Record, Record]:
    """Return the record of a passage, and one with each country as the whole passage portrays it."""
    record = cast("Record", {**annotate(row["text"], nlp=nlp), "id": row["id"]})
    longest, doc = longest_passage(record), nlp(row["text"])
    (span,) = (each for each in doc.spans["passage"] if each.start_char == longest["start"])
    whole = {
        country: {
            "role": ROLES[int(passage_scores(span, f"role_{country}").argmax())],
            "stance": STANCES[int(passage_scores(span, f"stance_{country}").argmax())],
        }
        for country in COUNTRIES
    }
    return record, cast("Record", {**record, "passages": [{**longest, "portrayal": whole}]})


def _stays(before: Sequence[Record], after: Sequence[Record], what: str) -> float:
    """Return of how many portrayals the other country's, once both are exchanged, is the same."""
    same: list[bool] = []
    for one, other in zip(before, after, strict=True):
        here, there = (cast("dict[str, Any]", longest_passage(record)["portrayal"]) for record in (one, other))
        then = swap_portrayal(there)
        same += [here[country][what] == then[country][what] for country in here if country in then]
    return round(sum(same) / len(same), 4)


def _plain(measure: Measure) -> dict[str, float | None]:
    return {key: None if value is None else round(value, 4) for key, value in asdict(measure).items()}


def portrayal_table(found: Mapping[str, Any]) -> str:
    """Write what ``measure_portrayal`` found as a Markdown table."""
    head = ("told", *(f"{what}, {name}" for what in _ASKED for name in ("as it is", "exchanged", "stays")))
    rows = [head, ("---", *["---:"] * (len(head) - 1))]
    for way in WAYS:
        cells = []
        for what in _ASKED:
            each = found[way][what]
            cells += [str(Measure(**each["as it is"])), str(Measure(**each["exchanged"])), f"{each['stays']:.1%}"]
        rows.append((way, *cells))
    return "\n".join(map(table_row, rows))
