//! A session in stretches of rounds, never more than a bounded number of them.

use serde::{Deserialize, Serialize};

use super::PlayTally;
use crate::money::Money;
use crate::time::{Timestamp, millis_format};

/// The most stretches of a series: when they are full, each two become one of twice the rounds.
pub const MOST_BUCKETS: usize = 64;

/// A stretch of a session: so many rounds, and what happened between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// What it came to.
    pub play: PlayTally,
    /// When its first event happened.
    #[serde(with = "millis_format")]
    pub from: Timestamp,
    /// When its last event happened.
    #[serde(with = "millis_format")]
    pub to: Timestamp,
    /// The balance after its last event, in credits; none without a wallet.
    pub balance: Option<Money>,
}

/// The stretches of a session, in order. All but the last one have `width` rounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The rounds of a full stretch: a power of two.
    pub width: u64,
    /// The stretches.
    pub buckets: Vec<Bucket>,
}

impl Default for Series {
    fn default() -> Self {
        Self { width: 1, buckets: Vec::new() }
    }
}

impl Series {
    /// Adds what an event came to, after which the balance was `balance`.
    pub(super) fn see(&mut self, play: &PlayTally, at: Timestamp, balance: Option<Money>) {
        if self.buckets.last().is_none_or(|last| last.play.rounds >= self.width) {
            if self.buckets.len() == MOST_BUCKETS {
                self.widen();
            }
            self.buckets.push(Bucket { play: *play, from: at, to: at, balance });
        } else if let Some(last) = self.buckets.last_mut() {
            last.play.add(play);
            last.to = at;
            last.balance = balance.or(last.balance);
        }
    }

    /// Makes one stretch of each two.
    fn widen(&mut self) {
        self.width = self.width.saturating_mul(2);
        let pairs = self.buckets.chunks(2).filter_map(|pair| {
            let (first, last) = (pair.first()?, pair.last()?);
            let play = PlayTally::sum(pair.iter().map(|bucket| &bucket.play));
            Some(Bucket { play, from: first.from, to: last.to, balance: last.balance.or(first.balance) })
        });
        self.buckets = pairs.collect();
    }
}
