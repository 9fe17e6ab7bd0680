"""From a checked scenario to the records of the chain: the one place where file units become SI."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from hinomi.earth.gravity import G0_MPS2
from hinomi.records.engagements import (
    NO_RELOAD_S,
    Architecture,
    Battery,
    EngageSettings,
    Magazine,
    Refusal,
    Weapon,
)
from hinomi.records.flights import (
    BODY_RANGES,
    CRUISE_KIND,
    QUASI_BALLISTIC_KIND,
    STAGE_RANGES,
    ClassRange,
    Stage,
    Threat,
    ThreatClass,
)
from hinomi.records.ledger import Industry, Line, Price
from hinomi.records.tracks import ALWAYS, MODE_CRUISE, MODE_PULL, MODES, TrackSettings
from hinomi.scenario.catalogue_schema import BodyClass, InterceptorClass, PriceClass, StageClass
from hinomi.scenario.flyout_table import table_of
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.schema import (
    Aim,
    ArchitectureSection,
    BatterySection,
    Engagement,
    ScenarioText,
    ThreatGroup,
    Tracking,
)
from hinomi.scenario.supply_schema import MoneySection
from hinomi.scenario.trajectories import path_of
from hinomi.sustain.cost import years_between
from hinomi.units import DEG_RAD, KM_M


def _range(quantity: Quantity, factor: float = 1.0) -> tuple[float, float, float]:
    low, value, high = quantity.triangle
    return low * factor, value * factor, high * factor


def threat_class(name: str, given: BodyClass) -> ThreatClass:
    """One generic class of body."""
    ld_low, ld, ld_high = _range(given.lift_to_drag)
    v_low, v, v_high = _range(given.terminal_speed_km_s, KM_M)
    names = (
        "rcs_boost_m2",
        "rcs_body_m2",
        "nose_radius_m",
        "acreage_share",
        "acreage_m2",
        "stagnation_m2",
        "view_factor",
        "emissivity",
        "coast_area_m2",
        "coast_emissivity",
        "coast_temperature_k",
        "damping_per_s",
    )
    boosted = ("payload_kg", "beta_kg_m2", "back_pressure_share", "burn_spread")
    same: dict[str, Any] = {n: getattr(given, n).value for n in names}
    same |= {n: _value(getattr(given, n)) for n in boosted}
    return ThreatClass(
        name=name,
        kind=given.kind,
        stages=tuple(_stage(s) for s in given.stages),
        lift_to_drag=ld,
        lift_to_drag_low=ld_low,
        lift_to_drag_high=ld_high,
        glide_below_m=given.glide_below_km.value * KM_M,
        terminal_speed_mps=v,
        terminal_speed_low_mps=v_low,
        terminal_speed_high_mps=v_high,
        scale_height_m=given.scale_height_km.value * KM_M,
        bank_limit_rad=given.bank_limit_deg.value * DEG_RAD,
        lift_law=given.lift_law,
        lift_floor_m=_value(given.lift_floor_km) * KM_M,
        cruise_height_m=_value(given.cruise_height_km) * KM_M,
        cruise_speed_mps=_value(given.cruise_speed_km_s) * KM_M,
        cruise_turn_mps2=_value(given.cruise_turn_g) * G0_MPS2,
        plume_efficiency=(given.plume_efficiency_swir.value, given.plume_efficiency_mwir.value),
        cloud_height_m=given.cloud_height_km.value * KM_M,
        ranges=_ranges(given),
        **same,
    )


def _value(quantity: Quantity | None) -> float:
    return 0.0 if quantity is None else quantity.value


def _stage(given: StageClass) -> Stage:
    return Stage(
        propellant_kg=given.propellant_kg.value,
        dry_kg=given.dry_kg.value,
        isp_vacuum_s=given.isp_vacuum_s.value,
        burn_s=given.burn_s.value,
        diameter_m=given.diameter_m.value,
        pitch_rate_rad_s=_value(given.pitch_rate_deg_s) * DEG_RAD,
        spent_beta_kg_m2=given.spent_beta_kg_m2.value,
    )


def _ranges(given: BodyClass) -> tuple[ClassRange, ...]:
    """Numbers of a class that may be drawn between their low and high."""
    of_body = [(key, -1, getattr(given, key)) for key in BODY_RANGES]
    of_stages = [
        (key, i, getattr(stage, key))
        for i, stage in enumerate(given.stages)
        for key in STAGE_RANGES
    ]
    out = []
    for key, stage, quantity in (*of_body, *of_stages):
        if quantity is not None:
            low, _, high = _range(quantity)
            if low < high:
                out.append(ClassRange(key=key, stage=stage, low=low, high=high))
    return tuple(out)


def threats(scenario: ScenarioText) -> tuple[Threat, ...]:
    """Every body of every group, named group-1, group-2 ..."""
    return tuple(t for group in scenario.threats for t in _group(group, scenario))


def _group(group: ThreatGroup, scenario: ScenarioText) -> list[Threat]:
    count = max(1, len(group.aims)) if group.count is None else int(group.count.value)
    given: dict[str, Any] = {
        "threat_class": group.threat_class,
        "apogee_low_m": _or_nan(group.apogee_low_km, KM_M),
        "apogee_high_m": _or_nan(group.apogee_high_km, KM_M),
        "start_low_s": group.start_low_s.value,
        "start_high_s": group.start_high_s.value,
        "bank_schedule": _banks(group),
        "mass_spread": group.mass_spread.value,
        "isp_spread_s": group.isp_spread_s.value,
        "burn_spread": group.burn_spread.value,
        "density_spread": group.density_spread.value,
        "disperse": group.disperse,
        "tolerance_m": group.tolerance_km.value * KM_M,
        "azimuth_rad": _or_nan(group.azimuth_deg, DEG_RAD),
        "kick_rad": _or_nan(group.kick_deg, DEG_RAD),
        "waypoints_deg": tuple(_tenth(place) for place in group.waypoints),
        "spent_stages": group.spent_stages,
        **_origin(group, scenario),
    }
    if group.fails_at_low_s is not None and group.fails_at_high_s is not None:
        given["fails_at_low_s"] = group.fails_at_low_s.value
        given["fails_at_high_s"] = group.fails_at_high_s.value
    aims = [_tenth(aim) for aim in group.aims] or [(math.nan, math.nan)]
    if group.trajectory_rows:
        way, end = path_of(group)
        given["given"], aims = way, [end]
    return [
        Threat(
            body=f"{group.name}-{i + 1}",
            aim_lat_deg=aims[i % len(aims)][0],
            aim_lon_deg=aims[i % len(aims)][1],
            **given,
        )
        for i in range(count)
    ]


def _or_nan(quantity: Quantity | None, factor: float) -> float:
    return math.nan if quantity is None else quantity.value * factor


def _tenth(place: Aim) -> tuple[float, float]:
    """Latitude and longitude of an aim or a waypoint [deg], rounded to 0.1."""
    return round(place.lat_deg.value, 1), round(place.lon_deg.value, 1)


def _banks(group: ThreatGroup) -> tuple[tuple[float, float], ...]:
    """Bank schedule of a group; a single bank ends after its time."""
    if group.bank is None:
        return tuple((x.from_s.value, x.angle_deg.value * DEG_RAD) for x in group.bank_schedule)
    from_s, for_s = group.bank.from_s.value, group.bank.for_s.value
    if for_s <= 0.0:
        return ()
    return ((from_s, group.bank.angle_deg.value * DEG_RAD), (from_s + for_s, 0.0))


def _origin(group: ThreatGroup, scenario: ScenarioText) -> dict[str, float]:
    """Where a group starts: an arc around the centre of the area, or a site."""
    arc, site = group.arc, group.site
    lat, lon = scenario.area.centre_lat_deg, scenario.area.centre_lon_deg
    origin: dict[str, float] = {
        "centre_lat_deg": lat.value if site is None else site.lat_deg.value,
        "centre_lon_deg": lon.value if site is None else site.lon_deg.value,
        "distance_low_m": 0.0 if arc is None else arc.distance_low_km.value * KM_M,
        "distance_high_m": 0.0 if arc is None else arc.distance_high_km.value * KM_M,
        "bearing_low_rad": 0.0 if arc is None else arc.bearing_low_deg.value * DEG_RAD,
        "bearing_high_rad": 0.0 if arc is None else arc.bearing_high_deg.value * DEG_RAD,
    }
    if origin["bearing_high_rad"] < origin["bearing_low_rad"]:  # a sector across north
        origin["bearing_high_rad"] += 2.0 * math.pi
    return origin


def weapon(name: str, given: InterceptorClass) -> Weapon:
    """One interceptor: a time-to-reach table and a kill probability."""
    return Weapon(
        name=name,
        product=given.product,
        provider=given.provider,
        burnout_speed_mps=given.burnout_speed_km_s.value * KM_M,
        burn_s=given.burn_s.value,
        decay_s=given.decay_s.value,
        average_speed_mps=given.average_speed_km_s.value * KM_M,
        prepare_s=given.prepare_s.value,
        height_low_m=given.height_low_km.value * KM_M,
        height_high_m=given.height_high_km.value * KM_M,
        range_low_m=given.range_low_km.value * KM_M,
        range_high_m=given.range_high_km.value * KM_M,
        kill_ballistic=given.kill_ballistic.value,
        kill_glide=given.kill_glide.value,
        salvo=int(given.salvo.value),
        doctrine=given.doctrine,
        looks=int(given.looks.value),
        reload_s=NO_RELOAD_S if given.reload_s is None else given.reload_s.value,
        table=table_of(name, given) if given.provider == "table" else None,
    )


def battery(given: BatterySection) -> Battery:
    """One firing unit; magazines in the order of their names."""
    return Battery(
        name=given.name,
        owner=given.owner,
        lat_deg=given.lat_deg.value,
        lon_deg=given.lon_deg.value,
        height_m=given.height_m.value,
        magazines=tuple(
            Magazine(weapon=n, ready=int(m.ready.value), reserve=int(m.reserve.value))
            for n, m in sorted(given.magazines.items())
        ),
        channels=int(given.channels.value),
        availability=given.availability.value,
    )


def architecture(given: ArchitectureSection) -> Architecture:
    """Build one architecture: flags and latencies."""
    return Architecture(
        name=given.name,
        label=given.label,
        share_warning=given.share_warning,
        share_track=given.share_track,
        one_picture=given.one_picture,
        engage_on_remote=given.engage_on_remote,
        one_assignment=given.one_assignment,
        relay_s=given.relay_s.triangle,
        warning_relay_s=given.warning_relay_s.triangle,
        decide_s=given.decide_s.triangle,
        network_cost_musd=given.network_cost_musd_per_year.triangle,
        refusals=tuple(
            Refusal(
                sender=r.sender,
                receiver=r.receiver,
                category=r.category,
                probability=r.probability.value,
            )
            for r in given.refusals
        ),
    )


def tracking(given: Tracking, kinds: Iterable[str]) -> TrackSettings:
    """Numbers of the tracker; its modes are those that bodies of these kinds can show."""
    special = {QUASI_BALLISTIC_KIND: MODES[MODE_PULL], CRUISE_KIND: MODES[MODE_CRUISE]}
    wanted = {*ALWAYS, *(special[k] for k in kinds if k in special)}
    return TrackSettings(
        modes=tuple(m for m in MODES if m in wanted),
        association=given.association,
        estimator=given.estimator,
        reorder_s=given.reorder_s.value,
        drop_misses=int(given.drop_misses.value),
        confirm_hits=int(given.confirm_hits.value),
        confirm_looks=int(given.confirm_looks.value),
        gate_probability=given.gate_probability.value,
        drop_after_s=given.drop_after_s.value,
        drop_sigma_m=given.drop_sigma_km.value * KM_M,
        speed_limit_mps=given.speed_limit_km_s.value * KM_M,
        warning_position_m=given.warning_position_km.value * KM_M,
        warning_speed_mps=given.warning_speed_m_s.value,
        cue_position_m=given.cue_position_km.value * KM_M,
        engage_position_m=given.engage_position_km.value * KM_M,
        fuse_every_s=given.fuse_every_s.value,
    )


def engagement(given: Engagement) -> EngageSettings:
    """Numbers of the engagement analysis."""
    return EngageSettings(
        weapon_delay_s=given.weapon_delay_s.value,
        assess_s=given.assess_s.value,
        keep_out_height_m=given.keep_out_height_km.value * KM_M,
        support_share=given.support_share.value,
        support_penalty=given.support_penalty.value,
        same_object_m=given.same_object_km.value * KM_M,
        same_path_m=given.same_path_km.value * KM_M,
        kill_seen_as_miss=given.kill_seen_as_miss.value,
        miss_seen_as_kill=given.miss_seen_as_kill.value,
        p_track_each=given.p_track_each.value,
        p_system_raid=given.p_system_raid.value,
        kill_spread=given.kill_spread.value,
    )


def industry(scenario: ScenarioText) -> Industry:
    """Lines and prices of the products that the scenario's batteries use, in prices of one year.

    Raises
    ------
    ScenarioError
        when a price is of another year than `money.price_year` and no inflation is stated.
    """
    given, catalogue = scenario.industry, scenario.catalogue
    numbers = ("rate_per_year", "target_per_year", "ramp_from_month", "ramp_months", "lead_months")
    lines = (catalogue.line[n] for n in given.lines)
    prices = (catalogue.price[n] for n in given.prices)
    return Industry(
        lines=tuple(
            Line(product=x.product, owner=x.owner, **{n: getattr(x, n).value for n in numbers})
            for x in lines
        ),
        prices=tuple(_price(p, scenario.money) for p in prices),
        horizon_months=int(given.horizon_months.value),
        currency=given.currency,
    )


def _price(given: PriceClass, money: MoneySection | None) -> Price:
    """One price in the money of `money.price_year`; in that of its own year where none is stated."""
    year = int(given.price_year.value)
    base_year, inflation = year, None
    if money is not None:
        base_year, inflation = int(money.price_year.value), money.inflation_per_year
    years = years_between(from_year=year, to_year=base_year, inflation_known=inflation is not None)
    factor = 1.0 + inflation.value if inflation else 1.0
    return Price(
        product=given.product,
        unit_musd=given.unit_musd.value * factor**years,
        basis=given.basis,
        price_year=base_year,
    )


def classes(scenario: ScenarioText) -> Mapping[str, ThreatClass]:
    """Classes that fly in this scenario, in the order of the catalogue."""
    used = {g.threat_class for g in scenario.threats}
    return {n: threat_class(n, c) for n, c in scenario.catalogue.threat.items() if n in used}
