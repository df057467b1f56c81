// What was observed of a game, beside what its definition says.

import { For, Show } from "solid-js";
import { client, get, load } from "../api.ts";
import { chance, figure, grouped, percent, when, words } from "../format.ts";
import type { Observed as Body, Judged, ReelCounts } from "../model/observed.ts";
import { type SymbolMap, symbolMap } from "../model/sheet.ts";
import { Empty, Figure, Head, Loading, Panel } from "../parts/common.tsx";
import { Series } from "../parts/series.tsx";
import { Name } from "../parts/sheet.tsx";
import { to } from "../router.ts";

/** How often it is read again, in milliseconds. */
const EVERY = 5_000;
/** Below this p-value a figure is marked; among a hundred honest ones one is. */
const ODD = 0.01;

export function Observed(props: { id: string }) {
  const game = load(() => client().game(props.id));
  const observed = load(() => get<Body>(`/games/${encodeURIComponent(props.id)}/fingerprint`), EVERY);
  return (
    <Loading of={game}>
      {(found) => (
        <>
          <Head
            title={`${found().name}, observed`}
            up={[found().name, to("games", props.id)]}
            lead="What play and probes came to, and how likely such a distance from the exact profile is in an honest game."
          >
            <a class="button" href={`${to("sessions")}?game=${props.id}`}>
              Sessions
            </a>
          </Head>
          <Loading of={observed}>{(body) => <All body={body()} map={symbolMap(found())} />}</Loading>
          <Series id={props.id} />
        </>
      )}
    </Loading>
  );
}

function All(props: { body: Body; map: SymbolMap }) {
  const body = () => props.body;
  return (
    <Show
      when={body().covers.rounds > 0}
      fallback={
        <Empty title="Nothing was played of this game yet.">
          <p>
            Figures come with the first rounds; a probe brings thousands at once:{" "}
            <code>reel session probe SESSION 1000</code>
          </p>
        </Empty>
      }
    >
      <Alarm body={body()} />
      <dl class="figures">
        <Figure name="RTP" tone={tone(body().rtp.p_value)} note={`exact ${percent(body().rtp.expected, 3)}`}>
          {percent(body().rtp.observed, 2)}
        </Figure>
        <Figure
          name="Hit rate"
          tone={tone(body().hit_rate.p_value)}
          note={`exact ${percent(body().hit_rate.expected, 3)}`}
        >
          {percent(body().hit_rate.observed.value, 2)}
        </Figure>
        <Figure name="Rounds" note={`${grouped(body().covers.probe_spins)} demo spins`}>
          {grouped(body().covers.rounds)}
        </Figure>
        <Figure name="Free games">{grouped(body().covers.free_games)}</Figure>
        <Figure
          name="Events"
          note={body().waiting ? "more are being counted" : `as of ${when(body().as_of)}`}
        >
          {grouped(body().covers.events)}
        </Figure>
      </dl>
      <div class="columns">
        <Tests body={body()} />
        <For each={body().symbols}>
          {(mode) => (
            <Show when={mode.windows > 0}>
              <Counts mode={mode.mode} windows={mode.windows} reels={mode.reels} map={props.map} />
            </Show>
          )}
        </For>
      </div>
    </Show>
  );
}

function tone(p: number | null | undefined): "bad" | undefined {
  return p !== null && p !== undefined && p < ODD ? "bad" : undefined;
}

/** The drift alarm, as a line that cannot be missed when it is given. */
function Alarm(props: { body: Body }) {
  const drift = () => props.body.drift;
  return (
    <div class="alarm" data-tone={drift()?.alarmed ? "bad" : "good"} role="status">
      <Show when={drift()} fallback={<p>Drift is not watched: the profile of this game is simulated.</p>}>
        {(found) => (
          <Show
            when={found().alarmed}
            fallback={
              <p>
                <b>No drift.</b> The return of {grouped(found().rounds)} rounds fits the exact profile.
                Statistic {figure(found().statistic)} of {figure(found().threshold)}; a false alarm comes at
                most once in {grouped(found().average_run_length)} rounds.
              </p>
            }
          >
            <p>
              <b>Drift alarm.</b> {grouped(found().alarms)} in {grouped(found().rounds)} rounds; the last at
              round {grouped(found().last_alarm?.round ?? 0)}, {words(found().last_alarm?.direction ?? "")}.
            </p>
          </Show>
        )}
      </Show>
    </div>
  );
}

function Tests(props: { body: Body }) {
  const rows = (): [string, Judged][] => [
    ["RTP", props.body.rtp],
    ["Hit rate", props.body.hit_rate],
    ["Runs of hits", props.body.runs],
  ];
  return (
    <Panel
      title="Tests against the exact profile"
      note="A p-value is the probability that an honest game is at least so far off. One in a hundred honest tests is below 0.01: read them together."
    >
      <table>
        <thead>
          <tr>
            <th scope="col">Test</th>
            <th scope="col" class="number">
              z
            </th>
            <th scope="col" class="number">
              p
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {([name, judged]) => (
              <tr data-odd={tone(judged.p_value)}>
                <th scope="row">{name}</th>
                <td class="number">{figure(judged.z)}</td>
                <td class="number">{chance(judged.p_value)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <Show when={props.body.rtp.bands.length > 0}>
        <h3>Where the RTP should be by now</h3>
        <table>
          <tbody>
            <For each={props.body.rtp.bands}>
              {(band) => (
                <tr>
                  <th scope="row">{band.confidence} %</th>
                  <td class="number">
                    {percent(Math.max(0, band.low))} – {percent(band.high)}
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
    </Panel>
  );
}

function Counts(props: { mode: string; windows: number; reels: ReelCounts[]; map: SymbolMap }) {
  const names = () => props.map.symbols.map((symbol) => symbol.name);
  const cell = (reel: ReelCounts, name: string) => reel.symbols.find((found) => found.symbol === name);
  return (
    <Panel
      title={props.mode === "base" ? "Symbols on the reels" : `Symbols on the reels of ${props.mode} games`}
      note={`Seen in ${grouped(props.windows)} windows; below each count, how far it is from what the strips say.`}
    >
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Symbol</th>
              <For each={props.reels}>
                {(reel) => (
                  <th scope="col" class="number">
                    {reel.reel}
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={names()}>
              {(name) => (
                <tr>
                  <th scope="row">
                    <Name name={name} map={props.map} />
                  </th>
                  <For each={props.reels}>
                    {(reel) => (
                      <td class="number">
                        {grouped(cell(reel, name)?.observed ?? 0)}
                        <span class="sub">{off(cell(reel, name))}</span>
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </For>
            <tr class="total">
              <th scope="row">p of the reel</th>
              <For each={props.reels}>
                {(reel) => (
                  <td class="number" data-odd={tone(reel.p_value)}>
                    {chance(reel.p_value)}
                  </td>
                )}
              </For>
            </tr>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** The distance of a count from what is expected, as a percentage. */
function off(found: { observed: number; expected: number } | undefined): string {
  if (!found || found.expected === 0) return "";
  const share = (found.observed / found.expected - 1) * 100;
  return `${share < 0 ? "−" : "+"}${Math.abs(share).toFixed(1)} %`;
}
