// Answers that lie beside the runs: a tornado of assumptions, and sweeps as heat map or curve.
import { h } from "../dom";
import { number } from "../format";
import type { Context, Run } from "../view";
import { bare, estimate, shared, unitWord } from "./amount";
import { downloads } from "./downloads";
import { keyWords } from "./keys";
import { behind, choice, section, type Page } from "./page";
import { architectureName, titleOf, type Detail } from "./run";
import { sweep } from "./sweep";
import { table } from "./table";
import { tornado, tornadoLegend, type End, type Leaf } from "./tornado";

interface Listed {
  id: string;
  kind: string;
  scenario: string;
  hash?: string | null;
  title?: string;
  title_ja?: string;
  has_page?: boolean;
  page?: string;
}
interface Change {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}
interface Effect {
  key: string;
  grade: string;
  side: "low" | "high";
  change: Change;
  there: Change;
  sure: boolean;
}
interface Sensitivity {
  replicates: number;
  targets: string[];
  figures: Record<string, { unit: string; words: string }>;
  keys: { key: string; value: unknown; low: unknown; high: unknown; unit: string; grade: string; source: string }[];
  results: Record<string, Record<string, { base: Change; effects: Effect[] }>>;
}

const SHOWN = 12;

export async function answers(kind: "sensitivity" | "sweep", detail: Detail, now: Page, context: Context): Promise<HTMLElement[]> {
  const say = shared(context);
  const list = await context.api.get<{ answers?: Listed[]; runs: Run[] }>("runs");
  const found = (list.answers ?? []).filter((a) => a.kind === kind);
  const title = say(`answers.${kind}`);
  // Of this run are the answers about the very same scenario; those of others are shown when asked for, under their own name.
  const hash = list.runs.find((r) => r.id === detail.id)?.hash;
  const own = found.filter((a) => Boolean(a.hash) && a.hash === hash);
  const others = found.filter((a) => !own.includes(a));
  const chosen = found.find((a) => a.id === context.state.get("answer")) ?? own[0];
  const offered = [...own.map((a) => ({ value: a.id, text: a.id })), ...others.map((a) => ({ value: a.id, text: say("answers.other.option", { scenario: titleOf(a, context), id: a.id }) }))];
  const options = own.length ? offered : [{ value: "", text: say("answers.none_chosen") }, ...offered];
  const pick = choice(say("answer"), "answer", options, chosen?.id ?? "", context, { figure: "", of: "" });
  if (!chosen) {
    return [section(title, h("p", { class: "empty" }, say(`answers.${kind}.none`, { scenario: detail.run.scenario })), h("p", { class: "quiet" }, say(`answers.${kind}.way`, { scenario: detail.run.scenario })),
      others.length ? h("div", { class: "stack" }, h("p", { class: "quiet" }, say("answers.others", { n: others.length })), h("div", { class: "form-line" }, pick)) : null)];
  }
  const path = kind === "sweep" ? `sweeps/${encodeURIComponent(chosen.id)}` : `answers/${encodeURIComponent(chosen.id)}`;
  const got = await context.api.stored<{ content?: unknown }>(path);
  if (!now.alive()) return [];
  const content = got.content ?? got;
  const made = kind === "sweep" ? sweep(content, chosen.id, pick, detail, context) : [assumptions(content as Sensitivity, chosen.id, pick, detail, context)];
  if (own.includes(chosen)) return made;
  return [h("p", { class: "panel warning", role: "note" }, h("strong", {}, say("answers.other", { scenario: titleOf(chosen, context), run: titleOf(detail.run, context) }))), ...made];
}

function targetName(target: string, detail: Detail, context: Context): string {
  return target.includes(" minus ") ? shared(context)("pair", { first: architectureName(detail, target.split(" minus ")[0]!, context), second: architectureName(detail, target.split(" minus ")[1]!, context) }) : architectureName(detail, target, context);
}

