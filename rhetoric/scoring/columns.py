"""Every column of a scorecard's row: what it means and in what unit."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMES, MATTER, ROLES, SOURCES

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["text", "true or false", "whole number", "share", "probability", "per 1,000 words", "stance"]
_PLAIN: Final = ("text", "true or false", "whole number")  # units of columns that hold no estimate
NAMES: Final = {"us": "the US", "china": "China", "both": "both countries", "other": "others"}
ROLE_NAMES: Final = {
    "leader": "as the leader",
    "challenger": "as the challenger",
    "threat": "as a threat",
    "partner": "as a partner",
    "victim": "as a victim",
    "laggard": "as the laggard",
    "none": "in no role",
}
SIDES: Final = {"ill": -1, "well": 1}  # how a passage may speak of a country, by its stance
_INTERVAL: Final = {"_low": "lower end", "_high": "upper end"}
OWN: Final = "custom_"  # what the columns of frames of the user's own begin with
PROBABILITY: Final = "_probability"
CORRECTED: Final = "_corrected"
# Endings with a meaning: a label that has one gets an underscore more, so that no two columns have one name.
_MEANT: Final = re.compile(r"_(?:low|high|probability|percentile|corrected|role_none)(_*)$")


@dataclass(frozen=True)
class Column:
    """A column of a row, with what it means in plain words."""

    name: str
    meaning: str
    unit: Unit

    @property
    def field(self) -> bool:
        """Whether it holds an estimate, which has two columns more, NAME_low and NAME_high."""
        return self.unit not in _PLAIN

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of a row that hold it: itself, and of an estimate the ends of its interval."""
        return (self.name, *(self.name + ending for ending in _INTERVAL)) if self.field else (self.name,)

    @property
    def scale(self) -> float:
        """What a ratio of sums over passages is times."""
        return 1000.0 if self.unit == "per 1,000 words" else 1.0

    @property
    def bounds(self) -> tuple[float, float | None]:
        """The least and the largest value that there can be; densities have no largest."""
        return (-1.0 if self.unit == "stance" else 0.0), (None if self.unit == "per 1,000 words" else 1.0)


@lru_cache(maxsize=1)
def column_list() -> tuple[Column, ...]:
    """Return the columns of a row in their order, the intervals' left out."""
    return tuple([*_document(), *_frames(), *_framing(), *_spans(), *_portrayal()])


def fields() -> dict[str, Column]:
    """Return the fields: the columns that hold an estimate, by name."""
    return {column.name: column for column in column_list() if column.field}


def own_field(label: str) -> str:
    """Return the name of the field that is the share of passages with a frame of the user's own: custom_LABEL."""
    return f"{OWN}{label}{'_' if _MEANT.search(OWN + label) else ''}"


def own_label(name: str) -> str | None:
    """Return the label whose :func:`own_field` a name is; None for any other column."""
    label, ending = name.removeprefix(OWN), _MEANT.search(name)
    if not name.startswith(OWN) or (ending and not ending[1]):
        return None
    return label[:-1] if ending else label


def own_columns(labels: Iterable[str]) -> tuple[Column, ...]:
    """Return the fields of frames of the user's own, by label: they stand in a row after all other columns."""
    found = []
    for label in sorted(labels):
        name = own_field(label)
        found.append(Column(name, f"share of passages in which your frame {label!r} is present", "share"))
        meaning = f"mean probability of your frame {label!r}"
        found.append(Column(f"{name}{PROBABILITY}", meaning, "probability"))
    return tuple(found)


def find_field(name: str) -> Column | None:
    """Return the field of a name, which may be of a frame of the user's own; None where no field can be called so."""
    label = own_label(name.removesuffix(PROBABILITY))
    own = () if label is None else own_columns([label])
    return fields().get(name) or next((column for column in own if column.name == name), None)


