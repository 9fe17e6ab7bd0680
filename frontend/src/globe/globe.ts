// The globe: shows what a flat map hides, heights and the Earth in between. Loaded only when asked for.
import {
  ArcType, buildModuleUrl, Cartesian2, Cartesian3, CesiumWidget, Color, ColorGeometryInstanceAttribute, ConstantProperty, CzmlDataSource, DataSourceCollection,
  DataSourceDisplay, GeometryInstance, HorizontalOrigin, ImageryLayer, JulianDate, Math as CesiumMath, PolylineColorAppearance, PolylineGeometry, Primitive,
  TileMapServiceImageryProvider,
} from "@cesium/engine";
import { mesh } from "topojson-client";
import { h } from "../dom";
import { family, type Replay } from "../map/replay";
import { FONTS, isDark, palette } from "../theme";
import type { Context } from "../view";

export interface Asked {
  run: string;
  architecture: string;
  replicate: number;
  replay: Replay;
}
const SLOW_EVERY_MS = 900; // without graphics hardware a picture takes about so long
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

export async function openGlobe(box: HTMLElement, context: Context, asked: Asked): Promise<{ close(): void }> {
  const { say, clock, api } = context;
  if (!document.createElement("canvas").getContext("webgl2")) {
    context.empty(box, say("globe.none"), say("globe.none_way"));
    return { close: () => undefined };
  }
  const [czml, world] = await Promise.all([
    api.get<unknown[]>(`runs/${encodeURIComponent(asked.run)}/czml`, { architecture: asked.architecture, replicate: asked.replicate }),
    api.stored<Parameters<typeof mesh>[0]>("world"),
  ]);
  // The base address is missing from the library's typings.
  (buildModuleUrl as unknown as { setBaseUrl(url: string): void }).setBaseUrl(new URL("cesium/", document.baseURI).href);
  const canvas = h("div", { class: "globe-canvas" });
  const note = h("p", { class: "globe-note quiet" });
  box.replaceChildren(canvas, note);
  const imagery = ImageryLayer.fromProviderAsync(TileMapServiceImageryProvider.fromUrl(buildModuleUrl("Assets/Textures/NaturalEarthII"), { maximumLevel: 2 }), {});
  const dark = isDark(context.state.get("theme"));
  imagery.brightness = dark ? 0.32 : 0.9;
  imagery.saturation = 0.35;
  const widget = new CesiumWidget(canvas, {
    baseLayer: imagery, skyBox: false, skyAtmosphere: false, requestRenderMode: true, maximumRenderTimeChange: Infinity,
    msaaSamples: 1, orderIndependentTranslucency: false, creditContainer: h("div"),
  });
  const { scene } = widget;
  scene.globe.enableLighting = false;
  scene.globe.showGroundAtmosphere = false;
  scene.fog.enabled = false;
  scene.backgroundColor = Color.fromCssColorString(palette().ground);
  scene.primitives.add(borders(world));
  const sources = new DataSourceCollection();
  const display = new DataSourceDisplay({ scene, dataSourceCollection: sources });
  const source = await CzmlDataSource.load(czml);
  restyle(source, context, asked.replay);
  await sources.add(source);
  const epoch = JulianDate.fromIso8601(asked.replay.epoch_utc);
  const [lon, lat] = asked.replay.centre;
  widget.camera.setView({
    destination: Cartesian3.fromDegrees(lon, lat - 10, 2_100_000),
    orientation: { heading: 0, pitch: CesiumMath.toRadians(-60), roll: 0 },
  });
  const renderer = rendererOf(canvas);
  const slow = SOFTWARE.test(renderer);
  note.textContent = `${say("globe.credit", { renderer })}${slow ? ` ${say("globe.slow")}` : ""}`;
  let drawn = -Infinity;
  let timer = 0;
  const draw = (t: number) => {
    clearTimeout(timer);
    const wait = slow ? SLOW_EVERY_MS - (performance.now() - drawn) : 0;
    if (wait > 0) {
      timer = window.setTimeout(() => draw(clock.t), wait);
      return;
    }
    drawn = performance.now();
    const time = JulianDate.addSeconds(epoch, t, new JulianDate());
    widget.clock.currentTime = time;
    display.update(time);
    scene.requestRender();
  };
  widget.clock.shouldAnimate = false;
  const offTick = widget.clock.onTick.addEventListener((k) => { display.update(k.currentTime); });
  const off = clock.on(draw);
  draw(clock.t);
  const tiles = scene.globe.tileLoadProgressEvent.addEventListener((left: number) => {
    if (left === 0) box.dataset["globe"] = "ready";
    scene.requestRender();
  });
  return {
    close() {
      clearTimeout(timer);
      off();
      offTick();
      tiles();
      display.destroy();
      widget.destroy();
      delete box.dataset["globe"];
    },
  };
}

