// One clock for all pictures of a page: whoever shows a moment reads it here.
import { h } from "./dom";
import { clocks, since } from "./format";
import type { Say } from "./words";

type Tick = (t_s: number) => void;
export interface Mark {
  t_s: number;
  kind: string;
  text: string;
}

export class Clock {
  private t_s = 0;
  private first_s = 0;
  private last_s = 1;
  private listeners = new Set<Tick>();
  private frame = 0;
  speed = 10;

  get t(): number {
    return this.t_s;
  }
  get start(): number {
    return this.first_s;
  }
  get end(): number {
    return this.last_s;
  }
  get playing(): boolean {
    return this.frame !== 0;
  }

  /** Set the ends; the moment is kept inside. */
  range(first_s: number, last_s: number): void {
    this.first_s = first_s;
    this.last_s = Math.max(last_s, first_s + 1);
    this.set(this.t_s);
  }

  set(t_s: number): void {
    const inside = Math.min(Math.max(Number.isFinite(t_s) ? t_s : this.first_s, this.first_s), this.last_s);
    this.t_s = inside;
    for (const tick of [...this.listeners]) tick(inside);
  }

  on(tick: Tick): () => void {
    this.listeners.add(tick);
    return () => this.listeners.delete(tick);
  }

  play(): void {
    if (this.playing) return;
    if (this.t_s >= this.last_s) this.set(this.first_s);
    let before = performance.now();
    const step = (now: number) => {
      this.frame = requestAnimationFrame(step);
      // A tab that was hidden does not jump.
      const passed = Math.min((now - before) / 1000, 0.25);
      before = now;
      this.set(this.t_s + passed * this.speed);
      if (this.t_s >= this.last_s) this.pause();
    };
    this.frame = requestAnimationFrame(step);
  }

  pause(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    for (const tick of [...this.listeners]) tick(this.t_s);
  }
}

/** Slider, play, speed, marks, and the moment in three ways; returns the element and how to let go of it. */
export function clockBar(clock: Clock, say: Say, epoch_utc: string, marks: readonly Mark[]): [HTMLElement, () => void] {
  const slider = h("input", { type: "range", class: "clock-slider", step: 1, min: Math.floor(clock.start), max: Math.ceil(clock.end), "aria-label": say("clock.slider") });
  const play = h("button", { type: "button", class: "button clock-play", "aria-keyshortcuts": "Space" });
  const speed = h("select", { class: "field", "aria-label": say("clock.speed") }, ...[1, 10, 30, 60].map((x) => h("option", { value: x }, `×${x}`)));
  const moment = h("output", { class: "clock-moment" });
  const times = h("span", { class: "clock-times quiet" });
  const ticks = h("div", { class: "clock-ticks" });
  const said = h("p", { class: "clock-said quiet" });
  const sorted = [...marks].sort((a, b) => a.t_s - b.t_s);
  const span = clock.end - clock.start;
  let lastX = -1;
  for (const mark of sorted) {
    const x = ((mark.t_s - clock.start) / span) * 100;
    const near = x - lastX < 0.4; // marks on one another are one mark to the eye; all of them are reached by [ and ]
    if (!near) lastX = x;
    ticks.append(
      h("button", {
        type: "button", tabindex: -1, class: `clock-tick ${mark.kind}${near ? " near" : ""}`, style: `left:${x}%`, title: `${since(mark.t_s)} ${mark.text}`,
        "aria-label": `${since(mark.t_s)} ${mark.text}`, onclick: () => clock.set(mark.t_s),
      }),
    );
  }
  speed.value = String(clock.speed);
  speed.addEventListener("change", () => (clock.speed = Number(speed.value)));
  slider.addEventListener("input", () => clock.set(Number(slider.value)));
  play.addEventListener("click", () => (clock.playing ? clock.pause() : clock.play()));
  const show = (t: number) => {
    slider.value = String(Math.round(t));
    const [utc, jst] = clocks(epoch_utc, t);
    moment.textContent = since(t);
    times.textContent = `${utc}  ${jst}`;
    slider.setAttribute("aria-valuetext", `${since(t)}, ${jst}`);
    play.textContent = clock.playing ? say("clock.pause") : say("clock.play");
    play.setAttribute("aria-pressed", String(clock.playing));
    const last = sorted.filter((m) => m.t_s <= t + 0.5).at(-1);
    said.textContent = last ? `${since(last.t_s)} ${last.text}` : say("clock.nothing");
  };
  const keys = (event: KeyboardEvent) => {
    const at = event.target as HTMLElement;
    if (at.closest("input:not([type=range]), textarea, select, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (at.closest("button, a, summary") && event.key === " ") return;
    const jump = (forward: boolean) => {
      const other = forward ? sorted.find((m) => m.t_s > clock.t + 0.5) : sorted.filter((m) => m.t_s < clock.t - 0.5).at(-1);
      if (other) clock.set(other.t_s);
    };
    const step = event.shiftKey ? 10 : 1;
    const deeds: Record<string, () => void> = {
      " ": () => (clock.playing ? clock.pause() : clock.play()),
      ArrowRight: () => clock.set(Math.round(clock.t) + step),
      ArrowLeft: () => clock.set(Math.round(clock.t) - step),
      Home: () => clock.set(clock.start),
      End: () => clock.set(clock.end),
      "[": () => jump(false),
      "]": () => jump(true),
    };
    const deed = deeds[event.key];
    if (!deed || (at.closest("[role=tablist], .scroll") && event.key !== " ")) return;
    event.preventDefault();
    deed();
  };
  document.addEventListener("keydown", keys);
  const off = clock.on(show);
  show(clock.t);
  const bar = h("section", { class: "clock", "aria-label": say("clock.label"), title: say("clock.keys") },
    h("div", { class: "clock-row" }, play, speed, moment, times, said),
    h("div", { class: "clock-track" }, ticks, slider),
  );
  return [bar, () => { off(); clock.pause(); document.removeEventListener("keydown", keys); }];
}
