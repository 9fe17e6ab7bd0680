"""Jobs: queued, followed, cancelled; their processes end with them."""

import asyncio
import contextlib
import json
import os

import pytest

from hinomi.errors import ScenarioError
from hinomi.web import jobs as lanes
from hinomi.web import stream
from hinomi.web.job import Job
from hinomi.web.jobs import RUN_LANE, WHATIF_LANE, Jobs
from hinomi.web.problems import ProblemError
from hinomi.web.processes import CommandFailedError


@contextlib.asynccontextmanager
async def opened():
    jobs = Jobs()
    jobs.begin()
    try:
        yield jobs
    finally:
        await jobs.close()


def job_of(jobs, work, letter="j", **given):
    return Job(
        id=jobs.next_id(letter), kind="run", scenario="s", unit="replicates", work=work, **given
    )


async def until(condition):
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


async def nothing(job):
    job.done = job.of = 1


async def waits(job):
    await asyncio.Event().wait()


def test_runs_wait_for_each_other_and_questions_have_a_lane_of_their_own():
    async def story():
        async with opened() as jobs:
            first, second = job_of(jobs, waits), job_of(jobs, nothing)
            question = job_of(jobs, nothing, "w")
            for job, lane in ((first, RUN_LANE), (second, RUN_LANE), (question, WHATIF_LANE)):
                jobs.put(job, lane)
            await until(lambda: question.status == "done")
            assert (first.status, second.status) == ("running", "queued")
            await jobs.cancel(first.id)
            await until(lambda: second.status == "done")
            assert first.status == "cancelled"
            assert [j["id"] for j in jobs.listing()["jobs"]] == [question.id, second.id, first.id]

    asyncio.run(story())


def test_a_job_that_waits_can_be_cancelled_and_never_starts():
    async def story():
        async with opened() as jobs:
            first, second = job_of(jobs, waits), job_of(jobs, nothing)
            jobs.put(first, RUN_LANE)
            jobs.put(second, RUN_LANE)
            await jobs.cancel(second.id)
            assert second.status == "cancelled"
            with pytest.raises(ProblemError, match="has ended"):
                await jobs.cancel(second.id)
            await jobs.cancel(first.id)
            await asyncio.sleep(0.05)
            assert second.began is None

    asyncio.run(story())


def test_too_many_jobs_are_refused():
    async def story():
        async with opened() as jobs:
            for _ in range(lanes.MOST_WAITING):
                jobs.put(job_of(jobs, waits), RUN_LANE)
            with pytest.raises(ProblemError, match="wait already"):
                jobs.put(job_of(jobs, waits), RUN_LANE)

    asyncio.run(story())


def test_an_error_for_the_user_is_told_with_its_way_out():
    async def wrong(job):
        raise ScenarioError("it is 3; write 4")

    async def story():
        async with opened() as jobs:
            job = job_of(jobs, wrong)
            jobs.put(job, RUN_LANE)
            await until(lambda: job.over)
            assert (job.status, job.error, job.way_out) == ("failed", "it is 3", "write 4")

    asyncio.run(story())


def test_the_command_of_a_job_is_the_ordinary_one_and_its_error_the_jobs():
    async def story():
        async with opened() as jobs:
            job = job_of(jobs, nothing)
            await jobs.processes.command(job, ["--version"])
            with pytest.raises(CommandFailedError, match="is no scenario"):
                await jobs.processes.command(job, ["explain", "no-such-thing"])

    asyncio.run(story())


def test_a_process_ends_with_its_job_and_leaves_nothing_behind():
    async def story():
        async with opened() as jobs:
            pids = []

            async def sleeps(job):
                process = await jobs.processes.start(["hinomi.web.whatif_worker"], talks=True)
                pids.append(process.pid)
                try:
                    await process.wait()
                finally:
                    await jobs.processes.end(process)

            job = job_of(jobs, sleeps)
            jobs.put(job, RUN_LANE)
            await until(lambda: pids)
            await jobs.cancel(job.id)
            with pytest.raises(ProcessLookupError):
                os.kill(pids[0], 0)

    asyncio.run(story())


def events_of(chunks):
    """Ids, names and data of server-sent events."""
    out = []
    for block in b"".join(chunks).decode().split("\n\n"):
        lines = dict(x.split(": ", 1) for x in block.splitlines() if not x.startswith(":"))
        if lines:
            out.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return out


async def collected(job, after):
    streams = stream.Streams()
    streams.take()
    chunks = [chunk async for chunk in stream.events(job, after, streams)]
    assert streams.open == 0
    return events_of(chunks)


