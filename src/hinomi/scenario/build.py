"""From a checked scenario to the records of the chain: the one place where file units become SI."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from hinomi.records.alerts import Channel, WarningPolicy
from hinomi.records.engagements import Architecture, Battery, EngageSettings, Magazine, Weapon
from hinomi.records.flights import Stage, Threat, ThreatClass
from hinomi.records.ledger import Industry, Line, Price
from hinomi.records.tracks import TrackSettings
from hinomi.scenario.catalogue_schema import BodyClass, InterceptorClass
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.schema import (
    ArchitectureSection,
    BatterySection,
    Engagement,
    ScenarioText,
    ThreatGroup,
    Tracking,
    Warning_,
)
from hinomi.units import DEG_RAD, KM_M, MINUTE_S


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
        "payload_kg",
        "beta_kg_m2",
        "back_pressure_share",
        "burn_spread",
        "damping_per_s",
    )
    same: dict[str, Any] = {n: getattr(given, n).value for n in names}
    return ThreatClass(
        name=name,
        kind=given.kind,
        stages=tuple(
            Stage(
                propellant_kg=s.propellant_kg.value,
                dry_kg=s.dry_kg.value,
                isp_vacuum_s=s.isp_vacuum_s.value,
                burn_s=s.burn_s.value,
                diameter_m=s.diameter_m.value,
            )
            for s in given.stages
        ),
        lift_to_drag=ld,
        lift_to_drag_low=ld_low,
        lift_to_drag_high=ld_high,
        glide_below_m=given.glide_below_km.value * KM_M,
        terminal_speed_mps=v,
        terminal_speed_low_mps=v_low,
        terminal_speed_high_mps=v_high,
        scale_height_m=given.scale_height_km.value * KM_M,
        bank_limit_rad=given.bank_limit_deg.value * DEG_RAD,
        plume_efficiency=(given.plume_efficiency_swir.value, given.plume_efficiency_mwir.value),
        cloud_height_m=given.cloud_height_km.value * KM_M,
        **same,
    )


def threats(scenario: ScenarioText) -> tuple[Threat, ...]:
    """Every body of every group, named group-1, group-2 ..."""
    return tuple(t for group in scenario.threats for t in _group(group, scenario))


def _group(group: ThreatGroup, scenario: ScenarioText) -> list[Threat]:
    count = len(group.aims) if group.count is None else int(group.count.value)
    arc, bank, site = group.arc, group.bank, group.site
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
    out = []
    for i in range(count):
        aim = group.aims[i % len(group.aims)]
        out.append(
            Threat(
                body=f"{group.name}-{i + 1}",
                threat_class=group.threat_class,
                aim_lat_deg=round(aim.lat_deg.value, 1),
                aim_lon_deg=round(aim.lon_deg.value, 1),
                apogee_low_m=group.apogee_low_km.value * KM_M,
                apogee_high_m=group.apogee_high_km.value * KM_M,
                start_low_s=group.start_low_s.value,
                start_high_s=group.start_high_s.value,
                bank_rad=0.0 if bank is None else bank.angle_deg.value * DEG_RAD,
                bank_from_s=0.0 if bank is None else bank.from_s.value,
                bank_for_s=0.0 if bank is None else bank.for_s.value,
                mass_spread=group.mass_spread.value,
                isp_spread_s=group.isp_spread_s.value,
                burn_spread=group.burn_spread.value,
                density_spread=group.density_spread.value,
                tolerance_m=group.tolerance_km.value * KM_M,
                **origin,
            )
        )
    return out


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
    )


def tracking(given: Tracking) -> TrackSettings:
    """Numbers of the tracker."""
    return TrackSettings(
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


def policy(given: Warning_) -> WarningPolicy:
    """Build the rule of warning and what people do."""
    values = (
        "forecast_first_s",
        "forecast_later_s",
        "hit_threshold",
        "over_threshold",
        "relay_failure",
        "clear_share",
        "clear_hold_s",
        "clear_margin_s",
        "clear_median_s",
        "clear_sigma",
        "needed_s",
        "channel_correlation",
        "compliance",
        "indoor_share",
        "indoor_median_s",
        "indoor_sigma",
        "outdoor_median_s",
        "outdoor_sigma",
    )
    triangles = ("classify_s", "decide_s", "issue_s", "deliver_s", "lost_after_s")
    numbers: dict[str, Any] = {n: getattr(given, n).value for n in values}
    drawn: dict[str, Any] = {n: getattr(given, n).triangle for n in triangles}
    return WarningPolicy(
        alerting_nation=given.alerting_nation,
        status=given.status,
        unit=given.unit,
        consecutive=int(given.consecutive.value),
        night=given.night,
        channels=tuple(
            Channel(
                name=c.name,
                broadcast_per_s=c.broadcast_per_min.value / MINUTE_S,
                contagion_per_s=c.contagion_per_min.value / MINUTE_S,
                ceiling_day=c.ceiling_day.value,
                ceiling_night=c.ceiling_night.value,
            )
            for c in given.channels
        ),
        **numbers,
        **drawn,
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
    )


def industry(scenario: ScenarioText) -> Industry:
    """Lines and prices of the products that the scenario's batteries use."""
    given, catalogue = scenario.industry, scenario.catalogue
    numbers = ("rate_per_year", "target_per_year", "ramp_from_month", "ramp_months", "lead_months")
    lines = (catalogue.line[n] for n in given.lines)
    prices = (catalogue.price[n] for n in given.prices)
    return Industry(
        lines=tuple(
            Line(product=x.product, owner=x.owner, **{n: getattr(x, n).value for n in numbers})
            for x in lines
        ),
        prices=tuple(
            Price(
                product=p.product,
                unit_musd=p.unit_musd.value,
                basis=p.basis,
                price_year=int(p.price_year.value),
            )
            for p in prices
        ),
        horizon_months=int(given.horizon_months.value),
        currency=given.currency,
    )


def classes(scenario: ScenarioText) -> Mapping[str, ThreatClass]:
    """Classes that fly in this scenario, in the order of the catalogue."""
    used = {g.threat_class for g in scenario.threats}
    return {n: threat_class(n, c) for n, c in scenario.catalogue.threat.items() if n in used}
