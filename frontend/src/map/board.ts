// The page of a replay: panes, strip, small map, table and clock, and what ties them together.
import { clockBar, type Mark } from "../clock";
import { h } from "../dom";
import { number } from "../format";
import type { Context, Run } from "../view";
import { Camera } from "./camera";
import { details } from "./details";
import type { Ground } from "./ground";
import { Inset } from "./inset";
import { legend } from "./legend";
import { gestures, Pane, type Settings } from "./pane";
import { municipalities, sentence, situation, type Shown } from "./panel";
import { Strip } from "./strip";
import { symbols as readSymbols, type Symbols } from "./symbols";
import { globeSwitch, tools } from "./tools";

const SHOWN_MARKS = new Set(["launch", "first detection", "firm track", "launch message", "alert", "killed", "arrival", "all-clear"]);
const OFF = "coverage"; // off until asked for: it would cover the rest
const TELL_MS = 250; // figures and labels for readers: calmer than the picture, and writing them is dear
const LARGE = 300_000; // people: a town that is named from afar

export interface PlaceName { code: string; ja: string; en: string; population: number; lon_deg: number; lat_deg: number }

export class Board {
  private readonly settings: Settings;
  private readonly symbols: Symbols;
  private readonly panes: Pane[];
  private readonly strip: Strip;
  private readonly inset = new Inset();
  private readonly camera: Camera;
  private readonly globe: ReturnType<typeof globeSwitch>;
  private readonly now: ReturnType<typeof situation>;
  private readonly table: ReturnType<typeof municipalities>;
  private readonly picked = h("div", { class: "picked" });
  private readonly pickedBox: HTMLElement;
  private readonly hint: HTMLElement;
  private readonly hidden = h("p", { class: "map-hidden quiet" });
  private readonly closing: (() => void)[] = [];
  private frame = 0;
  private resized = true;
  private said = -1; // second that the words are about
  private told = -Infinity; // when they were written
  private later = 0;
  private writing = 0;
  private written: string; // second that the address was given last

  constructor(
    private readonly box: HTMLElement, private readonly context: Context, private readonly run: Run, private readonly shown: Shown[],
    private readonly ground: Ground, private readonly places: PlaceName[], private readonly raid: number, private readonly again: () => void,
  ) {
    const { say, state } = context;
    const { replay } = this.main.scene;
    this.settings = this.set();
    this.symbols = readSymbols(replay.banner.kind, () => this.request());
    this.panes = shown.map((s) => new Pane(this.symbols, this.settings, s.scene));
    this.strip = new Strip({ altitude: say("strip.altitude"), time: say("strip.time") });
    this.camera = new Camera(state, ground.plane, this.main.scene, this.panes[0]!, () => this.request());
    this.globe = globeSwitch(context, run, this.main, raid);
    this.now = situation(shown, say);
    this.table = municipalities(shown, context, (code) => this.choose(`place/${code}`, true));
    this.pickedBox = h("section", { class: "panel" }, h("h2", {}, say("picked")), this.picked);
    this.hint = h("p", { class: "quiet map-hint" }, say("picked.none"));
    this.written = state.get("t");
    for (const pane of this.panes) this.handle(pane);
    this.lay(this.wind());
    this.listen();
    this.request();
  }

  private get main(): Shown {
    return this.shown[0]!;
  }

  private set(): Settings {
    const { say, state, lang } = this.context;
    const { plane } = this.ground;
    const reached = new Set(this.shown.flatMap((s) => s.scene.replay.places.filter((p) => p.hit).map((p) => p.code)));
    const affected = new Set(this.shown.flatMap((s) => [...s.scene.byCode.keys()]));
    const named = this.places.filter((p) => affected.has(p.code) || p.population > LARGE);
    return {
      on: (layer) => !this.off().has(layer),
      name: (kind, given) => (kind === "track" ? given.replace(/^track /, say("track.short")) : `${given.replace(/\s*\(notional\)/i, "")} ${say("notional")}`),
      scale: (km) => `${number(km)} km`,
      chosen: state.get("sel"),
      places: named.map((p) => {
        const [x, y] = plane.xy(p.lon_deg, p.lat_deg);
        return { code: p.code, x, y, name: lang === "ja" ? p.ja : p.en, population: p.population, first: reached.has(p.code) || p.population > LARGE };
      }),
    };
  }

