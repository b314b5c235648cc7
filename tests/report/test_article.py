import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from scoring.records import essay, gold, in_passing, make_record, off_topic

from rhetoric.errors import RhetoricError
from rhetoric.labels import CONTRASTS, FRAMES, FRAMINGS, ROLES, SOURCES, TARGETS
from rhetoric.report import glossary, trust, words
from rhetoric.report.article import make_help, make_markdown, make_page, read_script, read_style, say
from rhetoric.report.article.article import Article
from rhetoric.report.evidence import gather_evidence
from rhetoric.report.headline import write_headline
from rhetoric.scoring import score_record
from rhetoric.scoring.profile import Profile

from .makers import unsafe
from .pages import Reader, hinting, other, spoil
from .test_evidence import carried

pytestmark = pytest.mark.usefixtures("scores")


PAGES = {
    "essay": lambda profile: make_page([essay()], profile=profile),
    "two": lambda profile: make_page([essay(), other()], profile=profile),
    "off topic": lambda _: make_page([off_topic()]),
    "one of two off topic": lambda _: make_page([off_topic(), essay()]),
    "short": lambda _: make_page([short()]),
    "hostile": lambda _: make_page([spoil(essay())]),
    "two hostile": lambda _: make_page([spoil(essay()), spoil(other())]),
    "every passage": lambda _: make_page([off_topic()], every_passage=True),
}


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest, profile: Profile) -> str:
    """Every kind of page there is."""
    return PAGES[request.param](profile)


@pytest.fixture(scope="module")
def read() -> Reader:
    """The page on the essay."""
    return Reader(make_page([essay()]))


def short() -> dict[str, Any]:
    return make_record(gold("essay.jsonl")[:2], "short", title="Short")


