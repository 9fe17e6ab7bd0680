// One way to write numbers on every page: comma for thousands, point for fractions, the true minus sign.
/** 12345.6 -> "12,346"; digits after the point as asked; nothing where there is no number. */
export function number(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const fixed = Math.abs(value).toFixed(digits);
  const [whole = "", part] = fixed.split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
  return value < 0 && Number(fixed) !== 0 ? `−${text}` : text;
}

/** A figure with its interval: "57.3 (48.1 to 66.0) s". */
export function interval(value: number, low: number, high: number, digits: number, unit: string, to: string): string {
  return `${number(value, digits)} (${number(low, digits)} ${to} ${number(high, digits)})${unit ? ` ${unit}` : ""}`;
}

/** Seconds since the epoch of the scenario: "T+330 s". */
export function since(t_s: number): string {
  return `T${t_s < 0 ? "−" : "+"}${number(Math.abs(Math.round(t_s)))} s`;
}

/** Both clocks of a moment: ["10:35:30 UTC", "19:35:30 JST"]. */
export function clocks(epoch_utc: string, t_s: number): [string, string] {
  const at = Date.parse(epoch_utc) + Math.round(t_s) * 1000;
  const read = (ms: number) => new Date(ms).toISOString().slice(11, 19);
  return [`${read(at)} UTC`, `${read(at + 9 * 3600_000)} JST`];
}

/** The day of the epoch in Japan: "2025-09-15". */
export function day(epoch_utc: string): string {
  return new Date(Date.parse(epoch_utc) + 9 * 3600_000).toISOString().slice(0, 10);
}
