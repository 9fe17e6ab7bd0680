// Legend and switches in one: what is drawn, what it looks like, and whether it is on.
import { h, s } from "../dom";
import type { Say } from "../words";
import { DASH } from "./layers";
import type { Scene } from "./scene";
import type { Symbols } from "./symbols";

export const LAYERS = ["flights", "tracks", "areas", "alerts", "shots", "sites", "coverage", "plots", "satellites", "labels"] as const;

function sample(kind: string, symbols: Symbols): Element {
  const box = (...parts: Element[]) => s("svg", { width: 34, height: 20, viewBox: "0 0 34 20", "aria-hidden": "true" }, ...parts);
  const line = (colour: string, dash: number[], width = 2.5) => s("line", { x1: 1, y1: 10, x2: 33, y2: 10, stroke: `var(--${colour})`, "stroke-width": width, "stroke-dasharray": dash.join(" ") });
  switch (kind) {
    case "ballistic": case "glide": case "cruise": case "stage":
      return box(line(kind, DASH[kind], kind === "stage" ? 1 : 2.5));
    case "tracks":
      return box(s("circle", { cx: 17, cy: 10, r: 8, fill: "none", stroke: "var(--track)", "stroke-width": 1.4 }), line("track", [], 1));
    case "areas":
      return box(s("ellipse", { cx: 17, cy: 10, rx: 16, ry: 9, fill: "none", stroke: "var(--track)", "stroke-dasharray": "3 4" }), s("ellipse", { cx: 17, cy: 10, rx: 11, ry: 6, fill: "none", stroke: "var(--track)" }), s("ellipse", { cx: 17, cy: 10, rx: 6, ry: 3, fill: "none", stroke: "var(--track)", "stroke-width": 1.8 }));
    case "warned": return box(s("rect", { x: 4, y: 3, width: 26, height: 14, fill: "var(--warned)", "fill-opacity": 0.42, stroke: "var(--warned)" }));
    case "arrived": return box(s("rect", { x: 4, y: 3, width: 26, height: 14, fill: "var(--warned)", "fill-opacity": 0.85, stroke: "var(--arrived)", "stroke-width": 2 }));
    case "shots": return box(s("path", { d: "M2 10 H16", stroke: "var(--battery)", "stroke-width": 1.6 }), s("path", { d: "M25 2 V18 M17 10 H33 M19 4 L31 16 M19 16 L31 4", stroke: "var(--battery)", "stroke-width": 1.6 }));
    case "missed": return box(s("path", { d: "M12 5 L22 15 M12 15 L22 5", stroke: "var(--battery)", "stroke-width": 2 }));
    case "coverage": return box(s("rect", { x: 4, y: 3, width: 26, height: 14, fill: "var(--radar)", "fill-opacity": 0.1, stroke: "var(--radar)" }));
    case "plots": return box(...[6, 14, 20, 27].map((x, i) => s("rect", { x, y: [8, 11, 6, 9][i]!, width: 3, height: 3, fill: "var(--radar)" })));
    case "satellites": return box(s("rect", { x: 14.5, y: 7.5, width: 5, height: 5, fill: "none", stroke: "var(--satellite)", "stroke-width": 1.6 }), s("path", { d: "M7 10 H13 M21 10 H27", stroke: "var(--satellite)", "stroke-width": 1.6 }));
    case "radar": case "battery": return h("img", { src: symbols.url(kind), alt: "", width: 30, height: 24 });
    default: return box(s("text", { x: 17, y: 15, "text-anchor": "middle", fill: "var(--ink)", "font-size": 14 }, "Aa"));
  }
}

/** Rows only for what the replay holds. */
export function legend(scene: Scene, symbols: Symbols, say: Say, on: (layer: string) => boolean, flip: (layer: string) => void): HTMLElement {
  const families = [...new Set(scene.flights.map((f) => f.family as string))];
  const r = scene.replay;
  const rows: Record<(typeof LAYERS)[number], [string[], boolean]> = {
    flights: [families, families.length > 0],
    tracks: [["tracks"], r.tracks.length > 0],
    areas: [["areas"], r.areas.length > 0],
    alerts: [["warned", "arrived"], r.alerts.length > 0],
    shots: [["shots", "missed"], r.shots.length > 0],
    sites: [[...(r.sensors.length ? ["radar"] : []), ...(r.batteries.length ? ["battery"] : [])], r.sensors.length + r.batteries.length > 0],
    coverage: [["coverage"], r.sensors.some((x) => x.edge.length > 0)],
    plots: [["plots"], r.plots.t_s.length > 0],
    satellites: [["satellites"], r.satellites.length > 0],
    labels: [["labels"], true],
  };
  const height = r.sensors.find((x) => x.edge_alt_km)?.edge_alt_km ?? 50;
  return h("ul", { class: "legend" }, ...LAYERS.map((layer) => {
    const [kinds, there] = rows[layer];
    const box = h("input", { type: "checkbox", checked: there && on(layer), disabled: !there, onchange: () => flip(layer) });
    return h("li", { class: there ? "" : "quiet" }, h("label", {}, box, h("span", {}, say(`layer.${layer}`)), there ? null : h("small", {}, ` ${say("layer.none")}`)),
      there ? h("div", { class: "samples" }, ...kinds.map((kind) => h("span", { class: "sample" }, sample(kind, symbols), h("span", {}, say(`key.${kind}`, { km: height }))))) : null);
  }));
}
