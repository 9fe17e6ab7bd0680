// A sweep: a heat map where two keys move on a grid, a curve for each key, indices and points as tables.
import { h } from "../dom";
import { number } from "../format";
import type { Context } from "../view";
import { bare, estimate, shared, type Estimate } from "./amount";
import { curve, type Step } from "./curve";
import { downloads } from "./downloads";
import { heat } from "./heat";
import { keyWords } from "./keys";
import { behind, choice, section } from "./page";
import { architectureName, headlineName, type Detail } from "./run";
import { table } from "./table";

interface Key {
  key: string;
  values: (number | string | boolean)[] | null;
  low: number | null;
  high: number | null;
  as_it_is: unknown;
  unit: string;
  threat?: boolean;
}
type Value = Estimate & { change: Estimate };
interface Point {
  name: string;
  settings: Record<string, number | string | boolean>;
  failed: { raids: number; why: string } | null;
  results: Record<string, Record<string, Value>>;
}
interface Of {
  base: Estimate;
  curves: Record<string, (Value & { setting: number | string | boolean; points: number })[]>;
  indices: { keys: Record<string, Record<string, Estimate>> } | null;
}
interface Sweep {
  scenario: string;
  replicates: number;
  design: { name: string; points: number };
  targets: string[];
  figures: Record<string, { unit: string; words: string }>;
  keys: Key[];
  points: Point[];
  results: Record<string, Record<string, Of>>;
}

export function sweep(given: unknown, id: string, pick: HTMLElement, detail: Detail, context: Context): HTMLElement[] {
  const content = given as Sweep;
  const say = shared(context);
  const names = Object.keys(content.figures);
  const name = names.includes(context.state.get("figure")) ? context.state.get("figure") : names.includes("lead_s") ? "lead_s" : names[0]!;
  const target = content.targets.includes(context.state.get("of")) ? context.state.get("of") : content.targets[0]!;
  const words = (n: string) => {
    const f = detail.headlines.find((x) => x.name === n);
    return f ? headlineName(f, context) : (content.figures[n]?.words ?? n);
  };
  const targetWord = (t: string) => (t.includes(" minus ") ? say("pair", { first: architectureName(detail, t.split(" minus ")[0]!, context), second: architectureName(detail, t.split(" minus ")[1]!, context) }) : architectureName(detail, t, context));
  const unit = detail.headlines.find((x) => x.name === name)?.unit ?? content.figures[name]?.unit ?? "";
  const title = `${words(name)}, ${targetWord(target)}`;
  const failed = content.points.filter((p) => p.failed).length;
  const head = section(say("answers.sweep"),
    h("div", { class: "form-line" }, pick,
      choice(say("column.figure"), "figure", names.map((n) => ({ value: n, text: words(n) })), name, context),
      choice(say("tornado.of"), "of", content.targets.map((t) => ({ value: t, text: targetWord(t) })), target, context)),
    h("p", { class: "prose" }, say("sweep.points", { n: number(content.design.points), raids: number(content.replicates), design: content.design.name }), " ", content.scenario),
    failed ? h("p", { class: "prose" }, say("sweep.failed", { n: failed, of: content.points.length })) : null);
  return [head, ...grid(content, name, target, unit, title, context), ...curves(content, name, target, unit, title, id, context), ...indices(content, name, target, title, id, context), points(content, name, target, unit, title, id, context)];
}

function plain(value: unknown): string {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
}

function short(key: string): string {
  return key.replace(/^catalogue\./, "");
}

function grid(content: Sweep, name: string, target: string, unit: string, title: string, context: Context): HTMLElement[] {
  const say = shared(context);
  if (content.design.name !== "grid" || content.keys.length < 2) return [];
  const [down, across, ...rest] = content.keys as [Key, Key, ...Key[]];
  const values = (k: Key) => [...new Set(content.points.map((p) => p.settings[k.key]))].filter((v) => v !== undefined);
  const [rows, columns] = [values(down), values(across)];
  const fixed = rest.map((k) => [k.key, values(k)[0]] as const);
  const find = (r: number, c: number) => content.points.find((p) => p.settings[down.key] === rows[r] && p.settings[across.key] === columns[c] && fixed.every(([k, v]) => p.settings[k] === v));
  const box = heat({
    title, rowName: keyWords(down.key, context), columnName: keyWords(across.key, context), unit,
    rows: rows.map(plain), columns: columns.map(plain),
    cell: (r, c) => { const p = find(r, c); return p ? { ...(p.results[target]?.[name] ?? { value: null }), why: p.failed?.why ?? "" } : null; },
  }, context);
  return [section(title, box, rest.length ? h("p", { class: "quiet" }, say("sweep.rest"), " ", fixed.map(([k, v]) => `${keyWords(k, context)} = ${plain(v)}`).join(", ")) : null)];
}

