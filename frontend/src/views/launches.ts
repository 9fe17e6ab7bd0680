// Public launches: what was reported, what physics allows, the flight flown again; and a claim typed in.
import { h } from "../dom";
import { number } from "../format";
import type { Context, View } from "../view";
import { shared } from "../widgets/amount";
import { auditForm, verdictBox, type Verdict } from "../widgets/audit";
import { downloads } from "../widgets/downloads";
import { follow } from "../widgets/job";
import { page, section, type Page } from "../widgets/page";
import { table } from "../widgets/table";
import { has } from "../words";

interface Row {
  id: string;
  vehicle: string;
  kind: string;
  area: string;
  scenario: string;
  note: string;
  sets: number;
}
interface Reported {
  quantity: string;
  value: unknown;
  low: unknown;
  high: unknown;
  by: string;
  source: string;
  address?: string;
  grade: string;
  note?: string;
}
interface Flown {
  by: string;
  class: string;
  range_km: number | null;
  apogee_km: number | null;
  time_s: number | null;
  published_time_s: number | null;
  published_low_s: number | null;
  published_high_s: number | null;
  miss_s: number | null;
  inside_120_s: boolean | null;
  likely_cause: string;
}
interface Launch {
  facts: Row & { reported: Reported[]; class?: { value: string; grade: string; source: string } };
  audit: (Verdict & { problem?: string }) | null;
  replay: { sets?: Flown[]; status?: string; problems?: unknown[] } | null;
  replay_why?: string | null;
}

const REPLICATES = 10;

export const view: View = {
  name: "launches",
  open(box, context) {
    context.loading(box, context.say("loading.launches"));
    let shown = context.state.get("launch"); // an address that was opened shows the page from its top
    return page("launches", box, context, ["launch"], async (now) => {
      const { say } = context;
      const { launches } = await context.api.stored<{ launches: Row[] }>("launches");
      if (!now.alive()) return;
      context.says({ kind: "STUDY", en: say("banner.launches.en"), ja: say("banner.launches.ja") }, []);
      const wanted = context.state.get("launch");
      const detail = h("div", { class: "stack" });
      box.replaceChildren(h("h1", {}, say("title")), h("p", { class: "lead" }, say("lead")), auditForm(now, context), list(launches, wanted, context), detail);
      if (!wanted) return;
      context.loading(detail, say("loading.launch", { id: wanted }));
      try {
        const launch = await context.api.stored<Launch>(`launches/${encodeURIComponent(wanted)}`);
        if (!now.alive()) return;
        detail.replaceChildren(...one(launch, wanted, now, context));
        // What was asked for stands below the list: bring it into sight.
        const chosen = shown !== wanted;
        shown = wanted;
        if (chosen && detail.getBoundingClientRect().top > window.innerHeight * 0.7) requestAnimationFrame(() => detail.scrollIntoView({ block: "start" }));
      } catch (error) {
        if (now.alive()) context.fail(detail, error);
      }
    });
  },
};

function list(launches: Row[], wanted: string, context: Context): HTMLElement {
  const { say } = context;
  const shown = table<Row>({
    caption: say("list"), rows: launches, empty: say("list.none"), height: 380,
    chosen: (l) => l.id === wanted, choose: (l) => context.state.set({ launch: l.id }),
    sort: { key: "id", down: true },
    columns: [
      { key: "id", title: say("column.day"), cell: (l) => l.id, value: (l) => l.id },
      { key: "vehicle", title: say("column.vehicle"), cell: (l) => h("span", { lang: "en" }, l.vehicle), value: (l) => l.vehicle },
      { key: "kind", title: say("column.kind"), cell: (l) => say(["ballistic", "quasi_ballistic", "glide", "cruise", "launcher"].includes(l.kind) ? `kind.${l.kind}` : "kind.other"), value: (l) => l.kind },
      { key: "area", title: say("column.area"), cell: (l) => h("span", { lang: "en" }, l.area), value: (l) => l.area },
      { key: "sets", title: say("column.sets"), num: true, cell: (l) => number(l.sets), value: (l) => l.sets },
      { key: "scenario", title: say("column.replay"), cell: (l) => (l.scenario ? say("yes") : "–"), value: (l) => l.scenario },
    ],
  }, context);
  return section(say("list"), h("p", { class: "quiet" }, say("list.note", { n: number(launches.length) }), " ", say("sources.language")), shown.box, downloads({ table: shown, name: "launches", title: say("list") }, context));
}

