"""Pages of replays: one launch minute by minute, and all launches in one table; no outside request."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from hinomi import __version__
from hinomi.history.launches import addresses_in
from hinomi.history.replay_drawing import minutes_drawing
from hinomi.history.replay_words import (
    FROZEN,
    LABELS,
    READING,
    crps_words,
    label,
    off_words,
    reported_words,
    routes_of,
    simulated_words,
    totals,
)
from hinomi.history.replayed import Event, Replayed
from hinomi.history.scores import (
    FROZEN_ON,
    HORIZON_S,
    MISS,
    UNREPORTED,
    WITHIN,
    Row,
    alert_score,
    naive_score,
)
from hinomi.study.banner import banner
from hinomi.study.figure_words import counted

INDEX: Final = "index.html"
_STYLE: Final = """
:root { --ink:#1b2430; --soft:#55606e; --line:#d9dee5; --wash:#f5f7f9; --accent:#0a5c8f; }
* { box-sizing: border-box; }
html { font: 16px/1.55 "Noto Sans CJK JP","Hiragino Sans","Yu Gothic","Noto Sans",system-ui,sans-serif;
  color: var(--ink); background: #fff; }
body { margin: 0; }
.banner { position: sticky; top: 0; z-index: 5; text-align: center; padding: .4rem 1rem;
  font-weight: 600; font-size: .95rem; }
main { max-width: 70rem; margin: 0 auto; padding: 1.2rem 1.2rem 3rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: .8rem 0 .2rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; padding-top: .6rem; border-top: 2px solid var(--ink); }
p { max-width: 50rem; } .lead { font-size: 1.08rem; } .soft { color: var(--soft); font-size: .9rem; }
figure { margin: 1rem 0; overflow-x: auto; } figure svg { width: 100%; min-width: 720px; height: auto; display: block; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .34rem .6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th:first-child, td:first-child, .text { text-align: left; } td:not(.text) { white-space: nowrap; }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; } tbody th { font-weight: 500; }
.small { color: var(--soft); font-size: .84em; display: block; } .source { font-size: .84em; min-width: 14rem; }
.miss { color: #c44500; font-weight: 600; } .within { color: #00785a; font-weight: 600; }
.first td, .first th { border-top: 2px solid var(--line); }
a { color: var(--accent); } li { margin: .3rem 0; max-width: 50rem; }
footer { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: .8rem; color: var(--soft); font-size: .86rem; }
@media print { .banner { position: static; -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""


def file_of(event: Event) -> str:
    """File name of a launch's page."""
    return f"{event.main.scenario.name}.html"


def event_page(event: Event, *, index: bool = False) -> str:
    """Page of one launch: the drawing, every time with its source, every miss with its cause."""
    one = event.main
    parts = [
        f"<h1>{_e(one.scenario.title)}</h1>",
        f'<p><a href="{INDEX}">all launches 全事例</a></p>' if index else "",
        f'<p class="lead">{_lead(event)}</p>',
        f"<p>{_e(' '.join(one.scenario.summary.split()))}</p>",
        f"<h2>Minute by minute 分ごとの比較</h2><figure>{minutes_drawing(one)}</figure>",
        f'<p class="soft">{_e(READING)}.</p>',
        "<h2>Every time with its source 時刻と出典</h2>",
        _times_table(one),
        f"<p>All-clear by route 解除の経路: {_e(routes_of(one))} (of {len(one.replicates)}).</p>",
        "<h2>Misses and their likely causes 外れと考えられる原因</h2>",
        _misses(event),
        _beside(event),
    ]
    return _page(one.scenario.title, "".join(parts), _footer([event]))


def index_page(events: Sequence[Event]) -> str:
    """Page of all launches: one table, the total score, every miss with its cause."""
    told = totals(events)
    lead = ""
    if told["alert_crps_s"] is not None:
        silent = ", ".join(told["mostly_unalerted"])
        never = (
            f" The simulation alerts in less than half of the replicates on {silent}."
            if silent
            else ""
        )
        lead = (
            f'<p class="lead">{told["predicted"]} launches predicted with latencies settled on '
            f"{FROZEN_ON} alone: of {told['tested']} tested times {told['within']} are within their "
            f"tolerance and {told['misses']} are misses. Mean CRPS of the alert minute "
            f"{told['alert_crps_s']:.0f} s; the forecast &quot;4 min after launch, as on {FROZEN_ON}"
            f"&quot;, which needs no model, has {told['naive_crps_s']:.0f} s.{never}</p>"
        )
    rows = "".join(_index_rows(event) for event in events)
    parts = [
        "<h1>Public launches, reported and simulated 公表された発射の再現</h1>",
        lead,
        '<div class="scroll"><table><thead><tr><th>launch 発射</th><th class="text">time 時刻</th>'
        "<th>reported 公表</th><th>simulated 計算</th><th>off 差</th><th>verdict 判定</th>"
        f"<th>CRPS</th></tr></thead><tbody>{rows}</tbody></table></div>",
        f'<p class="soft">{_e(READING)}. CRPS: 0 is perfect; what never came counts as '
        f"{HORIZON_S / 60:.0f} min after the launch.</p>",
        "<h2>Misses and their likely causes 外れと考えられる原因</h2>",
        *(
            f"<h3>{_e(event.name)}</h3>{_misses(event)}{_beside(event, small=True)}"
            for event in events
        ),
    ]
    return _page("Public launches, reported and simulated", "".join(parts), _footer(events))


def _lead(event: Event) -> str:
    row = event.main.row("alert")
    if row is None:
        return "No alert was reported. 警報の公表はない。"
    middle, interval = simulated_words(row, event.main.scenario)
    words = (
        f"Alert 警報: reported <b>{reported_words(row, event.main.scenario)}</b>, simulated "
        f"<b>{_e(middle)}</b> ({_e(interval)})"
    )
    if event.frozen_here:
        return f"{words}. The latencies were settled on this event: its alert proves nothing."
    score = (
        f"CRPS {crps_words(alert_score(event.main.rows))}; the forecast &quot;4 min after launch, as "
        f"on {FROZEN_ON}&quot; has {crps_words(naive_score(event.main.rows))}"
    )
    return f"{words}: {_verdict(row)}. {score}."


def _times_table(one: Replayed) -> str:
    return (
        '<div class="scroll"><table><thead><tr><th>time 時刻</th><th>reported 公表</th>'
        "<th>simulated 計算</th><th>off 差</th><th>tolerance 許容</th><th>verdict 判定</th>"
        '<th>CRPS</th><th class="text">source 出典</th></tr></thead><tbody>'
        + "".join(_times_row(row, one) for row in one.rows)
        + "</tbody></table></div>"
    )


def _times_row(row: Row, one: Replayed) -> str:
    middle, interval = simulated_words(row, one.scenario)
    tolerance = "" if row.verdict == UNREPORTED else f"{row.tolerance_s:.0f} s"
    source = ""
    if row.source:
        note = f'<span class="small">{_e(row.note)}</span>' if row.note else ""
        address = " ; ".join(addresses_in(row.source))
        told = f'<span class="small">{_e(address)}</span>' if address else ""
        source = f"{_e(row.source)} ({_e(row.grade)}){told}{note}"
    return (
        f"<tr><th>{_names(row.name)}</th><td>{_e(reported_words(row, one.scenario))}</td>"
        f'<td>{_e(middle)}<span class="small">{_e(interval)}</span></td><td>{_e(off_words(row))}</td>'
        f"<td>{tolerance}</td><td>{_verdict(row)}</td><td>{crps_words(row.crps_s)}</td>"
        f'<td class="text source">{source}</td></tr>'
    )


def _index_rows(event: Event) -> str:
    out = []
    rows = [row for row in event.main.rows if row.verdict != UNREPORTED]
    for i, row in enumerate(rows):
        middle, interval = simulated_words(row, event.main.scenario)
        first = (
            f'<th rowspan="{len(rows)}"><a href="{file_of(event)}">{_e(event.name)}</a></th>'
            if i == 0
            else ""
        )
        start = ' class="first"' if i == 0 else ""
        out.append(
            f'<tr{start}>{first}<td class="text">{_names(row.name)}</td>'
            f"<td>{_e(reported_words(row, event.main.scenario))}</td>"
            f'<td>{_e(middle)}<span class="small">{_e(interval)}</span></td>'
            f"<td>{_e(off_words(row))}</td><td>{_verdict(row)}</td><td>{crps_words(row.crps_s)}</td></tr>"
        )
    return "".join(out)


def _misses(event: Event) -> str:
    if not event.main.misses:
        return "<p>None among the tested times. 対象時刻に外れはない。</p>"
    items = "".join(
        f"<li><b>{_e(' '.join(LABELS.get(row.name, (label(row.name),))))}</b> "
        f"{_e(off_words(row))}: {_e(event.main.cause(row))}.</li>"
        for row in event.main.misses
    )
    return f"<ul>{items}</ul>"


def _beside(event: Event, *, small: bool = False) -> str:
    """The alert in the scenario's variants; never mixed with the frozen run."""
    rows = []
    for one in event.beside:
        row = one.row("alert")
        if row is not None:
            middle, interval = simulated_words(row, one.scenario)
            rows.append(
                f'<tr><th>{_e(one.variant.replace("_", " "))}</th><td class="text">{_e(one.title)}</td>'
                f'<td>{_e(middle)}<span class="small">{_e(interval)}</span></td>'
                f"<td>{_e(off_words(row))}</td><td>{_verdict(row)}</td><td>{crps_words(row.crps_s)}</td></tr>"
            )
    if not rows:
        return ""
    head = "" if small else "<h2>Beside: other assumptions 参考: 別の仮定</h2>"
    return (
        f'{head}<div class="scroll"><table><thead><tr><th>variant 変更</th><th class="text">what '
        "differs 内容</th><th>alert 警報</th><th>off 差</th><th>verdict 判定</th><th>CRPS</th></tr>"
        f"</thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _verdict(row: Row) -> str:
    kind = {MISS: "miss", WITHIN: "within"}.get(row.verdict, "soft")
    words = "" if row.verdict == UNREPORTED else row.verdict
    return f'<span class="{kind}">{_e(words)}</span>'


def _names(name: str) -> str:
    japanese = LABELS.get(name, ("", ""))[1]
    return f'{_e(label(name))}<span class="small">{_e(japanese)}</span>'


def _footer(events: Sequence[Event]) -> str:
    one = events[0].main
    hashes = ", ".join(
        f"{e.main.scenario.name} ({e.main.scenario.content_hash[:12]})" for e in events
    )
    return (
        f"<p>{_e(FROZEN)}.</p><p>{counted(len(one.replicates), 'replicate')}, seed {one.seed}. Scenarios: "
        f"{_e(hashes)}. Software hinomi {__version__}.</p>"
    )


def _page(title: str, body: str, footer: str) -> str:
    told = banner("study", reconstruction=True)
    return (
        '<!doctype html>\n<html lang="en" data-status="study"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="hinomi-status" content="{_e(told.text)}"><title>{_e(title)}</title>'
        f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head><body>'
        f'<div class="banner" role="note" style="background:{told.ground};color:{told.ink}">'
        f"{_e(told.text)}</div><main>{body}<footer>{footer}</footer></main></body></html>\n"
    )


def _e(text: str) -> str:
    return html.escape(text)
