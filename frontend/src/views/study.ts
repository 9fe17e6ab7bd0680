// Headline figures with intervals, differences, sweeps, what the answer hangs on, and the tables behind.
import { h } from "../dom";
import { number } from "../format";
import type { Context, Run, View } from "../view";
import { bare, estimate, isAssumed, isSame, note, shared, span, unitWord, type Estimate } from "../widgets/amount";
import { answers } from "../widgets/answers";
import { downloads } from "../widgets/downloads";
import { intervals } from "../widgets/intervals";
import { follow } from "../widgets/job";
import { behind, choice, page, parts, section, type Page } from "../widgets/page";
import { architectureName, headlineName, inBoth, pairName, readingWord, titleOf, vintageOf, type Detail, type Difference, type Headline } from "../widgets/run";
import { spark } from "../widgets/spark";
import { rawTables } from "../widgets/rawtables";
import { table, type Shown } from "../widgets/table";

const PARTS = ["figures", "differences", "sensitivity", "sweep", "tables"] as const;
const KINDS = ["warning", "people", "defence", "cost"];

export const view: View = {
  name: "study",
  open(box, context) {
    context.loading(box, context.say("loading.study"));
    return page("study", box, context, ["part", "answer", "figure", "of", "pair", "table", "offset", "ta"], async (now) => {
      const part = PARTS.find((p) => p === context.state.get("part")) ?? "figures";
      const run = await context.run(box);
      if (!run || !now.alive()) return;
      const detail = await context.api.stored<Detail>(`runs/${encodeURIComponent(run.id)}`);
      if (!now.alive()) return;
      context.says(detail.banner, vintageOf(detail));
      const inside = await content(part, run, detail, now, context);
      if (!now.alive()) return;
      box.replaceChildren(
        h("h1", {}, context.say("title")),
        h("p", { class: "lead" }, context.say("lead", { title: titleOf(detail.run, context), n: number(detail.run.replicates), seed: detail.run.seed })),
        parts("part", PARTS.map((p) => ({ value: p, text: context.say(`part.${p}`) })), part, context),
        run.complete === false ? unfinished(run, now, context) : "",
        ...inside,
      );
    });
  },
};

/** A run that was interrupted says so and can go on from here. */
function unfinished(run: Run, now: Page, context: Context): HTMLElement {
  const place = h("div", {});
  const go = h("button", { type: "button", class: "button" }, context.say("resume"));
  go.addEventListener("click", () => {
    go.disabled = true;
    context.api.post<{ job: string }>(`runs/${encodeURIComponent(run.id)}/resume`, {}).then((begun) => {
      if (!now.alive()) return;
      const followed = follow(begun.job, context, (job) => {
        if (job.status === "done") context.api.forget("runs");
        if (job.status === "done" || job.status === "failed" || job.status === "cancelled") go.disabled = false;
      });
      now.keep(followed.stop);
      place.replaceChildren(followed.box);
    }, (error: unknown) => {
      go.disabled = false;
      if (now.alive()) context.fail(place, error);
    });
  });
  return h("div", { class: "panel stack" }, h("p", { class: "row" }, context.say("unfinished", { n: number(run.finished), of: number(run.replicates) }), go), place);
}

async function content(part: (typeof PARTS)[number], run: Run, detail: Detail, now: Page, context: Context): Promise<HTMLElement[]> {
  if (part === "figures") return figures(detail, run, context);
  if (part === "differences") return differences(detail, context);
  if (part === "tables") return rawTables(run, detail, context);
  return answers(part, detail, now, context);
}

function rowsOf(detail: Detail, name: string, context: Context): (Estimate & { label: string; series: number })[] {
  return detail.architectures.map((a, i) => ({ ...(detail.summary.architectures[a.name]?.[name] ?? { value: null }), label: architectureName(detail, a.name, context), series: i }));
}