function one(launch: Launch, id: string, now: Page, context: Context): HTMLElement[] {
  const { say } = context;
  const facts = launch.facts;
  const title = say("facts", { id });
  const shown = table<Reported>({
    caption: title, rows: facts.reported, empty: say("facts.none"),
    columns: [
      { key: "quantity", title: say("column.quantity"), cell: (r) => quantityName(r.quantity, context), value: (r) => r.quantity },
      { key: "value", title: say("column.said"), num: true, cell: (r) => plain(r.value), value: (r) => String(r.value) },
      { key: "range", title: say("column.range"), num: true, cell: (r) => (r.low === null || r.low === undefined ? "–" : shared(context)("to", { low: plain(r.low), high: plain(r.high) })), value: (r) => `${plain(r.low)} ${plain(r.high)}` },
      { key: "by", title: say("column.by"), cell: (r) => byWord(r.by, context), value: (r) => r.by },
      { key: "grade", title: shared(context)("column.grade"), cell: (r) => shared(context)(`grade.${r.grade}`), value: (r) => r.grade },
      { key: "source", wide: true, title: say("column.source"), cell: (r) => h("span", { lang: "en" }, r.source, r.address ? h("span", { class: "quiet address" }, ` ${r.address}`) : null), value: (r) => r.source },
    ],
  }, context);
  return [
    section(title, h("p", {}, h("span", { lang: "en" }, `${facts.vehicle}, ${facts.area}`)), facts.note ? h("p", { class: "quiet", lang: "en" }, facts.note) : null, shown.box,
      downloads({ table: shown, data: launch, name: `launch-${id}`, title }, context)),
    section(say("audit.of", { id }), launch.audit && launch.audit.verdict ? verdictBox(launch.audit, context) : h("p", { class: "empty" }, say("audit.none"), " ", h("span", { lang: "en" }, launch.audit?.problem ?? ""))),
    flown(launch, id, context),
    warningSide(facts, now, context),
  ];
}

function quantityName(name: string, context: Context): string {
  return has(context.lang, "launches", `quantity.${name}`) ? context.say(`quantity.${name}`) : name.replaceAll("_", " ");
}

/** Who said it, in the language of the page where there is a word. */
function byWord(by: string, context: Context): string {
  return has(context.lang, "launches", `by.${by}`) ? context.say(`by.${by}`) : by;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "number" ? number(value, Number.isInteger(value) ? 0 : 1) : String(value);
}

function flown(launch: Launch, id: string, context: Context): HTMLElement {
  const { say } = context;
  const sets = launch.replay?.sets ?? [];
  const title = say("flown", { id });
  if (!sets.length) return section(title, h("p", { class: "empty" }, say("flown.none")), launch.replay_why ? h("p", { class: "quiet", lang: "en" }, launch.replay_why) : null);
  const words = shared(context);
  const shown = table<Flown>({
    caption: title, rows: sets, empty: say("flown.none"),
    columns: [
      { key: "by", title: say("column.by"), cell: (r) => byWord(r.by, context), value: (r) => r.by },
      { key: "range", title: say("column.range_km"), num: true, cell: (r) => number(r.range_km), value: (r) => r.range_km },
      { key: "apogee", title: say("column.apogee_km"), num: true, cell: (r) => number(r.apogee_km), value: (r) => r.apogee_km },
      { key: "time", title: say("column.flown_s"), num: true, cell: (r) => number(r.time_s), value: (r) => r.time_s },
      { key: "published", title: say("column.published_s"), num: true, cell: (r) => (r.published_time_s === null ? "–" : `${number(r.published_time_s)} (${words("to", { low: number(r.published_low_s), high: number(r.published_high_s) })})`), value: (r) => r.published_time_s },
      { key: "miss", title: say("column.miss_s"), num: true, cell: (r) => (r.miss_s !== null && r.miss_s > 0 ? "+" : "") + number(r.miss_s), value: (r) => r.miss_s },
      { key: "inside", title: say("column.inside"), cell: (r) => (r.inside_120_s === null ? "–" : say(r.inside_120_s ? "inside.yes" : "inside.no")), value: (r) => String(r.inside_120_s) },
      { key: "cause", wide: true, title: say("column.cause"), cell: (r) => h("span", { lang: "en" }, r.likely_cause || "–"), value: (r) => r.likely_cause },
    ],
  }, context);
  return section(title, h("p", { class: "quiet prose" }, say("flown.note")), shown.box, downloads({ table: shown, data: launch.replay, name: `flown-${id}`, title }, context));
}

/** The whole chain of that morning is a run like any other: a job, then map and people of it. */
function warningSide(facts: Row, now: Page, context: Context): HTMLElement {
  const { say } = context;
  const title = say("chain");
  if (!facts.scenario) return section(title, h("p", { class: "empty" }, say("chain.none")));
  const place = h("div", { class: "stack" });
  const go = h("button", { type: "button", class: "button main" }, say("chain.go", { n: REPLICATES }));
  go.addEventListener("click", () => {
    go.disabled = true;
    void (async () => {
      try {
        const begun = await context.api.post<{ job: string; run: string }>("runs", { scenario: facts.scenario, replicates: REPLICATES });
        if (!now.alive()) return;
        const followed = follow(begun.job, context, (job) => {
          if (job.status !== "done") return void (go.disabled = job.status === "queued" || job.status === "running");
          context.api.forget("runs");
          place.append(h("p", { class: "row" }, ...["map", "people", "study"].map((v) => h("a", { class: "button", href: context.state.address(v, { run: job.run ?? begun.run }) }, say(`chain.${v}`)))));
        });
        now.keep(followed.stop);
        place.replaceChildren(followed.box);
      } catch (error) {
        if (!now.alive()) return;
        go.disabled = false;
        context.fail(place, error);
      }
    })();
  });
  return section(title, h("p", { class: "prose" }, say("chain.note")), h("div", { class: "row" }, go), place);
}
