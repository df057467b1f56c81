// One wallet with its ledger.

import { createSignal, For, Show } from "solid-js";
import { client, get, load, type Session, type Wallet as WalletBody } from "../api.ts";
import { change, money, sign, when, words } from "../format.ts";
import { Empty, Figure, Head, Id, Loading, Panel, Trouble } from "../parts/common.tsx";
import { Limit } from "../parts/limit.tsx";
import { to } from "../router.ts";

/** How often the wallet is read again, in milliseconds. */
const EVERY = 3_000;
const SHOWN = 30;

interface Entry {
  entry_id: string;
  seq: number;
  account: string;
  kind: string;
  amount: string;
  balance_after: string;
  event_id?: string | null;
  timestamp: string;
}

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export function Wallet(props: { id: string }) {
  const path = () => `/wallets/${encodeURIComponent(props.id)}`;
  const wallet = load(() => client().wallet(props.id), EVERY);
  return (
    <Loading of={wallet}>
      {(found) => (
        <>
          <Head title="Wallet" up={["Wallets", to("wallets")]} lead={<Id id={found().wallet_id} />}>
            <a class="button primary" href={`${to("play")}?wallet=${found().wallet_id}`}>
              Play
            </a>
          </Head>
          <dl class="figures">
            <Figure name="Balance" note="test credits">
              {money(found().balance)}
            </Figure>
            <Figure name="Spent today" note={`days of ${found().time_zone}`}>
              <Limit wallet={found()} />
            </Figure>
            <Figure name="Fee of a spin" note={`a demo spin ${money(found().cost_rate.per_query)}`}>
              {money(found().cost_rate.per_spin)}
            </Figure>
            <Show when={found().pending_daily_limit}>
              {(pending) => (
                <Figure name="Higher limit" note={`from ${when(pending().from)}`}>
                  {money(pending().daily_limit)}
                </Figure>
              )}
            </Show>
          </dl>
          <div class="columns">
            <Ledger path={path()} wallet={found()} />
            <div class="stack">
              <Operations id={props.id} done={wallet.again} />
              <Sessions id={props.id} />
            </div>
          </div>
        </>
      )}
    </Loading>
  );
}

/** Deposits, withdrawals and the limit. */
function Operations(props: { id: string; done: () => void }) {
  const [type, setType] = createSignal<"deposit" | "withdraw" | "set_daily_limit">("deposit");
  const [amount, setAmount] = createSignal("");
  const [error, setError] = createSignal<unknown>();
  const [said, setSaid] = createSignal("");
  const operate = async (event: SubmitEvent) => {
    event.preventDefault();
    setError(undefined);
    setSaid("");
    try {
      await client().operate(props.id, { type: type(), amount: amount().trim() });
      setSaid(
        type() === "set_daily_limit" ? "The limit was set; a higher one holds from tomorrow." : "Done.",
      );
      setAmount("");
      props.done();
    } catch (failure) {
      setError(() => failure);
    }
  };
  return (
    <Panel title="Move credits">
      <form class="form row" onSubmit={operate}>
        <label>
          What
          <select value={type()} onChange={(event) => setType(event.currentTarget.value as "deposit")}>
            <option value="deposit">Deposit</option>
            <option value="withdraw">Withdraw</option>
            <option value="set_daily_limit">Set the daily limit</option>
          </select>
        </label>
        <label>
          Amount
          <input
            inputmode="decimal"
            required
            placeholder="10.00"
            value={amount()}
            onInput={(event) => setAmount(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Do it</button>
      </form>
      <p class="note" role="status">
        {said()}
      </p>
      <Show when={error()}>{(found) => <Trouble error={found()} />}</Show>
    </Panel>
  );
}

function Ledger(props: { path: string; wallet: WalletBody }) {
  const [pages, setPages] = createSignal<Page<Entry>[]>([]);
  const first = load(() => {
    // Read again when the balance has moved; the balance alone tells.
    void props.wallet.updated_at;
    return get<Page<Entry>>(`${props.path}/ledger?limit=${SHOWN}&order=newest`);
  });
  const entries = () => [...(first.value()?.items ?? []), ...pages().flatMap((page) => page.items)];
  const next = () => (pages().at(-1) ?? first.value())?.next_cursor;
  const more = async () => {
    const page = await get<Page<Entry>>(`${props.path}/ledger?limit=${SHOWN}&order=newest&cursor=${next()}`);
    setPages([...pages(), page]);
  };
  return (
    <Panel title="Ledger" note="Each entry has its counter-account; the sum of all of them is the balance.">
      <Loading of={first}>
        {() => (
          <Show when={entries().length > 0} fallback={<Empty title="Nothing was ever booked." />}>
            <EntryTable entries={entries()} />
            <Show when={next()}>
              <button type="button" class="link" onClick={more}>
                Show older ones
              </button>
            </Show>
          </Show>
        )}
      </Loading>
    </Panel>
  );
}

function EntryTable(props: { entries: Entry[] }) {
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col" class="number">
              #
            </th>
            <th scope="col">Entry</th>
            <th scope="col" class="number">
              Amount
            </th>
            <th scope="col" class="number">
              Balance
            </th>
            <th scope="col" class="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={props.entries}>
            {(entry) => (
              <tr>
                <td class="number">{entry.seq}</td>
                <th scope="row">
                  {words(entry.kind)} <span class="note">· {entry.account}</span>
                </th>
                <td class="number" data-sign={sign(entry.amount)}>
                  {change(entry.amount)}
                </td>
                <td class="number">{money(entry.balance_after)}</td>
                <td class="number">{when(entry.timestamp)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

function Sessions(props: { id: string }) {
  const sessions = load(() =>
    get<Page<Session>>(`/sessions?wallet_id=${encodeURIComponent(props.id)}&limit=10&order=newest`),
  );
  return (
    <Panel title="Sessions of this wallet">
      <Loading of={sessions}>
        {(page) => (
          <Show when={page().items.length > 0} fallback={<Empty title="None yet." />}>
            <ul class="plain">
              <For each={page().items}>
                {(session) => (
                  <li>
                    <a href={to("sessions", session.session_id)}>
                      <code>{session.session_id.slice(-8)}</code>
                    </a>{" "}
                    {words(session.state)}, net {change(session.metrics.net)}
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loading>
    </Panel>
  );
}
