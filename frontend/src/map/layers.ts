// What moves on the map: each layer a plain function of pen, view and moment.
import { palette, type Palette } from "../theme";
import { EARTH_KM, type Zoom } from "./plane";
import type { Ground } from "./ground";
import type { Box, Label } from "./labels";
import { areasAt, head, statusOf, thinned, type Line, type Outlook, type Scene } from "./scene";
import type { Symbols } from "./symbols";

export type Pen = CanvasRenderingContext2D;
export interface Frame {
  c: Pen;
  scene: Scene;
  zoom: Zoom;
  t: number;
  width: number;
  height: number;
  chosen: string; // id of what is selected
}

const RECENT_S = 60;
const MANY = 40; // bodies: beyond it only the last minutes of their past are drawn
const PAST_S = 240;
const PLOTS_S = 20;
const SHOT_SHOWN_S = 30;
export const DASH: Record<Line["family"], number[]> = { ballistic: [], glide: [9, 4], cruise: [2, 4], stage: [1, 3], satellite: [], track: [] };

const px = (z: Zoom, x: number) => x * z.k + z.x;
const py = (z: Zoom, y: number) => y * z.k + z.y;

export function colour(p: Palette, kind: Line["family"]): string {
  return kind === "track" ? p.track : p[kind];
}

/** Places under alert and places reached; drawn on a sheet of its own, repainted only when one changes. */
export function status(c: Pen, ground: Ground, scene: Scene, zoom: Zoom, t: number): void {
  const p = palette();
  c.save();
  c.transform(zoom.k, 0, 0, zoom.k, zoom.x, zoom.y);
  for (const code of scene.byCode.keys()) {
    const found = statusOf(scene, code, t);
    const path = found === "calm" ? null : ground.place(code);
    if (!path) continue;
    c.globalAlpha = found === "arrived" ? 0.85 : 0.42;
    c.fillStyle = p.warned;
    c.fill(path);
    c.globalAlpha = 1;
    c.strokeStyle = found === "arrived" ? p.arrived : p.warned;
    c.lineWidth = (found === "arrived" ? 2 : 0.8) / zoom.k;
    c.stroke(path);
  }
  c.restore();
}

/** What each radar sees at one height: a footprint. */
export function coverage(c: Pen, scene: Scene, zoom: Zoom): void {
  const p = palette();
  for (const sensor of scene.replay.sensors) {
    if (!sensor.edge.length) continue;
    c.beginPath();
    sensor.edge.forEach(([lon, lat], i) => {
      const [x, y] = scene.plane.xy(lon, lat);
      if (i) c.lineTo(px(zoom, x), py(zoom, y));
      else c.moveTo(px(zoom, x), py(zoom, y));
    });
    c.globalAlpha = 0.07;
    c.fillStyle = p.radar;
    c.fill();
    c.globalAlpha = 0.55;
    c.strokeStyle = p.radar;
    c.lineWidth = 0.8;
    c.stroke();
    c.globalAlpha = 1;
  }
}

/** Where each track is predicted to end: 50, 90 and 99 %, and a dotted line from the track to it. */
export function areas(f: Frame): void {
  const { c, scene, zoom } = f;
  const p = palette();
  const all = areasAt(scene, f.t);
  const id = (a: Outlook) => `track/${a.track.id}`;
  const chosen = all.filter((a) => id(a) === f.chosen);
  const others = chosen.length ? all.filter((a) => id(a) !== f.chosen) : all;
  const styles = [["p50", 1.8, []], ["p90", 1, []], ["p99", 0.8, [3, 4]]] as const;
  c.strokeStyle = p.track;
  for (const [group, alpha] of [[others, chosen.length ? 0.25 : 1], [chosen, 1]] as const) {
    if (!group.length) continue;
    c.globalAlpha = alpha; // one that is chosen stands out from the rest
    for (const [key, width, dash] of styles) {
      if (key !== "p90" && group === others && group.length > MANY) continue; // three lines each would be a thicket
      c.beginPath();
      for (const a of group) rounded(c, a.rings[key], zoom, f.width, f.height);
      c.lineWidth = width;
      c.setLineDash([...dash]);
      c.stroke();
    }
    c.beginPath();
    for (const a of group) {
      const now = head(a.track, f.t);
      if (!now) continue;
      c.moveTo(px(zoom, now.x), py(zoom, now.y));
      c.lineTo(px(zoom, a.centre[0]), py(zoom, a.centre[1]));
    }
    c.setLineDash([1, 5]);
    c.lineWidth = 1.2;
    c.stroke();
  }
  c.setLineDash([]);
  c.globalAlpha = 0.08;
  c.fillStyle = p.track;
  c.beginPath();
  for (const a of chosen) rounded(c, a.rings.p90, zoom, f.width, f.height);
  c.fill();
  c.globalAlpha = 1;
}

