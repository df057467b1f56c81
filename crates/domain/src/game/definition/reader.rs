//! Reads loosely typed JSON into checked values, noting every fault on the way instead of stopping.

use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::fault::{FaultLog, Place, shorten};

/// A JSON object.
pub(super) type Object = Map<String, Value>;

impl FaultLog {
    /// The object that is here, after naming each field that is not one of `allowed`.
    pub(super) fn object<'v>(&mut self, place: &Place<'_>, value: &'v Value, allowed: &[&str]) -> Option<&'v Object> {
        let object = self.table(place, value)?;
        self.fields(place, object, allowed);
        Some(object)
    }

    /// Names each field that is not one of `allowed`.
    pub(super) fn fields(&mut self, place: &Place<'_>, object: &Object, allowed: &[&str]) {
        for name in object.keys().filter(|name| !allowed.contains(&name.as_str())) {
            self.add(&place.key(name), format_args!("unknown field; the fields here are: {}", allowed.join(", ")));
        }
    }

    /// The object that is here, whatever its keys.
    pub(super) fn table<'v>(&mut self, place: &Place<'_>, value: &'v Value) -> Option<&'v Object> {
        let object = value.as_object();
        if object.is_none() {
            self.add(place, format_args!("an object was expected, not {}", Shown(value)));
        }
        object
    }

    /// A field that must be there.
    pub(super) fn need<'v>(&mut self, place: &Place<'_>, object: &'v Object, name: &str) -> Option<&'v Value> {
        let value = object.get(name);
        if value.is_none() {
            self.add(&place.key(name), format_args!("the field is missing"));
        }
        value
    }

    /// The list that is here. One of a length outside `lengths` is a fault and is not read further.
    pub(super) fn list<'v>(
        &mut self,
        place: &Place<'_>,
        value: &'v Value,
        lengths: RangeInclusive<usize>,
        what: &str,
    ) -> Option<&'v [Value]> {
        let (least, most) = (*lengths.start(), *lengths.end());
        match value {
            Value::Array(items) if lengths.contains(&items.len()) => Some(items),
            Value::Array(items) if least == most => {
                self.add(place, format_args!("a list of {least} {what} was expected, not of {}", items.len()));
                None
            }
            Value::Array(items) => {
                self.add(
                    place,
                    format_args!("a list of {least} to {most} {what} was expected, not of {}", items.len()),
                );
                None
            }
            _ => {
                self.add(place, format_args!("a list of {what} was expected, not {}", Shown(value)));
                None
            }
        }
    }

    /// The whole number that is here, when it is within `range`.
    pub(super) fn whole(&mut self, place: &Place<'_>, value: &Value, range: RangeInclusive<u32>) -> Option<u32> {
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|n| range.contains(n));
        if number.is_none() {
            let (least, most) = (range.start(), range.end());
            self.add(place, format_args!("a whole number from {least} to {most} was expected, not {}", Shown(value)));
        }
        number
    }

    /// A whole number in a field that may be left out for `default`.
    pub(super) fn whole_or(
        &mut self,
        place: &Place<'_>,
        object: &Object,
        name: &str,
        range: RangeInclusive<u32>,
        default: u32,
    ) -> Option<u32> {
        object.get(name).map_or(Some(default), |value| self.whole(&place.key(name), value, range))
    }

    /// True or false in a field that may be left out for `default`.
    pub(super) fn flag_or(&mut self, place: &Place<'_>, object: &Object, name: &str, default: bool) -> Option<bool> {
        match object.get(name) {
            None => Some(default),
            Some(Value::Bool(flag)) => Some(*flag),
            Some(other) => {
                self.add(&place.key(name), format_args!("true or false was expected, not {}", Shown(other)));
                None
            }
        }
    }

    /// The text that is here.
    pub(super) fn text<'v>(&mut self, place: &Place<'_>, value: &'v Value) -> Option<&'v str> {
        let text = value.as_str();
        if text.is_none() {
            self.add(place, format_args!("a string was expected, not {}", Shown(value)));
        }
        text
    }

    /// The whole number that a key spells in its shortest form, when it is within `range`.
    pub(super) fn whole_key(&mut self, place: &Place<'_>, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let number = key.parse().ok().filter(|n: &u32| range.contains(n) && n.to_string() == key);
        if number.is_none() {
            let (least, most) = (range.start(), range.end());
            self.add(place, format_args!("the key must be a length from {least} to {most}, in plain digits"));
        }
        number
    }

    /// The whole number, or the range of them as in `5-8`, that a key spells in its shortest form.
    pub(super) fn whole_keys(
        &mut self,
        place: &Place<'_>,
        key: &str,
        range: RangeInclusive<u32>,
    ) -> Option<RangeInclusive<u32>> {
        let Some((first, last)) = key.split_once('-') else {
            return self.whole_key(place, key, range).map(|length| length..=length);
        };
        let whole = |text: &str| text.parse().ok().filter(|n: &u32| range.contains(n) && n.to_string() == text);
        let lengths = whole(first).zip(whole(last)).filter(|(first, last)| first < last);
        if lengths.is_none() {
            let (least, most) = (range.start(), range.end());
            self.add(place, format_args!("the key must be a length from {least} to {most}, or a range such as 5-8"));
        }
        lengths.map(|(first, last)| first..=last)
    }

    /// Reads the field `version`, which must be `known`.
    pub(super) fn version(&mut self, place: &Place<'_>, object: &Object, known: u32) -> Option<u32> {
        let version = self.need(place, object, "version")?;
        self.whole(&place.key("version"), version, known..=known)
    }
}

/// How a fault repeats the value it is about.
pub(in crate::game) struct Shown<'a>(pub(in crate::game) &'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(flag) => flag.fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::String(text) => write!(f, "{:?}", shorten(text)),
            Value::Array(_) => f.write_str("a list"),
            Value::Object(_) => f.write_str("an object"),
        }
    }
}
