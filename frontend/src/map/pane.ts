// One map: a canvas, its sheets, its layers. Several panes share one zoom and one clock.
import { FONTS, palette } from "../theme";
import { paint, type Ground } from "./ground";
import { Labels } from "./labels";
import * as layers from "./layers";
import { MAX_K, MIN_K, type Zoom } from "./plane";
import { epochOf, type Scene } from "./scene";
import type { Symbols } from "./symbols";

export interface Settings {
  on(layer: string): boolean;
  name(kind: "place" | "satellite" | "flight" | "track", given: string): string;
  scale(km: number): string;
  chosen: string;
  places: { code: string; x: number; y: number; name: string; population: number; first: boolean }[];
}

interface Sheet {
  image: HTMLCanvasElement;
  zoom: Zoom;
  key: string;
}

export class Pane {
  readonly canvas = document.createElement("canvas");
  hidden = 0; // names left out in the last drawing
  spots: layers.Spot[] = [];
  private base: Sheet | null = null;
  private coverage: Sheet | null = null;
  private places: Sheet | null = null;
  private names = new Labels();
  private plotted: { of: Scene; x: Float32Array; y: Float32Array } | null = null;
  width = 0;
  height = 0;
  private ratio = 1;
  private over: [number, number, number, number][] = [];

  constructor(private readonly symbols: Symbols, private readonly settings: Settings, private readonly scene: Scene) {
    this.canvas.className = "map-canvas";
    this.canvas.setAttribute("role", "img");
  }

  /** Take the size of the box; true when it changed. */
  measure(): boolean {
    const box = this.canvas.getBoundingClientRect();
    this.over = this.furniture();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [w, h] = [Math.round(box.width), Math.round(box.height)];
    if (w === this.width && h === this.height && ratio === this.ratio) return false;
    [this.width, this.height, this.ratio] = [w, h, ratio];
    this.canvas.width = w * ratio;
    this.canvas.height = h * ratio;
    this.base = this.coverage = this.places = null;
    return true;
  }

  /** Forget the painted sheets: after a change of ground, theme or layers. */
  stale(): void {
    this.base = this.coverage = this.places = null;
  }

  private sheet(old: Sheet | null, zoom: Zoom, key: string, moving: boolean, make: (c: CanvasRenderingContext2D) => void): Sheet {
    if (old && old.key === key && (moving || same(old.zoom, zoom))) return old;
    const image = old?.image ?? document.createElement("canvas");
    image.width = this.canvas.width; // also clears
    image.height = this.canvas.height;
    const c = image.getContext("2d")!;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    make(c);
    return { image, zoom: { ...zoom }, key };
  }

  private copy(c: CanvasRenderingContext2D, sheet: Sheet, zoom: Zoom): void {
    const s = zoom.k / sheet.zoom.k;
    c.drawImage(sheet.image, zoom.x - s * sheet.zoom.x, zoom.y - s * sheet.zoom.y, this.width * s, this.height * s);
  }

  /** Draw the moment. While a gesture lasts (`moving`) the sheets are stretched instead of painted anew. */
  draw(ground: Ground, zoom: Zoom, t: number, moving: boolean): void {
    const c = this.canvas.getContext("2d", { alpha: false })!;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (!this.base || (!moving && !same(this.base.zoom, zoom)))
      this.base = { image: paint(ground, zoom, this.width, this.height, this.ratio), zoom: { ...zoom }, key: "" };
    c.fillStyle = palette().ground;
    c.fillRect(0, 0, this.width, this.height);
    this.copy(c, this.base, zoom);
    const { scene } = this;
    const s = this.settings;
    if (s.on("coverage")) this.copy(c, (this.coverage = this.sheet(this.coverage, zoom, "", moving, (pen) => layers.coverage(pen, scene, zoom))), zoom);
    if (s.on("alerts"))
      this.copy(c, (this.places = this.sheet(this.places, zoom, String(epochOf(scene, t)), moving, (pen) => layers.status(pen, ground, scene, zoom, t))), zoom);
    const frame: layers.Frame = { c, scene, zoom, t, width: this.width, height: this.height, chosen: s.chosen };
    if (s.on("areas")) layers.areas(frame);
    if (s.on("plots")) layers.plots(frame, this.plots(scene));
    if (s.on("flights")) layers.flights(frame);
    if (s.on("tracks")) layers.tracks(frame);
    if (s.on("shots")) layers.shots(frame);
    const { labels, blocked, spots } = layers.marks(frame, this.symbols, s.name, s.on);
    this.chosenPlace(c, ground, zoom);
    this.spots = spots;
    if (s.on("labels")) {
      for (const place of s.places) {
        const [x, y] = [place.x * zoom.k + zoom.x, place.y * zoom.k + zoom.y];
        if (x < 0 || y < 0 || x > this.width || y > this.height) continue;
        if (!place.first && zoom.k < 7000 && `place/${place.code}` !== s.chosen) continue;
        labels.push({ id: `place/${place.code}`, x, y, text: place.name, rank: `place/${place.code}` === s.chosen ? 999 : Math.min(place.population / 1e5, 30), colour: palette().quiet });
      }
      this.hidden = this.names.place(c, labels, [...blocked, ...this.over], this.width, this.height, this.ratio);
    } else this.hidden = 0;
    c.font = `14px ${FONTS}`;
    layers.scaleBar(c, zoom, 14, this.height - 12, s.scale);
  }

