// A replay laid on a plane: every way projected once, statuses of places by code, moments at which they change.
import type { Plane } from "./plane";
import { before, family, type Alert, type Area, type Family, type PlaceState, type Replay } from "./replay";

export interface Line {
  id: string;
  name: string;
  family: Family | "satellite" | "track";
  t: number[];
  x: Float32Array; // plane coordinates; NaN where hidden
  y: Float32Array;
  alt_km: number[];
  sigma_km?: number[];
  grade?: [number, string][];
  number?: number; // of a track
}
export type Status = "calm" | "warned" | "arrived";

export interface Scene {
  plane: Plane;
  replay: Replay;
  flights: Line[];
  tracks: Line[];
  satellites: Line[];
  byCode: Map<string, { alerts: Alert[]; arrivals: PlaceState[] }>;
  changes: number[];
  areas: { track: Line; from: number[]; list: Outlook[] }[];
}

/** A predicted area on the plane. */
export interface Outlook {
  area: Area;
  track: Line;
  centre: [number, number];
  rings: { p50: Float32Array; p90: Float32Array; p99: Float32Array };
}

interface Series {
  id: string;
  name: string;
  t_s: number[];
  lon_deg: number[];
  lat_deg: number[];
  alt_km: number[];
}

function line(plane: Plane, way: Series, kind: Line["family"]): Line {
  const n = way.t_s.length;
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  for (let i = 0; i < n; i++) [x[i], y[i]] = plane.xy(way.lon_deg[i]!, way.lat_deg[i]!) as [number, number];
  return { id: way.id, name: way.name, family: kind, t: way.t_s, x, y, alt_km: way.alt_km };
}

export function scene(plane: Plane, replay: Replay): Scene {
  const byCode: Scene["byCode"] = new Map();
  const of = (code: string) => {
    let found = byCode.get(code);
    if (!found) byCode.set(code, (found = { alerts: [], arrivals: [] }));
    return found;
  };
  for (const alert of replay.alerts) for (const code of alert.codes) of(code).alerts.push(alert);
  for (const place of replay.places) of(place.code).arrivals.push(place);
  const changes = new Set<number>();
  for (const alert of replay.alerts) changes.add(alert.from_s).add(alert.until_s);
  for (const place of replay.places) if (place.hit && place.arrived_t_s !== null) changes.add(place.arrived_t_s);
  const tracks = replay.tracks.map((w) => ({ ...line(plane, w, "track"), sigma_km: w.sigma_km, grade: w.grade, number: w.track }));
  const groups = new Map<string, Area[]>();
  for (const area of replay.areas) {
    const key = `${area.picture}/${area.track}`;
    const group = groups.get(key);
    if (group) group.push(area);
    else groups.set(key, [area]);
  }
  return {
    plane, replay, byCode, tracks,
    areas: replay.tracks.flatMap((w, i) => {
      const list = (groups.get(`${w.picture}/${w.track}`) ?? []).sort((a, b) => a.t_s - b.t_s);
      return list.length ? [{ track: tracks[i]!, from: list.map((a) => a.t_s), list: list.map((area) => outlook(plane, area, tracks[i]!)) }] : [];
    }),
    flights: replay.flights.map((w) => line(plane, w, family(w))),
    satellites: replay.satellites.map((w) => line(plane, w, "satellite")),
    changes: [...changes].sort((a, b) => a - b),
  };
}

function outlook(plane: Plane, area: Area, track: Line): Outlook {
  const kept: Partial<Outlook["rings"]> = {};
  // Projected when first drawn: most areas of a replay are never looked at.
  const ring = (key: "p50" | "p90" | "p99"): Float32Array => {
    let found = kept[key];
    if (!found) kept[key] = found = Float32Array.from((area[key] ?? []).flatMap(([lon, lat]) => plane.xy(lon, lat)));
    return found;
  };
  return {
    area, track, centre: plane.xy(area.centre[0], area.centre[1]),
    rings: { get p50() { return ring("p50"); }, get p90() { return ring("p90"); }, get p99() { return ring("p99"); } },
  };
}

/** Predicted areas of a moment: of each track that is held, the newest one. */
export function areasAt(s: Scene, t: number): Outlook[] {
  const found: Outlook[] = [];
  for (const { track, from, list } of s.areas) {
    if (t < track.t[0]! || t > track.t.at(-1)!) continue;
    const newest = list[before(from, t)];
    if (newest && t < newest.area.until_s) found.push(newest);
  }
  return found;
}

/** Calm, under alert, or reached by what was coming. */
export function statusOf(s: Scene, code: string, t: number): Status {
  const found = s.byCode.get(code);
  if (!found) return "calm";
  if (found.arrivals.some((a) => a.hit && a.arrived_t_s !== null && a.arrived_t_s <= t)) return "arrived";
  return found.alerts.some((a) => a.from_s <= t && t < a.until_s) ? "warned" : "calm";
}

/** How many states there have been: the same number means the same picture of places. */
export function epochOf(s: Scene, t: number): number {
  return before(s.changes, t);
}

export interface Head {
  x: number;
  y: number;
  alt_km: number;
  i: number;
  sigma_km: number;
}

/** Where something is, between its samples; null before the first and after the last. */
export function head(way: Line, t: number): Head | null {
  const n = way.t.length;
  if (!n || t < way.t[0]! || t > way.t[n - 1]!) return null;
  const i = Math.min(before(way.t, t), n - 1);
  const j = Math.min(i + 1, n - 1);
  const f = j > i ? (t - way.t[i]!) / (way.t[j]! - way.t[i]!) : 0;
  const mix = (a: ArrayLike<number>) => a[i]! + (a[j]! - a[i]!) * f;
  return { x: mix(way.x), y: mix(way.y), alt_km: mix(way.alt_km), i, sigma_km: way.sigma_km ? mix(way.sigma_km) : 0 };
}

/** Samples that are at least a pixel apart at this scale, so that a line is not drawn many times over itself. */
export function thinned(way: Line, k: number): Int32Array {
  const gap = (1.2 / k) ** 2;
  const kept: number[] = [];
  let [px, py] = [Infinity, Infinity];
  for (let i = 0; i < way.t.length; i++) {
    const [x, y] = [way.x[i]!, way.y[i]!];
    if ((x - px) ** 2 + (y - py) ** 2 < gap) continue;
    kept.push(i);
    [px, py] = [x, y];
  }
  return Int32Array.from(kept);
}
