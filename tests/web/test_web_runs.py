"""Stored results: what the interface tells is what the run's own tables and summary say."""

import csv
import gzip
import io
import json

import pytest

RUN = "small-run"
PAIR = ("shared_warning", "integrated")


def test_the_list_names_the_run_with_its_plan(client, study):
    told = client.get("/api/runs").json()
    (row,) = told["runs"]
    plan = study.plan
    assert (row["id"], row["scenario"], row["seed"]) == (RUN, plan.scenario, plan.seed)
    assert (row["replicates"], row["finished"], row["complete"]) == (2, 2, True)
    assert (tuple(row["architectures"]), row["kept"], row["has_tracks"]) == (PAIR, 2, True)
    assert (told["total"], told["answers"], row["has_report"]) == (1, [], True)


def test_a_run_tells_its_summary_and_every_difference_with_a_word(client, study):
    told = client.get(f"/api/runs/{RUN}").json()
    assert told["summary"] == json.loads((study.folder / "summary.json").read_text())
    (difference,) = told["differences"]
    assert difference["pair"] == ["integrated", "shared_warning"]
    own = study.summary()["differences"]["integrated-shared_warning"]
    assert {r["name"]: r["value"] for r in difference["rows"]} == {
        name: entry["value"] for name, entry in own.items()
    }
    # Few raids that agree, but not on 0, tell no sign.
    open_ended = [r for r in difference["rows"] if r["low"] is None or r["low"] == r["high"] != 0]
    assert all(r["reads"] for r in difference["rows"] if r not in open_ended)


def test_headlines_have_names_in_both_languages_and_the_units_of_the_summary(client):
    told = client.get(f"/api/runs/{RUN}").json()
    figures = told["summary"]["architectures"]["integrated"]
    assert [h["name"] for h in told["headlines"]] == list(figures)
    for headline in told["headlines"]:
        assert headline["unit"] == figures[headline["name"]]["unit"]
        assert headline["direction"] in (-1, 0, 1)
        assert headline["en"].isascii()
        assert not headline["ja"].isascii()
    assert told["banner"]["kind"] == "STUDY"
    assert all(said["en"] and said["ja"] for said in told["answer"])


def test_tables_are_the_runs_own(client, study):
    told = {t["name"]: t for t in client.get(f"/api/runs/{RUN}/tables").json()["tables"]}
    assert set(told) == set(study.tables)
    for name, table in told.items():
        own = study.table(name)
        assert table["rows"] == own.num_rows
        assert [c["name"] for c in table["columns"]] == own.column_names


def test_pages_of_a_table_put_together_are_the_table(client, study):
    own = study.table("warned").to_pylist()
    rows, offset = [], 0
    while True:
        path = f"/api/runs/{RUN}/tables/warned?offset={offset}&limit=7"
        page = client.get(path).json()
        if not page["rows"]:
            break
        rows += page["rows"]
        offset += 7
    assert page["total"] == len(own) == len(rows)
    assert [r[2:4] for r in rows] == [[o["body"], o["place_code"]] for o in own]


def test_a_table_can_be_filtered(client, study):
    path = f"/api/runs/{RUN}/tables/metrics?architecture=integrated&replicate=1&limit=5000"
    page = client.get(path).json()
    mine = [
        r
        for r in study.table("metrics").to_pylist()
        if (r["architecture"], r["replicate"]) == ("integrated", 1)
    ]
    assert page["total"] == len(mine) > 0
    names = [c["name"] for c in page["columns"]]
    assert [dict(zip(names, r, strict=True))["metric"] for r in page["rows"]] == [
        m["metric"] for m in mine
    ]


