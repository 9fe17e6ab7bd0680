// The list of scenarios, and names that several views need.
import type { Context } from "../view";
import { has, headOf, speaker } from "../words";

export interface Listed {
  name: string;
  title: string;
  title_ja?: string;
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

/** Scenarios to choose from: the title in the language of the page, and the name that commands take. */
export function scenarioChoices(list: readonly Listed[], context: Context, own = (name: string) => name): { value: string; text: string }[] {
  return list.map((x) => {
    const title = (context.lang === "ja" ? x.title_ja : undefined) || x.title;
    const name = x.bundled ? x.name : own(x.name);
    return { value: x.name, text: title && title !== x.name ? `${headOf(title)} · ${name}` : name };
  });
}

/** Name of an architecture in the language of the page; as it is written where there is no word. */
export function architectureWord(name: string, context: Context): string {
  const key = `architecture.${name}`;
  return has(context.lang, "widgets", key) ? speaker(context.lang, "widgets")(key) : name.replaceAll("_", " ");
}
