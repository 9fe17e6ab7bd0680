// One replicate of one architecture, as the server tells it, made ready for drawing.
import type { Banner, Vintage } from "../view";

export interface Way {
  id: string;
  name: string;
  kind: string;
  stage: boolean;
  nation?: string;
  t_s: number[];
  lon_deg: number[];
  lat_deg: number[];
  alt_km: number[];
}
export interface Track extends Omit<Way, "kind" | "stage"> {
  picture: string;
  track: number;
  sigma_km: number[];
  grade: [number, string][]; // from second, word
}
export interface Sensor {
  id: string;
  name: string;
  notional?: boolean;
  nation: string;
  kind: string;
  lon_deg: number;
  lat_deg: number;
  edge: [number, number][];
  edge_alt_km?: number;
  battery?: string | null; // whose radar it is
}
export interface Battery {
  id: string;
  name: string;
  notional?: boolean;
  nation: string;
  kind?: string;
  weapons?: Record<string, number>;
  lon_deg: number;
  lat_deg: number;
}
type Ring = [number, number][];
export interface Area {
  picture: string;
  track: number;
  t_s: number;
  until_s: number;
  end_t_s: number;
  centre: [number, number];
  p50?: Ring | null;
  p90?: Ring | null;
  p99?: Ring | null;
}
export interface PlaceState {
  code: string;
  ja: string;
  en: string;
  population: number;
  lon_deg: number;
  lat_deg: number;
  unit: string;
  body: string;
  hit: boolean;
  warned_t_s: number | null;
  updates?: number[];
  arrived_t_s: number | null;
  clear_t_s: number | null;
  lead_s: number | null;
}
export interface Shot {
  battery: string;
  weapon: string;
  body: string;
  p: number;
  t_fire_s: number;
  t_intercept_s: number;
  from: [number, number, number] | null;
  to: [number, number, number] | null;
  rounds: number;
  outcome: string;
}
export interface Alert {
  unit: string;
  codes: string[];
  from_s: number;
  until_s: number;
  cleared: boolean;
}
export interface Forecast {
  codes: string[];
  t_s: number[];
  p_hit: number[];
  p_over: number[];
}
export interface Happening {
  t_s: number;
  kind: string;
  subject: string;
  en: string;
  ja: string;
}
export interface Replay {
  banner: Banner;
  vintage: Vintage;
  epoch_utc: string;
  t_start_s: number;
  t_end_s: number;
  centre: [number, number];
  view: [number, number, number, number];
  title: string;
  architecture: string;
  replicate: number;
  replicates_kept: number;
  flights: Way[];
  satellites: Way[];
  sensors: Sensor[];
  batteries: Battery[];
  plots: { t_s: number[]; sensor: number[]; sensors: string[]; lon_deg: number[]; lat_deg: number[]; of: number };
  tracks: Track[];
  areas: Area[];
  forecasts: { unit: string; units: Record<string, Forecast> };
  alerts: Alert[];
  places: PlaceState[];
  shots: Shot[];
  events: Happening[];
  notes: string[];
  notes_ja?: string[];
  title_ja?: string;
}

/** Index of the last sample at or before t; -1 before the first. */
export function before(t_s: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = t_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t_s[middle]! <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Probability that a unit is hit by any track, as told at a moment; null before the first forecast. */
export function chanceAt(replay: Replay, unit: string, t: number): number | null {
  const found = replay.forecasts.units[unit];
  const i = found ? before(found.t_s, t) : -1;
  return i < 0 ? null : (found!.p_hit[i] ?? null);
}

/** The word that holds at a moment, of [from second, word] rows. */
export function wordAt(rows: readonly [number, string][], t: number): string {
  let word = "";
  for (const [from, next] of rows) {
    if (from > t) break;
    word = next;
  }
  return word;
}

/** Drawn in one of four ways. */
export type Family = "ballistic" | "glide" | "cruise" | "stage";
export function family(way: { kind: string; stage: boolean }): Family {
  if (way.stage || way.kind.includes("stage")) return "stage";
  if (way.kind.includes("glid")) return "glide";
  if (way.kind.includes("cruise")) return "cruise";
  return "ballistic";
}
