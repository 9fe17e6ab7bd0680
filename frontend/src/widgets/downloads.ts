// The row of download buttons under a figure or table.
import { h } from "../dom";
import type { Context } from "../view";
import { shared } from "./amount";
import type { Figure } from "./chart";
import type { Shown } from "./table";

export interface Offer {
  /** A drawing, saved as PNG. */
  figure?: Figure;
  /** A table, saved as CSV. */
  table?: Shown;
  /** Anything else, saved as JSON. */
  data?: unknown;
  name: string;
  title: string;
}

export function downloads(offer: Offer, context: Context): HTMLElement {
  const say = shared(context);
  const button = (key: string, deed: () => unknown) =>
    h("button", { type: "button", class: "button", "aria-label": `${say(key)}: ${offer.title}`, onclick: () => void Promise.resolve(deed()).catch((e: unknown) => context.announce(String(e))) }, say(key));
  return h("div", { class: "row downloads" },
    offer.figure && button("download.picture", () => {
      const svg = offer.figure!.svg();
      return svg && context.savePicture([svg], `${offer.name}.png`, offer.title);
    }),
    offer.table && button("download.csv", () => context.saveText(offer.table!.csv(), `${offer.name}.csv`, "text/csv")),
    offer.data !== undefined && button("download.json", () => context.saveText(JSON.stringify(offer.data, null, 1), `${offer.name}.json`, "application/json")),
  );
}
