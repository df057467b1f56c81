// Play by hand: a game, a wallet, and then the reels.

import { amount, units } from "@client/money.ts";
import { createMemo, createSignal, For, Show } from "solid-js";
import { client, type Event, type Game, load, type Wallet } from "../api.ts";
import { money, percent } from "../format.ts";
import { done, outcome } from "../model/events.ts";
import { follow, type Live } from "../model/record.ts";
import { symbolMap, theory, unitBet } from "../model/sheet.ts";
import { type SpinResult, spinOf } from "../model/spin.ts";
import { Brief } from "../parts/brief.tsx";
import { Badge, Empty, Head, Id, Loading, Panel, Trouble } from "../parts/common.tsx";
import { NewWallet } from "../parts/new_wallet.tsx";
import { Spin } from "../parts/reels.tsx";
import { go, place, to } from "../router.ts";
import { newestWallets } from "../wallets.ts";

interface Choices {
  games: Game[];
  wallets: Wallet[];
}

/** The first step: what to play, and from which wallet. */
export function Play() {
  const choices = load<Choices>(async () => {
    const games: Game[] = [];
    for await (const game of client().games()) if (theory(game)) games.push(game);
    const { items } = await newestWallets();
    return { games, wallets: items };
  });
  return (
    <>
      <Head title="Play" lead="By hand, from a wallet of test credits." />
      <Loading of={choices}>
        {(found) => (
          <Show
            when={found().games.length > 0}
            fallback={<Empty title="There is no game that can be played yet." />}
          >
            <Setup choices={found()} again={choices.again} />
          </Show>
        )}
      </Loading>
    </>
  );
}

function Setup(props: { choices: Choices; again: () => void }) {
  const asked = place().query;
  const [game, setGame] = createSignal(asked.get("game") ?? props.choices.games[0]?.game_id ?? "");
  const [wallet, setWallet] = createSignal(asked.get("wallet") ?? props.choices.wallets[0]?.wallet_id ?? "");
  const [seed, setSeed] = createSignal("");
  const [error, setError] = createSignal<unknown>();
  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    setError(undefined);
    const client_seed = seed().trim() || null;
    try {
      const player_profile = { behavior: "by hand" };
      const body = { game_id: game(), wallet_id: wallet(), player_profile, client_seed };
      go(to("play", (await client().createSession(body)).session_id));
    } catch (failure) {
      setError(() => failure);
    }
  };
  const made = (found: Wallet) => {
    setWallet(found.wallet_id);
    props.again();
  };
  return (
    <div class="columns">
      <Show
        when={wallet()}
        fallback={
          <Panel title="1. A wallet" note="Test credits: open it with as many as you like.">
            <NewWallet made={made} />
          </Panel>
        }
      >
        <Panel title="A new session">
          <form class="form" onSubmit={start}>
            <label>
              Game
              <select value={game()} onChange={(event) => setGame(event.currentTarget.value)}>
                <For each={props.choices.games}>
                  {(found) => (
                    <option value={found.game_id} selected={found.game_id === game()}>
                      {found.name} – RTP {percent(theory(found)?.mean)}, σ{" "}
                      {theory(found)?.deviation.toFixed(1)}
                    </option>
                  )}
                </For>
              </select>
            </label>
            <label>
              Wallet
              <select value={wallet()} onChange={(event) => setWallet(event.currentTarget.value)}>
                <For each={props.choices.wallets}>
                  {(found) => (
                    <option value={found.wallet_id} selected={found.wallet_id === wallet()}>
                      {found.wallet_id.slice(-8)} – {money(found.balance)} credits
                    </option>
                  )}
                </For>
                <Show when={!props.choices.wallets.some((found) => found.wallet_id === wallet())}>
                  <option value={wallet()}>{wallet().slice(-8)}</option>
                </Show>
              </select>
            </label>
            <label>
              Client seed <span class="note">(your share in the draws; empty for the session's id)</span>
              <input maxlength="80" value={seed()} onInput={(event) => setSeed(event.currentTarget.value)} />
            </label>
            <button type="submit" class="primary">
              Start the session
            </button>
            <button type="button" class="link" onClick={() => setWallet("")}>
              Use a new wallet
            </button>
          </form>
          <Show when={error()}>{(found) => <Trouble error={found()} />}</Show>
        </Panel>
      </Show>
      <Show when={props.choices.games.find((found) => found.game_id === game())}>
        {(found) => (
          <Panel title={found().name} aside={<a href={to("games", found().game_id)}>PAR sheet</a>}>
            <div class="stack">
              <Brief game={found()} />
            </div>
            <p class="note">
              Each spin is drawn from a seed that is committed to when the session opens, and revealed when
              you cash out.
            </p>
          </Panel>
        )}
      </Show>
    </div>
  );
}

/** The second step: the reels of a session. */
export function PlaySession(props: { id: string }) {
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
        <Show when={live.game()}>{(game) => <Table live={live} game={game()} />}</Show>
      </Show>
    </>
  );
}

/** How many events are listed below the reels. */
const LISTED = 8;

