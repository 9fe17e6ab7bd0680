// Standard symbols as files, made once and kept in the package: reports and pages need no library for them.
// The third digit of a code is its context: 1 exercise, 2 simulation; never 0. `node symbols.mjs [folder]`.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ms from "milsymbol";

const HOME = fileURLToPath(new URL("../src/hinomi/data/symbols/", import.meta.url));
// Letters after the fourth digit: symbol set, status, headquarters, amplifier, entity, modifiers.
const CODES = {
  missile: "10{c}60200001100000000",
  satellite: "10{c}30500001113000000",
  space_vehicle: "10{c}30500001101000000",
  radar: "10{c}31500002203000000",
  battery: "10{c}31500001111000000",
};
const CONTEXTS = { exercise: "1", study: "2" };
// The exercise and simulation letters take the frame's colour: light values, or they vanish on a dark map.
const FRAMES = { Civilian: "#f2d7ff", Friend: "#c9e9ff", Hostile: "#ffd0c4", Neutral: "#d3f5d3", Unknown: "#ffffcc", Suspect: "#ffe5d3" };

const out = process.argv[2] ?? HOME;
mkdirSync(out, { recursive: true });
for (const [name, pattern] of Object.entries(CODES))
  for (const [context, digit] of Object.entries(CONTEXTS)) {
    const code = pattern.replace("{c}", digit);
    const symbol = new ms.Symbol(code, { size: 26, frameColor: FRAMES, outlineColor: "#0d1117", outlineWidth: 2 });
    if (!symbol.isValid()) throw new Error(`${name}: ${code} is no valid symbol code`);
    writeFileSync(`${out}/${name}_${context}.svg`, `${symbol.asSVG()}\n`);
  }