  private off(): Set<string> {
    const given = this.context.state.get("off");
    return new Set((given === "" ? OFF : given).split(","));
  }

  private flip(layer: string): void {
    const set = this.off();
    if (!set.delete(layer)) set.add(layer);
    this.context.state.set({ off: [...set].filter(Boolean).join(",") || "none" });
    for (const pane of this.panes) pane.stale();
    this.request();
  }

  private request(): void {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.frame = 0;
    const { camera, panes, main } = this;
    const { t } = this.context.clock;
    if (this.resized) {
      this.resized = false;
      this.strip.measure();
      this.inset.measure();
      if (panes.map((p) => p.measure()).some(Boolean) || !camera.zoom) camera.read();
    }
    if (!camera.zoom) return;
    for (const pane of panes) pane.draw(this.ground, camera.zoom, t, camera.moving);
    this.strip.draw(main.scene, t, this.settings.chosen);
    this.inset.draw(this.ground, main.scene, camera.zoom, panes[0]!.width, panes[0]!.height, t);
    this.tell();
  }

  private tell(): void {
    const { t } = this.context.clock;
    const { say } = this.context;
    if (Math.floor(t) === this.said) return;
    clearTimeout(this.later);
    const wait = this.said < 0 ? 0 : this.told + TELL_MS - performance.now();
    if (wait > 0) {
      this.later = window.setTimeout(() => this.tell(), wait);
      return;
    }
    this.told = performance.now();
    this.said = Math.floor(t);
    this.now[1](t);
    this.table[1](t, this.settings.chosen);
    const facts = details(this.shown, this.settings.chosen, t, this.places, this.context);
    this.picked.replaceChildren(...facts);
    this.pickedBox.hidden = !facts.length;
    this.hint.hidden = facts.length > 0;
    this.shown.forEach((s, i) => this.panes[i]!.canvas.setAttribute("aria-label", sentence(s, t, say)));
    const left = Math.max(...this.panes.map((p) => p.hidden));
    this.hidden.textContent = left ? say("labels.hidden", { n: left }) : "";
  }

  private choose(id: string, from_table: boolean): void {
    this.settings.chosen = this.settings.chosen === id ? "" : id;
    this.context.state.set({ sel: this.settings.chosen });
    this.said = -1;
    const place = from_table ? this.places.find((p) => `place/${p.code}` === id) : undefined;
    if (place) this.camera.show(...this.ground.plane.xy(place.lon_deg, place.lat_deg));
    this.request();
  }

  /** Choose what lies under a point of a pane: a mark, or else a municipality. */
  private point(pane: Pane, x: number, y: number): void {
    const near = pane.spots.map((s) => ({ id: s.id, d: Math.hypot(s.x - x, s.y - y) })).filter((s) => s.d < 16).sort((p, q) => p.d - q.d)[0];
    if (near) return this.choose(near.id, false);
    const { zoom } = this.camera;
    if (!zoom) return;
    const [px, py] = [(x - zoom.x) / zoom.k, (y - zoom.y) / zoom.k];
    const c = pane.canvas.getContext("2d")!;
    c.save();
    c.resetTransform();
    const inside = this.places.find((p) => {
      const [ox, oy] = this.ground.plane.xy(p.lon_deg, p.lat_deg);
      const path = Math.hypot(ox - px, oy - py) * zoom.k < 200 ? this.ground.place(p.code) : null;
      return path !== null && c.isPointInPath(path, px, py);
    });
    c.restore();
    if (inside) this.choose(`place/${inside.code}`, false);
    else if (this.settings.chosen) this.choose(this.settings.chosen, false);
  }

  private handle(pane: Pane): void {
    const { camera } = this;
    gestures(pane.canvas, {
      zoom: () => camera.zoom!,
      change: (next) => { camera.zoom = next; camera.moving = true; this.request(); },
      done: () => { camera.moving = false; camera.keep(); this.request(); },
      click: (x, y) => this.point(pane, x, y),
    });
  }

