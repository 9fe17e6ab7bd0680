// Every text of the page lies in words/{en,ja}/<view>.json; both languages have the same keys (a test).
const FILES = import.meta.glob<Record<string, string>>("./words/*/*.json", { eager: true, import: "default" });

export type Lang = "en" | "ja";
/** Say a text; {name} in it is replaced, and {name|raid|raids} by the word for one or for more. */
export type Say = (key: string, values?: Record<string, string | number>) => string;

/** Texts of a view first, then those of the shell. */
export function speaker(lang: Lang, view: string): Say {
  const own = FILES[`./words/${lang}/${view}.json`] ?? {};
  const shell = FILES[`./words/${lang}/shell.json`] ?? {};
  return (key, values = {}) => {
    const text = own[key] ?? shell[key];
    if (text === undefined) {
      console.error(`no text for ${view}/${key} in ${lang}`);
      return key;
    }
    const counted = text.replace(/\{(\w+)\|([^|{}]*)\|([^|{}]*)\}/g, (_, name: string, one: string, more: string) => (String(values[name]) === "1" ? one : more));
    return counted.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}

/** Whether a text exists. */
export function has(lang: Lang, view: string, key: string): boolean {
  return key in (FILES[`./words/${lang}/${view}.json`] ?? {}) || key in (FILES[`./words/${lang}/shell.json`] ?? {});
}

/** What stands before the colon of a title where that says enough: "Okinawa and Kyushu, September 2025". */
export function headOf(title: string): string {
  const [head = title] = title.split(/[:：]/);
  return head.length > 8 ? head : title;
}
