// One session: its curves, its reels as they were played, and its events as they come.

import { createEffect, createMemo, createSignal, Show } from "solid-js";
import type { Game, Session as SessionBody } from "../api.ts";
import { change, figure, grouped, money, percent, sign, words } from "../format.ts";
import { curves } from "../model/curves.ts";
import { follow, type Live } from "../model/record.ts";
import { symbolMap, theory } from "../model/sheet.ts";
import { spinOf } from "../model/spin.ts";
import { Badge, Empty, Figure, Head, Id, Panel, Trouble } from "../parts/common.tsx";
import { BalanceCurve, ReturnCurve } from "../parts/curves.tsx";
import { Events } from "../parts/events.tsx";
import { Spin } from "../parts/reels.tsx";
import { place, to } from "../router.ts";

export function Session(props: { id: string }) {
  const live = follow(props.id);
  return (
    <>
      <Show when={live.error() && !live.session()}>
        <Head title="Session" up={["Sessions", to("sessions")]} />
      </Show>
      <Show when={live.error()}>{(error) => <Trouble error={error()} again={live.again} />}</Show>
      <Show
        when={live.session()}
        fallback={<Show when={!live.error()}>{<p class="waiting">Loading…</p>}</Show>}
      >
        {(session) => (
          <Show when={live.game()}>{(game) => <Told live={live} session={session()} game={game()} />}</Show>
        )}
      </Show>
    </>
  );
}

interface ToldProps {
  live: Live;
  session: SessionBody;
  game: Game;
}

function Told(props: ToldProps) {
  const drawn = createMemo(() => curves(props.live.events(), props.live.before(), theory(props.game)));
  return (
    <>
      <Head title={`${props.game.name} session`} up={["Sessions", to("sessions")]} lead={<Lead {...props} />}>
        <Actions session={props.session} />
      </Head>
      <Figures session={props.session} mean={theory(props.game)?.mean} />
      <div class="columns session">
        <div class="stack">
          <Reels live={props.live} game={props.game} />
        </div>
        <div class="stack">
          <Panel title="Return to player" note={<ReturnNote game={props.game} />}>
            <Show when={drawn().rounds.length > 0} fallback={<Empty title="No round is settled yet." />}>
              <ReturnCurve curves={drawn()} theory={theory(props.game)} />
            </Show>
          </Panel>
          <Panel title="Balance">
            <Show
              when={drawn().seq.length > 0}
              fallback={<Empty title="Nothing has moved the balance yet." />}
            >
              <BalanceCurve curves={drawn()} />
            </Show>
          </Panel>
          <Fairness session={props.session} />
        </div>
      </div>
    </>
  );
}

function Lead(props: ToldProps) {
  const stage = () => props.live.stage();
  return (
    <>
      <Badge word={props.session.state} />{" "}
      <Show when={stage() === "live"}>
        <span class="live">live</span>
      </Show>{" "}
      <Show when={props.session.player_profile.behavior}>{(behavior) => <>{behavior()} player · </>}</Show>
      <Id id={props.session.session_id} />
      <Show when={props.session.fairness.training}> · training: its draws can be repeated</Show>
    </>
  );
}

function Actions(props: { session: SessionBody }) {
  const ended = () => ["completed", "expired"].includes(props.session.state);
  return (
    <>
      <a class="button" href={to("games", props.session.game_id)}>
        Game
      </a>
      <Show when={props.session.current_wallet_id}>
        {(wallet) => (
          <a class="button" href={to("wallets", wallet())}>
            Wallet
          </a>
        )}
      </Show>
      <Show
        when={ended()}
        fallback={
          <a class="button primary" href={to("play", props.session.session_id)}>
            Play
          </a>
        }
      >
        <a class="button primary" href={`${to("verify")}?session=${props.session.session_id}`}>
          Verify
        </a>
      </Show>
    </>
  );
}

