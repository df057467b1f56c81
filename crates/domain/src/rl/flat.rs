//! Reads stored observations and actions the fast way: they are flat objects of few, known members.
//!
//! What is not as it is written now (an older version, another order of things) is read the general way.

use serde::Deserialize;
use serde_json::Value;

use crate::document::{self, Document as _, DocumentError};
use crate::money::Money;
use crate::session::{Action, Observation, SessionState};

/// Reads a stored observation.
///
/// # Errors
/// As [`document::read`].
pub fn read_observation(text: &str) -> Result<Observation, DocumentError> {
    match observation(text) {
        Some(seen) => Ok(seen),
        None => document::read(text),
    }
}

/// Reads a stored action.
///
/// # Errors
/// When it is none.
pub fn read_action(text: &str) -> Result<Action, serde_json::Error> {
    match action(text) {
        Some(action) => Ok(action),
        None => Action::deserialize(serde_json::from_str::<Value>(text)?),
    }
}

/// A value of a flat object.
#[derive(Clone, Copy)]
enum Flat<'a> {
    Null,
    Number(u64),
    Text(&'a [u8]),
}

/// The members of a flat object; it stops with an error at what is not flat.
struct Members<'a> {
    rest: &'a [u8],
    first: bool,
}

/// The object is not flat, or not an object.
struct NotFlat;

impl<'a> Members<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let rest = text.trim_ascii().as_bytes().strip_prefix(b"{")?.strip_suffix(b"}")?;
        Some(Self { rest, first: true })
    }

    fn skip_spaces(&mut self) {
        while let [b' ', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn punctuation(&mut self, mark: u8) -> Result<(), NotFlat> {
        self.skip_spaces();
        match self.rest {
            [first, rest @ ..] if *first == mark => {
                self.rest = rest;
                self.skip_spaces();
                Ok(())
            }
            _ => Err(NotFlat),
        }
    }

    fn text(&mut self) -> Result<&'a [u8], NotFlat> {
        let rest = self.rest.strip_prefix(b"\"").ok_or(NotFlat)?;
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).ok_or(NotFlat)?;
        if rest[end] == b'\\' {
            return Err(NotFlat);
        }
        self.rest = &rest[end + 1..];
        Ok(&rest[..end])
    }

    fn value(&mut self) -> Result<Flat<'a>, NotFlat> {
        if self.rest.first() == Some(&b'"') {
            return self.text().map(Flat::Text);
        }
        if let Some(rest) = self.rest.strip_prefix(b"null") {
            self.rest = rest;
            return Ok(Flat::Null);
        }
        let end = self.rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        // A digit more might not fit, a sign or a fraction is for the general way.
        if digits.is_empty() || digits.len() > 19 || rest.first().is_some_and(|byte| matches!(byte, b'.' | b'e' | b'E'))
        {
            return Err(NotFlat);
        }
        Ok(Flat::Number(digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))))
    }

    fn next(&mut self) -> Result<Option<(&'a [u8], Flat<'a>)>, NotFlat> {
        self.skip_spaces();
        if self.rest.is_empty() {
            return Ok(None);
        }
        if !std::mem::take(&mut self.first) {
            self.punctuation(b',')?;
        }
        let name = self.text()?;
        self.punctuation(b':')?;
        Ok(Some((name, self.value()?)))
    }
}

fn observation(text: &str) -> Option<Observation> {
    let mut seen = Observation::initial(SessionState::Idle, None, None);
    let (mut found, mut version) = (0_u32, 0);
    let mut members = Members::of(text)?;
    while let Some((name, value)) = members.next().ok()? {
        let bit = match name {
            b"version" => {
                version = number(value)?;
                0
            }
            b"state" => {
                let Flat::Text(name) = value else { return None };
                seen.state = SessionState::named(std::str::from_utf8(name).ok()?)?;
                1
            }
            b"balance" => put(&mut seen.balance, optional(value)?, 1 << 1),
            b"balance_start" => put(&mut seen.balance_start, optional(value)?, 1 << 2),
            b"spend_left" => put(&mut seen.spend_left, optional(value)?, 1 << 3),
            b"stake" => put(&mut seen.stake, amount(value)?, 1 << 4),
            b"last_payout" => put(&mut seen.last_payout, amount(value)?, 1 << 5),
            b"dry_run" => put(&mut seen.dry_run, number(value)?, 1 << 6),
            b"free_games_left" => put(&mut seen.free_games_left, number(value)?.try_into().ok()?, 1 << 7),
            b"spins" => put(&mut seen.spins, number(value)?, 1 << 8),
            b"net" => put(&mut seen.net, amount(value)?, 1 << 9),
            b"fee" => put(&mut seen.fee, amount(value)?, 1 << 10),
            b"max_bet" => put(&mut seen.max_bet, optional(value)?, 1 << 11),
            _ => return None,
        };
        if found & bit != 0 {
            return None;
        }
        found |= bit;
    }
    (version == Observation::VERSION && found == (1 << 12) - 1).then_some(seen)
}

