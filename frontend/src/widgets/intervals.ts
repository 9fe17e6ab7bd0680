// Values with their intervals, one row each, on one axis.
import { s } from "../dom";
import { number } from "../format";
import type { Context } from "../view";
import { bare, estimate, isAssumed, isSame, span, together, unitWord, type Estimate } from "./amount";
import { axis, cut, figure, mark, scale, sheet, textWidth, type Figure } from "./chart";

export interface Row extends Estimate {
  label: string;
  /** Which series it belongs to: shape and colour. */
  series?: number;
}

export interface Intervals {
  title: string;
  rows: readonly Row[];
  unit: string;
  /** Draw the zero line even where no value is near it (for differences). */
  zero?: boolean;
}

const ROW = 46;
const TOP = 6;

export function intervals(given: Intervals, context: Context): Figure {
  const digits = together(...given.rows.map((r) => ({ ...r, unit: given.unit })));
  const words = given.rows.map((r) => `${r.label}: ${estimate({ ...r, unit: given.unit }, context, digits)}`).join("; ");
  return figure((width) => draw(given, width, `${given.title}. ${words}`, digits, context));
}

function draw(given: Intervals, width: number, label: string, digits: number | undefined, context: Context): SVGSVGElement {
  const found = given.rows.flatMap((r) => [r.value, r.low, r.high]).filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  const bottom = TOP + given.rows.length * ROW;
  const unit = given.unit === "1" ? "%" : unitWord(given.unit, context.lang);
  const svg = sheet(width, bottom + (unit ? 42 : 26), label);
  const percent = given.unit === "1" ? 100 : 1;
  if (found.length) {
    const low = Math.min(...found, ...(given.zero ? [0] : [])) * percent;
    const high = Math.max(...found, ...(given.zero ? [0] : [])) * percent;
    const edge = Math.max(20, Math.max(...[low, high].map((v) => textWidth(number(v)))) / 2 + 6);
    const x = scale(low, high, edge, width - edge, Math.max(2, Math.floor(width / (edge * 3 + 40))));
    svg.append(axis(x, TOP, bottom, unit));
    given.rows.forEach((row, i) => svg.append(...bar(row, i, given.unit, (v) => x(v * percent))));
  }
  given.rows.forEach((row, i) => {
    const y = TOP + i * ROW + 15;
    const text = estimate({ ...row, unit: given.unit }, context, digits);
    const narrow = textWidth(row.label, 14) + textWidth(text, 14, 600) + 24 > width;
    const value = narrow ? short({ ...row, unit: given.unit }, digits, context) : text;
    const room = width - textWidth(value, 14, 600) - 16;
    svg.append(
      s("rect", { x: 0, y: y - 16, width, height: 22, class: "plate" }),
      s("text", { x: 0, y, class: "halo" }, cut(row.label, room)),
      s("text", { x: width, y, "text-anchor": "end", class: "halo strong" }, value),
    );
  });
  return svg;
}

/** The same without the unit, which stands under the axis. */
function short(e: Estimate, digits: number | undefined, context: Context): string {
  if (e.value === null) return estimate(e, context);
  const ends = span(e, context, digits);
  const value = bare(e.value, e.unit, isSame(e) ? undefined : digits);
  return ends ? `${value} (${ends})` : value;
}

function bar(row: Row, i: number, _unit: string, x: (v: number) => number): SVGElement[] {
  if (row.value === null || row.value === undefined) return [];
  const y = TOP + i * ROW + 27;
  const series = (row.series ?? i) % 5;
  const out: SVGElement[] = [];
  const kind = `whisker series-${series}${isAssumed(row) ? " assumed" : ""}`;
  if (typeof row.low === "number" && typeof row.high === "number" && row.high > row.low)
    out.push(
      s("line", { x1: x(row.low), x2: x(row.high), y1: y, y2: y, class: kind }),
      ...[row.low, row.high].map((v) => s("line", { x1: x(v), x2: x(v), y1: y - 5, y2: y + 5, class: `whisker series-${series}` })),
    );
  out.push(mark(series, x(row.value), y));
  return out;
}
