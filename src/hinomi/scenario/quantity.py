"""One number of a scenario: plain, or with its range, source and grade; limits are checked here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Grade: TypeAlias = Literal["published", "computed", "literature", "assumed"]
GRADES: tuple[str, ...] = get_args(Grade)
_Real: TypeAlias = Annotated[float, Strict(), Field(allow_inf_nan=False)]
_Words: TypeAlias = Annotated[str, Strict(), Field(max_length=1000)]

# Endings of keys and the unit they say, longest first where one ends with another.
UNITS = {
    "_musd_per_year": "million USD a year",
    "_per_hour_mkm2": "per hour and million km2",
    "_per_frame": "per frame",
    "_per_year": "per year",
    "_per_min": "per min",
    "_per_s": "per s",
    "_kw_sr": "kW/sr",
    "_kg_m2": "kg/m2",
    "_km_s": "km/s",
    "_m_s": "m/s",
    "_m2": "m2",
    "_urad": "microrad",
    "_mrad": "mrad",
    "_deg_s": "deg/s",
    "_deg": "deg",
    "_mhz": "MHz",
    "_musd": "million USD",
    "_months": "months",
    "_month": "months",
    "_km": "km",
    "_kg": "kg",
    "_db": "dB",
    "_h": "h",
    "_k": "K",
    "_g": "g",
    "_m": "m",
    "_s": "s",
}


def unit_of(key: str) -> str:
    """Read the unit that a key's ending says; "1" for a plain number."""
    name = key.rsplit(".", 1)[-1].split("[", 1)[0]
    return next((unit for ending, unit in UNITS.items() if name.endswith(ending)), "1")


class Quantity(BaseModel):
    """A number with what is known about it; a plain number in a file is `assumed`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: _Real
    low: _Real | None = None
    high: _Real | None = None
    source: _Words = ""
    grade: Grade = "assumed"
    note: _Words = ""

    @property
    def triangle(self) -> tuple[float, float, float]:
        """Low, mode, high; without low and high a constant."""
        return (
            self.value if self.low is None else self.low,
            self.value,
            self.value if self.high is None else self.high,
        )


# Why a place or direction is refused: with finer ones an end point could be chosen at will.
FINER = (
    "is finer than the scope of this project allows: aims, places of launch and directions are "
    "rounded to 0.1 deg"
)
# A step of a launcher's tilt or failure moves its end by about 0.1 degree of ground or more.
FINER_TILT = (
    "is finer than the scope of this project allows: the tilt of a body without an aim is rounded "
    "to 0.1 deg, as a finer one would choose its end point"
)
FINER_FAILURE = (
    "is finer than the scope of this project allows: failures are told to 5 s, as a finer time "
    "would choose an end point"
)


def off_step(value: float, step: float) -> bool:
    """Whether a value lies between the multiples of a step."""
    steps = value / step
    return abs(steps - round(steps)) > 1e-6


@dataclass(frozen=True)
class Within:
    """Limits of a quantity; also lets a plain number stand for it."""

    low: float | None = None
    high: float | None = None
    above: float | None = None
    whole: bool = False
    drawn: bool = (
        False  # low and high are drawn from in every replicate, not a doubt about the value
    )
    step: float | None = None  # no finer than this
    finer: str = FINER  # why it is no finer

    @property
    def words(self) -> str:
        """The limits in words."""
        parts = []
        if self.above is not None:
            parts.append(f"more than {self.above:g}")
        if self.low is not None:
            parts.append(f"at least {self.low:g}")
        if self.high is not None:
            parts.append(f"at most {self.high:g}")
        if self.whole:
            parts.append("whole")
        if self.step is not None:
            parts.append(f"no finer than {self.step:g}")
        return ", ".join(parts)

    def _table(self, given: object) -> object:
        if isinstance(given, Quantity | dict):
            return given
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise PydanticCustomError("number", "is not a number", {"limit": self.words})
        return {"value": given}

    def _check(self, given: Quantity) -> Quantity:
        for name in ("value", "low", "high"):
            x = getattr(given, name)
            if x is None:
                continue
            if (
                (self.low is not None and x < self.low)
                or (self.high is not None and x > self.high)
                or (self.above is not None and x <= self.above)
            ):
                raise PydanticCustomError(
                    "limit", "is outside its limits", {"limit": self.words, "given": x}
                )
            if self.whole and x != round(x):
                raise PydanticCustomError(
                    "limit", "is not a whole number", {"limit": self.words, "given": x}
                )
            if self.step is not None and off_step(x, self.step):
                raise PydanticCustomError(
                    "fence",
                    self.finer,  # type: ignore[arg-type]
                    {"limit": self.words, "given": x},
                )
        low, value, high = given.triangle
        if not low <= value <= high:
            raise PydanticCustomError(
                "limit",
                "is not between its own low and high",
                {"limit": f"{low:g} to {high:g}", "given": value},
            )
        return given

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        checked = core_schema.no_info_after_validator_function(self._check, handler(source))
        return core_schema.no_info_before_validator_function(self._table, checked)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        plain: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        limits = {"minimum": self.low, "maximum": self.high, "exclusiveMinimum": self.above}
        plain |= {k: v for k, v in limits.items() if v is not None}
        if self.step is not None:
            plain["multipleOf"] = self.step
        return {"anyOf": [plain, handler(schema)]}


Number: TypeAlias = Annotated[Quantity, Within()]
Positive: TypeAlias = Annotated[Quantity, Within(above=0.0)]
NonNegative: TypeAlias = Annotated[Quantity, Within(low=0.0)]
Share: TypeAlias = Annotated[Quantity, Within(low=0.0, high=1.0)]
Latitude: TypeAlias = Annotated[Quantity, Within(low=-90.0, high=90.0)]
Longitude: TypeAlias = Annotated[Quantity, Within(low=-180.0, high=180.0)]
Bearing: TypeAlias = Annotated[Quantity, Within(low=0.0, high=360.0)]
Seconds: TypeAlias = Annotated[Quantity, Within(low=1.0, high=3600.0, whole=True)]
Count: TypeAlias = Annotated[Quantity, Within(low=0.0, high=100_000.0, whole=True)]
Drawn: TypeAlias = Annotated[Quantity, Within(low=0.0, high=86_400.0, drawn=True)]


def q(value: float, *, source: str = "", note: str = "") -> Quantity:
    """Default of an optional key: an assumption of the schema."""
    return Quantity(value=value, source=source or "default of the scenario format", note=note)
