// Parts of a whole, one bar for each row: texture and words beside colour.
import { h, s } from "../dom";
import { number } from "../format";
import type { Context } from "../view";
import { cut, figure, sheet, textWidth, type Figure } from "./chart";

export interface Whole {
  label: string;
  /** One value for each part, in the order of the names. */
  parts: readonly number[];
  chosen?: boolean;
}

const ROW = 48;

export function shares(title: string, names: readonly string[], wholes: readonly Whole[], unit: string, _context: Context): Figure {
  const words = (w: Whole) => {
    const sum = w.parts.reduce((a, b) => a + b, 0);
    return `${w.label}: ${w.parts.map((v, i) => `${names[i]} ${sum ? number((100 * v) / sum, 1) : "–"} %`).join(", ")}`;
  };
  return figure((width) => draw(names, wholes, unit, width, `${title}. ${wholes.map(words).join("; ")}`));
}

export function sharesLegend(names: readonly string[]): HTMLElement {
  return h("p", { class: "legend" }, ...names.map((name, i) => {
    const svg = s("svg", { width: 26, height: 14, "aria-hidden": "true", class: "chart" });
    svg.append(textures(), s("rect", { x: 1, y: 1, width: 24, height: 12, class: `share share-${i}` }));
    return h("span", {}, svg, name);
  }));
}

function textures(): SVGElement {
  const lines = (i: number, turn: number) =>
    s("pattern", { id: `share-${i}`, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` },
      s("rect", { width: 7, height: 7, class: "share-back" }), s("line", { x1: 0, x2: 0, y1: 0, y2: 7, class: `share-line-${i}` }));
  return s("defs", {}, lines(1, 45));
}

function draw(names: readonly string[], wholes: readonly Whole[], unit: string, width: number, label: string): SVGSVGElement {
  const svg = sheet(width, wholes.length * ROW + 2, label);
  svg.append(textures());
  wholes.forEach((w, i) => {
    const y = i * ROW;
    const sum = w.parts.reduce((a, b) => a + b, 0);
    const text = sum ? `${number((100 * w.parts[0]!) / sum, 1)} % ${names[0]} · ${number(Number(sum.toPrecision(4)))} ${unit}` : "–";
    const plain = textWidth(text, 14, 600) + textWidth(w.label) + 20 > width && sum ? `${number((100 * w.parts[0]!) / sum, 1)} %` : text;
    svg.append(
      s("text", { x: 0, y: y + 15, class: w.chosen ? "strong" : "" }, cut(w.label, width - textWidth(plain, 14, 600) - 12)),
      s("text", { x: width, y: y + 15, "text-anchor": "end", class: "strong" }, plain),
    );
    let x = 0;
    w.parts.forEach((v, k) => {
      const wide = sum ? (v / sum) * width : 0;
      if (wide > 0) svg.append(s("rect", { x, y: y + 21, width: Math.max(wide, 0.5), height: 16, class: `share share-${k}` }));
      x += wide;
    });
    svg.append(s("rect", { x: 0.5, y: y + 21, width: width - 1, height: 16, class: "share-frame" }));
  });
  return svg;
}
