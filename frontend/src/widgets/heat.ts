// A grid of values: the number stands in every cell, colour only helps the eye.
import { h, type Child } from "../dom";
import { isDark } from "../theme";
import type { Context } from "../view";
import { bare, shared, span, unitWord, type Estimate } from "./amount";

export interface Heat {
  title: string;
  rowName: string;
  columnName: string;
  rows: readonly string[];
  columns: readonly string[];
  cell(row: number, column: number): (Estimate & { why?: string }) | null;
  unit: string;
}

/** From ground to one hue: lightness rises with the value, so it reads in grey as well. */
function shade(share: number, dark: boolean): [string, string] {
  const mix = (a: number[], b: number[]) => a.map((v, i) => Math.round(v + (b[i]! - v) * share));
  const rgb = dark ? mix([28, 39, 51], [86, 180, 233]) : mix([243, 247, 251], [0, 84, 140]);
  const light = (0.2126 * rgb[0]! ** 2.2 + 0.7152 * rgb[1]! ** 2.2 + 0.0722 * rgb[2]! ** 2.2) / 255 ** 2.2;
  return [`rgb(${rgb.join(",")})`, light > 0.2 ? "#0d1117" : "#ffffff"];
}

export function heat(given: Heat, context: Context): HTMLElement {
  const dark = isDark(context.state.get("theme"));
  const all = given.rows.map((_, r) => given.columns.map((_, c) => given.cell(r, c)));
  const values = all.flat().flatMap((e) => (e && typeof e.value === "number" ? [e.value] : []));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const unit = given.unit === "1" ? "%" : unitWord(given.unit, context.lang);
  const cell = (e: (Estimate & { why?: string }) | null): HTMLElement => {
    if (!e || typeof e.value !== "number") return h("td", { class: "num none", title: e?.why }, "–");
    const [ground, ink] = shade(high > low ? (e.value - low) / (high - low) : 0, dark);
    const ends = span({ ...e, unit: given.unit }, context);
    return h("td", { class: "num", style: `background:${ground};color:${ink}` }, h("b", {}, bare(e.value, given.unit)), ends ? h("span", {}, ends) : null);
  };
  const corner: Child[] = [given.rowName, " ↓ ", given.columnName, " →"];
  const title = `${given.title}${unit ? `, ${unit}` : ""}`;
  return h("div", { class: "stack" }, h("p", { class: "quiet" }, `${title}. ${shared(context)("heat.caption")}`), h("div", { class: "scroll heat", tabindex: 0, role: "region", "aria-label": given.title },
    h("table", { class: "table" },
      h("caption", { class: "unseen" }, title),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, ...corner), ...given.columns.map((c) => h("th", { scope: "col", class: "num" }, c)))),
      h("tbody", {}, ...given.rows.map((name, r) => h("tr", {}, h("th", { scope: "row" }, name), ...all[r]!.map(cell)))),
    )));
}