function assumptions(content: Sensitivity, id: string, pick: HTMLElement, detail: Detail, context: Context): HTMLElement {
  const say = shared(context);
  const names = Object.keys(content.figures);
  const name = names.includes(context.state.get("figure")) ? context.state.get("figure") : names.includes("lead_s") ? "lead_s" : names[0]!;
  const target = content.targets.includes(context.state.get("of")) ? context.state.get("of") : content.targets[0]!;
  const result = content.results[target]?.[name];
  const words = (n: string) => {
    const f = detail.headlines.find((x) => x.name === n);
    return f ? (context.lang === "ja" ? f.ja : f.en) : (content.figures[n]?.words ?? n);
  };
  const unit = detail.headlines.find((x) => x.name === name)?.unit ?? content.figures[name]?.unit ?? "";
  const leaves = leavesOf(content, result?.effects ?? [], context).slice(0, SHOWN);
  const title = `${words(name)}, ${targetName(target, detail, context)}`;
  const drawn = tornado(title, leaves, unit, context);
  const behindTable = table<Effect>({
    caption: title, empty: say("tornado.none"), rows: result?.effects ?? [],
    columns: [
      { key: "key", title: say("column.key"), cell: (e) => h("span", { class: "named" }, keyWords(e.key, context), h("code", { class: "quiet" }, e.key)), value: (e) => e.key },
      { key: "side", title: say("column.end"), cell: (e) => say(`tornado.${e.side}`), value: (e) => e.side },
      { key: "change", title: say("column.change"), num: true, cell: (e) => estimate({ ...e.change, unit, pp: true }, context), value: (e) => e.change.value },
      { key: "there", title: say("column.there"), num: true, cell: (e) => bare(e.there.value, unit), value: (e) => e.there.value },
      { key: "grade", title: say("column.grade"), cell: (e) => say(`grade.${e.grade}`), value: (e) => e.grade },
      { key: "n", title: "n", num: true, cell: (e) => number(e.change.n), value: (e) => e.change.n },
    ],
  }, context);
  return section(say("answers.sensitivity"),
    h("div", { class: "form-line" }, pick,
      choice(say("column.figure"), "figure", names.map((n) => ({ value: n, text: words(n) })), name, context),
      choice(say("tornado.of"), "of", content.targets.map((t) => ({ value: t, text: targetName(t, detail, context) })), target, context)),
    h("p", { class: "prose" }, say("tornado.base", { base: result ? estimate({ ...result.base, unit }, context) : "–", n: number(content.replicates) })),
    leaves.length ? drawn.box : h("p", { class: "empty quiet" }, say("tornado.none")),
    tornadoLegend(context), h("p", { class: "quiet prose" }, say("tornado.note", { n: number(leaves.length) })),
    downloads({ figure: drawn, table: behindTable, data: content, name: `tornado-${name}-${id}`, title }, context),
    behind(say("behind"), behindTable.box));
}

function leavesOf(content: Sensitivity, effects: Effect[], context: Context): Leaf[] {
  const leaves = new Map<string, Leaf & { size: number }>();
  for (const e of effects) {
    const key = content.keys.find((k) => k.key === e.key);
    const unit = !key || key.unit === "1" ? "" : ` ${unitWord(key.unit, context.lang)}`;
    const leaf = leaves.get(e.key) ?? { label: keyWords(e.key, context), range: key ? `${plain(key.low)} | ${plain(key.value)} | ${plain(key.high)}${unit}` : "", assumed: e.grade === "assumed", size: 0 };
    const end: End = { change: e.change.value, low: e.change.low, high: e.change.high, sure: e.sure };
    if (e.side === "low") leaf.low = end;
    else leaf.high = end;
    leaf.size = Math.max(leaf.size, Math.abs(e.change.value ?? 0));
    leaves.set(e.key, leaf);
  }
  return [...leaves.values()].filter((l) => l.size > 0).sort((a, b) => b.size - a.size);
}

function plain(value: unknown): string {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : typeof value === "string" ? value : JSON.stringify(value);
}
