"""A run that goes on until intervals are narrow enough stops in the same place however it ran."""

import json
import math

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.notebook.run import run
from hinomi.study import montecarlo, sequential, store, warm
from hinomi.study import until as rule
from hinomi.study.engine import Local
from hinomi.study.montecarlo import BatchesFailedError, Shard, begin, execute, loaded
from hinomi.study.results import Results
from hinomi.study.resume import resume
from hinomi.study.statistics import skew_interval
from hinomi.study.summary import Measured
from hinomi.study.until import FIRST, Target, Until, first_look, parse, reached

LEAD = "integrated:lead_s=8"  # reached at a third of the maximum by the draws of the fake chain


@pytest.fixture(autouse=True)
def warmed(monkeypatch):
    """These kernels need no warming."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


def go(out, until=None, text='{"batch_size": 5}', **settings):
    return run(
        text,
        out=out,
        chain="fake_chain",
        quiet=True,
        until=until,
        **{"workers": 1, **settings},
    )


def tables_of(hashes, folder):
    return {name: h for name, h in hashes(folder).items() if name.endswith(".parquet")}


def test_it_stops_at_the_first_look_that_is_narrow_enough(tmp_path, hashes):
    """Nothing wider than asked at the end, wider at the look before; files of a plain run."""
    study = go(tmp_path / "rule", parse(LEAD, most=300))
    stopped = study.summary()["stopped"]
    n = stopped["replicates"]
    assert stopped["met"]
    assert FIRST < n < 300
    figure = study.summary()["architectures"]["integrated"]["lead_s"]
    assert figure["n"] == n == study.plan.replicates
    assert figure["high"] - figure["low"] == pytest.approx(stopped["widths"][0]["width"])
    assert figure["high"] - figure["low"] <= 8
    looks = [FIRST]
    while looks[-1] < n:
        looks.append(math.ceil(math.ceil(looks[-1] * rule.FURTHER) / 5) * 5)
    assert looks[-1] == n
    before = go(tmp_path / "before", replicates=looks[-2]).summary()
    earlier = before["architectures"]["integrated"]["lead_s"]
    assert earlier["high"] - earlier["low"] > 8
    plain = go(tmp_path / "plain", replicates=n)
    assert tables_of(hashes, plain.folder) == tables_of(hashes, study.folder)
    assert plain.summary() == {k: v for k, v in study.summary().items() if k != "stopped"}


def test_workers_change_nothing_and_nothing_lies_beyond(tmp_path, hashes):
    """Two and three workers run ahead of the rule; what they computed beyond it is gone."""
    text = '{"batch_size": 5, "slow_s": 0.001}'
    one = go(tmp_path / "1", parse(LEAD, most=300), text)
    for workers in (2, 3):
        more = go(tmp_path / str(workers), parse(LEAD, most=300), text, workers=workers)
        assert hashes(more.folder) == hashes(one.folder)
        names = {p.name for p in more.folder.glob("*/*.parquet")}
        assert names == {f"{b.key}.parquet" for b in more.plan.batches()}


def test_the_folder_says_that_a_rule_ended_it(tmp_path):
    study = go(tmp_path / "run", parse(LEAD, most=300))
    told = json.loads((study.folder / "until.json").read_text())
    assert told["targets"] == [{"headline": "lead_s", "width": 8.0, "where": "integrated"}]
    assert told["stopped"] == study.summary()["stopped"]
    assert "slightly less often than the 95 %" in told["stopped"]["words"]
    assert study.plan.ends == (FIRST, told["stopped"]["replicates"])


def test_the_maximum_ends_it_and_is_said(tmp_path):
    """National leads are infinite in some replicates: their interval stays wide."""
    study = go(tmp_path / "run", parse("lead_s=0.5", most=43))
    stopped = study.summary()["stopped"]
    assert not stopped["met"]
    assert stopped["replicates"] == study.plan.replicates == 43
    assert stopped["words"].startswith("Not reached after 43 replicates")
    assert "integrated:lead_s is" in stopped["words"]


def test_the_same_command_again_computes_nothing(tmp_path):
    until = parse(LEAD, most=300)
    study = go(tmp_path / "run", until)
    made = {p: p.stat().st_mtime_ns for p in study.folder.rglob("*")}
    begun = begin(
        loaded('{"batch_size": 5}', chain="fake_chain"),
        out=study.folder,
        engine=Local(),
        until=until,
        chain="fake_chain",
    )
    assert execute(begun, until=until) is False
    assert {p: p.stat().st_mtime_ns for p in study.folder.rglob("*")} == made


def test_a_narrower_rule_goes_on_and_a_plain_number_too(tmp_path, hashes):
    folder = go(tmp_path / "run", parse(LEAD, most=300)).folder
    first = Results(folder).plan.replicates
    further = go(folder, parse("integrated:lead_s=4", most=600))
    assert further.plan.replicates > first
    assert further.summary()["stopped"]["replicates"] == further.plan.replicates
    n = further.plan.replicates + 7
    plain = go(folder, replicates=n)
    assert "stopped" not in plain.summary()
    assert plain.summary() == go(tmp_path / "whole", replicates=n).summary()


def test_a_run_ended_before_its_rule_was_met_goes_on_with_it(tmp_path, hashes, monkeypatch):
    """An interruption in the middle; resume knows the rule and stops in the same place."""
    whole = go(tmp_path / "whole", parse(LEAD, most=300))
    begun = begin(
        loaded('{"batch_size": 5}', chain="fake_chain"),
        out=tmp_path / "run",
        engine=Interrupted(9),
        until=parse(LEAD, most=300),
        chain="fake_chain",
    )
    with pytest.raises(KeyboardInterrupt):
        execute(begun, until=parse(LEAD, most=300))
    assert rule.pending(begun.folder) == parse(LEAD, most=300)
    assert store.read_plan(begun.folder).replicates == FIRST
    assert hashes(resume(begun.folder, workers=1, quiet=True).folder) == hashes(whole.folder)
    assert rule.pending(begun.folder) is None


class Interrupted:
    """Ctrl-C after so many batches."""

    def __init__(self, after):
        self.after = after

    def run(self, jobs):
        for i, ended in enumerate(Local(workers=1).run(jobs)):
            if i == self.after:
                raise KeyboardInterrupt
            yield ended


LAST_STEPS = {  # what a rule does once it has decided: whose, and which call of it
    "the plan goes as far": (store, "begin", 1),
    "what lies beyond is removed": (sequential, "_remove_beyond", 1),
    "the end is told": (rule, "write_asked", 2),
    "the summary": (montecarlo, "finish", 1),
}


@pytest.mark.parametrize("again", ["resume", "the same command"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", LAST_STEPS)
def test_ended_between_decision_and_summary(tmp_path, hashes, monkeypatch, step, when, again):
    """Whichever of the last steps was the last one: the bytes are those of a run in one go."""
    until = parse(LEAD, most=300)
    whole = go(tmp_path / "whole", until)
    begun = begin(
        loaded('{"batch_size": 5}', chain="fake_chain"),
        out=tmp_path / "run",
        engine=Local(),
        until=until,
        chain="fake_chain",
    )
    with monkeypatch.context() as patched:
        end_at(patched, *LAST_STEPS[step], when=when)
        with pytest.raises(Ended):
            execute(begun, until=until)
    study = (
        resume(begun.folder, workers=1, quiet=True)
        if again == "resume"
        else go(begun.folder, until)
    )
    assert study.summary()["stopped"]["first_look"] == FIRST
    assert hashes(study.folder) == hashes(whole.folder)


class Ended(BaseException):
    """The process ends here; nothing that catches errors sees it."""


def end_at(patched, owner, name, number, *, when):
    """End at this call of a function, before or after it does its work."""
    work, count = getattr(owner, name), iter(range(1, 1_000))

    def ended(*given, **settings):
        here = next(count) == number
        if here and when == "before":
            raise Ended
        found = work(*given, **settings)
        if here:
            raise Ended
        return found

    patched.setattr(owner, name, ended)


def test_order_of_completion_does_not_move_the_stop(tmp_path, hashes):
    """Batches that end out of order wait for those before them."""
    whole = go(tmp_path / "whole", parse(LEAD, most=300))
    begun = begin(
        loaded('{"batch_size": 5}', chain="fake_chain"),
        out=tmp_path / "run",
        engine=Swapped(),
        until=parse(LEAD, most=300),
        chain="fake_chain",
    )
    execute(begun, until=parse(LEAD, most=300))
    assert hashes(begun.folder) == hashes(whole.folder)


class Swapped:
    """In groups of seven, last first."""

    def run(self, jobs):
        keys = list(jobs)
        order = [key for i in range(0, len(keys), 7) for key in reversed(keys[i : i + 7])]
        yield from Local(workers=1).run({key: jobs[key] for key in order})


def test_failed_batches_do_not_stop_the_looks(tmp_path):
    """A batch that failed is passed over; the run ends by its rule and tells the failure."""
    text = '{"batch_size": 5, "fails": [12]}'
    with pytest.raises(BatchesFailedError, match="1 batch failed"):
        go(tmp_path / "run", parse(LEAD, most=300), text)
    summary = Results(tmp_path / "run").summary()
    assert summary["stopped"]["met"]
    assert summary["replicates"] == summary["stopped"]["replicates"] - 5


@pytest.mark.parametrize(
    ("text", "most", "words"),
    [
        ("lead_s=5", None, "needs --max"),
        ("lead_s=5", 1, "--max is 1"),
        ("lead_s", 100, "HEADLINE=WIDTH"),
        ("", 100, "is empty"),
        ("leed_s=5", 100, "did you mean 'lead_s'"),
        ("lead_s=-5", 100, "a number above 0"),
        ("lead_s=nan", 100, "a number above 0"),
        ("lead_s=five", 100, "'five'"),
        ("network_cost_musd=5", 100, "does not depend on chance"),
    ],
)
def test_what_is_no_rule_is_refused(text, most, words):
    with pytest.raises(ScenarioError, match=words):
        parse(text, most=most)


def test_a_rule_names_architectures_or_pairs_of_the_run(tmp_path):
    with pytest.raises(ScenarioError, match="did you mean 'integrated'"):
        go(tmp_path / "run", parse("integratd:lead_s=5", most=100))
    assert not (tmp_path / "run").exists()
    study = go(tmp_path / "pair", parse("integrated-shared_warning:lead_s=3", most=200))
    stopped = study.summary()["stopped"]
    figure = study.summary()["differences"]["integrated-shared_warning"]["lead_s"]
    assert figure["high"] - figure["low"] == pytest.approx(stopped["widths"][0]["width"])


def test_neither_a_number_nor_a_shard_beside_a_rule(tmp_path):
    with pytest.raises(ScenarioError, match="not both"):
        go(tmp_path / "a", parse(LEAD, most=100), replicates=50)
    with pytest.raises(ScenarioError, match="a shard has a part"):
        go(tmp_path / "b", parse(LEAD, most=100), shard=Shard(index=0, count=2))


@pytest.mark.parametrize(("batch", "n"), [(1, 30), (7, 35), (10, 30), (40, 40)])
def test_the_first_look_is_at_whole_batches(batch, n):
    until = Until(targets=(Target(headline="lead_s", width=1.0),), most=100)
    assert first_look(until, batch) == n
    assert first_look(Until(targets=until.targets, most=20), batch) == 20


def test_widths_are_those_of_the_intervals():
    """They are not cut to 0..1; a mean's is Student's, 2 x 1.9842 s / sqrt(100), a share's is wider."""
    share = np.r_[np.ones(3), np.zeros(97)]
    leakers = np.arange(100.0)
    found = Measured(
        tuple(range(100)),
        {},
        {("a", "warned_in_time_share"): share, ("a", "leakers"): leakers},
    )
    until = parse("warned_in_time_share=0.1,leakers=1", most=100)
    one, two = reached(until, found, ["a"])
    own = skew_interval(share)
    assert own.low > 0.0
    assert one.width == pytest.approx(own.high - own.low)
    assert one.width > 2 * 1.9842169 * share.std(ddof=1) / 10
    assert two.width == pytest.approx(2 * 1.9842169 * leakers.std(ddof=1) / 10, rel=1e-6)


