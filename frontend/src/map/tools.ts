// What is chosen above the map: architectures, raid, projection; what leaves the page; the globe.
import { h } from "../dom";
import { since } from "../format";
import type { Context, Run } from "../view";
import type { Pane } from "./pane";
import type { Shown } from "./panel";

/** Name of an architecture in the language of the page. */
export function architectureName(context: Context, key: string): string {
  const known = ["national", "shared_warning", "shared_track", "integrated"];
  return known.includes(key) ? context.say(`architecture.${key}`) : key.replaceAll("_", " ");
}

function pick(context: Context, label: string, key: string, value: string, options: [string, string][]): HTMLElement {
  const change = (event: Event) => context.state.set({ [key]: (event.target as HTMLSelectElement).value });
  return h("label", { class: "pick" }, h("span", {}, label),
    h("select", { class: "field", "data-key": key, onchange: change as EventListener }, ...options.map(([v, text]) => h("option", { value: v, selected: v === value }, text))));
}

/** The row of tools. */
export function tools(context: Context, run: Run, shown: Shown[], panes: Pane[], raid: number, globe: () => void, failed: (error: unknown) => void): HTMLElement {
  const { say, clock, state } = context;
  const main = shown[0]!;
  const named = (x: string): [string, string] => [x, architectureName(context, x)];
  const sides = shown.map((s) => s.architecture).join("-");
  const picture = () => {
    const title = `${main.scene.replay.title} - ${shown.map((s) => s.title).join(" | ")} - ${since(clock.t)}`;
    context.savePicture(panes.map((p) => p.canvas), `${run.id}-${sides}-r${raid}-t${Math.round(clock.t)}.png`, title).catch(failed);
  };
  const data = () => {
    context.saveFrom(`runs/${encodeURIComponent(run.id)}/replay`, `${run.id}-${main.architecture}-r${raid}.json`, { architecture: main.architecture, replicate: raid }).catch(failed);
  };
  const button = (deed: string, text: string, onclick: () => void) => h("button", { type: "button", class: "button", "data-deed": deed, onclick }, text);
  return h("div", { class: "row map-tools" },
    pick(context, say("pick.a"), "a", main.architecture, run.architectures.map(named)),
    pick(context, say("pick.b"), "b", shown[1]?.architecture ?? "", [["", say("pick.nobody")], ...run.architectures.filter((x) => x !== main.architecture).map(named)]),
    pick(context, say("pick.r"), "r", String(raid), Array.from({ length: run.kept }, (_, i) => [String(i), say("pick.raid", { n: i })])),
    pick(context, say("pick.p"), "p", state.get("p") || "flat", [["flat", say("pick.flat")], ["round", say("pick.round")]]),
    h("span", { class: "spring" }),
    button("globe", say("globe"), globe), button("png", say("save.picture"), picture), button("json", say("save.json"), data));
}

/** The globe: on demand, beside the map, which stays usable. */
export function globeSwitch(context: Context, run: Run, main: Shown, raid: number): { box: HTMLElement; flip: () => void; close: () => void } {
  const box = h("div", { class: "globe-box", hidden: true });
  let open: { close(): void } | null = null;
  const close = () => {
    open?.close();
    open = null;
    box.hidden = true;
    box.replaceChildren();
  };
  const show = async () => {
    box.hidden = false;
    context.loading(box, context.say("globe.loading"));
    try {
      const { openGlobe } = await import("../globe/globe");
      const made = await openGlobe(box, context, { run: run.id, architecture: main.architecture, replicate: raid, replay: main.scene.replay });
      if (box.hidden || !box.isConnected) made.close(); // closed while it was loading
      else open = made;
    } catch (error) {
      context.fail(box, error, () => void show());
    }
  };
  return { box, close, flip: () => (box.hidden ? void show() : close()) };
}
