// A published range, apogee and flight time held against physics.
import { h } from "../dom";
import { number } from "../format";
import type { Context } from "../view";
import { shared, unitWord } from "./amount";
import { downloads } from "./downloads";
import { itemWord } from "./keys";
import { section, type Page } from "./page";

interface Stated {
  value: number;
  low: number;
  high: number;
  read: string;
}
export interface Verdict {
  claim: { range_km: Stated | null; apogee_km: Stated | null; time_s: Stated | null };
  verdict: string;
  bound_rotating_low_s: number | null;
  bound_rotating_high_s: number | null;
  excess_low_s: number | null;
  excess_high_s: number | null;
  margin_s: number | null;
  classes: string[];
  reason: string;
  notes: string[];
}

const FIELDS = ["range_km", "apogee_km", "time_s"] as const;
const VERDICTS = ["consistent", "inconsistent", "not decided", "open", "too short", "too long", "impossible", "not_applicable"];

export function auditForm(now: Page, context: Context): HTMLElement {
  const { say } = context;
  const place = h("div", { class: "stack", role: "status" });
  // Texts, not numbers: digits and "~50" say how exact a claim is.
  const inputs = FIELDS.map((name) => h("input", { class: "field", id: `audit-${name}`, inputmode: "decimal", maxlength: 30, size: 12, autocomplete: "off", value: context.state.get(name) }));
  const go = h("button", { type: "submit", class: "button main" }, say("audit.go"));
  const form = h("form", { class: "form-line", "aria-label": say("audit") }, ...FIELDS.map((name, i) => h("label", {}, say(`audit.${name}`), inputs[i])), go);
  const ask = async () => {
    const body: Record<string, string> = {};
    FIELDS.forEach((name, i) => { const text = inputs[i]!.value.trim(); if (text) body[name] = text; });
    context.state.set(Object.fromEntries(FIELDS.map((name) => [name, body[name] ?? ""])));
    go.disabled = true;
    try {
      const found = await context.api.post<Verdict>("audit", body);
      if (now.alive()) place.replaceChildren(verdictBox(found, context));
    } catch (error) {
      if (now.alive()) context.fail(place, error);
    }
    go.disabled = false;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask();
  });
  if (inputs.every((i) => i.value)) void ask();
  return section(say("audit"), h("p", { class: "prose" }, say("audit.lead")), form, h("p", { class: "quiet prose" }, say("audit.exact")), place);
}

export function verdictBox(found: Verdict, context: Context): HTMLElement {
  const { say } = context;
  const to = (low: number | null, high: number | null) => (low === null || high === null ? "–" : `${shared(context)("to", { low: number(low), high: number(high) })} ${unitWord("s", context.lang)}`);
  const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
  const fine = found.verdict === "consistent";
  const stated = FIELDS.flatMap((name) => {
    const s = found.claim[name];
    return s ? [[say(`audit.${name}`), `${number(s.value)} (${shared(context)("to", { low: number(s.low), high: number(s.high) })})`, s.read] as const] : [];
  });
  return h("div", { class: `verdict-box ${fine ? "fine" : "not"}` },
    h("p", { class: "verdict-word" }, h("span", { "aria-hidden": true }, fine ? "✓ " : "✕ "), VERDICTS.includes(found.verdict) ? say(`verdict.${found.verdict}`) : found.verdict),
    h("p", { class: "prose", lang: "en" }, found.reason),
    h("dl", { class: "facts" },
      ...stated.flatMap(([name, value, read]) => [h("dt", {}, name), h("dd", {}, value, " ", h("span", { class: "quiet", lang: "en" }, read))]),
      h("dt", {}, say("audit.unpowered")), h("dd", {}, to(found.bound_rotating_low_s, found.bound_rotating_high_s)),
      h("dt", {}, say("audit.whole")), h("dd", {}, to(sum(found.bound_rotating_low_s, found.excess_low_s), sum(found.bound_rotating_high_s, found.excess_high_s))),
      ...(found.classes?.length ? [h("dt", {}, say("audit.classes")), h("dd", {}, found.classes.map((c) => itemWord(c, context.lang)).join(context.lang === "ja" ? "、" : "; "))] : [])),
    ...(found.notes?.length ? [h("ul", { class: "quiet", lang: "en" }, ...found.notes.map((n) => h("li", {}, n)))] : []),
    downloads({ data: found, name: "audit", title: say("audit") }, context));
}
