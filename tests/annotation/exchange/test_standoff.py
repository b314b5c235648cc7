"""Tools that keep marks apart from the text, brat and INCEpTION: their files as they write them."""

import json
from collections import Counter
from pathlib import Path

import pytest

from annotation.makers import span
from rhetoric.annotation.exchange.inception import make_types
from rhetoric.errors import SourceError

from .drawn import CLEAN, FOUND, MARKED, TEXT, check_found, said, units
from .makers import coded, need_cassis, read, write


def test_brat(tmp_path: Path) -> None:
    # brat reads the file with universal newlines: the line break counts once.
    (tmp_path / "doc.txt").write_bytes(TEXT.encode())
    lines = [f"T{n}\t{label} {span(CLEAN, w)[0]} {span(CLEAN, w)[1]}\t{w}" for n, (label, w) in enumerate(MARKED, 1)]
    lines += ["T9\taccount 2 6;15 16\tThey a", "E1\tLife:T1", "*\tEquiv T1 T2", "T10\tlive 2 6\tThis"]
    lines += ["R1\tsame Arg1:T9 Arg2:T10"]
    (tmp_path / "doc.ann").write_text("\r\n".join(lines))
    taken: Counter[str] = Counter()
    (record,) = read("brat", tmp_path, taken)
    assert record["framing"][0]["account"] == [span(CLEAN, "a partnership"), [2, 6], [15, 16]]
    assert said(record)["contrasts"] == FOUND["contrasts"]
    assert taken["annotations that are no spans, attributes, notes or binary relations"] == 2
    assert taken["spans that repeat another text than the one at their place"] == 1
    assert taken["relations to spans that are not there"] == 1
    assert record["id"] == "doc"


def test_brat_s_codes_stand_whatever_coders_note(tmp_path: Path) -> None:
    record = coded("It is a race.")
    record["passages"][0]["about"] = 0.9
    path = write("brat", tmp_path / "out", record) / "doc.ann"
    line = next(each for each in path.read_text().splitlines() if "AnnotatorNotes" in each)
    start, _, note = line.rpartition("\t")
    notes = [note, f"{note} unclear", f"see p. 3 {note}", f"{{see p. 3}} {note}"]
    notes += ["plain", "{see p. 3} unclear", '{"a"}', f"{note}{{"]
    codes, written = [], []
    for each in notes:
        path.write_text(path.read_text().replace(line, line := f"{start}\t{each}"))
        taken: Counter[str] = Counter()
        (back,) = read("brat", tmp_path / "out", taken)
        codes.append(back["passages"][0]["about"])
        written.append((+taken).get("notes of coders", 0))
    assert codes == [0.9, 0.9, 0.9, 0.9, 1.0, 1.0, 1.0, 0.9] and written == [0, 1, 1, 1, 1, 1, 1, 1]


def test_brat_with_a_byte_order_mark_keeps_its_first_line(tmp_path: Path) -> None:
    record = coded("It is a race.")
    path = write("brat", tmp_path / "out", record) / "doc.ann"
    path.write_text(path.read_text(), encoding="utf-8-sig")
    assert read("brat", tmp_path / "out") == [record]


def test_brat_spans_across_lines_are_written_in_pieces(tmp_path: Path) -> None:
    folder = write("brat", tmp_path / "out", coded("First\n\nsecond line."))
    lines = (folder / "doc.ann").read_text().splitlines()
    assert lines[0] == "T1\tpassage 0 5;7 19\tFirst second line."


