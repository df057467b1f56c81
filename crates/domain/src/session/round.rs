//! The open round: a held stake, or a paid spin whose free games are not all played.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::money::Money;

/// A round that is not settled yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The stake, which free games play on with.
    pub stake: Money,
    /// The day of the wallet's zone that the stake was spent on.
    pub staked_on: NaiveDate,
    /// The nonce that the round draws with; none while the stake is only held.
    pub nonce: Option<u64>,
    /// How many 32-bit words of the round's stream have been drawn.
    pub words: u64,
    /// Free games left.
    pub free_games_left: u32,
    /// Free games played.
    pub free_games_played: u32,
    /// What the round has paid so far.
    pub won: Money,
}

impl Document for Round {
    const VERSION: u64 = 1;
}

impl Round {
    /// A stake that is held for the next spin.
    #[must_use]
    pub const fn held(stake: Money, staked_on: NaiveDate) -> Self {
        Self { stake, staked_on, nonce: None, words: 0, free_games_left: 0, free_games_played: 0, won: Money::ZERO }
    }
}
