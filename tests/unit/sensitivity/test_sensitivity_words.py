"""What is said where nothing turns a difference; what a cache entry's address depends on."""

from hinomi.scenario.load import load
from hinomi.sensitivity import stages
from hinomi.sensitivity.words import hang_words


def content(low, high, p):
    base = {"value": 1.0, "low": low, "high": high, "n": 8}
    return {
        "architectures": ["a", "b"], "targets": ["a minus b"], "figures": {"leakers": {}}, "hangs_on": [],
        "results": {"a minus b": {"leakers": {"base": base, "p_sign_flip": p}}},
    }  # fmt: skip


def test_that_nothing_turns_it_is_said_of_numbers_with_a_clear_effect_only():
    (sure,) = hang_words(content(0.5, 1.5, 0.01))
    (open_,) = hang_words(content(-0.5, 2.5, 0.4))
    assert sure.endswith(
        "No single number whose own effect is clear turns it or hides it in chance."
    )
    assert open_.endswith("by no single number whose own effect is clear.")


def test_another_library_or_kind_of_machine_has_other_addresses(monkeypatch):
    of = stages.stages_of(load("okinawa-2025"))

    def address():
        return stages.entry_key(of, seed=1, replicate=0)

    plain, found = address(), stages.installed
    assert address() == plain
    for name in ("scipy", "sgp4"):
        with monkeypatch.context() as m:
            m.setattr(stages, "installed", lambda n, name=name: "0" if n == name else found(n))
            assert address() != plain
    with monkeypatch.context() as m:
        m.setattr(stages, "machine", lambda: {"processor": "another"})
        assert address() != plain