def test_it_needs_nothing_else_and_every_link_leads_somewhere(page: str) -> None:
    read = Reader(page)
    names = {name for _, attributes in read.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")} | names & {"src", "style", "srcset", "action"}
    tags = [tag for tag, _ in read.elements]
    assert not set(tags) & {"link", "img", "iframe", "object", "embed", "form", "base", "use", "image", "foreignobject"}
    assert (tags.count("script"), tags.count("style")) == (1, 1)
    ids = read.ids()
    assert len(ids) == len(set(ids))
    assert [link for link in read.links() if not (link.startswith("#") and link[1:] in ids)] == []


def test_it_lets_nothing_run_but_its_own_script(page: str) -> None:
    read = Reader(page)
    policy = next(each["content"] for each in read.of("meta") if "http-equiv" in each)
    hashes = [base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in (read_style(), read_script())]
    rest = "base-uri 'none'; form-action 'none'"
    assert policy == f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; {rest}"
    assert read.inside("script") == read_script()
    assert read.inside("style") == read_style()
    assert not unsafe(page.replace("\n", ""))


def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Reader(page).elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_hostile_words_are_shown_as_words() -> None:
    page = make_page([spoil(essay())])
    assert "<script>alert(1)</script><svg onload=alert(2)>\"'&{{7*7}}</style></title><!--" in Reader(page).all_text()
    assert "alert(1)</script>" not in page.replace(read_script(), "")


@pytest.mark.parametrize(
    "records",
    [[essay()], [essay(), other()], [{**essay(), "passages": essay()["passages"][2:4]}]],
    ids=["one", "two", "text between passages"],
)
def test_the_text_is_there_whole_and_in_order(records: list[dict[str, Any]]) -> None:
    said = Reader(make_page(records)).inside("p", "words", but="tag")
    assert said.replace("\n", "") == "".join(each["text"] for each in records).replace("\n", "")


def test_the_headline_is_there_and_its_numbers_are_links(read: Reader) -> None:
    said = " ".join(write_headline(score_record(essay(), profile=None), trust.read_trust()))
    assert " ".join(read.inside("p", "headline").split()) == said
    inside = [data for parents, data in read.text if ("p", "headline") in parents and parents[-1][0] == "a"]
    assert set(re.findall(r"\d+", said)) == set(re.findall(r"\d+", " ".join(inside)))
    assert "race, in 5 of 8 passages" in inside


def test_every_span_of_the_evidence_is_marked_and_explained(read: Reader) -> None:
    record, ids = essay(), set(read.ids())
    for letter, found in (("f", record["framing"]), ("c", record["contrasts"]), ("m", record["metaphors"])):
        for number in range(1, len(found) + 1):
            assert {f"{letter}{number}", f"e-{letter}{number}"} <= ids
    told: dict[str, str] = {}
    for _, attributes in read.elements:
        if attributes.get("data-begins"):
            lines = (attributes["title"] or "").split("\n")
            told |= dict(zip((attributes["data-begins"] or "").split(), lines, strict=True))
    assert len(told) == sum(len(record[name]) for name in ("framing", "contrasts", "metaphors"))
    sure = r"\d+% sure( that (an account is unmasked|there is a hint \(detector of hints: .*\)))?\.$"
    assert all(re.search(f": .*{sure}", why) for why in told.values())
    assert told["m1"].startswith("Live metaphor 1, race: “race”, from running and sport, about")


def test_a_mark_that_reaches_into_the_next_passage_is_shown_in_both() -> None:
    record = essay()
    first, second = record["passages"][:2]
    record["metaphors"] = [{**record["metaphors"][0], "span": [first["end"] - 5, second["start"] + 5]}]
    marks = [given for _, given in Reader(make_page([record])).elements if "m1" in given.get("data-of", "").split()]
    assert [given.get("id") == "m1" for given in marks] == [True, False]


def test_framing_and_contrasts_are_told_apart_by_signs_too(read: Reader) -> None:
    sides = {f"{number}{side}" for number in range(1, len(essay()["contrasts"]) + 1) for side in "ab"}
    assert {"account 1", "machinery 1", *sides} <= {*read.texts("sup")}


def test_where_the_text_stands_or_that_it_is_not_known(profile: Profile) -> None:
    without, within = (Reader(make_page([essay()], profile=each)).all_text() for each in (None, profile))
    assert "There is no reference profile here" in without
    assert "percentile" not in without
    assert "Compared with the profile authored of 20 texts" in within
    assert "frame race, share of passages" in within
    assert "8 in 10 of 20 authored texts" in within


def test_a_text_off_topic_is_not_scored() -> None:
    read = Reader(make_page([off_topic()]))
    text = read.all_text()
    assert "nothing is scored" in text
    assert not {"s-frames", "s-framing", "s-metaphors", "s-portrayal", "s-contrasts"} & set(read.ids())
    assert read.of("svg") == []
    assert [a for _, a in read.elements if "data-of" in a] == []


def test_a_short_text_is_a_list_of_findings_without_shares() -> None:
    before = Reader(make_page([short()])).all_text().split("How often it errs")[0]
    assert "Rates over so little say nothing general" in before
    assert "per 1,000 words" not in before
    assert "1 account unmasked." in before
    assert "race 2 of 2 passages:" in before


def test_two_texts_stand_side_by_side() -> None:
    read = Reader(make_page([essay(), other()]))
    text = read.all_text()
    assert "The machinery of belief beside Another <text>" in text
    assert re.search(r"\d+ of \d+ fields differs? surely", text)
    assert {"a-f1", "e-a-f1", "b-p1", "a-frame-race"} <= set(read.ids())


@pytest.mark.parametrize("side", [in_passing(), off_topic()], ids=["in passing", "off topic"])
def test_a_text_that_is_not_scored_is_not_compared(side: dict[str, Any]) -> None:
    text = Reader(make_page([essay(), side])).all_text()
    assert "B is not scored, so the two cannot be compared." in text


@pytest.mark.parametrize("side", [short(), off_topic()], ids=["short", "off topic"])
@pytest.mark.parametrize("letter", ["A", "B"])
def test_what_is_short_on_one_side_takes_no_figure_from_the_other(
    profile: Profile, side: dict[str, Any], letter: str
) -> None:
    read = Reader(make_page([essay(), side] if letter == "A" else [side, essay()], profile=profile))
    drawn = {"In what share of its passages each frame is present", "How the US and China are portrayed"}
    assert drawn <= {*read.texts("title")}
    named = [each for each in read.texts("text") if each.startswith(("A: ", "B: "))]
    assert {*named} == {f"{letter}: The machinery of belief"}


def test_regions_have_names_of_their_own(profile: Profile) -> None:
    read = Reader(make_page([essay(), other()], profile=profile))
    names = [given["aria-label"] for _, given in read.elements if given.get("role") == "region"]
    assert len(names) == len({*names}) == 4
    assert "Where the text stands among others" in make_page([essay()], profile=profile)


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([essay()], "How this text frames AI between states"),
        ([essay(), essay()], "How these texts frame AI between states"),
        ([off_topic()], ""),
        ([essay(), off_topic()], ""),
    ],
)
def test_the_title_claims_no_more_than_was_scored(records: list[dict[str, Any]], said: str) -> None:
    read = Reader(make_page(records))
    assert read.inside("p", "kicker") == said
    title = "".join(
        data for parents, data in read.text if parents[-2:-1] and parents[-1][0] == "title" and parents[-2][0] == "head"
    )
    assert title.endswith(f" {said.split()[-4]} AI between states" if said else ("belief and Untitled", "off-topic"))


