"""What is said where nothing turns a difference."""

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
