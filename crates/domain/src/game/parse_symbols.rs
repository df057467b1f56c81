//! Reads the symbols of a definition, and the tables that are keyed by symbol and length.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::definition::{MAX_MULTIPLIER, MAX_SYMBOL_NAME, MAX_SYMBOLS, Role, Substitutes, Symbol};
use super::fault::{FaultLog, Place, shorten};
use super::reader::{Object, Shown};

/// A table of whole numbers by symbol and length.
pub(super) type Table = BTreeMap<String, BTreeMap<u32, u32>>;

/// A role without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Regular,
    Wild,
    Scatter,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Wild => "wild",
            Self::Scatter => "scatter",
        }
    }
}

/// The names that a definition may use.
///
/// A symbol whose role is faulty counts as known, its kind unknown, and where a symbol has no name every
/// name may be its: one fault must not bring about a hundred.
#[derive(Default)]
pub(super) struct Vocabulary<'v> {
    kinds: BTreeMap<&'v str, Option<Kind>>,
    /// Whether every symbol has its name in `kinds`.
    complete: bool,
}

impl<'v> Vocabulary<'v> {
    /// The name that is here, when it is that of a symbol of one of these kinds.
    pub(super) fn symbol(
        &self,
        log: &mut FaultLog,
        place: &Place<'_>,
        name: &'v str,
        kinds: &[Kind],
    ) -> Option<&'v str> {
        match self.kinds.get(name) {
            None if !self.complete => return Some(name),
            None => log.add(place, format_args!("there is no symbol {:?}", shorten(name))),
            Some(Some(kind)) if !kinds.contains(kind) => {
                let expected: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                let (expected, found) = (expected.join(" or "), kind.name());
                log.add(place, format_args!("a {expected} symbol was expected, {:?} is a {found}", shorten(name)));
            }
            Some(_) => return Some(name),
        }
        None
    }

    /// The name of a symbol of any kind.
    pub(super) fn any(&self, log: &mut FaultLog, place: &Place<'_>, value: &'v Value) -> Option<&'v str> {
        let name = log.text(place, value)?;
        self.symbol(log, place, name, &[Kind::Regular, Kind::Wild, Kind::Scatter])
    }
}

/// Reads `symbols`.
pub(super) fn symbols<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    value: &'v Value,
) -> (Vocabulary<'v>, Option<Vec<Symbol>>) {
    let Some(items) = log.list(place, value, 1..=MAX_SYMBOLS, "symbols") else {
        return (Vocabulary::default(), None);
    };
    let mut known = BTreeMap::new();
    let mut wild = None;
    for (at, item) in items.iter().enumerate() {
        let place = place.index(at);
        let kind = item.get("role").and_then(Value::as_str).and_then(kind_of);
        if let Some(name) = item.get("name").and_then(Value::as_str)
            && known.insert(name, kind).is_some()
        {
            log.add(&place.key("name"), format_args!("there is a symbol {:?} already", shorten(name)));
        }
        if kind == Some(Kind::Wild) && wild.replace(at).is_some() {
            log.add(&place.key("role"), format_args!("more than one wild symbol is not supported yet"));
        }
    }
    let complete = items.iter().all(|item| item.get("name").is_some_and(Value::is_string));
    let vocabulary = Vocabulary { kinds: known, complete };
    let read: Vec<Option<Symbol>> =
        items.iter().enumerate().map(|(at, item)| symbol(log, &place.index(at), item, &vocabulary, items)).collect();
    (vocabulary, read.into_iter().collect())
}

fn kind_of(role: &str) -> Option<Kind> {
    [Kind::Regular, Kind::Wild, Kind::Scatter].into_iter().find(|kind| kind.name() == role)
}

