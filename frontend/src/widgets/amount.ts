// Figures as a reader meets them: a fitting number of digits, unit, interval, and the count behind it.
import { number } from "../format";
import type { Context } from "../view";
import { has, speaker, type Lang, type Say } from "../words";

export interface Estimate {
  value: number | null;
  low?: number | null;
  high?: number | null;
  n?: number;
  /** How the interval was made; `SAME` says that there is none. */
  method?: string;
  /** What the ends hold: chance, or a range that is assumed. */
  holds?: string;
  unit?: string;
  note?: string | null;
  never_share?: number | null;
  /** A difference of shares: percentage points. */
  pp?: boolean;
}

const SAME = "the same in all replicates";
const ASSUMED = "assumed range of the price";
const WHOLE = "people"; // no fraction of a person is shown

/** Words that all views share. */
export function shared(context: Context): Say {
  return speaker(context.lang, "widgets");
}

/** Name of a unit in the language of the page, for one where the figure reads "1"; the unit itself where there is no word. */
export function unitWord(unit: string | null | undefined, lang: Lang, figure = ""): string {
  if (!unit || unit === "1") return "";
  if (figure === "1" && has(lang, "widgets", `unit.${unit}.one`)) return speaker(lang, "widgets")(`unit.${unit}.one`);
  return has(lang, "widgets", `unit.${unit}`) ? speaker(lang, "widgets")(`unit.${unit}`) : unit;
}

/** Digits after the point so that about three figures remain, two of what is below one. */
export function digitsFor(value: number, unit = ""): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 100 || (unit === WHOLE && size >= 1)) return 0;
  if (size >= 10) return Number.isInteger(value) ? 0 : 1;
  if (size >= 1) return Number.isInteger(value) ? 0 : 2;
  return Math.min(6, 1 - Math.floor(Math.log10(size)));
}

/** A number without its unit; shares as per cent; large numbers to four figures. */
export function bare(value: number | null | undefined, unit = "", digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (unit === "1") return number(value * 100, digits ?? (Math.abs(value) < 0.1 && value !== 0 ? 1 : 0) + (Math.abs(value) < 0.001 && value !== 0 ? 1 : 0));
  const size = Math.abs(value);
  const rounded = size >= 10_000 && digits === undefined ? Number(value.toPrecision(4)) : value;
  return number(rounded, digits ?? digitsFor(value, unit));
}

/** Digits that suit values and their ends together; undefined: four figures of each. */
export function together(...of: Estimate[]): number | undefined {
  const all = of.flatMap((e) => [e.value, e.low, e.high]).filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  if (!all.length) return undefined;
  if (all.every((v) => v === 0)) return 0;
  if (of[0]!.unit === "1") return Math.max(...all.map(Math.abs)) < 0.1 ? 1 : Math.max(...all) - Math.min(...all) < 0.02 ? 1 : 0;
  const most = Math.max(...all.map(Math.abs));
  if (most >= 100) return most >= 10_000 ? undefined : 0;
  if (all.every(Number.isInteger)) return 0;
  return digitsFor(most, of[0]!.unit);
}

/** Whether all raids gave the same value, so that there is no interval. */
export function isSame(e: Estimate): boolean {
  return e.method === SAME && typeof e.value === "number";
}

/** Whether the ends are a range that the scenario assumes and no interval of chance. */
export function isAssumed(e: Estimate): boolean {
  return e.holds === ASSUMED;
}

/** "193 s (182 to 204)", "0 people (the same in all 8 raids)"; says in words when there is no value or no interval. */
export function estimate(e: Estimate, context: Context, digits = together(e)): string {
  const say = shared(context);
  if (e.value === null || e.value === undefined) return note(e.note, context) || say("never");
  const figure = bare(e.value, e.unit, isSame(e) ? undefined : digits);
  const unit = e.unit === "1" ? (e.pp ? ` ${say("unit.points")}` : " %") : e.unit ? ` ${unitWord(e.unit, context.lang, figure)}`.trimEnd() : "";
  const value = `${figure}${unit}`;
  const ends = span(e, context, digits);
  return ends ? `${value} (${ends})` : value;
}

/** What stands in the brackets: "182 to 204", "the same in all 8 raids", "assumed 50 to 400". */
export function span(e: Estimate, context: Context, digits = together(e)): string {
  if (e.low === null || e.low === undefined || e.high === null || e.high === undefined) return "";
  const say = shared(context);
  if (isSame(e)) return typeof e.n === "number" ? say("same", { n: number(e.n) }) : say("same.all");
  if (isAssumed(e) && e.low === e.high) return "";
  return say(isAssumed(e) ? "assumed" : "to", { low: bare(e.low, e.unit, digits), high: bare(e.high, e.unit, digits) });
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
