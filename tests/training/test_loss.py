"""Losses fall where the network says what was coded, and keep quiet about what was not."""

import pytest

torch = pytest.importorskip("torch", reason="needs the training extra")

from rhetoric.labels import FRAMES, FRAMINGS  # noqa: E402
from rhetoric.pipeline.layout import VECTOR  # noqa: E402
from rhetoric.training.loss import judge_loss, likeness_loss  # noqa: E402


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
    shown = torch.tensor([[0, 1, 2, 3], [1, 2, 3, 4]])

    def judge(vectors, sides):
        assert len(sides)
        logits = torch.zeros(len(sides), 5)
        logits[0, 2] = 9.0  # sure of the first, wrong about the second
        logits[1:, 4] = 9.0
        return logits

    vectors = torch.zeros(2, 6, VECTOR)
    nothing = torch.zeros((0, 4), dtype=torch.long)
    loss = judge_loss(judge, vectors, [shown, nothing], [torch.tensor([2, -1]), nothing[:, 0]])
    assert float(loss) < 0.01
    assert float(judge_loss(judge, vectors, [shown, nothing], [torch.tensor([2, 0]), nothing[:, 0]])) > 2
    assert float(judge_loss(judge, vectors, [shown, nothing], [torch.tensor([-1, -1]), nothing[:, 0]])) == 0
