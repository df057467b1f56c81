//! Faults of a definition: what is wrong, and where, as a JSON pointer.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most faults that are listed one by one.
pub const MAX_LISTED_FAULTS: usize = 100;

/// The longest piece of the client's own text that a pointer or a reason repeats, in characters.
const MAX_ECHO: usize = 48;

/// One thing that is wrong in a game's documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where, as a JSON pointer (RFC 6901) from the game: `/symbol_map/pays/seven/3`.
    pub pointer: String,
    /// What is wrong and what was expected.
    pub reason: String,
}

/// Everything that is wrong in a game's documents; never empty where it is an error.
///
/// Past [`MAX_LISTED_FAULTS`] the last entry, with an empty pointer, counts the ones left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {}", fault.pointer, fault.reason)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// A place in a document, linked to the places around it: it costs nothing until it is printed.
#[derive(Clone, Copy)]
pub(in crate::game) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    /// The document with this name.
    pub(in crate::game) const fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Key(name) }
    }

    /// A field of the object that is here.
    pub(in crate::game) const fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Key(key) }
    }

    /// An item of the list that is here.
    pub(in crate::game) const fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Key(key) => write!(f, "/{}", shorten(key).replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => write!(f, "/{index}"),
        }
    }
}

/// The text, cut when it is too long to be repeated whole.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_ECHO) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Gathers faults while a document is read.
#[derive(Default)]
pub(in crate::game) struct FaultLog {
    listed: Vec<Fault>,
    left_out: u64,
}

impl FaultLog {
    /// Notes a fault.
    pub(in crate::game) fn add(&mut self, place: &Place<'_>, reason: fmt::Arguments<'_>) {
        if self.listed.len() < MAX_LISTED_FAULTS {
            self.listed.push(Fault { pointer: place.to_string(), reason: reason.to_string() });
        } else {
            self.left_out += 1;
        }
    }

    /// Whether nothing was found wrong so far.
    pub(in crate::game) fn is_clean(&self) -> bool {
        self.listed.is_empty()
    }

    /// The faults found.
    pub(in crate::game) fn into_faults(mut self) -> Faults {
        if self.left_out > 0 {
            let reason = format!("{} more faults are not listed", self.left_out);
            self.listed.push(Fault { pointer: String::new(), reason });
        }
        Faults(self.listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_prints_as_a_json_pointer() {
        let root = Place::root("symbol_map");
        let pays = root.key("pays");
        let odd = pays.key("a/b~c");
        assert_eq!(odd.index(3).to_string(), "/symbol_map/pays/a~1b~0c/3");
        assert_eq!(pays.key(&"é".repeat(90)).to_string().chars().count(), "/symbol_map/pays/".len() + MAX_ECHO + 1);
    }

    #[test]
    fn the_list_is_capped_with_a_note() {
        let mut log = FaultLog::default();
        for at in 0..MAX_LISTED_FAULTS + 7 {
            log.add(&Place::root("x").index(at), format_args!("bad"));
        }
        let Faults(faults) = log.into_faults();
        assert_eq!(faults.len(), MAX_LISTED_FAULTS + 1);
        assert_eq!(faults.last().unwrap().reason, "7 more faults are not listed");
    }
}
