import numpy as np
import pytest
from hypothesis import given

from rhetoric.labels import ACTORS, FRAMINGS
from rhetoric.pipeline.framing import FEATURES, Framing
from rhetoric.pipeline.layout import PASSAGE, columns
from rhetoric.pipeline.read import softmax, trim

from ..makers import babble, encoded, hush, said, say, say_passage, seeds, silent, steady, texts

TEXT = "The official account is of an open contest. The machinery is public money and fear. Nobody asks."


def detector(part=0.5, threshold=0.5, partial=0.5):
    """Return the component as it is before its decision is fitted: it goes by what the encoder says of the whole."""
    weights = np.zeros((len(FRAMINGS), len(FEATURES) + 1), dtype=np.float32)
    for label in ("unmasking", "partial"):
        weights[FRAMINGS.index(label), FEATURES.index(label)] = 1.0
    return Framing(weights, np.array([1.0, 0.0], dtype=np.float32), silent, threshold, partial, part, part)


def labelled(label, text=TEXT):
    """Return an encoded document whose passages all have one framing label."""
    doc = encoded(text)
    for passage in doc.spans["passage"]:
        for framing in FRAMINGS:
            say_passage(passage, "framing", framing, 2.0 if framing == label else 0.0)
    return doc


def test_an_account_is_set_against_a_machinery():
    doc = labelled("unmasking")
    say(doc, "is of an open contest", "parts", "account")
    say(doc, "public money and fear.", "parts", "machinery")
    say(doc, "official account", "parts", "cue")
    say(doc, "machinery", "parts", "cue")
    say_passage(doc.spans["passage"][0], "actor", "both")
    (found,) = detector()(doc).spans["framing"]
    assert found.label_ == "unmasking"
    assert said(doc, found._.account) == ["is of an open contest"]
    assert said(doc, found._.machinery) == ["public money and fear"]  # the full stop is trimmed
    assert said(doc, found._.framing_cue) == ["official account", "machinery"]
    assert found.text == "official account is of an open contest. The machinery is public money and fear"
    assert (found._.actor, found._.explicit) == ("both", True)
    assert found._.framing_score == pytest.approx(np.exp(2) / (np.exp(2) + 2))


def test_a_cue_runs_across_the_line_ends_of_wrapped_text():
    doc = labelled(
        "unmasking", "The official account of it is of an open\ncontest. The machinery is public money and fear."
    )
    say(doc, "an open\ncontest. The machinery", "parts", "cue")
    hush(doc)
    (found,) = detector()(doc).spans["framing"]
    assert said(doc, found._.framing_cue) == ["an open\ncontest. The machinery"]


def test_what_is_rather_machinery_is_no_account():
    doc = labelled("unmasking")
    say(doc, "is of an open contest", "parts", "account", 2.0)
    say(doc, "public money and fear", "parts", "account", 2.0)
    say(doc, "public money and fear", "parts", "machinery", 6.0)
    (found,) = detector()(doc).spans["framing"]
    assert said(doc, found._.account) == ["is of an open contest"]
    assert said(doc, found._.machinery) == ["public money and fear"]


def test_a_passage_has_its_label_and_the_probability_of_it():
    doc = detector()(labelled("none"))
    (passage,) = doc.spans["passage"]
    assert passage._.framing == "none"
    assert passage._.framing_score == pytest.approx(np.exp(2) / (np.exp(2) + 2))
    assert list(doc.spans["framing"]) == []


@pytest.mark.parametrize(("line", "label"), [(0.5, "none"), (0.13, "none"), (0.11, "partial")])
def test_partial_has_a_line_among_what_is_not_unmasking(line, label):
    doc = labelled("none")  # e² to one: of what is not unmasking it is partial with a chance of .12
    assert detector(partial=line)(doc).spans["passage"][0]._.framing == label


def test_without_a_cue_framing_is_not_explicit():
    doc = detector()(labelled("unmasking"))
    (found,) = doc.spans["framing"]
    assert (found._.framing_cue, found._.explicit) == ([], False)


def test_an_unmasking_without_sure_words_has_the_stretch_around_the_likeliest():
    doc = labelled("unmasking")
    say(doc, "account is of an open", "parts", "account", -2.0)
    say(doc, "money", "parts", "machinery", -1.0)
    (found,) = detector()(doc).spans["framing"]
    assert said(doc, found._.account) == ["official account is of an open contest"]
    assert said(doc, found._.machinery) == ["is public money and fear"]


