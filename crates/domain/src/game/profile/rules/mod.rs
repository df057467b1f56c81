//! How wins are read, one reel after the other: by line, by symbol on ways, by cluster, by scatter.
//!
//! They are the rules of the engine, told apart from it: neither uses the other.

mod cluster;
mod line;
mod scatter;
mod ways;

pub(super) use cluster::{ClusterRule, Growing};
pub(super) use line::{FromRight, LineRule, LineWin};
pub(super) use scatter::{HoldRule, ScatterRule};
pub(super) use ways::{Shown, WaysRule};
