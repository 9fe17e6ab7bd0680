"""The page on Python names everything that is offered, and its programs run as they stand."""

import re
from pathlib import Path

import hinomi as hm

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NOT_INSTALLED = re.compile(
    r"^(import (polars|pandas)|pl\.|pd\.|warned\.to_pandas).*$", re.MULTILINE
)


def test_every_public_name_is_on_the_page():
    for name in (*hm.__all__, "open"):
        assert name in PAGE.replace("a `Study`", "Study"), name


def test_every_question_to_a_study_is_on_the_page():
    public = {name for name in vars(hm.Study) if not name.startswith("_")}
    told = set(re.findall(r"(?<!hinomi\.)study\.(\w+)", PAGE))
    left_out = {"query", "manifest"}  # the older name of sql, and what run.json holds
    assert public - left_out == told


def test_the_programs_run(tmp_path, monkeypatch):
    """One after another, as a reader would type them, with two replicates."""
    from hinomi.study import montecarlo, warm

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(montecarlo, "default_workers", lambda: 1)
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    assert len(BLOCKS) == 5
    hm.run("okinawa-2025", replicates=1, seed=1, quiet=True, out="results/mine",
           architectures=["national"])  # fmt: skip
    known = {"__name__": "__main__"}
    for block in BLOCKS:
        text = NOT_INSTALLED.sub("", block).replace("replicates=50", "replicates=2, quiet=True")
        exec(compile(text, "docs/python.md", "exec"), known)
    assert known["leo"].difference("lead_s", against=known["none"])["integrated"]["n"] == 2
    assert len(known["tracks"].t_s) > 100
