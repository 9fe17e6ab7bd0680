"""When each municipality first receives an alert that covers it."""

from __future__ import annotations

import numpy as np
from numba import njit

from hinomi.errors import ScenarioError
from hinomi.records.alerts import ALERT_MESSAGE, NEVER, UPDATE_MESSAGE, Alerts, WarningPolicy
from hinomi.records.columns import Floats
from hinomi.records.draws import Draws, triangular
from hinomi.records.places import AlertUnits, Places
from hinomi.records.plots import Triangle


@njit(cache=True, nogil=True, error_model="numpy")
def _delays(u, low, mode, high):  # type: ignore[no-untyped-def]
    """Turn uniforms into triangular delays [s], in place."""
    for i in range(u.size):
        u[i] = triangular(u[i], low, mode, high)


def _drawn(draws: Draws, entity: str, count: int, triangle: Triangle) -> Floats:
    """(count,) delays [s] of one stream."""
    delays = np.array(draws.uniforms("delivery", entity, count))
    _delays(delays, float(triangle[0]), float(triangle[1]), float(triangle[2]))
    return delays


def receive(
    alerts: Alerts, units: AlertUnits, places: Places, *, policy: WarningPolicy, draws: Draws
) -> Floats:
    """First receipt [s] of an alert or update per place; infinity where none came.

    From the issue centre to the municipality and on to its sirens and phones both delays are drawn
    once per place and replicate: stream kind "delivery", slot = index of the place, so every
    architecture meets the same delays. A municipality whose relay fails (stream kind "relay")
    receives nothing at all in that replicate. That is the cautious side: cell broadcast does not
    pass through the municipal relay and would still reach phones there.

    Raises
    ------
    ScenarioError
        when the alerts are about other units than `units`.
    """
    if alerts.units != units.names:
        raise ScenarioError(
            f"alerts are about {len(alerts.units)} units, the places about {len(units.names)} "
            "others; forecast and receive with the same alert units"
        )
    spreads = (alerts.kind == ALERT_MESSAGE) | (alerts.kind == UPDATE_MESSAGE)
    covered = np.where(alerts.covers[spreads] > 0, alerts.t_issue_s[spreads][:, None], NEVER)
    # One place more than there are units stands for "in no unit".
    first = np.append(covered.min(axis=0, initial=NEVER), NEVER)
    issued: Floats = first[units.unit_of_place]
    n = len(places.code)
    delay = _drawn(draws, "issue", n, policy.issue_s) + _drawn(
        draws, "deliver", n, policy.deliver_s
    )
    works = draws.uniforms("relay", "municipality", n) >= policy.relay_failure
    received: Floats = np.where(works, issued + delay, NEVER)
    return received
