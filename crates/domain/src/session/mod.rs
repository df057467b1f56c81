//! Sessions: one player at one game, from the attached wallet to the cash-out.

mod act;
mod action;
mod event;
mod metrics;
mod outcome;
mod probe;
mod profile;
mod result;
mod round;
mod state;
mod step;
mod transition;
mod turn;

use serde::{Deserialize, Serialize};

pub use action::{Action, MAX_PROBE_SPINS};
pub use event::{ChainError, EventBody, GameplayEvent, verify_chain};
pub use metrics::{MetricValue, SessionMetrics};
pub use profile::PlayerProfile;
pub use round::Round;
pub use state::SessionState;
pub use step::{ActError, Step, Table};
pub use transition::{Observation, Transition};

use crate::canonical::{Digest, canonical_digest};
use crate::fairness::ServerSeed;
use crate::id::{GameId, KeyId, Randomness, SessionId, Shard, WalletId};
use crate::rl::Reward;
use crate::time::{Timestamp, to_millis};
use crate::wallet::Wallet;

/// The secret and public inputs of a session's draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fairness {
    /// The server's seed, secret until it is rotated or the session ends.
    pub server_seed: ServerSeed,
    /// The player's seed; the session's id when none was given.
    pub client_seed: String,
    /// How many rounds (paid or probed) have been drawn for with this server seed: the next one draws
    /// with this nonce.
    pub nonce: u64,
}

/// What a session is opened with.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSession {
    /// The game to play.
    pub game_id: GameId,
    /// The fingerprint of the game's definition, which the chain's first link covers.
    pub fingerprint: Digest,
    /// Who plays.
    pub player_profile: PlayerProfile,
    /// The player's share in the draws.
    pub client_seed: Option<String>,
    /// What the session's events are worth.
    pub reward: Reward,
    /// The seed of a training session, whose draws it fixes; none for fair draws.
    pub training_seed: Option<u64>,
}

/// A session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The session's id.
    pub session_id: SessionId,
    /// The key that plays it: that of its first wallet, or that which opened it; none for a session of nobody in
    /// particular.
    pub owner: Option<KeyId>,
    /// The game that is played.
    pub game_id: GameId,
    /// Who plays.
    pub player_profile: PlayerProfile,
    /// Where the session stands.
    pub state: SessionState,
    /// Where it stood before it was suspended.
    pub suspended_from: Option<SessionState>,
    /// Running counters.
    pub metrics: SessionMetrics,
    /// The wallet in use.
    pub current_wallet_id: Option<WalletId>,
    /// The inputs of the draws.
    pub fairness: Fairness,
    /// What the session's events are worth to whoever learns from them.
    pub reward: Reward,
    /// Whether the caller chose the server seed, so that the draws can be repeated: they are not fair.
    pub training: bool,
    /// The held stake, or the round with free games left.
    pub round: Option<Round>,
    /// What the agent saw last.
    pub observation: Observation,
    /// The `seq` of the last event; 0 before the first.
    pub last_seq: i64,
    /// The hash of the last event; before the first, that of [`Self::genesis`].
    pub chain_head: Digest,
    /// When to look whether the session was left idle; none once it has ended.
    ///
    /// It may be early, never late: whoever looks compares [`Self::updated_at`].
    pub idle_check_at: Option<Timestamp>,
    /// When the session was opened.
    pub created_at: Timestamp,
    /// When the session last changed.
    pub updated_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Genesis {
    version: u64,
    session_id: SessionId,
    game_fingerprint: Digest,
    commitment: Digest,
    /// Named where it is true only: so a proof cannot pass draws that the player chose for fair ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    training: bool,
}

/// The client seed of a training session that names none: its draws go by the training seed alone.
const TRAINING_CLIENT_SEED: &str = "training";

impl Session {
    /// Opens a session: `initialized` with a wallet, `idle` without.
    ///
    /// The id takes the wallet's shard, and the session its owner; without a wallet, `shard` and nobody.
    ///
    /// # Errors
    /// When the chain's first link has no JSON form, which it always has.
    pub fn open(
        new: NewSession,
        wallet: Option<&Wallet>,
        shard: Shard,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<Self, serde_json::Error> {
        let now = to_millis(now);
        let shard = wallet.map_or(shard, |wallet| wallet.wallet_id.shard());
        let session_id = SessionId::mint(now, shard, randomness);
        let training = new.training_seed.is_some();
        let server_seed = match new.training_seed {
            Some(seed) => ServerSeed::of_training(seed),
            None => ServerSeed(randomness.server_seed()),
        };
        let client_seed = new.client_seed.unwrap_or_else(|| match training {
            true => TRAINING_CLIENT_SEED.to_owned(),
            false => session_id.to_string(),
        });
        let state = if wallet.is_some() { SessionState::Initialized } else { SessionState::Idle };
        let balance = wallet.map(|wallet| wallet.balance);
        let observation = Observation {
            fee: wallet.map(|wallet| wallet.cost_rate.per_spin).unwrap_or_default(),
            max_bet: new.player_profile.max_bet,
            ..Observation::initial(state, balance, wallet.and_then(|wallet| wallet.spend_left(now)))
        };
        let mut metrics = SessionMetrics::default();
        if let Some(balance) = balance {
            metrics.see_balance(balance);
        }
        Ok(Self {
            session_id,
            owner: wallet.and_then(|wallet| wallet.owner),
            game_id: new.game_id,
            chain_head: Self::genesis(session_id, new.fingerprint, server_seed.commitment(), training)?,
            player_profile: new.player_profile,
            state,
            suspended_from: None,
            metrics,
            current_wallet_id: wallet.map(|wallet| wallet.wallet_id),
            fairness: Fairness { server_seed, client_seed, nonce: 0 },
            reward: new.reward,
            training,
            round: None,
            observation,
            last_seq: 0,
            idle_check_at: None,
            created_at: now,
            updated_at: now,
        })
    }

    /// The start of a session's hash chain: it binds the session to its game and its seed, and to
    /// whether the caller chose that seed.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn genesis(
        session_id: SessionId,
        game_fingerprint: Digest,
        commitment: Digest,
        training: bool,
    ) -> Result<Digest, serde_json::Error> {
        canonical_digest(&Genesis { version: 1, session_id, game_fingerprint, commitment, training })
    }

    /// Whether a stake is held or free games are left.
    #[must_use]
    pub const fn round_open(&self) -> bool {
        self.round.is_some()
    }

    /// The actions that a player may ask for now.
    #[must_use]
    pub fn allowed_actions(&self) -> &'static [&'static str] {
        self.state.allowed(self.round_open())
    }
}

#[cfg(test)]
mod tests;
