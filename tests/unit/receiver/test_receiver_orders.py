"""Any order, repetition and loss of messages: one end state, and no siren twice."""

import itertools
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

KINDS = ("launch", "shelter", "shelter", "all-clear")


@pytest.fixture(scope="module")
def messages(sender):
    """Two incidents: alert, two updates, an all-clear; alert, update, cancel."""
    first = sender.chain(KINDS)
    second = sender.chain(("launch", "shelter", "cancel"), incident="raid-2")
    return [*first, *second]


def expected(sender, messages, got):
    """State of each message that came, from what they say of each other alone."""
    from hinomi.cap.gate import gate
    from hinomi.cap.message import read
    from hinomi.transport.subjects import key_of

    told = {messages[n].envelope.key: read(gate(messages[n].envelope.content)) for n in got}
    out = {}
    for n in got:
        key, after = messages[n].envelope.key, messages[n].envelope.after
        mine = told[key]
        kinds = {
            m.kind for m in told.values() if m.incidents == mine.incidents and m.sent > mine.sent
        }
        if "Cancel" in kinds or "Update" in kinds:
            out[key] = "cancelled" if "Cancel" in kinds else "replaced"
        elif (
            after and after not in told and not any(key_of(t) in told for t in told[key].references)
        ):
            out[key] = "pending"
        else:
            out[key] = "applied" if told[key].kind == "Cancel" else "standing"
    return out


@given(
    order=st.lists(st.integers(0, 6), max_size=14),
    together=st.lists(st.booleans(), min_size=14, max_size=14),
    restarts=st.sets(st.integers(0, 13), max_size=2),
)
@settings(derandomize=True, max_examples=30, deadline=None)
def test_any_order_repetition_and_loss_end_in_the_same_states(
    sender, messages, make_town, order, together, restarts
):
    with tempfile.TemporaryDirectory() as folder:
        town = make_town(Path(folder))
        waiting = []
        for n, index in enumerate(order):
            waiting.append(messages[index])
            if together[n]:
                continue
            town.take(*waiting)
            waiting = []
            if n in restarts:
                town.store.close()
                town = make_town(Path(folder))
                town.desk.recover()
        town.take(*waiting)

        assert town.states() == expected(sender, messages, list(dict.fromkeys(order)))
        rang = Counter(town.sounded())
        assert set(rang.values()) <= {1}
        # What was ended before it could act, or waits, is silent; so are all-clears and cancels.
        quiet = {messages[n].envelope.key for n in (3, 6)}
        assert not quiet & set(rang)
        town.store.close()


def test_every_order_of_an_alert_its_update_and_its_cancel(sender, make_town, tmp_path):
    chain = sender.chain(("launch", "shelter", "cancel"))
    alert, update, cancel = (each.envelope.key for each in chain)
    for n, order in enumerate(itertools.permutations(range(3))):
        town = make_town(tmp_path / str(n))
        for index in order:
            town.take(chain[index])
        assert town.states() == {alert: "cancelled", update: "cancelled", cancel: "applied"}
        # By hand: nothing sounds after the cancel; the alert only when it comes first, the update
        # when it is the newest and its alert is there.
        wanted = {
            (0, 1, 2): [alert, update], (0, 2, 1): [alert], (1, 0, 2): [update],
            (1, 2, 0): [], (2, 0, 1): [], (2, 1, 0): [],
        }  # fmt: skip
        assert town.sounded() == wanted[order], order
        town.store.close()
