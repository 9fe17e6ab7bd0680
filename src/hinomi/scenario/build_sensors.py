"""Radars and infrared satellites of a checked scenario, as records in SI units."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import ROTATION_RAD_S, SEMI_MAJOR_M
from hinomi.records.flights import BANDS
from hinomi.records.plots import Infrared, Radar, Sensors
from hinomi.scenario.catalogue_schema import InfraredClass, RadarClass
from hinomi.scenario.schema import RadarUnit, ScenarioText, Stationary, Walker
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


def sensors(scenario: ScenarioText) -> tuple[Sensors, dict[str, str]]:
    """Every sensor, radars of batteries included, and which battery carries which radar."""
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
                }
            )
            radars.append(_radar(unit, catalogue.radar[battery.radar]))
    infrared = [
        s
        for unit in scenario.infrared
        for s in _satellites(unit, catalogue.infrared[unit.infrared_class])
    ]
    found = Sensors(
        radars=tuple(radars), infrared=tuple(infrared), greenwich_rad=greenwich_rad(scenario.epoch)
    )
    return found, carried


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
    )


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
    unit: Stationary | Walker,
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
    )
