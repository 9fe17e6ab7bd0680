// A table that sorts, scrolls by keyboard, says why it is empty, and can be saved as CSV.
import { h, type Child } from "../dom";
import type { Context } from "../view";
import { shared } from "./amount";

export interface Column<Row> {
  key: string;
  title: string;
  /** What a cell shows. */
  cell(row: Row): Child;
  /** What it sorts by and what CSV holds; without it the column does not sort. */
  value?(row: Row): number | string | null | undefined;
  num?: boolean;
  /** False: holds a value for CSV but is never sorted by. */
  sorts?: boolean;
  /** In the file alone: what the page shows inside another column. */
  hidden?: boolean;
  /** Long text: the column stays wide enough to be read. */
  wide?: boolean;
  /** A longer word on what the column holds. */
  help?: string;
}

export interface Table<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  /** Why there may be no rows. */
  empty: string;
  sort?: { key: string; down: boolean };
  /** How many rows at first; a button shows the rest. */
  first?: number;
  chosen?(row: Row): boolean;
  choose?(row: Row): void;
  /** Name of a row, for the button that chooses it. */
  name?(row: Row): string;
  /** Height of the part that scrolls, in pixels. */
  height?: number;
}

export interface Shown {
  box: HTMLElement;
  csv(): string;
}

export function table<Row>(given: Table<Row>, context: Context): Shown {
  const say = shared(context);
  let sort = given.sort;
  let all = given.first === undefined;
  const box = h("div", { class: "table-box" });
  const seen = given.columns.filter((c) => !c.hidden);
  const sorted = () => order(given.rows, given.columns.find((c) => c.key === sort?.key), sort?.down ?? false);
  const draw = (focus?: string) => {
    if (!given.rows.length) return box.replaceChildren(h("p", { class: "empty quiet" }, given.empty));
    const rows = sorted();
    const shown = all ? rows : rows.slice(0, given.first);
    const body = h("tbody", {}, ...shown.map((row) => line(row, given, seen)));
    const head = h("thead", {}, h("tr", {}, ...seen.map((c) => heading(c, sort, say, (down) => {
      sort = { key: c.key, down };
      draw(c.key);
    }))));
    const part = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": given.caption, style: given.height ? `max-height:${given.height}px` : undefined },
      h("table", { class: "table" }, h("caption", { class: "unseen" }, given.caption), head, body));
    const hidden = rows.length - shown.length;
    box.replaceChildren(part, hidden > 0 ? h("button", { type: "button", class: "button more", onclick: () => { all = true; draw(); } }, say("table.more", { n: rows.length })) : "");
    if (focus) box.querySelector<HTMLElement>(`[data-sort="${CSS.escape(focus)}"]`)?.focus();
  };
  draw();
  return { box, csv: () => csv(given.columns, sorted()) };
}

function heading<Row>(c: Column<Row>, sort: Table<Row>["sort"], say: ReturnType<typeof shared>, go: (down: boolean) => void): HTMLElement {
  const on = sort?.key === c.key;
  const props = { scope: "col", class: c.num ? "num" : undefined, title: c.help };
  if (!c.value || c.sorts === false) return h("th", props, c.title);
  const down = on ? !sort.down : Boolean(c.num);
  return h("th", { ...props, "aria-sort": on ? (sort.down ? "descending" : "ascending") : "none" },
    h("button", { type: "button", class: "sort", "data-sort": c.key, onclick: () => go(down), title: say("table.sort") },
      c.title, h("span", { class: "arrow", "aria-hidden": true }, on ? (sort.down ? "▼" : "▲") : "")));
}

function line<Row>(row: Row, given: Table<Row>, columns: readonly Column<Row>[]): HTMLElement {
  const chosen = given.chosen?.(row) ?? false;
  return h("tr", { class: chosen ? "chosen" : undefined }, ...columns.map((c, i) => {
    const inside = c.cell(row);
    const cell = i === 0 && given.choose
      ? h("button", { type: "button", class: "pick", "aria-pressed": chosen, onclick: () => given.choose!(row) }, inside)
      : inside;
    return i === 0 ? h("th", { scope: "row", class: c.num ? "num" : undefined }, cell) : h("td", { class: c.num ? "num" : c.wide ? "wide" : undefined }, cell);
  }));
}

function order<Row>(rows: readonly Row[], column: Column<Row> | undefined, down: boolean): Row[] {
  const list = [...rows];
  const value = column?.value;
  if (!value) return list;
  const rank = (row: Row) => value(row);
  return list.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    // What has no value stands last in both directions.
    if (x === null || x === undefined || Number.isNaN(x)) return y === null || y === undefined || Number.isNaN(y) ? 0 : 1;
    if (y === null || y === undefined || Number.isNaN(y)) return -1;
    const by = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
    return down ? -by : by;
  });
}

/** RFC 4180: commas, quotes doubled; a cell that a spreadsheet would take for a formula gets a quote in front. */
export function csv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const kept = columns.filter((c) => c.value);
  const write = (v: unknown) => {
    const text = v === null || v === undefined ? "" : String(v);
    const safe = typeof v === "string" && /^[=+\-@\t]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [kept.map((c) => write(c.title)), ...rows.map((r) => kept.map((c) => write(c.value!(r))))].map((r) => r.join(",")).join("\r\n") + "\r\n";
}
