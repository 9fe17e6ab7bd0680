// Files that the globe fetches while it runs, copied beside the pages; one that is missing stops the build.
import { cpSync, existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ENGINE = here("node_modules/@cesium/engine/");
const OUT = process.argv[2] ?? here("../src/hinomi/web/static/cesium/");
const FILES = {
  "Source/Assets/Textures/NaturalEarthII": "Assets/Textures/NaturalEarthII",
  "Source/Assets/IAU2006_XYS": "Assets/IAU2006_XYS",
  "Source/Assets/approximateTerrainHeights.json": "Assets/approximateTerrainHeights.json",
  "Source/Assets/Images": "Assets/Images",
  "Build/Workers": "Workers",
  "LICENSE.md": "LICENSE.md",
};
// The pole's motion comes in files of 1,000 days from 1974-12 on: those of 1996 to 2035 cover every scenario.
const [FIRST, LAST] = [8, 22];
// Workers for formats that the globe never reads (compressed meshes and textures).
const UNUSED = /\/(decodeDraco|decodeI3S|decodeGoogleEarthEnterprisePacket|transcodeKTX2|gaussianSplat\w*)\.js$/;

function wanted(path) {
  const year = /IAU2006_XYS_(\d+)\.json$/.exec(path)?.[1];
  return year === undefined ? !UNUSED.test(path) : Number(year) >= FIRST && Number(year) <= LAST;
}
for (const [from, to] of Object.entries(FILES)) {
  if (!existsSync(ENGINE + from)) throw new Error(`@cesium/engine has no ${from}: another version than package.json names?`);
  cpSync(ENGINE + from, `${OUT}/${to}`, { recursive: true, filter: wanted });
}
if (readdirSync(`${OUT}/Workers`).length < 10) throw new Error("too few workers of @cesium/engine were copied");
