import pytest

from rhetoric.report.evaluation import print_evaluation
from rhetoric.training.evaluation.metrics import Measure

from .makers import shown


@pytest.mark.parametrize(("ceiling", "said"), [(0.0, "–"), (0.5, "0.500")])
def test_a_second_coder_s_zero_is_none_where_there_is_nothing_to_find(ceiling: float, said: str) -> None:
    """Of what is coded elsewhere a second coder may reach something."""
    second = {"about": 0.9, "framing.partial": ceiling}
    how = {"passages": 8, "nowhere": {"framing.partial"}, "ceiling": second, "ceiling_note": ""}
    measured = {"about": Measure(0.8), "framing.partial": Measure(0.0)}
    printed = shown(lambda *given: print_evaluation(*given, **how), measured, [])
    (row,) = (line.split() for line in printed.splitlines() if line.startswith("framing.partial"))
    assert row == ["framing.partial", "–", said, "F1"]
