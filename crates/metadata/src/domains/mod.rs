//! The data domains.

mod jobs;
mod learning;
mod play;
mod record;
mod wallets;

use crate::model::Domain;

/// The states of a session.
const STATES: &[&str] =
    &["idle", "initialized", "bet_placed", "playing", "free_games", "suspended", "completed", "expired"];

/// Every domain.
static DOMAINS: [&Domain; 15] = [
    &play::GAMES,
    &play::SESSIONS,
    &wallets::WALLETS,
    &wallets::LEDGER,
    &wallets::WALLET_OPERATIONS,
    &record::GAMEPLAY_EVENTS,
    &record::PROOFS,
    &record::ARCHIVES,
    &learning::RL_STORE,
    &learning::ANALYTICS,
    &learning::GAME_ANALYTICS,
    &learning::OBSERVATIONS,
    &jobs::JOBS,
    &jobs::IDEMPOTENCY,
    &jobs::KEYS,
];

/// Every data domain, in the order in which one would get to know them.
#[must_use]
pub fn domains() -> &'static [&'static Domain] {
    &DOMAINS
}

/// The domain of that name.
#[must_use]
pub fn domain(name: &str) -> Option<&'static Domain> {
    DOMAINS.iter().copied().find(|domain| domain.name == name)
}
