// The frame of a view: title, sections, one place where loading, failing and leaving are settled.
import { h, type Child } from "../dom";
import type { Context } from "../view";
import "./widgets.css";
import "./views.css";

export interface Page {
  /** False once the view was left or is being filled anew: stop writing then. */
  alive(): boolean;
  /** Something to be undone when the view is left or filled anew. */
  keep(stop: () => void): void;
}

const NEEDS_RUN = new Set(["people", "study"]);

/** Fill a box; `keys` of the address fill it anew. Returns how to leave. */
export function page(name: string, box: HTMLElement, context: Context, keys: readonly string[], fill: (page: Page) => Promise<void>): () => void {
  let turn = 0;
  let stops: (() => void)[] = [];
  const clear = () => {
    turn++;
    for (const stop of stops) stop();
    stops = [];
  };
  const show = async () => {
    clear();
    const mine = turn;
    const held = document.activeElement instanceof HTMLElement && box.contains(document.activeElement) ? document.activeElement.id : "";
    const top = window.scrollY;
    try {
      await fill({ alive: () => mine === turn, keep: (stop) => (mine === turn ? stops.push(stop) : stop()) });
      if (mine !== turn) return;
      if (held) document.getElementById(held)?.focus({ preventScroll: true });
      window.scrollTo({ top });
      document.documentElement.dataset["ready"] = name;
    } catch (error) {
      if (mine === turn) context.fail(box, error, () => void show());
    }
  };
  if (!NEEDS_RUN.has(name)) {
    // What the last view said about itself ends here.
    context.says({ kind: "STUDY", en: context.say("banner.en"), ja: context.say("banner.ja") }, []);
  }
  void show();
  const off = keys.length ? context.state.on(keys, () => void show()) : () => undefined;
  return () => {
    clear();
    off();
  };
}

/** A panel with its heading. */
export function section(title: string, ...children: Child[]): HTMLElement {
  return h("section", { class: "panel stack" }, h("h2", {}, title), ...children);
}

/** A table behind a figure: closed until someone wants the numbers. */
export function behind(title: string, ...children: Child[]): HTMLElement {
  return h("details", { class: "behind" }, h("summary", {}, title), ...children);
}

/** A list of choices with a label; what is chosen goes into the address. */
export function choice(label: string, key: string, options: readonly { value: string; text: string }[], chosen: string, context: Context, also: Record<string, string> = {}): HTMLElement {
  const list = h("select", { class: "field", id: `choice-${key}` }, ...options.map((o) => h("option", { value: o.value }, o.text)));
  list.value = chosen;
  list.addEventListener("change", () => context.state.set({ [key]: list.value, ...also }));
  return h("label", {}, label, list);
}

/** Parts of a view, as links: each has an address of its own. */
export function parts(key: string, options: readonly { value: string; text: string }[], chosen: string, context: Context): HTMLElement {
  return h("div", { class: "row parts", role: "group" },
    ...options.map((o) => {
      const button = h("button", { type: "button", class: "button", id: `part-${o.value}`, "aria-pressed": o.value === chosen }, o.text);
      button.addEventListener("click", () => context.state.set({ [key]: o.value }));
      return button;
    }));
}

/** Call after typing has paused. */
export function calmly<Args extends unknown[]>(deed: (...args: Args) => void, wait_ms = 350): (...args: Args) => void {
  let timer = 0;
  return (...args) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => deed(...args), wait_ms);
  };
}
