"""What each command does with wrong input: `python tests/acceptance/bad_input.py` writes the page."""

import contextlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/bad_input.md"
FILES = {
    "broken.toml": 'format = "hinomi/scenario/1\n',
    "typo.toml": 'format = "hinomi/scenario/1"\nname = "typo"\nlike = "okinawa-2025"\n\n[warning]\nhit_treshold = 0.02\n',
    "range.toml": 'format = "hinomi/scenario/1"\nname = "range"\nlike = "okinawa-2025"\n\n[warning]\nhit_threshold = 3\n',
    "fine_aim.toml": (
        'format = "hinomi/scenario/1"\nname = "fine"\nlike = "okinawa-2025"\n\n[[threats]]\n'
        'name = "a"\nclass = "mrbm_liquid"\nstart_low_s = 0\nstart_high_s = 60\n'
        "apogee_low_km = 200\napogee_high_km = 300\n"
        'aims = [{ name = "X", lat_deg = 26.21, lon_deg = 127.68 }]\n'
    ),
    "claims.csv": "what,ever\n1,2\n",
    "message.xml": '<!DOCTYPE alert [<!ENTITY a "x">]><alert>&a;</alert>',
    "not.xml": "this is no message",
    "places.geojson": '{"type": "FeatureCollection", "features": []}',
    "plan.toml": (
        'format = "hinomi/drill/1"\nname = "towns"\ntitle = "Towns"\nscenario = "okinawa-2052"\n'
        '[clock]\nspeeed = 10\n[[participants]]\nname = "a"\nplaces = ["99999"]\n'
    ),
    "empty.toml": "",
    "fine_tilt.toml": (
        'format = "hinomi/scenario/1"\nname = "tilt"\nlike = "replay-2023-08-24"\n\n[[threats]]\n'
        'name = "a"\nclass = "slv3"\nstart_low_s = 0\nstart_high_s = 60\nazimuth_deg = 163\nkick_deg = 0.55\n'
        'site = { name = "x", lat_deg = 39.7, lon_deg = 124.7, source = "maps" }\n'
    ),
    "deep.json": "[" * 20_000 + "]" * 20_000,
}
ASKED = [  # what is wrong, in words -> the command
    ("a word that is no command", "runn okinawa-2025"),
    ("no such scenario", "run okinawa-2052"),
    ("a file that is no TOML", "check broken.toml"),
    ("a key with a typing mistake", "check typo.toml"),
    ("a value outside its range", "check range.toml"),
    ("an aim finer than 0.1 degree", "check fine_aim.toml"),
    ("a tilt finer than 0.1 degree", "check fine_tilt.toml"),
    ("an empty scenario", "check empty.toml"),
    ("an empty plan", "evacuate empty.toml"),
    ("empty claims", "evidence --file empty.toml"),
    ("no replicates", "run okinawa-2025 -n 0"),
    ("replicates that are no number", "run okinawa-2025 -n many"),
    ("an unknown architecture", "run okinawa-2025 --architectures integrated,nation"),
    ("an unknown variant", "run okinawa-2025 --variant leo8"),
    ("a threat's key varied (fence)", "run okinawa-2025 --set threats[gliders].class=slv3"),
    ("a value that is missing", "run okinawa-2025 --set warning.compliance"),
    ("an unknown headline", "run okinawa-2025 --until-ci lead=5 --max 10"),
    ("a shard that is not there", "run okinawa-2025 --shard 4/4"),
    ("one architecture to compare", "compare okinawa-2025 --architectures integrated"),
    ("a folder that is no run", "resume ."),
    ("a folder that is not there", "report nowhere"),
    ("the same", "verify nowhere"),
    ("the same", "export nowhere --format kml"),
    ("a format that is not written", "export . --format shp"),
    ("nothing to compare with", "diff nowhere elsewhere"),
    ("nothing to gather", "merge nowhere -o whole"),
    ("an unknown class", "fly mrbm --from 39,126 --to 33,131 --apogee-km 300"),
    (
        "an apogee that cannot be flown",
        "fly mrbm_liquid --from 39,126 --to 33,131 --apogee-km 30000",
    ),
    (
        "an aim finer than 0.1 degree",
        "fly mrbm_liquid --from 39.0,126.0 --to 33.12,131.0 --apogee-km 300",
    ),
    ("a latitude beyond the pole", "fly mrbm_liquid --from 99,126 --to 33,131 --apogee-km 300"),
    ("an unknown sensor", "coverage okinawa-2025 --sensors Nowhere"),
    ("a cell of no size", "footprint okinawa-2025 --cell-km 0"),
    ("a raid of none", "leakage --raid 0 --kill 0.7 --want 0.8"),
    ("a probability above one", "leakage --raid 10 --kill 1.7 --want 0.8"),
    ("an unknown supplier", "sustain okinawa-2025 --without nobody"),
    ("an unknown topic", "evidence weather"),
    ("an unknown number", "explain okinawa-2025 --trace nothing.at.all"),
    ("no launch of that day", "audit 2017-08-30"),
    ("a file of claims without its columns", "audit claims.csv"),
    ("two of three figures missing", "audit --range-km 2700"),
    ("a launch that cannot be replayed", "replay 1998-08-31"),
    ("an unknown number to move", "sensitivity okinawa-2025 --keys nothing.*"),
    ("an entity in a message", "alert check message.xml"),
    ("no XML at all", "alert show not.xml"),
    ("a file that is not there", "alert verify nowhere.xml --trust nowhere.toml"),
    ("nobody to tell", "alert compose --kind launch -o made.xml"),
    ("an unknown kind", "alert compose --kind lunch --prefecture Okinawa -o made.xml"),
    (
        "a real alert asked for",
        "alert compose --kind launch --prefecture Okinawa --status actual -o made.xml",
    ),
    ("keys for real alerts", "alert keys --status actual -o made"),
    ("keys that are valid for no day", "alert keys --days 0 -o made"),
    ("a key that is not there", "alert sign not.xml --key k.pem --certificate c.pem -o made.xml"),
    ("an unknown municipality", "places show 99999"),
    ("parts that only a checkout has", "places build nowhere.csv --to made"),
    ("boundaries without any place", "places import places.geojson"),
    ("nesting beyond the limit", "places import deep.json"),
    ("an unknown case", "benchmark write made --case nothing"),
    ("no realisations", "benchmark write made --seeds 0"),
    ("a set that is not there", "benchmark run nowhere -o made"),
    ("the same", "benchmark score nowhere tracks"),
    ("a word too many", "benchmark trackers all"),
    ("an unknown tracker", "run depressed-2022 -n 1 --tracker mine"),
    ("an unknown rule", "rules okinawa-2025 --rule earliest"),
    ("no such scenario to print", "scenarios okinawa"),
    ("no such launch", "launches 2017-08-30"),
    ("replicates below one", "integration okinawa-2025 -n 0"),
    ("no raids", "raid okinawa-2025 -n 0"),
    ("a file in place of a run", "verify typo.toml"),
    ("a folder in place of a file", "places import ."),
    ("sizes that are no numbers", "raid okinawa-2025 --sizes few"),
    ("no launches", "calibrate -n 0 -o made"),
    ("a sweep of nothing", "sweep okinawa-2025"),
    ("a threat swept (fence)", "sweep okinawa-2025 --vary threats[*].class=a,b"),
    (
        "a design that is none",
        "sweep okinawa-2025 --vary warning.compliance=0.05:0.3:3 --design best",
    ),
    ("a port beyond the last", "serve --port 70000"),
    ("no folder for an exercise", "live okinawa-2025"),
    ("an actual alert asked for", "live okinawa-2025 --folder made --mode actual"),
    ("a speed of nothing", "live okinawa-2025 --folder made --speed 0"),
    ("a receiver of no place", "receive --from http://127.0.0.1:1 --folder made"),
    ("nobody at the address", "receive --from http://127.0.0.1:1 --places 47201 --folder made"),
    ("a folder that is no receiver's", "receive show nowhere"),
    ("the same", "receive confirm nowhere"),
    ("a drill plan with mistakes", "drill plan plan.toml"),
    ("a plan that is not there", "drill run nowhere.toml -o made"),
    ("a folder that is no exercise", "drill review nowhere"),
    ("an unknown season", "evacuate --season monsoon"),
    ("a word too many", "schema okinawa-2025"),
]


