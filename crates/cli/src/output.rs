//! Output: tables for people, JSON and ids for programs, and how figures are written.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, StdoutLock, Write};

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets};
use reelhouse_client::{Answer, Items};
use reelhouse_domain::{Money, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::Failure;

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Tables for people.
    Text,
    /// JSON, one document a line.
    Json,
    /// Ids alone, one a line.
    Ids,
}

/// Standard output.
pub(crate) struct Output {
    pub(crate) format: Format,
    styled: bool,
    out: StdoutLock<'static>,
}

/// A column of a table.
#[derive(Clone, Copy)]
pub(crate) enum Column<'a> {
    /// Text, which starts at the left.
    Left(&'a str),
    /// A number, which ends at the right.
    Right(&'a str),
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { format, styled: colours && io::stdout().is_terminal(), out: io::stdout().lock() }
    }

    /// Prints a line.
    pub(crate) fn line(&mut self, text: impl Display) -> Result<(), Failure> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// Prints a value as JSON on one line.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)?;
        Ok(writeln!(self.out)?)
    }

    /// Prints text as it is.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes)?;
        Ok(self.out.flush()?)
    }

    /// Where data goes that is not text.
    pub(crate) fn writer(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Prints one thing in the format that was asked for.
    pub(crate) fn thing<T>(
        &mut self,
        answer: &Answer<T>,
        id: impl Display,
        record: impl FnOnce(&T) -> Vec<(&'static str, String)>,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.json(&answer.json),
            Format::Ids => self.line(id),
            Format::Text => self.record(&record(&answer.body)),
        }
    }

    /// Prints a list in the format that was asked for, as it comes where the format lets it.
    pub(crate) fn list<T: DeserializeOwned>(
        &mut self,
        mut items: Items<'_, T>,
        columns: &[Column<'_>],
        id: impl Fn(&T) -> String,
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<(), Failure> {
        let mut rows = Vec::new();
        for item in items.by_ref() {
            let item = item?;
            match self.format {
                Format::Json => self.json(&item.json)?,
                Format::Ids => self.line(id(&item.body))?,
                Format::Text => rows.push(row(&item.body)),
            }
        }
        if self.format == Format::Text {
            if rows.is_empty() {
                note("there are none");
            } else {
                self.table(columns, rows)?;
            }
        }
        if items.goes_on() {
            note("there are more: see --limit and --all");
        }
        Ok(())
    }

    /// Prints rows below their headings.
    pub(crate) fn table(&mut self, columns: &[Column<'_>], mut rows: Vec<Vec<String>>) -> Result<(), Failure> {
        for (index, column) in columns.iter().enumerate() {
            if matches!(column, Column::Right(_)) {
                align_decimals(&mut rows, index);
            }
        }
        let mut table = self.plain_table();
        table.set_header(columns.iter().map(|column| {
            let (Column::Left(title) | Column::Right(title)) = column;
            self.heading(title)
        }));
        table.add_rows(rows);
        for (index, column) in columns.iter().enumerate() {
            if let (Column::Right(_), Some(column)) = (column, table.column_mut(index)) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        self.print_table(table)
    }

    /// Prints what one thing is, a line for each property.
    pub(crate) fn record(&mut self, properties: &[(&'static str, String)]) -> Result<(), Failure> {
        let mut table = self.plain_table();
        for (name, value) in properties {
            table.add_row([self.heading(name), Cell::new(value)]);
        }
        self.print_table(table)
    }

    fn plain_table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if self.styled {
            table.enforce_styling()
        } else {
            table.force_no_tty()
        };
        table
    }

    /// Prints a heading on a line of its own.
    pub(crate) fn title(&mut self, text: &str) -> Result<(), Failure> {
        let mut table = self.plain_table();
        table.add_row([self.heading(text)]);
        self.print_table(table)
    }

    fn heading(&self, title: &str) -> Cell {
        let cell = Cell::new(title);
        if self.styled { cell.add_attribute(Attribute::Bold) } else { cell }
    }

    fn print_table(&mut self, mut table: Table) -> Result<(), Failure> {
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let text = table.trim_fmt();
        self.line(text)
    }
}

/// Gives the amounts of a column as many decimals as the one that has most.
fn align_decimals(rows: &mut [Vec<String>], column: usize) {
    let decimals = |text: &String| text.split_once('.').map(|(_, decimals)| decimals.len());
    let is_amount = |text: &&mut String| text.ends_with(|last: char| last.is_ascii_digit());
    let most = rows.iter().filter_map(|row| decimals(row.get(column)?)).max().unwrap_or_default();
    for text in rows.iter_mut().filter_map(|row| row.get_mut(column)).filter(is_amount) {
        if let Some(have) = decimals(text) {
            text.push_str(&"0".repeat(most.saturating_sub(have)));
        }
    }
}

/// Says something on standard error, which nobody but a person reads.
pub(crate) fn note(text: impl Display) {
    // There is nobody left to be told when standard error is closed.
    drop(writeln!(io::stderr(), "{text}"));
}

/// An instant, for people: to the second, in UTC.
pub(crate) fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// An amount, for people: without the zeros that say nothing, but with two decimals.
pub(crate) fn credits(amount: Money) -> String {
    let text = amount.to_string();
    let short = text.trim_end_matches('0');
    let decimals = short.rsplit('.').next().map_or(0, str::len);
    text[..short.len() + 2_usize.saturating_sub(decimals)].to_owned()
}

/// A change, for people, with its sign.
pub(crate) fn change(amount: Money) -> String {
    let sign = if amount.is_negative() || amount.is_zero() { "" } else { "+" };
    format!("{sign}{}", credits(amount))
}

/// An amount if there is one, for people.
pub(crate) fn credits_if_any(amount: Option<Money>) -> String {
    amount.map_or_else(|| "none".to_owned(), credits)
}

/// The share of `part` in `whole`, in percent with two decimals; a dash of nothing.
pub(crate) fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    // Rounded half up.
    let hundredths = (part * 20_000 + whole) / (whole * 2);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// A figure of a document that is a decimal in text, cut to `decimals`; `None` when it is not there.
pub(crate) fn figure(document: &Value, pointer: &str, decimals: usize) -> Option<String> {
    let text = document.pointer(pointer)?.as_str()?;
    let number: f64 = text.parse().ok()?;
    Some(format!("{number:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_decimals_or_as_many_as_they_need() {
        let shown = |units| credits(Money::from_units(units));
        for (units, text) in [
            (0, "0.00"),
            (1, "0.0001"),
            (12_500, "1.25"),
            (10_000, "1.00"),
            (1_000_000, "100.00"),
            (10_010, "1.001"),
            (-15_000, "-1.50"),
        ] {
            assert_eq!(shown(units), text);
        }
        assert_eq!(change(Money::from_units(10_000)), "+1.00");
        assert_eq!(change(Money::from_units(-10_000)), "-1.00");
        assert_eq!(change(Money::ZERO), "0.00");
    }

    #[test]
    fn amounts_of_a_column_end_at_the_same_place() {
        let mut rows: Vec<Vec<String>> =
            ["1.00", "+10.001", "none", "", "7"].map(|text| vec![text.to_owned()]).to_vec();
        align_decimals(&mut rows, 0);
        assert_eq!(rows.concat(), ["1.000", "+10.001", "none", "", "7"]);
    }

    #[test]
    fn shares_are_in_percent() {
        assert_eq!(percent(1, 3), "33.33 %");
        assert_eq!(percent(2, 3), "66.67 %");
        assert_eq!(percent(5, 5), "100.00 %");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(i64::MAX, 1), "922337203685477580700.00 %");
    }
}