fn symbol<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    value: &'v Value,
    vocabulary: &Vocabulary<'v>,
    all: &'v [Value],
) -> Option<Symbol> {
    let fields = log.table(place, value)?;
    let kind = log.need(place, fields, "role").and_then(|role| {
        let place = place.key("role");
        let kind = log.text(&place, role).map(kind_of)?;
        if kind.is_none() {
            log.add(&place, format_args!("one of regular, wild, scatter was expected, not {}", Shown(role)));
        }
        kind
    });
    let allowed: &[&str] = match kind {
        Some(Kind::Regular | Kind::Scatter) => &["name", "role"],
        Some(Kind::Wild) | None => &["name", "role", "multiplier", "substitutes"],
    };
    log.object(place, value, allowed);
    let name = log.need(place, fields, "name").and_then(|name| symbol_name(log, &place.key("name"), name));
    let role = match kind? {
        Kind::Regular => Some(Role::Regular),
        Kind::Scatter => Some(Role::Scatter),
        Kind::Wild => wild(log, place, fields, vocabulary, all),
    };
    Some(Symbol { name: name?, role: role? })
}

fn symbol_name(log: &mut FaultLog, place: &Place<'_>, value: &Value) -> Option<String> {
    let name = log.text(place, value)?;
    let fits = (1..=MAX_SYMBOL_NAME).contains(&name.len());
    if fits && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
        return Some(name.to_owned());
    }
    log.add(
        place,
        format_args!("1 to {MAX_SYMBOL_NAME} of A-Z, a-z, 0-9, _ and - were expected, not {:?}", shorten(name)),
    );
    None
}

fn wild<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    fields: &'v Object,
    vocabulary: &Vocabulary<'v>,
    all: &'v [Value],
) -> Option<Role> {
    let multiplier = log.whole_or(place, fields, "multiplier", 1..=MAX_MULTIPLIER, 1);
    let substitutes = match fields.get("substitutes") {
        None => Some(Substitutes::Regular),
        Some(value) => substitutes(log, &place.key("substitutes"), value, vocabulary, all),
    };
    Some(Role::Wild { multiplier: multiplier?, substitutes: substitutes? })
}

fn substitutes<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    value: &'v Value,
    vocabulary: &Vocabulary<'v>,
    all: &'v [Value],
) -> Option<Substitutes> {
    if value == "regular" {
        return Some(Substitutes::Regular);
    }
    if !value.is_array() {
        log.add(place, format_args!("\"regular\" or a list of symbols was expected, not {}", Shown(value)));
        return None;
    }
    let items = log.list(place, value, 0..=MAX_SYMBOLS, "symbols")?;
    let mut names = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let place = place.index(at);
        let name = log.text(&place, item).and_then(|name| vocabulary.symbol(log, &place, name, &[Kind::Regular]));
        match name {
            Some(name) if names.contains(&name) => {
                log.add(&place, format_args!("{:?} is in the list already", shorten(name)));
            }
            Some(name) => names.push(name),
            None => {}
        }
    }
    // The order means nothing, so it must not make two games of one.
    let ordered = all.iter().filter_map(|symbol| symbol.get("name")?.as_str()).filter(|name| names.contains(name));
    Some(Substitutes::Only(ordered.map(str::to_owned).collect()))
}

/// Reads a table keyed by symbols of these kinds, then by lengths, with whole numbers in it.
pub(super) fn table<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    value: &'v Value,
    vocabulary: &Vocabulary<'v>,
    kinds: &[Kind],
    lengths: &RangeInclusive<u32>,
    amounts: &RangeInclusive<u32>,
) -> Option<Table> {
    let mut table = Table::new();
    for (name, row) in log.table(place, value)? {
        let place = place.key(name);
        let known = vocabulary.symbol(log, &place, name, kinds);
        let mut amounts_by_length = BTreeMap::new();
        for (length, amount) in log.table(&place, row).into_iter().flatten() {
            let place = place.key(length);
            let length = log.whole_key(&place, length, lengths.clone());
            let amount = log.whole(&place, amount, amounts.clone());
            amounts_by_length.extend(length.zip(amount));
        }
        if let Some(name) = known {
            table.insert(name.to_owned(), amounts_by_length);
        }
    }
    Some(table)
}
