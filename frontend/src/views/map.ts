// Map with time: one raid as it happened in the simulation and as one or two architectures saw it.
import "../map/map.css";
import { Board, type PlaceName } from "../map/board";
import { ground as makeGround, type Ground } from "../map/ground";
import { plane, type Plane } from "../map/plane";
import type { Replay } from "../map/replay";
import { scene as makeScene } from "../map/scene";
import { architectureName } from "../map/tools";
import type { Context, View } from "../view";

let grounds: { key: string; ground: Ground } | null = null; // outlives a change of language or theme

/** Base map of a centre; Japan comes from the municipalities, not from the coarse outlines of the world. */
async function groundOf(context: Context, on: Plane, key: string): Promise<Ground> {
  if (grounds?.key === key) return grounds.ground;
  const [world, outlines] = await Promise.all([context.api.stored("world"), context.api.stored("outlines")]);
  const made = makeGround(on, world as never, outlines as never);
  grounds = { key, ground: made };
  return made;
}

export const view: View = {
  name: "map",
  open(box, context) {
    let left = false;
    let close: () => void = () => undefined;
    const show = async () => {
      close();
      close = () => undefined;
      context.loading(box, context.say("loading.map"));
      try {
        const run = await context.run(box);
        if (!run || left) return;
        if (!run.kept || !run.has_tracks) return context.empty(box, context.say("no_tracks", { run: run.id }), context.say("no_tracks_way"));
        const { state, api } = context;
        const a = run.architectures.includes(state.get("a")) ? state.get("a") : run.architectures.at(-1)!;
        const b = run.architectures.includes(state.get("b")) && state.get("b") !== a ? state.get("b") : "";
        const r = Math.min(Math.max(Math.round(state.number("r", 0)), 0), run.kept - 1);
        const ask = (architecture: string) => api.stored<Replay>(`runs/${encodeURIComponent(run.id)}/replay`, { architecture, replicate: r });
        const world = api.stored("world"), outlines = api.stored("outlines"); // begin together
        const names = api.stored<{ places: PlaceName[] }>("places");
        const [first, second, listed] = await Promise.all([ask(a), b ? ask(b) : null, names, world, outlines]);
        if (left) return;
        context.says(first.banner, first.vintage);
        const round = state.get("p") === "round";
        const on = plane(round ? "round" : "flat", first.centre);
        const ground = await groundOf(context, on, `${on.name}|${first.centre.join()}`);
        if (left) return;
        const shown = [{ key: a, replay: first }, ...(second ? [{ key: b, replay: second }] : [])].map(({ key, replay }) => ({
          architecture: key, title: architectureName(context, key), scene: makeScene(ground.plane, replay),
        }));
        const board = new Board(box, context, run, shown, ground, listed.places, r, () => void show());
        close = () => board.close();
        document.documentElement.dataset["ready"] = "map";
      } catch (error) {
        if (!left) context.fail(box, error, () => void show());
      }
    };
    void show();
    const off = context.state.on(["a", "b", "r", "p"], () => void show());
    return () => { left = true; off(); close(); };
  },
};
