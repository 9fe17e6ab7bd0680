"use strict";
// The console of an exercise. The token of a person comes behind # and is kept for this tab alone.
const EVERY_MS = 1000;
const WORDS = {
  ja: {
    alert: "警報", update: "更新", "all-clear": "解除", proposed: "作成待ち", checked: "発出待ち", look: "内容を見る", approve: "作成・署名する",
    release: "発出する", reject: "却下", cancel: "取り消す", places: "市町村", left: "失効まで", none: "ありません。", ended: "訓練は終了しました。",
    role: { composer: "作成者", releaser: "発出者", director: "訓練統括", observer: "観察者" }, token: "この画面を開くには、開始時に表示されたアドレス(#token=...)を使ってください。",
    reports: (r) => `センサー報告 ${r.there} 件着、${r.on_their_way} 件途上`, counts: (c) => `事案 ${c.incidents}、発射情報 ${c.notices}、取消 ${c.cancelled || 0}`,
    paused: "停止中", fastest: "最速", lag: (s) => `遅れ ${s} 秒`, lost: "サーバーに届きません。再接続しています。", areas: "宛先", people: "人口", beyond: "予測域の外",
    only: "予測域だが宛先でない", bystanders: "多角形の中だが宛先でない", uncovered: "宛先だが多角形の外", enrolled: "登録受信機", nobody: "なし", places_of: (n) => `${n} 市町村`, chars: "文字",
    rule: "規則（自動）", clockwork: "時計", track: (t) => `航跡 ${t}`, sure: "出ている知らせをすべて取り消して訓練を終えます。よろしいですか?", composer: "作成", two: "作成した人は発出できません。別の人が発出してください。",
    kinds: { opened: "開始", resumed: "再開", announced: "訓練開始の知らせ", notice: "発射情報", proposed: "案", checked: "作成・検査・署名", released: "発出", rejected: "却下", lapsed: "失効した案", held: "保留", cancelled: "取消", received: "受信確認", unreachable: "応答なし", reached: "応答回復", expiring: "まもなく失効", expired: "失効", injected: "付与", clock: "時計", stopped: "停止", ended: "終了" },
  },
  en: {
    alert: "Alert", update: "Update", "all-clear": "All-clear", proposed: "to be composed", checked: "to be released", look: "Look", approve: "Compose and sign",
    release: "Release", reject: "Reject", cancel: "Cancel it", places: "municipalities", left: "expires in", none: "None.", ended: "The exercise is over.",
    role: { composer: "composer", releaser: "releaser", director: "director", observer: "observer" }, token: "Open this page by the address that the command printed (#token=...).",
    reports: (r) => `sensor reports: ${r.there} there, ${r.on_their_way} on their way`, counts: (c) => `incidents ${c.incidents}, launch notices ${c.notices}, cancels ${c.cancelled || 0}`,
    paused: "paused", fastest: "as fast as possible", lag: (s) => `${s} s behind`, lost: "The server does not answer; trying again.", areas: "Recipients", people: "Residents", beyond: "Beyond the predicted area",
    only: "Predicted, not a recipient", bystanders: "Inside the polygons, not a recipient", uncovered: "Recipient, outside the polygons", enrolled: "Enrolled receivers", nobody: "nobody", places_of: (n) => `${n} municipalities`, chars: "places",
    rule: "the rule (automatic)", clockwork: "the clock", track: (t) => `track ${t}`, sure: "This cancels everything that stands and ends the exercise. Go on?", composer: "composed by", two: "Who composed it cannot release it; another person has to.",
    kinds: { opened: "opened", resumed: "resumed", announced: "exercise announced", notice: "launch notice", proposed: "proposal", checked: "composed, checked, signed", released: "released", rejected: "rejected", lapsed: "proposal lapsed", held: "held", cancelled: "cancelled", received: "receipts", unreachable: "no answer", reached: "answers again", expiring: "expires soon", expired: "expired", injected: "note", clock: "clock", stopped: "stopped", ended: "ended" },
  },
};
const $ = (id) => document.getElementById(id);
const shown = {};
let language = sessionStorage.getItem("language") || (navigator.language.startsWith("ja") ? "ja" : "en");
let token = sessionStorage.getItem("token") || "";
let last = null;
let looked = null;

