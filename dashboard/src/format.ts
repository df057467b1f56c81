// How figures are written for people.

/** Test credits: at least two decimals, no more than are needed. The text is exact; it never becomes a float. */
export function money(amount: string | null | undefined): string {
  if (amount === null || amount === undefined) return "none";
  const [whole = "0", part = ""] = amount.replace(/^-/, "").split(".");
  const shown = part.padEnd(2, "0").replace(/(\d\d)0+$/, "$1");
  return `${amount.startsWith("-") ? "−" : ""}${grouped(whole)}.${shown}`;
}

/** A change in test credits, with its sign. */
export function change(amount: string): string {
  const text = money(amount);
  return /[1-9]/.test(text) && !text.startsWith("−") ? `+${text}` : text;
}

/** Whether an amount is below, at or above zero. */
export function sign(amount: string): -1 | 0 | 1 {
  if (!/[1-9]/.test(amount)) return 0;
  return amount.startsWith("-") ? -1 : 1;
}

/** Digits in groups of three, with thin spaces. */
export function grouped(digits: string | number): string {
  return String(digits).replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");
}

/** A share of 1 as a percentage. */
export function percent(share: number | null | undefined, places = 2): string {
  return share === null || share === undefined || Number.isNaN(share)
    ? "–"
    : `${(share * 100).toFixed(places)} %`;
}

/** A percentage that came as text, cut to so many decimals; more of them where it would be zero. */
export function percentText(text: string | null | undefined, places = 2): string {
  if (text === null || text === undefined) return "–";
  const value = Number(text);
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -places) return `${value.toPrecision(2)} %`;
  return `${value.toFixed(places)} %`;
}

/** A figure with so many decimals; a dash where there is none. */
export function figure(value: number | string | null | undefined, places = 2): string {
  if (value === null || value === undefined) return "–";
  const text = Number(value).toFixed(places).replace("-", "−");
  const [whole = "", part] = text.split(".");
  return part ? `${grouped(whole)}.${part}` : grouped(whole);
}

/** A probability that tells how likely chance is. */
export function chance(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return value < 0.001 ? value.toExponential(1) : value.toFixed(3);
}

/** `1 in 8.0` from a text of decimals. */
export function oneIn(text: string | null | undefined): string {
  if (!text) return "–";
  const value = Number(text);
  return `1 in ${value < 100 ? value.toFixed(1) : grouped(Math.round(value))}`;
}

/** The short form of an id: its end, since ids of one time begin alike. */
export function short(id: string): string {
  return `…${id.slice(-8)}`;
}

/** A name as a word: `free_games` is "free games". */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

const SECOND = 1000;
const STEPS: [number, string][] = [
  [86_400 * SECOND, "d"],
  [3600 * SECOND, "h"],
  [60 * SECOND, "min"],
  [SECOND, "s"],
];

/** How long ago an instant was, as of `now` in milliseconds. */
export function ago(instant: string, now: number): string {
  const passed = now - Date.parse(instant);
  const step = STEPS.find(([length]) => passed >= length);
  return step ? `${Math.floor(passed / step[0])} ${step[1]} ago` : "now";
}

/** An instant in the reader's own time zone. */
export function when(instant: string): string {
  const date = new Date(instant);
  const today = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString(undefined, { hour12: false });
  return today ? time : `${date.toLocaleDateString()} ${time}`;
}
