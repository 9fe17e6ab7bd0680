"""Jobs for engine tests; light, so that workers start quickly."""

import os
import signal
import sys
import time
from pathlib import Path


def answer(value):
    return value


def slow_answer(value, seconds):
    time.sleep(seconds)
    return value


def fail(words):
    raise ValueError(words)


def die(once=None):
    if once is None or not Path(once).exists():
        if once is not None:
            Path(once).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "lived"


def die_later(seconds):
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)


def surroundings():
    return {
        "threads": os.environ["NUMBA_NUM_THREADS"],
        "numpy": "numpy" in sys.modules,
        "sigint_blocked": signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()),
    }


def sleep_and_tell(path, seconds):
    Path(path).write_text(str(os.getpid()))
    time.sleep(seconds)