function word() { return WORDS[language]; }
function made(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}
function button(text, className, name, act) {
  const node = made("button", text, className);
  node.type = "button";
  node.dataset.name = name;
  node.addEventListener("click", act);
  return node;
}
/** A track is named by its picture and its number there: "US events|2" is "US events, track 2". */
function trackName(name) {
  const [picture, number] = name.split("|");
  return number === undefined ? name : `${picture}, ${word().track(number)}`;
}
function person(name) {
  return name.startsWith("rule (") ? word().rule : name === "clock" ? word().clockwork : name;
}
function tell(text) { $("told").textContent = text; }

async function ask(path, body) {
  const headers = { Authorization: `Bearer ${token}` };
  const how = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(path, how);
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error || answer.statusText);
  return found;
}
async function act(verb, body) {
  try {
    await ask(`/api/${verb}`, body);
    tell("");
  } catch (error) {
    tell(error.message);
  }
  await refresh();
}

function clockText(iso) {
  const at = new Date(iso);
  const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return at.toLocaleTimeString("en-GB", { timeZone: "Asia/Tokyo", ...parts });
}
function put(id, key, nodes) {
  // Leave what has not changed alone, so that the keyboard's place is kept.
  if (shown[id] === key) return;
  const name = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.name : "";
  shown[id] = key;
  $(id).replaceChildren(...nodes());
  if (name) {
    const again = [...$(id).querySelectorAll("button")].find((b) => b.dataset.name === name);
    if (again) again.focus();
  }
}

function openCards(state) {
  const w = word();
  const can = (role) => state.person.role === role;
  if (!state.proposals.length) return [made("p", w.none, "quiet")];
  return state.proposals.map((p) => {
    const card = made("div", undefined, "card");
    card.append(made("b", w[p.kind]), made("span", w[p.state], "tag"), made("div", p.places[language] || ""));
    card.append(made("div", `${w.places_of(p.count)} · T+${p.t_issue_s} s · ${trackName(p.track)}${p.composer ? ` · ${w.composer} ${person(p.composer)}` : ""}`, "quiet"));
    const row = made("div", undefined, "buttons");
    if (p.state === "proposed" && can("composer")) row.append(button(w.approve, "go", `a${p.name}`, () => look(p, "approve")));
    if (p.state === "checked" && can("releaser")) row.append(button(w.release, "go", `r${p.name}`, () => look(p, "release")));
    if (can("composer") || can("releaser")) row.append(button(w.reject, "", `x${p.name}`, () => act("reject", { proposal: p.name, why: "console" })));
    row.append(button(w.look, "", `l${p.name}`, () => look(p, "")));
    card.append(row);
    return card;
  });
}
function standingCards(state) {
  const w = word();
  if (!state.standing.length) return [made("p", w.none, "quiet")];
  return state.standing.map((m) => {
    const card = made("div", undefined, m.expiring ? "card soon" : "card");
    card.append(made("b", w[m.kind] || m.kind), made("span", `r${m.revision}`, "tag"), made("div", m.places[language] || ""));
    card.append(made("div", `${w.places_of(m.count)} · T+${m.t_s} s · ${w.left} ${Math.max(0, Math.round(m.left_s / 60))} min`, "quiet"));
    if (state.person.role !== "observer") {
      const row = made("div", undefined, "buttons");
      row.append(button(w.cancel, "danger", `c${m.key}`, () => act("cancel", { key: m.key, why: "console" })));
      card.append(row);
    }
    return card;
  });
}
function rows(state) {
  const kinds = word().kinds;
  return state.rows.slice().reverse().map((r) => {
    const line = document.createElement("tr");
    for (const text of [r.number, `T+${r.t_s.toFixed(1)}`, clockText(r.at_utc), kinds[r.kind] || r.kind, person(r.who), r.incident]) line.append(made("td", String(text)));
    return line;
  });
}

