// The events of a session, newest first.

import { createMemo, createSignal, For, Show } from "solid-js";
import { grouped, money, when } from "../format.ts";
import { done, outcome } from "../model/events.ts";
import { KEPT, type Live } from "../model/record.ts";
import { spinOf } from "../model/spin.ts";
import { Empty, Panel } from "./common.tsx";

/** How many events are shown, and how many more at each asking. */
const SHOWN = 20;

export function Events(props: { live: Live; picked: number | undefined; pick: (seq: number) => void }) {
  const [count, setCount] = createSignal(SHOWN);
  const rows = createMemo(() => props.live.events().slice(-count()).reverse());
  const total = () => props.live.session()?.last_seq ?? 0;
  const left = () => props.live.events().length - rows().length;
  return (
    <Panel class="panel-events" title="Events" aside={<span class="note">{grouped(total())}</span>}>
      <Show when={rows().length > 0} fallback={<Empty title="Nothing has happened yet." />}>
        <div class="scroll">
          <table class="list events">
            <thead>
              <tr>
                <th scope="col" class="number">
                  #
                </th>
                <th scope="col">Action</th>
                <th scope="col">Outcome</th>
                <th scope="col" class="number">
                  Balance
                </th>
                <th scope="col" class="number late">
                  Time
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={rows()}>
                {(event) => (
                  <tr classList={{ picked: props.picked === event.seq }}>
                    <td class="number">{event.seq}</td>
                    <th scope="row">
                      <Show when={spinOf(event)} fallback={done(event)}>
                        <button
                          type="button"
                          class="link"
                          aria-pressed={props.picked === event.seq}
                          onClick={() => props.pick(event.seq)}
                        >
                          {done(event)}
                        </button>
                      </Show>
                    </th>
                    <td class="outcome">{outcome(event)}</td>
                    <td class="number">
                      {typeof event.result.balance === "string" ? money(event.result.balance) : ""}
                    </td>
                    <td class="number late">{when(event.timestamp)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
        <Show when={left() > 0}>
          <button type="button" class="link" onClick={() => setCount(count() + 5 * SHOWN)}>
            Show older ones
          </button>
        </Show>
        <Show when={total() > props.live.events().length + 1 && left() === 0 && total() > KEPT}>
          <p class="note">
            The last {grouped(props.live.events().length)} are at hand here; the API has them all.
          </p>
        </Show>
      </Show>
    </Panel>
  );
}
