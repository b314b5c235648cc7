"""The project's own gold as DataFrames: passages coded by the codebook, one row a passage (corpora/gold/README.md)."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from rhetoric.errors import RhetoricError, SourceError
from rhetoric.gold import Coded, Whole, bring_back, is_denial, read_gold
from rhetoric.labels import COUNTRIES, FRAMES
from rhetoric.resources import CORPORA

if TYPE_CHECKING:
    import pandas as pd

Name = Literal[
    "authored",
    "real",
    "silver",
    "further",
    "later",
    "portrayed",
    "portrayed-both",
    "portrayed-again",
    "fresh",
    "written",
    "rewritten",
    "pairs",
    "essay",
    "again",
]
NAMES: Final[tuple[Name, ...]] = get_args(Name)


def load(name: Name, texts: str | Path | None = None) -> "pd.DataFrame":
    """Load one set of coded passages; all of it was coded by machine, not by people.

    "authored", "written", "rewritten", "pairs" and "portrayed-both" were written for this project, "essay" is the text
    it began from, "real", "silver", "further", "later", "portrayed" and "fresh" are passages of public texts; "again"
    holds passages of "authored", "real" and "fresh" by one more coder, "portrayed-again" some of "portrayed". Of
    "portrayed", "portrayed-again" and "portrayed-both" only portrayal was coded. One row a passage, with these columns:

    - ``id``; ``group``: the document (of "rewritten" and "pairs": that of the passage which it takes after) or, where
      it was written after none, the writer, which a split must not tear apart; ``text`` (str);
    - ``framing`` ("unmasking", "partial", "none"); ``about`` and ``frame_race`` ... ``frame_prosperity`` (0 or 1);
    - ``us_role``, ``us_stance``, ``china_role``, ``china_stance``: missing where the country is not spoken of;
    - ``instances``, ``contrasts``, ``live_metaphors``: lists of dicts as in the file, spans ``[start, end)`` in
      ``text``; missing where this field was not coded;
    - what else the file has: ``register``, ``of`` and ``frame``, or ``slug``, ``start``, ``end``, ``sha``, ``type``,
      ``voice`` and ``stratum``.

    The sentences of public texts are others' and do not ship: there ``text`` is missing unless ``texts`` is a
    folder of the catalogue's texts as SLUG.txt (``rhetoric corpus fetch -o DIR`` makes ``DIR/texts``; those of
    "further", and most of "fresh", are in a catalogue of their own, corpora/further.csv). Every passage is checked
    by its checksum. Where a text was extracted anew and the offsets do not fit, the passage is looked for by its
    checksum, spacing apart; one that is not found has no text, and a warning says how many there are.
    Raises RhetoricError for another name, or a folder that is not there.
    """
    import pandas as pd

    if name not in NAMES:
        raise RhetoricError(f"{name}: there is no such set. There are: {', '.join(NAMES)}.")
    rows = read_gold(CORPORA / "gold" / f"{name}.jsonl")
    if texts is not None:
        _bring_back(rows, Path(texts))
    return pd.DataFrame([_flat(row) for row in rows])


def _flat(row: Coded) -> dict[str, Any]:
    writer = row["id"][:3] if is_denial(row) else row["id"].split("-")[0]  # n-a, of n-a-001-d
    found = {"id": row["id"], "group": row.get("slug") or writer, "text": row.get("text")}
    found |= {"framing": row.get("framing"), "about": row.get("about")}
    found |= {f"frame_{frame}": row.get("frames", {}).get(frame) for frame in FRAMES}
    for country in COUNTRIES:
        portrayed = row["portrayal"].get(country, {})
        found |= {f"{country}_role": portrayed.get("role"), f"{country}_stance": portrayed.get("stance")}
    found |= {each: row.get(each) for each in ("instances", "contrasts", "live_metaphors")}
    return found | {key: value for key, value in row.items() if key not in (*found, "frames", "portrayal")}


def _bring_back(rows: list[Coded], folder: Path) -> None:
    """Give each row without a text the one that its checksum names, where the folder holds it."""
    if not folder.is_dir():
        raise RhetoricError(f"{folder}: there is no such folder. Fetch the texts with: rhetoric corpus fetch -o DIR")
    known: dict[str, Whole] = {}
    lost = []
    for row in rows:
        try:
            bring_back(row, folder, known)
        except SourceError:
            lost.append(row["slug"])
    if lost:
        missing = {*lost} - {*known}
        documents = f"{len(missing)} of {len(known) + len(missing)} documents are not in {folder}"
        said = f"{len(lost)} of {len(rows)} passages have no text: {documents}"
        warnings.warn(f"{said}, and others read otherwise than the text that was coded.", stacklevel=3)