export function Figures(props: { session: SessionBody; mean: number | undefined }) {
  const metrics = () => props.session.metrics;
  const observed = () => Number(metrics().won) / Number(metrics().wagered);
  const tone = () => (sign(metrics().net) < 0 ? "bad" : sign(metrics().net) > 0 ? "good" : undefined);
  return (
    <dl class="figures">
      <Figure name="Net" tone={tone()} note={`fees ${money(metrics().fees)}`}>
        {change(metrics().net)}
      </Figure>
      <Figure
        name="Observed RTP"
        note={props.mean === undefined ? "" : `in the long run ${percent(props.mean)}`}
      >
        {percent(metrics().spins > 0 ? observed() : undefined, 1)}
      </Figure>
      <Figure name="Spins" note={`${grouped(metrics().free_games)} free games`}>
        {grouped(metrics().spins)}
      </Figure>
      <Figure
        name="Hits"
        note={percent(metrics().spins > 0 ? metrics().hits / metrics().spins : undefined, 1)}
      >
        {grouped(metrics().hits)}
      </Figure>
      <Figure name="Biggest win" note={`wagered ${money(metrics().wagered)}`}>
        {money(metrics().biggest_win)}
      </Figure>
      <Figure name="Longest dry run" note={`now ${grouped(metrics().dry_run)}`}>
        {grouped(metrics().longest_dry_run)}
      </Figure>
    </dl>
  );
}

function ReturnNote(props: { game: Game }) {
  const expected = () => theory(props.game);
  return (
    <Show when={expected()} fallback="What was won by what was wagered.">
      {(found) => (
        <>
          What was won by what was wagered, in the band in which 95 of 100 honest sessions are at each point:{" "}
          {percent(found().mean)} ± 1.96·{figure(found().deviation)}/√n.
        </>
      )}
    </Show>
  );
}

/** The reels of the event that was chosen, or of the last spin; below them, the events. */
function Reels(props: { live: Live; game: Game }) {
  const asked = Number(place().query.get("event"));
  const [picked, setPicked] = createSignal<number | undefined>(asked > 0 ? asked : undefined);
  const spins = createMemo(() => props.live.events().filter(spinOf));
  const shown = createMemo(() => spins().find((event) => event.seq === picked()) ?? spins().at(-1));
  const move = (by: number) => {
    const at = spins().findIndex((event) => event.seq === shown()?.seq);
    const next = spins()[Math.max(0, at + by)];
    setPicked(next && at + by < spins().length - 1 ? next.seq : undefined);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") move(-1);
    else if (event.key === "ArrowRight") move(1);
    else return;
    event.preventDefault();
  };
  createEffect(() => {
    // An event that is older than those at hand cannot be shown.
    const first = props.live.events()[0]?.seq;
    if (first !== undefined && (picked() ?? first) < first) setPicked(undefined);
  });
  return (
    <>
      <Panel
        title="Reels"
        aside={
          <Show when={shown()}>
            <div class="pager" role="toolbar" aria-label="Spins" onKeyDown={keys}>
              <button type="button" aria-label="Spin before" onClick={() => move(-1)}>
                ←
              </button>
              <span>
                {picked() === undefined ? "last: " : ""}event {grouped(shown()?.seq ?? 0)}
              </span>
              <button
                type="button"
                aria-label="Spin after"
                disabled={picked() === undefined}
                onClick={() => move(1)}
              >
                →
              </button>
            </div>
          </Show>
        }
      >
        <Show when={shown()} fallback={<Empty title="The reels have not turned yet." />}>
          {(event) => (
            <Show when={spinOf(event())}>
              {(result) => (
                <>
                  <Spin result={result()} map={symbolMap(props.game)} />
                  <p class="spin-line">
                    {result().mode === "free" ? words("free game") : `Stake ${money(result().stake)}`} · won{" "}
                    <b>{money(result().payout)}</b> · balance {money(result().balance)}
                  </p>
                </>
              )}
            </Show>
          )}
        </Show>
      </Panel>
      <Events live={props.live} picked={shown()?.seq} pick={setPicked} />
    </>
  );
}

function Fairness(props: { session: SessionBody }) {
  const fair = () => props.session.fairness;
  return (
    <Panel
      class="panel-fairness"
      title="Fairness"
      note="The commitment was published before the first draw; the seed that fits it is revealed at the end."
    >
      <dl class="facts">
        <dt>Commitment</dt>
        <dd>
          <code>{fair().commitment}</code>
        </dd>
        <dt>Server seed</dt>
        <dd>{fair().server_seed ? <code>{fair().server_seed}</code> : "secret until the session ends"}</dd>
        <dt>Client seed</dt>
        <dd>
          <code>{fair().client_seed}</code>
        </dd>
        <dt>Next nonce</dt>
        <dd>{grouped(fair().nonce)}</dd>
        <dt>Chain head</dt>
        <dd>
          <code>{props.session.chain_head}</code>
        </dd>
      </dl>
    </Panel>
  );
}
