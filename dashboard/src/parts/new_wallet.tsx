// The form that opens a wallet.

import { createSignal, Show } from "solid-js";
import { client, type Wallet } from "../api.ts";
import { Trouble } from "./common.tsx";

export function NewWallet(props: { made: (wallet: Wallet) => void }) {
  const [balance, setBalance] = createSignal("100.00");
  const [limit, setLimit] = createSignal("50.00");
  const [error, setError] = createSignal<unknown>();
  const [busy, setBusy] = createSignal(false);
  const open = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const daily_limit = limit().trim() === "" ? null : limit().trim();
    await client().createWallet({ balance: balance().trim(), daily_limit }).then(props.made, setError);
    setBusy(false);
  };
  return (
    <form class="form row" onSubmit={open}>
      <label>
        Opening balance
        <input
          inputmode="decimal"
          required
          value={balance()}
          onInput={(event) => setBalance(event.currentTarget.value)}
        />
      </label>
      <label>
        Daily limit <span class="note">(empty for none)</span>
        <input inputmode="decimal" value={limit()} onInput={(event) => setLimit(event.currentTarget.value)} />
      </label>
      <button type="submit" class="primary" disabled={busy()}>
        Open the wallet
      </button>
      <Show when={error()}>{(found) => <Trouble error={found()} />}</Show>
    </form>
  );
}