/** One colour, one meaning, as on the map; coverage and names of sites would cover an oblique view. */
function restyle(source: CzmlDataSource, context: Context, replay: Replay): void {
  const pictures = new Set(replay.tracks.map((x) => x.picture));
  const kinds = new Map(replay.flights.map((x) => [x.id, family(x)]));
  const p = palette();
  const flat = (colour: string) => new ConstantProperty(Color.fromCssColorString(colour));
  let flights = 0;
  for (const entity of source.entities.values) {
    const [kind = "", of = "", part] = entity.id.split("/");
    if (kind === "sensor") {
      entity.label = undefined;
      if (part === "edge") entity.show = false;
      if (entity.point) entity.point.color = flat(p.radar);
    }
    if (kind === "satellite" && entity.point) entity.point.color = flat(p.satellite);
    if (kind === "track") {
      if (entity.point) entity.point.color = flat(p.track);
      if (entity.ellipsoid) entity.ellipsoid.show = new ConstantProperty(false); // larger than the view while a track is young
    }
    if (kind === "flight" && entity.label) {
      entity.label.font = new ConstantProperty(`14px ${FONTS}`);
      entity.label.text = new ConstantProperty(`${(entity.name ?? "").replace(/\s*\(notional\)/i, "")} ${context.say("notional")}`);
      entity.label.fillColor = flat(p[kinds.get(of) ?? "ink"]);
      entity.label.outlineColor = flat(p.halo);
      entity.label.outlineWidth = new ConstantProperty(4);
      // Names left and right in turn and at two heights, so that fewer lie on one another.
      const left = flights % 2 === 1;
      entity.label.horizontalOrigin = new ConstantProperty(left ? HorizontalOrigin.RIGHT : HorizontalOrigin.LEFT);
      entity.label.pixelOffset = new ConstantProperty(new Cartesian2(left ? -14 : 14, -12 - 19 * (Math.floor(flights / 2) % 2)));
      flights++;
      if (part !== undefined) entity.label = undefined; // a spent stage
    }
    if (kind === "engagement" && entity.point) entity.point.color = flat(p.battery);
    if (kind === "area" && entity.polygon) {
      entity.show = pictures.has(of);
      entity.polygon.fill = new ConstantProperty(false);
      entity.polygon.outlineColor = flat(p.track);
    }
  }
}

/** Thin neutral borders; the library's own reader of outlines stops at points that follow themselves. */
function borders(world: Parameters<typeof mesh>[0]): Primitive {
  const lines = mesh(world, world.objects["countries"] as Parameters<typeof mesh>[1]);
  const colour = ColorGeometryInstanceAttribute.fromColor(Color.fromCssColorString(palette().edge).withAlpha(0.8));
  const instances = lines.coordinates.flatMap((line) => {
    const degrees = line.filter(([x, y], i) => i === 0 || x !== line[i - 1]![0] || y !== line[i - 1]![1]).flatMap(([x, y]) => [x!, y!]);
    if (degrees.length < 4) return [];
    return [new GeometryInstance({
      geometry: new PolylineGeometry({ positions: Cartesian3.fromDegreesArray(degrees), width: 1, arcType: ArcType.NONE, vertexFormat: PolylineColorAppearance.VERTEX_FORMAT }),
      attributes: { color: colour },
    })];
  });
  return new Primitive({ geometryInstances: instances, appearance: new PolylineColorAppearance(), asynchronous: false });
}

function rendererOf(box: HTMLElement): string {
  const gl = box.querySelector("canvas")?.getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "?";
  return /swiftshader|llvmpipe/i.exec(name)?.[0] ?? name.slice(0, 80);
}
