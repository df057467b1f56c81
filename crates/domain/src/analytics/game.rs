//! What a game came to, by hour, by day and in all.

use std::collections::BTreeMap;

use super::PlayTally;
use crate::observation::Observed;
use crate::session::GameplayEvent;
use crate::time::{Timestamp, from_millis};

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// How long a time a tally of a game covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// An hour.
    Hour,
    /// A day of UTC.
    Day,
    /// All time.
    All,
}

impl Span {
    /// Every span.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::All];

    /// The name in stores and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::All => "all",
        }
    }

    /// The span of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.name() == name)
    }

    /// When the span begins that holds an instant; all time begins with the Unix epoch.
    #[must_use]
    pub fn start(self, at: Timestamp) -> Timestamp {
        let length = match self {
            Self::Hour => HOUR,
            Self::Day => 24 * HOUR,
            Self::All => return Timestamp::UNIX_EPOCH,
        };
        let millis = at.timestamp_millis();
        from_millis(millis - millis.rem_euclid(length)).unwrap_or(at)
    }
}

/// What a game came to in one span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GameTally {
    /// How long the span is.
    pub span: Span,
    /// When it begins.
    pub starts_at: Timestamp,
    /// What its events came to.
    pub play: PlayTally,
}

/// What some events of a game came to, by span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GameTallies(BTreeMap<(Span, Timestamp), PlayTally>);

impl GameTallies {
    /// What the events came to. They may be of any sessions of the game, in any order.
    #[must_use]
    pub fn of<'a>(game: &Observed, events: impl IntoIterator<Item = &'a GameplayEvent>) -> Self {
        let mut tallies = Self::default();
        for event in events {
            tallies.add(&PlayTally::of(game, event), event.body.timestamp);
        }
        tallies
    }

    /// Adds what an event came to, to every span that holds it.
    pub fn add(&mut self, play: &PlayTally, at: Timestamp) {
        for span in Span::ALL {
            self.0.entry((span, span.start(at))).or_default().add(play);
        }
    }

    /// Counts events that were gone before anybody counted them: nobody knows of which hour they were.
    pub fn miss(&mut self, events: u64) {
        if events > 0 {
            let missed = PlayTally { missed: events, ..PlayTally::default() };
            self.0.entry((Span::All, Timestamp::UNIX_EPOCH)).or_default().add(&missed);
        }
    }

    /// The spans that have anything.
    pub fn spans(&self) -> impl Iterator<Item = (Span, Timestamp)> + '_ {
        self.0.keys().copied()
    }

    /// The tallies on top of those that are stored.
    #[must_use]
    pub fn on_top_of(mut self, stored: &[GameTally]) -> Vec<GameTally> {
        for GameTally { span, starts_at, play } in stored {
            self.0.entry((*span, *starts_at)).or_default().add(play);
        }
        self.0.into_iter().map(|((span, starts_at), play)| GameTally { span, starts_at, play }).collect()
    }
}
