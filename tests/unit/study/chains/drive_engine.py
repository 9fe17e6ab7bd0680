"""A driver with two workers that sleep, to be ended from outside."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

if __name__ == "__main__":
    import fake_jobs

    from hinomi.study.engine import Local

    jobs = {name: (fake_jobs.sleep_and_tell, (name, 60.0)) for name in sys.argv[1:]}
    list(Local(workers=2).run(jobs))
