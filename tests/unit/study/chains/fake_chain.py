"""A chain of a few lines for tests of the study shell: pure, quick, and with faults to order.

Its "scenario" is a small JSON text; keys of it order faults:
`slow_s` (seconds a replicate), `fails` (replicates that raise), `kills` (replicates that end their
worker; with `once`, a file, only the first time).
"""

import hashlib
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np

ARCHITECTURES = ("national", "shared_warning", "integrated")
PAIRS = (("integrated", "shared_warning"), ("integrated", "national"))


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    text: str
    document: dict
    content_hash: str
    variant: str | None
    changes: dict
    variants: tuple
    study: SimpleNamespace
    architectures: dict


def load_text(text, name, *, changes=None, variant=None):
    document = json.loads(text) | dict(changes or {})
    if variant == "late":
        document["delay_s"] = 30.0
    study = SimpleNamespace(
        replicates=document.get("replicates", 12),
        seed=1,
        batch_size=document.get("batch_size", 3),
        keep_full=document.get("keep_full", 5),
        architectures=ARCHITECTURES,
        headline=PAIRS[0],
        beside=PAIRS[1],
    )
    return Scenario(
        name=name,
        title=f"{name} for tests",
        text=text,
        document=document,
        content_hash=hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest(),
        variant=variant,
        changes=dict(changes or {}),
        variants=(SimpleNamespace(name="late", title="later"),),
        study=study,
        architectures=dict.fromkeys(ARCHITECTURES),
    )


def load(scenario, *, changes=None, variant=None):
    """Any text is a scenario here: `{...}` itself, or a path to it."""
    text = str(scenario)
    if not text.startswith("{"):
        text = Path(text).read_text()
    return load_text(text, "fake", changes=changes, variant=variant)


def prepare(scenario):
    return {"pid": os.getpid(), "threads": os.environ.get("OMP_NUM_THREADS")}


def replicate(scenario, context, *, seed, number, architectures, keep):
    order_faults(scenario.document, number)
    truth = uniforms(seed, number, 0)
    gains = {"national": 0.0, "shared_warning": 15.0, "integrated": 40.0}
    metrics, alerts = [], []
    for name in architectures:
        noise = uniforms(seed, number, 1 + ARCHITECTURES.index(name))
        first = (
            100.0
            + 50 * truth[0]
            - gains[name]
            + 2 * noise[0]
            + scenario.document.get("delay_s", 0.0)
        )
        never = truth[1] < 0.2 and name == "national"
        values = {
            "first_detection_s": (first, "s"),
            "first_alert_s": (np.inf if never else first + 60, "s"),
            "undetected_share": (0.0, "1"),
            "lead_s": (-np.inf if never else 500 - first, "s"),
            "lead_s.Okinawa": (-np.inf if never else 450 - first, "s"),
            "warned_in_time_share": (0.0 if never else 0.5 + 0.5 * truth[2], "1"),
            "false_alert_share": (np.nan if truth[3] < 0.3 else truth[3], "1"),
            "missed_people": (1e5 * never, "people"),
            "leakers": (float(truth[2] < 0.5), "bodies"),
            "network_cost_musd": (gains[name], "million USD"),
            "network_cost_musd_low": (gains[name] / 2, "million USD"),
            "network_cost_musd_high": (gains[name] * 2, "million USD"),
        }
        metrics += [(number, name, m, float(v), u) for m, (v, u) in values.items()]
        if not never:
            alerts.append((number, name, first + 60, "Exercise"))
    tables = {
        "alerts": columns(("replicate", "architecture", "t_issue_s", "status"), alerts),
        "metrics": columns(("replicate", "architecture", "metric", "value", "unit"), metrics),
    }
    if keep:
        tables["flights"] = {
            "replicate": np.full(4, number),
            "t_s": np.arange(4.0),
            "r_m": truth.reshape(4, 1) * np.ones((4, 3)),
        }
    return tables


def uniforms(seed, number, entity):
    """Addressed like the real draws, but without Numba, so that workers start quickly."""
    return np.random.Generator(
        np.random.Philox(key=[seed, entity], counter=[0, 0, 0, number])
    ).random(4)


def columns(names, rows):
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def order_faults(document, number):
    time.sleep(document.get("slow_s", 0.0))
    if number in document.get("fails", ()):
        raise ValueError(f"replicate {number} was told to fail")
    if number in document.get("kills", ()):
        once = document.get("once")
        if once is None or not Path(once).exists():
            if once is not None:
                Path(once).touch()
            os.kill(os.getpid(), signal.SIGKILL)
