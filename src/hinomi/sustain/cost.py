"""Prices: what the catalogue says a round costs, and what years lie between two amounts."""

from __future__ import annotations

from hinomi.errors import ScenarioError
from hinomi.records.ledger import Industry, Price


def years_between(*, from_year: int, to_year: int, inflation_known: bool) -> int:
    """Years of inflation that turn money of one year into that of another.

    Raises
    ------
    ScenarioError
        when the years differ and no inflation is stated.
    """
    if from_year != to_year and not inflation_known:
        raise ScenarioError(
            f"prices of {from_year} and of {to_year} are mixed; state"
            " money.inflation_per_year, or give every price in the same year"
        )
    return to_year - from_year


def price_year(industry: Industry) -> int:
    """Give the one year that every price is of; 0 where there are none.

    Raises
    ------
    ScenarioError
        for prices of several years: their sum would be of none.
    """
    years = sorted({price.price_year for price in industry.prices})
    if len(years) > 1:
        raise ScenarioError(
            f"prices are of {', '.join(map(str, years))}; bring them to one year before they are added"
        )
    return years[0] if years else 0


def price_of(industry: Industry, product: str) -> Price:
    """Catalogue price of one round of a product.

    Raises
    ------
    ScenarioError
        when the catalogue has no price for it.
    """
    for price in industry.prices:
        if price.product == product:
            return price
    raise ScenarioError(
        f"product {product!r} has no price; add one to the prices of the scenario"
        f" (priced: {', '.join(p.product for p in industry.prices) or 'none'})"
    )
