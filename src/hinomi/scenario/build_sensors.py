"""Radars and infrared satellites of a checked scenario, as records in SI units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.sun import sun_direction
from hinomi.earth.timescale import greenwich_rad as sidereal_rad
from hinomi.earth.timescale import julian_day
from hinomi.earth.wgs84 import ROTATION_RAD_S, SEMI_MAJOR_M
from hinomi.errors import ScenarioError
from hinomi.records.flights import BANDS
from hinomi.records.plots import Infrared, Radar, Sensors
from hinomi.scenario.catalogue_schema import InfraredClass, RadarClass
from hinomi.scenario.elements import record
from hinomi.scenario.elements_text import ElementSet
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.schema import ScenarioText
from hinomi.scenario.sensor_schema import FromFile, RadarUnit, Stationary, Walker, Window
from hinomi.units import (
    DAY_S,
    DEG_RAD,
    KILOWATT_W,
    KM_M,
    MEGAHERTZ_HZ,
    MICRORADIAN_RAD,
    MILLIRADIAN_RAD,
)

J2000: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)


def greenwich_rad(epoch: datetime) -> float:
    """Earth rotation angle [rad] with UT1 = UTC.

    Capitaine, Guinot and McCarthy, Astron. Astrophys. 355 (2000). UTC differs
    from UT1 by less than a second, 0.004 degree, which moves every satellite alike.
    """
    days = (epoch - J2000).total_seconds() / DAY_S
    return 2.0 * math.pi * ((0.7790572732640 + 1.00273781191135448 * days) % 1.0)


def sun(epoch: datetime) -> tuple[float, float, float]:
    """Direction of the Sun in the axes in which `greenwich_rad` is counted.

    Those begin at the origin that does not turn, not at the equinox: a third of a degree in 2025.
    """
    x, y, z = sun_direction(epoch.timestamp())
    angle = greenwich_rad(epoch) - sidereal_rad(epoch.timestamp())
    c, s = math.cos(angle), math.sin(angle)
    return c * x - s * y, s * x + c * y, z


def sensors(
    scenario: ScenarioText, orbits: Mapping[str, Sequence[ElementSet]] | None = None
) -> tuple[Sensors, dict[str, str]]:
    """Every sensor, radars of batteries included, and which battery carries which radar.

    `orbits` holds the satellites of each section that gives elements.

    Raises
    ------
    ScenarioError
        when two sensors would have the same name.
    """
    catalogue = scenario.catalogue
    radars = [_radar(unit, catalogue.radar[unit.radar_class]) for unit in scenario.radars]
    carried = {}
    for battery in scenario.batteries:
        if battery.radar is not None:
            name = f"{battery.name} radar"
            carried[name] = battery.name
            unit = RadarUnit.model_validate(
                {
                    "name": name,
                    "class": battery.radar,
                    "owner": battery.owner,
                    "lat_deg": battery.lat_deg,
                    "lon_deg": battery.lon_deg,
                    "height_m": battery.radar_height_m.value + battery.height_m.value,
                    "face_az_deg": battery.radar_face_az_deg,
                    "availability": battery.availability,
                    "mask_el_deg": battery.radar_mask_el_deg,
                    "on": battery.radar_on,
                }
            )
            radars.append(_radar(unit, catalogue.radar[battery.radar]))
    infrared = [
        s
        for unit in scenario.infrared
        for s in (
            _with_elements(
                unit,
                catalogue.infrared[unit.infrared_class],
                (orbits or {})[unit.name],
                julian_day(scenario.epoch.timestamp()),
            )
            if isinstance(unit, FromFile)
            else _satellites(unit, catalogue.infrared[unit.infrared_class])
        )
    ]
    found = Sensors(
        radars=tuple(radars),
        infrared=tuple(infrared),
        greenwich_rad=greenwich_rad(scenario.epoch),
        sun=sun(scenario.epoch),
    )
    _refuse_doubles(found.names)
    return found, carried


def _refuse_doubles(names: Iterable[str]) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise ScenarioError(
                f"two sensors are called {name!r}: satellites are called after their group "
                "(GROUP 1-1, GROUP NAME) and radars of batteries after their battery (BATTERY "
                "radar); rename a group, a battery or the sensor of that name"
            )
        seen.add(name)


def _windows(given: Iterable[Window]) -> tuple[tuple[float, float], ...]:
    return tuple((w.from_s.value, w.to_s.value) for w in given)


def _share(given: Quantity | None) -> float:
    return math.inf if given is None else given.value


def _radar(unit: RadarUnit, given: RadarClass) -> Radar:
    return Radar(
        name=unit.name,
        owner=unit.owner,
        lat_deg=unit.lat_deg.value,
        lon_deg=unit.lon_deg.value,
        height_m=unit.height_m.value,
        reference_range_m=given.reference_range_km.value * KM_M,
        reference_snr_db=given.reference_snr_db.value,
        face_az_rad=unit.face_az_deg.value * DEG_RAD,
        sector_rad=(unit.sector_deg or given.sector_deg).value * DEG_RAD,
        min_el_rad=given.min_el_deg.value * DEG_RAD,
        revisit_s=int(given.revisit_s.value),
        frame_s=int(given.frame_s.value),
        range_floor_m=given.range_floor_m.value,
        angle_floor_rad=given.angle_floor_mrad.value * MILLIRADIAN_RAD,
        beamwidth_rad=given.beamwidth_deg.value * DEG_RAD,
        bandwidth_hz=given.bandwidth_mhz.value * MEGAHERTZ_HZ,
        false_alarm_probability=given.false_alarm_probability.value,
        false_plots_per_frame=given.false_plots_per_frame.value,
        latency_s=given.latency_s.triangle,
        range_bias_m=given.range_bias_m.value,
        angle_bias_rad=given.angle_bias_mrad.value * MILLIRADIAN_RAD,
        availability=unit.availability.value,
        mask_el_rad=tuple(m.value * DEG_RAD for m in unit.mask_el_deg),
        fluctuation=int(given.fluctuation.value),
        refraction=given.refraction,
        track_share=_share(given.track_share),
        dwell_s=given.dwell_s.value,
        resolves=given.resolves,
        windows_s=_windows(unit.on),
    )


def _with_elements(
    unit: FromFile, given: InfraredClass, orbits: Iterable[ElementSet], epoch_jd: float
) -> Iterator[Infrared]:
    """Satellites on the orbits of their elements; the circular orbit stands for a quick look."""
    for orbit in orbits:
        mean = record(orbit)
        circular = _satellite(
            unit,
            given,
            f"{unit.name} {orbit.name}",
            mean.a * mean.radiusearthkm * KM_M,
            mean.inclo,
            mean.nodeo,
            (mean.argpo + mean.mo) % (2.0 * math.pi),
        )
        yield replace(circular, elements=orbit.lines, elements_epoch_jd=epoch_jd)


def _satellites(unit: Stationary | Walker, given: InfraredClass) -> Iterator[Infrared]:
    if isinstance(unit, Stationary):
        radius_m = (MU_M3_S2 / ROTATION_RAD_S**2) ** (1.0 / 3.0)
        yield _satellite(
            unit, given, unit.name, radius_m, 0.0, unit.longitude_deg.value * DEG_RAD, 0.0
        )
        return
    total, planes = int(unit.satellites.value), int(unit.planes.value)
    each = total // planes
    for p in range(planes):
        node = unit.node_deg.value * DEG_RAD + 2.0 * math.pi * p / planes
        for s in range(each):
            argument = 2.0 * math.pi * (s / each + unit.phasing.value * p / total)
            yield _satellite(
                unit,
                given,
                f"{unit.name} {p + 1}-{s + 1}",
                SEMI_MAJOR_M + unit.altitude_km.value * KM_M,
                unit.inclination_deg.value * DEG_RAD,
                node,
                argument,
            )


def _satellite(
    unit: Stationary | Walker | FromFile,
    given: InfraredClass,
    name: str,
    radius_m: float,
    inclination_rad: float,
    node_rad: float,
    argument_rad: float,
) -> Infrared:
    return Infrared(
        name=name,
        owner=unit.owner,
        semi_major_axis_m=radius_m,
        inclination_rad=inclination_rad,
        node_rad=node_rad,
        argument_rad=argument_rad,
        stationary=isinstance(unit, Stationary),
        frame_s=int(given.frame_s.value),
        phase_s=int(unit.phase_s.value),
        band=BANDS.index(given.band),
        intensity_ref_w_sr=given.intensity_ref_kw_sr.value * KILOWATT_W,
        reference_range_m=given.reference_range_km.value * KM_M,
        threshold=given.threshold.value,
        angle_floor_rad=given.angle_floor_urad.value * MICRORADIAN_RAD,
        pixel_rad=given.pixel_urad.value * MICRORADIAN_RAD,
        bias_rad=given.bias_urad.value * MICRORADIAN_RAD,
        graze_m=given.graze_km.value * KM_M,
        latency_s=given.latency_s.triangle,
        availability=unit.availability.value,
        cold_only=given.cold_only,
        sun_exclusion_rad=given.sun_exclusion_deg.value * DEG_RAD,
        field_rad=given.field_deg.value * DEG_RAD,
        clutter_per_hour_mkm2=given.clutter_per_hour_mkm2.value,
        windows_s=_windows(unit.on),
    )
