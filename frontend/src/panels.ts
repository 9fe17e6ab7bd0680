// The states a box can be in: loading, empty with its reason, failed with the way out.
import { ApiError } from "./api";
import { h } from "./dom";
import type { Say } from "./words";

export function loading(box: HTMLElement, text: string): void {
  box.replaceChildren(h("div", { class: "state", role: "status" }, h("span", { class: "spinner", "aria-hidden": true }), h("p", {}, text)));
}

export function empty(box: HTMLElement, why: string, wayOut?: string): void {
  box.replaceChildren(h("div", { class: "state" }, h("p", {}, why), wayOut ? h("p", { class: "quiet" }, wayOut) : null));
}

export function fail(box: HTMLElement, error: unknown, say: Say, again?: () => void): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const lost = error instanceof ApiError && error.status === 0;
  const facts: [string, unknown][] =
    error instanceof ApiError && !lost
      ? [["error.value", error.refusal.value], ["error.limit", error.refusal.limit], ["error.way_out", error.refusal.way_out]]
      : [["error.way_out", say(lost ? "error.lost_way" : "error.page_way")]];
  const what = lost ? say("error.lost") : error instanceof ApiError ? error.refusal.error : `${say("error.page")} ${String(error)}`;
  const rows = facts.filter(([, value]) => value !== undefined && value !== null && value !== "");
  box.replaceChildren(
    h("div", { class: "state error", role: "alert" },
      h("h2", {}, say("error.title")),
      h("p", { class: "error-what" }, what),
      h("dl", {}, ...rows.flatMap(([key, value]) => [h("dt", {}, say(key)), h("dd", {}, plain(value))])),
      again ? h("button", { type: "button", class: "button", onclick: again }, say("error.again")) : null,
    ),
  );
}

function plain(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
