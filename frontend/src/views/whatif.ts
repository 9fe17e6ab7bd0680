// A handful of sliders, answered in seconds by a small study on the same draws as the base.
import { h } from "../dom";
import { number } from "../format";
import type { Context, View } from "../view";
import { estimate, shared, span, unitWord, type Estimate } from "../widgets/amount";
import { downloads } from "../widgets/downloads";
import { intervals } from "../widgets/intervals";
import { follow, type Job } from "../widgets/job";
import { keyWords } from "../widgets/keys";
import { behind, choice, page, section, type Page } from "../widgets/page";
import { headlineName, readingWord } from "../widgets/run";
import { architectureWord, scenarioChoices, scenarioList } from "../widgets/scenarios";
import { spark } from "../widgets/spark";
import { table } from "../widgets/table";

interface Slider {
  name: string;
  en: string;
  ja: string;
  keys: string[];
  value: number;
  low: number;
  high: number;
  step: number;
  unit: string;
  grade: string;
  source: string;
  cost: string;
  effect: string;
  effect_ja?: string;
}
interface Asked {
  scenario: string;
  title: string;
  architectures: string[];
  replicates: { default: number; max: number };
  sliders: Slider[];
}
interface Found {
  name: string;
  architecture: string;
  en: string;
  ja?: string;
  unit: string;
  direction: number;
  base: Estimate;
  changed: Estimate;
  difference: Estimate & { p?: number | null };
  reads: string;
}
interface Result {
  replicates: number;
  seconds?: number | null;
  sliders: Record<string, number>;
  changes: Record<string, unknown>;
  architectures: string[];
  figures: Found[];
}

export const view: View = {
  name: "whatif",
  open(box, context) {
    context.loading(box, context.say("loading.whatif"));
    return page("whatif", box, context, ["s"], async (now) => {
      const list = await scenarioList(context);
      const wanted = context.state.get("s") || list.find((x) => x.name === "okinawa-2025")?.name || list[0]?.name;
      if (!wanted) return context.empty(box, context.say("none"), context.say("none.way"));
      const asked = await context.api.stored<Asked>(`whatif/${encodeURIComponent(wanted)}`);
      if (!now.alive()) return;
      const title = h("h1", {}, context.say("title"));
      const pick = h("div", { class: "form-line" }, choice(shared(context)("scenario"), "s", scenarioChoices(list, context), wanted, context, { w: "", n: "", fig: "" }));
      box.replaceChildren(title, h("p", { class: "lead" }, context.say("lead")), pick, board(asked, now, context));
    });
  },
};

/** Values of the address: "compliance:0.2,decision_s:30". */
function given(context: Context): Record<string, number> {
  const out: Record<string, number> = {};
  for (const piece of context.state.get("w").split(",").slice(0, 12)) {
    const [name = "", text = ""] = piece.split(":");
    const value = Number(text);
    if (name && text !== "" && Number.isFinite(value)) out[name] = value;
  }
  return out;
}

function board(asked: Asked, now: Page, context: Context): HTMLElement {
  const { say } = context;
  if (!asked.sliders.length) return section(say("sliders"), h("p", { class: "empty" }, say("sliders.none")));
  const values = given(context);
  const answer = h("div", { class: "stack" }, section(say("answer"), h("p", { class: "empty quiet" }, say("answer.none"))));
  const progress = h("div", { class: "job-place" });
  const count = h("input", { class: "field", type: "number", id: "whatif-n", min: 2, max: asked.replicates.max, step: 1, value: String(Math.min(context.state.number("n", asked.replicates.default), asked.replicates.max)) });
  const ask = h("button", { type: "submit", class: "button main" }, say("ask"));
  const reset = h("button", { type: "button", class: "button" }, say("reset"));
  const write = () => context.state.set({ w: Object.entries(values).map(([k, v]) => `${k}:${v}`).join(","), n: count.value === String(asked.replicates.default) ? "" : count.value });
  const controls = asked.sliders.map((slider) => control(slider, values, () => { write(); button(); }, context));
  const button = () => {
    ask.disabled = !Object.keys(values).length;
    hint.textContent = ask.disabled ? say("ask.why") : "";
  };
  const hint = h("p", { class: "quiet hint" });
  let stop = (): void => undefined;
  now.keep(() => stop());
  const go = async () => {
    stop();
    ask.disabled = true;
    progress.replaceChildren(h("p", { class: "quiet" }, say("asking")));
    answer.setAttribute("aria-busy", "true");
    try {
      const body = { scenario: asked.scenario, replicates: Number(count.value), architectures: asked.architectures, sliders: { ...values } };
      const { job } = await context.api.post<{ job: string }>("whatif", body);
      if (!now.alive()) return;
      const followed = follow<Result>(job, context, (state) => told(state, answer, asked, context, () => { button(); answer.removeAttribute("aria-busy"); }));
      stop = followed.stop;
      progress.replaceChildren(followed.box);
    } catch (error) {
      if (!now.alive()) return;
      progress.replaceChildren();
      answer.removeAttribute("aria-busy");
      const place = h("div", {});
      answer.replaceChildren(place);
      context.fail(place, error, () => void go());
      button();
    }
  };
  reset.addEventListener("click", () => {
    for (const key of Object.keys(values)) delete values[key];
    for (const c of controls) c.reset();
    write();
    button();
  });
  count.addEventListener("change", write);
  button();
  const form = h("form", { class: "panel stack", "aria-label": say("sliders") },
    h("h2", {}, say("sliders")), ...controls.map((c) => c.box),
    h("div", { class: "ask-bar stack" }, h("div", { class: "form-line" }, h("label", {}, say("raids", { max: asked.replicates.max }), count), ask, reset, hint), progress));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!ask.disabled) void go();
  });
  return h("div", { class: "whatif-two" }, form, answer);
}