def answer(words, folder):
    """Exit code and what was said, in a folder that holds the bad files."""
    from hinomi.cli import main

    out, err, here, old = io.StringIO(), io.StringIO(), Path.cwd(), sys.argv
    sys.argv = ["hinomi", *words.split()]
    try:
        os.chdir(folder)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code or 0
    finally:
        os.chdir(here)
        sys.argv = old
    return code, (err.getvalue() or out.getvalue()).strip()


def told(text, folder):
    """The first lines of a message, without this machine's folders and its system's words."""
    text = re.sub(r"\[(?:Errno|WinError) \d+\][^;]*", "(what the system says)", text)
    lines = [
        re.sub(r"\s+", " ", line).strip() for line in text.replace(str(folder), "").splitlines()
    ]
    kept = [line.lstrip("/") for line in lines if line and not line.startswith(("Usage:", "Try "))]
    line = " ".join(kept[:2]) if kept else ""
    return (line[:237] + "...") if len(line) > 240 else line


def rows():
    """Command, what is wrong, exit code, message."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for file, text in FILES.items():
            (folder / file).write_text(text)
        for wrong, words in ASKED:
            code, text = answer(words, folder)
            yield words, wrong, code, told(text, folder), text


def page(found):
    """The page as text."""
    lines = [
        "# What wrong input does",
        "",
        "Every command says what is wrong, the value, the limit and the way out, and ends with 2 (wrong use or bad input)",
        "or 1 (a check that found mistakes); never with a traceback, and what was computed before stays.",
        "This table is made by running the commands; a test compares it with what they say today.",
        "",
        "| what is wrong | command | code | what is said, from the beginning |",
        "|---|---|---|---|",
    ]
    for words, wrong, code, message, _ in found:
        said = message.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
        lines.append(
            f"| {wrong} | `hinomi {words}` | {code} | {said} |".replace(
                "`hinomi " + words, "`hinomi " + words.replace("|", "\\|")
            )
        )
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(list(rows())), encoding="utf-8")
