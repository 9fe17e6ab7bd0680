// Stages after ignition: the middle and the 10 to 90 % span of each, down to the arrival.
import { s } from "../dom";
import { number } from "../format";
import type { Context } from "../view";
import { shared, unitWord } from "./amount";
import { axis, cut, figure, scale, sheet, textWidth, type Figure } from "./chart";

export interface Stage {
  label: string;
  p10: number | null;
  p50: number | null;
  p90: number | null;
  /** Share of raids in which it never came. */
  never?: number | null;
  /** The arrival is drawn otherwise: what everything else is held against. */
  end?: boolean;
}

const ROW = 34;
const TOP = 8;

/** The words of one stage: "193 s (180 to 220)". */
export function stageText(stage: Stage, context: Context): string {
  const say = shared(context);
  const never = stage.never ? `, ${say("never.share", { share: number(stage.never * 100, stage.never < 0.1 ? 1 : 0) })}` : "";
  if (stage.p50 === null) return `${say("never")}${stage.never && stage.never < 1 ? never : ""}`;
  const ends = stage.p10 === null || stage.p90 === null ? say("stage.open", { low: number(stage.p10 ?? stage.p50) }) : say("to", { low: number(stage.p10), high: number(stage.p90) });
  return `${number(stage.p50)} ${unitWord("s", context.lang)} (${ends})${never}`;
}

export function timeline(title: string, stages: readonly Stage[], context: Context): Figure {
  const label = `${title}. ${stages.map((e) => `${e.label}: ${stageText(e, context)}`).join("; ")}`;
  return figure((width) => draw(stages, width, label, context));
}

function draw(stages: readonly Stage[], width: number, label: string, context: Context): SVGSVGElement {
  const wide = width >= 620;
  const row = wide ? ROW : ROW + 16;
  const bottom = TOP + stages.length * row;
  const svg = sheet(width, bottom + 42, label);
  const found = stages.flatMap((e) => [e.p10, e.p50, e.p90]).filter((v): v is number => v !== null && Number.isFinite(v));
  const names = Math.min(240, Math.max(...stages.map((e) => textWidth(e.label))) + 14);
  const texts = Math.max(...stages.map((e) => textWidth(stageText(e, context), 14, 600))) + 14;
  const left = wide ? names : 10;
  const right = wide ? width - texts - 10 : width - 16;
  const x = scale(Math.min(0, ...found), Math.max(...found, 1), left + 8, right, Math.max(2, Math.floor((right - left) / 90)));
  svg.append(axis(x, TOP, bottom, shared(context)("axis.ignition")));
  const end = stages.find((e) => e.end)?.p50;
  if (typeof end === "number") svg.append(s("line", { x1: x(end), x2: x(end), y1: TOP, y2: bottom, class: "arrival" }));
  let before: [number, number] | null = null;
  stages.forEach((stage, i) => {
    const top = TOP + i * row;
    const y = wide ? top + row / 2 : top + 36;
    const baseline = wide ? y + 5 : top + 17;
    const text = stageText(stage, context);
    if (!wide) svg.append(s("rect", { x: 0, y: top + 1, width, height: 22, class: "plate" }));
    svg.append(
      s("text", { x: 0, y: baseline, class: "halo" }, cut(stage.label, wide ? names - 10 : width - textWidth(text, 14, 600) - 14)),
      s("text", { x: width, y: baseline, "text-anchor": "end", class: "halo strong" }, text),
    );
    if (stage.p50 === null) return;
    const at: [number, number] = [x(stage.p50), y];
    if (before) svg.append(s("path", { d: `M${before[0]} ${before[1]}L${at[0]} ${at[1]}`, class: "thread" }));
    before = at;
    if (stage.p10 !== null) {
      const to = stage.p90 ?? x.high;
      svg.append(s("line", { x1: x(stage.p10), x2: x(to), y1: y, y2: y, class: `whisker wide ${stage.end ? "series-end" : "series-0"}` }));
      // Open to the right: in more than a tenth of the raids it never came.
      if (stage.p90 === null) svg.append(s("path", { d: `M${x(to)} ${y - 6}l8 6l-8 6`, class: "whisker series-0", fill: "none" }));
    }
    svg.append(stage.end ? s("path", { d: `M${at[0]} ${y - 8}L${at[0] + 8} ${y}L${at[0]} ${y + 8}L${at[0] - 8} ${y}Z`, class: "mark series-end" }) : s("circle", { cx: at[0], cy: y, r: 6, class: "mark series-0" }));
  });
  return svg;
}
