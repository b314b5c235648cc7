"""INCEpTION: a folder with a UIMA CAS (NAME.xmi, XMI 1.0) of each document, and ``TypeSystem.xml`` with its layers.

Offsets are UTF-16 code units, as Java counts (UIMA; inception issue 1811): dkpro-cassis turns code points into them
and back. The layers are ``rhetoric.Mark`` (spans), ``rhetoric.Link`` (relations between them), ``rhetoric.Passage``
and ``rhetoric.Custom`` (a frame of the user's own, on the whole stretch of its passage); INCEpTION makes them of the
type system (its ``TypeSystemAnalysis``). What may be missing is a string, since Java has no missing number. Ids,
metadata and pipeline are in ``documents.jsonl``.
"""

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from rhetoric.annotation.exchange.files import find_files, new_folder, new_names, read_bytes, read_names, said
from rhetoric.annotation.exchange.finish import Fields, finish_all, pick
from rhetoric.annotation.exchange.marks import PASSAGE, Mark, put_together, say_choices, take_apart, take_choice
from rhetoric.errors import SourceError, need
from rhetoric.ingest.document import Found
from rhetoric.labels import COUNTRIES, FRAMES
from rhetoric.record import Record

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

TYPES: Final = "TypeSystem.xml"
_MARK, _LINK, _PASSAGE = "rhetoric.Mark", "rhetoric.Link", "rhetoric.Passage"
_CUSTOM: Final = "rhetoric.Custom"
_START: Final = "INITIAL_CAS"  # beside the coders' files, the document as it was before anybody opened it
_METADATA: Final = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_STRINGS: Final = ("actor", "explicit", "source", "target", "score")
_NO_XML: Final = re.compile(
    "[\ufffe\uffff]"
)  # the only characters of clean texts and labels that XML 1.0 has no place for


def check_extra() -> None:
    """Raise RhetoricError where dkpro-cassis is not installed."""
    need("INCEpTION's format needs", "exchange", "cassis")


def make_types() -> "TypeSystem":
    """Return the type system with the four layers."""
    check_extra()
    from cassis import TypeSystem

    types = TypeSystem()
    mark = types.create_type(_MARK, description="A stretch of text with its label; linked marks are one item.")
    link = types.create_type(_LINK, description="Marks of one item: against, same or cue.")
    passage = types.create_type(_PASSAGE, description="A unit of coding; frames are probabilities.")
    custom = types.create_type(_CUSTOM, description="A frame of your own, on the whole stretch of a passage.")
    text, number = "uima.cas.String", "uima.cas.Double"
    numbers = ("framing_score", "about", *(f"frame_{frame}" for frame in FRAMES))
    portrayal = {
        f"{country}_{what}": kind
        for country in COUNTRIES
        for what, kind in (("role", text), ("stance", "uima.cas.Integer"))
    }
    for owner, features in (
        (mark, dict.fromkeys(("label", *_STRINGS), text)),
        (link, {"label": text, "Governor": mark, "Dependent": mark}),
        (passage, {"framing": text, **dict.fromkeys(numbers, number), **portrayal}),
        (custom, {"label": text, "score": text, "present": "uima.cas.Boolean"}),
    ):
        for name, kind in features.items():
            types.create_feature(owner, name, kind)
    return types


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write a CAS a document, the type system, and the list of documents."""
    types = make_types()
    with new_folder(path) as folder, new_names(folder) as name:
        types.to_xml(folder / TYPES)
        for record in records:
            _cas(record, types, lost).to_xmi(folder / f"{name(record)}.xmi")


def _cas(record: Record, types: "TypeSystem", lost: Counter[str]) -> "Cas":
    from cassis import Cas

    text, replaced = _NO_XML.subn("\ufffd", record["text"])
    lost["characters that XML has no place for, written as U+FFFD"] += replaced
    cas = Cas(types, sofa_string=text, sofa_mime="text/plain")
    mark_type, link_type, passage_type = (types.get_type(name) for name in (_MARK, _LINK, _PASSAGE))
    marks, links = take_apart(record, lost)
    for custom in _customs(marks, lost):
        cas.add(types.get_type(_CUSTOM)(**custom))
    made = []
    for mark in marks:
        begin, end = mark.cover
        if mark.label == PASSAGE:
            annotation = passage_type(begin=begin, end=end, **_features(mark.fields, lost))
        else:
            told = say_choices(mark.fields) | {name: str(value) for name, value in pick(mark.fields, "score").items()}
            annotation = mark_type(begin=begin, end=end, label=mark.label, **told)
        made.append(annotation)
        cas.add(annotation)
    for link in links:
        ends = {"Governor": made[link.source], "Dependent": made[link.target]}
        begin, end = marks[link.target].cover
        cas.add(link_type(begin=begin, end=end, label=link.label, **ends))
    return cas


def _customs(marks: Iterable[Mark], lost: Counter[str]) -> Iterator[Fields]:
    """Yield the features of each frame of the user's own; what could not be told apart again is counted."""
    passages = [mark for mark in marks if mark.label == PASSAGE]
    places = Counter(tuple(mark.cover) for mark in passages)
    for mark in passages:
        begin, end = mark.cover
        for label, found in mark.fields.get("custom", {}).items():
            if places[begin, end] > 1:
                lost["passages.custom of passages that cover the same stretch as another"] += 1
            elif _NO_XML.search(label):
                lost["passages.custom whose label has characters that XML has no place for"] += 1
            else:
                told = {"label": label, "score": str(found["score"]), "present": found["present"]}
                yield {"begin": begin, "end": end, **told}


