// The reels as they stood, with what won on them.

import { createEffect, createMemo, createSignal, For, Index, on, onCleanup, Show } from "solid-js";
import { figure, money, words } from "../format.ts";
import type { SymbolMap } from "../model/sheet.ts";
import { cellName, cellsOf, type Shown, type SpinResult, type Win, windows } from "../model/spin.ts";
import { Emblem, hueOf } from "./emblem.tsx";

/** How long each window of a spin with cascades or respins is shown, in milliseconds. */
const PACE = 700;

/** A spin: its windows one after the other, and its wins. */
export function Spin(props: { result: SpinResult; map: SymbolMap; play?: boolean }) {
  const steps = createMemo(() => windows(props.result, props.map));
  const [at, setAt] = createSignal(0);
  const [picked, setPicked] = createSignal<Win>();
  createEffect(
    on(
      () => props.result,
      () => {
        setPicked(undefined);
        const last = steps().length - 1;
        setAt(props.play ? 0 : last);
        if (!props.play || last === 0) return;
        const timer = setInterval(() => (at() < last ? setAt(at() + 1) : clearInterval(timer)), PACE);
        onCleanup(() => clearInterval(timer));
      },
    ),
  );
  const shown = () => steps()[Math.min(at(), steps().length - 1)];
  return (
    <Show when={shown()}>
      {(window) => (
        <div class="spin">
          <Window shown={window()} map={props.map} only={picked()} />
          <Show when={steps().length > 1}>
            <Steps steps={steps()} at={at()} go={setAt} />
          </Show>
          <Wins wins={window().wins} picked={picked()} pick={setPicked} />
        </div>
      )}
    </Show>
  );
}

/** One window. Cells that won are lit; with `only`, those of one win alone. */
export function Window(props: { shown: Shown; map: SymbolMap; only?: Win | undefined }) {
  const lit = createMemo(() =>
    props.only
      ? new Set(cellsOf(props.only, props.shown.step.symbols, props.map).map(cellName))
      : props.shown.won,
  );
  const label = () =>
    props.shown.step.symbols.map((reel, index) => `Reel ${index + 1}: ${reel.join(", ")}`).join(". ");
  const role = (name: string) => props.map.symbols.find((symbol) => symbol.name === name)?.role ?? "";
  return (
    <div class="reels" role="img" aria-label={label()} style={{ "--reels": props.shown.step.symbols.length }}>
      <Index each={props.shown.step.symbols}>
        {(reel, r) => (
          <div class="reel">
            <Index each={reel()}>
              {(name, row) => {
                const cell = () => cellName([r + 1, row + 1]);
                return (
                  <div
                    class="cell"
                    classList={{
                      won: lit().has(cell()),
                      dim: lit().size > 0 && !lit().has(cell()),
                      held: props.shown.held.has(cell()),
                    }}
                    data-role={role(name())}
                    title={name()}
                    style={{ "--hue": hueOf(name(), props.map) }}
                  >
                    <Emblem name={name()} map={props.map} />
                    <span class="cell-name">{name()}</span>
                  </div>
                );
              }}
            </Index>
          </div>
        )}
      </Index>
    </div>
  );
}

function Steps(props: { steps: Shown[]; at: number; go: (at: number) => void }) {
  return (
    <fieldset class="steps">
      <legend>Windows of this spin</legend>
      <For each={props.steps}>
        {(shown, index) => (
          <button
            type="button"
            class="step"
            aria-pressed={index() === props.at}
            onClick={() => props.go(index())}
          >
            {index() === 0 ? "spin" : words(shown.step.kind)} {index() > 0 ? index() : ""}
            <Show when={shown.step.multiplier > 1}> ×{shown.step.multiplier}</Show>
          </button>
        )}
      </For>
    </fieldset>
  );
}

function Wins(props: { wins: Win[]; picked: Win | undefined; pick: (win: Win | undefined) => void }) {
  return (
    <ul class="wins">
      <For each={props.wins}>
        {(win) => (
          <li>
            <button
              type="button"
              class="win"
              aria-pressed={props.picked === win}
              onClick={() => props.pick(props.picked === win ? undefined : win)}
            >
              <span>{place(win)}</span>
              <span>
                {win.count} × {win.symbol}
                <Show when={win.multiplier > 1}> ×{figure(win.multiplier, 0)}</Show>
              </span>
              <b>{money(win.payout)}</b>
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}

/** Where a win is, in words. */
function place(win: Win): string {
  if (win.kind === "line") return `Line ${win.line}${win.direction ? ", from the right" : ""}`;
  if (win.kind === "ways") return `${win.ways} way${win.ways === 1 ? "" : "s"}`;
  return win.kind === "cluster" ? "Cluster" : "Scatter";
}
