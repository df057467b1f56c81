//! `reel game par`: the PAR sheet of a game, as tables or in the forms that the server has.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::game;
use crate::output::{Column, Format, Output, note};
use crate::profile::Connection;

/// What the help of the command ends with.
const HELP: &str = "\
Tables are for reading and leave exact fractions to the other forms, which have every figure: CSV has the same sections for a \
spreadsheet, HTML is a page to print, JSON is for programs.

Examples:
  reel game par fruit
  reel game par fruit --format csv | grep '^rtp,'
  reel game par fruit --format html -o par-sheet.html
  reel game par fruit --json | jq .rtp.total.exact";

/// Which sheet, and in which form.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct SheetArguments {
    /// The game: its id, or words of its name.
    game: String,
    /// The form; --json is short for --format json.
    #[arg(short, long, value_enum, default_value = "table", conflicts_with_all = ["json", "quiet"])]
    format: Form,
    /// The file to write [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A form of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Tables for people.
    Table,
    /// One table for a spreadsheet.
    Csv,
    /// A page to print.
    Html,
    /// A document for programs.
    Json,
}

pub(crate) fn run(arguments: &SheetArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let client = connection.client()?;
    let game_id = game::find(client, &arguments.game)?.body.game_id;
    let form = match (output.format, arguments.format) {
        (Format::Ids, _) => return output.line(game_id),
        (Format::Json, _) | (Format::Text, Form::Json) => "json",
        (Format::Text, Form::Html) => "html",
        (Format::Text, Form::Csv | Form::Table) => "csv",
    };
    let text = client.game_par_sheet(game_id, form)?;
    let tables = form == "csv" && arguments.format == Form::Table;
    match &arguments.output {
        Some(_) if tables => Err(Failure::Usage("tables are printed: choose another --format for a file".to_owned())),
        Some(file) => {
            std::fs::write(file, text).map_err(|error| Failure::Other(format!("{}: {error}", file.display())))?;
            note(format!("written to {}", file.display()));
            Ok(())
        }
        None if tables => print(&text, output),
        None if form == "json" => output.line(text.trim_end()),
        None => output.raw(text.as_bytes()),
    }
}

/// A section of the sheet.
#[derive(Debug, Default, PartialEq, Eq)]
struct Section {
    title: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn print(text: &str, output: &mut Output) -> Result<(), Failure> {
    for (index, section) in sections(text)?.into_iter().map(without_fractions).enumerate() {
        if index > 0 {
            output.line("")?;
        }
        output.title(&section.title)?;
        let is_number = |text: &String| text.is_empty() || text.parse::<f64>().is_ok();
        let column = |(at, name): (usize, &'_ String)| {
            let numbers = section.rows.iter().filter_map(|row| row.get(at)).all(is_number);
            (numbers, name.to_uppercase())
        };
        let columns: Vec<(bool, String)> = section.columns.iter().enumerate().map(column).collect();
        let columns: Vec<Column<'_>> =
            columns.iter().map(|(right, name)| if *right { Column::Right(name) } else { Column::Left(name) }).collect();
        output.table(&columns, section.rows)?;
    }
    Ok(())
}

/// The sections of a sheet in CSV: each record begins with its section and its row.
fn sections(text: &str) -> Result<Vec<Section>, Failure> {
    let unreadable = |error: csv::Error| Failure::Other(format!("the sheet does not read: {error}"));
    let mut sections: Vec<Section> = Vec::new();
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).records() {
        let record = record.map_err(unreadable)?;
        let cells = record.iter().skip(2).map(plain);
        match (record.get(1), sections.last_mut()) {
            (Some("title"), _) => {
                sections.push(Section { title: cells.take(1).collect(), ..Section::default() });
            }
            (Some("columns"), Some(section)) => section.columns = cells.filter(|cell| !cell.is_empty()).collect(),
            (_, Some(section)) => {
                let width = section.columns.len();
                section.rows.push(cells.take(width).collect());
            }
            (_, None) => {}
        }
    }
    Ok(sections)
}

/// A cell without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn plain(cell: &str) -> String {
    let inner = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    inner.unwrap_or(cell).to_owned()
}

/// The section without the columns of exact fractions, which can be hundreds of digits wide.
fn without_fractions(section: Section) -> Section {
    let is_fraction = |text: &String| {
        text.split_once('/').is_some_and(|(over, under)| {
            [over, under].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    let keeps = |at: &usize| !section.rows.iter().filter_map(|row| row.get(*at)).any(is_fraction);
    let kept: Vec<usize> = (0..section.columns.len()).filter(keeps).collect();
    let pick = |cells: &Vec<String>| kept.iter().filter_map(|at| cells.get(*at).cloned()).collect::<Vec<String>>();
    Section {
        title: section.title.clone(),
        columns: pick(&section.columns),
        rows: section.rows.iter().map(pick).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_read_section_by_section() {
        let text = "wide,title,\"Wide, with a comma\",,\r\nwide,columns,a,b,c\r\nwide,1,'=1+1,-5,1/20\r\n\
                    narrow,title,Narrow,,\r\nnarrow,columns,only,,\r\nnarrow,1,'s,,\r\n";
        let read: Vec<Section> = sections(text).unwrap().into_iter().map(without_fractions).collect();
        let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        let wide = Section {
            title: "Wide, with a comma".to_owned(),
            columns: text(&["a", "b"]),
            rows: vec![text(&["=1+1", "-5"])],
        };
        let narrow = Section { title: "Narrow".to_owned(), columns: text(&["only"]), rows: vec![text(&["'s"])] };
        assert_eq!(read, [wide, narrow]);
    }
}
