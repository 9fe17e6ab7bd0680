// What does not move: sea, land, borders, municipalities. Shapes are made once a projection, the sheet once a zoom.
import { geoGraticule, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import { palette } from "../theme";
import type { Plane, Zoom } from "./plane";

// eslint-free: both come as public formats whose types are looser than ours.
type Topology = Parameters<typeof mesh>[0];
interface Outlines {
  features: { properties: { code: string }; geometry: GeoJSON.Geometry }[];
}

const JAPAN = "392";
export interface Ground {
  plane: Plane;
  sphere: Path2D;
  grid: Path2D;
  land: Path2D;
  borders: Path2D;
  places: Path2D;
  /** Outline of one municipality. */
  place(code: string): Path2D | null;
}

export function ground(on: Plane, world: Topology, outlines: Outlines): Ground {
  const draw = (object: unknown): Path2D => {
    const path = new Path2D();
    geoPath(on.projection, path as never)(object as never);
    return path;
  };
  const countries = world.objects["countries"] as Parameters<typeof mesh>[1];
  // Japan comes from its municipalities: the coarse outlines lack islands.
  const others = { ...countries, geometries: (countries as { geometries: { id?: unknown }[] }).geometries.filter((g) => g.id !== JAPAN) };
  const byCode = new Map(outlines.features.map((f) => [f.properties.code, f]));
  const kept = new Map<string, Path2D>();
  return {
    plane: on,
    sphere: draw({ type: "Sphere" }),
    grid: draw(geoGraticule().step([10, 10])()),
    land: draw(feature(world, others as never)),
    borders: draw(mesh(world, countries, (a, b) => a !== b)),
    places: draw({ type: "FeatureCollection", features: outlines.features }),
    place(code) {
      let path = kept.get(code);
      const found = byCode.get(code);
      if (!path && found) kept.set(code, (path = draw(found)));
      return path ?? null;
    },
  };
}

/** The map without what moves, as a sheet to copy. */
export function paint(g: Ground, zoom: Zoom, width: number, height: number, ratio: number): HTMLCanvasElement {
  const sheet = document.createElement("canvas");
  sheet.width = Math.round(width * ratio);
  sheet.height = Math.round(height * ratio);
  const c = sheet.getContext("2d", { alpha: false })!;
  const p = palette();
  c.fillStyle = p.ground;
  c.fillRect(0, 0, sheet.width, sheet.height);
  c.setTransform(zoom.k * ratio, 0, 0, zoom.k * ratio, zoom.x * ratio, zoom.y * ratio);
  const fill = (path: Path2D, colour: string) => { c.fillStyle = colour; c.fill(path); };
  const line = (path: Path2D, colour: string, px: number) => { c.strokeStyle = colour; c.lineWidth = px / zoom.k; c.stroke(path); };
  fill(g.sphere, p.sea);
  line(g.grid, p.grid, 0.8);
  fill(g.land, p.land);
  line(g.land, p.border, 0.8);
  line(g.borders, p.border, 0.6);
  // From afar a thousand outlines are only noise: a coast is left by painting the land over its own wide outline.
  const near = zoom.k > 5000;
  const inside = near ? p.place : p.land;
  line(g.places, p.border, 2.2);
  fill(g.places, inside);
  line(g.places, inside, 0.9);
  if (zoom.k > 2500) line(g.places, near ? p.placeline : p.border, near ? 0.6 : 0.25);
  return sheet;
}
