"""Polygons hold the whole area, with few vertices; recipients are exactly the places of the area."""

import numpy as np
import pytest
import shapely

from hinomi.cap.area import contains, polygons_around
from hinomi.cap.compose import Order, compose
from hinomi.cap.gate import gate
from hinomi.cap.message import Area, read, write
from hinomi.cap.recipients import recipients
from hinomi.errors import ScenarioError
from hinomi.export.cap_places import codes_of, outline_rings, target_of
from hinomi.scenario.places import load_places


def square(lon, lat, side):
    return np.array(
        [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    )


def message_for(desk, target):
    return read(gate(write(compose(desk.changed(target=target)))))


@pytest.mark.parametrize("prefecture", ["Okinawa", "Nagasaki", "Kagoshima", "Shiga", "Tokyo"])
def test_polygons_of_a_prefecture_hold_every_ring_and_every_cell(prefecture, desk):
    """Shapely says the same of the written polygons, and the mesh, a second source, agrees."""
    target = target_of(codes_of(names=[], prefectures=[prefecture]))
    assert len(target.polygons) <= 12
    assert all(len(ring) - 1 <= 100 and ring[0] == ring[-1] for ring in target.polygons)
    assert sum(len(ring) for ring in target.polygons) <= 250
    shapes = shapely.union_all([shapely.Polygon([p[::-1] for p in r]) for r in target.polygons])
    for ring in outline_rings(target.codes):
        assert shapes.contains(shapely.Polygon(ring))
    found = recipients(message_for(desk, target), load_places())
    assert found.places == found.named == target.codes
    assert found.uncovered == ()
    assert found.unknown == ()


def test_the_polygons_do_not_reach_far_beyond_the_area():
    """A compact area keeps its size: 1 km of margin around a square of 50 km is 8 %."""
    (ring,) = polygons_around([square(130.0, 35.0, 0.5)])
    drawn = shapely.Polygon([p[::-1] for p in ring])
    assert 1.0 < drawn.area / 0.25 < 1.1


def test_parts_close_together_become_one_polygon():
    rings = [square(127.0, 26.0, 0.1), square(127.11, 26.0, 0.1)]
    assert len(polygons_around(rings)) == 1


def test_more_parts_than_allowed_are_joined_nearest_first():
    far = [square(127.0 + k, 26.0, 0.05) for k in range(5)]
    rings = [*far, square(127.1, 26.0, 0.05)]
    found = polygons_around(rings, max_polygons=5)
    assert len(found) == 5
    assert contains(found, rings)
    joined = [r for r in found if min(p[1] for p in r) < 127.01 and max(p[1] for p in r) > 127.14]
    assert len(joined) == 1


def test_a_ring_outside_is_noticed():
    found = polygons_around([square(127.0, 26.0, 0.1)])
    assert not contains(found, [square(127.05, 26.05, 0.3)])


@pytest.mark.parametrize(
    ("rings", "words"),
    [
        ([], "at least one place"),
        ([square(-179.0, 20.0, 1.0), square(178.0, 20.0, 1.0)], "date line"),
    ],
)
def test_areas_that_cannot_be_drawn_are_refused(rings, words):
    with pytest.raises(ScenarioError, match=words):
        polygons_around(rings)


def test_an_area_with_too_few_vertices_allowed_is_refused_not_cut():
    with pytest.raises(ScenarioError, match="split the message"):
        polygons_around([square(127.0, 26.0, 0.1)], max_vertices=2)


def test_recipients_by_code_take_five_and_six_digits(desk):
    places = load_places()
    made = compose(desk.order)
    area = Area(description="x", geocodes=(("JIS-X0402", "472018"), ("JIS-X0402", "99999")))
    import dataclasses

    info = dataclasses.replace(made.infos[0], areas=(area,))
    found = recipients(dataclasses.replace(made, infos=(info,)), places)
    assert (found.named, found.unknown, found.inside) == (("47201",), ("99999",), ())
    assert found.uncovered == ("47201",)


def test_recipients_without_codes_are_the_places_wholly_inside(desk):
    """A circle of 15 km around Tarama (24.67 N, 124.70 E) holds that island village alone."""
    import dataclasses

    made = compose(desk.order)
    area = Area(description="x", circles=((24.66, 124.70, 15.0),))
    info = dataclasses.replace(made.infos[0], areas=(area,))
    found = recipients(dataclasses.replace(made, infos=(info,)), load_places())
    assert found.places == found.inside == ("47375",)
    assert found.bystanders == ()


def test_a_place_inside_the_polygon_that_no_code_names_is_a_bystander(desk):
    import dataclasses

    target = target_of(codes_of(names=["47201", "47208"], prefectures=[]))
    found = recipients(
        message_for(desk, dataclasses.replace(target, codes=("47201",))), load_places()
    )
    assert found.places == ("47201",)
    assert found.bystanders == ("47208",)


def test_the_area_of_one_sender_does_not_linger_for_the_next(desk):
    """Recipients come from the message alone, whatever was asked before."""
    places = load_places()
    order: Order = desk.order
    first = message_for(desk, target_of(("01101",) if "01101" in places.code else ("01100",)))
    recipients(first, places)
    assert recipients(message_for(desk, order.target), places).named == ("47201",)
