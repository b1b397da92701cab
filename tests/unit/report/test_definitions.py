import pytest

from faceloom.report.definitions import KEY, KNOWN, describe, in_order


@pytest.mark.parametrize("name", KEY)
def test_what_the_main_table_shows_is_known(name):
    assert describe(name) in KNOWN


def test_an_unknown_metric_has_plain_defaults():
    found = describe("hair_error")
    assert (found.name, found.label, found.digits) == ("hair_error", "Hair error", 3)


def test_unknown_metrics_come_last():
    assert in_order({"zebra", "flicker", "donor_distance", "ant"}) == [
        "donor_distance", "flicker", "ant", "zebra",
    ]  # fmt: skip


def test_numbers():
    pose = describe("pose_error")
    assert pose.number(1.236) == "1.24"
    assert pose.number(-0.001) == "0.00"
    assert pose.span(1, 2) == "1.00–2.00"
    assert pose.span(-1, 2) == "−1.00 to 2.00"
