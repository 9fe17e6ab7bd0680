"""Messages are made as the standard and the profile ask, and only for exercises and tests."""

import datetime as dt
import itertools
import uuid

import pytest

from hinomi.cap.check import check
from hinomi.cap.compose import Target, compose, dropped, identifier, live
from hinomi.cap.gate import gate
from hinomi.cap.kinds import KINDS
from hinomi.cap.message import read, write
from hinomi.cap.texts import LANGUAGES, texts_of
from hinomi.cap.words import denial_in, is_marked
from hinomi.errors import FenceError, ScenarioError


@pytest.fixture
def launch(desk):
    return compose(desk.order)


def follow(desk, kind, *chain, seconds=120.0, **fields):
    return compose(desk.changed(kind=kind, follows=chain, sent=desk.later(seconds), **fields))


@pytest.mark.parametrize("status", ["Exercise", "Test"])
@pytest.mark.parametrize("kind", [k for k in KINDS if k != "launch"])
def test_every_kind_passes_every_profile(desk, schema, launch, kind, status):
    first = compose(desk.changed(status=status))
    made = write(follow(desk, kind, first, status=status, languages=LANGUAGES))
    for profile in ("cap", "hinomi-jp", "cell-broadcast"):
        assert check(made, schema=schema, profile=profile).findings == ()


def test_reading_gives_back_what_was_written(desk, launch):
    assert read(gate(write(launch))) == launch


@pytest.mark.parametrize(
    ("kind", "message", "responses"),
    [
        ("launch", "Alert", ("Shelter",)),
        ("shelter", "Update", ("Shelter",)),
        ("passed", "Update", ("Monitor",)),
        ("stay", "Update", ("Monitor",)),
        ("fell", "Update", ("AllClear",)),
        ("fell-near", "Update", ("Shelter",)),
        ("all-clear", "Update", ("AllClear",)),
        ("cancel", "Cancel", ("AllClear",)),
    ],
)
def test_kinds_map_to_messages_and_responses(desk, launch, kind, message, responses):
    made = launch if kind == "launch" else follow(desk, kind, launch)
    assert made.kind == message
    assert {info.responses for info in made.infos} == {responses}


def test_a_chain_refers_to_what_still_stands_and_to_nothing_else(desk, launch):
    """An update replaces what it names, so the next one names the update alone."""
    assert launch.references == ()
    second = follow(desk, "shelter", launch, seconds=60)
    assert second.references == (launch.triple,)
    third = follow(desk, "passed", launch, second, seconds=120)
    assert third.references == (second.triple,)
    assert live((launch, second, third), desk.later(121)) == (third,)
    cancel = follow(desk, "cancel", launch, second, third, seconds=180)
    assert cancel.references == (third.triple,)
    with pytest.raises(ScenarioError, match="nothing to cancel"):
        follow(desk, "cancel", launch, second, third, cancel, seconds=200)


def test_two_alerts_that_stand_are_both_named(desk, launch):
    other = compose(desk.changed(kind="shelter", seed="other"))
    assert follow(desk, "all-clear", launch, other).references == (launch.triple, other.triple)


def test_what_has_expired_is_neither_cancelled_nor_followed(desk, launch):
    with pytest.raises(ScenarioError, match="nothing to cancel"):
        follow(desk, "cancel", launch, seconds=1801)


def test_an_all_clear_for_some_says_who_stays_in_shelter(desk, schema, launch):
    rest = Target(codes=("47208",), polygons=desk.target.polygons, words=(("ja-JP", "浦添市"),))
    made = follow(desk, "all-clear", launch, remaining=rest)
    told = {(i.responses, i.areas[0].codes) for i in made.infos}
    assert told == {(("AllClear",), ("47201",)), (("Shelter",), ("47208",))}
    assert check(write(made), schema=schema, profile="hinomi-jp").findings == ()


