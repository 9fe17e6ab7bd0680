"""Ctrl-C that comes while the tracker runs ends in an exception, never in a crash of the process."""

import subprocess
import sys

CHILD = """
import signal, time
from hinomi.benchmark.cases import case, realise
from hinomi.track.follow import follow

def stop(number, frame):
    raise KeyboardInterrupt

one = case("glide-bank")
_, plots = realise(one, 0)
def work():
    follow(plots, settings=one.scenario.tracking, picture="own")
work()
begin = time.perf_counter()
work()
whole = time.perf_counter() - begin
signal.signal(signal.SIGALRM, stop)
caught = 0
for k in range(30):
    try:
        signal.setitimer(signal.ITIMER_REAL, whole * (0.2 + 0.02 * k))
        work()
    except (KeyboardInterrupt, SystemError):
        caught += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
print(caught)
"""


def test_an_interruption_inside_the_tracker_is_an_exception():
    done = subprocess.run(
        [sys.executable, "-c", CHILD], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert int(done.stdout) > 0