def test_a_time_that_never_came_keeps_the_interval_open():
    values = np.r_[np.full(20, 50.0), np.full(20, np.nan)]
    found = Measured(tuple(range(40)), {}, {("a", "first_alert_s"): values})
    (width,) = reached(parse("first_alert_s=5", most=100), found, ["a"])
    assert width.width == math.inf


def test_stopped_intervals_cover_slightly_less_than_they_state():
    """2,000 stopped samples of normal values: the mean lies inside in 93 to 95.5 % of them."""
    generator = np.random.Generator(np.random.Philox(11))
    inside = 0
    for _ in range(2000):
        x = generator.standard_normal(400)
        n, due = FIRST, FIRST
        while True:
            half = 1.985 * x[:n].std(ddof=1) / math.sqrt(n)
            if n >= due:
                due = math.ceil(n * rule.FURTHER)
                if 2 * half <= 0.4 or n >= 400:
                    break
            n += 5
        inside += abs(x[:n].mean()) <= half
    assert 0.93 <= inside / 2000 <= 0.955


def measured_leakers(values):
    values = np.array(values, float)
    name = ("integrated", "leakers")
    return Measured(tuple(range(len(values))), {"leakers": "bodies"}, {name: values})


def test_values_that_are_all_the_same_do_not_end_a_run():
    """At a rate of 1 in 20 thirty raids without a leaker are no news: 0.95^30 is 21 %."""
    until = Until(targets=(Target(headline="leakers", width=0.01, where="integrated"),), most=1000)
    widths = reached(until, measured_leakers([0.0] * 30), ["integrated"])
    assert widths[0].width == math.inf
    assert not rule.met(widths)


def test_an_interval_counts_as_wide_as_it_was_before_it_was_cut():
    """One leaker in 30 raids: 1/30 and t(0.975, 29) = 2.0452 times 1/30 on either side."""
    until = Until(targets=(Target(headline="leakers", width=0.12, where="integrated"),), most=1000)
    widths = reached(until, measured_leakers([1.0] + [0.0] * 29), ["integrated"])
    assert widths[0].width == pytest.approx(2 * 2.04523 / 30, rel=1e-4)
    assert not rule.met(widths)