  /** What lies over the canvas: title, buttons, small map, scale bar. */
  private furniture(): [number, number, number, number][] {
    const home = this.canvas.getBoundingClientRect();
    const over = [...(this.canvas.parentElement?.querySelectorAll("figcaption, .map-zoom, .map-inset") ?? [])].map((e): [number, number, number, number] => {
      const box = e.getBoundingClientRect();
      return [box.left - home.left, box.top - home.top, box.right - home.left, box.bottom - home.top];
    });
    return [...over, [8, home.height - 34, 150, home.height]];
  }

  private chosenPlace(c: CanvasRenderingContext2D, ground: Ground, zoom: Zoom): void {
    const [kind, code = ""] = this.settings.chosen.split("/");
    const path = kind === "place" ? ground.place(code) : null;
    if (!path) return;
    c.save();
    c.transform(zoom.k, 0, 0, zoom.k, zoom.x, zoom.y);
    c.strokeStyle = palette().ink;
    c.lineWidth = 2.5 / zoom.k;
    c.stroke(path);
    c.restore();
  }

  private plots(scene: Scene): { of: Scene; x: Float32Array; y: Float32Array } {
    if (this.plotted?.of === scene) return this.plotted;
    const { lon_deg, lat_deg } = scene.replay.plots;
    const x = new Float32Array(lon_deg.length);
    const y = new Float32Array(lon_deg.length);
    for (let i = 0; i < lon_deg.length; i++) [x[i], y[i]] = scene.plane.xy(lon_deg[i]!, lat_deg[i]!) as [number, number];
    return (this.plotted = { of: scene, x, y });
  }
}

const same = (a: Zoom, b: Zoom) => a.k === b.k && a.x === b.x && a.y === b.y;

export interface Deeds {
  zoom(): Zoom;
  change(zoom: Zoom): void;
  done(): void;
  click(x: number, y: number): void;
}

/** Wheel, drag, pinch: change the shared zoom; `done` after the gesture. */
export function gestures(canvas: HTMLCanvasElement, { zoom, change, done, click }: Deeds): void {
  const fingers = new Map<number, [number, number]>();
  let moved = 0;
  let timer = 0;
  const later = () => { clearTimeout(timer); timer = window.setTimeout(done, 160); };
  const place = (event: MouseEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const [x, y] = place(event);
    change(zoomed(zoom(), Math.exp(-event.deltaY * 0.0015), x, y));
    later();
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const now = place(event);
    const z = zoom();
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const ratio = Math.hypot(now[0] - other[0], now[1] - other[1]) / Math.max(Math.hypot(last[0] - other[0], last[1] - other[1]), 1);
      change(zoomed(z, ratio, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2));
    } else change({ k: z.k, x: z.x + now[0] - last[0], y: z.y + now[1] - last[1] });
    moved += Math.abs(now[0] - last[0]) + Math.abs(now[1] - last[1]);
    fingers.set(event.pointerId, now);
  });
  const up = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && moved < 5) click(...place(event));
    else later();
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
}

/** Zoom by a factor, keeping a point of the screen where it is. */
export function zoomed(z: Zoom, factor: number, x: number, y: number): Zoom {
  const k = Math.min(Math.max(z.k * factor, MIN_K), MAX_K);
  const f = k / z.k;
  return { k, x: x - f * (x - z.x), y: y - f * (y - z.y) };
}