function show(state) {
  const w = word();
  $("scenario").textContent = `${clockText(state.clock.scenario_utc)} JST`;
  $("epoch_s").textContent = `T+${state.clock.t_s.toFixed(0)} s`;
  $("wall").textContent = `${clockText(state.wall_utc)} JST`;
  const pace = state.clock.paused ? w.paused : state.clock.fastest ? w.fastest : `× ${state.clock.speed}`;
  $("pace").textContent = state.lag_s > 0 ? `${pace} · ${w.lag(state.lag_s)}` : pace;
  $("who").textContent = `${state.person.name} (${w.role[state.person.role]})`;
  $("reports").textContent = w.reports(state.reports);
  $("counts").textContent = w.counts(state.counts);
  $("n-open").textContent = state.proposals.length;
  $("n-standing").textContent = state.standing.length;
  $("n-silent").textContent = state.unreachable.length;
  $("n-silent").className = state.unreachable.length ? "tag bad" : "tag";
  $("silent").textContent = state.unreachable.map((u) => u.name).join(", ");
  $("pause").hidden = state.person.role !== "director";
  $("pause").disabled = state.ended;
  $("stop").hidden = state.person.role === "observer";
  $("stop").disabled = state.ended;
  const role = state.person.role + language;
  put("open", role + JSON.stringify(state.proposals), () => openCards(state));
  put("standing", role + JSON.stringify(state.standing.map((m) => [m.key, m.expiring, Math.round(m.left_s / 60)])), () => standingCards(state));
  put("rows", language + (state.rows.length ? state.rows[state.rows.length - 1].number : 0), () => rows(state));
  if (state.ended) tell(w.ended);
}

async function look(p, verb) {
  const w = word();
  let found;
  try {
    found = await ask(`/api/proposal?name=${encodeURIComponent(p.name)}`);
  } catch (error) {
    tell(error.message);
    return;
  }
  looked = { proposal: p.name, verb };
  $("look-title").textContent = `${w[found.kind]} · ${w.places_of(found.areas)}`;
  const list = document.createElement("dl");
  const row = (name, value) => list.append(made("dt", name), made("dd", value || w.nobody));
  row(w.areas, `${found.places[language]} (${w.places_of(found.areas)})`);
  row(w.people, found.people.toLocaleString());
  row(w.enrolled, String(found.enrolled));
  row(w.beyond, found.beyond_predicted[language]);
  row(w.only, found.predicted_only[language]);
  row(w.bystanders, found.bystanders.join(", "));
  row(w.uncovered, found.uncovered.join(", "));
  const texts = found.texts.map((t) => {
    const box = made("div", undefined, "text");
    box.append(made("b", t.headline), made("div", t.phone), made("div", `${t.language} · ${t.taken[0]} / ${t.taken[1]} ${w.chars} (${t.taken[2]})`, "quiet"));
    return box;
  });
  $("look-body").replaceChildren(list, ...texts);
  $("look-ask").hidden = verb !== "release";
  $("areas").value = "";
  $("look-act").hidden = !verb;
  $("look-act").textContent = verb ? w[verb] : "";
  $("look").showModal();
  (verb === "release" ? $("areas") : verb ? $("look-act") : $("look-close")).focus();
}

async function refresh() {
  if (!token) {
    tell(word().token);
    return;
  }
  try {
    last = await ask("/api/state");
    if ($("told").textContent === WORDS.ja.lost || $("told").textContent === WORDS.en.lost) tell("");
    show(last);
  } catch (error) {
    tell(error instanceof TypeError ? word().lost : error.message);
  }
}
function speak(wanted) {
  language = wanted;
  sessionStorage.setItem("language", wanted);
  document.body.classList.remove("ja", "en");
  document.body.classList.add(wanted);
  document.documentElement.lang = wanted;
  $("language").textContent = wanted === "ja" ? "English" : "日本語";
  if (last) show(last);
}

const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  token = given;
  sessionStorage.setItem("token", token);
  history.replaceState(null, "", location.pathname);
}
$("language").addEventListener("click", () => speak(language === "ja" ? "en" : "ja"));
$("pause").addEventListener("click", () => act("clock", { paused: !(last && last.clock.paused) }));
$("stop").addEventListener("click", () => { if (confirm(word().sure)) act("stop", { why: "console" }); });
async function go() {
  const { proposal, verb } = looked;
  const body = verb === "release" ? { proposal, areas: Number($("areas").value) } : { proposal };
  $("look").close();
  await act(verb, body);
}
$("look-act").addEventListener("click", go);
$("areas").addEventListener("keydown", (event) => {
  if (event.key === "Enter") { event.preventDefault(); if (looked && looked.verb) go(); }
});
speak(language);
refresh();
setInterval(refresh, EVERY_MS);