def test_inception(tmp_path: Path) -> None:
    cassis = need_cassis()
    types = make_types()
    metadata = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
    title = types.create_type(metadata, "uima.tcas.DocumentAnnotation")
    types.create_feature(title, "documentTitle", "uima.cas.String")
    cas = cassis.Cas(types, sofa_string=TEXT, sofa_mime="text/plain")
    for label, words in MARKED:
        begin, end = span(TEXT, words)
        cas.add(types.get_type("rhetoric.Mark")(begin=begin, end=end, label=label))
    cas.add(types.get_type("rhetoric.Link")(begin=0, end=1, label="same"))
    cas.add(title(begin=0, end=len(TEXT), documentTitle="doc-1.xmi"))
    types.to_xml(tmp_path / "TypeSystem.xml")
    (tmp_path / "deep").mkdir()
    cas.to_xmi(tmp_path / "deep" / "anna.xmi")
    assert f'begin="{units(TEXT, "race")[0]}"' in (tmp_path / "deep" / "anna.xmi").read_text()
    taken: Counter[str] = Counter()
    check_found(read("inception", tmp_path, taken), one_place=False)
    assert taken["relations to spans that are not there"] == 1
    cas.to_xmi(tmp_path / "deep" / "ben.xmi")
    (tmp_path / "deep").rename(tmp_path / "doc-1.xmi")
    (tmp_path / "doc-1.xmi" / "TypeSystem.xml").write_bytes((tmp_path / "TypeSystem.xml").read_bytes())
    found = [(each["id"], each["meta"]["coder"]) for each in read("inception", tmp_path)]
    assert found == [("doc-1", "anna"), ("doc-1", "ben")], "a project's export tells the document by its folder"
    (tmp_path / "doc-1.xmi").rename(tmp_path / "deep")
    (tmp_path / "deep" / "ben.xmi").unlink()
    told = {
        "file": "doc-1",
        "id": "d1",
        "meta": {"year": 2025},
        "pipeline": {"name": "a", "version": "b", "sha256": "c"},
    }
    (tmp_path / "documents.jsonl").write_text(json.dumps(told))
    (record,) = read("inception", tmp_path)
    assert (record["id"], record["meta"]) == ("d1", {"year": 2025, "coder": "anna"})
    assert record["pipeline"]["name"] == "imported"

    (tmp_path / "deep" / "anna.xmi").rename(tmp_path / "deep" / "doc-1.xmi")
    (record,) = read("inception", tmp_path)  # one document, not said by whom
    assert (record["meta"], record["pipeline"]["name"]) == ({"year": 2025}, "imported")
    (tmp_path / "deep").rename(tmp_path / "doc-1.xmi")
    (record,) = read("inception", tmp_path)  # by a coder who is called as the document is
    assert (record["id"], record["meta"]) == ("d1", {"year": 2025, "coder": "doc-1"})
    (tmp_path / "doc-1.xmi").rename(tmp_path / "deep")
    (tmp_path / "deep" / "doc-1.xmi").rename(tmp_path / "deep" / "anna.xmi")
    (record,) = read("inception", tmp_path)

    cas.to_xmi(tmp_path / "deep" / "INITIAL_CAS.xmi")  # the machine's, in every export beside the coders'
    assert read("inception", tmp_path, taken) == [record]
    assert sum(number for what, number in taken.items() if "INITIAL_CAS" in what) == 1
    (tmp_path / "deep" / "anna.xmi").unlink()
    with pytest.raises(SourceError, match="no coder has opened a document"):
        read("inception", tmp_path)


def test_a_frame_of_one_s_own_drawn_in_inception(tmp_path: Path) -> None:
    cassis = need_cassis()
    types = make_types()
    cas = cassis.Cas(types, sofa_string=CLEAN, sofa_mime="text/plain")
    cas.add(types.get_type("rhetoric.Passage")(begin=0, end=9))
    own = types.get_type("rhetoric.Custom")
    cas.add(own(begin=0, end=9, label="just transition", present=True))  # a coder gives no score
    cas.add(own(begin=0, end=9, label="dependence", score="0.25"))
    cas.add(own(begin=0, end=5, label="nowhere", present=True))
    types.to_xml(tmp_path / "TypeSystem.xml")
    cas.to_xmi(tmp_path / "anna.xmi")
    taken: Counter[str] = Counter()
    (record,) = read("inception", tmp_path, taken)
    assert record["passages"][0]["custom"] == {
        "just transition": {"score": 1.0, "present": True},
        "dependence": {"score": 0.25, "present": False},
    }
    assert taken["frames of your own that are on no passage"] == 1


def test_what_coders_type_in_inception(tmp_path: Path) -> None:
    cassis = need_cassis()
    types = make_types()
    types.to_xml(tmp_path / "TypeSystem.xml")
    for coder, explicit in (("anna", "True"), ("ben", "maybe")):
        cas = cassis.Cas(types, sofa_string=CLEAN, sofa_mime="text/plain")
        passage = types.get_type("rhetoric.Passage")
        cas.add(passage(begin=0, end=9, us_stance=-1, china_stance=0))  # Java has no number that is missing
        cas.add(types.get_type("rhetoric.Mark")(begin=0, end=4, label="account", explicit=explicit))
        cas.to_xmi(tmp_path / f"{coder}.xmi")
    anna, ben = read("inception", tmp_path)
    assert anna["passages"][0]["portrayal"] == {"us": {"role": "none", "stance": -1}}
    assert anna["framing"][0]["explicit"] is True
    assert "framing[0].explicit is 'maybe': it should" in ben["error"], "neither yes nor no"