/** A closed ring through the middles of its sides: the server sends few corners. */
function rounded(c: Pen, ring: Float32Array, zoom: Zoom, width: number, height: number): void {
  const n = ring.length / 2 - 1; // the last point is the first
  if (n < 3) return;
  let [left, right, up, down] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    const [x, y] = [px(zoom, ring[2 * i]!), py(zoom, ring[2 * i + 1]!)];
    left = Math.min(left, x); right = Math.max(right, x); up = Math.min(up, y); down = Math.max(down, y);
  }
  if (!(right > 0 && left < width && down > 0 && up < height)) return;
  const x = (i: number) => px(zoom, ring[2 * (i % n)]!);
  const y = (i: number) => py(zoom, ring[2 * (i % n) + 1]!);
  c.moveTo((x(0) + x(1)) / 2, (y(0) + y(1)) / 2);
  for (let i = 1; i <= n; i++) c.quadraticCurveTo(x(i), y(i), (x(i) + x(i + 1)) / 2, (y(i) + y(i + 1)) / 2);
  c.closePath();
}

/** Single looks of the last seconds. */
export function plots(f: Frame, xy: { x: Float32Array; y: Float32Array }): void {
  const { c, scene, zoom } = f;
  const t_s = scene.replay.plots.t_s;
  c.fillStyle = palette().radar;
  for (let i = 0; i < t_s.length; i++) {
    if (t_s[i]! > f.t) break;
    if (t_s[i]! < f.t - PLOTS_S) continue;
    const [x, y] = [px(zoom, xy.x[i]!), py(zoom, xy.y[i]!)];
    if (x > 0 && y > 0 && x < f.width && y < f.height) c.fillRect(x - 1.5, y - 1.5, 3, 3);
  }
}

const kept = new WeakMap<Line, { k: number; at: Int32Array }>();
function at(way: Line, k: number): Int32Array {
  const found = kept.get(way);
  if (found && found.k === k) return found.at;
  const made = { k, at: thinned(way, k) };
  kept.set(way, made);
  return made.at;
}

