"""The soak's slopes come from what was weighed after the warm-up."""

from benchmarks.soak import Weighed, slope, summary


def weighed(minute: int, door: float, redis: float) -> Weighed:
    return Weighed(
        float(minute), 600 * minute, {"doors": door, "redis": redis}, {"doors": door - 9, "redis": redis - 1}
    )


def test_a_slope_is_per_unit_of_time():
    assert slope([0, 1, 2], [10, 12, 14]) == 2
    assert slope([0], [10]) == 0


def test_what_grows_only_while_it_warms_up_has_no_slope():
    minutes = [weighed(minute, 50 + 10 * min(minute, 2), 10 + minute) for minute in range(8)]
    lines = {line.split()[0]: line.split()[1:] for line in summary(minutes, warm=2)}
    assert lines["doors"] == ["70.0", "70.0", "0.0", "61.0", "61.0"]
    assert lines["redis"] == ["12.0", "17.0", "60.0", "11.0", "16.0"]
    assert lines["redis:"] == ["1.67", "KB", "a", "message"]
