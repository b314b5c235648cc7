"""Reference profiles: how every field is distributed over a described set of documents, without their text."""

import json
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from rhetoric.errors import RhetoricError
from rhetoric.made_by import compare_pipelines
from rhetoric.record import Pipeline
from rhetoric.resources import CORPORA, CUSTOM
from rhetoric.scoring.columns import CORRECTED
from rhetoric.scoring.percent import count
from rhetoric.scoring.scorecard import Scorecard
from rhetoric.scoring.uncertainty import FEWEST

FOLDER: Final = CORPORA / "profiles"
SHIPPED: Final = "shipped"
DEFAULT: Final = "strategy"  # the profile of that folder that scorecards are placed in unless asked otherwise
LEAST: Final = 5  # counted passages that a document needs to be in a profile, or to be placed in one
FEWEST_DOCUMENTS: Final = 5  # below this a percentile says nothing
_LARGEST: Final = 1e9  # of any number of a text
_RESTS: Final = {
    "frames": ("frame_",),
    "framing": ("unmasking", "passages_unmasking", "passages_partial"),
    "contrast": ("contrast",),
    "metaphor": ("metaphor",),
}


@dataclass(frozen=True)
class Distribution:
    """One field over the documents that have a value of it.

    ``quantiles`` are their values in rising order: all of them, or 1,001 at even ranks where there are more. ``sd`` is
    the standard deviation of the sample.
    """

    documents: int
    mean: float
    sd: float
    quantiles: tuple[float, ...]

    def percentile(self, value: float) -> float:
        """Return the share of documents below ``value``, 0 to 100; those equal to it count half."""
        at, to = bisect_left(self.quantiles, value), bisect_right(self.quantiles, value)
        return round(50 * (at + to) / len(self.quantiles), 1)

    @property
    def without(self) -> int:
        """How many documents have none of it."""
        return round(self.documents * bisect_right(self.quantiles, 0.0) / len(self.quantiles))

    def quantile(self, share: float) -> float:
        """Return the value that a ``share`` of the documents (0 to 1) lies below; it may be between two of theirs."""
        place = share * (len(self.quantiles) - 1)
        below, above = self.quantiles[math.floor(place)], self.quantiles[math.ceil(place)]
        return below + (above - below) * (place % 1)


@dataclass(frozen=True)
class Profile:
    """Distributions by column of the row, and the documents under them.

    ``documents`` holds what is told of each (id, title, author, voice, type, date, and as ``text`` the id that is made
    of its text); ``left_out`` how many had fewer than ``least`` counted passages.
    """

    name: str
    about: str
    every_passage: bool
    least: int
    pipeline: Pipeline
    documents: tuple[Mapping[str, str], ...]
    left_out: int
    fields: Mapping[str, Distribution]

    def groups(self, told: str) -> dict[str, int]:
        """Count the documents by one of the things told of them, such as voice or type, the commonest first."""
        many = Counter(each[told] for each in self.documents if told in each)
        return dict(sorted(many.items(), key=lambda item: (-item[1], item[0])))

    def to_json(self) -> str:
        """Return the profile as JSON, a line a document and a field, the same for the same documents in any order."""
        head = {key: value for key, value in asdict(self).items() if key not in ("documents", "fields")}
        lines = [f" {json.dumps(key)}: {dump(value)}," for key, value in head.items()]
        documents = ",\n".join(f"  {dump(each)}" for each in self.documents)
        fields = ",\n".join(f"  {json.dumps(name)}: {dump(asdict(each))}" for name, each in self.fields.items())
        rest = f' "documents": [\n{documents}\n ],\n "fields": {{\n{fields}\n }}'
        return "{\n" + "\n".join(lines) + f"\n{rest}\n}}\n"


