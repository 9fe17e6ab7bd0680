// A long job: what it does, how far it is, and how to stop it. One stream a page.
import { h } from "../dom";
import { number } from "../format";
import type { Context } from "../view";
import { shared } from "./amount";

export interface Job<Result = unknown> {
  id: string;
  kind: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  scenario: string;
  run?: string | null;
  command?: string | null;
  done: number;
  of: number;
  unit: string;
  line?: string | null;
  error?: string | null;
  way_out?: string | null;
  result?: Result | null;
}

export interface Followed {
  box: HTMLElement;
  stop(): void;
}

const LOST_MAX = 20; // the browser asks again every few seconds; after so many a person decides

/** Follow a job to its end; `seen` hears every state, the last one too. */
export function follow<Result>(id: string, context: Context, seen: (job: Job<Result>) => void): Followed {
  const say = shared(context);
  const bar = h("progress", { "aria-label": say("job.progress") });
  const line = h("p", { class: "job-line" });
  const cancel = h("button", { type: "button", class: "button" }, say("job.cancel"));
  const box = h("div", { class: "job", role: "group", "aria-label": say("job.progress") }, bar, line, cancel);
  let over = false;
  let lost = 0;
  let off = (): void => undefined;
  const stop = () => {
    over = true;
    off();
  };
  cancel.addEventListener("click", () => {
    cancel.disabled = true;
    context.api.delete<Job<Result>>(`jobs/${encodeURIComponent(id)}`).then(show, (error: unknown) => {
      cancel.disabled = false;
      line.textContent = error instanceof Error ? error.message : String(error);
    });
  });
  const show = (job: Job<Result>) => {
    if (over) return;
    lost = 0;
    if (job.of > 0 && job.status !== "queued") {
      bar.max = job.of;
      bar.value = job.done;
    }
    const count = say("job.count", { done: number(job.done), of: number(job.of), unit: say(`job.unit.${job.unit === "raids" ? "raids" : "replicates"}`) });
    line.textContent = `${say(`job.${job.status}`)} ${job.of > 0 ? count : ""}`.trim();
    box.dataset["status"] = job.status;
    const ended = job.status === "done" || job.status === "failed" || job.status === "cancelled";
    if (ended) {
      cancel.hidden = true;
      stop();
      context.announce(line.textContent);
      if (job.status === "failed") line.append(h("span", { class: "job-error" }, ` ${job.error ?? ""} ${job.way_out ?? ""}`));
    }
    seen(job);
  };
  off = context.api.events(`jobs/${encodeURIComponent(id)}/events`, ["state", "end"], (_, data) => show(data as Job<Result>), () => {
    if (over) return;
    line.textContent = say("job.lost");
    if (++lost < LOST_MAX) return void check();
    stop();
    line.textContent = say("job.gone");
    cancel.hidden = true;
  });
  // After a restart the server knows the job no more: say so instead of waiting for ever.
  const check = () => context.api.get<Job<Result>>(`jobs/${encodeURIComponent(id)}`).then(show, (error: { status?: number }) => {
    if (error.status !== 404 || over) return;
    stop();
    line.textContent = say("job.gone");
    cancel.hidden = true;
    seen({ id, kind: "", status: "failed", scenario: "", done: 0, of: 0, unit: "", error: say("job.gone") });
  });
  return { box, stop };
}
