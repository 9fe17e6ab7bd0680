// Colours of both themes from one file; a stylesheet reads them as --name, drawings as palette().name.
import both from "./palette.json";

export type Palette = Record<keyof typeof both.dark, string>;
let current: Palette = both.dark;

/** Colours of the theme that is on now. */
export function palette(): Palette {
  return current;
}

/** Whether a wish (auto, dark, light) means dark here and now. */
export function isDark(wish: string): boolean {
  return wish === "dark" || (wish !== "light" && !window.matchMedia("(prefers-color-scheme: light)").matches);
}

/** Put a theme on the page. */
export function useTheme(wish: string): void {
  const dark = isDark(wish);
  current = dark ? both.dark : both.light;
  const root = document.documentElement;
  root.dataset["theme"] = dark ? "dark" : "light";
  for (const [name, value] of Object.entries(current)) root.style.setProperty(`--${name}`, value);
}

/** Words on canvas name the same typefaces as the page, or a second one appears on the same picture. */
export const FONTS = '"Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", "Noto Sans", system-ui, sans-serif';
