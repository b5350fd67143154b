"""A small sample of the power table (tests/benchmarks/power.py), on seeds that the judge was not tuned on."""

import pytest
from benchmarks import power

pytestmark = pytest.mark.filterwarnings("ignore")  # the rules of others warn on saturated networks


@pytest.mark.parametrize("regime", power.REGIMES)
def test_no_false_alarm_no_miss_and_no_wrong_reason(regime):
    tally = power.run(regime, range(700, 701))
    ours = tally.scores["ours"]
    assert ours["false alarm"] == 0 and ours["miss"] == 0, tally.examples
    assert ours["right claim"] + tally.silent["right"] > 0 and ours["wrong claim"] + tally.silent["wrong"] > 0
    assert tally.reasons["wrong"] == 0 and tally.reasons["right"] >= 19 * tally.reasons["none"], tally.examples


def test_the_table_can_tell_a_rule_that_sleeps():
    assert power.run("near the optimum", range(700, 701)).scores["gradcheck"]["miss"] > 0
