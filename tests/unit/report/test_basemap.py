"""Maps: projection against closed forms, what every picture says, what its file holds."""

import math
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hinomi.earth.geodesic import sphere_inverse
from hinomi.errors import FenceError, ScenarioError
from hinomi.report import basemap
from hinomi.report.mapview import View
from hinomi.scenario.places import load_places
from hinomi.study import banner as words

OKINAWA = {"centre_lat_deg": 28.5, "centre_lon_deg": 128.0, "half_width_km": 900.0}
VIEW = View(**OKINAWA, half_height_km=900.0)


@pytest.fixture
def axes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    with matplotlib.rc_context(basemap.STYLE):
        figure, axes = plt.subplots(figsize=(7.2, 7.6))
        figure.subplots_adjust(0.02, 0.09, 0.98, 0.95)
        yield axes
    plt.close(figure)


def test_distance_and_bearing_from_the_centre_are_true():
    for lat, lon in ((26.2, 127.7), (43.0, 141.4), (39.0, 125.7), (-30.0, 170.0)):
        x, y = VIEW.xy(lat, lon)
        distance_m, bearing = sphere_inverse(*np.radians([28.5, 128.0, lat, lon]))
        assert math.hypot(x, y) == pytest.approx(distance_m / 1e3, rel=1e-9)
        assert math.atan2(x, y) % (2 * math.pi) == pytest.approx(bearing, abs=1e-9)


def test_the_way_back_and_the_centre():
    lat, lon = np.array([28.5, 20.0, 60.0]), np.array([128.0, 100.0, 175.0])
    back = VIEW.lat_lon(*VIEW.xy(lat, lon))
    assert np.allclose(back[0], lat, atol=1e-9)
    assert np.allclose(back[1], lon, atol=1e-9)
    assert np.allclose(VIEW.xy(28.5, 128.0), 0.0)


def test_bounds_hold_the_view_also_at_a_pole_and_the_date_line():
    south, north, west, east = VIEW.bounds()
    edge = np.linspace(-900.0, 900.0, 101)
    lat, lon = VIEW.lat_lon(edge, np.full(101, 900.0))
    assert south <= lat.min()
    assert lat.max() <= north
    assert west <= lon.min()
    assert lon.max() <= east
    pole = View(
        centre_lat_deg=80.0, centre_lon_deg=0.0, half_width_km=2_000.0, half_height_km=2_000.0
    )
    assert pole.bounds()[1] == 90.0
    assert pole.bounds()[3] - pole.bounds()[2] == 360.0


def drawing(axes, **more) -> str:
    view = basemap.draw_base(axes, **(OKINAWA | more))
    places = load_places()
    naha = places.code.index("47201")
    lat, lon = places.lat_deg[naha], places.lon_deg[naha]
    basemap.draw_points(axes, view, lat, lon)
    assert basemap.draw_labels(axes, view, [(lat, lon, "Naha")]) == 0
    basemap.draw_line(axes, view, np.linspace(38, lat, 20), np.linspace(123, lon, 20))
    shown = words.banner("study")
    basemap.draw_banner(axes.figure, shown)
    lines = words.vintage_lines(
        places.vintage, scenario="test", scenario_hash="0123abcd", version="1.0"
    )
    basemap.draw_footer(axes.figure, lines)
    text = words.description("study", ["A map."])
    return basemap.svg(axes.figure, "m1", title="Okinawa & Kyushu", desc=text)


def test_a_map_is_small_well_formed_and_refers_to_nothing_outside(axes):
    text = drawing(axes)
    assert len(text) < 300_000
    root = ET.fromstring(text)
    assert root.attrib["role"] == "img"
    addresses = set(re.findall(r"https?://[^\"'\s<)]+", text))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert re.findall(r'href="(?!#m1-)[^"]*"', text) == []
    assert re.findall(r"url\((?!#m1-)", text) == []
    assert "<image" not in text
    assert "<script" not in text


def test_every_reference_of_a_map_has_its_id(axes):
    text = drawing(axes)
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    used = set(re.findall(r'href="#([^"]+)"', text)) | set(re.findall(r"url\(#([^)]+)\)", text))
    assert used
    assert used <= ids
    assert all(i.startswith("m1-") for i in ids)


def test_a_map_says_banner_vintage_and_names_in_letters_that_every_font_has(axes):
    text = drawing(axes)
    body = text.split("</desc>")[1]
    assert "STUDY - computed from notional data, not a warning" in body
    for part in (
        "Meteorological Agency",
        "2020 census",
        "Natural Earth",
        "0123abcd",
        "not authoritative",
    ):
        assert part in body
    assert ">Naha<" in body
    assert body.isascii()
    assert "Okinawa &amp; Kyushu" in text
    assert words.banner("study").japanese in text.split("</desc>")[0]


