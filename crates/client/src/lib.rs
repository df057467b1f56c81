//! A typed client of the HTTP API.
//!
//! It does one thing at a time and needs no runtime: a call returns when the answer is there. Every write carries an
//! `Idempotency-Key`, so a call that is tried again happens once. An [`Answer`] holds what was read beside what was
//! sent, to the byte, so that fields which this client does not know are not lost.

mod analytics;
mod answer;
mod bodies;
mod client;
mod error;
mod events;
mod export;
mod games;
mod list;
mod metadata;
mod sessions;
mod simulations;
mod wallets;

pub use analytics::{
    Drift, Figures, GameAnalytics, GameBuckets, HitRate, Interval, PlayTotals, RoundBucket, RoundSeries, Rtp,
    SessionAnalytics, Share, TimeBucket, TimeSeries, Volatility,
};
pub use answer::Answer;
pub use bodies::{
    ActionAnswer, ActionBody, CostRate, Event, Fairness, Game, Health, LedgerEntry, NewCostRate, NewSession, NewWallet,
    Operation, OperationAnswer, OperationType, PendingLimit, PlayerProfile, Round, Session, SessionEnd, Wallet,
    WalletBrief,
};
pub use client::{Client, Key, Patience};
pub use error::{Error, Problem};
pub use events::{EventStream, Message};
pub use export::{ExportFilter, ExportFormat, ExportManifest, ExportRows, ManifestFilter};
pub use list::Items;
pub use sessions::SessionFilter;
pub use simulations::{NewSimulation, Progress, Simulation};
