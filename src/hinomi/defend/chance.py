"""What salvos share beside their own luck, and what an assessment makes of them.

Independent shots are the best case. Three dependences, all off by default: a threat that cannot be
engaged with success at all (`p_track_each`; Wilkening, Science and Global Security 8, 1999), what all
interceptors of a product and owner need and that fails for a whole raid (`p_system_raid`), and a kill
probability that differs from raid to raid with the same mean (`kill_spread`). Shots are spent all the
same: nobody who decides knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

from scipy.special import betaincinv

from hinomi.records.draws import Draws
from hinomi.records.engagements import EngageSettings


def raid_kill(kill_one: float, *, spread: float, u: float) -> float:
    """Kill probability of one round in a raid: the u quantile of a beta distribution of mean `kill_one`.

    `spread` is the correlation of two shots in one raid, the variance over its greatest value
    p (1 - p): alpha = p (1 / spread - 1), beta = (1 - p) (1 / spread - 1).
    """
    if spread <= 0.0 or not 0.0 < kill_one < 1.0:
        return kill_one
    weight = 1.0 / spread - 1.0
    return float(betaincinv(kill_one * weight, (1.0 - kill_one) * weight, u))


def kill_as_met(planned: float, *, rounds: int, kill_one: float, kill_met: float) -> float:
    """Kill probability of a salvo planned with `kill_one` a round that meets a body of `kill_met`.

    A glider shot at while it coasts is planned as a ballistic body and met as what it is by then.
    """
    if kill_met == kill_one or not kill_one > 0.0:  # also where none was given
        return planned
    return planned * (1.0 - (1.0 - kill_met) ** rounds) / (1.0 - (1.0 - kill_one) ** rounds)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Dependence and assessment of one raid; every draw has an address of its own."""

    draws: Draws
    settings: EngageSettings
    owners: Sequence[str]  # of each battery
    products: Mapping[str, str]  # interceptor class -> product

    def of_salvo(
        self,
        body: str,
        battery: int,
        weapon: str,
        *,
        rounds: int,
        kill_one: float,
        planned: float,
    ) -> float:
        """Probability that a salvo kills in this raid; `planned` is what it is without dependence."""
        given, product = self.settings, self.products[weapon]
        if self._fails(f"{body}>track", given.p_track_each):
            return 0.0
        if self._fails(f"{self.owners[battery]}>{product}>works", given.p_system_raid):
            return 0.0
        if given.kill_spread <= 0.0 or planned <= 0.0 or not 0.0 < kill_one < 1.0:
            return planned
        p = raid_kill(kill_one, spread=given.kill_spread, u=self._u(f"{product}>kill"))
        usual = 1.0 - (1.0 - kill_one) ** rounds
        return planned * (1.0 - (1.0 - p) ** rounds) / usual

    def judged(self, entity: str, salvo: int, *, killed: bool) -> bool:
        """What the assessment says of a salvo at `entity` (body and battery)."""
        given = self.settings
        wrong = given.kill_seen_as_miss if killed else given.miss_seen_as_kill
        return killed != (wrong > 0.0 and self._u(f"{entity}>judged", slot=salvo) < wrong)

    def _fails(self, entity: str, probability: float) -> bool:
        return probability < 1.0 and self._u(entity) >= probability

    def _u(self, entity: str, *, slot: int = 0) -> float:
        return float(self.draws.uniforms("shot", entity, 1, slot=slot)[0])
