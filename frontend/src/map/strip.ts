// Altitude beside the map: from above a ballistic way is a straight line. Across: time; up: altitude; same clock.
import { number } from "../format";
import { FONTS, palette } from "../theme";
import { colour, DASH } from "./layers";
import { head, type Scene } from "./scene";

const LEFT = 56;
const RIGHT = 12;
const BOTTOM = 22;

/** Largest round step that gives at least three lines. */
function step(span: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(span, 1) / 3));
  return ([5, 2, 1].find((m) => m * ten <= span / 3) ?? 1) * ten;
}

export class Strip {
  readonly canvas = document.createElement("canvas");
  private sheet: { image: HTMLCanvasElement; scene: Scene; width: number; height: number; theme: string } | null = null;

  private width = 0;
  private height = 0;
  private top: { of: Scene | null; km: number } = { of: null, km: 50 };

  constructor(private readonly words: { altitude: string; time: string }) {
    this.canvas.className = "strip-canvas";
    this.canvas.setAttribute("role", "img");
  }

  /** Take the size of the box; asked for after a change, since asking makes the browser lay out the page. */
  measure(): void {
    const box = this.canvas.getBoundingClientRect();
    [this.width, this.height] = [Math.round(box.width), Math.round(box.height)];
  }

  /** Moment under a place across. */
  time(scene: Scene, x: number): number {
    const { t_start_s, t_end_s } = scene.replay;
    return t_start_s + ((x - LEFT) / (this.width - LEFT - RIGHT)) * (t_end_s - t_start_s);
  }

  draw(scene: Scene, t: number, chosen: string): void {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [w, h] = [this.width, this.height];
    if (w < 40 || h < 30) return;
    if (this.canvas.width !== w * ratio || this.canvas.height !== h * ratio) [this.canvas.width, this.canvas.height] = [w * ratio, h * ratio];
    const { t_start_s, t_end_s } = scene.replay;
    if (this.top.of !== scene) this.top = { of: scene, km: Math.max(50, ...scene.flights.map((f) => (f.family === "stage" ? 0 : Math.max(...f.alt_km)))) * 1.08 };
    const top = this.top.km;
    const x = (s: number) => LEFT + ((s - t_start_s) / (t_end_s - t_start_s)) * (w - LEFT - RIGHT);
    const y = (km: number) => h - BOTTOM - (km / top) * (h - BOTTOM - 8);
    const theme = palette().ground;
    if (!this.sheet || this.sheet.scene !== scene || this.sheet.width !== w || this.sheet.height !== h || this.sheet.theme !== theme)
      this.sheet = { image: this.paint(scene, w, h, ratio, top, x, y), scene, width: w, height: h, theme };
    const c = this.canvas.getContext("2d", { alpha: false })!;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.drawImage(this.sheet.image, 0, 0, w, h);
    const p = palette();
    c.strokeStyle = p.ink;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(x(t), 4);
    c.lineTo(x(t), h - BOTTOM);
    c.stroke();
    c.strokeStyle = p.halo;
    for (const kind of ["cruise", "glide", "ballistic"] as const) {
      c.beginPath();
      for (const way of scene.flights) {
        const now = way.family === kind ? head(way, t) : null;
        if (!now) continue;
        const r = `flight/${way.id}` === chosen ? 6 : 4;
        c.moveTo(x(t) + r, y(now.alt_km));
        c.arc(x(t), y(now.alt_km), r, 0, 2 * Math.PI);
      }
      c.fillStyle = colour(p, kind);
      c.fill();
      c.stroke();
    }
  }

  private paint(scene: Scene, w: number, h: number, ratio: number, top: number, x: (s: number) => number, y: (km: number) => number): HTMLCanvasElement {
    const image = document.createElement("canvas");
    [image.width, image.height] = [w * ratio, h * ratio];
    const c = image.getContext("2d", { alpha: false })!;
    const p = palette();
    c.scale(ratio, ratio);
    c.fillStyle = p.panel;
    c.fillRect(0, 0, w, h);
    c.font = `14px ${FONTS}`;
    c.fillStyle = p.quiet;
    c.strokeStyle = p.line;
    c.lineWidth = 0.8;
    c.beginPath();
    c.textAlign = "right";
    for (let km = 0, gap = step(top); km <= top; km += gap) {
      c.moveTo(LEFT, y(km));
      c.lineTo(w - 12, y(km));
      c.fillText(number(km), LEFT - 6, y(km) + 5);
    }
    c.textAlign = "center";
    const gap_s = [60, 300, 600, 1800, 3600].find((g) => x(scene.replay.t_start_s + g) - LEFT > 52) ?? 7200;
    for (let s = Math.ceil(scene.replay.t_start_s / gap_s) * gap_s; x(s) <= w - 50; s += gap_s) c.fillText(number(s), x(s), h - 5);
    c.stroke();
    c.textAlign = "right";
    c.fillText(this.words.time, w - 12, h - 5);
    c.textAlign = "left";
    c.fillText(this.words.altitude, LEFT + 6, 19);
    c.lineWidth = 1.3;
    for (const kind of ["stage", "cruise", "glide", "ballistic"] as const) {
      c.strokeStyle = colour(p, kind);
      c.setLineDash(DASH[kind]);
      c.globalAlpha = kind === "stage" ? 0.4 : 0.9;
      c.beginPath();
      for (const way of scene.flights) {
        if (way.family !== kind) continue;
        let last = -Infinity;
        way.t.forEach((s, i) => {
          if (x(s) - last < 0.8 && i !== way.t.length - 1) return;
          if (i) c.lineTo(x(s), y(way.alt_km[i]!));
          else c.moveTo(x(s), y(way.alt_km[i]!));
          last = x(s);
        });
      }
      c.stroke();
    }
    return image;
  }
}