function control(slider: Slider, values: Record<string, number>, changed: () => void, context: Context): { box: HTMLElement; reset: () => void } {
  const { say } = context;
  const text = (v: number) => sliderText(slider, v, context);
  const [to, from, ends] = ruler(slider);
  const id = `slider-${slider.name}`;
  const now = () => values[slider.name] ?? slider.value;
  const input = h("input", { type: "range", id, min: ends[0], max: ends[1], step: ends[2], value: String(to(now())), "aria-describedby": `${id}-what` });
  const out = h("output", { for: id, class: "slider-value" });
  const base = h("span", { class: "quiet" }, say("base", { value: bareText(slider, slider.value, context) }));
  const show = () => {
    out.textContent = text(now());
    input.setAttribute("aria-valuetext", text(now()));
    box.classList.toggle("moved", slider.name in values);
  };
  input.addEventListener("input", () => {
    const value = from(Number(input.value));
    if (Math.abs(Number(input.value) - to(slider.value)) < ends[2] / 2) delete values[slider.name];
    else values[slider.name] = value;
    show();
    changed();
  });
  const box: HTMLElement = h("div", { class: "slider", "data-slider": slider.name },
    h("div", { class: "slider-head" }, h("label", { for: id }, headlineName(slider, context)), out),
    input,
    h("div", { class: "slider-ends quiet" }, h("span", {}, bareText(slider, slider.low, context)), base, h("span", {}, bareText(slider, slider.high, context))),
    h("details", { class: "slider-more" }, h("summary", {}, say("what")),
      h("p", { id: `${id}-what`, lang: context.lang === "ja" && !slider.effect_ja ? "en" : undefined }, (context.lang === "ja" ? slider.effect_ja : undefined) ?? slider.effect),
      h("p", {}, say("keys"), " ", slider.keys.slice(0, 4).map((k) => keyWords(k, context)).join("; "), " ", h("code", { class: "quiet" }, slider.keys.slice(0, 4).join(", ") + (slider.keys.length > 4 ? ` … (${slider.keys.length})` : ""))),
      h("p", {}, say("source"), " ", h("span", { lang: "en" }, slider.source), " ", h("span", { class: "chip" }, shared(context)(`grade.${slider.grade}`))),
      h("p", {}, say(slider.cost === "slow" ? "cost.slow" : "cost.quick"))),
  );
  show();
  return { box, reset: () => { input.value = String(to(slider.value)); show(); } };
}

/** A share is written in per cent; a count of satellites has no unit of its own. */
function isShare(slider: Slider): boolean {
  return slider.unit === "of stock" || (slider.unit === "1" && slider.high <= 1);
}

function sliderText(slider: Slider, value: number, context: Context): string {
  const word = slider.unit === "1" && !isShare(slider) ? "satellites" : slider.unit;
  if (isShare(slider)) return `${number(value * 100, value < 0.1 && value > 0 ? 1 : 0)} %${slider.unit === "of stock" ? ` ${context.say("of_stock")}` : ""}`;
  return `${number(value, places(stepOf(slider)))} ${unitWord(word, context.lang)}`;
}

/** The same without words, where the value above has said them. */
function bareText(slider: Slider, value: number, context: Context): string {
  if (isShare(slider)) return sliderText({ ...slider, unit: "1", high: 1 }, value, context);
  return slider.unit === "1" ? number(value) : sliderText(slider, value, context);
}

/** From value to place on the slider and back; over several decades the places are even in the logarithm. */
function ruler(slider: Slider): [(v: number) => number, (p: number) => number, [number, number, number]] {
  if (slider.low > 0 && slider.high / slider.low >= 50) {
    const span = Math.log(slider.high / slider.low);
    const back = (p: number) => Math.min(slider.high, Math.max(slider.low, Number((slider.low * Math.exp((p / 60) * span)).toPrecision(2))));
    return [(v) => Math.round((60 * Math.log(v / slider.low)) / span), back, [0, 60, 1]];
  }
  return [(v) => v, (p) => p, [slider.low, slider.high, stepOf(slider)]];
}

