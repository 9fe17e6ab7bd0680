// Names on the map: most important first; one that fits nowhere is left out, never drawn over another.
import { FONTS, palette } from "../theme";

export interface Label {
  id: string;
  x: number;
  y: number;
  text: string;
  rank: number;
  colour?: string;
}
export type Box = [number, number, number, number];
const SPOTS = [[13, 5], [-13, 5], [12, -10], [12, 20], [-12, -10], [-12, 20], [0, -14], [0, 26]] as const;
const MOST = 60; // assumed: more names than this are not read at once

interface Stamp {
  image: HTMLCanvasElement;
  width: number;
}
const stamps = new Map<string, Stamp>();

/** A name with its halo, drawn once and copied afterwards: stroked text is dear. */
function stamp(text: string, colour: string, halo: string, ratio: number): Stamp {
  const key = `${text}|${colour}|${halo}|${ratio}`;
  const found = stamps.get(key);
  if (found) return found;
  if (stamps.size > 800) stamps.clear();
  const image = document.createElement("canvas");
  let c = image.getContext("2d")!;
  const font = `14px ${FONTS}`;
  c.font = font;
  const width = Math.ceil(c.measureText(text).width);
  image.width = Math.ceil((width + 8) * ratio);
  image.height = Math.ceil(24 * ratio);
  c = image.getContext("2d")!;
  c.scale(ratio, ratio);
  c.font = font;
  c.lineJoin = "round";
  c.lineWidth = 4;
  c.strokeStyle = halo;
  c.strokeText(text, 4, 17);
  c.fillStyle = colour;
  c.fillText(text, 4, 17);
  const made = { image, width };
  stamps.set(key, made);
  return made;
}

export class Labels {
  private spots = new Map<string, number>();

  /** Draw; returns how many were left out. */
  place(c: CanvasRenderingContext2D, labels: Label[], blocked: Box[], width: number, height: number, ratio: number): number {
    const p = palette();
    const taken = [...blocked];
    let left = 0;
    const seen = labels.filter((l) => l.x > 0 && l.y > 0 && l.x < width && l.y < height).sort((a, b) => b.rank - a.rank || (a.id < b.id ? -1 : 1));
    for (const [n, label] of seen.entries()) {
      if (n >= MOST) { left += seen.length - n; break; }
      const mark = stamp(label.text, label.colour ?? p.ink, p.halo, ratio);
      const last = this.spots.get(label.id) ?? 0;
      const order = [last, ...SPOTS.keys()].filter((s, i, all) => all.indexOf(s) === i);
      let done = false;
      for (const s of order) {
        const [dx, dy] = SPOTS[s]!;
        const x = dx > 0 ? label.x + dx : dx < 0 ? label.x + dx - mark.width : label.x - mark.width / 2;
        const y = label.y + dy;
        const box: Box = [x - 3, y - 15, x + mark.width + 3, y + 4];
        if (box[0] < 0 || box[2] > width || box[1] < 0 || box[3] > height) continue;
        if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
        c.drawImage(mark.image, x - 4, y - 17, mark.image.width / ratio, mark.image.height / ratio);
        taken.push(box);
        this.spots.set(label.id, s);
        done = true;
        break;
      }
      if (!done) left++;
    }
    return left;
  }
}
