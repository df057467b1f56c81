//! Analytics: what was played, counted in bounded steps, and what the counts say beside the exact figures.
//!
//! Everything is a sum over events: [`PlayTally::of`] says what one event adds, and a tally of a game, of an hour or
//! of a stretch of rounds is the sum of what its events add. So counts that are kept can be counted anew from the
//! events, and come out the same. A probe is no play: of it only its fee and the number of its spins are counted.

mod figures;
mod game;
mod play;
mod series;
mod session;
#[cfg(test)]
mod tests;
mod total;

pub use figures::{Figures, RtpFigures, Volatility};
pub use game::{GameTallies, GameTally, Span};
pub use play::PlayTally;
pub use series::{Bucket, MOST_BUCKETS, Series};
pub use session::{DaySpend, MOST_DAYS, SessionTally};
pub use total::Total;
