// A scenario as text, with the schema's help and every mistake at its line.
import { h } from "../dom";
import { ApiError } from "../api";
import { number } from "../format";
import type { Context, View } from "../view";
import { shared } from "../widgets/amount";
import { follow, type Job } from "../widgets/job";
import { calmly, choice, page, section, type Page } from "../widgets/page";
import { scenarioChoices, scenarioList } from "../widgets/scenarios";
import { helpFor, namesAt, pathAt, type Schema } from "../widgets/schema";
import { sheet, type Problem, type Sheet } from "../widgets/sheet";

interface Opened {
  name: string;
  bundled: boolean;
  text: string;
  title: string;
  problems: Problem[];
  valid: boolean;
  architectures?: string[];
  replicates?: number;
  seed?: number;
}
interface Known {
  key: string;
  value: unknown;
  low: unknown;
  high: unknown;
  unit: string;
  source: string;
  grade: string;
}
interface Checked {
  valid: boolean;
  problems: Problem[];
}

const MOST = 256 * 1024; // bytes that the server takes
const NAME = /^[a-z0-9-]{1,60}$/;

export const view: View = {
  name: "editor",
  open(box, context) {
    context.loading(box, context.say("loading.editor"));
    return page("editor", box, context, ["s"], async (now) => {
      const list = await scenarioList(context);
      const wanted = context.state.get("s") || list.find((x) => x.name === "okinawa-2025")?.name || list[0]?.name;
      if (!wanted) return context.empty(box, context.say("none"));
      const [opened, schema] = await Promise.all([context.api.get<Opened>(`scenarios/${encodeURIComponent(wanted)}`), context.api.stored<Schema>("schema")]);
      if (!now.alive()) return;
      const pick = choice(shared(context)("scenario"), "s", scenarioChoices(list, context, (name) => context.say("own", { name })), wanted, context);
      box.replaceChildren(h("h1", {}, context.say("title")), h("p", { class: "lead" }, context.say("lead")), ...desk(opened, schema, pick, now, context));
    });
  },
};

/** What was typed and not saved outlives a change of language, theme or view, in this tab. */
const drafts = {
  read(name: string): string | null {
    try { return sessionStorage.getItem(`draft:${name}`); } catch { return null; }
  },
  write(name: string, text: string | null): void {
    try {
      if (text === null) sessionStorage.removeItem(`draft:${name}`);
      else sessionStorage.setItem(`draft:${name}`, text);
    } catch { /* no room: the text is still on the page */ }
  },
};

function desk(opened: Opened, schema: Schema, pick: HTMLElement, now: Page, context: Context): HTMLElement[] {
  const { say } = context;
  const draft = drafts.read(opened.name);
  const state = h("p", { class: "check-state", role: "status" });
  const problems = h("div", { class: "problems" });
  const help = h("div", { class: "field-help" });
  let known: Known[] = [];
  if (opened.valid) context.api.stored<{ numbers: Known[] }>("evidence", { scenario: opened.name }).then((e) => { known = e.numbers; if (now.alive()) helped(); }, () => undefined);
  const text = sheet(draft ?? opened.text, say("text"));
  const name = h("input", { class: "field", id: "scenario-name", maxlength: 60, pattern: "[a-z0-9\\-]{1,60}", autocomplete: "off", spellcheck: "false", value: opened.bundled ? `my-${opened.name}`.slice(0, 60) : opened.name });
  const undo = h("button", { type: "button", class: "button", disabled: draft === null }, say("undo"));
  const show = (found: Problem[]) => {
    text.mark(found);
    problems.replaceChildren(...problemList(found, text, context));
    state.textContent = found.length ? say("problems.n", { n: number(found.filter((p) => p.severity !== "warning").length), warnings: number(found.filter((p) => p.severity === "warning").length) }) : say("valid");
    state.className = `check-state ${found.some((p) => p.severity !== "warning") ? "not" : "fine"}`;
    helped();
  };
  const helped = () => help.replaceChildren(...helpBox(text, schema, known, context));
  const check = calmly(async () => {
    const given = text.value();
    if (new TextEncoder().encode(given).length > MOST) return show([{ key: "", line: null, message: say("too_long", { most: number(MOST / 1024) }) }]);
    try {
      const found = await context.api.post<Checked>("scenarios/check", { text: given });
      if (now.alive() && text.value() === given) show(found.problems);
    } catch (error) {
      if (now.alive()) context.fail(problems, error, () => check());
    }
  }, 500);
  text.onInput(() => {
    state.textContent = say("checking");
    state.className = "check-state quiet";
    undo.disabled = text.value() === opened.text;
    drafts.write(opened.name, undo.disabled ? null : text.value());
    check();
  });
  text.onMove(helped);
  undo.addEventListener("click", () => {
    text.set(opened.text);
    drafts.write(opened.name, null);
    undo.disabled = true;
    show(opened.problems);
  });
  if (draft === null) show(opened.problems);
  else check();
  return [h("div", { class: "editor-two" },
    section(say("text"), h("div", { class: "form-line" }, pick, undo,
      h("button", { type: "button", class: "button", onclick: () => context.saveText(text.value(), `${name.value || opened.name}.toml`, "application/toml") }, say("download"))),
      state, text.box, h("p", { class: "quiet" }, say("keys"))),
    h("div", { class: "stack" }, section(say("problems"), problems), section(say("help"), help), actions(opened, text, name, now, context, show)))];
}

