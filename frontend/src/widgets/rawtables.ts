// The tables of a run as they lie: a page of rows, and the whole as CSV.
import { h } from "../dom";
import { number } from "../format";
import type { Context, Run } from "../view";
import { choice, section } from "./page";
import { architectureName, type Detail } from "./run";
import { table } from "./table";
import { shared } from "./amount";

interface Rows {
  total: number;
  offset: number;
  columns: (string | { name: string; type?: string })[];
  rows: unknown[][];
}

const PAGE = 50;
const CSV_MOST = 100_000;

export async function rawTables(run: Run, detail: Detail, context: Context): Promise<HTMLElement[]> {
  const say = shared(context);
  const names = detail.tables;
  if (!names.length) return [section(say("raw"), h("p", { class: "empty quiet" }, say("raw.none")))];
  const name = names.includes(context.state.get("table")) ? context.state.get("table") : names.includes("metrics") ? "metrics" : names[0]!;
  const offset = Math.max(0, Math.floor(context.state.number("offset", 0)));
  const architecture = run.architectures.includes(context.state.get("ta")) ? context.state.get("ta") : undefined;
  const path = `runs/${encodeURIComponent(run.id)}/tables/${encodeURIComponent(name)}`;
  const found = await context.api.stored<Rows>(path, { offset, limit: PAGE, architecture });
  const columns = found.columns.map((c) => (typeof c === "string" ? c : c.name));
  const shown = table<unknown[]>({
    caption: say("raw.caption", { name, from: number(Math.min(offset + 1, found.total)), to: number(Math.min(offset + PAGE, found.total)), total: number(found.total) }),
    empty: say("raw.empty", { name }), rows: found.rows,
    columns: columns.map((c, i) => ({ key: c, title: c, num: typeof found.rows[0]?.[i] === "number", cell: (r: unknown[]) => cell(r[i]), value: (r: unknown[]) => r[i] as string | number | null })),
  }, context);
  const step = (key: string, to: number, on: boolean) =>
    h("button", { type: "button", class: "button", id: `step-${key}`, disabled: !on, onclick: () => context.state.set({ offset: to > 0 ? String(to) : "" }) }, say(`raw.${key}`));
  return [section(say("raw"),
    h("p", { class: "quiet prose" }, say("raw.note")),
    h("div", { class: "form-line" },
      choice(say("raw.table"), "table", names.map((n) => ({ value: n, text: n })), name, context, { offset: "" }),
      choice(say("architecture"), "ta", [{ value: "", text: say("all") }, ...run.architectures.map((a) => ({ value: a, text: architectureName(detail, a, context) }))], architecture ?? "", context, { offset: "" })),
    shown.box,
    h("div", { class: "row" }, step("before", offset - PAGE, offset > 0), h("span", { class: "quiet" }, found.total ? say("raw.range", { from: number(offset + 1), to: number(Math.min(offset + PAGE, found.total)), total: number(found.total) }) : ""), step("after", offset + PAGE, offset + PAGE < found.total),
      h("button", { type: "button", class: "button", onclick: () => void context.saveFrom(path, `${run.id}-${name}.csv`, { format: "csv", limit: CSV_MOST, architecture }) }, say("raw.csv", { most: number(CSV_MOST) }))))];
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
