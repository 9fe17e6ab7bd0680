"""Run the numbered examples and write docs/gallery.md with what they print and draw.

    python examples/make_gallery.py [NUMBER ...]

Without numbers all of them run, which takes some minutes; the page holds all in any case. Runs are
kept in results/gallery below the current folder, so that a second call is quick.
"""

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
PICTURES = DOCS / "images" / "gallery"
HEAD = """\
# Gallery

One question, one short program, one answer with its interval, one picture.
The programs are in `examples/`; each runs as it stands and writes its picture into the current folder:

```sh
python examples/01_minute_of_warning.py
```

What is printed and drawn here was made with {n} replicates (the default).
`HINOMI_EXAMPLE_N=100` before the command narrows the intervals and takes longer; the tests run every program with 2.
All intervals hold chance only, unless a line says that they hold an assumption.
The scenarios are notional: read differences, not forecasts.
This page is written by `python examples/make_gallery.py`.
"""
ENTRY = """
## {number}. {question}

{words}

![{question}](images/gallery/{stem}.png)

```{{literalinclude}} images/gallery/{stem}.txt
:language: text
```

```{{raw}} html
<details><summary>examples/{stem}.py</summary>
```

```{{literalinclude}} ../examples/{stem}.py
:language: python
```

```{{raw}} html
</details>
```
"""


def numbered():
    return sorted(HERE.glob("[0-9][0-9]_*.py"))


def run(script, place):
    """Run one example in a folder; keep what it prints and draws."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - a file of this folder
        [sys.executable, str(script.resolve())],
        cwd=place,
        capture_output=True,
        text=True,
        check=True,
    )
    (PICTURES / f"{script.stem}.txt").write_text(done.stdout, encoding="utf-8")
    (place / f"{script.stem}.png").replace(PICTURES / f"{script.stem}.png")
    print(f"{script.name}: {time.perf_counter() - began:.0f} s")


def entry(script):
    """Question and words of a docstring, without the sentence that names the picture."""
    told = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8")))
    question, _, words = told.partition("\n\n")
    words = " ".join(words.split()).partition(" Draws ")[0]
    return ENTRY.format(
        number=int(script.stem[:2]), question=question, words=words, stem=script.stem
    )


def page(n="20"):
    return HEAD.format(n=n) + "".join(entry(script) for script in numbered())


def main(wanted):
    place = Path("results") / "gallery"
    place.mkdir(parents=True, exist_ok=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for script in numbered():
        if not wanted or script.stem[:2] in wanted:
            run(script, place)
    n = os.environ.get("HINOMI_EXAMPLE_N", "20")
    (DOCS / "gallery.md").write_text(page(n), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
