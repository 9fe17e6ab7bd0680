// One zoom for all panes, kept in the address as longitude, latitude and scale of the centre.
import type { Store } from "../state";
import type { Pane } from "./pane";
import { fit, type Plane, type Zoom } from "./plane";
import type { Scene } from "./scene";
import { zoomed } from "./pane";

export class Camera {
  zoom: Zoom | null = null;
  moving = false;

  constructor(
    private readonly state: Store,
    private readonly plane: Plane,
    private readonly scene: Scene,
    private readonly pane: Pane, // the first: all have the same size
    private readonly request: () => void,
  ) {}

  /** The defended area. */
  area(): Zoom {
    const [west, south, east, north] = this.scene.replay.view;
    const corners: [number, number][] = [[west, south], [west, north], [east, south], [east, north], [(west + east) / 2, north], [(west + east) / 2, south]];
    return fit(corners.map(([x, y]) => this.plane.xy(x, y)), this.pane.width, this.pane.height, 12);
  }

  /** All flights from their start. */
  whole(): Zoom {
    const points = this.scene.flights.filter((f) => f.family !== "stage").flatMap((f) => [...f.x].map((x, i): [number, number] => [x, f.y[i]!]));
    return fit(points, this.pane.width, this.pane.height);
  }

  /** What the address says, or the defended area. */
  read(): void {
    const [lon, lat, k] = this.state.get("z").split(",").map(Number);
    if (lon === undefined || lat === undefined || k === undefined || ![lon, lat, k].every(Number.isFinite)) {
      this.zoom = this.area();
      return;
    }
    const [x, y] = this.plane.xy(lon, lat);
    this.zoom = { k, x: this.pane.width / 2 - k * x, y: this.pane.height / 2 - k * y };
  }

  keep(): void {
    if (!this.zoom) return;
    const { k, x, y } = this.zoom;
    const at = this.plane.projection.invert?.([(this.pane.width / 2 - x) / k, (this.pane.height / 2 - y) / k]);
    if (at?.every(Number.isFinite)) this.state.set({ z: `${at[0].toFixed(2)},${at[1].toFixed(2)},${Math.round(k)}` });
  }

  /** Go there at once. */
  jump(next: Zoom): void {
    this.zoom = next;
    this.moving = false;
    this.keep();
    this.request();
  }

  by(factor: number): void {
    if (this.zoom) this.jump(zoomed(this.zoom, factor, this.pane.width / 2, this.pane.height / 2));
  }

  /** Bring a point of the plane into sight, if it is not. */
  show(x: number, y: number): void {
    if (!this.zoom) return;
    const { k } = this.zoom;
    const [sx, sy] = [x * k + this.zoom.x, y * k + this.zoom.y];
    const { width, height } = this.pane;
    if (sx < 20 || sy < 20 || sx > width - 20 || sy > height - 20) this.jump({ k, x: this.zoom.x + width / 2 - sx, y: this.zoom.y + height / 2 - sy });
  }
}
