//! Calendar months in UTC, by which the append-only tables are partitioned and archived.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, Months, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A calendar month in UTC; in text and JSON `2026_01`, as in the names of partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    first: NaiveDate,
    /// The first day of the month after it.
    next: NaiveDate,
}

/// A text that names no month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a month such as 2026_01")]
pub struct MonthError(String);

impl Month {
    /// The month that a day is in; `None` at the calendar's end.
    #[must_use]
    pub fn of(day: NaiveDate) -> Option<Self> {
        let first = day.with_day(1)?;
        let next = first.checked_add_months(Months::new(1))?;
        Some(Self { first, next })
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        self.first
    }

    /// The first day of the month after it.
    #[must_use]
    pub const fn next_day(self) -> NaiveDate {
        self.next
    }

    /// Its first instant.
    #[must_use]
    pub fn start(self) -> Timestamp {
        self.first.and_time(NaiveTime::MIN).and_utc()
    }

    /// The first instant after it.
    #[must_use]
    pub fn end(self) -> Timestamp {
        self.next.and_time(NaiveTime::MIN).and_utc()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.format("%Y_%m").fmt(f)
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let error = || MonthError(text.to_owned());
        let day = NaiveDate::parse_from_str(&format!("{text}_01"), "%Y_%m_%d").map_err(|_| error())?;
        // One text for each month: the parser takes shorter ones too.
        Self::of(day).filter(|month| month.to_string() == text).ok_or_else(error)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = MonthError;

    fn try_from(text: String) -> Result<Self, MonthError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_reads_as_it_is_written_and_ends_where_the_next_begins() {
        let month: Month = "2026_12".parse().unwrap();
        assert_eq!(month.to_string(), "2026_12");
        assert_eq!(month.start().to_rfc3339(), "2026-12-01T00:00:00+00:00");
        assert_eq!(month.end().to_rfc3339(), "2027-01-01T00:00:00+00:00");
        assert_eq!(Month::of(month.next_day()).unwrap().to_string(), "2027_01");
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["", "2026", "2026_13", "2026_1", "2026-01", "2026_01_01", "../2026_01", "default"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
