//! The result documents of events, version 1.

use std::collections::BTreeMap;

use serde::Serialize;

use super::outcome::{StepResult, WinResult};
use crate::canonical::Digest;
use crate::game::Mode;
use crate::id::WalletId;
use crate::money::Money;

/// The version of every result document written now.
pub(super) const RESULT_VERSION: u64 = 1;

/// What a spin came to.
#[derive(Serialize)]
pub(super) struct SpinResult<'a> {
    pub(super) version: u64,
    pub(super) mode: Mode,
    pub(super) nonce: u64,
    /// The words of the round's stream that the spin drew: from, and up to but without.
    pub(super) words: [u64; 2],
    pub(super) stops: &'a [u32],
    /// Every number that the spin drew, in order, in a game of more than plain lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) draws: Option<&'a [u32]>,
    /// One list per reel, top to bottom.
    pub(super) symbols: Vec<Vec<&'a str>>,
    pub(super) wins: Vec<WinResult<'a>>,
    /// The windows of the spin, in order, in a game of more than plain lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) steps: Option<Vec<StepResult<'a>>>,
    pub(super) stake: Money,
    pub(super) fee: Money,
    pub(super) payout: Money,
    pub(super) free_games: FreeGamesResult,
    pub(super) round: RoundResult,
    pub(super) balance: Money,
}

/// The free games of a spin's round, after the spin.
#[derive(Serialize)]
pub(super) struct FreeGamesResult {
    pub(super) awarded: u32,
    pub(super) left: u32,
    pub(super) played: u32,
}

/// The spin's round, after the spin.
#[derive(Serialize)]
pub(super) struct RoundResult {
    pub(super) won: Money,
    pub(super) closed: bool,
}

/// What a probe came to: demo rounds at the unit bet, their free games included.
#[derive(Serialize)]
pub(super) struct ProbeResult<'a> {
    pub(super) version: u64,
    pub(super) nonce: u64,
    pub(super) spins: u32,
    pub(super) fee: Money,
    /// The unit bet, which the demo rounds are counted at.
    pub(super) unit_bet: Money,
    pub(super) wagered: Money,
    pub(super) won: Money,
    pub(super) hits: u32,
    pub(super) free_games: u64,
    /// For each reel, how often each symbol showed in the windows of the paid spins.
    pub(super) symbols: Vec<BTreeMap<&'a str, u64>>,
    pub(super) balance: Money,
}

/// What the other actions came to. Absent fields do not apply.
#[derive(Default, Serialize)]
pub(super) struct PlainResult {
    pub(super) version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stake: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refund: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) wallet_id: Option<WalletId>,
    /// The wallet that an attached one took the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous_wallet_id: Option<WalletId>,
    /// The player's seed before a rotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) previous_client_seed: Option<String>,
    /// The player's seed after a rotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_seed: Option<String>,
    /// The server seed, revealed because the session has ended or draws from another one now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) server_seed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) commitment: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) balance: Option<Money>,
}