function figures(detail: Detail, run: Run, context: Context): HTMLElement[] {
  const { say } = context;
  const there = detail.headlines.filter((f) => detail.architectures.some((a) => detail.summary.architectures[a.name]?.[f.name]));
  const all = figureTable(detail, there, context);
  const report = detail.files.find((f) => f.name === "report.html");
  return [
    section(say("answer"), ...detail.answer.map((text) => h("p", { class: "prose" }, inBoth(text, context))),
      h("p", { class: "quiet prose" }, say("holds")),
      h("div", { class: "row" },
        downloads({ table: all, data: detail.summary, name: `headlines-${run.id}`, title: say("figures.all") }, context),
        report ? h("a", { class: "button", href: `api/runs/${encodeURIComponent(run.id)}/files/report.html`, target: "_blank", rel: "noopener" }, say("report")) : null)),
    ...KINDS.flatMap((kind) => {
      const mine = there.filter((f) => (f.kind ?? "warning") === kind);
      return mine.length ? [group(say(`kind.${kind}`), mine, detail, context)] : [];
    }),
    section(say("figures.all"), behind(shared(context)("behind"), all.box)),
    section(say("limits"), h("p", { class: "quiet" }, say("limits.note")), h("ul", { class: "prose" }, ...detail.limits.map((l) => h("li", {}, inBoth(l, context))))),
  ];
}

function group(title: string, found: Headline[], detail: Detail, context: Context): HTMLElement {
  return section(title, h("div", { class: "cards" }, ...found.map((f) => {
    const name = headlineName(f, context);
    const drawn = intervals({ title: name, rows: rowsOf(detail, f.name, context), unit: f.unit }, context);
    return h("div", { class: "card", id: f.name }, h("h3", {}, name), drawn.box,
      h("p", { class: "quiet" }, holds(rowsOf(detail, f.name, context), context), " ", context.say(`direction.${f.direction}`), " ", without(rowsOf(detail, f.name, context), context)),
      downloads({ figure: drawn, name: f.name, title: name }, context));
  })));
}

/** A figure without an interval says why. */
function without(rows: Estimate[], context: Context): string {
  const bare = rows.find((r) => r.value !== null && (r.low === null || r.low === undefined));
  return bare ? context.say("card.without", { why: note(bare.note, context) || shared(context)("note.few") }) : "";
}

/** What the brackets of a card hold: chance over n raids, nothing where all raids agree, or a range that is assumed. */
function holds(rows: Estimate[], context: Context): string {
  const told = rows.filter((r) => r.value !== null);
  if (told.length && told.every(isAssumed)) return context.say("card.assumed");
  const n = number(rows.map((r) => r.n).find((v) => typeof v === "number"));
  return context.say(told.length && told.every(isSame) ? "card.same" : "card.note", { n });
}

/** One word on the ends of a row, for tables and their files. */
function holdsWord(e: Estimate, context: Context): string {
  const say = shared(context);
  if (isAssumed(e)) return say("holds.assumed");
  if (isSame(e)) return span(e, context);
  return typeof e.low === "number" || typeof e.high === "number" ? say("holds.chance") : note(e.note, context) || say("note.few");
}

/** An end of an interval; there is none where all raids agree. */
function endOf(e: Estimate, end: number | null | undefined, unit: string | undefined): string {
  return isSame(e) ? "–" : bare(end, unit);
}

function signedEstimate(e: Estimate, unit: string, context: Context): string {
  const text = estimate({ ...e, unit, pp: true }, context);
  return (e.value ?? 0) > 0 ? `+${text}` : text;
}

interface FigureRow extends Estimate {
  figure: string;
  architecture: string;
}

