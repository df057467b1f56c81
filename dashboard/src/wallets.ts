// The newest wallets. The API lists them in the order of their making.

import { get, type Wallet } from "./api.ts";

/** How many wallets are shown at most. */
export const SHOWN = 50;
/** The longest page that the API gives. */
const PAGE = 1000;

interface Page {
  items: Wallet[];
  next_cursor: string | null;
}

/** The newest wallets, the last one first, and whether there are more. */
export async function newestWallets(): Promise<{ items: Wallet[]; more: boolean }> {
  const found: Wallet[] = [];
  let cursor = "";
  do {
    const page = await get<Page>(`/wallets?limit=${PAGE}${cursor}`);
    found.push(...page.items);
    cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : "";
  } while (cursor);
  return { items: found.slice(-SHOWN).reverse(), more: found.length > SHOWN };
}
