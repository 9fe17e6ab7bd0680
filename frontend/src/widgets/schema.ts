// Where a cursor stands in a TOML text, and what the schema says about that place.
export interface Schema {
  $defs?: Record<string, Schema>;
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  default?: unknown;
}

export interface Help {
  description: string;
  type: string;
  limits: string[];
  choices: string[];
  required: string[];
  optional: string[];
}

const HEADER = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?/;
const KEY = /^\s*((?:[\w-]+|"[^"]*")(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=/;

/** Keys down to the place of the cursor: the last table header above it and the key of its line. */
export function pathAt(text: string, offset: number): string[] {
  const lines = text.slice(0, text.indexOf("\n", offset) === -1 ? text.length : text.indexOf("\n", offset)).split("\n");
  const split = (dotted: string) => dotted.split(".").map((k) => k.trim().replace(/^"|"$/g, ""));
  let table: string[] = [];
  for (let i = lines.length - 1; i >= 0; i--) {
    const found = HEADER.exec(lines[i]!);
    if (found) {
      table = split(found[1]!);
      if (i === lines.length - 1) return table;
      break;
    }
  }
  const key = KEY.exec(lines.at(-1)!);
  return key ? [...table, ...split(key[1]!)] : table;
}

/** Names under which a list of numbers may know the place: list items carry the name of their block. */
export function namesAt(text: string, offset: number): string[] {
  const path = pathAt(text, offset);
  const before = text.slice(0, offset).split("\n").length;
  const lines = text.split("\n");
  let first = before - 1;
  while (first > 0 && !HEADER.test(lines[first]!)) first--;
  const list = /^\s*\[\[\s*([^\]]+?)\s*\]\]/.exec(lines[first] ?? "");
  const plain = path.join(".");
  if (!list) return [plain];
  let last = first + 1;
  while (last < lines.length && !HEADER.test(lines[last]!)) last++;
  const named = lines.slice(first, last).map((l) => /^\s*(?:name|id)\s*=\s*"([^"]*)"/.exec(l)?.[1]).find((n) => n !== undefined);
  const depth = list[1]!.split(".").length;
  const head = path.slice(0, depth).join(".");
  return named === undefined ? [plain] : [[`${head}[${named}]`, ...path.slice(depth)].join("."), plain];
}

/** What the schema says about a path; null where it knows no such place. */
export function helpFor(schema: Schema, path: readonly string[]): Help | null {
  let here: Schema[] = [schema];
  let description = "";
  for (const key of path) {
    const next = here.flatMap((s) => forms(s, schema)).flatMap((s) => {
      const own = s.properties?.[key];
      if (own) return [own];
      return typeof s.additionalProperties === "object" ? [s.additionalProperties] : [];
    });
    if (!next.length) return null;
    here = next;
    description = next.map((s) => s.description).find(Boolean) ?? "";
  }
  const all = here.flatMap((s) => forms(s, schema));
  const objects = all.filter((s) => s.properties);
  const plain = all.filter((s) => !s.properties);
  const required = [...new Set(objects.flatMap((s) => s.required ?? []))];
  return {
    description: description || all.map((s) => s.description).find(Boolean) || "",
    type: [...new Set(all.flatMap((s) => s.type ?? []))].join(", "),
    limits: [...new Set(plain.flatMap(limits))],
    choices: [...new Set(all.flatMap((s) => s.enum ?? (s.const !== undefined ? [s.const] : [])).map(String))],
    required,
    optional: [...new Set(objects.flatMap((s) => Object.keys(s.properties ?? {})))].filter((k) => !required.includes(k)),
  };
}

/** A place may be given in several forms; references and list items are followed, a few levels deep. */
function forms(s: Schema, root: Schema, depth = 0): Schema[] {
  if (depth > 6) return [];
  if (s.$ref) {
    const name = s.$ref.replace("#/$defs/", "");
    const found = root.$defs?.[name];
    return found ? forms(found, root, depth + 1) : [];
  }
  const several = [...(s.anyOf ?? []), ...(s.oneOf ?? []), ...(s.allOf ?? [])].flatMap((x) => forms(x, root, depth + 1));
  const items = s.items ? forms(s.items, root, depth + 1) : [];
  return [s, ...several, ...items];
}

function limits(s: Schema): string[] {
  const out: string[] = [];
  if (s.minimum !== undefined) out.push(`≥ ${s.minimum}`);
  if (s.exclusiveMinimum !== undefined) out.push(`> ${s.exclusiveMinimum}`);
  if (s.maximum !== undefined) out.push(`≤ ${s.maximum}`);
  if (s.exclusiveMaximum !== undefined) out.push(`< ${s.exclusiveMaximum}`);
  if (s.multipleOf !== undefined) out.push(`step ${s.multipleOf}`);
  return out;
}
