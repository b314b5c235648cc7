"""Losses fall where the network says what was coded, and keep quiet about what was not."""

import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")

from rhetoric.labels import FRAMES, FRAMINGS  # noqa: E402
from rhetoric.pipeline.layout import PASSAGE, TOKEN, width  # noqa: E402
from rhetoric.training.data.batches import Taught  # noqa: E402
from rhetoric.training.encoder.loss import likeness_loss, mean_cross_entropy, taught_loss  # noqa: E402


def coded(*passages):
    frames = torch.tensor([[int(frame in named) for frame in FRAMES] for named, _ in passages])
    return {"frames": frames, "framing": torch.tensor([FRAMINGS.index(framing) for _, framing in passages])}


def test_passages_that_frame_alike_should_lie_close():
    told = coded(({"race"}, "none"), ({"race"}, "none"), ({"hazard"}, "unmasking"), ({"hazard"}, "unmasking"))
    right = torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    wrong = torch.tensor([[1.0, 0], [0, 1], [1, 0], [0, 1]])
    assert likeness_loss(right, told) < 0.1 < 5 < likeness_loss(wrong, told)


def test_nothing_is_learned_of_passages_that_were_not_coded():
    told = coded(({"race"}, "none"), ({"race"}, "none"), ({"hazard"}, "none"))
    told["framing"] = torch.tensor([-1, -1, -1])
    embedding = torch.rand(3, 4, requires_grad=True)
    assert float(likeness_loss(embedding, told)) == 0


def test_the_judge_is_asked_about_coded_candidates_only():
    judged = torch.zeros(2, 5)
    judged[0, 2] = 9.0  # sure of the first, wrong about the second
    judged[1, 4] = 9.0
    assert float(mean_cross_entropy(judged, torch.tensor([2, -1]))) < 0.01
    assert float(mean_cross_entropy(judged, torch.tensor([2, 0]))) > 2
    assert float(mean_cross_entropy(judged, torch.tensor([-1, -1]))) == 0
    assert float(mean_cross_entropy(judged[:0], torch.tensor([], dtype=torch.long))) == 0


def said(seed, pieces=6):
    torch.manual_seed(seed)
    return Taught(torch.randn(2, pieces, width(TOKEN)), torch.randn(2, width(PASSAGE)), torch.randn(3, 5))


def test_nobody_does_better_than_to_say_what_the_teacher_says():
    teacher, mask = said(1), torch.ones(2, 6, dtype=torch.long)
    best = taught_loss(teacher, teacher, mask)
    for seed in range(2, 6):
        other = said(seed)
        near = Taught(*(0.9 * own + 0.1 * its for own, its in zip(parts(teacher), parts(other), strict=True)))
        assert best < taught_loss(near, teacher, mask) < taught_loss(other, teacher, mask)


def test_what_a_teacher_says_of_padding_is_not_learned():
    teacher, own, mask = said(1), said(2), torch.ones(2, 6, dtype=torch.long)
    mask[1, 4:] = 0
    before = taught_loss(own, teacher, mask)
    teacher.token[1, 4:] = 50.0
    own.token[1, 4:] = -50.0
    assert torch.allclose(before, taught_loss(own, teacher, mask))


def parts(told):
    return told.token, told.passage, told.judged
