"""Time the live path: compose, check and sign with its cancel; reports to alert for 20 threats.

Run by hand: `python benchmarks/live_release.py`. Limits of the project: compose, check and sign of one
message under 10 ms; from the reports of a second to alerts on record under 200 ms for 20 threats at
real time. The raid is that of `okinawa-2025` with every threat two or three times, each drawn anew.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hinomi.cap.ending import split
from hinomi.cap.keys import make_pair
from hinomi.cap.sign import load_signer
from hinomi.live import drafts
from hinomi.live.decide import Decider
from hinomi.live.journal import Journal
from hinomi.live.office import Office
from hinomi.live.source import source_of
from hinomi.scenario.load import load
from hinomi.study.chain import prepare

THREATS, REPEATS = 20, 50
WINDOW_S = (200, 420)  # alerts are decided and updated here
EVERY_S = 4  # of these seconds one in so many is timed; each is a step of one second


def told(what: str, times_s: list[float], limit_ms: float) -> None:
    ordered = sorted(1e3 * t for t in times_s)
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    middle = statistics.median(ordered)
    print(
        f"{what:<58} best {ordered[0]:6.1f}  median {middle:6.1f}  99 % {p99:6.1f}  limit {limit_ms:.0f} ms"
    )


def desk_of(scenario) -> drafts.Desk:
    day = timedelta(days=1)
    pair = make_pair("exercise@hinomi.example", not_before=scenario.epoch - day, not_after=scenario.epoch + day)  # fmt: skip
    return drafts.Desk(
        sender="exercise@hinomi.example", sender_name="hinomi", status="Exercise", name="bench",
        languages=("ja-JP", "en-US"), seed="1", epoch=scenario.epoch, signer=load_signer(*pair),
    )  # fmt: skip


def messages(desk: drafts.Desk, codes: dict[str, tuple[str, ...]]) -> None:
    for name, own in codes.items():
        times, first = [], split(own, before=(), others=())
        for n in range(REPEATS):
            began = time.perf_counter()
            drafts.told_draft(desk, first, incident=f"i{n}", t_s=100.0 + n, chain=())
            times.append(time.perf_counter() - began)
        told(f"compose, check, sign: {name}, {len(own)} municipalities", times[1:], 10.0)


def live(scenario, context, desk: drafts.Desk, architecture: str) -> None:
    threats = tuple(replace(t, body=f"{t.body} {n}") for n in range(3) for t in scenario.threats)[
        :THREATS
    ]
    many = replace(scenario, threats=threats)
    source = source_of(many, context, seed=1, replicate=0, architecture=architecture)
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(4) as threads:
        folder = Path(name)
        (folder / "exercise.json").write_text("{}")
        journal = Journal(folder)
        office = Office(
            journal, desk, run="bench", mode="exercise", replicate=0, architecture=architecture,
            known=frozenset(context.places.code),
        )  # fmt: skip
        decider = Decider(
            source, policy=scenario.policy, units=context.units, places=context.places,
            classes=scenario.predictor_classes, threads=threads,
        )  # fmt: skip
        times, alerts = [], []
        for t_s in range(WINDOW_S[0], WINDOW_S[1], EVERY_S):
            for step, timed in ((t_s, False), (t_s + 1, True)):
                before, began = journal.number, time.perf_counter()
                for proposal in decider.due(float(step)):
                    office.propose(proposal, auto=True)
                took = time.perf_counter() - began
                if timed:
                    (alerts if journal.number > before else times).append(took)
        told(f"{architecture}, {THREATS} threats: a second without a message", times[1:], 200.0)
        told(f"{architecture}, {THREATS} threats: a second with messages", alerts, 200.0)
        released = len(office.register.released)
        print(f"{'':<58} {released} messages, {journal.number} rows")
        journal.close()


def main() -> None:
    scenario = load("okinawa-2025")
    context = prepare(scenario)
    desk = desk_of(scenario)
    okinawa = tuple(c for c in context.places.code if c.startswith("47"))
    kyushu = tuple(c for c in context.places.code if c[:2] in ("45", "46"))
    messages(desk, {"a town": ("47201",), "Okinawa": okinawa, "two prefectures": kyushu})
    for architecture in ("national", "shared_warning", "integrated"):
        live(scenario, context, desk, architecture)


if __name__ == "__main__":
    main()
