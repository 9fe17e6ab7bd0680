// One state for the whole page, mirrored in the address: "#/map?run=..&a=national&t=330&lang=ja".
export type Values = Record<string, string>;
type Listener = (changed: ReadonlySet<string>) => void;

export class Store {
  private values: Values = {};
  private name = "map";
  private listeners = new Set<Listener>();

  constructor(private readonly defaults: Values) {
    this.read();
    window.addEventListener("hashchange", () => this.read());
    document.addEventListener("click", (event) => this.follow(event));
  }

  /** The view that is open. */
  get view(): string {
    return this.name;
  }

  /** A value, or its default, or "". */
  get(key: string): string {
    return this.values[key] ?? this.defaults[key] ?? "";
  }

  /** A value as a number; the fallback where it is none. */
  number(key: string, fallback: number): number {
    const text = this.get(key);
    const value = Number(text);
    return text !== "" && Number.isFinite(value) ? value : fallback;
  }

  /** Change values ("" removes one) without a new entry in the browser's history. */
  set(changes: Values): void {
    this.apply(this.name, { ...this.values, ...changes }, false);
  }

  /** Open another view, with a new entry in the browser's history; run, language and theme stay. */
  go(view: string, changes: Values = {}): void {
    const kept = Object.fromEntries(KEPT.map((k) => [k, this.values[k] ?? ""]));
    this.apply(view, { ...kept, ...changes }, true);
  }

  /** Address of a view with changes, for links. */
  address(view: string, changes: Values = {}): string {
    const kept = Object.fromEntries(KEPT.map((k) => [k, this.values[k] ?? ""]));
    return write(view, { ...kept, ...changes });
  }

  /** Hear of changes of any of the keys ("view" for the view); returns how to stop. */
  on(keys: readonly string[], hear: Listener): () => void {
    const listener: Listener = (changed) => {
      if (keys.some((k) => changed.has(k))) hear(changed);
    };
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Open what a link to a view names, at once. Left to the browser it would happen a moment later, and whatever writes
   * the address in between (the clock of the map, a list) would undo it: the click would be lost.
   */
  private follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#/"]') : null;
    if (!link || link.target || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const address = link.getAttribute("href")!;
    if (address !== window.location.hash) window.history.pushState(null, "", address);
    this.read();
  }

  private read(): void {
    const [path = "", query = ""] = window.location.hash.replace(/^#\/?/, "").split("?");
    this.take(path || "map", Object.fromEntries(new URLSearchParams(query)));
  }

  private apply(view: string, values: Values, push: boolean): void {
    const address = write(view, values);
    if (address !== window.location.hash) {
      if (push) window.history.pushState(null, "", address);
      else window.history.replaceState(null, "", address);
    }
    this.take(view, Object.fromEntries(Object.entries(values).filter(([, v]) => v !== "")));
  }

  private take(view: string, values: Values): void {
    const before = this.values;
    const keys = new Set([...Object.keys(before), ...Object.keys(values)]);
    const changed = new Set([...keys].filter((k) => before[k] !== values[k]));
    if (view !== this.name) changed.add("view");
    this.values = values;
    this.name = view;
    // A view that is left by the first of them hears no more: it would fill itself again and call itself ready.
    if (changed.size) for (const hear of [...this.listeners]) if (this.listeners.has(hear)) hear(changed);
  }
}

const KEPT = ["run", "lang", "theme"];

function write(view: string, values: Values): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, v]) => v !== "")).toString();
  return `#/${view}${query ? `?${query}` : ""}`;
}
