// Downloads. A picture says inside itself what it is: banner on top, vintage below, both in its metadata.
import { h } from "./dom";
import { FONTS, palette } from "./theme";
import type { Banner } from "./view";

export interface Said {
  banner: Banner;
  footer: string[];
}

/** Names of files that leave the page begin with what they are. */
export function fileName(banner: Banner, name: string): string {
  const prefix = `${banner.kind.toLowerCase()}-`;
  return prefix + name.replace(/^(study|exercise)-/, "").replace(/[^\w.-]+/g, "-");
}

/** Colour of a banner: it belongs to the kind, in both themes. */
export function bannerColour(banner: Banner): string {
  return banner.ground ?? (banner.kind.toLowerCase() === "study" ? "#56b4e9" : "#f0e442");
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Pictures beside each other as one PNG with banner, title and footer drawn in. */
export async function picture(parts: (HTMLCanvasElement | SVGSVGElement)[], said: Said, title: string): Promise<Blob> {
  const scale = Math.max(1, Math.min(2, window.devicePixelRatio || 1));
  const drawn = await Promise.all(parts.map((p) => (p instanceof HTMLCanvasElement ? sized(p) : rasterised(p, scale))));
  const width = Math.max(640, drawn.reduce((sum, d) => sum + d.width, 8 * (drawn.length - 1)));
  const height = Math.max(...drawn.map((d) => d.height));
  const sheet = document.createElement("canvas");
  const c = sheet.getContext("2d")!;
  c.font = `13px ${FONTS}`;
  const lines = said.footer.flatMap((line) => wrapped(c, line, width - 24));
  const top = 34 + (title ? 28 : 0);
  const total = top + height + 14 + lines.length * 18;
  sheet.width = width * scale;
  sheet.height = total * scale;
  c.scale(scale, scale);
  const colours = palette();
  c.fillStyle = colours.ground;
  c.fillRect(0, 0, width, total);
  c.fillStyle = bannerColour(said.banner);
  c.fillRect(0, 0, width, 34);
  c.fillStyle = "#000000";
  c.textAlign = "center";
  const text = `${said.banner.en}  ${said.banner.ja}`;
  let size = 16;
  do c.font = `700 ${size}px ${FONTS}`; while (c.measureText(text).width > width - 16 && --size > 7);
  c.fillText(text, width / 2, 23);
  c.textAlign = "left";
  c.fillStyle = colours.ink;
  c.font = `600 15px ${FONTS}`;
  if (title) c.fillText(title, 12, 54);
  let x = (width - drawn.reduce((sum, d) => sum + d.width, 8 * (drawn.length - 1))) / 2;
  for (const d of drawn) {
    c.drawImage(d.image, x, top, d.width, d.height);
    x += d.width + 8;
  }
  c.font = `13px ${FONTS}`;
  c.fillStyle = colours.quiet;
  lines.forEach((line, i) => c.fillText(line, 12, top + height + 18 + i * 18));
  const blob = await new Promise<Blob | null>((done) => sheet.toBlob(done, "image/png"));
  if (!blob) throw new Error("toBlob");
  return described(blob, [text, title, ...said.footer].join(" "));
}

interface Drawn {
  image: CanvasImageSource;
  width: number;
  height: number;
}

function sized(canvas: HTMLCanvasElement): Drawn {
  const box = canvas.getBoundingClientRect();
  return { image: canvas, width: box.width || canvas.width, height: box.height || canvas.height };
}

async function rasterised(svg: SVGSVGElement, scale: number): Promise<Drawn> {
  const box = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  inline(svg, copy);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(box.width * scale));
  copy.setAttribute("height", String(box.height * scale));
  if (!copy.getAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return { image, width: box.width, height: box.height };
}

/** A drawing outside its page has no stylesheet: what it gave is written into the copy. */
function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  const names = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "font-size", "font-weight", "font-family", "text-anchor", "color"];
  to.setAttribute("style", names.map((n) => `${n}:${style.getPropertyValue(n)}`).join(";"));
  [...from.children].forEach((child, i) => inline(child, to.children[i]!));
}

function wrapped(c: CanvasRenderingContext2D, text: string, width: number): string[] {
  const out: string[] = [];
  let line = "";
  for (const piece of text.match(/[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+/g) ?? []) {
    if (line && c.measureText(line + piece).width > width) {
      out.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return line ? [...out, line] : out;
}

/** The PNG with one iTXt chunk "Description" after its header. */
async function described(blob: Blob, text: string): Promise<Blob> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const body = new TextEncoder().encode(`iTXtDescription\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  const after = 8 + 25; // signature and IHDR
  return new Blob([bytes.slice(0, after), chunk, bytes.slice(after)], { type: "image/png" });
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