def test_csv_says_what_it_is_and_holds_the_same_rows(client):
    path = f"/api/runs/{RUN}/tables/alerts?limit=3"
    answer = client.get(f"{path}&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="study-' in answer.headers["content-disposition"]
    first, *rest = answer.text.splitlines()
    assert first.startswith("# STUDY - computed from notional data, not a warning")
    rows = list(csv.reader(io.StringIO("\n".join(rest))))
    page = client.get(path).json()
    assert rows[0] == [c["name"] for c in page["columns"]]
    assert [r[1] for r in rows[1:]] == [r[1] for r in page["rows"]]


def test_files_are_sent_as_they_lie(client, study):
    for name in ("summary.json", "run.json", "plan.json", "report.html", "events.jsonl"):
        answer = client.get(f"/api/runs/{RUN}/files/{name}")
        assert answer.content == (study.folder / name).read_bytes()


def test_stored_answers_are_gzipped_and_not_sent_twice(client):
    path = f"/api/runs/{RUN}"
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
    plain = client.get(path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    again = client.get(path, headers={"if-none-match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_answers_never_hold_what_is_no_json_number(client):
    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    for path in (
        "",
        "/people",
        "/replay",
        "/tables/metrics?limit=5000",
        "/tables/clock?limit=5000",
    ):
        json.loads(client.get(f"/api/runs/{RUN}{path}").text, parse_constant=refuse)


@pytest.mark.parametrize(
    ("path", "way_out"),
    [
        ("runs/none", "GET /api/runs"),
        (f"runs/{RUN}/tables/none", "this run has"),
        (f"runs/{RUN}/files/none", "this folder offers"),
        (f"runs/{RUN}/people?architecture=none", "shared_warning, integrated"),
        (f"runs/{RUN}/replay?replicate=2", "--keep-tracks"),
        (f"runs/{RUN}/replay?architecture=none", "choose one of those"),
        (f"sweeps/{RUN}", "this folder offers"),
        (f"answers/{RUN}", "GET /api/runs"),
        ("scenarios/none", "GET /api/scenarios"),
        ("launches/1999-01-01", "GET /api/launches"),
        ("jobs/j999", "GET /api/jobs"),
        ("whatif/none", "GET /api/scenarios"),
        ("none", "openapi.json"),
    ],
)
def test_what_is_not_there_is_told_with_the_way_out(client, path, way_out):
    answer = client.get(f"/api/{path}")
    told = answer.json()
    assert answer.status_code == 404
    assert set(told) == {"error", "value", "limit", "way_out"}
    assert way_out in told["way_out"]


def test_a_damaged_run_is_told_and_the_others_are_still_listed(own, tmp_path, made):
    import shutil

    root = tmp_path / "results"
    shutil.copytree(made, root / "good")
    (root / "bad").mkdir()
    (root / "bad" / "plan.json").write_text("{")
    told = {r["id"]: r for r in own().get("/api/runs").json()["runs"]}
    assert told["good"]["problem"] is None
    assert "damaged" in told["bad"]["problem"]


def test_an_answer_that_was_left_in_a_folder_is_found(own, tmp_path):
    folder = tmp_path / "results" / "swept"
    folder.mkdir(parents=True)
    content = {"format": "hinomi/sweep/1", "scenario": "okinawa-2025", "title": "a sweep"}
    (folder / "sweep.json").write_text(json.dumps(content))
    asking = own()
    (row,) = asking.get("/api/runs").json()["answers"]
    assert (row["id"], row["kind"], row["title"]) == ("swept", "sweep", "a sweep")
    assert asking.get("/api/sweeps/swept").json() == content
    told = asking.get("/api/answers/swept").json()
    assert (told["kind"], told["content"]) == ("sweep", content)


def test_outlines_are_wound_for_maps_on_a_sphere(client):
    import shapely

    for kind, digits in (("municipality", 5), ("prefecture", 2)):
        told = client.get(f"/api/outlines?kind={kind}").json()
        for feature in told["features"][::40]:
            assert len(feature["properties"]["code"]) == digits
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            assert not any(p.exterior.is_ccw for p in shapely.get_parts(shape))


def test_places_are_the_census(client):
    told = client.get("/api/places").json()["places"]
    naha = next(p for p in told if p["code"] == "47201")
    assert len(told) == 1741
    # Census of 1 October 2020, Statistics Bureau of Japan.
    assert (naha["ja"], naha["population"]) == ("那覇市", 317_625)
    assert sum(p["population"] for p in told) == pytest.approx(126_146_099, rel=1e-4)


def test_the_world_has_the_countries_once(client):
    told = client.get("/api/world").json()
    names = [g["properties"]["name"] for g in told["objects"]["countries"]["geometries"]]
    assert told["type"] == "Topology"
    assert names.count("Japan") == 1