@pytest.mark.parametrize(
    ("aside", "parts"),
    [
        ("often, ", ["an open contest, often, between equals"]),
        ("so they say, ", ["an open contest", "between equals"]),
    ],
)
def test_an_account_goes_on_after_a_short_aside(aside, parts):
    doc = labelled("partial", f"It is an open contest, {aside}between equals.")
    say(doc, "an open contest", "parts", "account")
    say(doc, "between equals", "parts", "account")
    (found,) = detector()(doc).spans["framing"]
    assert said(doc, found._.account) == parts


def test_a_partial_may_lack_either_side():
    for part, other in (("account", "machinery"), ("machinery", "account")):
        doc = labelled("partial")
        say(doc, "open contest", "parts", part)
        (found,) = detector()(doc).spans["framing"]
        assert said(doc, found._.get(part)) == ["open contest"]
        assert found._.get(other) == []


def test_the_threshold_is_where_a_word_begins_to_count():
    doc = labelled("partial")
    say(doc, "open contest", "parts", "account", 0.0)  # probability 0.5
    assert len(detector()(doc).spans["framing"]) == 1
    assert len(detector(0.51)(doc).spans["framing"]) == 0


def test_an_instance_over_a_whole_passage_leaves_what_the_passage_says():
    # spaCy keys attributes by the range of a span alone, so the two share theirs.
    doc = labelled("unmasking", "An open contest is money")
    say(doc, "An open contest", "parts", "account")
    say(doc, "is money", "parts", "machinery")
    scores = doc.spans["passage"][0]._.scores
    detector()(doc)
    (passage,), (found,) = doc.spans["passage"], doc.spans["framing"]
    assert (passage.start, passage.end) == (found.start, found.end)
    assert (passage._.framing, passage._.scores) == ("unmasking", scores)
    assert passage._.framing_score == found._.framing_score


@steady
@given(texts, seeds)
def test_what_is_found_fits_its_passage_and_its_label(text, seed):
    doc = detector()(babble(encoded(text), seed))
    instances = {found.start_char: found for found in doc.spans["framing"]}
    assert len(instances) == len(doc.spans["framing"])
    for passage in doc.spans["passage"]:
        chances = softmax(np.array(passage._.scores)[columns(PASSAGE)["framing"]])
        told = dict(zip(FRAMINGS, chances, strict=True))
        likeliest = max((label for label in FRAMINGS if label != "unmasking"), key=lambda label: told[label])
        assert passage._.framing == ("unmasking" if told["unmasking"] >= 0.5 else likeliest)
        assert passage._.framing_score == pytest.approx(told[passage._.framing], abs=1e-4)
        inside = [i for start, i in instances.items() if passage.start_char <= start < passage.end_char]
        assert len(inside) <= (passage._.framing != "none")
        assert passage._.framing != "unmasking" or len(inside) == 1
        for found in inside:
            assert found.label_ == passage._.framing
            assert found._.actor in ACTORS
            assert found._.explicit == bool(found._.framing_cue)
            assert found.label_ == "partial" or (found._.account and found._.machinery)
            sides = (found._.account, found._.machinery)
            told, works = ({at for span in side for at in range(*span)} for side in sides)
            whole = trim(doc, passage.start, passage.end)
            all_of_it = [whole.start_char, whole.end_char]  # where the one leaves no word to the other
            assert not told & works or all_of_it in [*sides[0], *sides[1]]
            for start, end in [*found._.account, *found._.machinery, *found._.framing_cue]:
                assert passage.start_char <= found.start_char <= start < end <= found.end_char <= passage.end_char


@pytest.mark.parametrize("text", ["", "\n"])
def test_no_words_no_framing(text):
    assert list(detector()(encoded(text)).spans["framing"]) == []


def test_what_is_machinery_is_not_bridged_by_the_account():
    doc = labelled("partial", "The contest is, for a fee, fair and open to all who come.")
    say(doc, "The contest is", "parts", "account")
    say(doc, "fair and open to all who come", "parts", "account")
    say(doc, "a fee", "parts", "machinery")
    (found,) = detector()(doc).spans["framing"]
    assert said(doc, found._.account) == ["fair and open to all who come"]
    assert said(doc, found._.machinery) == ["a fee"]


def test_marks_without_a_word_are_no_part_of_the_machinery():
    doc = labelled("unmasking", "The account is of an open contest. Then “ - ... - ” nothing is said of what works.")
    say(doc, "The account is of an open contest", "parts", "account")
    say(doc, "- ... - ”", "parts", "machinery")
    (found,) = detector()(doc).spans["framing"]
    assert all(any(letter.isalnum() for letter in text) for text in said(doc, found._.machinery))
