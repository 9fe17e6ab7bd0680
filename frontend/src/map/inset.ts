// A small map of the whole flight, with a frame around what the large map shows.
import { palette } from "../theme";
import { paint, type Ground } from "./ground";
import { colour } from "./layers";
import { fit, type Zoom } from "./plane";
import { head, type Scene } from "./scene";

export class Inset {
  readonly canvas = document.createElement("canvas");
  private sheet: { image: HTMLCanvasElement; ground: Ground; scene: Scene; zoom: Zoom; theme: string } | null = null;

  private size = { width: 0, height: 0 };

  measure(): void {
    this.size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  constructor() {
    this.canvas.className = "map-inset";
    this.canvas.setAttribute("aria-hidden", "true");
  }

  draw(ground: Ground, scene: Scene, view: Zoom, width: number, height: number, t: number): void {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const { width: w, height: h } = this.size;
    if (!w || !h) return;
    if (this.canvas.width !== w * ratio || this.canvas.height !== h * ratio) [this.canvas.width, this.canvas.height, this.sheet] = [w * ratio, h * ratio, null];
    const theme = palette().ground;
    if (!this.sheet || this.sheet.ground !== ground || this.sheet.scene !== scene || this.sheet.theme !== theme) {
      const points = scene.flights.filter((f) => f.family !== "stage").flatMap((f) => [...f.x].map((x, i): [number, number] => [x, f.y[i]!]));
      const zoom = fit(points, w, h, 14);
      const image = paint(ground, zoom, w, h, ratio);
      const c = image.getContext("2d")!;
      c.setTransform(ratio, 0, 0, ratio, 0, 0);
      c.lineWidth = 1;
      for (const way of scene.flights) {
        if (way.family === "stage") continue;
        c.strokeStyle = colour(palette(), way.family);
        c.beginPath();
        for (let i = 0; i < way.t.length; i += 5) c.lineTo(way.x[i]! * zoom.k + zoom.x, way.y[i]! * zoom.k + zoom.y);
        c.stroke();
      }
      this.sheet = { image, ground, scene, zoom, theme };
    }
    const c = this.canvas.getContext("2d", { alpha: false })!;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.drawImage(this.sheet.image, 0, 0, w, h);
    const z = this.sheet.zoom;
    const to = (x: number, from: "x" | "y") => ((x - view[from]) / view.k) * z.k + z[from];
    c.strokeStyle = palette().ink;
    c.lineWidth = 1;
    const [frame_w, frame_h] = [(width / view.k) * z.k, (height / view.k) * z.k];
    if (frame_w < w && frame_h < h) c.strokeRect(to(0, "x"), to(0, "y"), frame_w, frame_h); // else the large map shows more
    for (const way of scene.flights) {
      const now = head(way, t);
      if (!now || way.family === "stage") continue;
      c.fillStyle = colour(palette(), way.family);
      c.fillRect(now.x * z.k + z.x - 2, now.y * z.k + z.y - 2, 4, 4);
    }
  }
}
