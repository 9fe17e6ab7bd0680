// What a view is, and what the shell gives it.
import type { Api } from "./api";
import type { Clock } from "./clock";
import type { Store } from "./state";
import type { Lang, Say } from "./words";

export interface View {
  name: string;
  /** Fill the box; return how to leave (stop listening, timers, streams). Called again after a change of language or theme. */
  open(box: HTMLElement, context: Context): () => void;
}

/** Banner as every answer about a run carries it. */
export interface Banner {
  kind: string; // STUDY or EXERCISE
  en: string;
  ja: string;
  ink?: string;
  ground?: string;
}

/** Where things come from: boundaries, population, outlines, scenario, hash, version, lines in both languages; or lines alone. */
export type Vintage = Record<string, string | string[]> | string[];

export interface Run {
  id: string;
  scenario: string;
  title: string;
  title_ja?: string;
  hash?: string; // of the scenario with its variant and changes
  replicates: number;
  finished: number;
  complete: boolean;
  seed: number;
  architectures: string[];
  made: string;
  has_tracks: boolean;
  kept: number; // replicates 0 to kept-1 can be replayed
  reconstruction: boolean;
}

export interface Context {
  state: Store;
  api: Api;
  clock: Clock;
  lang: Lang;
  say: Say;
  /** Runs of the workspace, newest first. */
  runs(): Promise<Run[]>;
  /** The run of the address, or the newest; null (after writing the empty state into the box) where there is none. */
  run(box: HTMLElement): Promise<Run | null>;
  /** The banner and footer that the data ask for; they stay until the next call. */
  says(banner: Banner | null, vintage: Vintage | null): void;
  /** One polite sentence for a screen reader. */
  announce(text: string): void;
  /** States of a box. Each replaces what was there. */
  loading(box: HTMLElement, text: string): void;
  empty(box: HTMLElement, why: string, wayOut?: string): void;
  fail(box: HTMLElement, error: unknown, again?: () => void): void;
  /** Download a picture (canvas or svg, drawn side by side) with banner and footer inside; the name gets `study-`. */
  savePicture(pictures: (HTMLCanvasElement | SVGSVGElement)[], name: string, title?: string): Promise<void>;
  /** Download data: text that is here, or an address of the API. The name gets `study-`. */
  saveText(text: string, name: string, kind?: string): void;
  saveFrom(path: string, name: string, query?: Record<string, string | number | boolean | undefined>): Promise<void>;
}
