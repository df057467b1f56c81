// The tables of a PAR sheet.

import { createSignal, For, Show } from "solid-js";
import { figure, grouped, money, percentText, words } from "../format.ts";
import type { Bucket, Combination, PayTable, Reels, Sheet, SymbolMap } from "../model/sheet.ts";
import { Panel } from "./common.tsx";
import { Emblem } from "./emblem.tsx";

/** A symbol with its picture. */
export function Name(props: { name: string; map: SymbolMap }) {
  return (
    <span class="symbol">
      <Emblem name={props.name} map={props.map} /> {props.name}
    </span>
  );
}

/** A bar as long as a share of the longest. */
function Bar(props: { share: number }) {
  return (
    <span class="bar-track" aria-hidden="true">
      <span class="bar-fill" style={{ width: `${Math.max(0, Math.min(1, props.share)) * 100}%` }} />
    </span>
  );
}

/** The RTP by source. */
export function Sources(props: { rtp: NonNullable<Sheet["rtp"]> }) {
  const rows = () =>
    Object.entries(props.rtp).filter(([name, share]) => name !== "total" && Number(share.percent) > 0);
  return (
    <Panel title="Where the return comes from">
      <table>
        <tbody>
          <For each={rows()}>
            {([name, share]) => (
              <tr>
                <th scope="row">{words(name)}</th>
                <td class="wide">
                  <Bar share={Number(share.percent) / Number(props.rtp.total.percent)} />
                </td>
                <td class="number">{percentText(share.percent, 3)}</td>
              </tr>
            )}
          </For>
          <tr class="total">
            <th scope="row">total</th>
            <td />
            <td class="number">{percentText(props.rtp.total.percent, 3)}</td>
          </tr>
        </tbody>
      </table>
    </Panel>
  );
}

