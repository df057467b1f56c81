// The sessions there are, as they go on.

import { createSignal, For, Index, Show } from "solid-js";
import { client, type Game, get, load, type Session } from "../api.ts";
import { ago, change, grouped, money, sign, words } from "../format.ts";
import { Badge, clock, Empty, Head, Loading } from "../parts/common.tsx";
import { place, to } from "../router.ts";

/** How often the list is read again, in milliseconds. */
const EVERY = 2_000;
const SHOWN = 50;

const STATES = [
  "playing",
  "free_games",
  "bet_placed",
  "initialized",
  "idle",
  "suspended",
  "completed",
  "expired",
] as const;

interface Page {
  items: Session[];
  next_cursor: string | null;
}

export function Sessions() {
  const [state, setState] = createSignal("");
  const [game, setGame] = createSignal(place().query.get("game") ?? "");
  const games = load(async () => {
    const all: Game[] = [];
    for await (const found of client().games()) all.push(found);
    return all;
  });
  const sessions = load(() => get<Page>(`/sessions?${query(state(), game())}`), EVERY);
  const name = (id: string) => games.value()?.find((found) => found.game_id === id)?.name ?? "…";
  return (
    <>
      <Head title="Sessions" lead="The newest first. The list follows what happens.">
        <a class="button primary" href={to("play")}>
          Play
        </a>
      </Head>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          State
          <select value={state()} onChange={(event) => setState(event.currentTarget.value)}>
            <option value="">any</option>
            <For each={STATES}>{(word) => <option value={word}>{words(word)}</option>}</For>
          </select>
        </label>
        <label>
          Game
          <select value={game()} onChange={(event) => setGame(event.currentTarget.value)}>
            <option value="">any</option>
            <For each={games.value()}>
              {(found) => (
                <option value={found.game_id} selected={found.game_id === game()}>
                  {found.name}
                </option>
              )}
            </For>
          </select>
        </label>
      </form>
      <Loading of={sessions}>
        {(page) => (
          <Show
            when={page().items.length > 0}
            fallback={<NoSessions filtered={Boolean(state() || game())} />}
          >
            <Table sessions={page().items} name={name} />
            <Show when={page().next_cursor}>
              <p class="note">The {SHOWN} newest are shown.</p>
            </Show>
          </Show>
        )}
      </Loading>
    </>
  );
}

function query(state: string, game: string): URLSearchParams {
  const asked = new URLSearchParams({ limit: String(SHOWN), order: "newest" });
  if (state) asked.set("state", state);
  if (game) asked.set("game_id", game);
  return asked;
}

/** Rows by place, not by session: what stays in its row keeps the focus when the list is read again. */
export function Table(props: { sessions: Session[]; name: (gameId: string) => string }) {
  const now = clock();
  return (
    <div class="scroll panel flush">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Spins
            </th>
            <th scope="col" class="number late">
              Wagered
            </th>
            <th scope="col" class="number">
              Net
            </th>
            <th scope="col" class="number late">
              Changed
            </th>
          </tr>
        </thead>
        <tbody>
          <Index each={props.sessions}>
            {(session) => (
              <tr>
                <th scope="row">
                  <a href={to("sessions", session().session_id)}>
                    {props.name(session().game_id)} <code>{session().session_id.slice(-8)}</code>
                  </a>
                  <span class="sub">{session().player_profile.behavior ?? ""}</span>
                </th>
                <td>
                  <Badge word={session().state} />
                </td>
                <td class="number">{grouped(session().metrics.spins)}</td>
                <td class="number late">{money(session().metrics.wagered)}</td>
                <td class="number" data-sign={sign(session().metrics.net)}>
                  {change(session().metrics.net)}
                </td>
                <td class="number late">{ago(session().updated_at, now())}</td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </div>
  );
}

function NoSessions(props: { filtered: boolean }) {
  return (
    <Show
      when={props.filtered}
      fallback={
        <Empty title="Nobody has played yet.">
          <p>
            <a href={to("play")}>Play by hand</a>, or let agents play:{" "}
            <code>npm start -- --policy adaptive</code> in <code>agents/</code>.
          </p>
        </Empty>
      }
    >
      <Empty title="No session is like that.">
        <p>Choose another state or game.</p>
      </Empty>
    </Show>
  );
}