/** Counts move by whole planes as the server says; everything else by a round two-hundredth of its range. */
function stepOf(slider: Slider): number {
  if (slider.unit === "1" && !isShare(slider)) return slider.step;
  const raw = (slider.high - slider.low) / 200;
  const power = 10 ** Math.floor(Math.log10(raw));
  return Number(([5, 2, 1].find((m) => m * power <= raw * 1.001)! * power).toPrecision(1));
}

function places(step: number): number {
  return step >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(step) - 1e-9));
}

function told(job: Job<Result>, box: HTMLElement, asked: Asked, context: Context, ended: () => void): void {
  if (job.result && job.result.figures.length) {
    const open = [...box.querySelectorAll("details")].map((d) => d.open);
    box.replaceChildren(...result(job.result, asked, context));
    [...box.querySelectorAll("details")].forEach((d, i) => { if (open[i] !== undefined) d.open = open[i]; });
  }
  if (job.status === "done" || job.status === "failed" || job.status === "cancelled") ended();
}

const FIRST = ["lead_s", "warned_in_time_share", "sheltered_people", "first_alert_s", "leakers", "cost_musd"];

function result(found: Result, asked: Asked, context: Context): HTMLElement[] {
  const { say } = context;
  const words = shared(context);
  const names = [...new Set(found.figures.map((f) => f.name))];
  const moved = names.filter((n) => FIRST.includes(n)).sort((a, b) => FIRST.indexOf(a) - FIRST.indexOf(b));
  const title = say("answer");
  const cards = moved.map((name) => {
    const mine = found.figures.filter((f) => f.name === name);
    const rows = mine.flatMap((f) => [
      { ...f.base, label: say("row.base", { architecture: architectureWord(f.architecture, context) }), series: 4 },
      { ...f.changed, label: say("row.changed", { architecture: architectureWord(f.architecture, context) }), series: 0 },
    ]);
    const label = headlineName(mine[0]!, context);
    const drawn = intervals({ title: label, rows, unit: mine[0]!.unit }, context);
    return h("div", { class: "card" }, h("h3", {}, label), drawn.box, ...mine.map((f) => h("p", {}, sentence(f, context))));
  });
  const shown = table<Found>({
    caption: title, empty: say("answer.none"), rows: found.figures,
    columns: [
      { key: "figure", title: words("column.figure"), cell: (f) => headlineName(f, context), value: (f) => headlineName(f, context) },
      { key: "architecture", title: words("architecture"), cell: (f) => architectureWord(f.architecture, context), value: (f) => f.architecture },
      { key: "base", title: say("column.base"), num: true, cell: (f) => estimate({ ...f.base, unit: f.unit }, context), value: (f) => f.base.value },
      { key: "changed", title: say("column.changed"), num: true, cell: (f) => estimate({ ...f.changed, unit: f.unit }, context), value: (f) => f.changed.value },
      { key: "difference", title: say("column.difference"), num: true, cell: (f) => plus(f.difference, f.unit, context), value: (f) => f.difference.value },
      { key: "spark", title: say("column.spark"), cell: (f) => spark(f.difference) },
      { key: "reads", title: say("column.reads"), cell: (f) => readingWord(f.reads, context), value: (f) => f.reads },
      { key: "n", title: "n", num: true, cell: (f) => number(f.difference.n), value: (f) => f.difference.n },
    ],
  }, context);
  const changes = Object.entries(found.sliders).map(([name, v]) => {
    const slider = asked.sliders.find((x) => x.name === name);
    return slider ? `${headlineName(slider, context)}: ${sliderText(slider, v, context)}` : `${name}: ${v}`;
  });
  return [section(title,
    h("p", { class: "prose", "data-raids": found.replicates }, say("answer.head", { n: number(found.replicates), changes: changes.join(", "), seconds: typeof found.seconds === "number" ? number(found.seconds, 1) : "–" })),
    h("div", { class: "cards" }, ...cards),
    h("p", { class: "quiet prose" }, say("answer.note")),
    behind(words("behind"), shown.box),
    downloads({ table: shown, data: found, name: `what-if-${asked.scenario}`, title }, context))];
}

function plus(e: Estimate, unit: string, context: Context): string {
  return `${(e.value ?? 0) > 0 ? "+" : ""}${estimate({ ...e, unit, pp: true }, context)}`;
}

function sentence(f: Found, context: Context): string {
  const reads = readingWord(f.reads, context);
  const ends = span({ ...f.difference, unit: f.unit }, context);
  return context.say("sentence", { architecture: architectureWord(f.architecture, context), difference: plus(f.difference, f.unit, context), reads: reads || (ends ? "" : shared(context)("note.few")) });
}
