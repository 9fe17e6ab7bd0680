"""The board of a running exercise: what it reads, and what it never gives away."""

import asyncio
from types import SimpleNamespace

from hinomi.drill.board import Board
from hinomi.live import journal

NAHA = "47201"


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
