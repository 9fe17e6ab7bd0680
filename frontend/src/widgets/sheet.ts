// A sheet of text with line numbers, and mistakes written behind the line they belong to.
import { h } from "../dom";

export interface Problem {
  key: string;
  line: number | null;
  message: string;
  value?: unknown;
  limit?: unknown;
  nearest?: unknown;
  severity?: string;
}

export interface Sheet {
  box: HTMLElement;
  value(): string;
  set(text: string): void;
  /** Offset of the cursor. */
  cursor(): number;
  goto(line: number): void;
  mark(problems: readonly Problem[]): void;
  onInput(hear: () => void): void;
  onMove(hear: () => void): void;
}

const LINE_PX = 21; // as in widgets.css

export function sheet(text: string, label: string): Sheet {
  const area = h("textarea", { class: "sheet-text", spellcheck: "false", wrap: "off", autocomplete: "off", autocapitalize: "off", "aria-label": label, id: "scenario-text" });
  const numbers = h("div", { class: "sheet-numbers", "aria-hidden": true });
  const behind = h("div", { class: "sheet-behind", "aria-hidden": true });
  const box = h("div", { class: "sheet" }, numbers, h("div", { class: "sheet-page" }, behind, area));
  let marks = new Map<number, Problem[]>();
  let lines = 0;
  area.value = text;
  area.setSelectionRange(0, 0);
  const draw = () => {
    const all = area.value.split("\n");
    if (all.length !== lines) lines = all.length;
    numbers.replaceChildren(...all.map((_, i) => h("div", { class: marks.has(i + 1) ? "wrong" : undefined }, String(i + 1))));
    behind.replaceChildren(...all.map((line, i) => {
      const found = marks.get(i + 1);
      if (!found) return h("div", {}, line || " ");
      return h("div", { class: found.every((p) => p.severity === "warning") ? "warned" : "wrong" }, h("span", { class: "under" }, line || " "), h("span", { class: "said" }, `  ← ${found[0]!.message}${found.length > 1 ? ` (+${found.length - 1})` : ""}`));
    }));
    roll();
  };
  const roll = () => {
    numbers.scrollTop = area.scrollTop;
    behind.scrollTop = area.scrollTop;
    behind.scrollLeft = area.scrollLeft;
  };
  area.addEventListener("scroll", roll);
  area.addEventListener("input", () => {
    // Marks belong to lines of the text that was checked; a new check brings new ones.
    if (area.value.split("\n").length !== lines) marks = new Map();
    draw();
  });
  draw();
  return {
    box,
    value: () => area.value,
    set(given) {
      area.value = given;
      marks = new Map();
      draw();
    },
    cursor: () => area.selectionStart,
    goto(line) {
      const all = area.value.split("\n");
      const start = all.slice(0, line - 1).reduce((sum, x) => sum + x.length + 1, 0);
      area.focus();
      area.setSelectionRange(start, start + (all[line - 1]?.length ?? 0));
      area.scrollTop = Math.max(0, (line - 6) * LINE_PX);
      area.dispatchEvent(new Event("select"));
    },
    mark(problems) {
      marks = new Map();
      for (const p of problems) if (p.line) marks.set(p.line, [...(marks.get(p.line) ?? []), p]);
      area.setAttribute("aria-invalid", String(problems.some((p) => p.severity !== "warning")));
      draw();
    },
    onInput: (hear) => area.addEventListener("input", hear),
    onMove(hear) {
      for (const kind of ["keyup", "click", "select", "focus"]) area.addEventListener(kind, hear);
    },
  };
}