  /** Set the clock; returns its bar. */
  private wind(): HTMLElement {
    const { clock, state, say, lang } = this.context;
    const { replay } = this.main.scene;
    const marks: Mark[] = replay.events.filter((e) => SHOWN_MARKS.has(e.kind)).map((e) => ({ t_s: e.t_s, kind: e.kind.replace(/\W/g, "-"), text: lang === "ja" ? e.ja : e.en }));
    clock.range(replay.t_start_s, Math.max(...this.shown.map((s) => s.scene.replay.t_end_s)));
    const first = replay.events.find((e) => e.kind === "alert")?.t_s ?? replay.t_start_s;
    clock.set(state.number("t", first + 60));
    const [bar, close] = clockBar(clock, say, replay.epoch_utc, marks);
    this.closing.push(close);
    return bar;
  }

  private zooms(): HTMLElement {
    const { say } = this.context;
    const { camera } = this;
    const button = (text: string, label: string, onclick: () => void) => h("button", { type: "button", class: "button", "aria-label": label, title: label, onclick }, text);
    return h("div", { class: "map-zoom" },
      button("+", say("zoom.in"), () => camera.by(1.6)), button("−", say("zoom.out"), () => camera.by(1 / 1.6)),
      button(say("zoom.area"), say("zoom.area"), () => camera.jump(camera.area())), button(say("zoom.whole"), say("zoom.whole"), () => camera.jump(camera.whole())));
  }

  private lay(bar: HTMLElement): void {
    const { say } = this.context;
    const ja = this.context.lang === "ja";
    const { replay } = this.main.scene;
    const figures = this.panes.map((pane, i) => h("figure", { class: "map-figure" },
      h("figcaption", {}, this.shown[i]!.title), pane.canvas, i ? null : this.inset.canvas, i ? null : this.zooms()));
    const failed = (error: unknown) => this.context.fail(this.box, error, this.again);
    this.strip.canvas.setAttribute("aria-label", say("strip.label"));
    this.box.replaceChildren(
      h("h1", { class: "unseen" }, say("title", { name: (ja ? replay.title_ja : undefined) ?? replay.title })),
      tools(this.context, this.run, this.shown, this.panes, this.raid, () => this.globe.flip(), failed),
      h("div", { class: "map-body" },
        h("div", { class: "map-left" },
          h("div", { class: `map-panes panes-${this.panes.length}` }, ...figures, this.globe.box),
          h("div", { class: "map-strip" }, this.strip.canvas),
          bar),
        h("div", { class: "map-side", tabindex: 0, role: "region", "aria-label": say("side") },
          h("section", { class: "panel" }, this.now[0], this.hidden, this.hint),
          this.pickedBox,
          h("section", { class: "panel" }, h("h2", {}, say("places")), this.table[0]),
          h("section", { class: "panel" }, h("h2", {}, say("legend")), legend(this.main.scene, this.symbols, say, this.settings.on, (layer) => this.flip(layer))),
          replay.notes.length ? h("section", { class: "panel quiet" }, h("h2", {}, say("notes")), ...((ja ? replay.notes_ja : undefined) ?? replay.notes).map((n) => h("p", {}, n))) : null)),
    );
  }

  /** One clock: pictures follow it, the address a little later. */
  private listen(): void {
    const { clock, state } = this.context;
    this.strip.canvas.addEventListener("click", (event) => clock.set(this.strip.time(this.main.scene, event.offsetX)));
    const offClock = clock.on((t) => {
      this.request();
      clearTimeout(this.writing);
      this.writing = window.setTimeout(() => state.set({ t: (this.written = String(Math.round(t))) }), 300);
    });
    const offState = state.on(["t", "sel"], () => {
      if (state.get("t") !== this.written && state.get("t") !== "") clock.set(state.number("t", clock.t));
      if (state.get("sel") === this.settings.chosen) return;
      this.settings.chosen = state.get("sel");
      this.said = -1;
      this.request();
    });
    const sized = new ResizeObserver(() => { this.resized = true; this.request(); });
    for (const pane of this.panes) sized.observe(pane.canvas);
    void document.fonts.ready.then(() => this.request());
    this.closing.push(offClock, offState, () => sized.disconnect());
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    this.frame = -1; // nothing is drawn any more
    clearTimeout(this.writing);
    clearTimeout(this.later);
    for (const close of this.closing) close();
    this.globe.close();
  }
}
