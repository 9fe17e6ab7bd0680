// A small interval inside a table's cell: where a difference lies, and whether zero is inside.
import { s } from "../dom";
import type { Estimate } from "./amount";

export function spark(e: Estimate, width = 120): SVGSVGElement {
  const svg = s("svg", { width, height: 18, viewBox: `0 0 ${width} 18`, "aria-hidden": "true", class: "chart spark" });
  const ends = [e.low, e.high, e.value].filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  const most = Math.max(...ends.map(Math.abs), 0);
  const x = (v: number) => width / 2 + (most ? v / most : 0) * (width / 2 - 6);
  svg.append(s("line", { x1: width / 2, x2: width / 2, y1: 1, y2: 17, class: "zero" }));
  if (typeof e.low === "number" && typeof e.high === "number") svg.append(s("line", { x1: x(e.low), x2: x(e.high), y1: 9, y2: 9, class: "whisker series-0" }));
  if (typeof e.value === "number") svg.append(s("circle", { cx: x(e.value), cy: 9, r: 4, class: "mark series-0" }));
  return svg;
}