def columns(own: Iterable[str] = ()) -> "pd.DataFrame":
    """Return a table of every column of a row, indexed by its name: ``meaning`` and ``unit``, both plain words.

    Shares are 0 to 1 and of counted passages (or, for roles, of those that speak of the country); a stance is -1 to +1.
    All estimates are missing where a text is off topic, so that no mean of a table has them, unless every passage is
    counted.
    ``own`` are labels of frames of the user's own.
    """
    import pandas as pd

    rows = []
    for column in (*column_list(), *own_columns(own)):
        rows.append((column.name, column.meaning, column.unit))
        if column.field:
            said = f"of the 95 % interval of {column.name} (missing where it rests on fewer than three passages)"
            rows += [(column.name + ending, f"{end} {said}", column.unit) for ending, end in _INTERVAL.items()]
    return pd.DataFrame(rows, columns=["column", "meaning", "unit"]).set_index("column")


def _document() -> Iterator[Column]:
    yield Column("id", "the document's id", "text")
    yield Column("title", "its title, where the document has one", "text")
    yield Column("date", "its date as the document gives it", "text")
    yield Column("source", "the file or address that it was read from", "text")
    yield Column("words", "words of the whole text", "whole number")
    yield Column("passages", "passages of the whole text", "whole number")
    yield Column("about", f"passages about {MATTER}", "whole number")
    off_topic = (
        "whether the text is off topic: fewer than three, and not one in ten, passages are about it; then it has no "
        "estimate, unless every passage is counted"
    )
    yield Column("off_topic", off_topic, "true or false")
    yield Column("counted", "passages under the scores: those about the matter, or all", "whole number")
    yield Column("counted_words", "words of the counted passages", "whole number")
    yield Column("learned", "counted passages that the detectors have learned from", "whole number")
    yield Column("every_passage", "whether every passage is counted, about the matter or not", "true or false")
    for part, what in (("name", "name"), ("version", "version"), ("sha256", "checksum")):
        yield Column(f"pipeline_{part}", f"{what} of the pipeline that made the record", "text")


def _frames() -> Iterator[Column]:
    for frame in FRAMES:
        where = f"passages in which the frame {frame!r} is present"
        yield Column(f"frame_{frame}", f"share of {where}", "share")
        corrected = f"share of {where}, corrected for the detector's measured errors (missing where it cannot be)"
        yield Column(f"frame_{frame}_corrected", corrected, "share")
        yield Column(f"frame_{frame}_probability", f"mean probability of the frame {frame!r}", "probability")


def _framing() -> Iterator[Column]:
    yield Column("passages_unmasking", "share of passages that set an account against a machinery", "share")
    yield Column("passages_partial", "share of passages that only hint at one of the two", "share")
    unit: Unit = "per 1,000 words"
    yield Column("unmasking", "accounts unmasked", unit)
    yield Column("unmasking_explicit", "accounts unmasked with a cue", unit)
    yield Column("unmasking_implicit", "accounts unmasked by wording or irony alone", unit)
    for actor in ACTORS:
        yield Column(f"unmasking_{actor}", f"accounts of {NAMES[actor]} unmasked", unit)


def _spans() -> Iterator[Column]:
    unit: Unit = "per 1,000 words"
    yield Column("contrast", "contrasts", unit)
    for label in CONTRASTS:
        yield Column(f"contrast_{label}", f"contrasts of the kind {label!r}", unit)
    yield Column("metaphor", "live metaphors", unit)
    for source in SOURCES:
        yield Column(f"metaphor_{source}", f"live metaphors from the domain {source!r}", unit)


def _portrayal() -> Iterator[Column]:
    for country in COUNTRIES:
        name = NAMES[country]
        yield Column(f"{country}_passages", f"counted passages that speak of {name}", "whole number")
        yield Column(f"{country}_role", f"commonest role of {name} (missing where two are as common)", "text")
        for role in ROLES:
            said = f"share of passages that speak of {name} in which its role is {role!r}"
            yield Column(f"{country}_role_{role}", said, "share")
        yield Column(f"{country}_stance", f"mean stance towards {name}, from -1 (ill) to +1 (well)", "stance")
