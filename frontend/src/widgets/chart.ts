// What all drawings share: a frame that draws anew for the width it has, scales, measured text.
import { h, s } from "../dom";
import { number } from "../format";
import { FONTS } from "../theme";

export interface Figure {
  box: HTMLElement;
  /** The drawing as it is now, for a download. */
  svg(): SVGSVGElement | null;
}

/** A drawing as wide as its place; `draw` must give the same height for the same content, so that nothing jumps. */
export function figure(draw: (width: number) => SVGSVGElement): Figure {
  const box = h("div", { class: "figure" });
  let now: SVGSVGElement | null = null;
  let width = 0;
  const observer = new ResizeObserver(() => {
    const wide = Math.floor(box.clientWidth);
    if (!wide || wide === width) return;
    width = wide;
    now = draw(wide);
    box.replaceChildren(now);
  });
  observer.observe(box);
  return { box, svg: () => now };
}

/** An empty drawing that a screen reader meets as one picture with a name. */
export function sheet(width: number, height: number, label: string): SVGSVGElement {
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "chart" });
}

const measure = document.createElement("canvas").getContext("2d")!;
/** Width of a text in pixels. */
export function textWidth(text: string, size = 14, weight = 400): number {
  measure.font = `${weight} ${size}px ${FONTS}`;
  return measure.measureText(text).width;
}

/** A text cut to a width, with an ellipsis. */
export function cut(text: string, width: number, size = 14): string {
  if (textWidth(text, size) <= width) return text;
  let n = text.length;
  while (n > 1 && textWidth(`${text.slice(0, n)}…`, size) > width) n--;
  return `${text.slice(0, n)}…`;
}

export interface Scale {
  (value: number): number;
  low: number;
  high: number;
  ticks: number[];
  digits: number;
}

/** A straight scale with round ticks; `about` is how many ticks are wished. */
export function scale(low: number, high: number, from: number, to: number, about = 4): Scale {
  if (!(high > low)) {
    const pad = Math.abs(low) * 0.1 || 1;
    [low, high] = [low - pad, low + pad];
  }
  const raw = (high - low) / Math.max(about, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((m) => m >= raw * 0.999) ?? 10 * power;
  const first = Math.floor(low / step + 1e-9) * step;
  const last = Math.ceil(high / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let v = first; v <= last + step / 2; v += step) ticks.push(Math.abs(v) < step / 1e6 ? 0 : v);
  const at = (value: number) => from + ((value - first) / (last - first)) * (to - from);
  const whole = step >= 1 && Number.isInteger(step);
  return Object.assign(at, { low: first, high: last, ticks, digits: whole ? 0 : Math.max(0, Math.ceil(-Math.log10(step) + (step / power === 2.5 ? 1 : 0))) });
}

/** Ticks, their lines and numbers along the bottom; `unit` stands at the end. */
export function axis(x: Scale, top: number, bottom: number, unit: string, mark: (v: number) => string = (v) => number(v, x.digits)): SVGGElement {
  const g = s("g", { class: "axis" });
  let lastEnd = -Infinity;
  const right = x(x.high);
  x.ticks.forEach((v, i) => {
    const at = x(v);
    g.append(s("line", { x1: at, x2: at, y1: top, y2: bottom, class: v === 0 ? "zero" : "grid" }));
    const text = mark(v);
    const half = textWidth(text, 14) / 2;
    const final = i === x.ticks.length - 1;
    if (at - half < lastEnd + 8 || (!final && at + half > right - textWidth(mark(x.high), 14) / 2 - 8)) return;
    g.append(s("text", { x: at, y: bottom + 17, "text-anchor": "middle", class: "tick" }, text));
    lastEnd = at + half;
  });
  if (unit) g.append(s("text", { x: right, y: bottom + 34, "text-anchor": "end", class: "tick" }, unit));
  return g;
}

const SHAPES = ["circle", "square", "diamond", "triangle", "cross"] as const;
/** A mark whose shape says which of several it is; never colour alone. */
export function mark(index: number, x: number, y: number, r = 5): SVGElement {
  const shape = SHAPES[index % SHAPES.length];
  const props = { class: `mark series-${index % 5}` };
  if (shape === "circle") return s("circle", { cx: x, cy: y, r, ...props });
  if (shape === "square") return s("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, ...props });
  if (shape === "diamond") return s("path", { d: `M${x} ${y - r - 1}L${x + r + 1} ${y}L${x} ${y + r + 1}L${x - r - 1} ${y}Z`, ...props });
  if (shape === "triangle") return s("path", { d: `M${x} ${y - r - 1}L${x + r + 1} ${y + r}L${x - r - 1} ${y + r}Z`, ...props });
  return s("path", { d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`, ...props, "stroke-width": 3 });
}
