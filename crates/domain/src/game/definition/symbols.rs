//! Reads the symbols of a definition, and the tables that are keyed by symbol and length.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::fault::{FaultLog, Place, shorten};
use super::model::{MAX_MULTIPLIER, MAX_SYMBOL_NAME, MAX_SYMBOLS, Role, Substitutes, Symbol};
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
    const ALL: [Self; 3] = [Self::Regular, Self::Wild, Self::Scatter];

    const fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Wild => "wild",
            Self::Scatter => "scatter",
        }
    }
}

/// What a symbol is in one mode or another.
#[derive(Clone, Copy, Debug, Default)]
struct Kinds([bool; 3]);

impl Kinds {
    /// The kinds of a role object as far as it can be told; `None` when its role is faulty.
    fn of(role: &Value) -> Option<Self> {
        let mut kinds = Self::default();
        kinds.0[role.get("role").and_then(Value::as_str).and_then(kind_of)? as usize] = true;
        kinds.0[Kind::Scatter as usize] |= role.get("scatter") == Some(&Value::Bool(true));
        Some(kinds)
    }

    /// The kinds of a symbol in both modes.
    fn of_symbol(symbol: &Value) -> Option<Self> {
        let mut kinds = Self::of(symbol)?;
        if let Some(free) = symbol.get("free") {
            let free = Self::of(free)?;
            kinds.0.iter_mut().zip(free.0).for_each(|(kind, also)| *kind |= also);
        }
        Some(kinds)
    }

    fn has(self, kind: Kind) -> bool {
        self.0[kind as usize]
    }
}

/// The names that a definition may use.
///
/// A symbol whose role is faulty counts as known, its kind unknown, and where a symbol has no name every
/// name may be its: one fault must not bring about a hundred.
#[derive(Default)]
pub(super) struct Vocabulary<'v> {
    kinds: BTreeMap<&'v str, Option<Kinds>>,
    /// The names in the order of the definition.
    order: Vec<&'v str>,
    /// Whether every symbol has its name in `kinds`.
    complete: bool,
    /// Whether the game has free games.
    free_games: bool,
}

impl<'v> Vocabulary<'v> {
    /// The name that is here, when it is that of a symbol that is one of these kinds in some mode.
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
            Some(Some(found)) if !kinds.iter().any(|kind| found.has(*kind)) => {
                let names = |kinds: &mut dyn Iterator<Item = Kind>, word: &str| -> String {
                    kinds.map(Kind::name).collect::<Vec<_>>().join(word)
                };
                let expected = names(&mut kinds.iter().copied(), " or ");
                let found = names(&mut Kind::ALL.into_iter().filter(|kind| found.has(*kind)), " and ");
                log.add(place, format_args!("a {expected} symbol was expected, {:?} is a {found}", shorten(name)));
            }
            Some(_) => return Some(name),
        }
        None
    }

    /// The name of a symbol of any kind.
    pub(super) fn any(&self, log: &mut FaultLog, place: &Place<'_>, value: &'v Value) -> Option<&'v str> {
        let name = log.text(place, value)?;
        self.known(log, place, name)
    }

    /// The name, when it is that of a symbol.
    pub(super) fn known(&self, log: &mut FaultLog, place: &Place<'_>, name: &'v str) -> Option<&'v str> {
        self.symbol(log, place, name, &Kind::ALL)
    }

    /// Reads a set of symbols of these kinds, none of which was `seen` before, into the definition's order.
    pub(super) fn set(
        &self,
        log: &mut FaultLog,
        place: &Place<'_>,
        items: &'v [Value],
        kinds: &[Kind],
        seen: &mut Vec<&'v str>,
    ) -> Option<Vec<String>> {
        let before = seen.len();
        for (at, item) in items.iter().enumerate() {
            let place = place.index(at);
            match log.text(&place, item).and_then(|name| self.symbol(log, &place, name, kinds)) {
                Some(name) if seen.contains(&name) => {
                    log.add(&place, format_args!("{:?} is in the list already", shorten(name)));
                }
                Some(name) => seen.push(name),
                None => {}
            }
        }
        // The order means nothing, so it must not make two games of one.
        let names = seen.get(before..)?;
        Some(self.order.iter().filter(|name| names.contains(name)).map(|name| (*name).to_owned()).collect())
    }
}

