//! Wallets, what was done to them, and the ledger.

use crate::documents::COST_RATE;
use crate::model::{Domain, Endpoint, Field, Kind};

pub(super) static WALLETS: Domain = Domain {
    name: "wallets",
    about: "Balances of test credits, daily limits and fees.",
    tables: &["wallets"],
    on_sqlite: true,
    fields: &[
        Field::new("wallet_id", Kind::Id, "The wallet's id."),
        Field::new("shard", Kind::Shard, "The shard that the id carries.").hidden(),
        Field::new("balance", Kind::Money, "What is there to be spent, in test credits."),
        Field::new(
            "daily_limit",
            Kind::Money,
            "The most that stakes and fees of a day may come to; absent for no limit.",
        )
        .nullable(),
        Field::new("raised_limit", Kind::Money, "A higher limit that waits; shown as `pending_daily_limit`.")
            .nullable()
            .hidden(),
        Field::new("raised_from", Kind::Instant, "When the higher limit comes into force.").nullable().hidden(),
        Field::new("cost_rate", Kind::Document(&COST_RATE), "What play costs beside its stakes."),
        Field::new("time_zone", Kind::Text, "The IANA name of the zone whose days the limit counts."),
        Field::new("spend_day", Kind::Day, "The day that `spent` is of.").hidden(),
        Field::new("spent", Kind::Money, "Stakes and fees of that day; shown as `spent_today`.").hidden(),
        Field::new("ledger_seq", Kind::Count, "The `seq` of the last entry.").hidden(),
        Field::new("created_at", Kind::Instant, "When the wallet was opened."),
        Field::new("updated_at", Kind::Instant, "When the wallet last changed."),
        Field::new("owner", Kind::Id, "The play key that opened it; absent for what is of nobody in particular.")
            .nullable(),
    ],
    invariants: &[
        "Amounts are exact to 0.0001 credits; no float touches money.",
        "A balance is never negative and is the sum of the wallet's ledger entries, at every instant that a reader can see.",
        "`daily_limit` is a hard limit on stakes and fees. A lower one holds at once, a higher one from 24 hours later.",
        "A clock that jumps back never reopens spent budget.",
    ],
    endpoints: &[Endpoint("POST", "/wallets"), Endpoint("GET", "/wallets"), Endpoint("GET", "/wallets/{id}")],
    shown_as: &[("Wallet", &["pending_daily_limit", "spent_today"])],
    globs: &["crates/domain/src/wallet/**", "crates/domain/src/money.rs", "crates/http/src/wallets/**"],
    page: "docs/concepts.md",
};

pub(super) static LEDGER: Domain = Domain {
    name: "ledger",
    about: "Every change of a wallet's balance, as a double entry.",
    tables: &["ledger_entries"],
    on_sqlite: true,
    fields: &[
        Field::new("entry_id", Kind::Id, "The entry's id."),
        Field::new("wallet_id", Kind::Id, "The wallet whose balance changed."),
        Field::new("shard", Kind::Shard, "The shard that the ids carry.").hidden(),
        Field::new("seq", Kind::Count, "The entry's place in its wallet's ledger, from 1 without a gap."),
        Field::new("account", Kind::Words(&["house", "fees", "cashier"]), "The account on the other side."),
        Field::new(
            "kind",
            Kind::Words(&["stake", "payout", "refund", "fee", "deposit", "withdrawal"]),
            "What the change was for.",
        ),
        Field::new(
            "amount",
            Kind::Change,
            "The change, signed from the wallet's side, in test credits; the account got its negative.",
        ),
        Field::new("balance_before", Kind::Money, "The wallet's balance before the entry."),
        Field::new("balance_after", Kind::Money, "The wallet's balance after it."),
        Field::new("event_id", Kind::Id, "The event that caused it, if one did.").nullable(),
        Field::new("operation_id", Kind::Id, "The operation that caused it, if one did.").nullable(),
        Field::new("timestamp", Kind::Instant, "When it happened."),
    ],
    invariants: &[
        "Append-only: the database refuses UPDATE and DELETE.",
        "`balance_after` is `balance_before` plus `amount`, neither negative; the next entry begins where this one ended.",
        "Either an event or an operation caused an entry.",
        "All accounts together sum to zero.",
    ],
    endpoints: &[Endpoint("GET", "/wallets/{id}/ledger")],
    shown_as: &[("LedgerEntry", &[])],
    globs: &["crates/domain/src/wallet/**"],
    page: "docs/concepts.md",
};

pub(super) static WALLET_OPERATIONS: Domain = Domain {
    name: "wallet_operations",
    about: "Deposits, withdrawals and changes of limits.",
    tables: &["wallet_operations"],
    on_sqlite: true,
    fields: &[
        Field::new("operation_id", Kind::Id, "The operation's id."),
        Field::new("wallet_id", Kind::Id, "The wallet."),
        Field::new("shard", Kind::Shard, "The shard that the ids carry.").hidden(),
        Field::new("type", Kind::Words(&["deposit", "withdraw", "set_daily_limit"]), "What was done."),
        Field::new("amount", Kind::Money, "How much, or the limit that was set, in test credits."),
        Field::new("timestamp", Kind::Instant, "When it happened."),
    ],
    invariants: &["Append-only: the database refuses UPDATE and DELETE.", "An opening balance is a deposit."],
    endpoints: &[Endpoint("POST", "/wallets/{id}/operations")],
    shown_as: &[("Operation", &[])],
    globs: &["crates/domain/src/wallet/**"],
    page: "docs/api.md",
};
