//! Commands: everything that can be written, and the answers to them.

use reelhouse_domain::canonical::canonical_digest;
use reelhouse_domain::fairness::SignedHead;
use reelhouse_domain::game::Game;
use reelhouse_domain::id::Randomness;
use reelhouse_domain::job::{Job, Lease, Update};
use reelhouse_domain::ports::{IdempotencyKey, Needs};
use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::{Action, GameplayEvent, PlayerProfile};
use reelhouse_domain::wallet::{NewWallet, Operation, WalletOperation};
use reelhouse_domain::{Digest, GameId, JobId, KeyId, Money, Refusal, SessionId, Shard, WalletId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::play::{self, Play, PlayOutcome};
use crate::simulations::{JobView, SimulationDraft};
use crate::view::{SessionView, WalletBrief, WalletView};

/// A game as it is posted, checked and measured already.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GameDraft {
    /// The name for people.
    pub name: String,
    /// How outcomes are drawn: the normalised document.
    pub rng_signature: Value,
    /// What the symbols are and pay: the normalised document.
    pub symbol_map: Value,
    /// The figures that the client holds to be the game's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<Value>,
    /// The figures that were computed, or what stands in their place; they follow from the definition.
    #[serde(skip)]
    pub statistical_profile: Value,
    /// The definition's fingerprint; it follows from the definition.
    #[serde(skip)]
    pub fingerprint: Digest,
}

/// A session as it is asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SessionDraft {
    /// The game to play.
    pub game_id: GameId,
    /// The wallet to play from; without one the session starts idle.
    pub wallet_id: Option<WalletId>,
    /// Who plays.
    pub player_profile: PlayerProfile,
    /// The player's share in the draws.
    pub client_seed: Option<String>,
    /// What the session's events are worth.
    #[serde(skip_serializing_if = "Reward::is_default")]
    pub reward: Reward,
    /// The seed of a training session; none for fair draws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training_seed: Option<u64>,
}

/// Something to be written. Its canonical JSON is what an idempotency key is bound to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Add a game to the catalogue.
    GameCreate(GameDraft),
    /// Open a wallet.
    WalletCreate(NewWallet),
    /// Operate on a wallet.
    WalletOperate {
        /// The wallet.
        wallet_id: WalletId,
        /// What to do to it.
        operation: Operation,
        /// How much.
        amount: Money,
    },
    /// Open a session.
    SessionCreate(SessionDraft),
    /// Act in a session.
    SessionAct {
        /// The session.
        session_id: SessionId,
        /// What to do in it.
        action: Action,
    },
    /// Act in sessions, each a list of actions, all in one transaction.
    SessionsAct {
        /// What to do, and where.
        plays: Vec<Play>,
    },
    /// Queue a simulation.
    SimulationCreate(SimulationDraft),
    /// End a simulation before it is done.
    SimulationCancel {
        /// Its job.
        job_id: JobId,
    },
    /// Hand a job to a worker, if it is still due.
    JobClaim {
        /// The job.
        job_id: JobId,
        /// The worker's lease.
        lease: Lease,
    },
    /// Take what a worker says of its job, if the job is still its own.
    JobUpdate {
        /// The job.
        job_id: JobId,
        /// The token of the worker's lease.
        token: Uuid,
        /// What it says.
        update: Update,
        /// The profile of the job's game, when that is what was computed.
        profile: Option<Value>,
    },
    /// Expire a session if it was left idle, else say when to look again.
    SessionSweep {
        /// The session.
        session_id: SessionId,
    },
}

impl Command {
    /// The shard that the command writes to. What is created without a shard of its own takes the
    /// one its idempotency key hashes to, so that a replay looks in the same place.
    pub(crate) fn shard(&self, key: Option<&str>, randomness: &dyn Randomness) -> Shard {
        match self {
            Self::WalletOperate { wallet_id, .. }
            | Self::SessionCreate(SessionDraft { wallet_id: Some(wallet_id), .. }) => wallet_id.shard(),
            Self::SessionAct { session_id, .. } | Self::SessionSweep { session_id } => session_id.shard(),
            Self::SessionsAct { plays } => plays.first().map_or(Shard::from_bits(0), |play| play.session_id.shard()),
            Self::SimulationCancel { job_id } | Self::JobClaim { job_id, .. } | Self::JobUpdate { job_id, .. } => {
                job_id.shard()
            }
            Self::GameCreate(_) | Self::WalletCreate(_) | Self::SessionCreate(_) | Self::SimulationCreate(_) => {
                match key {
                    Some(key) => {
                        let digest = Digest::of(&[key.as_bytes()]).0;
                        Shard::from_bits(u64::from(u16::from_be_bytes([digest[0], digest[1]])))
                    }
                    None => Shard::from_bits(randomness.id_bits()),
                }
            }
        }
    }

