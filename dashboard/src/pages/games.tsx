// The games there are, each with what it comes to.

import { For, Show } from "solid-js";
import { client, type Game, load } from "../api.ts";
import { profile } from "../model/sheet.ts";
import { Brief } from "../parts/brief.tsx";
import { Badge, Empty, Head, Loading } from "../parts/common.tsx";
import { to } from "../router.ts";

/** How often the list is read again, in milliseconds: profiles may be on their way. */
const EVERY = 15_000;

export function Games() {
  const games = load(async () => {
    const all: Game[] = [];
    for await (const game of client().games()) all.push(game);
    return all;
  }, EVERY);
  return (
    <>
      <Head
        title="Games"
        lead="Defined as data, their mathematics computed by the server. Nothing here was declared by whoever posted them."
      />
      <Loading of={games}>
        {(all) => (
          <Show when={all().length > 0} fallback={<NoGames />}>
            <ul class="cards">
              <For each={all()}>{(game) => <Card game={game} />}</For>
            </ul>
          </Show>
        )}
      </Loading>
    </>
  );
}

function Card(props: { game: Game }) {
  const found = () => profile(props.game);
  return (
    <li class="card">
      <div class="card-head">
        <h2>
          <a href={to("games", props.game.game_id)}>{props.game.name}</a>
        </h2>
        <Badge word={found().method} />
      </div>
      <Brief game={props.game} />
    </li>
  );
}

function NoGames() {
  return (
    <Empty title="There is no game yet.">
      <p>
        Post one: <code>reel game add game.json</code>. The server loads its reference games when it starts,
        unless it is told otherwise.
      </p>
    </Empty>
  );
}
