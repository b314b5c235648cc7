import pytest

from rhetoric.annotation.agreement import Agreement, LabelAgreement
from rhetoric.report.agreement import print_agreement
from rhetoric.scoring import Estimate

from .makers import console, printed


@pytest.mark.parametrize(
    ("alpha", "shown", "read"),
    [
        (Estimate(0.8, 0.8, 1.0, 30), "0.80 [0.80, 1.00]", "reliable"),
        (Estimate(0.85, 0.7996, 1.0, 30), "0.85 [0.7996, 1.00]", "reliable, but not surely"),
        (Estimate(0.796, 0.667, 1.0, 30), "0.796 [0.67, 1.00]", "tentative conclusions only"),
        (Estimate(0.6665, None, None, 30), "0.6665", "not to be relied on"),
        (Estimate(-0.001, None, None, 30), "0.00", "no better than chance"),
    ],
)
def test_no_alpha_is_rounded_up_to_what_it_is_not_read_as(alpha: Estimate, shown: str, read: str) -> None:
    label = LabelAgreement("about", alpha, Estimate(0.9, None, None, 30), {"0": 30, "1": 30}, {})
    to = console(120)
    print_agreement(Agreement(("anna", "ben"), 30, 1, (), [label], []), [], [], to)
    assert f"{shown}     90%        30  {read}" in printed(to)
    assert "1 passage that only one coded is left out." in printed(to)
