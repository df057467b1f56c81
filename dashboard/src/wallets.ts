// The newest wallets.

import { get, type Wallet } from "./api.ts";

/** How many wallets are shown at most. */
export const SHOWN = 50;

export interface WalletPage {
  items: Wallet[];
  next_cursor: string | null;
}

/** The newest wallets, the last one first. */
export function newestWallets(): Promise<WalletPage> {
  return get(`/wallets?limit=${SHOWN}&order=newest`);
}
