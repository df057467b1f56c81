// Events in words.

import type { Event } from "../api.ts";
import { grouped, money, words } from "../format.ts";
import { spinOf } from "./spin.ts";

/** What was done. */
export function done(event: Event): string {
  const { type, amount, spins } = event.action as { type?: string; amount?: string; spins?: number };
  const spin = spinOf(event);
  if (spin?.mode === "free") return `Free game ${spin.free_games.played}`;
  if (spin) return `Spin for ${money(spin.stake)}`;
  if (type === "bet" && amount) return `Bet ${money(amount)}`;
  if (type === "probe") return `Probe of ${grouped(spins ?? 0)} spins`;
  return NAMES[type ?? ""] ?? words(type ?? "event");
}

const NAMES: Record<string, string> = {
  attach_wallet: "Wallet attached",
  cash_out: "Cashed out",
  close: "Closed",
  expire: "Expired",
  resume: "Resumed",
  rotate_seed: "Seed rotated",
  suspend: "Suspended",
  void: "Bet taken back",
};

/** What came of it, in a few words; nothing where there is nothing to say. */
export function outcome(event: Event): string {
  const spin = spinOf(event);
  if (spin) {
    const { awarded } = spin.free_games;
    const won = /[1-9]/.test(spin.payout) ? `won ${money(spin.payout)}` : "";
    return [won, awarded > 0 ? `${awarded} free games` : ""].filter(Boolean).join(", ");
  }
  const { server_seed } = event.result;
  return typeof server_seed === "string" ? "server seed revealed" : "";
}
