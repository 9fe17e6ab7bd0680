"""Places of one's own on the command line: shown as a scenario would use them, mistakes told."""

import json

import pytest

BOX = [[[9.5, 50.0], [10.0, 50.0], [10.0, 50.5], [9.5, 50.5], [9.5, 50.0]]]


def written(folder, **properties):
    """A file of one town; properties replace its own, None leaves one out."""
    own = {"code": "W", "name": "Westtown", "population": 1000} | properties
    own = {k: v for k, v in own.items() if v is not None}
    shape = {"type": "Polygon", "coordinates": BOX}
    feature = {"type": "Feature", "properties": own, "geometry": shape}
    document = {"type": "FeatureCollection", "name": "Midland", "features": [feature]}
    path = folder / "mine.geojson"
    path.write_text(json.dumps(document))
    return path


def test_a_regions_file_is_shown_group_by_group_with_its_hash(program, tmp_path):
    code, out, _ = program("places", "show", written(tmp_path))
    assert code == 0
    assert "1,000  Midland (1 place)" in out
    assert "W  1,000 people  1976.5 km2  Westtown" in out  # R^2 dlon (sin 50.5 - sin 50)
    assert "mine.geojson (SHA-256 " in out


def test_a_long_group_is_cut_and_says_so(program, tmp_path):
    path = written(tmp_path)
    document = json.loads(path.read_text())
    document["features"] = [
        {
            "type": "Feature",
            "properties": {"code": n, "name": f"Town {n}", "population": 1},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[n / 10 + x, 50.0 + y] for x, y in
                                 ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1), (0, 0))]],
            },
        }
        for n in range(60)
    ]  # fmt: skip
    path.write_text(json.dumps(document))
    code, out, _ = program("places", "show", path)
    assert code == 0
    assert "... and 10 more" in out
    assert "60 places, 60 people" in out


@pytest.mark.parametrize(
    ("properties", "words"),
    [({"population": None}, "feature 1 (W): no population"), ({"code": ""}, "no code")],
)
def test_a_mistake_in_the_file_ends_with_code_2_and_names_the_feature(
    program, tmp_path, properties, words
):
    code, out, err = program("places", "show", written(tmp_path, **properties))
    assert (code, out) == (2, "")
    assert words in err


def test_a_file_that_is_not_there_is_told(program):
    code, _, err = program("places", "show", "gone.geojson")
    assert code == 2
    assert "gone.geojson: no such file" in err


def test_municipalities_of_japan_are_shown_as_before(program):
    code, out, _ = program("places", "show", "47201")
    assert code == 0
    assert "Naha" in out