/** Place in a list of samples of the first one at or after a moment. */
function first(list: Int32Array, t: number[], from: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[list[middle]!]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

function trail(c: Pen, way: Line, zoom: Zoom, from: number, t: number): void {
  const now = head(way, Math.min(t, way.t.at(-1) ?? t));
  if (!now) return;
  let pen = false;
  const list = at(way, zoom.k);
  for (let n = first(list, way.t, from); n < list.length; n++) {
    const i = list[n]!;
    if (i > now.i) break;
    const [x, y] = [px(zoom, way.x[i]!), py(zoom, way.y[i]!)];
    if (pen) c.lineTo(x, y);
    else c.moveTo(x, y);
    pen = true;
  }
  if (pen) c.lineTo(px(zoom, now.x), py(zoom, now.y));
}

/** True ways: the past as a thin line, the last minute wide. */
export function flights(f: Frame): void {
  const { c, scene, zoom, t } = f;
  const p = palette();
  for (const kind of ["stage", "cruise", "glide", "ballistic"] as const) {
    const mine = scene.flights.filter((w) => w.family === kind && (w.t[0] ?? Infinity) <= t);
    if (!mine.length) continue;
    c.strokeStyle = colour(p, kind);
    c.setLineDash(DASH[kind]);
    c.lineWidth = kind === "stage" ? 0.8 : 1.2;
    c.globalAlpha = kind === "stage" ? 0.5 : 0.75;
    c.beginPath();
    const from = scene.flights.length > MANY ? t - PAST_S : -Infinity;
    for (const way of mine) if ((way.t.at(-1) ?? 0) >= from) trail(c, way, zoom, from, t);
    c.stroke();
    c.globalAlpha = 1;
    if (kind === "stage") continue;
    c.lineWidth = 3;
    c.beginPath();
    for (const way of mine) if ((way.t.at(-1) ?? 0) >= t) trail(c, way, zoom, t - RECENT_S, t);
    c.stroke();
  }
  c.setLineDash([]);
}

/** What the picture knows: thin pale line, and a circle as large as its stated error. */
export function tracks(f: Frame): void {
  const { c, scene, zoom, t } = f;
  c.strokeStyle = palette().track;
  c.lineWidth = 1;
  c.globalAlpha = 0.6;
  c.beginPath();
  for (const way of scene.tracks) if ((way.t.at(-1) ?? 0) >= t) trail(c, way, zoom, t - 120, t);
  c.stroke();
  c.globalAlpha = 1;
  c.lineWidth = 1.4;
  c.beginPath();
  for (const way of scene.tracks) {
    const now = head(way, t);
    if (!now) continue;
    const [x, y, r] = [px(zoom, now.x), py(zoom, now.y), Math.max(9, (now.sigma_km / EARTH_KM) * zoom.k)];
    if (x < -r || y < -r || x > f.width + r || y > f.height + r) continue;
    c.moveTo(x + r, y);
    c.arc(x, y, r, 0, 2 * Math.PI);
  }
  c.stroke();
}

/** Salvos on their way, then a star (hit) or a cross (miss) for half a minute. */
export function shots(f: Frame): void {
  const { c, scene, zoom, t } = f;
  const p = palette();
  c.strokeStyle = p.battery;
  for (const shot of scene.replay.shots) {
    if (!shot.to || t < shot.t_fire_s || t > shot.t_intercept_s + SHOT_SHOWN_S) continue;
    const [tx, ty] = scene.plane.xy(shot.to[0], shot.to[1]);
    const [x1, y1] = [px(zoom, tx), py(zoom, ty)];
    const done = t >= shot.t_intercept_s;
    if (shot.from && !done) {
      const [fx, fy] = scene.plane.xy(shot.from[0], shot.from[1]);
      const [x0, y0] = [px(zoom, fx), py(zoom, fy)];
      const part = (t - shot.t_fire_s) / Math.max(shot.t_intercept_s - shot.t_fire_s, 1);
      c.lineWidth = 1.6;
      c.beginPath();
      c.moveTo(x0, y0);
      c.lineTo(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part);
      c.stroke();
    }
    if (!done) continue;
    c.lineWidth = 2;
    c.beginPath();
    const arms = shot.outcome === "killed" ? 4 : 2;
    for (let a = 0; a < arms; a++) {
      const angle = (a * Math.PI) / arms + Math.PI / 4;
      c.moveTo(x1 - 8 * Math.cos(angle), y1 - 8 * Math.sin(angle));
      c.lineTo(x1 + 8 * Math.cos(angle), y1 + 8 * Math.sin(angle));
    }
    c.stroke();
  }
}

export interface Spot {
  id: string;
  x: number;
  y: number;
}

/** Sensors, batteries, satellites and heads; what they block and what they are called. */
export function marks(f: Frame, symbols: Symbols, names: (kind: "place" | "satellite" | "flight" | "track", given: string) => string, on: (layer: string) => boolean): { labels: Label[]; blocked: Box[]; spots: Spot[] } {
  const { c, scene, zoom, t } = f;
  const p = palette();
  const labels: Label[] = [];
  const blocked: Box[] = [];
  const spots: Spot[] = [];
  const put = (id: string, x: number, y: number, half: number, text: string, rank: number, tint?: string) => {
    if (!(x > -half && y > -half && x < f.width + half && y < f.height + half)) return;
    blocked.push([x - half, y - half, x + half, y + half]);
    spots.push({ id, x, y });
    if (text) labels.push({ id, x, y, text, rank: id === f.chosen ? 1000 : rank, ...(tint ? { colour: tint } : {}) });
  };
  if (on("satellites"))
    for (const way of scene.satellites) {
      const now = head(way, t);
      if (!now) continue;
      const [x, y] = [px(zoom, now.x), py(zoom, now.y)];
      c.strokeStyle = p.satellite;
      c.lineWidth = 1.6;
      c.strokeRect(x - 2.5, y - 2.5, 5, 5);
      c.beginPath();
      c.moveTo(x - 8, y); c.lineTo(x - 3, y); c.moveTo(x + 3, y); c.lineTo(x + 8, y);
      c.stroke();
      put(`satellite/${way.id}`, x, y, 8, names("satellite", way.name), 5, p.satellite);
    }
  if (on("sites")) {
    const places = [...scene.replay.sensors.filter((s) => !s.battery).map((s) => ["radar", s] as const), ...scene.replay.batteries.map((b) => ["battery", b] as const)];
    for (const [kind, site] of places) {
      const [bx, by] = scene.plane.xy(site.lon_deg, site.lat_deg);
      const [x, y] = [px(zoom, bx), py(zoom, by)];
      symbols.draw(c, kind, x, y);
      put(`${kind}/${site.id}`, x, y, 12, names("place", site.name), 40);
    }
  }
  if (on("tracks"))
    for (const way of scene.tracks) {
      const now = head(way, t);
      if (now) put(`track/${way.id}`, px(zoom, now.x), py(zoom, now.y), 9, names("track", way.name), 60);
    }
  if (on("flights"))
    for (const kind of ["cruise", "glide", "ballistic"] as const) {
      const tint = colour(p, kind);
      c.beginPath();
      for (const way of scene.flights) {
        const now = way.family === kind ? head(way, t) : null;
        if (!now) continue;
        const [x, y] = [px(zoom, now.x), py(zoom, now.y)];
        const back = head(way, Math.max(way.t[0]!, t - 5)) ?? now;
        arrow(c, x, y, Math.atan2(now.y - back.y, now.x - back.x));
        put(`flight/${way.id}`, x, y, 8, names("flight", way.name), 100, tint);
      }
      c.fillStyle = tint;
      c.strokeStyle = p.halo;
      c.lineWidth = 1.5;
      c.fill();
      c.stroke();
    }
  const mark = spots.find((spot) => spot.id === f.chosen);
  if (mark) {
    c.strokeStyle = p.ink;
    c.lineWidth = 1.5;
    c.strokeRect(mark.x - 14, mark.y - 14, 28, 28);
  }
  return { labels, blocked, spots };
}

/** An arrow head towards where something is going. */
function arrow(c: Pen, x: number, y: number, turn: number): void {
  const point = (r: number, a: number): [number, number] => [x + r * Math.cos(turn + a), y + r * Math.sin(turn + a)];
  c.moveTo(...point(9, 0));
  c.lineTo(...point(7, 2.5));
  c.lineTo(...point(3, Math.PI));
  c.lineTo(...point(7, -2.5));
  c.closePath();
}

/** A bar of round length: true at the centre of the map. */
export function scaleBar(c: Pen, zoom: Zoom, x: number, y: number, text: (km: number) => string): void {
  const p = palette();
  const per = EARTH_KM / zoom.k;
  const most = 120 * per;
  const ten = 10 ** Math.floor(Math.log10(most));
  const km = ([5, 2, 1].find((m) => m * ten <= most) ?? 1) * ten;
  c.strokeStyle = p.ink;
  c.lineWidth = 1.5;
  c.beginPath();
  c.moveTo(x, y - 5); c.lineTo(x, y); c.lineTo(x + km / per, y); c.lineTo(x + km / per, y - 5);
  c.stroke();
  c.lineWidth = 4;
  c.strokeStyle = p.halo;
  c.textAlign = "left";
  c.strokeText(text(km), x + 4, y - 6);
  c.fillStyle = p.ink;
  c.fillText(text(km), x + 4, y - 6);
}
