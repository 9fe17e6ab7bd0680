// One build: types, pages, the globe's files, a stamp of the sources; then the finished folder takes the place of
// the old one, so that a server in between never meets half a build. `node build.mjs --check` asks whether the
// pages are those of the sources (exit 0) or not (exit 1).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const STATIC = join(HERE, "../src/hinomi/web/static");
const SYMBOLS = join(HERE, "../src/hinomi/data/symbols");
const STAMP = "sources.sha256";

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

function sources() {
  const hash = createHash("sha256");
  for (const folder of [HERE, SYMBOLS])
    for (const path of files(folder)) hash.update(path.slice(folder.length)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

const stamp = sources();
const built = join(STATIC, STAMP);
if (process.argv.includes("--check")) process.exit(existsSync(built) && readFileSync(built, "utf8").trim() === stamp ? 0 : 1);

const run = (tool, ...args) => execFileSync(process.execPath, [join(HERE, "node_modules", tool), ...args], { cwd: HERE, stdio: "inherit" });
const part = `${STATIC}-${process.pid}.part`;
try {
  run("typescript/bin/tsc", "--noEmit");
  run("vite/bin/vite.js", "build", "--outDir", part, "--emptyOutDir", "--logLevel", "warn");
  execFileSync(process.execPath, [join(HERE, "copy-cesium.mjs"), join(part, "cesium")], { stdio: "inherit" });
  writeFileSync(join(part, STAMP), `${stamp}\n`);
  const old = `${STATIC}-${process.pid}-old.part`;
  if (existsSync(STATIC)) renameSync(STATIC, old);
  renameSync(part, STATIC);
  rmSync(old, { recursive: true, force: true });
} catch (error) {
  rmSync(part, { recursive: true, force: true });
  console.error(error.status === undefined ? error.message : "the pages were not built; what was there stays");
  process.exit(1);
}