def test_the_same_map_twice_is_the_same_text(axes):
    from matplotlib import pyplot as plt

    first = drawing(axes)
    figure, again = plt.subplots(figsize=(7.2, 7.6))
    figure.subplots_adjust(0.02, 0.09, 0.98, 0.95)
    assert drawing(again) == first


def test_yonaguni_is_drawn_at_every_scale(axes):
    """An island of 29 km2 that the world outlines lack: land covers its middle on the drawing."""
    from matplotlib.colors import to_hex
    from matplotlib.patches import PathPatch

    for half_width in (300.0, 900.0, 3_000.0):
        axes.clear()
        view = basemap.draw_base(
            axes,
            **(
                OKINAWA
                | {"half_width_km": half_width, "centre_lon_deg": 125.0, "centre_lat_deg": 26.0}
            ),
        )
        x, y = view.xy(24.46, 122.98)
        home = [
            p for p in axes.patches
            if isinstance(p, PathPatch) and to_hex(p.get_facecolor()) == basemap.HOME
        ]  # fmt: skip
        assert home[0].get_path().contains_point((float(x), float(y)), radius=1.0), half_width


def test_a_map_with_no_land_of_japan_and_one_across_the_date_line_can_be_drawn(axes):
    basemap.draw_base(axes, centre_lat_deg=13.5, centre_lon_deg=144.8, half_width_km=500.0)
    axes.clear()
    basemap.draw_base(axes, centre_lat_deg=45.0, centre_lon_deg=178.0, half_width_km=3_500.0)
    reach = [p.get_path().get_extents() for p in axes.patches]
    assert min(r.x0 for r in reach) < -2_000.0  # Asia
    assert max(r.x1 for r in reach) > 2_000.0  # America


def test_labels_never_cover_each_other_and_those_without_room_are_counted(axes):
    view = basemap.draw_base(axes, **OKINAWA)
    same = [(26.2, 127.7, f"label {n}") for n in range(12)]
    hidden = basemap.draw_labels(axes, view, same)
    assert 0 < hidden < 12
    axes.figure.canvas.draw()
    boxes = [t.get_window_extent() for t in axes.texts if t.get_text().startswith("label")]
    assert len(boxes) == 12 - hidden
    for n, a in enumerate(boxes):
        assert not any(a.overlaps(b) for b in boxes[n + 1 :])


def test_an_area_is_drawn_where_it_is(axes):
    from hinomi.scenario.places_outlines import municipality_outlines

    view = basemap.draw_base(axes, **OKINAWA)
    codes, shapes = municipality_outlines()
    patch = basemap.draw_area(axes, view, shapes[codes.index("47214")])
    x, y = view.xy(24.78, 125.32)
    assert patch.get_path().contains_point((float(x), float(y)))


def test_banners_are_the_agreed_words():
    study = words.banner("study")
    assert study.text == (
        "STUDY - computed from notional data, not a warning  "
        "研究 - 仮想条件による計算結果であり警報ではありません"
    )
    assert (study.ink, study.ground, study.file_prefix) == ("#000000", "#56B4E9", "study-")
    exercise = words.banner("Exercise")
    assert exercise.text == "EXERCISE - EXERCISE - EXERCISE  訓練 訓練 訓練"
    assert (exercise.ground, exercise.file_prefix) == ("#F0E442", "exercise-")
    assert words.banner("Test").text.endswith("試験")
    replay = words.banner("study", reconstruction=True)
    assert "RECONSTRUCTION" in replay.english
    assert "再現" in replay.japanese
    assert words.file_name("exercise", "map.svg") == "exercise-map.svg"
    assert words.file_name("study", "study-map.svg") == "study-map.svg"


def test_a_real_alert_and_an_unknown_status_are_refused():
    with pytest.raises(FenceError, match="Actual"):
        words.banner("Actual")
    with pytest.raises(ScenarioError, match="drill"):
        words.banner("drill")


def test_vintage_lines_name_boundaries_people_outlines_scenario_and_software():
    lines = words.vintage_lines(
        load_places().vintage,
        scenario="s",
        scenario_hash="h",
        version="2",
        imported="N03-2024.geojson",
    )
    text = " ".join(lines)
    for part in ("N03-2024", "2020 census", "Natural Earth", "Scenario s (h)", "hinomi 2", "公式"):
        assert part in text
