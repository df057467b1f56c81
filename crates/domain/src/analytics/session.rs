//! What a session came to: its running counters, its stretches of rounds, and its spend by day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{PlayTally, Series, Total};
use crate::document::Document;
use crate::money::Money;
use crate::observation::Observed;
use crate::session::{GameplayEvent, MetricValue};

/// The most days that are told apart: what was spent before is one sum.
pub const MOST_DAYS: usize = 100;

/// What was spent in one day of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySpend {
    /// The day.
    pub day: NaiveDate,
    /// Stakes played, in credits, by the time of their spin.
    pub wagered: Total,
    /// Fees, in credits.
    pub fees: Total,
    /// Payouts, in credits.
    pub won: Total,
}

impl DaySpend {
    /// Stakes and fees, in credits.
    #[must_use]
    pub const fn spend(&self) -> Total {
        self.wagered.plus(self.fees)
    }

    fn add(&mut self, other: &Self) {
        self.wagered = self.wagered.plus(other.wagered);
        self.fees = self.fees.plus(other.fees);
        self.won = self.won.plus(other.won);
    }
}

/// What a session came to, as far as its events were counted. Its size is bounded, however long the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTally {
    /// What all of it came to.
    pub total: PlayTally,
    /// The largest payout of one round, in credits.
    pub biggest_win: Money,
    /// Rounds since the last one that paid.
    pub dry_run: u64,
    /// The longest run of rounds that paid nothing.
    pub longest_dry_run: u64,
    /// The balance after the last event that tells one, in credits.
    pub balance: Option<Money>,
    /// Its rounds in stretches.
    pub series: Series,
    /// Its last days with spend or payouts, in order, at most [`MOST_DAYS`].
    pub days: Vec<DaySpend>,
    /// What was spent before those, under its last day.
    pub before: Option<DaySpend>,
}

impl Document for SessionTally {
    const VERSION: u64 = 1;
}

/// What is read of a result beside what [`PlayTally`] counts.
#[derive(Default, Deserialize)]
struct Told {
    #[serde(default)]
    balance: Option<Money>,
    #[serde(default)]
    round: Option<Round>,
}

#[derive(Deserialize)]
struct Round {
    won: Money,
}

impl SessionTally {
    /// Counts the session's next event, and gives what it adds.
    pub fn see(&mut self, game: &Observed, event: &GameplayEvent) -> PlayTally {
        let play = PlayTally::of(game, event);
        let told = Told::deserialize(&event.body.result).unwrap_or_default();
        self.total.add(&play);
        self.balance = told.balance.or(self.balance);
        if play.rounds > 0 {
            self.close_round(told.round.map(|round| round.won).unwrap_or_default());
        }
        self.series.see(&play, event.body.timestamp, told.balance);
        self.spend(&play, event.body.timestamp.date_naive());
        play
    }

    /// Counts events that were gone before anybody counted them.
    pub fn miss(&mut self, events: u64) {
        self.total.missed = self.total.missed.saturating_add(events);
    }

    fn close_round(&mut self, won: Money) {
        self.biggest_win = self.biggest_win.max(won);
        self.dry_run = if won.is_zero() { self.dry_run.saturating_add(1) } else { 0 };
        self.longest_dry_run = self.longest_dry_run.max(self.dry_run);
    }

    fn spend(&mut self, play: &PlayTally, day: NaiveDate) {
        let spend = DaySpend { day, wagered: play.wagered, fees: play.fees, won: play.won };
        if [spend.wagered, spend.fees, spend.won] == [Total::ZERO; 3] {
            return;
        }
        match self.days.last_mut() {
            Some(last) if last.day == day => last.add(&spend),
            _ => self.days.push(spend),
        }
        if self.days.len() > MOST_DAYS {
            let mut oldest = self.days.remove(0);
            if let Some(before) = &self.before {
                oldest.add(before);
            }
            self.before = Some(oldest);
        }
    }

    /// Whether the counters are recorded after an event that added `play`: at the rounds 1, 2, 4, 8 and so on, so that
    /// a session of any length leaves few rows.
    #[must_use]
    pub const fn is_recorded(&self, play: &PlayTally) -> bool {
        play.rounds > 0 && self.total.rounds.is_power_of_two()
    }

    /// The counters as name and value, for the metrics table: those that an ended session leaves, as far as events
    /// tell them, with the balance.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'static str, MetricValue)> {
        let total = &self.total;
        let counts = [
            ("spins", total.spins),
            ("free_games", total.free_games),
            ("probe_spins", total.probe_spins),
            ("hits", total.won_rounds),
            ("longest_dry_run", self.longest_dry_run),
        ];
        let amounts = [
            ("wagered", total.wagered.amount()),
            ("won", total.won.amount()),
            ("fees", total.fees.amount()),
            ("net", total.net().amount()),
            ("biggest_win", Some(self.biggest_win)),
            ("balance", self.balance),
        ];
        let counts = counts.into_iter().map(|(key, count)| (key, MetricValue::Count(count)));
        let amounts = amounts.into_iter().filter_map(|(key, amount)| Some((key, MetricValue::Amount(amount?))));
        counts.chain(amounts).collect()
    }
}
