//! The actions that a session takes.

use serde::{Deserialize, Serialize};

use crate::id::WalletId;
use crate::money::Money;

/// The most demo spins that one probe may ask for.
pub const MAX_PROBE_SPINS: u32 = 10_000;

/// What is done in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Attach a wallet, or change it between rounds.
    AttachWallet {
        /// The wallet to play from.
        wallet_id: WalletId,
    },
    /// End a session that has no wallet.
    Close,
    /// Hold a stake for the next spin.
    Bet {
        /// The stake, in credits.
        amount: Money,
    },
    /// Play: the held stake, the next free game, or bet and spin in one step.
    Spin {
        /// The stake of a bet and spin in one step; absent for a held stake or a free game.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    },
    /// Demo spins: priced per query, no stake, no payout.
    Probe {
        /// How many, 1 to [`MAX_PROBE_SPINS`].
        spins: u32,
    },
    /// Give the held stake back.
    Void,
    /// Reveal the present server seed and draw from a fresh one, whose commitment the result publishes.
    RotateSeed {
        /// The player's seed from now on, at most [`crate::fairness::MAX_CLIENT_SEED`] bytes; absent to keep it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_seed: Option<String>,
    },
    /// End the session and reveal its server seed.
    CashOut,
    /// Hold the session (an operator's action).
    Suspend,
    /// Let the session go on (an operator's action).
    Resume,
    /// End a session left idle past its time-out (the house's action).
    Expire,
}

impl Action {
    /// The action's name, which is its `type` in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AttachWallet { .. } => "attach_wallet",
            Self::Close => "close",
            Self::Bet { .. } => "bet",
            Self::Spin { .. } => "spin",
            Self::Probe { .. } => "probe",
            Self::Void => "void",
            Self::RotateSeed { .. } => "rotate_seed",
            Self::CashOut => "cash_out",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Expire => "expire",
        }
    }
}
