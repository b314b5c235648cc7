"""What several coders coded: their files put together, and the passages that at least two of them share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rhetoric.annotation.codings import read_codings
from rhetoric.errors import RhetoricError
from rhetoric.gold import Coded, text_sum, with_texts


@dataclass(frozen=True)
class Shared:
    """The passages that at least two coders coded: for each, what each of them coded, by name.

    ``coders`` are in the order given and ``rows`` (id -> coder -> coded passage) in that of the first file that has the
    passage. ``alone`` counts passages that one coder has, ``other_text`` names those that do not have the same text
    everywhere; neither are in ``rows``.
    """

    coders: tuple[str, ...]
    rows: dict[str, dict[str, Coded]]
    alone: int
    other_text: tuple[str, ...]

    def text(self, passage: str) -> str | None:
        """Return the text of a passage; None where it is kept as offsets."""
        texts = [row.get("text") for row in self.rows[passage].values()]
        return next((text for text in texts if text is not None), None)


def read_coders(paths: Iterable[str | Path], texts: str | Path | None = None) -> dict[str, list[Coded]]:
    """Return the coded passages of each coder in ``paths``, as ``read_codings`` reads them.

    A coder found in two files has coded both where they hold different passages, as batches do; where they hold the
    same ones, the two are two coders, named after their files. Passages kept as offsets have their text from the folder
    ``texts``, where it is named. Raises RhetoricError for a file that cannot be read, and a text that is not there.
    """
    found: dict[str, list[Coded]] = {}
    given = [*map(Path, paths)]
    for path in given:
        if [other.resolve() for other in given].count(path.resolve()) > 1:
            raise RhetoricError(f"{path}: this file is named twice. Name each file once.")
        for coder, rows in read_codings(path).items():
            name = coder
            if {row["id"] for row in found.get(coder, [])} & {row["id"] for row in rows}:
                name = str(path) if coder == path.stem else f"{coder} ({path})"
            found.setdefault(name, []).extend(with_texts(rows, Path(texts)) if texts else rows)
    return found


def share(codings: Mapping[str, Sequence[Coded]], only: Iterable[str] = ()) -> Shared:
    """Put the codings of each passage side by side; ``only`` names the coders to keep, all by default.

    Raises RhetoricError where there is one coder, or no passage that two of them coded.
    """
    kept = tuple(dict.fromkeys(only)) or tuple(codings)
    unknown = [coder for coder in kept if coder not in codings]
    if unknown:
        raise RhetoricError(f"There is no coder {', '.join(unknown)}. There are: {', '.join(codings) or 'none'}.")
    if len(kept) < 2:
        who = f"only {kept[0]}" if kept else "nobody"
        advice = "Name another coder's file, or a review database that two coders have worked in."
        raise RhetoricError(f"Agreement needs two coders, and {who} coded these passages. {advice}")
    rows: dict[str, dict[str, Coded]] = {}
    for coder in kept:
        for row in codings[coder]:
            rows.setdefault(row["id"], {})[coder] = row
    both = {passage: by for passage, by in rows.items() if len(by) > 1}
    if not both:
        counts = ", ".join(f"{coder} {len(codings[coder]):,}" for coder in kept)
        advice = "Passages are the same where their ids are: have two coders code the same ones."
        raise RhetoricError(f"No two coders coded the same passage ({counts} passages). {advice}")
    same: dict[str, dict[str, Coded]] = {}
    other: list[str] = []
    for passage, by in both.items():
        if len({_sum(row) for row in by.values()} - {None}) > 1:
            other.append(passage)
        else:
            same[passage] = by
    if not same:
        raise RhetoricError(f"The coders' passages have the same ids but other texts, {other[0]} for one.")
    return Shared(kept, same, len(rows) - len(both), tuple(other))


def _sum(row: Coded) -> str | None:
    """Return what stands for the text of a passage, whether it is there or kept as offsets."""
    return text_sum(row["text"]) if "text" in row else str(row["sha"]) if "sha" in row else None