function curves(content: Sweep, name: string, target: string, unit: string, title: string, id: string, context: Context): HTMLElement[] {
  const found = content.results[target]?.[name]?.curves ?? {};
  return content.keys.flatMap((k) => {
    const steps: Step[] = (found[k.key] ?? []).map((e) => ({ ...e, own: e.setting === k.as_it_is }));
    if (!steps.length) return [];
    const heading = `${title}: ${keyWords(k.key, context)}`;
    const drawn = curve(heading, keyWords(k.key, context), k.unit, steps, unit, context);
    const say = shared(context);
    const shown = table<Step>({
      caption: heading, rows: steps, empty: say("sweep.no_values"),
      columns: [
        { key: "setting", title: keyWords(k.key, context), num: true, cell: (e) => plain(e.setting), value: (e) => plain(e.setting) },
        { key: "value", title: say("column.value"), num: true, cell: (e) => estimate({ ...e, unit }, context), value: (e) => e.value },
        { key: "low", title: say("column.low"), num: true, cell: (e) => bare(e.low, unit), value: (e) => e.low },
        { key: "high", title: say("column.high"), num: true, cell: (e) => bare(e.high, unit), value: (e) => e.high },
        { key: "n", title: "n", num: true, cell: (e) => number(e.n), value: (e) => e.n },
      ],
    }, context);
    return [section(heading, drawn.box, h("p", { class: "quiet" }, say("curve.note"), steps.some((e) => e.own) ? ` ${say("curve.own")}` : ""), downloads({ figure: drawn, table: shown, name: `curve-${name}-${short(k.key)}-${id}`, title: heading }, context), behind(say("behind"), shown.box))];
  });
}

interface IndexRow extends Estimate {
  key: string;
  index: string;
}

function indices(content: Sweep, name: string, target: string, title: string, id: string, context: Context): HTMLElement[] {
  const say = shared(context);
  const found = content.results[target]?.[name]?.indices;
  if (!found) return [];
  const rows: IndexRow[] = Object.entries(found.keys).flatMap(([key, by]) => Object.entries(by).map(([index, e]) => ({ ...e, key, index })));
  const heading = `${say("sweep.indices")}: ${title}`;
  const shown = table<IndexRow>({
    caption: heading, rows, empty: say("sweep.no_values"),
    columns: [
      { key: "key", title: say("column.key"), cell: (r) => keyWords(r.key, context), value: (r) => r.key },
      { key: "index", title: say("sweep.indices"), cell: (r) => r.index, value: (r) => r.index },
      { key: "value", title: say("column.value"), num: true, cell: (r) => number(r.value, 3), value: (r) => r.value },
      { key: "low", title: say("column.low"), num: true, cell: (r) => number(r.low, 3), value: (r) => r.low },
      { key: "high", title: say("column.high"), num: true, cell: (r) => number(r.high, 3), value: (r) => r.high },
    ],
  }, context);
  return [section(heading, shown.box, downloads({ table: shown, name: `indices-${name}-${id}`, title: heading }, context))];
}

function points(content: Sweep, name: string, target: string, unit: string, title: string, id: string, context: Context): HTMLElement {
  const say = shared(context);
  // Settings of what flies are never put in an order of outcomes.
  const sorts = !content.keys.some((k) => k.threat);
  const shown = table<Point>({
    caption: title, rows: content.points, empty: say("sweep.no_values"), first: 40,
    columns: [
      { key: "point", title: "#", cell: (p) => p.name, value: (p) => p.name },
      ...content.keys.map((k) => ({ key: k.key, title: keyWords(k.key, context), num: true, cell: (p: Point) => plain(p.settings[k.key]), value: (p: Point) => p.settings[k.key] as number | string })),
      { key: "value", sorts, title: say("column.value"), num: true, cell: (p) => (p.failed ? p.failed.why : estimate({ ...(p.results[target]?.[name] ?? { value: null }), unit }, context)), value: (p) => p.results[target]?.[name]?.value },
      { key: "change", sorts, title: say("column.change"), num: true, cell: (p) => (p.failed ? "–" : estimate({ ...(p.results[target]?.[name]?.change ?? { value: null }), unit }, context)), value: (p) => p.results[target]?.[name]?.change.value },
    ],
  }, context);
  return section(say("behind"), shown.box, downloads({ table: shown, data: content, name: `sweep-${id}`, title }, context));
}