def test_a_stream_begins_with_the_latest_state_and_ends_with_end():
    async def story():
        async with opened() as jobs:
            job = job_of(jobs, nothing)
            for done in range(5):
                job.done = done
                job.note()
            follower = asyncio.create_task(collected(job, None))
            await asyncio.sleep(0.01)
            job.end("done")
            return await follower

    told = asyncio.run(story())
    assert [(n, name) for n, name, _ in told] == [(5, "state"), (6, "end")]
    assert [state["done"] for _, _, state in told] == [4, 4]


def test_a_stream_goes_on_after_the_last_id_that_was_seen():
    async def story():
        async with opened() as jobs:
            job = job_of(jobs, nothing)
            for done in range(5):
                job.done = done
                job.note()
            job.end("done")
            return await collected(job, 3), await collected(job, 6)

    after_3, after_6 = asyncio.run(story())
    assert [(n, name) for n, name, _ in after_3] == [(4, "state"), (5, "state"), (6, "end")]
    assert [(n, name) for n, name, _ in after_6] == [(6, "end")], "who has all is told it is over"


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1" * 30])
def test_a_strange_last_event_id_is_a_new_connection(text):
    assert stream.first_of(text) is None


def test_streams_are_bounded():
    streams = stream.Streams()
    for _ in range(stream.MOST):
        streams.take()
    with pytest.raises(ProblemError, match="streams are open"):
        streams.take()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"threats[glider].apogee_low_km": 50}, "outside the scope"),
        ({"catalogue.threat.mrbm_liquid.beta_kg_m2": 5}, "outside the scope"),
        ({"warning.complianse": 0.1}, "unknown key"),
        ({"warning.compliance": 7}, "outside its limits"),
        ({"title": "x"}, "cannot be changed"),
    ],
)
def test_changes_that_cannot_be_are_refused_before_anything_runs(own, tmp_path, changes, words):
    asked = {"scenario": "okinawa-2025", "changes": changes}
    answer = own().post("/api/runs", json=asked)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert not list(tmp_path.rglob("*.toml"))


def test_the_job_of_a_run_is_the_command_that_anybody_can_type(own, tmp_path, monkeypatch):
    import shlex

    from hinomi.scenario.load import load
    from hinomi.study.montecarlo import default_folder
    from hinomi.study.plan import make_plan
    from hinomi.web.processes import Processes

    said = []

    async def command(self, job, words):
        said.append(words)

    monkeypatch.setattr(Processes, "command", command)
    asking = own()
    asked = {"scenario": "okinawa-2025", "replicates": 3, "seed": 5,
             "architectures": ["integrated"], "changes": {"warning.compliance": 0.25}}  # fmt: skip
    told = asking.post("/api/runs", json=asked).json()
    for _ in range(100):
        job = asking.get(f"/api/jobs/{told['job']}").json()
        if job["status"] == "done":
            break
    (words,) = said
    assert words == [
        "run", "okinawa-2025", "-n", "3", "--seed", "5", "--architectures", "integrated",
        "--set", "warning.compliance=0.25", "-o", str(tmp_path / "results" / told["run"]),
    ]  # fmt: skip
    assert job["command"] == shlex.join(["hinomi", *words])
    folder = default_folder(
        make_plan(
            load("okinawa-2025", changes=asked["changes"]), replicates=3, seed=5,
            architectures=("integrated",),
        )
    )  # fmt: skip
    assert told["run"] == folder.name, "the folder that the command itself would take"


@pytest.mark.parametrize(
    "value",
    [0.3, 3, True, False, 'a "b" \\ \n ~ \x7f \u00e9', [1, 2.5, "x"], 1e-300, -0.0,
     {"value": 0.3, "low": 0.1, "high": 0.5, "source": "a = b, 'c'", "odd key": [[1]]}],
)  # fmt: skip
def test_values_of_changes_are_read_back_as_they_were(value):
    import tomllib

    from hinomi.web.job_routes import toml_value

    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value


@pytest.mark.parametrize("name", ["-n", "--seed", "a b"])
def test_nothing_of_a_request_becomes_an_option_of_the_command(own, name):
    asking = own()
    assert asking.post("/api/runs", json={"scenario": name}).status_code in (404, 422)
    asked = {"scenario": "okinawa-2025", "architectures": [name]}
    assert asking.post("/api/runs", json=asked).status_code in (400, 422)
    asked = {"scenario": "okinawa-2025", "changes": {name: 1}}
    assert asking.post("/api/runs", json=asked).status_code == 400
