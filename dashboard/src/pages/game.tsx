// A game with its PAR sheet.

import { For, Show } from "solid-js";
import { client, type Game as GameBody, get, load } from "../api.ts";
import { figure, grouped, money, oneIn, percentText, words } from "../format.ts";
import { gridName, largestWin, paysBy, profile, type Sheet, symbolMap } from "../model/sheet.ts";
import { Badge, Figure, Head, Id, Loading, Panel } from "../parts/common.tsx";
import { Bands, Combinations, Distribution, Pays, Sources, Strips } from "../parts/sheet.tsx";
import { to } from "../router.ts";

interface Both {
  game: GameBody;
  sheet: Sheet;
}

export function Game(props: { id: string }) {
  const path = () => `/games/${encodeURIComponent(props.id)}`;
  const both = load<Both>(async () => {
    const [game, sheet] = await Promise.all([client().game(props.id), get<Sheet>(`${path()}/par-sheet`)]);
    return { game, sheet };
  });
  return (
    <Loading of={both}>
      {(found) => (
        <>
          <Head title={found().game.name} up={["Games", to("games")]} lead={<Lead {...found()} />}>
            <a class="button" href={`${path()}/par-sheet?format=html`}>
              Print
            </a>
            <a class="button" href={`${path()}/par-sheet?format=csv`} download={`${found().game.name}.csv`}>
              CSV
            </a>
            <a class="button" href={to("games", props.id, "observed")}>
              Observed
            </a>
            <a class="button primary" href={`${to("play")}?game=${props.id}`}>
              Play
            </a>
          </Head>
          <Show when={found().sheet.rtp} fallback={<Pending game={found().game} again={both.again} />}>
            <Figures sheet={found().sheet} />
          </Show>
          <Details {...found()} />
        </>
      )}
    </Loading>
  );
}

function Lead(props: Both) {
  const map = () => symbolMap(props.game);
  return (
    <>
      <Badge word={props.sheet.method} /> {gridName(map())} · {paysBy(map())} · least stake{" "}
      {money(props.sheet.layout.unit_bet)} · <Id id={props.game.game_id} />
    </>
  );
}

function Pending(props: { game: GameBody; again: () => void }) {
  const job = () => props.game.profile_job;
  return (
    <Panel title="No figures yet">
      <p>
        {profile(props.game).method === "rejected"
          ? "The figures that were declared with the game differ from the computed ones, so that it cannot be played."
          : "The server is computing them in the background. Until then the game cannot be played."}
      </p>
      <Show when={job()}>
        {(found) => (
          <p>
            The job is {words(found().state)}.{" "}
            <button type="button" onClick={props.again}>
              Look again
            </button>
          </p>
        )}
      </Show>
    </Panel>
  );
}

function Figures(props: { sheet: Sheet }) {
  const sheet = () => props.sheet;
  return (
    <dl class="figures">
      <Figure
        name="Return to player"
        note={simulated(sheet()) ?? <Fraction text={sheet().rtp?.total.exact} />}
      >
        {percentText(sheet().rtp?.total.percent, 4)}
      </Figure>
      <Figure name="Hit frequency" note={percentText(sheet().hit_frequency?.probability.percent, 3)}>
        {oneIn(sheet().hit_frequency?.one_in)}
      </Figure>
      <Figure name="Standard deviation" note="of a round, in stakes">
        {figure(sheet().round?.standard_deviation, 3)}
      </Figure>
      <Figure name="Volatility index" note="at 90 %: 1.645 σ">
        {figure(sheet().round?.volatility_index?.find((found) => found.confidence === 90)?.index)}
      </Figure>
      <Figure name="Largest win" note={largestNote(sheet())}>
        {figure(largestWin(sheet().max_win), 0)} stakes
      </Figure>
      <Figure name="Cycle" note="combinations of the base game">
        {grouped(sheet().cycle?.base ?? "–")}
      </Figure>
    </dl>
  );
}

function largestNote(sheet: Sheet): string {
  const odds = Object.values(sheet.max_win ?? {}).map((win) => win.one_in);
  return odds[0] ? `base game: ${oneIn(odds[0])} spins` : "";
}

/** How far off a simulated return may be; nothing of an exact one. */
function simulated(sheet: Sheet): string | undefined {
  const { simulation } = sheet;
  const widest = simulation?.rtp_intervals.at(-1);
  if (!widest || !(simulation?.source_intervals || sheet.rtp?.base)) return undefined;
  return `simulated, ± ${percentText(widest.half_width_percent, 3)} at ${widest.confidence} %`;
}

/** An exact fraction, unless it is too long to be of use. */
function Fraction(props: { text: string | undefined }) {
  const short = () => props.text && props.text.length <= 24;
  return (
    <Show when={short()} fallback={props.text ? "exact" : ""}>
      {props.text}
    </Show>
  );
}

/** Two stacks, so that no panel waits for the one beside it. */
function Details(props: Both) {
  const map = () => symbolMap(props.game);
  const modes = <T,>(found: Record<string, T> | null) => Object.entries(found ?? {});
  return (
    <div class="columns">
      <div class="stack">
        <Show when={props.sheet.rtp}>{(rtp) => <Sources rtp={rtp()} />}</Show>
        <Pays sheet={props.sheet} map={map()} />
        <For each={modes(props.sheet.combinations)}>
          {([mode, found]) => <Combinations mode={mode} combinations={found} map={map()} />}
        </For>
      </div>
      <div class="stack">
        <Show when={props.sheet.win_distribution}>
          {(found) => <Distribution buckets={found().buckets} />}
        </Show>
        <Show when={props.sheet.rtp_bands}>{(bands) => <Bands bands={bands()} />}</Show>
        <For each={modes(props.sheet.reels)}>
          {([mode, reels]) => <Strips mode={mode} reels={reels} map={map()} />}
        </For>
        <Show when={props.sheet.not_computed.length > 0}>
          <Panel title="Not computed">
            <ul>
              <For each={props.sheet.not_computed}>{(line) => <li>{line}</li>}</For>
            </ul>
          </Panel>
        </Show>
      </div>
    </div>
  );
}
