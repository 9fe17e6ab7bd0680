// Keys of a scenario as people would call them, and in what order a reader wants them.
import type { Context } from "../view";
import { has, speaker, type Lang } from "../words";
import { architectureWord } from "./scenarios";

/** An entry of the catalogue in words: `irbm_liquid` is "intermediate-range ballistic, one liquid stage". */
export function itemWord(name: string, lang: Lang): string {
  const key = `item.${name}`;
  return has(lang, "keys", key) ? speaker(lang, "keys")(key) : name.replaceAll("_", " ");
}

/** What a key is about, and its parts without names: `catalogue.price.pac3_unit.unit_musd` is about pac3 unit, `price.unit_musd`. */
function apart(key: string, context: Context): { about: string[]; path: string[] } {
  const about: string[] = [];
  const path: string[] = [];
  const named = (text: string) => itemWord(text, context.lang);
  // A dot inside brackets belongs to a name.
  const parts = key.match(/(?:[^.[]|\[[^\]]*\])+/g) ?? [key];
  parts.forEach((part, i) => {
    const inside = /^(\w+)\[(.+)\]$/.exec(part);
    if (parts[0] === "catalogue" && i === 0) return;
    if ((parts[0] === "catalogue" && i === 2) || parts[i - 1] === "magazines") return void about.push(named(part));
    if (part === "magazines") return;
    if (inside) about.push(inside[1] === "architectures" ? architectureWord(inside[2]!, context) : named(inside[2]!));
    path.push(inside ? inside[1]! : part);
  });
  return { about, path };
}

/** The words of a path: its last two parts, else its last one; undefined where there are none. */
function found(path: readonly string[], lang: Lang): string | undefined {
  const key = [path.slice(-2).join("."), path.at(-1)!, `${path[0]}.${path.at(-1)}`].find((k) => has(lang, "keys", k));
  return key === undefined ? undefined : speaker(lang, "keys")(key);
}

/** `architectures[shared_warning].decide_s` is "time to decide on an engagement, shared warning". */
export function keyWords(key: string, context: Context): string {
  const { about, path } = apart(key, context);
  const words = found(path, context.lang) ?? path.slice(-1)[0]!.replace(/_(s|m|km|deg|rad|m_s|musd)$/, "").replaceAll("_", " ");
  return about.length ? `${words}${context.lang === "ja" ? "、" : ", "}${about.join(context.lang === "ja" ? "、" : ", ")}` : words;
}

// What a reader asks about first: times of people and machines, probabilities, prices and output; then what is
// measured of weapons and sensors; last what flies, how it is computed, and where the maps lie.
const ORDER = [
  /^warning\.(decide|classify|issue|deliver|needed)_s$|^warning\.(hit_threshold|compliance)$/,
  /^architectures\[/,
  /\.kill_(ballistic|glide)$/,
  /^catalogue\.price\./,
  /^catalogue\.line\.|^industry\.|^money\./,
  /^infrared\[.*\]\.(satellites|planes|altitude_km)$|\.(ready|reserve)$/,
  /^warning\./,
  /^engagement\.|^tracking\./,
  /^catalogue\.interceptor\./,
  /^catalogue\.(radar|infrared)\./,
  /^(radars|infrared|batteries)\[/,
  /^catalogue\.|^threats\[/,
  /^study\./,
  /^area\./,
];

/** Place of a key in that order. */
export function keyRank(key: string): number {
  const at = ORDER.findIndex((pattern) => pattern.test(key));
  return at < 0 ? ORDER.length : at;
}
