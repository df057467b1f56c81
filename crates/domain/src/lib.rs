//! Entities, transition rules, game mathematics and ports of Reelhouse: no I/O, no clock, no randomness.

pub mod access;
pub mod analytics;
pub mod archive;
pub mod canonical;
pub mod document;
pub mod fairness;
pub mod game;
pub mod id;
pub mod job;
pub mod money;
pub mod observation;
pub mod ports;
pub mod refusal;
pub mod rl;
pub mod session;
pub mod simulation;
pub mod time;
pub mod wallet;

pub use canonical::Digest;
pub use id::{EntryId, EventId, GameId, JobId, KeyId, OperationId, SessionId, Shard, WalletId};
pub use money::Money;
pub use refusal::Refusal;
pub use time::Timestamp;