def _features(told: Fields, lost: Counter[str]) -> Fields:
    found = {name: told[name] for name in ("framing", "framing_score", "about")}
    found |= {f"frame_{frame}": chance for frame, chance in told["frames"].items() if frame in FRAMES}
    lost["frames that are not of the codebook"] += sum(frame not in FRAMES for frame in told["frames"])
    for country, portrayed in told["portrayal"].items():
        found |= {f"{country}_role": portrayed["role"], f"{country}_stance": portrayed["stance"]}
    return found


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the record of each CAS: ``path`` is one .xmi, or a folder (sub-folders too; links are not followed)."""
    check_extra()
    folder = path if path.is_dir() else path.parent
    told = read_names(folder, most)
    places = find_files(path, ".xmi", told) if path.is_dir() else [path]
    coded = [place for place in places if place.stem != _START]
    lost[f"documents as they were before anybody coded them ({_START})"] += len(places) - len(coded)
    if not coded:
        raise SourceError(str(path), f"no coder has opened a document: there is only its beginning ({_START}).")
    items = ((str(place), place) for place in coded)
    return finish_all(
        items, lambda place, lost: [_record(place, _load(place, folder, most), told, lost)], lost, "inception"
    )


def _record(place: Path, cas: "Cas", told: dict[str, Fields], lost: Counter[str]) -> Fields:
    titles = [each.documentTitle for each in _selected(cas, _METADATA)]
    title = Path(titles[0]).name.removesuffix(".xmi") if titles and titles[0] else ""
    # INCEpTION names the file of an annotated document after the coder, and a folder above it after the document.
    above = {each.name.removesuffix(".xmi") for each in place.parents if each.name}
    name = title if title in told or title in above else place.stem
    made = {"id": name, "meta": {"source": str(place)}, **told.get(name, {}), **_read(cas, lost)}
    if title:  # it has been in INCEpTION, which our own files have not
        made.pop("pipeline", None)
    if name != place.stem or place.parent.name == f"{title}.xmi":  # a coder may be called as the document is
        made["meta"] = {**made["meta"], "coder": place.stem}
    return made


def _data(path: Path, most: int) -> bytes:
    """Return an XML file that declares no document type, hence no entities; raises SourceError for any other."""
    data = read_bytes(path, 6 * most)  # a character of the text may be written as &#128512;

    def declared(*_: object) -> None:
        raise ValueError("it declares a document type, which a CAS never does")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared  # comes before any entity is expanded
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        advice = "Export as UIMA CAS XMI (XML 1.0)."
        raise SourceError(str(path), f"cannot be read as XML ({said(error)}).", advice) from error
    return data


def _load(place: Path, folder: Path, most: int) -> "Cas":
    """Return what a file holds, by the type system beside it or in ``folder``, else by ours; raises SourceError."""
    from cassis import load_cas_from_xmi, load_typesystem

    beside = [each / TYPES for each in (place.parent, folder) if (each / TYPES).is_file()]
    types = _data(beside[0], most) if beside and not beside[0].is_symlink() else None
    data = _data(place, most)
    try:
        system = load_typesystem(BytesIO(types)) if types else None
        if system is None or not all(system.contains_type(name) for name in (_MARK, _LINK, _PASSAGE)):
            system = make_types()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of types that are not ours
            warnings.filterwarnings("error", message="Not mapping")  # an offset beyond the text, or within a character
            return load_cas_from_xmi(BytesIO(data), typesystem=system, lenient=True)
    except Exception as error:  # cassis and lxml raise whatever comes up in a file that is none
        raise SourceError(str(place), f"cannot be read as a UIMA CAS ({said(error)}).") from error


def _read(cas: "Cas", lost: Counter[str]) -> Fields:
    text = cas.sofa_string or ""
    marks, numbers = [], {}
    own = _own(cas)
    for annotation in _selected(cas, _PASSAGE):
        place = (annotation.begin, annotation.end)
        told = _passage(annotation) | ({"custom": own.pop(place)} if place in own else {})
        marks.append(Mark(PASSAGE, [list(place)], told))
    lost["frames of your own that are on no passage"] += sum(map(len, own.values()))
    for annotation in _selected(cas, _MARK):
        told = {name: take_choice(name, annotation[name]) for name in _STRINGS if annotation[name] is not None}
        if "score" in told:
            told["score"] = float(told["score"])
        numbers[annotation.xmiID] = len(marks)
        marks.append(Mark(annotation.label or "", [[annotation.begin, annotation.end]], told))

    def number(mark: Any) -> int | None:  # noqa: ANN401 - as cassis makes it
        return None if mark is None else numbers.get(mark.xmiID)

    related = [(number(each.Governor), number(each.Dependent)) for each in _selected(cas, _LINK)]
    return {**put_together(text, marks, related, lost), "text": text}


def _own(cas: "Cas") -> dict[tuple[int, int], Fields]:
    """Return the frames of the user's own by the stretch that they are on."""
    found: dict[tuple[int, int], Fields] = defaultdict(dict)
    for each in _selected(cas, _CUSTOM):
        present = bool(each.present)
        score = float(present) if each.score is None else float(each.score)
        found[each.begin, each.end][each.label or ""] = {"score": score, "present": present}
    return found


def _selected(cas: "Cas", name: str) -> list[Any]:
    """Return the annotations of a type, which the file may not have, in the order of their numbers."""
    found = cas.select(name) if cas.typesystem.contains_type(name) else ()
    return sorted(found, key=lambda each: each.xmiID)


def _passage(annotation: Any) -> Fields:  # noqa: ANN401 - cassis makes the class of the type system
    portrayal = {}
    for country in COUNTRIES:
        role, stance = annotation[f"{country}_role"], annotation[f"{country}_stance"] or 0
        if role is not None or stance:  # a stance of 0 may be one that nobody has set
            portrayal[country] = {"role": "none" if role is None else role, "stance": stance}
    frames = {frame: value for frame in FRAMES if (value := annotation[f"frame_{frame}"]) is not None}
    told = {name: annotation[name] for name in ("framing", "framing_score", "about") if annotation[name] is not None}
    return {**told, "frames": frames, "portrayal": portrayal}
