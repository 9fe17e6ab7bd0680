// Figures as a reader meets them: a fitting number of digits, unit, interval, and the count behind it.
import { number } from "../format";
import type { Context } from "../view";
import { has, speaker, type Lang, type Say } from "../words";

export interface Estimate {
  value: number | null;
  low?: number | null;
  high?: number | null;
  n?: number;
  unit?: string;
  note?: string | null;
  never_share?: number | null;
  /** A difference of shares: percentage points. */
  pp?: boolean;
}

/** Words that all views share. */
export function shared(context: Context): Say {
  return speaker(context.lang, "widgets");
}

/** Name of a unit in the language of the page; the unit itself where there is no word. */
export function unitWord(unit: string | null | undefined, lang: Lang): string {
  if (!unit || unit === "1") return "";
  return has(lang, "widgets", `unit.${unit}`) ? speaker(lang, "widgets")(`unit.${unit}`) : unit;
}

/** Digits after the point so that about three or four figures remain. */
export function digitsFor(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return 0;
  if (size >= 10) return Number.isInteger(value) ? 0 : 1;
  if (size >= 1) return Number.isInteger(value) ? 0 : 2;
  return Math.min(6, 2 - Math.floor(Math.log10(size)));
}

/** A number without its unit; shares as per cent; large numbers to four figures. */
export function bare(value: number | null | undefined, unit = "", digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (unit === "1") return number(value * 100, digits ?? (Math.abs(value) < 0.1 ? 1 : 0) + (Math.abs(value) < 0.001 && value !== 0 ? 1 : 0));
  const size = Math.abs(value);
  const rounded = size >= 10_000 && digits === undefined ? Number(value.toPrecision(4)) : value;
  return number(rounded, digits ?? digitsFor(value));
}

/** Digits that suit values and their ends together; undefined: four figures of each. */
export function together(...of: Estimate[]): number | undefined {
  const all = of.flatMap((e) => [e.value, e.low, e.high]).filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  if (!all.length) return undefined;
  if (of[0]!.unit === "1") return Math.max(...all.map(Math.abs)) < 0.1 ? 1 : Math.max(...all) - Math.min(...all) < 0.02 ? 1 : 0;
  const most = Math.max(...all.map(Math.abs));
  if (most >= 100) return most >= 10_000 ? undefined : 0;
  if (all.every(Number.isInteger)) return 0;
  return digitsFor(most);
}

/** "193 s (182 to 204)"; says in words when there is no value or no interval. */
export function estimate(e: Estimate, context: Context, digits = together(e)): string {
  const say = shared(context);
  if (e.value === null || e.value === undefined) return note(e.note, context) || say("never");
  const unit = e.unit === "1" ? (e.pp ? ` ${say("unit.points")}` : " %") : e.unit ? `${context.lang === "ja" ? " " : " "}${unitWord(e.unit, context.lang)}`.trimEnd() : "";
  const value = `${bare(e.value, e.unit, digits)}${unit}`;
  const ends = span(e, context, digits);
  return ends ? `${value} (${ends})` : value;
}

/** The interval alone: "182 to 204". */
export function span(e: Estimate, context: Context, digits = together(e)): string {
  if (e.low === null || e.low === undefined || e.high === null || e.high === undefined) return "";
  return shared(context)("to", { low: bare(e.low, e.unit, digits), high: bare(e.high, e.unit, digits) });
}

const NOTES: Record<string, string> = {
  "no interval: too few replicates or not subject to chance": "note.few",
};
/** Reasons that the program gives in place of an interval, in the language of the page. */
export function note(text: string | null | undefined, context: Context): string {
  if (!text) return "";
  const key = NOTES[text];
  if (key) return shared(context)(key);
  if (text.startsWith("not defined")) return shared(context)("note.undefined");
  if (text.startsWith("never")) return shared(context)("never");
  return text;
}

/** A key of a scenario as words: `architectures[shared_warning].warning_relay_s` is "shared warning: warning relay". */
export function keyWords(key: string): string {
  const words = (text: string) => text.replaceAll("_", " ");
  return key.replace(/^catalogue\./, "").split(".").map((part, i, all) => {
    const inside = /^(\w+)\[(.+)\]$/.exec(part);
    if (inside) return inside[1] === "architectures" ? words(inside[2]!) : `${words(inside[1]!)} ${words(inside[2]!)}`;
    return words(i === all.length - 1 ? part.replace(/_(s|m|km|deg|rad|m_s|musd)$/, "") : part);
  }).join(": ");
}
