// Who is warned, how early, and who has enough time: by municipality, stage by stage.
import { h } from "../dom";
import { number } from "../format";
import type { View, Banner, Context, Run } from "../view";
import { downloads } from "../widgets/downloads";
import { bare, estimate, isSame, shared, type Estimate } from "../widgets/amount";
import { intervals } from "../widgets/intervals";
import { behind, calmly, choice, page, section } from "../widgets/page";
import { shares, sharesLegend, type Whole } from "../widgets/shares";
import { table, type Column } from "../widgets/table";
import { stageText, timeline, type Stage } from "../widgets/timeline";
import { architectureName, vintageOf, type Detail } from "../widgets/run";

interface Spread {
  p10: number | null;
  p50: number | null;
  p90: number | null;
  never_share?: number | null;
}
export interface Place {
  code: string;
  ja: string;
  en: string;
  population: number;
  raids: number;
  alert_t_s: Spread;
  arrival_t_s: Spread;
  lead_s: Spread;
  warned_in_time_share: Estimate;
  warned_share: number;
  knew_people: number;
  sheltered_people: number;
  stages: Record<string, Spread>;
}
interface People {
  banner: Banner;
  architecture: string;
  replicates: number;
  needed_s: number;
  words: Record<string, string>;
  stages: string[];
  places: Place[];
  stages_all: Record<string, Spread>;
}

export const view: View = {
  name: "people",
  open(box, context) {
    context.loading(box, context.say("loading.people"));
    return page("people", box, context, ["a", "place"], async (now) => {
      const run = await context.run(box);
      if (!run || !now.alive()) return;
      const detail = await context.api.stored<Detail>(`runs/${encodeURIComponent(run.id)}`);
      const ask = (a: string) => context.api.stored<People>(`runs/${encodeURIComponent(run.id)}/people`, { architecture: a });
      const names = run.architectures;
      const chosen = names.includes(context.state.get("a")) ? context.state.get("a") : names.at(-1)!;
      const all = await Promise.all(names.slice(0, 8).map(ask));
      if (!now.alive()) return;
      const people = all.find((p) => p.architecture === chosen) ?? all[0]!;
      context.says(people.banner, vintageOf(detail));
      box.replaceChildren(...content(run, detail, all, people, context));
    });
  },
};

function content(run: Run, detail: Detail, all: People[], people: People, context: Context): HTMLElement[] {
  const { say } = context;
  const place = people.places.find((p) => p.code === context.state.get("place"));
  const name = (p: Place) => (context.lang === "ja" ? p.ja : p.en);
  const head = h("div", { class: "stack" },
    h("h1", {}, say("title")),
    h("p", { class: "lead" }, say("lead", { needed: number(people.needed_s), n: number(people.replicates) })),
    h("div", { class: "form-line" }, choice(shared(context)("architecture"), "a", run.architectures.map((a) => ({ value: a, text: architectureName(detail, a, context) })), people.architecture, context)));
  if (!people.places.length) return [head, section(say("places"), h("p", { class: "empty quiet" }, say("places.none", { n: number(people.replicates) })))];
  return [
    head,
    h("div", { class: "people-two" }, enough(detail, all, people, context), stages(people, place, detail, name, context)),
    municipalities(people, name, context),
  ];
}

