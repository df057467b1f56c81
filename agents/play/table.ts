// The summary as a table for people.

import type { Figures, Summary } from "./tally.ts";

/** Lines of a table: each cell as wide as the widest of its column, the first column to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? "").length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ");
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join("\n");
}

/** The summary of a run that took so many milliseconds. */
export function report(title: string, summary: Summary, elapsed: number): string {
  const speed = elapsed > 0 ? Math.round(summary.actions / (elapsed / 1000)) : 0;
  const sums = [
    ["sessions", whole(summary.sessions)],
    ["actions", whole(summary.actions), `${whole(speed)} a second`],
    ["paid rounds", whole(summary.rounds), `${percent(summary.hit_frequency)} of them paid`],
    ["staked", summary.wagered],
    ["won", summary.won, `${percent(summary.observed_rtp)} of the stakes`],
    ["fees", summary.fees],
    ["net", summary.net],
    ["biggest win", summary.biggest_win],
  ];
  const figures = [
    ["", "mean", "95 % interval", "variance"],
    ["reward of an action", ...row(summary.reward)],
    ["return of a session", ...row(summary.episode_return)],
    ["length of a session", ...row(summary.episode_length)],
  ];
  return `${title}\n\n${table(sums)}\n\n${table(figures)}\n`;
}

function row({ mean, low, high, variance }: Figures): string[] {
  return [decimal(mean), `${decimal(low)} … ${decimal(high)}`, decimal(variance)];
}

function decimal(value: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(4);
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(2)} %`;
}

function whole(value: number): string {
  return value.toLocaleString("en-GB");
}
