"""The first screen: sentences that a reader can quote, gain beside price, key figures, assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.report.data import number
from hinomi.report.japanese import BOOK
from hinomi.report.japanese_short import UNITS
from hinomi.scenario.model import Scenario

Entry = Mapping[str, Any]
Pair = tuple[str, str]
Said = tuple[str, str]  # in English, in Japanese
MISSING: Final = (  # what a note says, and the word for it
    ("value is plus infinity", "never"),
    ("value is minus infinity", "never warned"),
    ("not defined", "not defined"),
)
NOT_TO_BE_MIXED: Final = (
    " A yearly price and a price of one raid are not to be set off against each other.",
    "年間の費用と襲来1回の費用を差し引きしてはならない。",
)
NARROW: Final = 0.02  # width of an interval of a share below which percents get a decimal
NO_INTERVAL: Final = "no interval"  # too few replicates, or nothing that chance touches
SHORT_UNITS: Final = {"bodies": "", "1": "share"}


def compared(scenario: Scenario, architectures: Sequence[str]) -> Pair:
    """The pair that the answer speaks of: the headline pair, or the last run and the first."""
    pair = scenario.study.headline
    if pair is None or not set(pair) <= set(architectures):
        return architectures[-1], architectures[0]
    return pair


def sentences(
    scenario: Scenario, summary: Mapping[str, Any], pair: Pair, labels: Mapping[str, str]
) -> list[Said]:
    """Sentences of the first screen, made from the summary alone."""
    best, base = pair
    a, b = summary["architectures"][best], summary["architectures"][base]
    said = [_warning(labels[best], a)]
    if scenario.batteries:
        said.append(_defence(labels[best], a, len(scenario.threats)))
    if best != base:
        said.append(_warning(labels[base], b))
        difference = summary["differences"].get(f"{best}-{base}")
        if difference:
            said.append(_difference(labels[best], labels[base], difference, scenario))
            said += _price(labels[best], labels[base], difference, rounds=bool(scenario.batteries))
    return said


def value_words(entry: Entry) -> str:
    """A figure with its unit; why there is none otherwise."""
    if entry.get("value") is None:
        return missing_words(entry)
    if entry["unit"] == "1":
        return f"{100 * entry['value']:.{_places(entry)}f}\u00a0%"
    unit = SHORT_UNITS.get(entry["unit"], entry["unit"])
    return f"{number(entry['value'])}\u00a0{unit}".strip()


def missing_words(entry: Entry) -> str:
    """Why a figure has no value, in one or two words; its whole note goes to the file."""
    note = str(entry.get("note") or "")
    for part, word in MISSING:
        if part in note:
            return word
    return "–"


def span_words(entry: Entry) -> str:
    """The interval of a figure; `no interval` where a value has none, nothing where there is no value."""
    low, high = entry.get("low"), entry.get("high")
    if low is None or high is None:
        return half_open(entry)
    if entry["unit"] == "1":
        places = _places(entry)
        return f"{100 * low:.{places}f} to {100 * high:.{places}f}\u00a0%".replace("-", "−")
    return f"{number(low)} to {number(high)}"


def nobody(entry: Entry) -> bool:
    """Whether no replicate defines a figure, because nobody was concerned."""
    return entry.get("value") is None and "not defined" in str(entry.get("note"))


def japanese(label: str) -> str:
    """Name of an architecture in Japanese, as it is where the book has none."""
    return BOOK.get(label, label)


def half_open(entry: Entry, *, scale: float | None = None) -> str:
    """An interval without one end, or none at all; shares in percent where no scale is given."""
    low, high = entry.get("low"), entry.get("high")
    if entry.get("value") is None:
        return ""
    if low is None and high is None:
        return NO_INTERVAL
    if scale is None:
        scale = 100.0 if entry["unit"] == "1" else 1.0
    return (
        f"{number(scale * low)} to never"
        if low is not None
        else f"up to {number(scale * (high or 0.0))}"
    )


def _places(entry: Entry) -> int:
    """Decimals of a share in percent: one where its interval is narrower than `NARROW`."""
    low, high = entry.get("low"), entry.get("high")
    return 1 if low is not None and high is not None and high - low < NARROW else 0


def _ja_value(entry: Entry) -> str:
    if entry.get("value") is None:
        return japanese(missing_words(entry))
    if entry["unit"] == "1":
        return value_words(entry).replace("\u00a0", "")
    return f"{number(entry['value'])}{UNITS.get(entry['unit'], entry['unit'])}"


def _ja_span(entry: Entry) -> str:
    text = span_words(entry)
    if text.startswith("up to "):
        return f"{text.removeprefix('up to ')}以下"
    if text.endswith(" to never"):
        return f"{text.removesuffix(' to never')}以上"
    return text.replace(" to ", "～").replace("\u00a0", "").replace(NO_INTERVAL, "区間なし")


def _told(entry: Entry) -> str:
    """Value with interval and n."""
    span = span_words(entry)
    return f"{value_words(entry)} ({span})" if span else value_words(entry)


def _ja_told(entry: Entry) -> str:
    span = _ja_span(entry)
    return f"{_ja_value(entry)}（{span}）" if span else _ja_value(entry)


def _warning(label: str, figures: Mapping[str, Entry]) -> Said:
    alert, lead = figures["first_alert_s"], figures["lead_s"]
    share = figures["warned_in_time_share"]
    never = alert.get("value") is None
    if never:
        share_never = 100.0 * float(alert.get("never_share") or 1.0)
        told = f"no alert for {share_never:.0f}\u00a0% of the threats, so none for the median one"
        ja_told = f"脅威の{share_never:.0f}%には警報がなく、中央値では発令されない"
    else:
        told = f"the alert is issued {_told(alert)} after ignition"
        ja_told = f"警報は点火から{_ja_told(alert)}後に発令される"
    start, ja_start = f"{_capital(label)}: {told}", f"{japanese(label)}：{ja_told}"
    if nobody(lead):
        return (
            f"{start}; nobody needed a warning by the rule (hit, or passed over below 150 km).",
            f"{ja_start}。規則（着弾、または高度150 km未満の通過）により警報が必要な人はいない。",
        )
    if lead.get("value") is None:
        had = f"no median lead ({missing_words(lead)})"
        ja_had = "必要な人の余裕時間の中央値はない"
    else:
        had = f"a median lead of {_told(lead)}"
        ja_had = f"必要な人の余裕時間の中央値は{_ja_told(lead)}"
    return (
        f"{start}; people who need it have {had}, and {_told(share)} of them are warned in time.",
        f"{ja_start}。{ja_had}で、{_ja_told(share)}に間に合う。",
    )


def _difference(first: str, second: str, entries: Mapping[str, Entry], scenario: Scenario) -> Said:
    alert, lead, leakers = entries["first_alert_s"], entries["lead_s"], entries["leakers"]
    parts, ja_parts = [], []
    if alert.get("value") is not None:
        parts.append(f"the alert {_change(alert, 'later', 'earlier')}")
        ja_parts.append(f"警報は{_ja_change(alert, '遅く', '早く')}")
    if lead.get("value") is not None:
        parts.append(f"the median lead {_change(lead, 'longer', 'shorter')}")
        ja_parts.append(f"余裕時間の中央値は{_ja_change(lead, '長く', '短く')}")
    if scenario.batteries and leakers.get("value") is not None:
        parts.append(f"leakers {number(leakers['value'])} a raid ({span_words(leakers)})")
        ja_parts.append(
            f"迎撃されない数は襲来1回当たり{number(leakers['value'])}（{_ja_span(leakers)}）"
        )
    return (
        f"{_capital(first)} minus {second}, on the same draws: "
        f"{', '.join(parts) or 'nothing defined'}.",
        f"{japanese(first)}と{japanese(second)}の差（同じ抽選）："
        f"{'、'.join(ja_parts) or '定義されるものはない'}。",
    )


def _price(first: str, second: str, entries: Mapping[str, Entry], *, rounds: bool) -> list[Said]:
    """The price of the network beside the gain; nothing where neither is priced."""
    network, shots, cost = (
        entries.get(name) or {} for name in ("network_cost_musd", "shots", "cost_musd")
    )
    if not network.get("value"):
        return []
    said = (
        f"Its price: the network costs {_signed(network)} million USD a year "
        f"({span_words(network)}, the assumed range)"
    )
    ja_said = f"その対価：共有網に年{_signed(network)}百万米ドル（{_ja_span(network)}、仮定の範囲）"
    apart = ("", "")
    if rounds and shots.get("value") is not None and cost.get("value") is not None:
        said += (
            f"; rounds {_signed(shots)} a raid ({span_words(shots)}), {_signed(cost)} million USD "
            f"({span_words(cost)})"
        )
        ja_said += (
            f"、迎撃弾は襲来1回当たり{_signed(shots)}発（{_ja_span(shots)}）、"
            f"{_signed(cost)}百万米ドル（{_ja_span(cost)}）"
        )
        apart = NOT_TO_BE_MIXED
    return [
        (
            f"{said}; {first} against {second}.{apart[0]}",
            f"{ja_said}。{japanese(second)}との比較。{apart[1]}",
        )
    ]


def _defence(label: str, figures: Mapping[str, Entry], raid: int) -> Said:
    leakers, shots, cost, refill = (
        figures[name] for name in ("leakers", "shots", "cost_musd", "refill_months")
    )
    return (
        f"{_capital(label)}: of a raid of {raid}, {_told(leakers)} are not shot down; "
        f"{_told(shots)} are fired, {_told(cost)} at catalogue price, and production alone "
        f"needs {_told(refill)} to replace them.",
        f"{japanese(label)}：{raid}弾の襲来のうち{_ja_told(leakers)}が迎撃されない。"
        f"迎撃弾は{_ja_told(shots)}、費用は一覧の単価で{_ja_told(cost)}、生産だけで補充に{_ja_told(refill)}かかる。",
    )


def _signed(entry: Entry) -> str:
    text = number(entry["value"])
    return text if text.startswith("−") or text == "0" else f"+{text}"


def _change(entry: Entry, more: str, less: str) -> str:
    """A difference in seconds, in words; the word carries the sign of value and interval."""
    value, low, high = entry["value"], entry.get("low"), entry.get("high")
    if not value:
        return f"unchanged ({span_words(entry)})"
    text = f"{number(abs(value))} s {more if value > 0 else less}"
    if low is None and high is None:
        return f"{text} ({NO_INTERVAL})"
    if low is None or high is None:  # with its own sign: no word carries it
        return f"{text} (difference {half_open(entry)})"
    if low * high >= 0:
        near, far = sorted((abs(low), abs(high)))
        return f"{text} ({number(near)} to {number(far)})"
    return f"{text} ({number(abs(low))} {less} to {number(high)} {more})"


def _ja_change(entry: Entry, more: str, less: str) -> str:
    value, low, high = entry["value"], entry.get("low"), entry.get("high")
    if not value:
        return f"変わらない（{_ja_span(entry)}）"
    text = f"{number(abs(value))}秒{more if value > 0 else less}なる"
    if low is None and high is None:
        return f"{text}（{_ja_span(entry)}）"
    if low is None or high is None:
        return f"{text}（差は{_ja_span(entry)}）"
    if low * high >= 0:
        near, far = sorted((abs(low), abs(high)))
        return f"{text}（{number(near)}～{number(far)}）"
    return f"{text}（{number(abs(low))}秒{less}～{number(high)}秒{more}）"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