fn put<T>(place: &mut T, value: T, bit: u32) -> u32 {
    *place = value;
    bit
}

fn action(text: &str) -> Option<Action> {
    let (mut kind, mut stake, mut version) = (None, None, 0);
    let mut members = Members::of(text)?;
    while let Some((name, value)) = members.next().ok()? {
        match (name, value) {
            (b"version", value) => version = number(value)?,
            (b"type", Flat::Text(name)) if kind.is_none() => kind = Some(name),
            (b"amount", value) if stake.is_none() => stake = Some(amount(value)?),
            _ => return None,
        }
    }
    match (version, kind?, stake) {
        (1, b"spin", amount) => Some(Action::Spin { amount }),
        (1, b"bet", Some(amount)) => Some(Action::Bet { amount }),
        (1, b"cash_out", None) => Some(Action::CashOut),
        (1, b"void", None) => Some(Action::Void),
        (1, b"expire", None) => Some(Action::Expire),
        _ => None,
    }
}

fn number(value: Flat<'_>) -> Option<u64> {
    match value {
        Flat::Number(number) => Some(number),
        Flat::Null | Flat::Text(_) => None,
    }
}

fn optional(value: Flat<'_>) -> Option<Option<Money>> {
    match value {
        Flat::Null => Some(None),
        other => amount(other).map(Some),
    }
}

/// An amount as it is written: digits, a point, four digits, and a minus before them where it is below zero.
fn amount(value: Flat<'_>) -> Option<Money> {
    let Flat::Text(text) = value else { return None };
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let point = digits.len().checked_sub(5)?;
    if point == 0 || digits.len() > 19 || digits[point] != b'.' {
        return None;
    }
    let mut units = 0_i64;
    for &byte in digits[..point].iter().chain(&digits[point + 1..]) {
        if !byte.is_ascii_digit() {
            return None;
        }
        units = units * 10 + i64::from(byte - b'0');
    }
    Some(Money::from_units(if negative { -units } else { units }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(units: i64, count: u64, some: bool) -> Observation {
        let amount = Money::from_units(units);
        Observation {
            balance: some.then_some(amount),
            balance_start: some.then_some(amount),
            stake: amount,
            net: amount,
            dry_run: count,
            spins: count,
            ..Observation::initial(SessionState::FreeGames, None, some.then_some(amount))
        }
    }

    /// The text as `jsonb` gives it out: another order, and a space after every mark.
    fn spaced(text: &str) -> String {
        let value: serde_json::Map<String, Value> = serde_json::from_str(text).unwrap();
        let members: Vec<String> = value.iter().rev().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        format!("{{{}}}", members.join(", "))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_either_way(units in -i64::MAX..i64::MAX, count in any::<u64>(), some in any::<bool>()) {
            let seen = seen(units, count, some);
            let text = document::write(&seen).unwrap();
            for text in [spaced(&text), text] {
                prop_assert_eq!(&read_observation(&text).unwrap(), &seen);
                if units.unsigned_abs() < 1 << 53 && count < 1 << 53 {
                    prop_assert_eq!(observation(&text), Some(seen.clone()));
                }
            }
        }

        #[test]
        fn no_text_is_read_as_something_else(text in "\\{?(\"(type|amount|version|x)\" ?: ?(\"spin\"|\"1.0000\"|1|null|\\{\\}),? ?){0,4}\\}?") {
            let general = serde_json::from_str::<Value>(&text).ok().and_then(|value| Action::deserialize(value).ok());
            if let Some(fast) = action(&text) {
                prop_assert_eq!(Some(fast), general);
            }
        }
    }

    #[test]
    fn an_older_observation_is_upcast() {
        let text = r#"{"version":1,"state":"playing","balance":"1.0000","balance_start":"1.0000","spend_left":null,
            "stake":"0.0000","last_payout":"0.0000","dry_run":0,"free_games_left":0,"spins":0,"net":"0.0000"}"#;
        let seen = read_observation(text).unwrap();
        assert_eq!((seen.fee, seen.max_bet, seen.balance), (Money::ZERO, None, Some(Money::from_units(10_000))));
    }

    #[test]
    fn every_action_is_read() {
        let actions = [
            Action::Spin { amount: None },
            Action::Spin { amount: Some(Money::from_units(5)) },
            Action::Bet { amount: Money::from_units(123_456) },
            Action::CashOut,
            Action::Void,
            Action::Expire,
            Action::Probe { spins: 3 },
            Action::RotateSeed { client_seed: Some("a \"b\"".to_owned()) },
        ];
        for action in actions {
            let mut value = serde_json::to_value(&action).unwrap();
            value["version"] = 1.into();
            assert_eq!(read_action(&value.to_string()).unwrap(), action);
        }
        assert!(read_action("{}").is_err() && read_action("[1").is_err() && read_observation("{\"a\"").is_err());
    }
}