@pytest.mark.parametrize("kind", ["all-clear", "fell", "passed", "stay"])
def test_an_end_that_comes_after_the_expiry_still_follows_what_it_ends(desk, schema, launch, kind):
    """Public all-clears took up to 34 minutes; an end begins no chain."""
    update = follow(desk, "shelter", launch, seconds=60.0)
    late = follow(desk, kind, launch, update, seconds=60.0 + 31 * 60.0)
    assert (late.kind, late.references) == ("Update", (update.triple,))
    assert check(write(late), schema=schema, profile="hinomi-jp").findings == ()
    assert follow(desk, "shelter", launch, update, seconds=7200.0).kind == "Alert"  # a new danger


def test_what_was_withdrawn_has_no_all_clear(desk, launch):
    cancel = follow(desk, "cancel", launch, seconds=60.0)
    with pytest.raises(ScenarioError, match="withdrew the chain"):
        follow(desk, "all-clear", launch, cancel, seconds=120.0)


def test_a_launch_that_follows_is_an_update(desk, schema, launch):
    second = follow(desk, "launch", launch)
    assert (second.kind, second.references) == ("Update", (launch.triple,))
    assert check(write(second), schema=schema, profile="hinomi-jp").findings == ()


def test_an_all_clear_tells_those_under_another_alert_to_stay(desk, schema, launch):
    held = Target(codes=("47208",), polygons=desk.target.polygons, words=(("ja-JP", "浦添市"),))
    made = follow(desk, "all-clear", launch, held=held)
    told = {(i.responses, i.areas[0].codes) for i in made.infos}
    assert told == {(("AllClear",), ("47201",)), (("Monitor",), ("47208",))}
    assert check(write(made), schema=schema, profile="hinomi-jp").findings == ()


def test_messages_to_other_places_have_other_identifiers(desk):
    one = compose(desk.changed(seed="s"))
    rest = Target(codes=("47207",), polygons=desk.target.polygons, words=(("ja-JP", "石垣市"),))
    assert compose(desk.changed(seed="s", target=rest)).identifier != one.identifier
    ends = [follow(desk, "all-clear", one, seed="s", **more) for more in ({}, {"held": rest})]
    assert ends[0].identifier != ends[1].identifier


def test_places_that_an_update_forgets_are_told(desk, launch):
    rest = Target(codes=("47208",), polygons=desk.target.polygons, words=(("ja-JP", "浦添市"),))
    made = follow(desk, "shelter", launch, target=rest)
    assert dropped(made, (launch,), desk.later(120)) == ("47201",)
    assert dropped(follow(desk, "shelter", launch), (launch,), desk.later(120)) == ()


@pytest.mark.parametrize("status", ["Actual", "System", "Draft", "exercise", ""])
def test_only_exercise_and_test_are_composed_or_written(desk, launch, status):
    import dataclasses

    with pytest.raises(FenceError, match="Exercise or Test"):
        compose(desk.changed(status=status))
    with pytest.raises(FenceError, match="only Exercise and Test"):
        write(dataclasses.replace(launch, status=status))