function problemList(found: Problem[], text: Sheet, context: Context): HTMLElement[] {
  const { say } = context;
  if (!found.length) return [h("p", { class: "empty quiet" }, say("problems.none"))];
  const most = 60;
  return [h("ol", { class: "problem-list" }, ...found.slice(0, most).map((p) => h("li", {},
    h("button", { type: "button", class: "pick", disabled: !p.line, onclick: () => p.line && text.goto(p.line) }, p.line ? say("line", { n: p.line }) : say("line.none")),
    " ", h("code", {}, p.key), " ", h("span", { lang: "en" }, p.message),
    ...facts(p, context)))),
    found.length > most ? h("p", { class: "quiet" }, say("problems.more", { n: number(found.length - most) })) : h("span", {})];
}

function facts(p: Problem, context: Context): HTMLElement[] {
  const { say } = context;
  const rows: [string, unknown][] = [["given", p.value], ["limit", p.limit], ["nearest", p.nearest]];
  const there = rows.filter(([, v]) => v !== null && v !== undefined && v !== "");
  return there.length ? [h("p", { class: "quiet" }, there.map(([k, v]) => say(`problem.${k}`, { text: typeof v === "string" ? v : JSON.stringify(v) })).join(" · "))] : [];
}

function helpBox(text: Sheet, schema: Schema, known: Known[], context: Context): HTMLElement[] {
  const { say } = context;
  const path = pathAt(text.value(), text.cursor());
  if (!path.length) return [h("p", { class: "quiet" }, say("help.none"))];
  const found = helpFor(schema, path);
  const code = h("p", {}, h("code", {}, path.join(".")));
  if (!found) return [code, h("p", {}, say("help.unknown"))];
  const list = (title: string, names: string[]) => (names.length ? [h("dt", {}, title), h("dd", {}, names.slice(0, 40).join(", ") + (names.length > 40 ? " …" : ""))] : []);
  const names = namesAt(text.value(), text.cursor());
  const number_ = known.find((k) => names.includes(k.key));
  const words = shared(context);
  const range = number_ && number_.low !== null && number_.low !== undefined ? ` (${words("to", { low: String(number_.low), high: String(number_.high) })})` : "";
  return [code,
    number_ ? h("p", {}, say("help.number", { value: `${String(number_.value)}${range} ${number_.unit === "1" ? "" : number_.unit}`.trim() }), " ", h("span", { class: "chip" }, words(`grade.${number_.grade}`)), " ", h("span", { class: "quiet", lang: "en" }, number_.source)) : null,
    found.description ? h("p", { lang: "en" }, found.description) : number_ ? null : h("p", { class: "quiet" }, say("help.no_words")),
    h("dl", { class: "facts" },
      ...list(say("help.type"), found.type ? [found.type] : []), ...list(say("help.limits"), found.limits), ...list(say("help.choices"), found.choices),
      ...list(say("help.required"), found.required), ...list(say("help.optional"), found.optional))].filter((e) => e !== null);
}