/// Reads `symbols`.
pub(super) fn symbols<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    value: &'v Value,
    has_free_games: bool,
) -> (Vocabulary<'v>, Option<Vec<Symbol>>) {
    let Some(items) = log.list(place, value, 1..=MAX_SYMBOLS, "symbols") else {
        return (Vocabulary::default(), None);
    };
    let mut known = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(name) = item.get("name").and_then(Value::as_str)
            && known.insert(name, Kinds::of_symbol(item)).is_some()
        {
            log.add(&place.index(at).key("name"), format_args!("there is a symbol {:?} already", shorten(name)));
        }
    }
    let order: Vec<&str> = items.iter().filter_map(|item| item.get("name")?.as_str()).collect();
    let complete = order.len() == items.len();
    let vocabulary = Vocabulary { kinds: known, order, complete, free_games: has_free_games };
    let read: Vec<Option<Symbol>> =
        items.iter().enumerate().map(|(at, item)| symbol(log, &place.index(at), item, &vocabulary)).collect();
    (vocabulary, read.into_iter().collect())
}

fn kind_of(role: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.name() == role)
}

fn symbol<'v>(log: &mut FaultLog, place: &Place<'_>, value: &'v Value, vocabulary: &Vocabulary<'v>) -> Option<Symbol> {
    let fields = log.table(place, value)?;
    let role = role(log, place, fields, vocabulary, &["name", "free"]);
    let name = log.need(place, fields, "name").and_then(|name| symbol_name(log, &place.key("name"), name));
    let free = match fields.get("free") {
        None => None,
        Some(value) => {
            let place = place.key("free");
            if !vocabulary.free_games {
                log.add(&place, format_args!("the game has no free_games for the symbol to differ in"));
            }
            let fields = log.table(&place, value)?;
            Some(self::role(log, &place, fields, vocabulary, &[])?)
        }
    };
    let role = role?;
    // Spelling out what holds anyway must not make two games of one.
    let free = free.filter(|free| *free != role);
    Some(Symbol { name: name?, role, free })
}

/// Reads the fields of a role, beside `others` that are none of its own.
fn role<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    fields: &'v Object,
    vocabulary: &Vocabulary<'v>,
    others: &[&str],
) -> Option<Role> {
    let kind = log.need(place, fields, "role").and_then(|role| {
        let place = place.key("role");
        let kind = log.text(&place, role).map(kind_of)?;
        if kind.is_none() {
            log.add(&place, format_args!("one of regular, wild, scatter was expected, not {}", Shown(role)));
        }
        kind
    });
    let own: &[&str] = match kind {
        Some(Kind::Regular | Kind::Scatter) => &["role"],
        Some(Kind::Wild) | None => &["role", "multiplier", "substitutes", "expands", "scatter"],
    };
    let (named, rest) = others.split_at(others.len().min(1));
    log.fields(place, fields, &[named, own, rest].concat());
    match kind? {
        Kind::Regular => Some(Role::Regular),
        Kind::Scatter => Some(Role::Scatter),
        Kind::Wild => wild(log, place, fields, vocabulary),
    }
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

fn wild<'v>(log: &mut FaultLog, place: &Place<'_>, fields: &'v Object, vocabulary: &Vocabulary<'v>) -> Option<Role> {
    let multiplier = log.whole_or(place, fields, "multiplier", 1..=MAX_MULTIPLIER, 1);
    let substitutes = match fields.get("substitutes") {
        None => Some(Substitutes::Regular),
        Some(value) => substitutes(log, &place.key("substitutes"), value, vocabulary),
    };
    let expands = log.flag_or(place, fields, "expands", false);
    let scatter = log.flag_or(place, fields, "scatter", false);
    Some(Role::Wild { multiplier: multiplier?, substitutes: substitutes?, expands: expands?, scatter: scatter? })
}

fn substitutes<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    value: &'v Value,
    vocabulary: &Vocabulary<'v>,
) -> Option<Substitutes> {
    if value == "regular" {
        return Some(Substitutes::Regular);
    }
    if !value.is_array() {
        log.add(place, format_args!("\"regular\" or a list of symbols was expected, not {}", Shown(value)));
        return None;
    }
    let items = log.list(place, value, 0..=MAX_SYMBOLS, "symbols")?;
    vocabulary.set(log, place, items, &[Kind::Regular, Kind::Wild], &mut Vec::new()).map(Substitutes::Only)
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
            let lengths = log.whole_keys(&place, length, lengths.clone());
            let amount = log.whole(&place, amount, amounts.clone());
            for (length, amount) in lengths
                .zip(amount)
                .into_iter()
                .flat_map(|(lengths, amount)| lengths.map(move |length| (length, amount)))
            {
                if amounts_by_length.insert(length, amount).is_some() {
                    log.add(&place, format_args!("there is an entry for {length} already"));
                }
            }
        }
        if let Some(name) = known {
            table.insert(name.to_owned(), amounts_by_length);
        }
    }
    Some(table)
}
