// How far each number moves the figures, where a sensitivity answer about the same scenario lies in the workspace.
import type { Context } from "../view";

interface Answered {
  content: { targets: string[]; results: Record<string, Record<string, { effects: { key: string; change: { value: number | null } }[] }>> };
}

/** Key -> its effects on the first target, each as a share of the largest on that figure, summed; null without such an answer. */
export async function effects(hash: string, context: Context): Promise<{ id: string; sizes: Map<string, number> } | null> {
  const list = await context.api.get<{ answers?: { id: string; kind: string; hash?: string | null }[] }>("runs");
  const answer = (list.answers ?? []).find((a) => a.kind === "sensitivity" && a.hash?.startsWith(hash));
  if (!answer) return null;
  const { content } = await context.api.stored<Answered>(`answers/${encodeURIComponent(answer.id)}`);
  const sizes = new Map<string, number>();
  for (const figure of Object.values(content.results[content.targets[0] ?? ""] ?? {})) {
    const size = (e: { change: { value: number | null } }) => Math.abs(e.change.value ?? 0);
    const most = Math.max(0, ...figure.effects.map(size));
    const largest = new Map<string, number>();
    for (const e of figure.effects) largest.set(e.key, Math.max(largest.get(e.key) ?? 0, size(e)));
    if (most > 0) for (const [key, value] of largest) sizes.set(key, (sizes.get(key) ?? 0) + value / most);
  }
  return { id: answer.id, sizes };
}
