"""A replicate as KML 2.2 with the gx extension: tracks in time, areas and alerts with time spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from hinomi.exchange import scene, styles
from hinomi.exchange.rings import ring_parts
from hinomi.exchange.scene import Ring, Show, Way
from hinomi.exchange.styles import Colour
from hinomi.units import KM_M

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

KML: Final = "http://www.opengis.net/kml/2.2"  # name of the format, nothing is fetched
GX: Final = "http://www.google.com/kml/ext/2.2"
FOLDERS: Final = {
    scene.FLIGHTS: "Flights",
    scene.TRACKS: "Tracks",
    scene.SENSORS: "Sensors",
    scene.AREAS: "Predicted areas",
    scene.ALERTS: "Alerts",
    scene.SHOTS: "Engagements",
}
SHOT_SHOWN_S: Final = 30.0


def kml_bytes(show: Show) -> bytes:
    """Write a document with a folder a layer; every placemark says that it is a study."""
    from lxml import etree

    root = etree.Element(f"{{{KML}}}kml", nsmap={None: KML, "gx": GX})
    document = _add(root, "Document")
    _add(document, "name", show.heading)
    _add(document, "open", "1")
    _add(document, "description", show.words)
    _styles(document)
    makers = {
        scene.FLIGHTS: _flights,
        scene.TRACKS: _tracks,
        scene.SENSORS: _sensors,
        scene.AREAS: _areas,
        scene.ALERTS: _alerts,
        scene.SHOTS: _shots,
    }
    for layer in show.layers:
        folder = _add(document, "Folder")
        _add(folder, "name", FOLDERS[layer])
        makers[layer](folder, show)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _add(parent: Element, name: str, text: str | None = None, *, gx: bool = False) -> Element:
    from lxml import etree

    child = etree.SubElement(parent, f"{{{GX if gx else KML}}}{name}")
    if text is not None:
        child.text = text
    return child


def _hex(colour: Colour, alpha: int) -> str:
    """Colour as the format writes it: alpha, blue, green, red."""
    red, green, blue = colour
    return f"{alpha:02x}{blue:02x}{green:02x}{red:02x}"


def _styles(document: Element) -> None:
    named = {f"body-{kind.replace(' ', '-')}": c for kind, c in styles.BODY.items()}
    named |= {"track": styles.TRACK, "sensor": styles.SENSOR, "area": styles.AREA}
    named |= {"alert": styles.ALERT, "shot": styles.SHOT}
    for name, colour in named.items():
        style = _add(document, "Style")
        style.set("id", name)
        icon = _add(style, "IconStyle")
        _add(icon, "color", _hex(colour, 255))
        _add(icon, "scale", "0.8")
        label = _add(style, "LabelStyle")
        _add(label, "scale", "0.8")
        line = _add(style, "LineStyle")
        _add(line, "color", _hex(colour, 255))
        _add(line, "width", "2")
        fill = _add(style, "PolyStyle")
        _add(fill, "color", _hex(colour, 110 if name == "alert" else 40))


def _placemark(
    folder: Element,
    show: Show,
    name: str,
    style: str,
    facts: Mapping[str, object],
    *,
    span_s: tuple[float, float] | None = None,
) -> Element:
    """Name, time, style and facts in the order that the schema asks; the geometry comes last."""
    mark = _add(folder, "Placemark")
    _add(mark, "name", name)
    _add(mark, "description", f"{show.word}, notional: not an observation and not a warning.")
    if span_s is not None:
        span = _add(mark, "TimeSpan")
        _add(span, "begin", show.stamp(span_s[0]))
        _add(span, "end", show.stamp(span_s[1]))
    _add(mark, "styleUrl", f"#{style}")
    data = _add(mark, "ExtendedData")
    for key, value in {"marking": f"{show.word}, notional", **facts}.items():
        item = _add(data, "Data")
        item.set("name", key)
        _add(item, "value", str(value))
    return mark


def _track(mark: Element, show: Show, way: Way) -> None:
    track = _add(mark, "Track", gx=True)
    _add(track, "altitudeMode", "absolute")
    for t in way.t_s:
        _add(track, "when", show.stamp(float(t)))
    for lon, lat, height in zip(way.lon_deg, way.lat_deg, way.height_m, strict=True):
        _add(track, "coord", f"{lon:.6f} {lat:.6f} {height:.1f}", gx=True)


def _flights(folder: Element, show: Show) -> None:
    for way in show.flights:
        facts = {"kind": way.kind, "highest_km": round(float(way.height_m.max()) / KM_M, 1)}
        style = f"body-{way.kind.replace(' ', '-')}"
        _track(_placemark(folder, show, way.name, style, facts), show, way)


def _tracks(folder: Element, show: Show) -> None:
    for way in show.tracks:
        facts: dict[str, object] = {"picture": way.owner}
        if way.sigma_m is not None:
            facts["position_sigma_m_first"] = round(float(way.sigma_m[0]), 1)
            facts["position_sigma_m_last"] = round(float(way.sigma_m[-1]), 1)
        mark = _placemark(folder, show, f"{way.owner}: {way.name}", "track", facts)
        _track(mark, show, way)


def _sensors(folder: Element, show: Show) -> None:
    for site in show.sites:
        mark = _placemark(folder, show, site.name, "sensor", {"owner": site.owner})
        point = _add(mark, "Point")
        _add(point, "coordinates", f"{site.lon_deg:.6f},{site.lat_deg:.6f},{site.height_m:.1f}")
        high = site.edge_height_m / KM_M
        name = f"{site.name}: sees {high:g} km high"
        for rings in ring_parts(site.edge):
            facts = {"owner": site.owner, "target_height_km": f"{high:g}"}
            _polygon(_placemark(folder, show, name, "sensor", facts), [rings])
    for way in show.satellites:
        _track(_placemark(folder, show, way.name, "sensor", {"owner": way.owner}), show, way)


def _areas(folder: Element, show: Show) -> None:
    for area in show.areas:
        facts = {
            "picture": area.picture,
            "track": area.track,
            "end_t_s": round(area.end_t_s, 1),
            "spread_km": round(area.spread_km, 2),
        }
        parts = ring_parts(area.edge)
        if parts:
            mark = _placemark(
                folder, show, f"predicted end of track {area.track} ({area.picture}), 90 %", "area",
                facts, span_s=(area.from_s, area.to_s),
            )  # fmt: skip
            _polygon(mark, parts)


def _alerts(folder: Element, show: Show) -> None:
    for alert in show.alerts:
        for low, high in alert.spans_s:
            facts = {"unit": alert.unit, "status": alert.status, "cleared": alert.cleared}
            mark = _placemark(
                folder, show, f"{alert.status}: {alert.unit}", "alert", facts, span_s=(low, high)
            )
            _polygon(mark, alert.parts)


def _shots(folder: Element, show: Show) -> None:
    for shot in show.shots:
        facts = {
            "battery": shot.battery,
            "owner": shot.owner,
            "weapon": shot.weapon,
            "rounds": shot.rounds,
            "kill_probability": round(shot.probability, 3),
            "killed": shot.killed,
        }
        mark = _placemark(
            folder, show, f"{shot.rounds} x {shot.weapon} from {shot.battery}", "shot", facts,
            span_s=(shot.launch_s, shot.intercept_s + SHOT_SHOWN_S),
        )  # fmt: skip
        point = _add(mark, "Point")
        _add(point, "altitudeMode", "absolute")
        _add(point, "coordinates", f"{shot.lon_deg:.6f},{shot.lat_deg:.6f},{shot.height_m:.1f}")


def _polygon(mark: Element, parts: Sequence[Sequence[Ring]]) -> None:
    holder = _add(mark, "MultiGeometry") if len(parts) > 1 else mark
    for rings in parts:
        polygon = _add(holder, "Polygon")
        _add(polygon, "tessellate", "1")
        for i, ring in enumerate(rings):
            edge = _add(polygon, "innerBoundaryIs" if i else "outerBoundaryIs")
            line = _add(edge, "LinearRing")
            _add(line, "coordinates", " ".join(f"{x:.5f},{y:.5f}" for x, y in ring))
