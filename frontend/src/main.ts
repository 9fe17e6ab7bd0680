// Start: state, words, chrome, and the view that the address names.
import "./style.css";
import { Api, address } from "./api";
import { chrome } from "./chrome";
import { Clock } from "./clock";
import * as panels from "./panels";
import { fileName, picture, saveBlob } from "./save";
import { Store } from "./state";
import { useTheme } from "./theme";
import type { Banner, Context, Run, View, Vintage } from "./view";
import { speaker, type Lang } from "./words";

const VIEWS = ["map", "people", "study", "whatif", "editor", "evidence", "launches", "live"];
const MODULES = import.meta.glob<{ view: View }>("./views/*.ts");
const there = VIEWS.filter((v) => `./views/${v}.ts` in MODULES);
const RETRY_MS = 2000;
const RETRIES = 900; // half an hour; after that the page waits for a person
const RENEW_MS = 30_000; // a page that was read anew so short ago says what is wrong instead

const state = new Store({ lang: navigator.language.startsWith("ja") ? "ja" : "en", theme: "auto" });
const api = new Api();
const clock = new Clock();
const frame = chrome(document.getElementById("shell")!, state, there);
const language = (): Lang => (state.get("lang") === "ja" ? "ja" : "en");

const first = speaker("en", "shell");
let banner: Banner = { kind: "STUDY", en: first("banner.en"), ja: first("banner.ja") };
let vintage: string[] = [];
let close: () => void = () => undefined;
let turn = 0;

function says(given: Banner | null, lines: Vintage | null): void {
  const say = speaker(language(), "shell");
  if (given) banner = given;
  frame.banner(banner);
  if (lines) vintage = [...new Set([...told(lines), say("vintage.boundaries")])];
  frame.vintage(vintage.length ? vintage : [say("vintage.boundaries")]);
}

/** The server's own lines where it gives them. */
function told(lines: Vintage): string[] {
  if (Array.isArray(lines)) return lines;
  const given = lines[language() === "ja" && lines["lines_ja"] ? "lines_ja" : "lines"];
  if (Array.isArray(given) && given.length) return given;
  const say = speaker(language(), "shell");
  const text = (key: string) => String(lines[key] ?? "");
  const named = ["boundaries", "population", "outlines"].map(text).filter(Boolean);
  return [...named, say("vintage.scenario", { name: text("scenario"), hash: text("hash"), version: text("version") })];
}

async function runs(): Promise<Run[]> {
  return (await api.get<{ runs: Run[] }>("runs")).runs.filter((r) => r.finished > 0);
}

function context(view: string): Context {
  const lang = language();
  const say = speaker(lang, view);
  return {
    state, api, clock, lang, say, says, runs,
    async run(box) {
      const list = await runs();
      const wanted = state.get("run");
      const found = list.find((r) => r.id === wanted) ?? (wanted ? undefined : list[0]);
      frame.runs(list, found?.id ?? "");
      if (found) return found;
      if (wanted) panels.empty(box, say("run.unknown", { name: wanted }), say("run.unknown_way"));
      else panels.empty(box, say("run.none"), say("run.none_way"));
      return null;
    },
    announce: frame.announce,
    loading: panels.loading,
    empty: panels.empty,
    fail: (box, error, again) => panels.fail(box, error, say, again),
    async savePicture(pictures, name, title = "") {
      saveBlob(await picture(pictures, { banner, footer: vintage }, title), fileName(banner, name));
    },
    saveText: (text, name, kind = "text/plain") => saveBlob(new Blob([text], { type: `${kind};charset=utf-8` }), fileName(banner, name)),
    async saveFrom(path, name, query) {
      const answer = await fetch(address(path, query));
      if (!answer.ok) throw new Error(`${answer.status}`);
      saveBlob(await answer.blob(), fileName(banner, name));
    },
  };
}

async function open(): Promise<void> {
  const mine = ++turn;
  close();
  close = () => undefined;
  clock.pause();
  delete document.documentElement.dataset["ready"];
  useTheme(state.get("theme"));
  frame.write(language());
  says(null, null);
  const name = state.view;
  const box = document.createElement("div");
  box.className = `view view-${name}`;
  frame.main.replaceChildren(box);
  const given = context(name);
  const module = MODULES[`./views/${name}.ts`];
  if (!module) return panels.empty(box, given.say("view.unknown", { name }), given.say("view.unknown_way"));
  panels.loading(box, given.say("loading"));
  try {
    const read = await module().catch(async (error: unknown) => {
      if (mine === turn && (await renewed())) return null; // this page ends here
      throw error;
    });
    if (!read || mine !== turn) return;
    box.replaceChildren();
    close = read.view.open(box, given);
  } catch (error) {
    if (mine === turn) given.fail(box, error, () => void open());
  }
}

/**
 * A view's program could not be read, which a browser remembers: the server was away, or has newer pages than this one.
 * Where it answers now, the page is read anew; drafts and the address outlive that.
 */
async function renewed(): Promise<boolean> {
  try {
    await api.get("version");
    if (Date.now() - Number(sessionStorage.getItem("renewed") ?? 0) < RENEW_MS) return false;
    sessionStorage.setItem("renewed", String(Date.now()));
  } catch {
    return false; // away: asked again every two seconds
  }
  window.location.reload();
  return true;
}

let waiting = false;
api.onReach = (reached) => {
  frame.reached(reached);
  if (!reached && !waiting) void wait();
};

/** Ask again until the server answers; then open anew what could not be shown. */
async function wait(): Promise<void> {
  waiting = true;
  for (let i = 0; i < RETRIES; i++) {
    await new Promise((done) => setTimeout(done, RETRY_MS));
    try {
      await api.get("version");
      break;
    } catch {
      // not yet
    }
  }
  waiting = false;
  if (document.querySelector("main .state.error")) void open();
}

state.on(["view", "lang", "theme", "run"], () => void open());
window.matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => void open());
void open();
