//! Session metrics: running counters, updated with every action.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::money::Money;

/// Running counters of a session. A round is a paid spin with its free games.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionMetrics {
    /// Paid spins.
    pub spins: u64,
    /// Free games played.
    pub free_games: u64,
    /// Demo spins of probes.
    pub probe_spins: u64,
    /// Rounds that paid anything.
    pub hits: u64,
    /// Stakes played, in credits; a voided stake is not one.
    pub wagered: Money,
    /// Payouts, in credits.
    pub won: Money,
    /// Fees, in credits.
    pub fees: Money,
    /// Payouts less stakes played and fees, in credits.
    pub net: Money,
    /// The largest payout of one round, in credits.
    pub biggest_win: Money,
    /// Rounds since the last one that paid.
    pub dry_run: u64,
    /// The longest run of rounds that paid nothing.
    pub longest_dry_run: u64,
    /// The highest balance that the session saw after an action, in credits.
    pub balance_high: Option<Money>,
    /// The lowest balance that the session saw after an action, in credits.
    pub balance_low: Option<Money>,
}

impl Document for SessionMetrics {
    const VERSION: u64 = 1;
}

impl SessionMetrics {
    /// Counts a balance seen.
    pub(super) fn see_balance(&mut self, balance: Money) {
        self.balance_high = Some(self.balance_high.map_or(balance, |high| high.max(balance)));
        self.balance_low = Some(self.balance_low.map_or(balance, |low| low.min(balance)));
    }

    /// Counts a round that closed having paid `won` in all.
    pub(super) fn close_round(&mut self, won: Money) {
        if won.is_zero() {
            self.dry_run += 1;
            self.longest_dry_run = self.longest_dry_run.max(self.dry_run);
        } else {
            self.hits += 1;
            self.dry_run = 0;
            self.biggest_win = self.biggest_win.max(won);
        }
    }

    /// Adds amounts to the money counters; `None` when one leaves its range.
    pub(super) fn count(&mut self, wagered: Money, won: Money, fees: Money) -> Option<()> {
        self.wagered = self.wagered.checked_add(wagered)?;
        self.won = self.won.checked_add(won)?;
        self.fees = self.fees.checked_add(fees)?;
        self.net = self.won.checked_sub(self.wagered)?.checked_sub(self.fees)?;
        Some(())
    }

    /// The counters as name and value, for the metrics table. Money counters are in credits.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'static str, MetricValue)> {
        use MetricValue::{Amount, Count};
        let mut entries = vec![
            ("spins", Count(self.spins)),
            ("free_games", Count(self.free_games)),
            ("probe_spins", Count(self.probe_spins)),
            ("hits", Count(self.hits)),
            ("wagered", Amount(self.wagered)),
            ("won", Amount(self.won)),
            ("fees", Amount(self.fees)),
            ("net", Amount(self.net)),
            ("biggest_win", Amount(self.biggest_win)),
            ("longest_dry_run", Count(self.longest_dry_run)),
        ];
        entries.extend(self.balance_high.map(|high| ("balance_high", Amount(high))));
        entries.extend(self.balance_low.map(|low| ("balance_low", Amount(low))));
        entries
    }
}

/// The value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricValue {
    /// A whole number of things.
    Count(u64),
    /// An amount in credits.
    Amount(Money),
}

impl fmt::Display for MetricValue {
    /// A count, or an amount with four decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Amount(amount) => amount.fmt(f),
        }
    }
}
