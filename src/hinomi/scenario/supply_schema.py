"""What a scenario file may say about supply and money: sections `supply` and `money`."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from hinomi.scenario.catalogue_schema import Name, Section
from hinomi.scenario.quantity import Count, Positive, Quantity, Share, Within


class StockSection(Section):
    """Rounds that one owner holds and wants to hold; in place of what its batteries carry."""

    owner: Name
    product: Name
    held: Count
    required: Count


class SupplySection(Section):
    """Lines, transfers and budget lines that a production study takes from the catalogue."""

    lines: list[Name]
    transfers: list[Name]
    budgets: list[Name]
    loss_per_year: Annotated[Quantity, Within(low=0.0, high=0.5)]
    raid_share: Share
    stocks: Annotated[list[StockSection], Field(max_length=200, default_factory=list)]


class MoneySection(Section):
    """Currency and price year of every amount, and how others become them."""

    currency: Name
    price_year: Annotated[Quantity, Within(low=1980.0, high=2100.0, whole=True)]
    inflation_per_year: Annotated[Quantity, Within(low=-0.1, high=0.5)] | None = None
    per_usd: dict[Name, Positive] = Field(default_factory=dict)
    outlay_profile: Annotated[list[Share], Field(min_length=1, max_length=15)] | None = None
    obligation_profile: Annotated[list[Share], Field(min_length=1, max_length=15)] | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_not_given(
        self, serialize: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        return {k: v for k, v in serialize(self).items() if v not in (None, {})}

    def for_a_run(self) -> Self:
        """Leave out what only production studies use."""
        return self.model_copy(
            update={"per_usd": {}, "outlay_profile": None, "obligation_profile": None}
        )