function enough(detail: Detail, all: People[], people: People, context: Context): HTMLElement {
  const { say } = context;
  const parts = [say("enough.in_time"), say("enough.late"), say("enough.never")];
  const wholes: Whole[] = all.map((a) => ({ label: architectureName(detail, a.architecture, context), chosen: a.architecture === people.architecture, parts: split(a) }));
  const title = say("enough");
  const drawn = shares(title, parts, wholes, say("enough.unit"), context);
  const figures = detail.headlines.filter((f) => f.name === "warned_in_time_share" || f.name === "lead_s");
  const rows = figures.flatMap((f) => all.map((a) => ({ figure: context.lang === "ja" ? f.ja : f.en, label: architectureName(detail, a.architecture, context), series: all.indexOf(a), e: { ...detail.summary.architectures[a.architecture]?.[f.name], unit: f.unit } as Estimate })));
  const lead = rows.filter((r) => r.e.unit === "s").map((r) => ({ ...r.e, label: r.label, series: r.series }));
  const plot = intervals({ title: say("lead.figure"), rows: lead, unit: "s" }, context);
  const behindTable = table<(typeof rows)[number]>({
    caption: title, empty: say("enough.empty"), rows,
    columns: [
      { key: "figure", title: say("column.figure"), cell: (r) => r.figure, value: (r) => r.figure },
      { key: "architecture", title: shared(context)("architecture"), cell: (r) => r.label, value: (r) => r.label },
      { key: "value", title: say("column.value"), num: true, cell: (r) => estimate(r.e, context), value: (r) => r.e.value },
      { key: "low", title: shared(context)("column.low"), num: true, cell: (r) => (isSame(r.e) ? "–" : bare(r.e.low, r.e.unit)), value: (r) => r.e.low },
      { key: "high", title: shared(context)("column.high"), num: true, cell: (r) => (isSame(r.e) ? "–" : bare(r.e.high, r.e.unit)), value: (r) => r.e.high },
      { key: "n", title: "n", num: true, cell: (r) => number(r.e.n), value: (r) => r.e.n },
    ],
  }, context);
  return section(title, sharesLegend(parts), drawn.box, h("p", { class: "quiet" }, say("enough.note", { needed: number(people.needed_s) })),
    downloads({ figure: drawn, name: "enough-time", title }, context),
    h("h3", {}, say("lead.figure")), plot.box, h("p", { class: "quiet" }, say("lead.note", { n: number(people.replicates) })),
    downloads({ figure: plot, table: behindTable, name: "lead-time", title: say("lead.figure") }, context),
    behind(shared(context)("behind"), behindTable.box));
}

/** People a raid who are warned in time, warned too late, never warned. */
function split(people: People): [number, number, number] {
  let [inTime, late, never] = [0, 0, 0];
  for (const p of people.places) {
    const there = (p.population * p.raids) / Math.max(people.replicates, 1);
    const share = p.warned_in_time_share.value ?? 0;
    inTime += there * share;
    late += there * Math.max(p.warned_share - share, 0);
    never += there * (1 - Math.max(p.warned_share, share));
  }
  return [inTime, late, never];
}

function stages(people: People, place: Place | undefined, detail: Detail, name: (p: Place) => string, context: Context): HTMLElement {
  const { say } = context;
  const from = place ? { ...place.stages, arrival: place.arrival_t_s } : people.stages_all;
  const order = [...people.stages, ...(from["arrival"] ? ["arrival"] : [])];
  const rows: Stage[] = order.flatMap((key) => {
    const e = from[key];
    return e ? [{ label: stageName(key, context), p10: e.p10, p50: e.p50, p90: e.p90, never: e.never_share ?? null, end: key === "arrival" }] : [];
  });
  const where = place ? name(place) : say("stages.all");
  const title = say("stages", { where, architecture: architectureName(detail, people.architecture, context) });
  const drawn = timeline(title, rows, context);
  const tab = table<Stage>({
    caption: title, empty: say("stages.empty"), rows,
    columns: [
      { key: "stage", title: say("column.stage"), cell: (r) => r.label, value: (r) => r.label },
      { key: "p50", title: say("column.p50"), num: true, cell: (r) => number(r.p50), value: (r) => r.p50 },
      { key: "p10", title: say("column.p10"), num: true, cell: (r) => number(r.p10), value: (r) => r.p10 },
      { key: "p90", title: say("column.p90"), num: true, cell: (r) => number(r.p90), value: (r) => r.p90 },
      { key: "never", title: say("column.never"), num: true, cell: (r) => (typeof r.never === "number" ? bare(r.never, "1") : "–"), value: (r) => r.never },
    ],
  }, context);
  const back = place ? h("div", { class: "row" }, h("button", { type: "button", class: "button", onclick: () => context.state.set({ place: "" }) }, say("stages.back"))) : null;
  return section(title, back, rows.length ? drawn.box : h("p", { class: "empty quiet" }, say("stages.empty")),
    h("p", { class: "quiet" }, say(place ? "stages.place_note" : "stages.note", { n: number(place ? place.raids : people.replicates) })),
    downloads({ figure: drawn, table: tab, name: `stages-${place?.code ?? "all"}`, title }, context),
    behind(shared(context)("behind"), tab.box));
}

