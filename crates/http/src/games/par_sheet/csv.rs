//! The sheet as CSV (RFC 4180): every record has the same number of fields.
//!
//! The first field names the section and the second the row: `title` with the section's heading, `columns` with
//! the names of its columns, then 1, 2, 3 … with its cells.

use super::section::{Cell, Section};

/// The sections as CSV.
pub(super) fn write(sections: &[Section]) -> String {
    let width = sections.iter().map(|section| section.columns.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut record = |section: &Section, row: &str, cells: &mut dyn Iterator<Item = String>| {
        text += section.id;
        text.push(',');
        text += row;
        for cell in cells.chain(std::iter::repeat(String::new())).take(width) {
            text.push(',');
            text += &cell;
        }
        text += "\r\n";
    };
    for section in sections {
        record(section, "title", &mut std::iter::once(field(&section.title)));
        record(section, "columns", &mut section.columns.iter().map(|column| field(column)));
        for (row, number) in section.rows.iter().zip(1_u64..) {
            record(section, &number.to_string(), &mut row.iter().map(cell));
        }
    }
    text
}

/// A cell as a field. Words that a spreadsheet would take for a formula are kept from being one by an apostrophe.
fn cell(cell: &Cell) -> String {
    let text = cell.as_str();
    match cell {
        Cell::Text(_) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => field(&format!("'{text}")),
        _ => field(text),
    }
}

fn field(text: &str) -> String {
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_even_and_fields_are_quoted() {
        let mut wide = Section::new("wide", "Wide, with a comma", &["a", "b\"c", "d"]);
        wide.row([Cell::text("=1+1"), Cell::number("-5"), Cell::text("two\r\nlines")]);
        let narrow = Section::new("narrow", "Narrow", &["only"]);
        let expected = "wide,title,\"Wide, with a comma\",,\r\n\
                        wide,columns,a,\"b\"\"c\",d\r\n\
                        wide,1,'=1+1,-5,\"two\r\nlines\"\r\n\
                        narrow,title,Narrow,,\r\n\
                        narrow,columns,only,,\r\n";
        assert_eq!(write(&[wide, narrow]), expected);
    }
}
