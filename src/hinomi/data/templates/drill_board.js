"use strict";
// The director's token comes behind # and is kept for this tab alone.
// Everything that changes comes by /board.json; texts go in as text, never as markup.
const at = (id) => document.getElementById(id);
const cell = (text, kind) => { const td = document.createElement("td"); td.textContent = text; if (kind) td.className = kind; return td; };
const item = (text, kind) => { const li = document.createElement("li"); li.textContent = text; if (kind) li.className = kind; return li; };
const seconds = (value) => (value === null || value === undefined ? "-" : Math.round(value).toString());
const day = (iso, add) => new Date(Date.parse(iso) + 1000 * add);
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) { sessionStorage.setItem("director", given); history.replaceState(null, "", location.pathname); }
const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const time = (date) => date.toLocaleTimeString("en-GB", { timeZone: "Asia/Tokyo", ...parts }) + " JST";
const minutes = (value) => { const s = Math.max(0, Math.round(value)); return Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0"); };
const STEPS = { begun: "始まった begun", ended: "終わった ended", done: "済み done", found: "判明 found", answered: "応答あり answered", failed: "失敗 failed" };

function place(p, now) {
  const row = document.createElement("tr");
  row.append(cell(p.name_ja + " " + p.name_en, "text"));
  for (const stage of ["released", "received", "shown", "confirmed", "arrival"]) row.append(cell(seconds(p[stage])));
  let text = "-", kind = "text left";
  if (p.arrival !== null) {
    const left = p.arrival - now;
    text = (left > 0 ? Math.round(left) : "到達 arrived") + " / " + Math.round(p.shelter_s);
    const reached = p.shown === null ? p.arrival - now : p.arrival - p.shown;
    if (reached < p.shelter_s) row.classList.add("late"); else if (p.shown !== null) { kind += " ok"; text += " ○"; }
  }
  row.append(cell(text, kind));
  if (p.silent) row.classList.add("silent");
  return row;
}

function inject(i, told) {
  const running = i.name in told.down, late = i.done ? i.done.late_s : 0;
  let text = Math.round(i.at_s) + " s  " + i.japanese + " " + i.name;
  if (i.done) text += " — " + (STEPS[i.done.step] || i.done.step) + (late > 5 ? ", " + Math.round(late) + " s 遅れ late" : "");
  else if (told.t_s > i.at_s + 5) text += " — 遅れ late";
  return item(text, running ? "now" : i.done ? "done" : "");
}

function show(told) {
  at("scenario").textContent = time(day(told.epoch, told.t_s));
  at("wall").textContent = time(new Date(Date.parse(told.wall_utc)));
  at("speed").textContent = "×" + told.speed;
  at("elapsed").textContent = Math.round(told.t_s) + " / " + Math.round(told.end_s);
  at("progress").style.width = Math.min(100, (100 * told.t_s) / told.end_s) + "%";
  at("trouble").textContent = told.ended ? "訓練終了 The exercise has ended." : told.answers ? "" : "配信サーバーが応答しない The dispatcher does not answer.";
  at("stop").disabled = told.ended;
  const rows = told.places.slice().sort((a, b) => (b.silent - a.silent) || ((a.arrival ?? 1e9) - (b.arrival ?? 1e9)));
  at("places").replaceChildren(...rows.map((p) => place(p, told.t_s)));
  at("standing").replaceChildren(...(told.standing.length ? told.standing.map((m) => item(m.places.ja + " (" + m.places.en + ") — 残り left " + minutes(m.left_s))) : [item("なし none", "soft")]));
  at("silent").textContent = told.places.filter((p) => p.silent).map((p) => p.name_ja + " " + p.name_en).join("、") || "なし none";
  at("injects").replaceChildren(...told.injects.map((i) => inject(i, told)));
}

async function look() {
  try {
    show(await (await fetch("/board.json", { cache: "no-store" })).json());
  } catch {
    at("trouble").textContent = "進行役のプログラムが応答しない The drill does not answer.";
  }
  setTimeout(look, 700);
}

at("stop").addEventListener("click", async (event) => {
  const button = event.target;
  if (!button.classList.contains("sure")) {  // two clicks: the second one is meant
    button.classList.add("sure");
    button.textContent = "本当に中止 Really stop?";
    setTimeout(() => { button.classList.remove("sure"); button.textContent = "訓練を中止 Stop exercise"; }, 4000);
    return;
  }
  const token = sessionStorage.getItem("director");
  if (!token) { at("trouble").textContent = "中止には開始時に表示されたアドレス(#token=...)が必要 To stop, open the address that the command printed (#token=...)."; return; }
  const headers = { "Authorization": "Bearer " + token, "Content-Type": "application/json" };
  const answer = await fetch("/api/stop", { method: "POST", headers, body: JSON.stringify({ why: "stop button of the board" }) });
  at("trouble").textContent = answer.ok ? "中止した Stopped." : "中止できない Not stopped: " + answer.status;
});
look();
