"""The board of a running exercise: what it reads, and what it never gives away."""

import asyncio
from types import SimpleNamespace

from hinomi.drill.board import Board
from hinomi.drill.review import review
from hinomi.live import journal

NAHA = "47201"


def board_of(by_hand, state):
    async def ask(*_):
        return state

    stage = SimpleNamespace(live=by_hand.folder / "live", folder=by_hand.folder)
    return Board(SimpleNamespace(plan=by_hand.plan, stage=stage, ask=ask, t_s=300.0))


def test_a_late_look_does_not_make_a_receipt_late(by_hand):
    """Shown 0.5 s after the release, seen 20 s later at x10: 105 s, as the review says, not 300."""
    key = by_hand.send(100.0)
    by_hand.answer(key, NAHA, "shown", after_s=0.5)
    board = board_of(by_hand, {"clock": {"t_s": 300.0}, "wall_utc": by_hand.wall(20.0)})
    asyncio.run(board.look())
    assert abs(board._stages[NAHA]["shown"] - 105.0) < 0.02
    by_hand.end(400.0)
    (place,) = [p for p in review(by_hand.folder)[0]["places"] if p["code"] == NAHA]
    assert abs(place["shown"] - board._stages[NAHA]["shown"]) < 0.02


def test_the_board_reads_what_is_new_alone_and_shows_no_token(by_hand, monkeypatch):
    """The page is open to everybody who reaches its port: the director's token is not in it."""
    asked = []
    real = journal.news

    def counted(folder, **told):
        found = real(folder, **told)
        asked.append((len(found.rows), len(found.receipts)))
        return found

    monkeypatch.setattr("hinomi.drill.board.journal.news", counted)
    key = by_hand.send(100.0)
    by_hand.answer(key, NAHA, after_s=0.1)

    async def nothing(*_):
        return None

    stage = SimpleNamespace(
        live=by_hand.folder / "live", folder=by_hand.folder, token=lambda: "secret-token"
    )
    conductor = SimpleNamespace(plan=by_hand.plan, stage=stage, ask=nothing, t_s=101.0)
    board = Board(conductor)

    async def main():
        await board.look()
        board._last_s = 0.0
        by_hand.answer(key, NAHA, "shown", after_s=0.2)
        await board.look()

    asyncio.run(main())
    assert asked == [(2, 1), (0, 1)]
    assert set(board._stages[NAHA]) == {"received", "shown"}
    assert board._released[NAHA] == 100.0
    assert "secret-token" not in board.pages["/board"]()[1].decode()
    by_hand.journal.close()


def test_the_board_says_that_the_exercise_does_not_answer_any_more(by_hand):
    """What it said before stays on the page, and the page says that it is old."""
    state = {"clock": {"t_s": 300.0}, "wall_utc": by_hand.wall(20.0), "proposals": [1]}
    told = [state, None, state]

    async def ask(*_):
        return told.pop(0)

    stage = SimpleNamespace(live=by_hand.folder / "live", folder=by_hand.folder)
    board = Board(
        SimpleNamespace(
            plan=by_hand.plan, stage=stage, ask=ask, t_s=300.0, down={}, done=[], ended=False
        )
    )
    seen = []
    for _ in range(3):
        board._last_s = 0.0
        asyncio.run(board.look())
        seen.append((board.told()["answers"], board.told()["proposals"]))
    assert seen == [(True, 1), (False, 1), (True, 1)]
    by_hand.journal.close()
