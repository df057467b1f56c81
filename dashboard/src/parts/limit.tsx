// What a wallet has spent of its daily limit.

import { Show } from "solid-js";
import type { Wallet } from "../api.ts";
import { money } from "../format.ts";

export function Limit(props: { wallet: Wallet }) {
  return (
    <Show when={props.wallet.daily_limit} fallback={<>{money(props.wallet.spent_today)}, no limit</>}>
      {(limit) => (
        <span class="limit">
          <meter
            min="0"
            max={limit()}
            high={Number(limit()) * 0.9}
            value={props.wallet.spent_today}
            aria-label={`${money(props.wallet.spent_today)} of ${money(limit())} spent today`}
          />
          <span>
            {money(props.wallet.spent_today)} of {money(limit())}
          </span>
        </span>
      )}
    </Show>
  );
}
