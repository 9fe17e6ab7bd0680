// Every number of a scenario with its source and grade; and what the public record says about it.
import { h, type Child } from "../dom";
import { number } from "../format";
import type { Context, View } from "../view";
import { shared, unitWord } from "../widgets/amount";
import { downloads } from "../widgets/downloads";
import { effects } from "../widgets/effects";
import { keyRank, keyWords } from "../widgets/keys";
import { calmly, choice, page, parts, section, type Page } from "../widgets/page";
import { scenarioChoices, scenarioList } from "../widgets/scenarios";
import { table, type Shown } from "../widgets/table";
import { has } from "../words";

interface Numbered {
  key: string;
  value: unknown;
  low: unknown;
  high: unknown;
  unit: string;
  source: string;
  grade: string;
  note?: string;
  drawn?: boolean;
  claims: string[];
}
interface Evidence {
  scenario: string;
  hash: string;
  grades: Record<string, number>;
  numbers: Numbered[];
}
interface Claim {
  id: string;
  value: string;
  unit: string;
  basis: string;
  as_of: string;
  who: string;
  primary: boolean;
  where: string;
  address: string;
  grade: string;
  note: string;
}
interface Quantity {
  quantity: string;
  title: string;
  verdict: string;
  picks: string[];
  claims: Claim[];
  pairs?: { first: string; second: string; verdict: string; why: string }[];
}
interface Claims {
  rule: string;
  counts: Record<string, number>;
  quantities: Quantity[];
  topics?: Record<string, string>;
}

const GRADES = ["published", "computed", "literature", "assumed"];

export const view: View = {
  name: "evidence",
  open(box, context) {
    context.loading(box, context.say("loading.evidence"));
    return page("evidence", box, context, ["part", "s", "topic"], async (now) => {
      const part = context.state.get("part") === "claims" ? "claims" : "numbers";
      const inside = part === "claims" ? await claims(context, now) : await numbers(context, now);
      if (!now.alive()) return;
      box.replaceChildren(h("h1", {}, context.say("title")), h("p", { class: "lead" }, context.say("lead")),
        parts("part", [{ value: "numbers", text: context.say("part.numbers") }, { value: "claims", text: context.say("part.claims") }], part, context), ...inside);
      // A link to one quantity opens at it.
      const at = context.state.get("q");
      if (part === "claims" && at) document.getElementById(`quantity-${at}`)?.scrollIntoView({ block: "start" });
    });
  },
};

