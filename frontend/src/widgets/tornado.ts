// What each assumption changes at its low and at its high end, with the interval of chance over each bar.
import { h, s } from "../dom";
import type { Context } from "../view";
import { bare, shared, unitWord } from "./amount";
import { axis, cut, figure, scale, sheet, textWidth, type Figure } from "./chart";

export interface End {
  change: number | null;
  low: number | null;
  high: number | null;
  /** Whether chance alone does not explain the change. */
  sure: boolean;
}
export interface Leaf {
  label: string;
  range: string;
  assumed: boolean;
  low?: End | undefined;
  high?: End | undefined;
}

const ROW = 62;
const TOP = 4;

export function tornado(title: string, leaves: readonly Leaf[], unit: string, context: Context): Figure {
  const say = shared(context);
  const one = (side: string, e: End | undefined) => (e && e.change !== null ? `${say(side)} ${signed(e.change, unit)}` : "");
  const label = `${title}. ${leaves.map((l) => `${l.label}: ${[one("tornado.low", l.low), one("tornado.high", l.high)].filter(Boolean).join(", ")}`).join("; ")}`;
  return figure((width) => draw(leaves, width, unit, label, context));
}

/** What low, high, hatched and full mean. */
export function tornadoLegend(context: Context): HTMLElement {
  const say = shared(context);
  const key = (side: string, assumed: boolean) => {
    const svg = s("svg", { width: 26, height: 14, "aria-hidden": "true", class: "chart" });
    svg.append(hatch(), s("rect", { x: 1, y: 1, width: 24, height: 12, class: `leaf ${side}${assumed ? " assumed" : ""}` }));
    return svg;
  };
  return h("p", { class: "legend quiet" },
    h("span", {}, key("low", false), say("tornado.low")), h("span", {}, key("high", false), say("tornado.high")),
    h("span", {}, key("none", true), say("tornado.assumed")), h("span", {}, say("tornado.whisker")));
}

function hatch(): SVGElement {
  const lines = (id: string, name: string) =>
    s("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("line", { x1: 0, x2: 0, y1: 0, y2: 6, class: `hatch ${name}` }));
  return s("defs", {}, lines("hatch-low", "low"), lines("hatch-high", "high"), lines("hatch-none", "none"));
}

function signed(value: number, unit: string): string {
  return `${value > 0 ? "+" : ""}${bare(value, unit)}`;
}

function draw(leaves: readonly Leaf[], width: number, unit: string, label: string, context: Context): SVGSVGElement {
  const percent = unit === "1" ? 100 : 1;
  const bottom = TOP + leaves.length * ROW;
  const svg = sheet(width, bottom + 42, label);
  const ends = leaves.flatMap((l) => [l.low, l.high].flatMap((e) => (e ? [e.change, e.low, e.high] : []))).filter((v): v is number => typeof v === "number");
  const most = Math.max(...ends.map(Math.abs), 0) * percent;
  const labels = Math.max(...leaves.flatMap((l) => [l.low, l.high].map((e) => (e && e.change !== null ? textWidth(signed(e.change, unit)) : 0))), 30) + 10;
  const x = scale(-most, most || 1, labels, width - labels, Math.max(2, Math.floor(width / 130)));
  svg.append(hatch(), axis(x, TOP, bottom, unit === "1" ? shared(context)("unit.points") : unitWord(unit, context.lang)));
  leaves.forEach((leaf, i) => {
    const top = TOP + i * ROW;
    const room = width - textWidth(leaf.range) - 12;
    svg.append(
      s("rect", { x: 0, y: top, width, height: 20, class: "plate" }),
      s("text", { x: 0, y: top + 15, class: "halo" }, cut(leaf.label, room)),
      s("text", { x: width, y: top + 15, "text-anchor": "end", class: "halo soft" }, leaf.range),
      ...branch(leaf.low, "low", leaf.assumed, top + 22, (v) => x(v * percent), unit),
      ...branch(leaf.high, "high", leaf.assumed, top + 40, (v) => x(v * percent), unit),
    );
  });
  return svg;
}

function branch(end: End | undefined, side: string, assumed: boolean, top: number, x: (v: number) => number, unit: string): SVGElement[] {
  if (!end || end.change === null) return [];
  const [a, b] = [x(0), x(end.change)].sort((p, q) => p - q) as [number, number];
  const out: SVGElement[] = [s("rect", { x: a, y: top, width: Math.max(b - a, 0.5), height: 14, class: `leaf ${side}${assumed ? " assumed" : ""}` })];
  let [left, right] = [a, b];
  if (end.low !== null && end.high !== null && end.high > end.low) {
    out.push(s("line", { x1: x(end.low), x2: x(end.high), y1: top + 7, y2: top + 7, class: "chance" }));
    left = Math.min(left, x(end.low));
    right = Math.max(right, x(end.high));
  }
  const positive = end.change >= 0;
  out.push(s("text", { x: positive ? right + 6 : left - 6, y: top + 12, "text-anchor": positive ? "start" : "end", class: `halo${end.sure ? "" : " soft"}` }, signed(end.change, unit)));
  return out;
}
