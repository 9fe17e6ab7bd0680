"""The sources of the pages: words, palette, lock, symbols, and the check that a wheel holds the built pages."""

import gzip
import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FRONT = ROOT / "frontend"
SRC = FRONT / "src"
STATIC = ROOT / "src/hinomi/web/static"
SYMBOLS = ROOT / "src/hinomi/data/symbols"
THEMES = json.loads((SRC / "palette.json").read_text())
NEEDED = "node_modules is not there (make web)"


def absent(why):
    """Skip, but not where everything has to be there."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)


def words(language):
    return {p.stem: json.loads(p.read_text()) for p in (SRC / "words" / language).glob("*.json")}


def test_both_languages_have_the_same_texts_with_the_same_blanks():
    english, japanese = words("en"), words("ja")
    assert english.keys() == japanese.keys()
    assert "shell" in english
    for view, texts in english.items():
        assert texts.keys() == japanese[view].keys(), view
        for key, text in texts.items():
            blanks = re.compile(r"\{(\w+)\}")
            assert set(blanks.findall(text)) == set(blanks.findall(japanese[view][key])), (
                view,
                key,
            )
            assert text.strip(), (view, key)


@pytest.mark.parametrize("view", ["shell", "map"])
def test_japanese_texts_are_japanese(view):
    both = zip(words("en")[view].items(), words("ja")[view].values(), strict=True)
    same = {key for (key, english), japanese in both if english == japanese}
    # The banner and the line on boundaries are bilingual by themselves; drawings hold no Japanese.
    allowed = {"banner.en", "banner.ja", "vintage.boundaries", "strip.altitude", "strip.time"}
    assert same <= allowed


def test_every_text_that_the_map_and_the_shell_ask_for_exists():
    known = {key for name in ("shell", "map") for key in words("en")[name]}
    files = [
        *SRC.glob("*.ts"),
        *SRC.glob("map/*.ts"),
        *SRC.glob("globe/*.ts"),
        SRC / "views/map.ts",
    ]
    asked = {
        (path.name, key)
        for path in files
        for key in re.findall(r"\bsay\(\"([\w.]+)\"", path.read_text())
    }
    assert len(asked) > 60
    assert not {pair for pair in asked if pair[1] not in known}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio of WCAG 2.1."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_marks_stand_out_from_their_ground(theme):
    p = THEMES[theme]
    for text in ("ink", "quiet"):
        for ground in ("ground", "panel", "raise"):
            assert contrast(p[text], p[ground]) >= 4.5, (text, ground)
    marks = ("ballistic", "glide", "cruise", "satellite", "radar", "battery", "track", "edge")
    for mark in marks:
        for ground in ("sea", "land"):
            assert contrast(p[mark], p[ground]) >= 3.0, (mark, ground)
    assert contrast(p["halo"], p["ink"]) >= 7.0
    for banner in ("#56B4E9", "#F0E442"):
        assert contrast("#000000", banner) >= 4.5


def test_both_themes_name_the_same_colours():
    assert THEMES["dark"].keys() == THEMES["light"].keys()


def test_versions_are_exact_and_the_lock_names_no_address_to_fetch_from():
    package = json.loads((FRONT / "package.json").read_text())
    for group in ("dependencies", "devDependencies"):
        for name, version in package[group].items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), (name, version)
    lock = (FRONT / "package-lock.json").read_text()
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
    assert "registry" not in lock


def test_pages_ask_for_nothing_from_elsewhere():
    for path in [FRONT / "index.html", *SRC.rglob("*.ts"), *SRC.rglob("*.css")]:
        found = re.findall(
            r"(?:https?:)?//[\w-]+\.[\w.]+",
            re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE),
        )
        assert not [x for x in found if "www.w3.org" not in x], path


def test_symbols_carry_their_context_and_are_those_of_the_generator(tmp_path):
    names = {p.name for p in SYMBOLS.glob("*.svg")}
    kinds = ("missile", "satellite", "space_vehicle", "radar", "battery")
    assert names == {f"{kind}_{context}.svg" for kind in kinds for context in ("exercise", "study")}
    for kind in kinds:
        # The letter of the context is a text beside the frame: S for a simulation; X or K for an exercise.
        assert re.search(r"<text[^>]*>S</text>", (SYMBOLS / f"{kind}_study.svg").read_text()), kind
        exercise = (SYMBOLS / f"{kind}_exercise.svg").read_text()
        assert re.search(r"<text[^>]*>[XK]</text>", exercise), kind
    node = shutil.which("node")
    if not node or not (FRONT / "node_modules/milsymbol").is_dir():
        absent(NEEDED)
    subprocess.run([node, "symbols.mjs", str(tmp_path)], cwd=FRONT, check=True, timeout=60)
    for name in names:
        assert (tmp_path / name).read_text() == (SYMBOLS / name).read_text(), name


def hook(root, version):
    pytest.importorskip("hatchling")
    spec = importlib.util.spec_from_file_location("build_check", ROOT / "build_check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = module.WebPages(str(root), {}, None, None, str(root), "wheel")
    found.initialize(version, {})


def test_a_wheel_without_pages_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(RuntimeError, match=r"index\.html.*make web.*Node 20"):
        hook(tmp_path, "standard")
    hook(tmp_path, "editable")
    static = tmp_path / "src/hinomi/web/static"
    for name in ("cesium/Workers", "cesium/Assets"):
        (static / name).mkdir(parents=True)
    for name in ("index.html", "manifest.json"):
        (static / name).write_text("x")
    hook(tmp_path, "standard")


def zipped(paths):
    return sum(len(gzip.compress(p.read_bytes(), 9)) for p in paths)


def test_built_pages_keep_their_budgets():
    if not (STATIC / "manifest.json").is_file():
        absent("the pages are not built (make web)")
    manifest = json.loads((STATIC / "manifest.json").read_text())
    globe = {STATIC / e["file"] for e in manifest.values() if "globe" in e["file"]}
    assert len(globe) == 1
    rest = set(STATIC.glob("assets/*")) - globe | {STATIC / "index.html"}
    assert zipped(rest) < 300_000
    assert zipped(globe) < 1_500_000
    for entry in manifest.values():
        assert (STATIC / entry["file"]).is_file()
