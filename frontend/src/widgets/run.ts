// What the server tells of one run, and names in the language of the page.
import type { Banner, Context, Vintage } from "../view";
import { has, speaker } from "../words";
import type { Estimate } from "./amount";

export interface Headline {
  name: string;
  en: string;
  ja: string;
  unit: string;
  direction: number;
  kind?: string;
}
export interface DifferenceRow extends Estimate {
  name: string;
  p?: number | null;
  reads?: string;
}
export interface Difference {
  pair: [string, string];
  en: string;
  ja?: string;
  note?: Both;
  rows: DifferenceRow[];
}
export interface Detail {
  id: string;
  banner: Banner;
  run: { scenario: string; title?: string; title_ja?: string; replicates: number; seed: number };
  summary: { architectures: Record<string, Record<string, Estimate>>; [key: string]: unknown };
  headlines: Headline[];
  architectures: { name: string; en: string; ja?: string; meaning?: string }[];
  differences: Difference[];
  answer: Both[];
  words: Record<string, Both>;
  limits: Both[];
  vintage: Vintage | string[];
  vintage_ja?: string[];
  files: { name: string; bytes: number }[];
  tables: string[];
}

export function architectureName(detail: Pick<Detail, "architectures">, name: string, context: Context): string {
  const found = detail.architectures.find((a) => a.name === name);
  return (context.lang === "ja" ? found?.ja : undefined) ?? found?.en ?? name.replaceAll("_", " ");
}

export function headlineName(h: { en: string; ja?: string | undefined }, context: Context): string {
  return (context.lang === "ja" ? h.ja : undefined) ?? h.en;
}

/** Title of a scenario, run or answer in the language of the page. */
export function titleOf(of: { scenario?: string; title?: string; title_ja?: string }, context: Context): string {
  return (context.lang === "ja" ? of.title_ja : undefined) || of.title || of.scenario || "";
}

/** The footer's lines as the shell wants them. */
export function vintageOf(detail: Pick<Detail, "vintage" | "vintage_ja">): Vintage {
  return Array.isArray(detail.vintage) ? { lines: detail.vintage, lines_ja: detail.vintage_ja ?? detail.vintage } : detail.vintage;
}

/** A text that comes in both languages. */
export interface Both {
  en: string;
  ja?: string;
}
export function inBoth(text: Both | string, context: Context): string {
  return typeof text === "string" ? text : (context.lang === "ja" ? text.ja : undefined) ?? text.en;
}

/** "better", "worse", "not told apart from zero" in the language of the page. */
export function readingWord(reads: string | undefined, context: Context): string {
  const say = speaker(context.lang, "widgets");
  const key = `reads.${reads ?? ""}`;
  return reads && has(context.lang, "widgets", key) ? say(key) : (reads ?? "");
}

/** The pair of a difference: "integrated minus shared warning". */
export function pairName(detail: Pick<Detail, "architectures">, pair: readonly string[], context: Context): string {
  return speaker(context.lang, "widgets")("pair", { first: architectureName(detail, pair[0] ?? "", context), second: architectureName(detail, pair[1] ?? "", context) });
}
