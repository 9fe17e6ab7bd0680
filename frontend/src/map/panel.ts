// The table beside the map carries the numbers; canvas is invisible to screen readers.
import { h } from "../dom";
import { number, since } from "../format";
import type { Context } from "../view";
import { chanceAt, type PlaceState } from "./replay";
import { areasAt, head, statusOf, type Scene } from "./scene";

export interface Shown {
  architecture: string;
  title: string; // of the architecture, in the language of the page
  scene: Scene;
}

/** Sentence of a moment, for the canvas's label and the summary. */
export function sentence(shown: Shown, t: number, say: Context["say"]): string {
  const { tracks, warned, reached } = counts(shown.scene, t);
  const next = shown.scene.replay.places.filter((p) => p.hit && p.arrived_t_s !== null && p.arrived_t_s > t).sort((a, b) => a.arrived_t_s! - b.arrived_t_s!)[0];
  const coming = next ? ` ${say("says.next", { s: number(next.arrived_t_s! - t) })}` : "";
  return `${shown.title}, ${since(t)}: ${say("says.now", { tracks, warned, reached })}${coming}`;
}

export function counts(scene: Scene, t: number): { flying: number; tracks: number; areas: number; warned: number; reached: number; shots: number } {
  let warned = 0;
  let reached = 0;
  for (const code of scene.byCode.keys()) {
    const found = statusOf(scene, code, t);
    if (found === "warned") warned++;
    if (found === "arrived") reached++;
  }
  return {
    flying: scene.flights.filter((f) => f.family !== "stage" && head(f, t)).length,
    tracks: scene.tracks.filter((f) => head(f, t)).length,
    areas: areasAt(scene, t).length,
    warned, reached,
    shots: scene.replay.shots.filter((s) => s.t_fire_s <= t).reduce((sum, s) => sum + s.rounds, 0),
  };
}

const COUNTS = ["flying", "tracks", "areas", "warned", "reached", "shots"] as const;

/** What is going on now, a column for each architecture. */
export function situation(shown: Shown[], say: Context["say"]): [HTMLElement, (t: number) => void] {
  const cells = shown.map(() => COUNTS.map(() => h("td", { class: "num" })));
  const table = h("table", { class: "table now" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, say("now")), ...shown.map((s) => h("th", { scope: "col", class: "num" }, s.title)))),
    h("tbody", {}, ...COUNTS.map((key, i) => h("tr", {}, h("th", { scope: "row" }, say(`now.${key}`)), ...cells.map((c) => c[i]!)))),
  );
  return [table, (t) => shown.forEach((s, j) => {
    const found = counts(s.scene, t);
    COUNTS.forEach((key, i) => {
      const text = number(found[key]);
      if (cells[j]![i]!.textContent !== text) cells[j]![i]!.textContent = text;
    });
  })];
}

interface Row {
  code: string;
  arrived: PlaceState;
  by: (PlaceState | undefined)[]; // one an architecture
}

/** The municipalities that something came down on, first arrival first. */
export function rows(shown: Shown[]): Row[] {
  const found = new Map<string, Row>();
  shown.forEach((s, j) => {
    for (const place of s.scene.replay.places) {
      if (!place.hit) continue;
      const key = `${place.code}|${place.body}`;
      let row = found.get(key);
      if (!row) found.set(key, (row = { code: place.code, arrived: place, by: shown.map(() => undefined) }));
      row.by[j] = place;
    }
  });
  return [...found.values()].sort((a, b) => (a.arrived.arrived_t_s ?? Infinity) - (b.arrived.arrived_t_s ?? Infinity) || (a.code < b.code ? -1 : 1));
}

/** Table of municipalities; `tick` rewrites what has changed. */
export function municipalities(shown: Shown[], context: Context, pick: (code: string) => void): [HTMLElement, (t: number, chosen: string) => void] {
  const { say, lang } = context;
  const list = rows(shown);
  if (!list.length) return [h("p", { class: "quiet" }, say("places.none")), () => undefined];
  const several = shown.length > 1;
  const states: HTMLElement[] = [];
  const chances: HTMLElement[][] = [];
  const lines = list.map((row) => {
    const place = row.arrived;
    const state = h("span", { class: "state-cell" });
    states.push(state);
    const mine: HTMLElement[] = [];
    chances.push(mine);
    const cells = row.by.flatMap((own, j) => {
      const chance = h("td", { class: "num" });
      mine.push(chance);
      const edge = several && j ? "num group" : "num";
      return [h("td", { class: edge }, own ? (own.warned_t_s === null ? say("never") : number(own.warned_t_s)) : "–"), h("td", { class: "num" }, own?.lead_s == null ? "–" : number(own.lead_s)), ...(several ? [] : [chance])];
    });
    const [name, other] = lang === "ja" ? [place.ja, place.en] : [place.en, place.ja];
    return h("tr", { "data-code": row.code, tabindex: 0, onclick: () => pick(row.code), onkeydown: ((event: KeyboardEvent) => { if (event.key === "Enter") pick(row.code); }) as EventListener },
      h("th", { scope: "row" }, name, h("small", { class: "quiet", lang: lang === "ja" ? "en" : "ja" }, `${other} ${place.code}`), state),
      h("td", { class: "num" }, number(place.population)),
      h("td", { class: "num" }, number(place.arrived_t_s)), ...cells);
  });
  const group = several
    ? h("tr", {}, h("td", { colspan: 3 }), ...shown.map((s) => h("th", { colspan: 2, scope: "colgroup", class: "group" }, s.title)))
    : null;
  const column = (key: string, kind = "num") => h("th", { scope: "col", class: kind, title: say(`${key}_why`) }, say(key));
  const table = h("table", { class: "table places" },
    h("caption", { class: "unseen" }, say("places.caption")),
    h("thead", {}, group,
      h("tr", {}, h("th", { scope: "col" }, say("places.name")), h("th", { scope: "col", class: "num" }, say("places.people")), column("places.arrival"),
        ...shown.flatMap((_s, j) => [column("places.warned", several && j ? "num group" : "num"), column("places.lead"), ...(several ? [] : [column("places.chance")])]))),
    h("tbody", {}, ...lines),
  );
  let before = "";
  return [h("div", { class: "scroll places-scroll", tabindex: 0, role: "region", "aria-label": say("places.caption") }, table), (t, chosen) => {
    const now = list.map((row, i) => {
      const found = shown.map((s) => statusOf(s.scene, row.code, t));
      const text = [...new Set(found)].length === 1 ? say(`status.${found[0]}`) : found.map((f) => say(`status.${f}`)).join(" / ");
      const chance = several ? "" : percent(chanceAt(shown[0]!.scene.replay, row.arrived.unit, t));
      return { i, text, chance, found: found[0]! };
    });
    const key = `${chosen}|${now.map((n) => n.text + n.chance).join("|")}`;
    if (key === before) return;
    before = key;
    for (const { i, text, chance, found } of now) {
      states[i]!.textContent = text;
      states[i]!.dataset["state"] = found;
      if (chances[i]![0]) chances[i]![0]!.textContent = chance;
      lines[i]!.classList.toggle("chosen", chosen === `place/${list[i]!.code}`);
    }
  }];
}

function percent(p: number | null): string {
  if (p === null) return "–";
  return p > 0 && p < 0.001 ? "<0.1 %" : `${number(100 * p, p < 0.1 ? 1 : 0)} %`;
}
