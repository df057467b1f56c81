// The frame of every page, and which page a place shows.

import { createEffect, createMemo, For, lazy, Match, on, Show, Suspense, Switch } from "solid-js";
import { key, locked, useKey } from "./api.ts";
import { Game } from "./pages/game.tsx";
import { Games } from "./pages/games.tsx";
import { Observed } from "./pages/observed.tsx";
import { Play, PlaySession } from "./pages/play.tsx";
import { Session } from "./pages/session.tsx";
import { Sessions } from "./pages/sessions.tsx";
import { Unlock } from "./pages/unlock.tsx";
import { Wallet } from "./pages/wallet.tsx";
import { Wallets } from "./pages/wallets.tsx";
import { Empty, Head } from "./parts/common.tsx";
import { type Choice, choice, choose } from "./parts/theme.ts";
import { place, to } from "./router.ts";

/** The verifier has an engine of its own: only those who verify load it. */
const Verify = lazy(() => import("./pages/verify.tsx"));

const PAGES: [word: string, name: string][] = [
  ["games", "Games"],
  ["sessions", "Sessions"],
  ["wallets", "Wallets"],
  ["play", "Play"],
  ["verify", "Verify"],
];

export function App() {
  const path = createMemo(() => `${place().parts.join("/")}?${place().query}`);
  createEffect(on(path, () => scrollTo(0, 0), { defer: true }));
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to the page
      </button>
      <header class="bar">
        <a class="brand" href={to("games")}>
          <img src="/assets/icon.svg" alt="" width="28" height="28" />
          Reelhouse
        </a>
        <nav aria-label="Pages">
          <For each={PAGES}>
            {([word, name]) => (
              <a href={to(word)} aria-current={(place().parts[0] ?? "games") === word ? "page" : undefined}>
                {name}
              </a>
            )}
          </For>
          <a href="/docs">API</a>
        </nav>
        <ThemeButton />
      </header>
      <main id="main" tabindex="-1">
        <Show when={!locked()} fallback={<Unlock />}>
          {/* A page is made anew for each place and key, so that nothing of the last one is left in it. */}
          <Show when={{ path: path(), key: key() }} keyed>
            {(_) => <Page />}
          </Show>
        </Show>
      </main>
      <footer class="foot">
        Simulated play with test credits. No real money, no third-party casino.
        <Show when={key()}>
          <button type="button" class="link" onClick={() => useKey("")}>
            Forget the key
          </button>
        </Show>
      </footer>
    </>
  );
}

function Page() {
  const [first = "games", id, more] = place().parts;
  return (
    <Switch fallback={<Nowhere />}>
      <Match when={first === "games" && id && more === "observed"}>
        <Observed id={id ?? ""} />
      </Match>
      <Match when={first === "games" && id}>
        <Game id={id ?? ""} />
      </Match>
      <Match when={first === "games"}>
        <Games />
      </Match>
      <Match when={first === "sessions" && id}>
        <Session id={id ?? ""} />
      </Match>
      <Match when={first === "sessions"}>
        <Sessions />
      </Match>
      <Match when={first === "wallets" && id}>
        <Wallet id={id ?? ""} />
      </Match>
      <Match when={first === "wallets"}>
        <Wallets />
      </Match>
      <Match when={first === "play" && id}>
        <PlaySession id={id ?? ""} />
      </Match>
      <Match when={first === "play"}>
        <Play />
      </Match>
      <Match when={first === "verify"}>
        <Suspense fallback={<p class="waiting">Loading…</p>}>
          <Verify />
        </Suspense>
      </Match>
    </Switch>
  );
}

function Nowhere() {
  return (
    <>
      <Head title="There is no such page" />
      <Empty title="The address may be mistyped, or from another version.">
        <a class="button" href={to("games")}>
          To the games
        </a>
      </Empty>
    </>
  );
}

/** The hash is the place, so that a link into the page would lead elsewhere. */
function skip(): void {
  document.getElementById("main")?.focus();
}

const CHOICES: Record<Choice, { next: Choice; sign: string }> = {
  system: { next: "light", sign: "◐" },
  light: { next: "dark", sign: "☀" },
  dark: { next: "system", sign: "☾" },
};

function ThemeButton() {
  const label = () => `Theme: ${choice()}. Change to ${CHOICES[choice()].next}`;
  return (
    <button
      type="button"
      class="theme"
      title={label()}
      aria-label={label()}
      onClick={() => choose(CHOICES[choice()].next)}
    >
      {CHOICES[choice()].sign}
    </button>
  );
}