function Table(props: { live: Live; game: Game }) {
  const session = () => props.live.session();
  const can = (action: string) => session()?.allowed_actions.includes(action) ?? false;
  const unit = unitBet(symbolMap(props.game));
  const [stake, setStake] = createSignal(amount(startingStake(unit)));
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  const last = createMemo(() => props.live.events().findLast((event) => spinOf(event)));
  const held = () => session()?.state === "bet_placed" || session()?.state === "free_games";

  const act = async (body: Parameters<ReturnType<typeof client>["act"]>[1]) => {
    if (busy()) return;
    setBusy(true);
    setError(undefined);
    try {
      props.live.answered((await client().act(session()?.session_id ?? "", body)).session);
    } catch (failure) {
      setError(() => failure);
    } finally {
      setBusy(false);
    }
  };
  const spin = (event: SubmitEvent) => {
    event.preventDefault();
    act(held() ? { type: "spin" } : { type: "spin", amount: stake().trim() });
  };
  return (
    <>
      <Head title={props.game.name} up={["Play", to("play")]} lead={<Lead live={props.live} />}>
        <a class="button" href={to("games", props.game.game_id)}>
          Game
        </a>
        <a class="button" href={to("sessions", session()?.session_id ?? "")}>
          Curves and events
        </a>
      </Head>
      <div class="table" aria-busy={busy()}>
        <div class="table-reels" classList={{ turning: busy() }}>
          <Show when={last()} fallback={<Empty title="The seed is committed; the reels wait for you." />}>
            {(event) => <Spin result={spinOf(event()) as SpinResult} map={symbolMap(props.game)} play />}
          </Show>
          <p class="spin-line" role="status">
            <Show when={last()}>{(event) => <Said event={event()} />}</Show>
          </p>
        </div>
        <div class="stack">
          <Purse live={props.live} />
          <form class="panel form" onSubmit={spin}>
            <Stake unit={unit} stake={stake()} set={setStake} fixed={held()} />
            <button type="submit" class="primary spin-button" disabled={busy() || !can("spin")}>
              {session()?.state === "free_games"
                ? `Free game (${session()?.round?.free_games_left} left)`
                : "Spin"}
            </button>
            <div class="row">
              <button
                type="button"
                disabled={busy() || !can("bet")}
                onClick={() => act({ type: "bet", amount: stake().trim() })}
              >
                Bet first
              </button>
              <Show when={can("void")}>
                <button type="button" disabled={busy()} onClick={() => act({ type: "void" })}>
                  Take it back
                </button>
              </Show>
              <button
                type="button"
                disabled={busy() || !can("cash_out")}
                onClick={() => act({ type: "cash_out" })}
              >
                Cash out
              </button>
            </div>
            <Show when={error()}>{(found) => <Trouble error={found()} />}</Show>
          </form>
          <Over live={props.live} />
          <Panel title="Last events">
            <ol class="plain small" reversed>
              <For each={props.live.events().slice(-LISTED).reverse()} fallback={<li>None yet.</li>}>
                {(event) => (
                  <li>
                    {done(event)} <span class="outcome">{outcome(event)}</span>
                  </li>
                )}
              </For>
            </ol>
          </Panel>
        </div>
      </div>
    </>
  );
}

function Lead(props: { live: Live }) {
  const session = () => props.live.session();
  return (
    <>
      <Badge word={session()?.state ?? ""} />{" "}
      <Show when={props.live.stage() === "live"}>
        <span class="live">live</span>
      </Show>{" "}
      <Id id={session()?.session_id ?? ""} />
    </>
  );
}

/** What the last spin came to, in words that are read out. */
function Said(props: { event: Event }) {
  const result = () => spinOf(props.event);
  const won = () => /[1-9]/.test(result()?.payout ?? "");
  return (
    <>
      {done(props.event)}: <b>{won() ? `won ${money(result()?.payout)}` : "nothing"}</b>
      <Show when={(result()?.free_games.awarded ?? 0) > 0}>
        , and {result()?.free_games.awarded} free games
      </Show>
    </>
  );
}

function Purse(props: { live: Live }) {
  const session = () => props.live.session();
  return (
    <dl class="purse">
      <div>
        <dt>Balance</dt>
        <dd>{money(session()?.observation?.balance)}</dd>
      </div>
      <div>
        <dt>Net</dt>
        <dd>{money(session()?.metrics.net)}</dd>
      </div>
      <div>
        <dt>May spend today</dt>
        <dd>{session()?.observation?.spend_left ? money(session()?.observation?.spend_left) : "no limit"}</dd>
      </div>
    </dl>
  );
}

/** The stake: any whole multiple of the unit bet. */
function Stake(props: { unit: bigint; stake: string; set: (stake: string) => void; fixed: boolean }) {
  const step = (by: bigint) => {
    try {
      const next = units(props.stake.trim()) + by * props.unit;
      if (next >= props.unit) props.set(amount(next));
    } catch {
      props.set(amount(props.unit));
    }
  };
  return (
    <div class="stake">
      <label>
        Stake
        <input
          inputmode="decimal"
          required
          value={props.stake}
          disabled={props.fixed}
          onInput={(event) => props.set(event.currentTarget.value)}
        />
      </label>
      <button type="button" aria-label="Lower stake" disabled={props.fixed} onClick={() => step(-1n)}>
        −
      </button>
      <button type="button" aria-label="Higher stake" disabled={props.fixed} onClick={() => step(1n)}>
        +
      </button>
    </div>
  );
}

/** About one credit, in whole unit bets. */
function startingStake(unit: bigint): bigint {
  const times = units("1.0000") / unit;
  return unit * (times > 0n ? times : 1n);
}

/** What can be done with a session that has ended. */
function Over(props: { live: Live }) {
  const session = () => props.live.session();
  const over = () => ["completed", "expired"].includes(session()?.state ?? "");
  return (
    <Show when={over()}>
      <Panel title="This session is over">
        <p>Its server seed is revealed, so that every draw can be checked.</p>
        <div class="row">
          <a class="button primary" href={`${to("verify")}?session=${session()?.session_id}`}>
            Verify it
          </a>
          <a
            class="button"
            href={`${to("play")}?game=${session()?.game_id}&wallet=${session()?.current_wallet_id ?? ""}`}
          >
            Play again
          </a>
        </div>
      </Panel>
    </Show>
  );
}