function figureTable(detail: Detail, found: Headline[], context: Context): Shown {
  const rows: FigureRow[] = found.flatMap((f) => rowsOf(detail, f.name, context).map((r) => ({ ...r, unit: f.unit, figure: headlineName(f, context), architecture: r.label })));
  const say = shared(context);
  return table<FigureRow>({
    caption: context.say("figures.all"), empty: context.say("figures.none"), rows,
    columns: [
      { key: "figure", title: say("column.figure"), cell: (r) => r.figure, value: (r) => r.figure },
      { key: "architecture", title: say("architecture"), cell: (r) => r.architecture, value: (r) => r.architecture },
      { key: "value", title: say("column.value"), num: true, cell: (r) => (r.value === null ? estimate(r, context) : bare(r.value, r.unit)), value: (r) => r.value },
      { key: "low", title: say("column.low"), num: true, cell: (r) => endOf(r, r.low, r.unit), value: (r) => r.low },
      { key: "high", title: say("column.high"), num: true, cell: (r) => endOf(r, r.high, r.unit), value: (r) => r.high },
      { key: "unit", title: say("column.unit"), cell: (r) => (r.unit === "1" ? "%" : unitWord(r.unit, context.lang)), value: (r) => r.unit },
      { key: "holds", title: say("holds"), cell: (r) => holdsWord(r, context), value: (r) => holdsWord(r, context) },
      { key: "n", title: "n", num: true, cell: (r) => (isAssumed(r) ? "–" : number(r.n)), value: (r) => (isAssumed(r) ? null : r.n) },
    ],
  }, context);
}

function differences(detail: Detail, context: Context): HTMLElement[] {
  const { say } = context;
  if (!detail.differences.length) return [section(say("part.differences"), h("p", { class: "empty quiet" }, say("differences.none")))];
  const wanted = context.state.get("pair");
  const key = (d: Difference) => d.pair.join("-");
  const chosen = detail.differences.find((d) => key(d) === wanted) ?? detail.differences.find((d) => d.note?.en.startsWith("Headline")) ?? detail.differences[0]!;
  const title = pairName(detail, chosen.pair, context);
  const named = (name: string) => detail.headlines.find((f) => f.name === name);
  const words = shared(context);
  const shown = table({
    caption: title, empty: say("differences.none"), rows: chosen.rows,
    columns: [
      { key: "figure", title: words("column.figure"), cell: (r) => { const f = named(r.name); return f ? headlineName(f, context) : r.name; }, value: (r) => { const f = named(r.name); return f ? headlineName(f, context) : r.name; } },
      { key: "value", title: say("column.difference"), num: true, cell: (r) => signedEstimate({ ...r, unit: named(r.name)?.unit ?? r.unit ?? "" }, named(r.name)?.unit ?? "", context), value: (r) => r.value },
      { key: "spark", title: say("column.spark"), cell: (r) => spark(r) },
      { key: "reads", title: say("column.reads"), cell: (r) => (r.low === null && r.value !== null ? estimateNote(r, context) : readingWord(r.reads, context)), value: (r) => r.reads },
      { key: "low", title: words("column.low"), num: true, cell: (r) => endOf(r, r.low, named(r.name)?.unit), value: (r) => r.low },
      { key: "high", title: words("column.high"), num: true, cell: (r) => endOf(r, r.high, named(r.name)?.unit), value: (r) => r.high },
      { key: "holds", title: words("holds"), cell: (r) => holdsWord(r, context), value: (r) => holdsWord(r, context) },
      { key: "n", title: "n", num: true, cell: (r) => (isAssumed(r) ? "–" : number(r.n)), value: (r) => (isAssumed(r) ? null : r.n) },
    ],
  }, context);
  return [section(say("part.differences"),
    h("div", { class: "form-line" }, choice(say("differences.pair"), "pair", detail.differences.map((d) => ({ value: key(d), text: pairName(detail, d.pair, context) })), key(chosen), context)),
    chosen.note && inBoth(chosen.note, context) ? h("p", { class: "prose" }, inBoth(chosen.note, context)) : null,
    h("p", { class: "quiet prose" }, say("differences.note")),
    shown.box, downloads({ table: shown, data: chosen, name: `difference-${key(chosen)}`, title }, context))];
}

function estimateNote(e: Estimate, context: Context): string {
  return e.note ? shared(context)("note.few") : "";
}
