// A response curve: a figure against one key, with the interval at every setting.
import { s } from "../dom";
import { number } from "../format";
import type { Context } from "../view";
import { bare, estimate, unitWord, type Estimate } from "./amount";
import { axis, figure, mark, scale, sheet, textWidth, type Figure, type Scale } from "./chart";

export interface Step extends Estimate {
  setting: number | string | boolean;
  /** Value of the scenario as it is. */
  own?: boolean;
}

const HEIGHT = 260;
const TOP = 28;

export function curve(title: string, key: string, keyUnit: string, steps: readonly Step[], unit: string, context: Context): Figure {
  const label = `${title}. ${steps.map((e) => `${key} ${String(e.setting)}: ${estimate({ ...e, unit }, context)}`).join("; ")}`;
  return figure((width) => draw(key, keyUnit, steps, unit, width, label, context));
}

function draw(key: string, keyUnit: string, steps: readonly Step[], unit: string, width: number, label: string, context: Context): SVGSVGElement {
  const svg = sheet(width, HEIGHT + 62, label);
  const percent = unit === "1" ? 100 : 1;
  const ends = steps.flatMap((e) => [e.value, e.low, e.high]).filter((v): v is number => typeof v === "number" && Number.isFinite(v)).map((v) => v * percent);
  if (!ends.length) return svg;
  const y = scale(Math.min(...ends), Math.max(...ends), HEIGHT, TOP, 4);
  const words = y.ticks.map((v) => number(v, y.digits));
  const left = Math.max(...words.map((w) => textWidth(w))) + 14;
  y.ticks.forEach((v, i) => svg.append(s("line", { x1: left, x2: width - 8, y1: y(v), y2: y(v), class: v === 0 ? "zero" : "grid" }), s("text", { x: left - 8, y: y(v) + 5, "text-anchor": "end", class: "tick" }, words[i]!)));
  const numeric = steps.every((e) => typeof e.setting === "number");
  const x = numeric ? along(steps as readonly (Step & { setting: number })[], left, width) : null;
  const at = (e: Step, i: number) => (x ? x(e.setting as number) : left + ((i + 0.5) * (width - 8 - left)) / steps.length);
  if (x) svg.append(axis(x, TOP, HEIGHT, ""));
  else steps.forEach((e, i) => svg.append(s("text", { x: at(e, i), y: HEIGHT + 18, "text-anchor": "middle", class: "tick" }, String(e.setting))));
  svg.append(
    s("text", { x: width - 8, y: HEIGHT + 40, "text-anchor": "end", class: "soft" }, `${key}${keyUnit && keyUnit !== "1" ? `, ${keyUnit}` : ""}`),
    s("text", { x: 0, y: HEIGHT + 40, class: "soft" }, unit === "1" ? "%" : unitWord(unit, context.lang)),
  );
  const there = steps.map((e, i) => [e, at(e, i)] as const).filter(([e]) => typeof e.value === "number");
  if (numeric && there.length > 1) svg.append(s("path", { d: there.map(([e, px], i) => `${i ? "L" : "M"}${px} ${y(e.value! * percent)}`).join(""), class: "whisker series-0" }));
  for (const [e, px] of there) {
    if (typeof e.low === "number" && typeof e.high === "number") svg.append(s("line", { x1: px, x2: px, y1: y(e.low * percent), y2: y(e.high * percent), class: "whisker series-0" }));
    svg.append(mark(e.own ? 2 : 0, px, y(e.value! * percent)), s("text", { x: px, y: y((e.high ?? e.value!) * percent) - 8, "text-anchor": "middle", class: "halo" }, bare(e.value, unit)));
  }
  return svg;
}

function along(steps: readonly (Step & { setting: number })[], left: number, width: number): Scale {
  const settings = steps.map((e) => e.setting);
  return scale(Math.min(...settings), Math.max(...settings), left + 16, width - 30, Math.max(2, Math.floor(width / 110)));
}
