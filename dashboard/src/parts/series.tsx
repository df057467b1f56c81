// What play came to over time: the analytics of a game.

import { createSignal, For, Show } from "solid-js";
import type uPlot from "uplot";
import { get, load } from "../api.ts";
import { change, figure, grouped, money, percent, sign } from "../format.ts";
import { at95, type GameAnalytics, type TimeBucket } from "../model/analytics.ts";
import { axis, Chart, type Colours } from "./chart.tsx";
import { Empty, Figure, Loading, Panel } from "./common.tsx";

/** How often they are read again, in milliseconds. */
const EVERY = 10_000;
const SHOWN = 48;

export function Series(props: { id: string }) {
  const [bucket, setBucket] = createSignal<"hour" | "day">("hour");
  const path = () => `/analytics/games/${encodeURIComponent(props.id)}`;
  const analytics = load(() => get<GameAnalytics>(`${path()}?bucket=${bucket()}&limit=${SHOWN}`), EVERY);
  return (
    <Loading of={analytics}>
      {(found) => (
        <>
          <Totals found={found()} />
          <Panel
            title="Over time"
            aside={
              <span class="row">
                <select
                  aria-label="Length of a bucket"
                  class="small"
                  value={bucket()}
                  onChange={(event) => setBucket(event.currentTarget.value as "hour" | "day")}
                >
                  <option value="hour">by hour</option>
                  <option value="day">by day (UTC)</option>
                </select>
                <a class="button" href={`${path()}?bucket=${bucket()}&format=csv`} download="analytics.csv">
                  CSV
                </a>
              </span>
            }
            note="The band is where the return of each bucket lies at 95 % by the profile."
          >
            <Show
              when={found().series.buckets.length > 0}
              fallback={<Empty title="Nothing was played yet." />}
            >
              <Show when={found().series.buckets.length > 1}>
                <Curve buckets={found().series.buckets} />
              </Show>
              <Buckets buckets={found().series.buckets} hours={found().series.bucket === "hour"} />
            </Show>
          </Panel>
        </>
      )}
    </Loading>
  );
}

function Totals(props: { found: GameAnalytics }) {
  const play = () => props.found.play;
  const figures = () => props.found.figures;
  return (
    <dl class="figures">
      <Figure name="Sessions" note={`${grouped(play().rounds)} rounds`}>
        {grouped(play().sessions)}
      </Figure>
      <Figure name="Wagered" note={`fees ${money(play().fees)}`}>
        {money(play().wagered)}
      </Figure>
      <Figure name="Won" note={`players' net ${change(play().net)}`}>
        {money(play().won)}
      </Figure>
      <Figure name="Payback" note="won by wagered, in money">
        {percent(figures().payback)}
      </Figure>
      <Figure name="Standard deviation" note={`exact ${figure(figures().volatility.expected)}`}>
        {figure(figures().volatility.observed)}
      </Figure>
    </dl>
  );
}

function Curve(props: { buckets: TimeBucket[] }) {
  const data = (): uPlot.AlignedData => {
    const rtp = (of: (bucket: TimeBucket) => number | null | undefined) =>
      props.buckets.map((bucket) => of(bucket) ?? null);
    return [
      props.buckets.map((bucket) => Date.parse(bucket.starts_at) / 1000),
      rtp((bucket) => at95(bucket.figures.rtp.bands)?.high),
      rtp((bucket) => Math.max(0, at95(bucket.figures.rtp.bands)?.low ?? 0)),
      rtp((bucket) => bucket.figures.rtp.expected),
      rtp((bucket) => bucket.figures.rtp.observed),
    ];
  };
  const value = (_: uPlot, v: number | null) => percent(v, 1);
  const options = (colours: Colours) => ({
    cursor: { y: false },
    scales: {
      y: {
        range: (_: uPlot, _low: number, high: number): [number, number] => [
          0,
          Math.min(4, Math.max(1.2, high * 1.05)),
        ],
      },
    },
    axes: [
      axis(colours),
      axis(colours, { size: 60, values: (_, splits) => splits.map((split) => percent(split, 0)) }),
    ],
    bands: [{ series: [1, 2] as [number, number], fill: colours.band }],
    series: [
      { label: "From" },
      { label: "High", stroke: colours.line, width: 1, points: { show: false }, value },
      { label: "Low", stroke: colours.line, width: 1, points: { show: false }, value },
      { label: "Exact", stroke: colours.gold, width: 1.5, dash: [6, 4], points: { show: false }, value },
      { label: "Observed", stroke: colours.accent, width: 2, value },
    ],
  });
  return (
    <Chart
      label="The return to player of each bucket, in its theoretical band"
      data={data()}
      options={options}
    />
  );
}

function Buckets(props: { buckets: TimeBucket[]; hours: boolean }) {
  const name = (instant: string) => {
    const date = new Date(instant);
    return props.hours
      ? date.toLocaleString(undefined, { dateStyle: "short", timeStyle: "short", hour12: false })
      : instant.slice(0, 10);
  };
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" class="number">
              Rounds
            </th>
            <th scope="col" class="number">
              Wagered
            </th>
            <th scope="col" class="number">
              Net
            </th>
            <th scope="col" class="number">
              RTP
            </th>
            <th scope="col" class="number">
              z
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.buckets.toReversed()}>
            {(bucket) => (
              <tr>
                <th scope="row">{name(bucket.starts_at)}</th>
                <td class="number">{grouped(bucket.play.rounds)}</td>
                <td class="number">{money(bucket.play.wagered)}</td>
                <td class="number" data-sign={sign(bucket.play.net)}>
                  {change(bucket.play.net)}
                </td>
                <td class="number">{percent(bucket.figures.rtp.observed, 1)}</td>
                <td class="number">{figure(bucket.figures.rtp.z)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