@pytest.mark.parametrize("records", [[], [essay()] * 3])
def test_only_one_or_two_records(records: list[dict[str, Any]]) -> None:
    with pytest.raises(RhetoricError, match="one text, or on two"):
        make_page(records)


def test_the_same_records_give_the_same_page(profile: Profile) -> None:
    assert make_page([essay(), other()], profile=profile) == make_page([essay(), other()], profile=profile)


def test_an_embedded_report_is_a_part_of_a_page() -> None:
    read = Reader(make_page([essay()], embedded=True))
    assert not {tag for tag, _ in read.elements} & {"html", "head", "body", "style", "script", "main"}
    assert read.elements[0] == ("div", {"class": "report"})
    rules = re.sub(r"/\*.*?\*/|@[^{;]+(?={)|@page {.*?}", "", read_style(), flags=re.DOTALL)
    selectors = [each.strip() for each in re.findall(r"([^{}]+){[^{}]*}", rules)]
    assert [
        each for each in selectors if each and not re.match(r"\.(report|report-page|scripted|needs-script)\b", each)
    ] == []


def test_a_long_dense_text_makes_a_small_page() -> None:
    record = make_record(gold("essay.jsonl") * 6, "long")
    assert len(record["text"].split()) > 5000
    assert len(make_page([record]).encode()) < 500_000


def test_two_megabytes_on_one_line_are_shown() -> None:
    record = essay()
    record["text"] = record["text"] + "é" * 2_000_000
    record["passages"][-1]["end"] = len(record["text"])
    record["meta"]["title"] = "t" * 2_000_000
    page = make_page([record])
    assert page.count("é" * 100_000) == 20
    assert len(page) < 2_500_000


def test_what_is_unsure_is_named_with_its_place() -> None:
    record = essay()
    record["passages"][1]["about"] = 0.45
    record["passages"][2]["frames"]["market"] = 0.56
    record["metaphors"][-1]["score"] = 0.41
    read = Reader(make_page([record]))
    text = read.all_text()
    assert "Whether this passage is about the matter, and so whether it counts: passage 2 (45%)" in text
    assert "Whether this passage carries the frame market: passage 3 (56%)" in text
    assert re.search(r" 1 of \d+ live metaphors found with less than 60% confidence: [\w ]+ \(41%\)", text)


def test_of_many_places_that_are_unsure_the_first_are_named() -> None:
    record = make_record(gold()[:11], "many")
    for passage in record["passages"]:
        passage["about"], passage["frames"]["market"] = 0.9, 0.56
    named = ", ".join(f"passage {number} (56%)" for number in range(1, 9))
    said = f"Whether these 11 passages carry the frame market: {named}"
    assert f"{said}, …" in Reader(make_page([record])).all_text()
    assert f"{said} and 3 more" in make_markdown([record])


def test_the_help_has_every_label_with_an_example() -> None:
    read = Reader(make_help())
    terms = read.texts("dt")
    assert {*FRAMES, *SOURCES, *CONTRASTS, *ROLES, *FRAMINGS, *TARGETS, "account", "machinery", "cue"} <= {*terms}
    assert {"about", "live metaphor"} <= {*terms}
    assert {*glossary.ROLES.values(), *glossary.SOURCES.values(), *glossary.TERMS.values()} <= {
        data.strip() for data in read.texts("dd")
    }
    assert [attributes.get("class") for _, attributes in read.elements].count("sample") == len(terms)
    assert "no verdict on honesty" in read.all_text()


