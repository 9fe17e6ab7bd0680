// Asking the server. A refusal carries four things (what, value, limit, way out); see design/web_api.md.
export interface Refusal {
  error: string;
  value?: unknown;
  limit?: unknown;
  way_out?: unknown;
}

export class ApiError extends Error {
  constructor(
    readonly refusal: Refusal,
    readonly status: number, // 0: the server did not answer
  ) {
    super(refusal.error);
  }
}

export type Query = Record<string, string | number | boolean | undefined>;

/** Address of something under /api, relative to the page. */
export function address(path: string, query: Query = {}): string {
  const url = new URL(`api/${path}`, document.baseURI);
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== "") url.searchParams.set(key, String(value));
  return url.href;
}

export class Api {
  private kept = new Map<string, Promise<unknown>>();
  /** Told after every request whether the server answered. */
  onReach: (reached: boolean) => void = () => undefined;

  /** GET as JSON. */
  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.ask<T>("GET", path, undefined, query, signal);
  }

  /** GET, remembered (the last 24 answers): for what does not change, such as finished runs and outlines. */
  stored<T>(path: string, query: Query = {}): Promise<T> {
    const key = address(path, query);
    const found = this.kept.get(key);
    if (found) return found as Promise<T>;
    const asked = this.get<T>(path, query);
    this.kept.set(key, asked);
    asked.catch(() => this.kept.delete(key));
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > 24 && oldest !== undefined) this.kept.delete(oldest);
    return asked;
  }

  /** Forget remembered answers whose path begins so. */
  forget(path = ""): void {
    const start = address(path);
    for (const key of [...this.kept.keys()]) if (key.startsWith(start)) this.kept.delete(key);
  }

  post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return this.ask<T>("POST", path, body, {}, signal);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.ask<T>("PUT", path, body, {});
  }

  delete<T>(path: string): Promise<T> {
    return this.ask<T>("DELETE", path, undefined, {});
  }

  /** Server-sent events: `hear(kind, data)`; the browser resumes by itself. Returns how to stop. */
  events(path: string, kinds: readonly string[], hear: (kind: string, data: unknown) => void, lost: () => void = () => undefined): () => void {
    const source = new EventSource(address(path));
    for (const kind of kinds)
      source.addEventListener(kind, (event) => {
        // An "error" without data is the browser's word for a lost line.
        if (event instanceof MessageEvent) hear(kind, JSON.parse(String(event.data)));
      });
    source.addEventListener("error", lost);
    return () => source.close();
  }

  private async ask<T>(method: string, path: string, body: unknown, query: Query, signal?: AbortSignal): Promise<T> {
    let answer: Response;
    try {
      answer = await fetch(address(path, query), {
        method,
        signal: signal ?? null,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      this.onReach(false);
      throw new ApiError({ error: "" }, 0);
    }
    this.onReach(true);
    if (!answer.ok) throw new ApiError(await refusal(answer), answer.status);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
}

async function refusal(answer: Response): Promise<Refusal> {
  const text = await answer.text();
  try {
    const given = JSON.parse(text) as Partial<Refusal>;
    if (typeof given.error === "string") return given as Refusal;
  } catch {
    // not JSON: shown below as it is
  }
  return { error: `${answer.status} ${answer.statusText}`, value: text.slice(0, 300) };
}