    /// How much of a batch the command fills: its actions, one at least.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::SessionsAct { plays } => play::weight(plays).max(1),
            _ => 1,
        }
    }

    /// The digest that an idempotency key is bound to. Whoever is confined to its own gets no answer that
    /// somebody else was given.
    pub(crate) fn digest(&self, confined_to: Option<KeyId>) -> Result<Digest, serde_json::Error> {
        match confined_to {
            Some(key_id) => canonical_digest(&(key_id, self)),
            None => canonical_digest(self),
        }
    }

    /// Adds what the command must see to the needs of its batch.
    pub(crate) fn add_needs(&self, key: Option<&IdempotencyKey>, needs: &mut Needs) {
        needs.keys.extend(key.cloned());
        match self {
            Self::GameCreate(draft) => {
                needs.fingerprints.insert(draft.fingerprint);
                needs.queue = true;
            }
            Self::SimulationCreate(_) => needs.queue = true,
            Self::SimulationCancel { job_id } | Self::JobClaim { job_id, .. } | Self::JobUpdate { job_id, .. } => {
                needs.jobs.insert(*job_id);
            }
            Self::WalletCreate(_) => {}
            Self::WalletOperate { wallet_id, .. } => {
                needs.wallets.insert(*wallet_id);
            }
            Self::SessionCreate(draft) => needs.wallets.extend(draft.wallet_id),
            Self::SessionAct { session_id, action } => add_session(*session_id, std::slice::from_ref(action), needs),
            Self::SessionsAct { plays } => {
                for play in plays {
                    add_session(play.session_id, &play.actions, needs);
                }
            }
            Self::SessionSweep { session_id } => {
                needs.sessions.insert(*session_id);
            }
        }
    }
}

fn add_session(session_id: SessionId, actions: &[Action], needs: &mut Needs) {
    needs.sessions.insert(session_id);
    needs.wallets.extend(actions.iter().filter_map(|action| match action {
        Action::AttachWallet { wallet_id } => Some(*wallet_id),
        _ => None,
    }));
}

/// The answer to an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActAnswer {
    /// The last event that the action made.
    pub event: GameplayEvent,
    /// The session after the action.
    pub session: SessionView,
    /// Its wallet after the action.
    pub wallet: Option<WalletBrief>,
    /// Whether the action left the session over for good: cashed out, closed, bust.
    #[serde(default)]
    pub terminated: bool,
    /// Whether the action left the session cut off: expired, stopped by the daily limit.
    #[serde(default)]
    pub truncated: bool,
    /// The signed end of the session's chain, when the action ended it.
    #[serde(default)]
    pub head: Option<SignedHead>,
}

/// The answer to a command that was not refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The game, and whether it is new.
    Game {
        /// The game.
        game: Game,
        /// Whether this command made it; else the same definition was there already.
        created: bool,
    },
    /// The wallet that was opened.
    Wallet(WalletView),
    /// The operation that was done, and the wallet after it.
    Operation {
        /// The operation.
        operation: WalletOperation,
        /// The wallet.
        wallet: WalletView,
    },
    /// The session that was opened.
    Session(Box<SessionView>),
    /// What an action came to.
    Act(Box<ActAnswer>),
    /// What each play came to, in their order.
    Acts(Vec<PlayOutcome>),
    /// Whether the sweep expired the session.
    Swept(bool),
    /// The simulation that was queued or cancelled.
    Simulation(Box<JobView>),
    /// The job, if the worker may have it.
    Claimed(Option<Box<Job>>),
    /// Whether the worker still holds its job, or held it until this update ended it.
    Held(bool),
}

/// What an idempotency key remembers.
pub(crate) type Outcome = Result<Answer, Refusal>;
