// The curves of a session, drawn.

import type uPlot from "uplot";
import { type Curves, Z95 } from "../model/curves.ts";
import type { Theory } from "../model/sheet.ts";
import { axis, Chart, type Colours } from "./chart.tsx";

export function BalanceCurve(props: { curves: Curves }) {
  const options = (colours: Colours) => ({
    cursor: { y: false },
    legend: { live: true },
    scales: { x: { time: false } },
    axes: [axis(colours), axis(colours, { size: 64 })],
    series: [
      { label: "Event" },
      {
        label: "Balance",
        stroke: colours.accent,
        width: 2,
        points: { show: false },
        value: (_: uPlot, v: number | null) => v?.toFixed(2) ?? "–",
      },
    ],
  });
  return (
    <Chart
      label="The balance after each event"
      data={[props.curves.seq, props.curves.balance]}
      options={options}
      height={200}
    />
  );
}

/** The observed RTP in its band. Rounds are on a logarithmic scale: the band narrows with their square root. */
export function ReturnCurve(props: { curves: Curves; theory: Theory | undefined }) {
  const data = (): uPlot.AlignedData => {
    const { rounds, observed, low, high } = props.curves;
    const mean = rounds.map(() => props.theory?.mean ?? null);
    return props.theory ? [rounds, high, low, mean, observed] : [rounds, observed];
  };
  const options = (colours: Colours) => ({
    cursor: { y: false },
    scales: { x: { time: false, distr: 3 as const }, y: { range: () => range(props.curves) } },
    axes: [
      axis(colours, { values: (_, splits) => splits.map((n) => (n === null ? "" : plain(n))) }),
      axis(colours, { size: 56, values: (_, splits) => splits.map(asPercent) }),
    ],
    bands: props.theory ? [{ series: [1, 2] as [number, number], fill: colours.band }] : [],
    series: series(colours, props.theory),
  });
  const label = () => {
    const last = props.curves.observed.at(-1) ?? 0;
    return `The observed return to player after each round, at last ${asPercent(last)}, within its theoretical band`;
  };
  return <Chart label={label()} data={data()} options={options} height={260} />;
}

function series(colours: Colours, theory: Theory | undefined): uPlot.Series[] {
  const value = (_: uPlot, v: number | null) => (v === null ? "–" : asPercent(v));
  const observed = { label: "Observed", stroke: colours.accent, width: 2, points: { show: false }, value };
  if (!theory) return [{ label: "Round" }, observed];
  const edge = { stroke: colours.line, width: 1, points: { show: false }, value };
  return [
    { label: "Round" },
    { label: "High", ...edge },
    { label: "Low", ...edge },
    { label: "Exact", stroke: colours.gold, width: 1.5, dash: [6, 4], points: { show: false }, value },
    observed,
  ];
}

/** What is seen of the scale: the later part of the curve and its band; the first rounds may swing out of it. */
function range(curves: Curves): [number, number] {
  const from = Math.floor(curves.rounds.length / 20);
  const seen = [
    ...curves.observed.slice(from),
    curves.high[Math.min(curves.high.length - 1, from + 10)] ?? 0,
  ];
  return [0, Math.min(12, Math.max(1.5, ...seen.slice(-4000)) * 1.05)];
}

function asPercent(share: number): string {
  return `${(share * 100).toFixed(share * 100 < 1000 && share % 0.01 > 1e-9 ? 1 : 0)} %`;
}

function plain(count: number): string {
  return count >= 1_000_000 ? `${count / 1_000_000} M` : count >= 1000 ? `${count / 1000} k` : String(count);
}

/** The band's name where it is written. */
export const BAND = `± ${Z95.toFixed(2)} σ/√n`;