def test_an_exercise_never_touches_a_message_of_another_status(desk, launch):
    test = compose(desk.changed(status="Test"))
    with pytest.raises(FenceError, match="cannot follow"):
        follow(desk, "cancel", test)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "siren"}, "no kind 'siren'; the kinds are launch"),
        ({"languages": ("fr-FR",)}, "no texts in .'fr-FR'"),
        ({"languages": ()}, "no language"),
        ({"languages": ("ja-JP", "ja-JP")}, "named twice"),
        ({"sender": "two words"}, "sender is 'two words'"),
        ({"incident": "a,b"}, "incident is 'a,b'"),
        ({"scope": "Private"}, "Public or Restricted"),
        ({"expires_s": 5.0}, "between 60 and 86400"),
        ({"sent": dt.datetime(2025, 9, 15, 10)}, "without an offset"),  # noqa: DTZ001
        ({"target": Target(codes=(), polygons=(), words=())}, "no place"),
        ({"kind": "all-clear"}, "begins a chain"),
        ({"sender_name": "a\x00b"}, "control characters"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(desk, fields, words):
    with pytest.raises(ScenarioError, match=words):
        write(compose(desk.changed(**fields)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sender": "other@town.example"}, "only its sender"),
        ({"incident": "raid-2"}, "about incident 'raid-1', not 'raid-2'"),
    ],
)
def test_a_chain_has_one_sender_and_one_incident(desk, launch, change, words):
    with pytest.raises(ScenarioError, match=words):
        follow(desk, "shelter", launch, **change)


def test_a_message_cannot_follow_what_is_sent_later(desk, launch):
    with pytest.raises(ScenarioError, match="after this one"):
        follow(desk, "shelter", launch, seconds=-1)


@pytest.mark.parametrize("text", ["this is NOT a drill", "これは訓練ではありません"])
@pytest.mark.parametrize("field", ["exercise", "sender_name"])
def test_no_text_given_by_a_user_may_deny_the_exercise(desk, field, text):
    with pytest.raises(FenceError, match="nobody could tell which is true"):
        compose(desk.changed(**{field: text}))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_every_text_begins_and_ends_with_its_status(kind, language, status):
    texts = texts_of(kind, language, status=status, area="X", time="12:00")
    for name in ("event", "headline", "description", "instruction", "cell"):
        text = getattr(texts, name)
        assert is_marked(text, status, language), text
        assert not denial_in(text)
        assert "{" not in text


def test_languages_say_different_things():
    for kind, (one, two) in itertools.product(KINDS, itertools.combinations(LANGUAGES, 2)):
        a, b = (texts_of(kind, t, status="Exercise", area="X", time="12:00") for t in (one, two))
        assert a.instruction != b.instruction, (kind, one, two)


def test_a_replay_gives_the_same_identifiers_and_another_seed_others(desk):
    names = [compose(desk.changed(seed=s)).identifier for s in ("1", "1", "2")]
    assert names[0] == names[1] != names[2]


def test_identifiers_hold_a_uuid_of_version_seven_with_the_time(desk):
    """Layout of RFC 9562, section 5.7: 48 bits of milliseconds, version 7, variant 10."""
    text = identifier("a b,c", desk.now, "key")
    found = uuid.UUID(text[-36:])
    assert found.version == 7
    assert found.variant == uuid.RFC_4122
    assert found.int >> 80 == round(desk.now.timestamp() * 1000)
    assert text.startswith("hinomi-a-b-c-")


def test_fractions_of_a_second_are_kept_beside_the_time_of_cap(desk):
    made = compose(desk.changed(sent=desk.later(0.25)))
    assert made.sent == "2025-09-15T10:30:00-00:00"
    assert dict(made.infos[0].parameters)["hinomi:issued"] == "2025-09-15T19:30:00.250+09:00"


def test_a_text_too_long_for_phones_is_refused_with_its_length(desk):
    words = (("ja-JP", "那覇市" * 300), ("en-US", "Naha"))
    target = Target(codes=("47201",), polygons=desk.target.polygons, words=words)
    with pytest.raises(ScenarioError, match="places in UCS-2; the limit is 615"):
        compose(desk.changed(target=target))


@pytest.mark.parametrize("count", [1741, 2400])
def test_what_is_written_passes_the_gate_or_is_refused_at_once(desk, schema, count):
    """All municipalities of Japan in two languages pass; more is refused where it is written."""
    codes = tuple(f"{k % 47 + 1:02d}{k // 47 + 100:03d}" for k in range(count))
    target = Target(codes=codes, polygons=desk.target.polygons, words=desk.target.words)
    made = compose(desk.changed(target=target))
    if count == 1741:
        assert check(write(made), schema=schema, profile="hinomi-jp").findings == ()
    else:
        with pytest.raises(ScenarioError, match="fewer languages or fewer places"):
            write(made)