function actions(opened: Opened, text: Sheet, name: HTMLInputElement, now: Page, context: Context, show: (p: Problem[]) => void): HTMLElement {
  const { say } = context;
  const place = h("div", { class: "stack", role: "status" });
  const count = h("input", { class: "field", id: "run-n", type: "number", min: 2, max: 100000, step: 1, value: "20" });
  const save = h("button", { type: "button", class: "button" }, say("save"));
  const go = h("button", { type: "button", class: "button main" }, say("run"));
  const put = async (): Promise<boolean> => {
    if (!NAME.test(name.value)) {
      place.replaceChildren(h("p", { class: "problem-word" }, say("name.bad")));
      name.focus();
      return false;
    }
    const given = text.value();
    try {
      await context.api.put(`scenarios/${encodeURIComponent(name.value)}`, { text: given, draft: false });
    } catch (error) {
      if (!now.alive()) return false;
      if (error instanceof ApiError && error.status === 400) {
        place.replaceChildren(h("p", { class: "problem-word" }, say("save.refused"), " ", h("span", { lang: "en" }, error.refusal.error)));
        await recheck(given);
      } else context.fail(place, error);
      return false;
    }
    drafts.write(opened.name, null);
    drafts.write(name.value, null);
    return now.alive();
  };
  const recheck = async (given: string) => {
    const found = await context.api.post<Checked>("scenarios/check", { text: given }).catch(() => null);
    if (found && now.alive()) show(found.problems);
  };
  const busy = (yes: boolean) => { save.disabled = yes; go.disabled = yes; };
  save.addEventListener("click", () => void (async () => {
    busy(true);
    if (await put()) {
      context.api.forget("whatif");
      if (name.value !== opened.name) context.state.set({ s: name.value });
      else place.replaceChildren(h("p", {}, say("saved", { name: name.value })));
      context.announce(say("saved", { name: name.value }));
    }
    busy(false);
  })());
  go.addEventListener("click", () => void (async () => {
    busy(true);
    // A bundled scenario that was not touched runs as it is.
    const untouched = text.value() === opened.text;
    if (untouched || (await put())) await run(untouched ? opened.name : name.value, Number(count.value), place, now, context);
    busy(false);
  })());
  void ongoing(place, now, context);
  return section(say("actions"), h("div", { class: "form-line" }, h("label", {}, say("name"), name), save),
    h("div", { class: "form-line" }, h("label", {}, say("replicates"), count), go), h("p", { class: "quiet" }, say("run.note")), place);
}

/** A run that was started before this view was left is found again. */
async function ongoing(place: HTMLElement, now: Page, context: Context): Promise<void> {
  const found = await context.api.get<{ jobs: Job[] }>("jobs").catch(() => null);
  const job = found?.jobs.find((j) => (j.kind === "run" || j.kind === "resume") && (j.status === "running" || j.status === "queued"));
  if (!job || !now.alive() || place.childElementCount) return;
  watch(job.id, job.run ?? "", job.command ?? "", place, now, context);
}

function watch(id: string, name: string, command: string, place: HTMLElement, now: Page, context: Context): void {
  const { say } = context;
  const followed = follow(id, context, (job) => {
    if (job.status === "done") {
      context.api.forget("runs");
      place.append(h("p", { class: "row" }, ...["study", "map", "people"].map((v) => h("a", { class: "button", href: context.state.address(v, { run: job.run ?? name }) }, say(`open.${v}`)))));
    } else if (job.status === "cancelled") {
      place.append(h("p", { class: "quiet" }, say("cancelled")));
    }
  });
  now.keep(followed.stop);
  place.replaceChildren(h("h3", {}, say("jobs.now")), command ? h("p", { class: "quiet" }, h("code", {}, command)) : "", followed.box);
}

async function run(scenario: string, replicates: number, place: HTMLElement, now: Page, context: Context): Promise<void> {
  try {
    const begun = await context.api.post<{ job: string; run: string; command?: string }>("runs", { scenario, replicates });
    if (!now.alive()) return;
    watch(begun.job, begun.run, begun.command ?? "", place, now, context);
  } catch (error) {
    if (now.alive()) context.fail(place, error);
  }
}