function stageName(key: string, context: Context): string {
  return ["detected", "tracked", "predicted", "decided", "issued", "received", "arrival"].includes(key) ? context.say(`stage.${key}`) : key;
}

function municipalities(people: People, name: (p: Place) => string, context: Context): HTMLElement {
  const { say } = context;
  const spread = (e: Spread, never = 0): string => stageText({ label: "", p10: e.p10, p50: e.p50, p90: e.p90, never: e.never_share ?? never }, context);
  const columns: Column<Place>[] = [
    { key: "name", title: say("column.place"), cell: (p) => h("span", { class: "both" }, name(p), " ", h("span", { class: "quiet", lang: context.lang === "ja" ? "en" : "ja" }, context.lang === "ja" ? p.en : p.ja)), value: name },
    { key: "code", title: say("column.code"), cell: (p) => p.code, value: (p) => p.code },
    { key: "people", title: say("column.people"), num: true, cell: (p) => number(p.population), value: (p) => p.population },
    { key: "lead", title: say("column.lead"), num: true, cell: (p) => spread(p.lead_s, 1 - p.warned_share), value: (p) => p.lead_s.p50 },
    { key: "in_time", title: say("column.in_time", { needed: number(people.needed_s) }), num: true, cell: (p) => estimate({ ...p.warned_in_time_share, unit: "1" }, context), value: (p) => p.warned_in_time_share.value },
    { key: "alert", title: say("column.alert"), num: true, cell: (p) => spread(p.alert_t_s), value: (p) => p.alert_t_s.p50 },
    { key: "arrival", title: say("column.arrival"), num: true, cell: (p) => spread(p.arrival_t_s), value: (p) => p.arrival_t_s.p50 },
    { key: "shelter", title: say("column.shelter"), num: true, cell: (p) => number(p.sheltered_people), value: (p) => p.sheltered_people },
    { key: "raids", title: say("column.raids"), num: true, cell: (p) => number(p.raids), value: (p) => p.raids },
  ];
  const title = say("places");
  const place = h("div", {});
  let shown = table<Place>({ caption: title, columns, rows: [], empty: "" }, context);
  const draw = (wanted: string) => {
    const find = wanted.trim().toLowerCase();
    const rows = people.places.filter((p) => !find || `${p.code} ${p.ja} ${p.en}`.toLowerCase().includes(find));
    shown = table<Place>({
      caption: title, columns, rows, empty: say("places.no_match", { text: wanted }), sort: { key: "people", down: true }, first: 25,
      chosen: (p) => p.code === context.state.get("place"), choose: (p) => context.state.set({ place: p.code }),
    }, context);
    place.replaceChildren(shown.box);
  };
  const find = h("input", { class: "field", type: "search", id: "find-place", maxlength: 60, value: "" });
  find.addEventListener("input", calmly(() => draw(find.value)));
  draw("");
  return section(title, h("p", { class: "quiet" }, say("places.note", { n: number(people.replicates) })),
    h("div", { class: "form-line" }, h("label", {}, say("places.find"), find)), place,
    downloads({ table: { box: place, csv: () => shown.csv() }, data: people, name: `people-${people.architecture}`, title }, context));
}
