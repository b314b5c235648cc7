import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from rhetoric.labels import COUNTRIES
from rhetoric.pipeline.actors import find_actors, mark_actors

from .makers import cpu_seconds, cutter, steady, texts

NAMES = ["US", "U.S.", "us", "China", "Chinese", "Washington", "George Washington", "the Party", "Beijing", "America"]
sentences = st.lists(st.sampled_from([*NAMES, "the", "leads", "-", "’s", ".", ",", "\n\n"]), max_size=20).map(" ".join)


def mentions(text):
    return [(text[start:end], actor) for start, end, actor in find_actors(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The United States of America acts.", [("United States of America", "us")]),
        ("U.S. firms, U. S. law, the USA.", [("U.S.", "us"), ("U. S.", "us"), ("USA", "us")]),
        ("The US leads; tell us why.", [("US", "us")]),
        ("America’s lead and Americans’ fears", [("America’s", "us"), ("Americans", "us")]),
        ("China's plan and Chinese funds", [("China's", "china"), ("Chinese", "china")]),
        ("the PRC, the P.R.C. and the CCP", [("PRC", "china"), ("P.R.C.", "china"), ("CCP", "china")]),
        ("The People’s Republic of China", [("People’s Republic of China", "china")]),
        ("US-China rivalry, China-US trade", [("US", "us"), ("China", "china"), ("China", "china"), ("US", "us")]),
        ("U.S.-China and Sino-American", [("U.S.", "us"), ("China", "china"), ("Sino", "china"), ("American", "us")]),
        ("US–China", [("US", "us"), ("China", "china")]),
        ("Congress voted.", [("Congress", "us")]),
        ("The National People's Congress voted.", [("National People's Congress", "china")]),
        ("the Communist Party Congress", [("Communist Party Congress", "china")]),
        ("Washington and Beijing talk.", [("Washington", "us"), ("Beijing", "china")]),
        ("CHINA LEADS, WASHINGTON SLEEPS", [("CHINA", "china"), ("WASHINGTON", "us")]),
        ("the White\nHouse and the United\nStates", [("the White\nHouse", "us"), ("United\nStates", "us")]),
        ("U.S officials", [("U.S", "us")]),
        ("XI JINPING AND TRUMP MEET", [("XI JINPING", "china"), ("TRUMP", "us")]),
        ("THE LEAD OF US FIRMS", [("US", "us")]),
        ("the Congress of the United States", [("Congress", "us"), ("United States", "us")]),
        ("Intel reports a loss in South China", [("Intel", "us"), ("China", "china")]),
        ("Mainland China", [("Mainland", "china"), ("China", "china")]),
    ],
)
def test_names_of_the_two_countries(text, found):
    assert mentions(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Let us go on, bus by bus; thus it was.",
        "George Washington, Booker T. Washington and Washington State University",
        "The Washington Post and the Washington Times",
        "Latin America, South America, African-American writers",
        "It cost US$5 billion.",
        "Ships in the South China Sea; old Indo-China; Indochina",
        "The African National Congress",
        "a chinaware shop, BUSA, USAGE",
        "Latin\nAmerica, the Washington\nPost, the Inter-American Bank, the Bank of America, Captain America",
        "JOIN US NOW, TELL US MORE",
        "NONE OF US WANTS WHAT BOTH OF US HAVE. IT HAS GIVEN US NO CHOICE",
        "Congress president Rahul Gandhi of the Congress party; a Congress MP",
        "the Congress of Deputies in Madrid, the Congress of the Republic in Lima",
        "The South China Morning Post, Denzel Washington, President Washington",
        "Intel agencies and Intel officials in Delhi",
        "TO HOLD TRUMP CARDS",
        "Mainland Europe, the Communist Party of India, the Indian National Congress",
        "the Chinese Room argument and the Chinese remainder theorem, on Air China",
        "to hold Trump cards",
    ],
)
def test_what_only_looks_like_them(text):
    assert mentions(text) == []


def test_the_party_is_china_only_beside_china():
    assert mentions("The Party decides, and the Party knows.") == []
    assert mentions("In China the Party decides. The Party knows.")[1:] == [("Party", "china")] * 2
    assert mentions("China watched the Party of Lincoln and a Party leader.") == [("China", "china")]


@steady
@given(st.one_of(sentences, texts))
def test_mentions_are_in_order_and_do_not_overlap(text):
    at = 0
    for start, end, actor in find_actors(text):
        assert at <= start < end <= len(text)
        assert actor in COUNTRIES
        at = end


@steady
@given(sentences)
def test_spans_cover_the_mentions(text):
    doc = mark_actors(cutter().make_doc(text))
    spans = list(doc.spans["actor"])
    assert [span.start for span in spans] == sorted(span.start for span in spans)
    found = find_actors(text)
    assert [
        (span.start_char <= start, span.end_char >= end, span.label_)
        for span, (start, end, _) in zip(spans, found, strict=True)
    ] == [(True, True, actor) for *_, actor in found]


def test_both_countries_in_one_token_are_found():
    doc = mark_actors(Doc(cutter().vocab, words=["U.S.-China", "trade"]))
    assert sorted(span.label_ for span in doc.spans["actor"]) == ["china", "us"]


def parsed(*sentences):
    """Make a document whose sentences are a subject, its verb and the rest, which hangs on the verb."""
    words, heads, deps, starts = [], [], [], []
    for sentence in sentences:
        first = len(words)
        for at, word in enumerate(sentence.split()):
            words.append(word)
            heads.append(first + 1)
            deps.append(["nsubj", "ROOT"][at] if at < 2 else "obj")
            starts.append(at == 0)
    return Doc(cutter().vocab, words=words, heads=heads, deps=deps, sent_starts=starts)


@pytest.mark.parametrize(
    ("sentences", "found"),
    [
        (["China builds labs .", "It spends money ."], ["China", "It"]),
        (["China builds labs .", "Its plans grow .", "They work .", "It grows ."], ["China", "Its", "They", "It"]),
        (["China builds labs .", "It grows .", "America waits ."], ["China", "It", "America"]),
        (["China builds labs .", "Money flows .", "It grows ."], ["China"]),
        (["China copies America .", "It spends money ."], ["China", "America"]),
        (["China builds labs .", "It copies America ."], ["China", "America"]),
        (["Labs serve China .", "They grow ."], ["China"]),
        (["Rain falls .", "It rains ."], []),
    ],
)
def test_a_pronoun_continues_the_only_actor_of_the_sentence_before(sentences, found):
    doc = mark_actors(parsed(*sentences))
    assert [span.text for span in doc.spans["actor"]] == found
    assert all(span.label_ == "china" for span in doc.spans["actor"] if span.text != "America")


def test_without_a_parse_pronouns_are_left_alone():
    doc = mark_actors(cutter()("China builds labs. It spends money."))
    assert [span.text for span in doc.spans["actor"]] == ["China"]


def test_a_document_without_words_has_no_actors():
    assert list(mark_actors(cutter()("")).spans["actor"]) == []


@pytest.mark.parametrize(
    "piece", ["A", "U.", "US ", "the ", "the Party ", "China-", "People's ", "Washington ", " ", "\n"]
)
def test_time_is_linear_in_hostile_text(piece):
    assert cpu_seconds(find_actors, piece * (200_000 // len(piece))) < 3


def test_time_is_linear_in_mentions():
    assert cpu_seconds(mark_actors, cutter().make_doc("US China " * 10_000)) < 3
