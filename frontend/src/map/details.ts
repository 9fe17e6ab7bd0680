// What is known about the thing that was chosen, on the map or in the table.
import { h } from "../dom";
import { number, since } from "../format";
import type { Context } from "../view";
import { itemWord } from "../widgets/keys";
import type { Shown } from "./panel";
import { chanceAt, wordAt } from "./replay";
import { head, statusOf } from "./scene";

type Fact = [string, string];

export function details(shown: Shown[], chosen: string, t: number, places: { code: string; ja: string; en: string; population: number }[], context: Context): Node[] {
  const { say, lang } = context;
  const cut = chosen.indexOf("/");
  const [kind, id] = [chosen.slice(0, cut), chosen.slice(cut + 1)];
  const facts: Fact[] = [];
  let name = "";
  if (kind === "place") {
    const place = places.find((p) => p.code === id);
    if (place) {
      name = `${lang === "ja" ? place.ja : place.en} ${place.code}`;
      facts.push([say("places.people"), number(place.population)]);
      for (const s of shown) {
        const alert = s.scene.byCode.get(id)?.alerts[0];
        const prefix = shown.length > 1 ? `${s.title}: ` : "";
        facts.push([`${prefix}${say("places.state")}`, say(`status.${statusOf(s.scene, id, t)}`)]);
        facts.push([`${prefix}${say("fact.alerted")}`, alert ? `${since(alert.from_s)} – ${alert.cleared ? since(alert.until_s) : say("fact.uncleared")}` : say("never")]);
        const chance = alert ? chanceAt(s.scene.replay, alert.unit, t) : null;
        if (chance !== null) facts.push([`${prefix}${say("fact.chance", { unit: alert!.unit })}`, `${number(100 * chance, 1)} %`]);
        for (const arrival of s.scene.byCode.get(id)?.arrivals ?? [])
          facts.push([`${prefix}${say(arrival.hit ? "fact.hit" : "fact.overflown", { body: arrival.body })}`, `${arrival.arrived_t_s === null ? "–" : since(arrival.arrived_t_s)}${arrival.lead_s === null ? "" : `, ${say("fact.lead", { s: number(arrival.lead_s) })}`}`]);
      }
    }
  } else if (kind === "flight" || kind === "track" || kind === "satellite") {
    for (const s of shown) {
      const list = kind === "flight" ? s.scene.flights : kind === "track" ? s.scene.tracks : s.scene.satellites;
      const way = list.find((w) => w.id === id);
      if (!way) continue;
      if (!name) name = kind === "track" ? way.name.replace(/^track /, say("track.long")) : `${way.name.replace(/\s*\(notional\)/i, "")} ${say("notional")}`;
      const now = head(way, t);
      if (!facts.length && kind === "flight") facts.push([say("fact.kind"), say(`key.${way.family}`)]);
      if (now) {
        facts.push([say("fact.altitude"), `${number(now.alt_km, 1)} km`]);
        if (kind === "track") facts.push([say("fact.sigma"), `${number(now.sigma_km, 2)} km`], [say("fact.grade"), wordAt(way.grade ?? [], t) || "–"]);
      } else facts.push([say("fact.now"), t < (way.t[0] ?? 0) ? say("fact.before", { t: since(way.t[0] ?? 0) }) : say("fact.after", { t: since(way.t.at(-1) ?? 0) })]);
      break; // truth is the same in every architecture, and a track belongs to one
    }
  } else if (kind === "radar" || kind === "battery") {
    const s = shown[0]!.scene.replay;
    const site = kind === "radar" ? s.sensors.find((x) => x.id === id) : s.batteries.find((x) => x.id === id);
    if (site) {
      name = `${site.name.replace(/\s*\(notional\)/i, "")} ${say("notional")}`;
      facts.push([say("fact.nation"), site.nation], [say("fact.position"), `${number(site.lat_deg, 1)}° N ${number(site.lon_deg, 1)}° E`]);
      if ("weapons" in site) for (const [weapon, n] of Object.entries(site.weapons ?? {})) facts.push([itemWord(weapon, lang), say("fact.rounds", { n: number(n) })]);
      if (kind === "battery")
        for (const x of shown) {
          const fired = x.scene.replay.shots.filter((shot) => shot.battery === id && shot.t_fire_s <= t).reduce((sum, shot) => sum + shot.rounds, 0);
          facts.push([`${x.title}: ${say("now.shots")}`, number(fired)]);
        }
    }
  }
  if (!name) return [];
  return [h("h3", {}, name), h("dl", { class: "facts" }, ...facts.flatMap(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]))];
}
