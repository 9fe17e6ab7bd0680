// From the Earth to a plane of radians, once; from the plane to the screen by one scale and one shift.
import { geoAzimuthalEquidistant, geoDistance, geoOrthographic, type GeoProjection } from "d3-geo";

export const EARTH_KM = 6371.0088;
export interface Plane {
  name: "flat" | "round";
  projection: GeoProjection;
  /** Plane coordinates; NaN behind the limb of the round one. */
  xy(lon_deg: number, lat_deg: number): [number, number];
}

/** Azimuthal equidistant (true distances from the centre) or the Earth seen from far away. */
export function plane(name: "flat" | "round", centre: [number, number]): Plane {
  const projection = (name === "flat" ? geoAzimuthalEquidistant() : geoOrthographic())
    .rotate([-centre[0], -centre[1]]).scale(1).translate([0, 0]).precision(0.0003);
  return {
    name, projection,
    xy(lon, lat) {
      if (name === "round" && geoDistance([lon, lat], centre) > Math.PI / 2) return [NaN, NaN];
      return projection([lon, lat]) ?? [NaN, NaN];
    },
  };
}

/** Screen = k * plane + shift. */
export interface Zoom {
  k: number;
  x: number;
  y: number;
}

export const MIN_K = 90;
export const MAX_K = 60_000;

/** A zoom that shows all points within a box of pixels. */
export function fit(points: [number, number][], width: number, height: number, margin = 36): Zoom {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y);
  }
  if (x0 > x1) [x0, y0, x1, y1] = [-0.1, -0.1, 0.1, 0.1];
  const k = Math.min(Math.max(Math.min((width - 2 * margin) / Math.max(x1 - x0, 0.01), (height - 2 * margin) / Math.max(y1 - y0, 0.01)), MIN_K), MAX_K);
  return { k, x: width / 2 - (k * (x0 + x1)) / 2, y: height / 2 - (k * (y0 + y1)) / 2 };
}
