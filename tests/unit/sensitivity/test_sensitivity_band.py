"""Which of the leading numbers may move at once."""

from hinomi.sensitivity.compare import movable, question


def test_a_number_that_the_scenario_refuses_between_its_ends_is_not_in_the_band():
    """Satellites must fill four planes evenly; rounds of a salvo and speeds are free."""
    names = ["infrared[LEO].satellites", "catalogue.interceptor.midcourse_B.salvo",
             "catalogue.interceptor.midcourse_B.burnout_speed_km_s"]  # fmt: skip
    asked = question("okinawa-2025", keys=names, figures=["leakers"])
    assert sorted(k.name for k in movable(asked, asked.keys)) == sorted(names[1:])
