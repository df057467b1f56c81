// A game in brief: how it is laid out, its symbols, and what it comes to.

import { For, Show } from "solid-js";
import type { Game } from "../api.ts";
import { figure, oneIn, percentText } from "../format.ts";
import { gridName, largestWin, paysBy, profile, symbolMap } from "../model/sheet.ts";
import { Emblem } from "./emblem.tsx";

export function Brief(props: { game: Game }) {
  const found = () => profile(props.game);
  const map = () => symbolMap(props.game);
  return (
    <>
      <p class="card-sub">
        {gridName(map())} · {paysBy(map())}
      </p>
      <div class="emblems" aria-hidden="true">
        <For each={map().symbols.slice(0, 9)}>{(symbol) => <Emblem name={symbol.name} map={map()} />}</For>
      </div>
      <Show when={found().rtp} fallback={<p class="note">Its figures are still being computed.</p>}>
        <dl class="pairs">
          <div>
            <dt>RTP</dt>
            <dd>{percentText(found().rtp?.total.percent)}</dd>
          </div>
          <div>
            <dt>Hit</dt>
            <dd>{oneIn(found().hit_frequency?.one_in)}</dd>
          </div>
          <div>
            <dt>σ</dt>
            <dd>{figure(found().round?.standard_deviation)}</dd>
          </div>
          <div>
            <dt>Max win</dt>
            <dd>{figure(largestWin(found().max_win), 0)}×</dd>
          </div>
        </dl>
      </Show>
    </>
  );
}
