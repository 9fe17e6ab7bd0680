"""A message composed and held against its own profile, before anybody sees it."""

from __future__ import annotations

from hinomi.cap.check import check
from hinomi.cap.compose import Order, compose
from hinomi.cap.message import Message, write
from hinomi.cap.profile import HINOMI_JP
from hinomi.errors import ScenarioError
from hinomi.export.cap_places import load_schema


def composed(order: Order) -> Message:
    """Compose what is asked for, as `cap.compose` does, and check what came out.

    Raises
    ------
    ScenarioError
        as `compose` does, and where `hinomi alert check --profile hinomi-jp` would refuse it.
    """
    message = compose(order)
    errors = check(write(message), schema=load_schema(), profile=HINOMI_JP).errors
    if errors:
        raise ScenarioError(
            f"the message would be refused by its profile {HINOMI_JP}: {errors[0].message} "
            f"[{errors[0].code}]; ask for Japanese among the languages, and see `hinomi alert check` "
            "for what else it wants"
        )
    return message
