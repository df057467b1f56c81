//! A sheet as sections of tables: what its CSV and its page are written from.

use reelhouse_domain::game::profile::{Amount, Figure, Frequency};

/// A part of the sheet: a table under a heading.
pub(super) struct Section {
    /// Its name for programs.
    pub(super) id: &'static str,
    /// Its heading.
    pub(super) title: String,
    /// What is to be known to read it.
    pub(super) note: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Whether it is left out of the page, where it would be too long.
    pub(super) only_in_data: bool,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Words, which may come from a client.
    Text(String),
    /// A number.
    Number(String),
    /// A fraction in lowest terms, which may be long.
    Fraction(String),
    /// Nothing.
    Empty,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// A number, where 0 stands for nothing.
    pub(super) fn count(number: u64) -> Self {
        if number == 0 { Self::Empty } else { Self::number(number) }
    }

    /// What the cell says.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Fraction(text) => text,
            Self::Empty => "",
        }
    }
}

impl Section {
    pub(super) fn new(id: &'static str, title: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            id,
            title: title.into(),
            note: String::new(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            rows: Vec::new(),
            only_in_data: false,
        }
    }

    /// A section of names and what they are.
    pub(super) fn facts(id: &'static str, title: &str) -> Self {
        Self::new(id, title, &["item", "value"])
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    pub(super) fn only_in_data(self) -> Self {
        Self { only_in_data: true, ..self }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(super) fn fact(&mut self, name: &str, value: Cell) {
        self.row([Cell::text(name), value]);
    }
}

/// The two cells of a share: its percent and its fraction.
pub(super) fn figure(figure: &Figure) -> [Cell; 2] {
    [Cell::number(&figure.percent), Cell::Fraction(figure.exact.clone())]
}

/// The two cells of a number: its decimal and its fraction.
pub(super) fn amount(amount: &Amount) -> [Cell; 2] {
    [Cell::number(&amount.decimal), Cell::Fraction(amount.exact.clone())]
}

/// The cells of a frequency, as [`FREQUENCY`] names them.
pub(super) fn frequency(frequency: &Frequency) -> Vec<Cell> {
    let [percent, fraction] = figure(&frequency.probability);
    vec![Cell::number(&frequency.combinations), percent, Cell::number(&frequency.one_in), fraction]
}

/// The columns of a frequency.
pub(super) const FREQUENCY: [&str; 4] = ["combinations", "probability %", "one in", "probability"];
