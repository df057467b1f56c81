// The wallets there are.

import { Index, Show } from "solid-js";
import { load, type Wallet } from "../api.ts";
import { ago, money } from "../format.ts";
import { clock, Empty, Head, Loading } from "../parts/common.tsx";
import { Limit } from "../parts/limit.tsx";
import { NewWallet } from "../parts/new_wallet.tsx";
import { go, to } from "../router.ts";
import { newestWallets, SHOWN } from "../wallets.ts";

const EVERY = 5_000;

export function Wallets() {
  const wallets = load(newestWallets, EVERY);
  return (
    <>
      <Head
        title="Wallets"
        lead="Of test credits, each with an exact double-entry ledger. The newest first."
      />
      <details class="panel">
        <summary>Open a wallet</summary>
        <NewWallet made={(wallet) => go(to("wallets", wallet.wallet_id))} />
      </details>
      <Loading of={wallets}>
        {(page) => (
          <Show
            when={page().items.length > 0}
            fallback={
              <Empty title="There is no wallet yet.">
                <p>Open one above: it holds test credits alone.</p>
              </Empty>
            }
          >
            <Table wallets={page().items} />
            <Show when={page().next_cursor}>
              <p class="note">The {SHOWN} newest are shown.</p>
            </Show>
          </Show>
        )}
      </Loading>
    </>
  );
}

function Table(props: { wallets: Wallet[] }) {
  const now = clock();
  return (
    <div class="scroll panel flush">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Wallet</th>
            <th scope="col" class="number">
              Balance
            </th>
            <th scope="col">Spent today</th>
            <th scope="col" class="number">
              Changed
            </th>
          </tr>
        </thead>
        <tbody>
          <Index each={props.wallets}>
            {(wallet) => (
              <tr>
                <th scope="row">
                  <a href={to("wallets", wallet().wallet_id)}>
                    <code>{wallet().wallet_id.slice(-8)}</code>
                  </a>
                </th>
                <td class="number">{money(wallet().balance)}</td>
                <td>
                  <Limit wallet={wallet()} />
                </td>
                <td class="number">{ago(wallet().updated_at, now())}</td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </div>
  );
}