/** The bands in which the RTP lies after so many rounds. */
export function Bands(props: { bands: NonNullable<Sheet["rtp_bands"]> }) {
  const confidences = () => props.bands[0]?.bands.map((band) => band.confidence) ?? [];
  return (
    <Panel
      title="RTP after so many rounds"
      note="Normal bands, µ ± z·σ/√n: of few rounds they are a rough guide."
    >
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                Rounds
              </th>
              <For each={confidences()}>
                {(confidence) => (
                  <th scope="col" class="number">
                    {confidence} %
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.bands}>
              {(row) => (
                <tr>
                  <th scope="row" class="number">
                    {grouped(row.games)}
                  </th>
                  <For each={row.bands}>
                    {(band) => (
                      <td class="number">
                        {figure(Math.max(0, Number(band.low_percent)), 1)}–{figure(band.high_percent, 1)}
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** What symbols pay. */
export function Pays(props: { sheet: Sheet; map: SymbolMap }) {
  return (
    <Panel
      title="Pays"
      note={`In bets of one credit (${money(props.sheet.layout.credit)}); scatters in stakes.`}
    >
      <PaysTable table={props.sheet.pays} map={props.map} />
      <Show when={props.sheet.scatter_pays?.symbols.length ? props.sheet.scatter_pays : undefined}>
        {(table) => (
          <>
            <h3>Scatters</h3>
            <PaysTable table={table()} map={props.map} />
          </>
        )}
      </Show>
    </Panel>
  );
}

function PaysTable(props: { table: PayTable; map: SymbolMap }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            <For each={props.table.counts}>
              {({ from, to }) => (
                <th scope="col" class="number">
                  {from === to ? from : `${from}–${to}`}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.table.symbols}>
            {(row) => (
              <tr>
                <th scope="row">
                  <Name name={row.symbol} map={props.map} />
                </th>
                <For each={row.pays}>{(pay) => <td class="number">{pay ? grouped(pay) : ""}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

/** How often rounds win how much, and what that returns. */
export function Distribution(props: { buckets: Bucket[] }) {
  const most = () => Math.max(...props.buckets.map((bucket) => Number(bucket.rtp.percent)));
  return (
    <Panel
      title="What a paid spin wins"
      note="The bars show what each range returns, as a part of the stake."
    >
      <table>
        <thead>
          <tr>
            <th scope="col">Stakes</th>
            <th scope="col" class="number">
              Probability
            </th>
            <th scope="col" class="wide">
              Return
            </th>
            <th scope="col" class="number">
              <span class="hidden">Return</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.buckets}>
            {(bucket, index) => (
              <tr>
                <th scope="row">{rangeName(bucket, index())}</th>
                <td class="number">{percentText(bucket.probability.percent, 3)}</td>
                <td class="wide">
                  <Bar share={Number(bucket.rtp.percent) / most()} />
                </td>
                <td class="number">{percentText(bucket.rtp.percent)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Panel>
  );
}

function rangeName(bucket: Bucket, index: number): string {
  if (index === 0 && bucket.below === undefined) return "nothing";
  if (bucket.below === undefined) return `${grouped(bucket.from)} or more`;
  return bucket.from === 0 ? `under ${bucket.below}` : `${grouped(bucket.from)} to ${grouped(bucket.below)}`;
}

/** How often each symbol is on each reel. */
export function Strips(props: { mode: string; reels: Reels; map: SymbolMap }) {
  const counts = (row: Reels["symbols"][number]) => row.stops ?? row.weights ?? [];
  const width = () => Math.max(0, ...props.reels.symbols.map((row) => counts(row).length));
  return (
    <Panel
      title={props.mode === "base" ? "Reels" : `Reels of ${words(props.mode)} games`}
      note={
        props.reels.strips ? "Stops of each symbol on each reel." : "Weights of each symbol on each reel."
      }
    >
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Symbol</th>
              <For each={Array.from({ length: width() })}>
                {(_, index) => (
                  <th scope="col" class="number">
                    {index() + 1}
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.reels.symbols}>
              {(row) => (
                <tr>
                  <th scope="row">
                    <Name name={row.symbol} map={props.map} />
                  </th>
                  <For each={counts(row)}>{(count) => <td class="number">{count || ""}</td>}</For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** How many combinations are shown before all are asked for. */
const FIRST = 8;

/** The winning combinations that return the most. */
export function Combinations(props: { mode: string; combinations: Combination[]; map: SymbolMap }) {
  const [all, setAll] = createSignal(false);
  const rows = () => props.combinations.toSorted((a, b) => Number(b.rtp.percent) - Number(a.rtp.percent));
  const base = () => props.mode === "base";
  const interval = () => rows().find((row) => row.interval)?.interval;
  return (
    <Panel
      title={base() ? "Winning combinations" : `Winning combinations of ${words(props.mode)} games`}
      note={`${base() ? "Those that return the most come first." : "What one such game returns, in stakes."}${
        interval() ? " Counted over simulated spins." : ""
      }`}
    >
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Combination</th>
              <th scope="col" class="number">
                Pays
              </th>
              <th scope="col" class="number">
                Probability
              </th>
              <th scope="col" class="number">
                Return
              </th>
              <Show when={interval()}>
                {(found) => (
                  <th scope="col" class="number">
                    ± at {found().confidence} %
                  </th>
                )}
              </Show>
            </tr>
          </thead>
          <tbody>
            <For each={all() ? rows() : rows().slice(0, FIRST)}>
              {(row) => (
                <tr>
                  <th scope="row">
                    {row.count} × <Name name={row.symbol} map={props.map} />
                  </th>
                  <td class="number">{row.pay === null ? "–" : grouped(row.pay)}</td>
                  <td class="number">{percentText(row.probability.percent, 4)}</td>
                  <td class="number">{percentText(row.rtp.percent, 3)}</td>
                  <Show when={interval()}>
                    <td class="number">{percentText(row.interval?.half_width_percent, 3)}</td>
                  </Show>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={rows().length > FIRST}>
        <button type="button" class="link" onClick={() => setAll(!all())}>
          {all() ? "Show fewer" : `Show all ${rows().length}`}
        </button>
      </Show>
    </Panel>
  );
}