def dump(value: Any) -> str:  # noqa: ANN401 - anything that JSON can hold
    """Return a value as JSON in its shortest form."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def comparable(field: str, differ: Collection[str]) -> bool:
    """Whether a field of a record can be compared with a profile whose pipeline differs from the record's in those
    parts. Lines of one's own mean something else by what they find, so what rests on one cannot; with another encoder
    lines are never the same, whoever drew them, and all is left to care.
    """
    if "encoder" in differ:
        return True
    rests_on = {line for line, beginnings in _RESTS.items() if field.startswith(beginnings)}
    return not {*rests_on, "about"} & {*differ}


def comparable_fields(profile: Profile, scorecards: Sequence[Scorecard]) -> Profile:
    """Return the profile with the fields only in which all of these scorecards can be compared with it."""
    differ = {part for card in scorecards for part in card.profile_differs}
    kept = {name: each for name, each in profile.fields.items() if comparable(name, differ)}
    return replace(profile, fields=kept)


def place(scorecard: Scorecard, profile: Profile, text: str = "") -> Scorecard:
    """Return the scorecard with its percentiles in ``profile``.

    There are none for a text with fewer counted passages than the profile's documents have, for a field that rests on
    fewer than three passages, or on one or two things found in them, or that fewer than five documents have, where one
    counts every passage and the other does not, or for a field that rests on a line drawn by another's coding
    (:func:`comparable`). Of what the text has none of it is counted how many documents have none either. ``text`` is
    the id made of the text (:func:`rhetoric.ingest.document.content_id`), which tells whether it is among them.
    """
    found: dict[str, float] = {}
    spans: dict[str, tuple[float, float]] = {}
    without: dict[str, int] = {}
    estimates = scorecard.estimates()
    same = compare_pipelines(profile.pipeline, scorecard.pipeline)
    unread = (CUSTOM, "about") if scorecard.every_passage else (CUSTOM,)
    differ = tuple(part for part in same or () if part not in unread)
    if scorecard.counted >= profile.least and scorecard.every_passage == profile.every_passage:
        for name, estimate in estimates.items():
            known = profile.fields.get(name)
            if estimate.value is None or estimate.passages < FEWEST or not known or known.documents < FEWEST_DOCUMENTS:
                continue
            many = estimates[name.removesuffix(CORRECTED)].count
            if many == 0 and comparable(name, differ) and not name.endswith(CORRECTED):
                without[name] = known.without
            elif (many is None or many >= FEWEST) and comparable(name, differ):
                found[name] = known.percentile(estimate.value)
                if estimate.low is not None and estimate.high is not None:
                    spans[name] = (known.percentile(estimate.low), known.percentile(estimate.high))
    return replace(
        scorecard,
        profile=profile.name,
        profile_documents=len(profile.documents),
        profile_fits=same is not None and not differ,
        profile_differs=differ,
        not_compared="" if found or without else _why_not(scorecard, profile),
        percentiles=found,
        percentile_spans=spans,
        percentile_documents={name: profile.fields[name].documents for name in (*found, *without)},
        percentile_none=without,
        profile_about=profile.about,
        in_profile=any(each.get("text") == text for each in profile.documents) if text else False,
    )


def _why_not(scorecard: Scorecard, profile: Profile) -> str:
    if scorecard.every_passage != profile.every_passage:
        counts = "every passage counts" if profile.every_passage else "only passages about the matter count"
        return f"{counts} there, which is not so here"
    if not scorecard.counted:
        return "no passage of this text counts"
    if scorecard.counted < profile.least:
        counts = "counts" if scorecard.counted == 1 else "count"
        few = count(scorecard.counted, "passage")
        return f"{few} of this text {counts}, and a text there has at least {profile.least}"
    return f"no number of this text has as many as {FEWEST_DOCUMENTS} texts there to stand among"


def read_profile(path: Path) -> Profile:
    """Read a profile from its file; raises RhetoricError where it is missing or is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        fields = {str(name): _read_distribution(each) for name, each in found["fields"].items()}
        documents = tuple({str(what): str(told) for what, told in each.items()} for each in found["documents"])
        name, version, sha256 = (str(found["pipeline"][key]) for key in ("name", "version", "sha256"))
        made_by: Pipeline = {"name": name, "version": version, "sha256": sha256}
        if "parts" in found["pipeline"]:
            made_by["parts"] = {str(part): str(each) for part, each in found["pipeline"]["parts"].items()}
        head = (str(found["name"]), str(found["about"]), bool(found["every_passage"]), int(found["least"]))
        return Profile(*head, made_by, documents, int(found["left_out"]), fields)
    except (OSError, ArithmeticError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        advice = "Build one with: rhetoric profile build SOURCE -o NAME.json"
        raise RhetoricError(f"{path}: this is not a profile that can be read ({error!r}). {advice}") from error


def _read_distribution(found: Mapping[str, Any]) -> Distribution:
    values = tuple(sorted(map(float, found["quantiles"])))
    mean, sd = float(found["mean"]), float(found["sd"])
    if not values or not all(abs(each) <= _LARGEST for each in (mean, sd, *values)):
        raise ValueError("a field has no values, or one that no text can have")
    return Distribution(int(found["documents"]), mean, sd, values)


def profile_files() -> dict[str, Path]:
    """Return the profiles that ship, name to file, in order of name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.json"))}


def find_profile(named: str) -> Profile:
    """Return the profile that ships under a name, or that lies in a file; raises RhetoricError where there is none."""
    shipped = profile_files()
    if named in shipped:
        return read_profile(shipped[named])
    if Path(named).is_file():
        return read_profile(Path(named))
    known = ", ".join(shipped)
    raise RhetoricError(f"{named}: there is no profile of this name, and no such file. Those that ship: {known}.")


def choose_profile(profile: Profile | str | Path | None) -> Profile | None:
    """Return the profile that is meant: the shipped one, one by its name or file, the one that is given, or none."""
    if profile == SHIPPED:
        return shipped_profile()
    return find_profile(str(profile)) if isinstance(profile, (str, Path)) else profile


@lru_cache(maxsize=1)
def shipped_profile() -> Profile:
    """Return the profile that scorecards are placed in by default."""
    return read_profile(FOLDER / f"{DEFAULT}.json")
