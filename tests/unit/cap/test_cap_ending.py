"""Whom an end frees: nobody over whom another alert stands."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.cap.compose import Target, compose
from hinomi.cap.ending import Told, codes_asked, overtaken, split

CODES = st.frozensets(st.sampled_from(["47201", "47207", "47208", "47214", "47382"]))


def test_an_all_clear_frees_those_under_no_other_alert():
    assert split((), before={"47201", "47207"}, others=[("47207", "47214")]) == Told(
        kind="all-clear", codes=("47201",), held=("47207",)
    )


def test_where_everybody_is_under_another_alert_nobody_is_freed():
    assert split((), before={"47207"}, others=[("47207",)]) == Told(kind="stay", codes=("47207",))


def test_an_update_that_drops_places_ends_them_as_an_all_clear_would():
    assert split(("47201",), before={"47201", "47207", "47208"}, others=[("47207",)]) == Told(
        kind="all-clear", codes=("47208",), called=("47201",), held=("47207",)
    )
    assert split(("47201",), before=(), others=[("47201",)]) == Told(
        kind="shelter", codes=("47201",)
    )


@settings(derandomize=True, max_examples=200, deadline=None)
@given(now=CODES, before=CODES, others=st.lists(CODES, max_size=3))
def test_everybody_of_a_chain_is_told_one_thing_and_nobody_under_alert_is_freed(
    now, before, others
):
    told = split(now, before=before, others=others)
    parts = [told.codes, told.called, told.held]
    everybody = [code for part in parts for code in part]
    assert sorted(everybody) == sorted(now | before)
    if told.kind == "all-clear":
        assert not set(told.codes).intersection(*[now.union(*others)])
    if told.kind == "stay":
        assert set(told.codes) <= frozenset().union(*others)


def test_an_end_composed_before_another_alert_came_or_went_is_told_apart(desk):
    def area(*codes):
        return Target(codes=codes, polygons=desk.target.polygons, words=(("en-US", "x"),))

    alert = compose(desk.changed(target=area("47201", "47207")))
    assert codes_asked(alert, "Shelter") == {"47201", "47207"}
    end = compose(
        desk.changed(
            kind="all-clear", follows=(alert,), sent=desk.later(120.0), target=area("47201"),
            held=area("47207"),
        )
    )  # fmt: skip
    assert (codes_asked(end, "AllClear"), codes_asked(end, "Monitor")) == ({"47201"}, {"47207"})
    assert overtaken(end, [("47207",)]) == ""
    assert "stands by now over 1" in overtaken(end, [("47207", "47201")])
    assert "has ended" in overtaken(end, [])
