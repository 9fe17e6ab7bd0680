"""What may be done to messages, by whom, and to whom they go."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hinomi.cap.check import check
from hinomi.cap.gate import gate
from hinomi.cap.message import read
from hinomi.cap.words import is_marked
from hinomi.errors import FenceError, ScenarioError
from hinomi.export.cap_places import load_schema
from hinomi.live import journal
from hinomi.live.decide import Proposal
from hinomi.live.incident import NotNowError
from hinomi.transport.subjects import parse_subject

TOWNS = ("47201", "47207", "47214", "47382")


def message(office, key):
    return read(gate(office.journal.message(key).content))


def sent_to(office, key):
    """Municipality codes that a message was delivered to."""
    return sorted(
        parse_subject(s).code
        for _, s, k in office.journal.deliveries(after=0, most=10_000)
        if k == key
    )


def kinds(office):
    return [r.kind for r in office.journal.rows()]


def test_a_release_by_rule_is_one_commit_with_two_automatic_roles(office, proposal):
    office.propose(proposal(), auto=True)

    assert kinds(office) == ["proposed", "checked", "released"]
    checked, released = office.journal.rows()[1:]
    assert checked.at_utc == released.at_utc
    body = released.content
    assert body["automatic"]
    assert body["composer"] != body["releaser"]
    assert sent_to(office, body["key"]) == ["47201", "47207"]


def test_released_bytes_pass_the_check_and_say_exercise_first_and_last(office, proposal):
    office.announce(until_s=900.0)
    office.propose(proposal(), auto=True)
    office.propose(proposal(1, kind="all-clear", t_s=300.0), auto=True)
    office.stop(who="d", why="", t_s=400.0)

    stored = office.journal.messages()
    assert [m.kind for m in stored] == ["start", "alert", "cancel", "update", "end"]
    for m in stored:
        profile = "cap" if m.kind in ("start", "end") else "hinomi-jp"
        report = check(m.content, schema=load_schema(), profile=profile)
        assert report.verdict == "accepted", report.errors
        told = read(gate(m.content))
        assert told.status == "Exercise"
        for info in told.infos:
            for text in (info.event, info.headline, info.description, info.instruction):
                assert is_marked(text, "Exercise", info.language)


def test_the_same_seed_gives_the_same_bytes_before_the_signature(
    make_office, proposal, folder, tmp_path
):
    found = []
    for _ in range(2):
        office = make_office()
        office.announce(until_s=900.0)
        office.propose(proposal(), auto=True)
        office.propose(proposal(1, kind="update", codes=TOWNS[:3], t_s=150.25), auto=True)
        found.append([r.content.get("unsigned_sha256") for r in office.journal.rows()])
        office.journal.close()
        for path in folder.glob("journal.db*"):
            path.unlink()
        (folder / "head.json").unlink()

    assert found[0] == found[1]
    assert sum(each is not None for each in found[0]) == 3


def test_what_was_proposed_before_is_left_alone_after_a_restart(make_office, proposal):
    office = make_office()
    office.propose(proposal(), auto=True)
    before = office.journal.number

    again = make_office()
    again.propose(proposal(), auto=True)

    assert again.journal.number == before
    assert again.register.standing()[0].standing == ("47201", "47207")


def test_the_composer_cannot_release_and_nothing_leaves_when_tried(office, proposal):
    office.propose(proposal(), auto=False)
    office.approve("all|0|0", who="ann", t_s=110.0)

    with pytest.raises(FenceError, match="another person"):
        office.release("all|0|0", who="ann", areas=2, t_s=111.0)

    assert office.journal.last_sequence() == 0
    key = office.release("all|0|0", who="bob", areas=2, t_s=112.0)
    assert sent_to(office, key) == ["47201", "47207"]
    assert not office.journal.rows()[-1].content["automatic"]


def test_release_needs_the_number_of_recipients_that_is_shown(office, proposal):
    office.propose(proposal(), auto=False)
    office.approve("all|0|0", who="ann", t_s=110.0)

    with pytest.raises(ScenarioError, match="goes to 2 municipalities"):
        office.release("all|0|0", who="bob", areas=3, t_s=111.0)
    assert office.journal.last_sequence() == 0


def test_a_proposal_is_not_released_before_it_was_checked(office, proposal):
    office.propose(proposal(), auto=False)

    with pytest.raises(NotNowError, match="needs it checked"):
        office.release("all|0|0", who="bob", areas=2, t_s=111.0)


def test_a_newer_proposal_ends_the_one_that_waited(office, proposal):
    office.propose(proposal(), auto=False)
    office.propose(proposal(1, kind="update", codes=TOWNS, t_s=140.0), auto=False)

    assert [p.name for p in office.register.open_proposals()] == ["all|0|1"]
    with pytest.raises(NotNowError, match="lapsed"):
        office.approve("all|0|0", who="ann", t_s=141.0)


def test_what_expired_before_release_is_never_sent(office, proposal):
    office.propose(proposal(), auto=False)
    office.approve("all|0|0", who="ann", t_s=100.0)

    with pytest.raises(NotNowError, match="expired"):
        office.release("all|0|0", who="bob", areas=2, t_s=100.0 + 1801.0)
    assert office.journal.last_sequence() == 0


def test_one_person_cancels_and_the_cancel_names_and_follows_its_alert(office, proposal):
    office.propose(proposal(), auto=True)
    alert = office.register.standing()[0]

    key = office.cancel(alert.key, who="ann", why="wrong", t_s=160.0)

    stored = office.journal.message(key)
    assert stored.after == alert.key
    assert message(office, key).references == (message(office, alert.key).triple,)
    assert sent_to(office, key) == sent_to(office, alert.key)
    sequence = {k: n for n, _, k in office.journal.deliveries(after=0)}
    assert sequence[key] > sequence[alert.key]
    assert not office.register.standing()


def test_a_cancel_was_ready_before_the_alert_left(office, proposal):
    office.propose(proposal(), auto=True)
    released = office.register.standing()[0]

    ready = office.journal.message(released.cancel_key)

    assert ready.prepared
    assert ready.number < office.journal.number
    assert message(office, ready.key).kind == "Cancel"


def test_the_prepared_cancel_goes_out_where_none_can_be_written(office, proposal, monkeypatch):
    office.propose(proposal(), auto=True)
    released = office.register.standing()[0]

    def refuse(*_, **__):
        raise ScenarioError("no")

    monkeypatch.setattr("hinomi.live.drafts.cancel_draft", refuse)
    key = office.cancel(released.key, who="ann", why="", t_s=160.0)

    assert key == released.cancel_key
    assert sent_to(office, key) == ["47201", "47207"]
    assert office.journal.rows()[-1].content["prepared"]


def test_nothing_is_cancelled_twice(office, proposal):
    office.propose(proposal(), auto=True)
    alert = office.register.standing()[0]
    office.cancel(alert.key, who="ann", why="", t_s=160.0)
    before = office.journal.number

    with pytest.raises(NotNowError, match="nothing to cancel"):
        office.cancel(alert.key, who="ann", why="", t_s=161.0)
    assert office.journal.number == before


def test_after_a_cancel_by_a_person_the_rule_is_held_for_that_track_alone(office, proposal):
    office.propose(proposal(), auto=True)
    office.cancel(office.register.standing()[0].key, who="ann", why="", t_s=160.0)

    office.propose(proposal(1, kind="update", t_s=170.0), auto=True)
    office.propose(proposal(0, track=1, t_s=171.0), auto=True)

    assert office.register.proposals["all|0|1"].state == "held"
    assert office.register.proposals["all|1|0"].state == "released"


def test_who_is_no_longer_under_alert_is_told_so_by_name(office, proposal):
    office.propose(proposal(codes=TOWNS[:3]), auto=True)
    office.propose(proposal(1, kind="update", codes=(TOWNS[0], TOWNS[3]), t_s=150.0), auto=True)

    told = message(office, office.register.standing()[0].key)
    cleared = {c for i in told.infos if "AllClear" in i.responses for a in i.areas for c in a.codes}
    shelter = {c for i in told.infos if "Shelter" in i.responses for a in i.areas for c in a.codes}
    assert cleared == {TOWNS[1], TOWNS[2]}
    assert shelter == {TOWNS[0], TOWNS[3]}


def asked(told, response):
    return {c for i in told.infos if response in i.responses for a in i.areas for c in a.codes}


def test_an_all_clear_frees_nobody_over_whom_another_alert_stands(office, proposal):
    office.propose(proposal(codes=TOWNS[:3]), auto=True)
    office.propose(proposal(track=1, codes=TOWNS[1:], t_s=110.0), auto=True)
    office.propose(proposal(1, kind="all-clear", codes=TOWNS[:3], t_s=200.0), auto=True)

    first = message(office, list(office.register.released)[-1])
    assert asked(first, "AllClear") == {TOWNS[0]}
    assert asked(first, "Monitor") == {TOWNS[1], TOWNS[2]}
    assert sent_to(office, list(office.register.released)[-1]) == sorted(TOWNS[:3])
    assert sorted(i.state for i in office.register.incidents.values()) == ["alerted", "cleared"]

    office.propose(proposal(1, track=1, kind="all-clear", codes=TOWNS[1:], t_s=300.0), auto=True)
    last = message(office, list(office.register.released)[-1])
    assert (asked(last, "AllClear"), asked(last, "Monitor")) == (set(TOWNS[1:]), set())


def test_an_all_clear_wholly_under_another_alert_says_stay(office, proposal):
    office.propose(proposal(), auto=True)
    office.propose(proposal(track=1, t_s=110.0), auto=True)
    office.propose(proposal(1, kind="all-clear", t_s=200.0), auto=True)

    told = message(office, list(office.register.released)[-1])
    assert (asked(told, "AllClear"), asked(told, "Shelter")) == (set(), set())
    assert "Another still stands." in told.infos[-1].description


def test_an_all_clear_does_not_leave_once_another_alert_came(office, proposal):
    office.propose(proposal(), auto=True)
    office.propose(proposal(1, kind="all-clear", t_s=200.0), auto=False)
    office.approve("all|0|1", who="ann", t_s=205.0)
    office.propose(proposal(track=1, t_s=210.0), auto=True)
    with pytest.raises(NotNowError, match="another alert stands by now over 2"):
        office.release("all|0|1", who="bob", areas=2, t_s=215.0)
    assert office.register.proposals["all|0|1"].state == "lapsed"


def test_after_an_all_clear_a_new_danger_is_a_new_incident(office, proposal):
    office.propose(proposal(), auto=True)
    office.propose(proposal(1, kind="all-clear", t_s=200.0), auto=True)
    office.propose(proposal(2, kind="update", t_s=260.0), auto=True)

    names = [m.incident for m in office.register.released.values()]
    assert names[0] == names[1] != names[2]
    assert office.register.incidents[names[0]].state == "cleared"
    assert message(office, office.register.standing()[0].key).kind == "Alert"


def test_an_expired_message_is_told_before_and_after_and_ends_its_incident(office, proposal):
    office.propose(proposal(), auto=True)
    office.expire(100.0 + 1600.0)
    office.expire(100.0 + 1650.0)
    office.expire(100.0 + 1801.0)

    assert kinds(office)[3:] == ["expiring", "expired"]
    assert [i.state for i in office.register.incidents.values()] == ["expired"]
    office.propose(proposal(1, kind="all-clear", t_s=1950.0), auto=True)
    assert office.register.proposals["all|0|1"].state == "lapsed"


def test_stop_cancels_all_that_stands_in_one_commit_and_ends(office, proposal):
    office.announce(until_s=900.0)
    for track in range(3):
        office.propose(proposal(track=track, t_s=100.0 + track), auto=True)
    before = office.journal.number

    office.stop(who="ann", why="enough", t_s=200.0)

    rows = office.journal.rows(after=before)
    assert [r.kind for r in rows] == ["stopped", "cancelled", "cancelled", "cancelled", "ended"]
    assert len({r.at_utc for r in rows}) == 1
    assert not office.register.standing()
    office.propose(proposal(track=9, t_s=210.0), auto=True)
    assert office.register.proposals["all|9|0"].state == "lapsed"


def test_a_launch_notice_names_no_place_and_sends_nothing(office, proposal):
    office.propose(proposal(kind="launch", codes=()), auto=True)

    assert kinds(office) == ["notice"]
    assert office.journal.last_sequence() == 0


def test_the_difference_to_the_predicted_area_is_on_record(office, proposal):
    office.propose(proposal(codes=TOWNS[:2], predicted=TOWNS[1:3]), auto=True)

    body = office.journal.rows()[-1].content
    assert body["beyond_predicted"] == [TOWNS[0]]
    assert body["predicted_only"] == [TOWNS[2]]


@settings(max_examples=12, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(areas=st.lists(st.sets(st.sampled_from(TOWNS), min_size=1), min_size=1, max_size=4))
def test_recipients_are_the_municipalities_of_the_areas_whatever_came_before(
    make_office, proposal, areas
):
    office = make_office()
    base = len(office.register.proposals)
    for n, codes in enumerate(areas):
        track = base + n
        office.propose(proposal(track=track, codes=sorted(codes), t_s=100.0 + base + n), auto=True)
        released = next(
            m for m in office.register.released.values() if m.proposal == f"all|{track}|0"
        )

        assert sent_to(office, released.key) == sorted(codes)
        assert list(message(office, released.key).codes_of_areas) == sorted(codes)


def test_a_restart_finds_every_state_as_it_was(make_office, proposal):
    office = make_office()
    office.announce(until_s=900.0)
    office.propose(proposal(), auto=True)
    office.propose(proposal(track=1, t_s=105.0), auto=False)
    office.approve("all|1|0", who="ann", t_s=106.0)
    office.propose(proposal(1, kind="update", codes=TOWNS, t_s=120.0), auto=True)
    office.cancel(office.register.standing()[0].key, who="ann", why="", t_s=130.0)
    before = office.register

    again = make_office().register

    assert again == before
    assert again is not before


def test_no_status_but_exercise_and_test_gets_through_the_desk(office, proposal, desk, make_office):
    """The desk is asked for an actual message: composing refuses, and nothing leaves."""
    from dataclasses import replace

    office.writer = replace(office.writer, desk=replace(desk, status="Actual"))
    office.propose(proposal(), auto=True)

    assert kinds(office) == ["proposed", "lapsed"]
    assert "Actual" in office.journal.rows()[-1].content["why"]
    assert not office.journal.messages()
    with pytest.raises((FenceError, KeyError)):
        office.announce(until_s=10.0)


def test_sent_is_the_second_of_the_decision_and_expires_half_an_hour_later(office, proposal, desk):
    office.propose(proposal(t_s=123.456), auto=True)

    stored = next(m for m in office.journal.messages() if m.kind == "alert")
    assert stored.sent_utc == "2025-09-15T10:32:03+00:00"
    told = message(office, stored.key)
    assert told.sent == "2025-09-15T19:32:03+09:00"
    assert dict(told.infos[0].parameters)["hinomi:issued"].startswith("2025-09-15T19:32:03.456")
    assert stored.expires_utc == (desk.epoch + timedelta(seconds=123 + 1800)).isoformat()


def test_the_whole_record_is_sound(office, proposal, folder):
    office.announce(until_s=900.0)
    office.propose(proposal(), auto=True)
    office.propose(proposal(1, kind="all-clear", t_s=200.0), auto=True)
    office.end(t_s=600.0)

    assert journal.verify(folder).sound


def _withdraw(office, how):
    alert = office.register.standing()[0]
    if how == "cancel":
        office.cancel(alert.key, who="cy", why="wrong", t_s=150.0)
    elif how == "expire":
        office.expire(100.0 + 1801.0)
    else:
        office.propose(office_clear(), auto=True)


def office_clear():
    """An all-clear of the same track by the rule."""
    return Proposal(
        name="all|0|9", picture="all", track=0, kind="all-clear", route="", t_ready_s=140.0,
        t_issue_s=150.0, codes=TOWNS[:2], predicted=TOWNS[:2],
    )  # fmt: skip


@pytest.mark.parametrize("how", ["cancel", "expire", "all-clear"])
@pytest.mark.parametrize("kind", ["update", "all-clear"])
def test_what_no_longer_fits_its_incident_is_not_sent_and_the_folder_opens_again(
    make_office, proposal, how, kind
):
    """The incident ends between approve and release: refused, on record, nothing leaves."""
    office = make_office()
    office.propose(proposal(), auto=True)
    office.propose(proposal(1, kind=kind, t_s=120.0), auto=False)
    office.approve("all|0|1", who="ann", t_s=121.0)
    _withdraw(office, how)
    sent = office.journal.last_sequence()

    with pytest.raises(NotNowError):
        office.release("all|0|1", who="bob", areas=2, t_s=152.0 if how != "expire" else 1902.0)

    assert office.journal.last_sequence() == sent
    assert office.register.proposals["all|0|1"].state == "lapsed"
    assert make_office().register == office.register


def test_after_a_cancel_by_a_person_an_open_proposal_cannot_become_a_new_alert(office, proposal):
    office.propose(proposal(), auto=True)
    office.propose(proposal(1, kind="update", t_s=120.0), auto=False)
    office.cancel(office.register.standing()[0].key, who="cy", why="wrong", t_s=130.0)

    with pytest.raises(NotNowError, match="a person cancelled"):
        office.approve("all|0|1", who="ann", t_s=131.0)
    assert office.register.proposals["all|0|1"].state == "lapsed"


def test_a_second_approval_while_the_clock_is_paused_is_refused_in_words(office, proposal):
    office.propose(proposal(), auto=False)
    office.approve("all|0|0", who="ann", t_s=110.0)
    office.propose(proposal(1, t_s=110.0), auto=False)

    with pytest.raises(NotNowError, match="very second"):
        office.approve("all|0|1", who="ann", t_s=110.0)
    office.approve("all|0|1", who="ann", t_s=111.0)
    assert office.release("all|0|1", who="bob", areas=2, t_s=112.0)


ACTS = st.sampled_from(
    ("composed", "cleared", "alert", "by rule", "approve", "release", "cancel", "expire", "reopen")
)

KIND = {"alert": "alert", "by rule": "update", "composed": "update", "cleared": "all-clear"}


@settings(max_examples=10, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(acts=st.lists(ACTS, min_size=6, max_size=10))
@example(acts=["composed", "cancel", "release"])
@example(acts=["cleared", "cancel", "release", "reopen"])
@example(acts=["expire", "composed", "expire", "release"])
def test_whatever_is_done_in_whatever_order_the_folder_opens_again_as_it_was(
    make_office, proposal, acts
):
    """Refused or done: what is on record folds to the same state, and only fitting messages leave."""
    office = make_office()
    base = len(office.register.proposals) + len(office.register.released)
    track, t_s, name = 1000 + base, max(office.register.t_s, 100.0), ""
    for n, act in enumerate(("alert", "approve", "release", *acts)):
        t_s += 900.0 if act == "expire" else 1.0
        if act in KIND:
            kind = KIND[act]
            name = f"all|{track}|{n}"
            office.propose(proposal(n, track=track, kind=kind, t_s=t_s), auto=act == "by rule")
        standing = office.register.standing()
        with contextlib.suppress(NotNowError):
            if act in ("approve", "composed", "cleared"):
                office.approve(name, who="ann", t_s=t_s)
            elif act == "release":
                office.release(name, who="bob", areas=2, t_s=t_s)
            elif act == "cancel" and standing:
                office.cancel(standing[0].key, who="cy", why="", t_s=t_s)
            elif act == "expire":
                office.expire(t_s)
        if act == "reopen":
            before, office = office.register, make_office()
            assert office.register == before
    assert make_office().register == office.register
    for incident in office.register.incidents.values():
        revisions = [office.register.released[k].revision for k in incident.keys]
        assert revisions == list(range(len(revisions)))
