// The list of scenarios, and names that several views need.
import type { Context } from "../view";
import { has, speaker } from "../words";

export interface Listed {
  name: string;
  title: string;
  bundled: boolean;
  question?: string;
  threats?: number;
  architectures?: number;
  problem?: string | null;
}

/** Bundled ones and those of the workspace. */
export async function scenarioList(context: Context): Promise<Listed[]> {
  return (await context.api.get<{ scenarios: Listed[] }>("scenarios")).scenarios;
}

/** Name of an architecture in the language of the page; as it is written where there is no word. */
export function architectureWord(name: string, context: Context): string {
  const key = `architecture.${name}`;
  return has(context.lang, "widgets", key) ? speaker(context.lang, "widgets")(key) : name.replaceAll("_", " ");
}
