"""The states of messages and incidents: every step leads on, none leads back."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hinomi.live.incident import (
    ENDED,
    INCIDENT_RANK,
    INCIDENT_STEPS,
    MESSAGE_STEPS,
    Incident,
    NotNowError,
    incident_after,
    message_after,
)

MESSAGE_RANK = {
    "proposed": 0, "checked": 1, "released": 2,
    "replaced": 3, "cleared": 4, "cancelled": 4, "expired": 4,
    "rejected": 4, "lapsed": 4, "held": 4,
}  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "rank"), [(MESSAGE_STEPS, MESSAGE_RANK), (INCIDENT_STEPS, INCIDENT_RANK)]
)
def test_every_step_raises_the_rank_so_no_path_comes_back(steps, rank):
    edges = [(a, b) for a, found in steps.items() for b in found.values()]

    assert edges
    assert all(rank[b] > rank[a] for a, b in edges)
    assert {s for edge in edges for s in edge} == set(rank)


def test_nothing_is_released_that_was_not_checked():
    with pytest.raises(NotNowError, match="proposed cannot release"):
        message_after("proposed", "release")


@pytest.mark.parametrize("state", sorted(s for s in MESSAGE_RANK if s not in MESSAGE_STEPS))
def test_an_ended_message_allows_no_step(state):
    for step in ("check", "release", "cancel", "expire", "replace"):
        with pytest.raises(NotNowError, match="nothing more"):
            message_after(state, step)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_incident_is_not_alerted_again(state):
    with pytest.raises(NotNowError):
        Incident(name="i", state=state).stepped("update", key="k")
    with pytest.raises(NotNowError):
        incident_after(state, "alert")


class Steps(RuleBasedStateMachine):
    """Any step is tried in any state; a rank that ever falls is a way back."""

    def __init__(self):
        super().__init__()
        self.incident, self.messages, self.highest = Incident(name="i"), [], 0

    def _try(self, step, **told):
        before = self.incident
        try:
            self.incident = before.stepped(step, **told)
        except NotNowError:
            assert self.incident is before

    @rule()
    def alert(self):
        self._try("alert", key="a", codes=("47201",))

    @rule()
    def update(self):
        self._try("update", key="u", codes=("47207",))

    @rule()
    def clear(self):
        self._try("clear", key="c")

    @rule()
    def cancel(self):
        self._try("cancel", key="x")

    @rule()
    def expire(self):
        self._try("expire")

    @rule()
    def dismiss(self):
        self._try("dismiss")

    @precondition(lambda self: self.incident.ended)
    @rule()
    def nothing_after_the_end(self):
        for step in ("alert", "update", "clear", "cancel", "expire", "dismiss"):
            with pytest.raises(NotNowError):
                self.incident.stepped(step, key="z")

    @invariant()
    def rank_never_falls(self):
        rank = INCIDENT_RANK[self.incident.state]
        assert rank >= self.highest
        self.highest = rank

    @invariant()
    def only_an_alerted_incident_names_places(self):
        assert not self.incident.codes or self.incident.state == "alerted"


TestSteps = Steps.TestCase
TestSteps.settings = settings(max_examples=40, stateful_step_count=12, derandomize=True)
