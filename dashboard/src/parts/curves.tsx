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
      axis(colours, {
        splits: marks,
        filter: (_, splits) => splits,
        values: (_, splits) => splits.map(plain),
      }),
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

/** What is seen of the scale: the curve but for its first rounds, and of the band what there is room for. */
function range(curves: Curves): [number, number] {
  const from = Math.floor(curves.rounds.length / 20);
  const highest = curves.observed.slice(from).reduce((most, share) => Math.max(most, share), 0);
  const band = Math.min(3, (curves.high.at(-1) ?? 0) * 1.4);
  return [0, Math.max(1.5, highest * 1.1, band)];
}

/** Where the axis of rounds is marked: at 1, 10, 100 and so on, and at 2 and 5 of each while there is room. */
function marks(_: uPlot, _axis: number, min: number, max: number): number[] {
  const found: number[] = [];
  const parts = max / min > 1000 ? [1] : [1, 2, 5];
  for (let ten = 10 ** Math.floor(Math.log10(min)); ten <= max; ten *= 10) {
    found.push(...parts.map((part) => part * ten).filter((mark) => mark >= min && mark <= max));
  }
  return found;
}

function asPercent(share: number): string {
  return `${(share * 100).toFixed(share * 100 < 1000 && share % 0.01 > 1e-9 ? 1 : 0)} %`;
}

function plain(count: number): string {
  return count >= 1_000_000 ? `${count / 1_000_000} M` : count >= 1000 ? `${count / 1000} k` : String(count);
}

/** The band's name where it is written. */
export const BAND = `± ${Z95.toFixed(2)} σ/√n`;
