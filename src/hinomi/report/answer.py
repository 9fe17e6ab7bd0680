"""The first screen: sentences that a reader can quote, gain beside price, key figures, assumptions."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.report.data import number, number_of
from hinomi.report.japanese import BOOK
from hinomi.report.japanese_short import UNITS, say_same
from hinomi.scenario.model import Scenario
from hinomi.scenario.planned import Planned, planned
from hinomi.study.figure_words import same_words

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
IN_ORBIT: Final = re.compile(r"^(\d+) in orbit$")
NARROW: Final = 0.02  # width of an interval of a share below which percents get a decimal
SMALL: Final = 0.01  # difference of two shares that whole percents would hide
NO_INTERVAL: Final = "no interval"  # too few replicates, or nothing that chance touches
SHORT_UNITS: Final = {"bodies": "", "1": "share"}


def compared(
    scenario: Scenario, architectures: Sequence[str], differences: Sequence[str] = ()
) -> Pair:
    """The pair that the answer speaks of: one whose difference the run has, where there is one.

    The headline pair comes first, then the last run against the first, then what else was compared;
    a pair that a run compares the other way round is told in that run's direction.
    """
    wanted = [(architectures[-1], architectures[0])]
    if scenario.study.headline and set(scenario.study.headline) <= set(architectures):
        wanted.insert(0, scenario.study.headline)
    others = [(a, b) for a in architectures for b in architectures if a != b]
    for a, b in (*(p for w in wanted for p in (w, w[::-1])), *others):
        if f"{a}-{b}" in differences:
            return a, b
    return wanted[0]


def sentences(
    scenario: Scenario, summary: Mapping[str, Any], pair: Pair, labels: Mapping[str, str]
) -> list[Said]:
    """Sentences of the first screen, made from the summary alone."""
    best, base = pair
    a, b = summary["architectures"][best], summary["architectures"][base]
    found = planned(scenario.assumptions)
    difference = summary["differences"].get(f"{best}-{base}") if best != base else None
    gap = (difference or {}).get("warned_in_time_share")
    said = [*map(_premise, found), _warning(labels[best], a, gap)]
    if defends(scenario, a):
        said.append(_defence(labels[best], a, len(scenario.threats)))
    if best != base:
        said.append(_warning(labels[base], b, gap))
        if difference:
            fired = defends(scenario, a, b)
            said.append(_difference(labels[best], labels[base], difference, fired, found))
            said += _price(labels[best], labels[base], difference, rounds=defends(scenario, a, b))
    return said


def value_words(entry: Entry, *, beside: Entry | None = None) -> str:
    """A figure with its unit; why there is none otherwise.

    A share gets the decimals that show the difference `beside` it.
    """
    if entry.get("value") is None:
        return missing_words(entry)
    if entry["unit"] == "1":
        return f"{100 * entry['value']:.{_places(entry, beside)}f}\u00a0%"
    unit = SHORT_UNITS.get(entry["unit"], entry["unit"])
    return f"{number_of(entry['value'], entry['unit'])}\u00a0{unit}".strip()


def missing_words(entry: Entry) -> str:
    """Why a figure has no value, in one or two words; its whole note goes to the file."""
    note = str(entry.get("note") or "")
    for part, word in MISSING:
        if part in note:
            return word
    return "–"


def span_words(entry: Entry, *, beside: Entry | None = None) -> str:
    """The interval of a figure, or why it has none; nothing where there is no value."""
    low, high = entry.get("low"), entry.get("high")
    if low is None or high is None or same_words(entry):
        return half_open(entry)
    if entry["unit"] == "1":
        places = _places(entry, beside)
        return f"{100 * low:.{places}f} to {100 * high:.{places}f}\u00a0%".replace("-", "−")
    return f"{number_of(low, entry['unit'])} to {number_of(high, entry['unit'])}"


def nobody(entry: Entry) -> bool:
    """Whether no replicate defines a figure, because nobody was concerned."""
    return entry.get("value") is None and "not defined" in str(entry.get("note"))


def defends(scenario: Scenario, *figures: Mapping[str, Entry]) -> bool:
    """Whether anybody fires at anything: a launch that passes is no raid with leakers."""
    return bool(scenario.batteries) and any(f["shots"].get("value") for f in figures)


def japanese(label: str) -> str:
    """Name of an architecture in Japanese, as it is where the book has none."""
    return BOOK.get(label, label)


def half_open(entry: Entry, *, scale: float | None = None) -> str:
    """An interval without one end, or why there is none; shares in percent where no scale is given."""
    low, high = entry.get("low"), entry.get("high")
    if entry.get("value") is None:
        return ""
    if low is None and high is None:
        return NO_INTERVAL
    if same := same_words(entry):
        return same
    if scale is None:
        scale = 100.0 if entry["unit"] == "1" else 1.0
    return (
        f"{number(scale * low)} to never"
        if low is not None
        else f"up to {number(scale * (high or 0.0))}"
    )


def _places(entry: Entry, beside: Entry | None = None) -> int:
    """Decimals of a share in percent: one where its interval is narrow, or a difference is small."""
    low, high = entry.get("low"), entry.get("high")
    narrow = low is not None and high is not None and high - low < NARROW
    if same_words(entry) and not (beside or {}).get("value"):
        return 0 if math.isclose(100 * entry["value"], round(100 * entry["value"])) else 1
    change = abs((beside or {}).get("value") or 1.0)
    return 2 if change < SMALL / 10 else 1 if narrow or change < SMALL else 0


def _ja_value(entry: Entry, beside: Entry | None = None) -> str:
    if entry.get("value") is None:
        return japanese(missing_words(entry))
    if entry["unit"] == "1":
        return value_words(entry, beside=beside).replace("\u00a0", "")
    return f"{number_of(entry['value'], entry['unit'])}{UNITS.get(entry['unit'], entry['unit'])}"


def _ja_span(entry: Entry, beside: Entry | None = None) -> str:
    text = span_words(entry, beside=beside)
    if text.startswith("up to "):
        return f"{text.removeprefix('up to ')}以下"
    if text.endswith(" to never"):
        return f"{text.removesuffix(' to never')}以上"
    text = say_same(text).replace(NO_INTERVAL, "区間なし")
    return text.replace(" to ", "～").replace("\u00a0", "")


def _told(entry: Entry, beside: Entry | None = None) -> str:
    """Value with its interval."""
    span, value = span_words(entry, beside=beside), value_words(entry, beside=beside)
    return f"{value} ({span})" if span else value


def _ja_told(entry: Entry, beside: Entry | None = None) -> str:
    span, value = _ja_span(entry, beside), _ja_value(entry, beside)
    return f"{value}（{span}）" if span else value


def _premise(found: Planned) -> Said:
    """What the answer takes to be in the sky although it was only planned, with both sources."""
    sources = "; ".join(
        f"{what}: {source}"
        for what, source in (("plan", found.source), (found.there, found.there_source))
        if source
    )
    return (
        f"Every figure here is with {found.words}. {_capital(sources)}.",
        f"以下の数字はすべて{_ja_premise(found)}。出典：{sources}。",
    )


def _ja_premise(found: Planned) -> str:
    orbit = "低軌道" if found.low_orbit else ""
    there = IN_ORBIT.sub(r"軌道上は\1機", found.there)
    rest = f"（{there}）" if there else ""
    return f"計画中の{orbit}衛星{found.satellites}機を含む{rest}"


def _warning(label: str, figures: Mapping[str, Entry], gap: Entry | None) -> Said:
    """Alert, lead and share in time of one side; `gap` is the difference of the share."""
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
        seen, ja_seen = _without_need(figures)
        return (
            f"{start}; nobody needed a warning by the rule (hit, or passed over below 150 km). {seen}",
            f"{ja_start}。規則（着弾、または高度150 km未満の通過）により警報が必要な人はいない。{ja_seen}",
        )
    if lead.get("value") is None:
        had = f"no median lead ({missing_words(lead)})"
        ja_had = "必要な人の余裕時間の中央値はない"
    else:
        had = f"a median lead of {_told(lead)}"
        ja_had = f"必要な人の余裕時間の中央値は{_ja_told(lead)}"
    return (
        f"{start}; people who need it have {had}, and {_told(share, gap)} of them are warned in time.",
        f"{ja_start}。{ja_had}で、{_ja_told(share, gap)}に間に合う。",
    )


def _without_need(figures: Mapping[str, Entry]) -> Said:
    """What is left to ask where nobody is in need: who sees it, and who is told for nothing."""
    seen, idle = figures["first_detection_s"], figures["over_warned_people"]
    return (
        f"The deciding centre first sees it {_told(seen)} after ignition; "
        f"alerted without need: {_told(idle)}.",
        f"警報を決める所の最初の探知は点火から{_ja_told(seen)}。"
        f"必要がないのに警報を受けた人：{_ja_told(idle)}。",
    )


def _difference(
    first: str,
    second: str,
    entries: Mapping[str, Entry],
    fired: bool,
    premises: Sequence[Planned],
) -> Said:
    alert, lead, leakers = entries["first_alert_s"], entries["lead_s"], entries["leakers"]
    parts, ja_parts = [], []
    if alert.get("value") is not None:
        parts.append(f"in the middle raid the alert {_change(alert, 'later', 'earlier')}")
        ja_parts.append(f"中央の襲来で警報は{_ja_change(alert, '遅く', '早く')}")
    if lead.get("value") is not None:
        parts.append(f"in the middle raid the lead {_change(lead, 'longer', 'shorter')}")
        ja_parts.append(f"中央の襲来で余裕時間は{_ja_change(lead, '長く', '短く')}")
    if fired and leakers.get("value") is not None:
        parts.append(f"leakers {number(leakers['value'])} a raid ({span_words(leakers)})")
        ja_parts.append(
            f"迎撃されない数は襲来1回当たり{number(leakers['value'])}（{_ja_span(leakers)}）"
        )
    also = "".join(f", with {p.words}" for p in premises)
    ja_also = "".join(f"、{_ja_premise(p)}" for p in premises)
    return (
        f"{_capital(first)} minus {second}, raid by raid on the same draws{also}: "
        f"{', '.join(parts) or 'nothing defined'}.",
        f"{japanese(first)}と{japanese(second)}の襲来ごとの差（同じ抽選{ja_also}）："
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
    never = refill.get("value") is None
    return (
        f"{_capital(label)}: of a raid of {raid}, {_told(leakers)} are not shot down; "
        f"{_told(shots)} are fired, {_told(cost)} at catalogue price, and production alone "
        f"{'never replaces them' if never else f'needs {_told(refill)} to replace them'}.",
        f"{japanese(label)}：{raid}弾の襲来のうち{_ja_told(leakers)}が迎撃されない。"
        f"迎撃弾は{_ja_told(shots)}、費用は一覧の単価で{_ja_told(cost)}、"
        + (
            "生産だけでは補充できない。" if never else f"生産だけで補充に{_ja_told(refill)}かかる。"
        ),
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
    if same_words(entry) or (low is None and high is None):
        return f"{text} ({half_open(entry)})"
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
    if same_words(entry) or (low is None and high is None):
        return f"{text}（{_ja_span(entry)}）"
    if low is None or high is None:
        return f"{text}（差は{_ja_span(entry)}）"
    if low * high >= 0:
        near, far = sorted((abs(low), abs(high)))
        return f"{text}（{number(near)}～{number(far)}）"
    return f"{text}（{number(abs(low))}秒{less}～{number(high)}秒{more}）"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
