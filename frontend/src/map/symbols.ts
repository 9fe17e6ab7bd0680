// Standard symbols, read once; until they are there, nothing is drawn in their place.
import battery_exercise from "../../../src/hinomi/data/symbols/battery_exercise.svg?url";
import battery_study from "../../../src/hinomi/data/symbols/battery_study.svg?url";
import radar_exercise from "../../../src/hinomi/data/symbols/radar_exercise.svg?url";
import radar_study from "../../../src/hinomi/data/symbols/radar_study.svg?url";

const FILES: Record<string, Record<string, string>> = {
  study: { radar: radar_study, battery: battery_study },
  exercise: { radar: radar_exercise, battery: battery_exercise },
};
const HEIGHT = 28; // pixels: the letter that says study or exercise can be read

export interface Symbols {
  draw(c: CanvasRenderingContext2D, kind: "radar" | "battery", x: number, y: number): void;
  url(kind: "radar" | "battery"): string;
}

/** Symbols of a banner's kind; `ready` is called when they can be drawn. */
export function symbols(banner: string, ready: () => void): Symbols {
  const files = FILES[banner.toLowerCase() === "study" ? "study" : "exercise"]!;
  const images = new Map<string, HTMLImageElement>();
  for (const [kind, url] of Object.entries(files)) {
    const image = new Image();
    image.src = url;
    image.decode().then(() => { images.set(kind, image); ready(); }).catch(() => undefined);
  }
  return {
    draw(c, kind, x, y) {
      const image = images.get(kind);
      if (!image) return;
      const width = (image.width / image.height) * HEIGHT;
      c.drawImage(image, x - width / 2, y - HEIGHT / 2, width, HEIGHT);
    },
    url: (kind) => files[kind]!,
  };
}