def test_a_frame_is_quoted_by_its_sentence_with_a_link_and_both_numbers() -> None:
    record = carried(essay())
    read = Reader(make_page([record]))
    for carrier in gather_evidence(record).frames["race"]:
        told = f"{carrier.sentence.text} passage {carrier.passage}, 95% sure, 20% without this sentence"
        assert " ".join(told.split()) in read.all_text()
        assert f"#p{carrier.passage}" in read.links()


@pytest.mark.parametrize(
    ("records", "times"), [([carried(essay())], 1), ([essay(), carried(essay())], 1), ([essay()], 0)]
)
def test_what_the_two_numbers_are_is_said_once(records: list[dict[str, Any]], times: int) -> None:
    assert Reader(make_page(records)).all_text().count(say.CARRYING) == times


def test_entries_say_what_the_detector_is_sure_of_and_how_far_to_trust_it(read: Reader) -> None:
    found, said = trust.read_trust(), read.all_text()
    assert "Account of the US 90% sure that an account is unmasked" in said  # and not whose it is
    for label in {each["label"] for each in essay()["contrasts"]}:
        assert f"{words.CONTRASTS[label]} Detector of this label: {found.phrase(f'contrast.{label}')}." in said
    assert said.count(f"what they are about {found.phrase('metaphor.target')}") == 1


def test_hints_say_how_well_they_are_found() -> None:
    known = f"90% sure that there is a hint (detector of hints: {trust.read_trust().phrase('framing.partial')})"
    page = make_page([hinting()])
    assert Reader(page).all_text().count(known) == page.count(f". {known}.") == 3


def test_hints_of_which_none_was_right_are_places_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    found, metric = trust.read_trust(), "framing.partial"
    nil = replace(found, measured={**found.measured, metric: replace(found.measured[metric], value=0.0)})
    monkeypatch.setattr(trust, "read_trust", lambda: nil)
    said = Reader(make_page([hinting()])).all_text()
    assert said.count("a place to look at, and no finding: of hints in unseen texts not one was right") == 3
    assert "sure that there is a hint" not in said and "A place to look at" in make_page([hinting()])


def test_hints_are_no_accounts_that_were_found_unsurely() -> None:
    record = hinting()
    record["framing"] = [{**each, "score": 0.4} for each in record["framing"]]
    said = Reader(make_page([record])).all_text()
    assert "found with less than 60% confidence" not in said
    whole = essay()
    whole["framing"] = [{**each, "score": 0.4} for each in whole["framing"]]
    assert "7 of 7 accounts found with less than 60% confidence" in Reader(make_page([whole])).all_text()


@pytest.mark.parametrize(("named", "actor"), [("us", "china"), ("us", "both"), ("", "us")])
def test_a_country_that_the_passage_does_not_name_is_said_to_be_inferred(named: str, actor: str) -> None:
    text = {"us": "Washington calls it a choice.", "": "They call it a choice."}[named]
    record = make_record(gold("essay.jsonl")[:1])
    account = {"account": [[0, 4]], "machinery": [[5, 9]], "cue": [], "explicit": False, "score": 0.9}
    spoken = {"role": "none", "stance": 0}
    record |= {"text": text, "contrasts": [], "metaphors": [], "framing": [{**account, "actor": actor}]}
    record["passages"][0] |= {"end": len(text), "framing": "unmasking", "portrayal": {"us": spoken, "china": spoken}}
    missing = {"us", "china"} - {named}
    for said in (Reader(make_page([record])).all_text(), make_markdown([record])):
        assert f"of {words.ACTORS[actor]} (inferred, not named there)" in said
        assert said.count("Inferred, not named: passage 1.") == len(missing)
    record["framing"][0]["actor"] = named or "other"
    assert "(inferred" not in make_markdown([record])


def test_rows_of_one_table_are_told_apart() -> None:
    rows = [{**essay(), "id": id, "meta": {"source": "up/speeches.csv", "row": 2}} for id in ("us-2021", "cn-2021")]
    read = Reader(make_page(rows))
    assert "us-2021 beside cn-2021" in read.all_text()
    assert read.all_text().count("speeches.csv") == 2  # in the lines below their names
    assert "up/" not in read.all_text()


def test_a_year_that_is_a_float_is_shown_as_a_year() -> None:
    record = {**essay(), "meta": {"author": "NIST", "date": 2020.0}}
    assert Article(record, score_record(record)).byline == ["NIST", "2020"]