function show(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) >= 10_000 ? number(value) : String(Number(value.toPrecision(6))).replace("-", "−");
  if (typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

async function numbers(context: Context, now: Page): Promise<HTMLElement[]> {
  const { say } = context;
  const words = shared(context);
  // The scenario of the chosen run is shown where none is named; that there is no run is no matter here.
  const [list, run] = await Promise.all([scenarioList(context), context.run(document.createElement("div"))]);
  const known = (name: string | undefined) => list.find((x) => x.name === name)?.name;
  const wanted = known(context.state.get("s")) ?? known(run?.scenario) ?? list[0]?.name;
  if (!wanted) return [section(say("part.numbers"), h("p", { class: "empty" }, say("numbers.no_scenario")))];
  const found = await context.api.stored<Evidence>("evidence", { scenario: wanted });
  const moved = await effects(found.hash, context);
  const place = h("div", {});
  const counted = h("p", { class: "quiet", role: "status" });
  let shown: Shown | null = null;
  const find = h("input", { class: "field", type: "search", id: "find-number", maxlength: 80, value: context.state.get("q") });
  const grade = h("select", { class: "field", id: "find-grade" }, h("option", { value: "" }, words("all")), ...GRADES.map((g) => h("option", { value: g }, `${words(`grade.${g}`)} (${number(found.grades[g] ?? 0)})`)));
  grade.value = context.state.get("grade");
  const size = (n: Numbered) => moved?.sizes.get(n.key) ?? 0;
  const ordered = [...found.numbers].sort((a, b) => size(b) - size(a) || keyRank(a.key) - keyRank(b.key));
  const draw = () => {
    const text = find.value.trim().toLowerCase();
    const rows = ordered.filter((n) => (!grade.value || n.grade === grade.value) && (!text || `${keyWords(n.key, context)} ${n.key} ${n.source} ${n.note ?? ""}`.toLowerCase().includes(text)));
    shown = table<Numbered>({
      caption: say("numbers.caption", { scenario: wanted }), rows, first: 60, empty: say("numbers.no_match"),
      columns: [
        { key: "name", title: say("column.number"), cell: (n) => h("span", { class: "named" }, keyWords(n.key, context), h("code", { class: "quiet" }, n.key)), value: (n) => keyWords(n.key, context) },
        { key: "key", title: words("column.key"), hidden: true, cell: (n) => n.key, value: (n) => n.key },
        { key: "value", title: words("column.value"), num: true, cell: (n) => show(n.value), value: (n) => (typeof n.value === "number" || typeof n.value === "string" ? n.value : JSON.stringify(n.value)) },
        { key: "range", title: say("column.range"), num: true, cell: (n) => (n.low === null || n.low === undefined || n.low === n.high ? "–" : h("span", { class: "together" }, words("to", { low: show(n.low), high: show(n.high) }))), value: (n) => (n.low === null || n.low === undefined ? null : `${show(n.low)} ${show(n.high)}`) },
        { key: "unit", title: words("column.unit"), cell: (n) => unitWord(n.unit, context.lang), value: (n) => n.unit },
        { key: "grade", title: words("column.grade"), cell: (n) => h("span", { class: `chip grade-${n.grade}` }, words(`grade.${n.grade}`)), value: (n) => GRADES.indexOf(n.grade) },
        { key: "source", wide: true, title: say("column.source"), cell: (n) => source(n, context), value: (n) => n.source },
      ],
    }, context);
    place.replaceChildren(shown.box);
    counted.textContent = say("numbers.count", { n: number(rows.length), of: number(found.numbers.length) });
  };
  const later = calmly(() => {
    if (!now.alive()) return; // the address is another view's by now
    context.state.set({ q: find.value.trim(), grade: grade.value });
    draw();
  });
  find.addEventListener("input", later);
  grade.addEventListener("change", later);
  draw();
  return [section(say("part.numbers"),
    h("div", { class: "form-line" }, choice(words("scenario"), "s", scenarioChoices(list, context), wanted, context),
      h("label", {}, say("find"), find), h("label", {}, words("column.grade"), grade)),
    h("p", { class: "quiet prose" }, say("grades.note"), " ", say("sources.language")),
    h("p", { class: "quiet" }, moved ? say("numbers.effect", { id: moved.id }) : say("numbers.order")), counted, place,
    downloads({ table: { box: place, csv: () => shown!.csv() }, data: found, name: `numbers-${wanted}`, title: say("part.numbers") }, context))];
}

function source(n: Numbered, context: Context): HTMLElement {
  const children: Child[] = [h("span", { lang: "en" }, n.source || "–")];
  if (n.note) children.push(h("span", { class: "quiet", lang: "en" }, ` ${n.note}`));
  if (n.drawn) children.push(h("span", { class: "quiet" }, ` ${context.say("drawn")}`));
  if (n.claims?.length) children.push(h("span", { class: "quiet" }, ` ${context.say("claims.of", { list: n.claims.join(", ") })}`));
  return h("span", {}, ...children);
}

async function claims(context: Context, now: Page): Promise<HTMLElement[]> {
  const { say } = context;
  const words = shared(context);
  const topic = context.state.get("topic");
  const found = await context.api.stored<Claims>("claims", { topic });
  const topics = Object.entries(found.topics ?? {});
  const only = h("input", { type: "checkbox", id: "only-conflicts" });
  const find = h("input", { class: "field", type: "search", id: "find-claim", maxlength: 80, value: context.state.get("q") });
  const place = h("div", { class: "stack" });
  const counted = h("p", { class: "quiet", role: "status" });
  const first = 20;
  const draw = (all = false) => {
    const text = find.value.trim().toLowerCase();
    const rows = found.quantities.filter((q) => (!only.checked || q.verdict === "conflict") && (!text || `${q.quantity} ${q.title} ${q.claims.map((c) => `${c.who} ${c.where}`).join(" ")}`.toLowerCase().includes(text)));
    const seen = all ? rows : rows.slice(0, first);
    place.replaceChildren(...seen.map((q) => quantity(q, context)));
    if (!rows.length) place.append(h("p", { class: "empty" }, say("claims.no_match")));
    if (seen.length < rows.length) place.append(h("button", { type: "button", class: "button more", onclick: () => draw(true) }, words("table.more", { n: number(rows.length) })));
    counted.textContent = say("claims.count", { n: number(rows.length), of: number(found.quantities.length), conflicts: number(found.counts["conflict"] ?? 0) });
  };
  const later = calmly(() => {
    if (!now.alive()) return;
    context.state.set({ q: find.value.trim() });
    draw();
  });
  find.addEventListener("input", later);
  only.addEventListener("change", () => draw());
  draw();
  return [section(say("part.claims"), h("p", { class: "prose" }, say("claims.lead")),
    h("p", { class: "quiet prose" }, say("claims.rule"), " ", say("sources.language")),
    h("div", { class: "form-line" },
      choice(say("topic"), "topic", [{ value: "", text: words("all") }, ...topics.map(([t, title]) => ({ value: t, text: has(context.lang, "evidence", `topic.${t}`) ? say(`topic.${t}`) : title }))], topic, context),
      h("label", {}, say("find"), find), h("label", { class: "check" }, h("span", {}, only, " ", say("claims.only")))),
    counted, downloads({ data: found, name: `claims-${topic || "all"}`, title: say("part.claims") }, context)), place];
}

function quantity(q: Quantity, context: Context): HTMLElement {
  const { say } = context;
  const words = shared(context);
  const why = (q.pairs ?? []).filter((p) => p.verdict === "conflict").map((p) => p.why);
  const shown = table<Claim>({
    caption: q.title, rows: q.claims, empty: say("claims.none"),
    columns: [
      { key: "value", title: say("column.said"), cell: (c) => h("span", {}, `${c.value} ${c.unit === "1" ? "" : c.unit}`.trim(), ...(q.picks.includes(c.id) ? [" ", h("span", { class: "chip" }, say("picked"))] : [])) },
      { key: "who", wide: false, title: say("column.who"), cell: (c) => h("span", {}, c.who, c.primary ? h("span", { class: "quiet" }, ` (${say("primary")})`) : null) },
      { key: "basis", title: say("column.basis"), cell: (c) => c.basis || "–" },
      { key: "when", title: say("column.when"), cell: (c) => c.as_of || "–" },
      { key: "grade", title: words("column.grade"), cell: (c) => words(`grade.${c.grade}`) },
      // An address is printed, never a link: nothing on this page leads away from the machine.
      { key: "where", wide: true, title: say("column.source"), cell: (c) => h("span", {}, c.where, c.address ? h("span", { class: "quiet address" }, ` ${c.address}`) : null, c.note ? h("span", { class: "quiet note" }, c.note) : null) },
    ],
  }, context);
  const key = `verdict.${q.verdict}`;
  return h("section", { class: "panel stack quantity", id: `quantity-${q.quantity}` },
    h("div", { class: "row" }, h("h3", { lang: "en" }, q.title), h("span", { class: `chip verdict ${q.verdict === "conflict" ? "conflict" : ""}` }, q.claims.length > 1 && q.verdict ? say(VERDICTS.has(q.verdict) ? key : "verdict.other", { verdict: q.verdict }) : say("verdict.single"))),
    h("p", { class: "quiet" }, h("code", {}, q.quantity)),
    ...why.map((w) => h("p", { lang: "en" }, w)), h("div", { lang: "en" }, shown.box));
}

const VERDICTS = new Set(["conflict", "agree within exchange rate", "agree within rounding", "differ by basis", "differ by time", "agree"]);
