"""Stock by owner and month: deliveries, raids, losses, and rounds given from one owner to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hinomi.records.columns import Floats
from hinomi.records.draws import Draws
from hinomi.records.supply import Pair, Production, Stocks, Supply, Transfer
from hinomi.sustain.drawn import numbers
from hinomi.units import MONTHS_A_YEAR


def stocks(
    supply: Supply,
    production: Production,
    *,
    spent: Mapping[Pair, Floats],
    raid_months: Sequence[int],
    transfers: bool,
    draws: Sequence[Draws] | None = None,
) -> Stocks:
    """Stock of every holding through raids and refilling.

    A month in order: raid, loss to shelf life and training, arrivals, deliveries, gifts. An owner
    takes from its own lines what it lacks; what nobody lacks goes to other users. An owner
    without a line of the product takes from what line owners leave. Gifts on their way to an owner
    count against further gifts, but its lines do not wait for them: what arrives after they filled
    its stock stands above what is required. Raids are at the beginning of month `raid_months` + 1,
    and take what is there when they ask for more.

    Parameters
    ----------
    spent
        pair -> (N,) rounds that a raid asks for.
    transfers
        whether the supply's transfers are allowed.
    draws
        for the ranged inputs; None: stated values.
    """
    n, months = production.made.shape[1:]
    pairs = tuple((h.owner, h.product) for h in supply.holdings)
    required = np.array([h.required for h in supply.holdings])
    k = len(pairs)
    stock = np.empty((k, n, months + 1))
    stock[:, :, 0] = np.array([h.held for h in supply.holdings])[:, None]
    flows = {
        name: np.zeros((k, n, months))
        for name in ("delivered", "received", "sent", "spent", "short", "lost")
    }
    loss = 1.0 - (1.0 - numbers(supply.loss_per_year, "supply.loss_per_year", draws)) ** (
        1.0 / MONTHS_A_YEAR
    )
    gifts = _gifts(supply.transfers, pairs, n, draws) if transfers else []
    on_way = np.zeros((k, n))
    asked = np.array([np.broadcast_to(spent.get(p, np.zeros(1)), n) for p in pairs])
    wants = asked.reshape(k, n)
    for m in range(months):
        now = stock[:, :, m].copy()
        if m in raid_months:
            flows["spent"][:, :, m] = np.minimum(wants, now)
            flows["short"][:, :, m] = wants - flows["spent"][:, :, m]
            now -= flows["spent"][:, :, m]
        flows["lost"][:, :, m] = now * loss
        now -= flows["lost"][:, :, m]
        now += flows["received"][:, :, m]
        on_way -= flows["received"][:, :, m]
        taken = _deliveries(production, pairs, np.maximum(required[:, None] - now, 0.0), m)
        flows["delivered"][:, :, m] = taken
        now += taken
        for gift in gifts:
            gift.give(now, on_way, required, flows, m)
        stock[:, :, m + 1] = now
    return Stocks(pairs=pairs, required=required, stock=stock, **flows)


def _deliveries(production: Production, pairs: Sequence[Pair], lack: Floats, m: int) -> Floats:
    """(K, N) rounds that each holding takes of what the lines make in month m."""
    out = np.zeros_like(lack)
    left = production.made[:, :, m].copy()
    for own in (True, False):
        for k, (owner, product) in enumerate(pairs):
            mine = [
                i
                for i, what in enumerate(production.products)
                if what == product and (production.owners[i] == owner) == own
            ]
            has_line = any(
                what == product and production.owners[i] == owner
                for i, what in enumerate(production.products)
            )
            if has_line != own:
                continue
            for i in mine:
                take = np.minimum(left[i], lack[k] - out[k])
                out[k] += take
                left[i] -= take
    return out


class _Gift:
    """One transfer between two holdings."""

    def __init__(
        self, *, giver: int, taker: int, a_month: Floats, delay: Floats, floor_share: Floats
    ) -> None:
        self.giver, self.taker = giver, taker
        self.a_month, self.floor_share = a_month, floor_share
        self.delay = np.maximum(np.rint(delay).astype(int), 1)

    def give(
        self,
        now: Floats,
        on_way: Floats,
        required: Floats,
        flows: Mapping[str, Floats],
        m: int,
    ) -> None:
        """Send what the giver has above its floor, the taker lacks and the rate allows."""
        months = flows["sent"].shape[2]
        spare = np.maximum(now[self.giver] - self.floor_share * required[self.giver], 0.0)
        lack = np.maximum(required[self.taker] - now[self.taker] - on_way[self.taker], 0.0)
        send = np.minimum(np.minimum(spare, lack), self.a_month)
        arrives = m + self.delay
        there = arrives < months
        send = np.where(there, send, 0.0)  # what would arrive after the end stays
        now[self.giver] -= send
        flows["sent"][self.giver, :, m] += send
        on_way[self.taker] += send
        for month in np.unique(arrives[there]):
            part = np.where(arrives == month, send, 0.0)
            flows["received"][self.taker, :, month] += part


def _gifts(
    transfers: Sequence[Transfer], pairs: Sequence[Pair], n: int, draws: Sequence[Draws] | None
) -> list[_Gift]:
    """Transfers whose both ends hold the product here."""
    out = []
    for t in transfers:
        ends = (t.giver, t.product), (t.taker, t.product)
        if ends[0] not in pairs or ends[1] not in pairs:
            continue

        def value(key: str, at: Transfer = t) -> Floats:
            found = numbers(getattr(at, key), f"transfer.{at.name}.{key}", draws)
            return np.broadcast_to(found, n).copy()

        out.append(
            _Gift(
                giver=pairs.index(ends[0]),
                taker=pairs.index(ends[1]),
                a_month=value("per_year") / MONTHS_A_YEAR,
                delay=value("delay_months"),
                floor_share=value("floor_share"),
            )
        )
    return out


def months_to_requirement(found: Stocks) -> Floats:
    """(K, N) first month after which the stock is at what is required, to half a round.

    Shelf life takes a little every month, so "at" means within half a round; infinite: not in time.
    """
    at = found.stock[:, :, 1:] >= found.required[:, None, None] - 0.5
    return np.where(at.any(axis=2), at.argmax(axis=2) + 1.0, np.inf)


def first_short_month(found: Stocks) -> Floats:
    """(K, N) month of the first raid that asks for more than there is; infinite: none does."""
    there = found.short > 1e-9
    return np.where(there.any(axis=2), there.argmax(axis=2) + 0.0, np.inf)
