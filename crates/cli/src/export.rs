//! `reel export`: the record of play as a dataset, to a file or to standard output.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read, Seek as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reelhouse_client::{Client, Error, ExportFilter, ExportFormat, Patience};
use reelhouse_domain::{SessionId, Timestamp};

use crate::failure::Failure;
use crate::game;
use crate::output::{Output, note};
use crate::profile::Connection;

/// What the help of the command ends with.
const HELP: &str = "\
An episode is a session, and every row of the record is in it once, in the order of session and seq. Where the connection \
breaks off, NDJSON goes on behind the last whole row; a file of another format, which is not whole before its end, is begun \
again. A file has the name FILE.part until it is whole. The manifest says what the dataset is made of, with a hash of its \
content; the server reads everything twice for it.

Examples:
  reel export --limit 3 | jq .
  reel export --game fruit -o fruit.parquet --manifest fruit.json
  reel export --format npz-tianshou --from 2026-01-01T00:00:00Z -o since.npz
  reel export --format minari | tar -x -C ~/.minari/datasets";

/// How long an absent server is waited for in the midst of an export: about half a minute.
const EXPORTING: Patience = Patience { busy: 60, gone: 30 };

/// How often a file that cannot be gone on with is begun.
const BEGINNINGS: u32 = 5;

/// How much is copied at once, in bytes.
const PIECE: usize = 64 << 10;

/// What to export.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct ExportArguments {
    /// The format [default: that of the file's name, else ndjson].
    #[arg(short, long, value_enum)]
    format: Option<Form>,
    /// The file to write [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The file to write the manifest to.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Rows of this session only.
    #[arg(long)]
    session: Option<SessionId>,
    /// Rows of sessions of this game only: its id, or words of its name.
    #[arg(long)]
    game: Option<String>,
    /// Rows recorded at this instant or later only, such as 2026-01-02T03:04:05Z.
    #[arg(long, value_name = "INSTANT")]
    from: Option<Timestamp>,
    /// Rows recorded before this instant only [default: now].
    #[arg(long, value_name = "INSTANT")]
    to: Option<Timestamp>,
    /// Rows after this one only: its session's id and its seq, with a colon between.
    #[arg(long, value_name = "SESSION:SEQ")]
    cursor: Option<String>,
    /// The most rows [default: all].
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// The stakes that actions are indexed by, such as 0.50,1.00,5.00 [default: those of each game].
    #[arg(long, value_name = "STAKES", requires = "game")]
    ladder: Option<String>,
}

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A JSON object a line: the exact documents and the floats that they become.
    Ndjson,
    /// An Arrow IPC stream.
    Arrow,
    /// Parquet with the columns of RLlib.
    Parquet,
    /// NumPy arrays with the keys of d3rlpy.
    Npz,
    /// NumPy arrays with the keys of tianshou.
    NpzTianshou,
    /// A tar of a Minari dataset.
    Minari,
}

impl Form {
    const fn format(self) -> ExportFormat {
        match self {
            Self::Ndjson => ExportFormat::Ndjson,
            Self::Arrow => ExportFormat::Arrow,
            Self::Parquet => ExportFormat::Parquet,
            Self::Npz => ExportFormat::Npz,
            Self::NpzTianshou => ExportFormat::NpzTianshou,
            Self::Minari => ExportFormat::Minari,
        }
    }

    /// The format that the name of a file says.
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "arrow" | "arrows" => Some(Self::Arrow),
            "parquet" => Some(Self::Parquet),
            "npz" => Some(Self::Npz),
            "tar" => Some(Self::Minari),
            _ => None,
        }
    }
}

pub(crate) fn run(arguments: &ExportArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let named = arguments.output.as_deref().and_then(Form::of);
    let form = arguments.format.or(named).unwrap_or(Form::Ndjson);
    if arguments.output.is_none() && form != Form::Ndjson && io::stdout().is_terminal() {
        return Err(Failure::Usage("this format is not for a terminal: name a file with -o, or use a pipe".to_owned()));
    }
    let mut filter = arguments.filter(connection.client()?)?;
    let rows = settle(&mut filter, arguments.manifest.as_deref(), connection.client()?)?;
    let export = Export { client: connection.open(EXPORTING)?, filter, form, bar: bar(rows, form) };
    let written = match &arguments.output {
        Some(file) => export.to_file(file),
        None => export.rows_or_bytes(&mut Target::Pipe(output.writer())),
    };
    export.bar.finish_and_clear();
    let written = written?;
    match rows.filter(|rows| form == Form::Ndjson && *rows != written) {
        Some(rows) => Err(Failure::Other(format!(
            "the manifest tells of {rows} rows, and {written} came: some were recorded late; export again"
        ))),
        None => Ok(()),
    }
}

impl ExportArguments {
    fn filter(&self, client: &Client) -> Result<ExportFilter, Failure> {
        let game = self.game.as_deref().map(|text| game::find(client, text)).transpose()?;
        Ok(ExportFilter {
            session_id: self.session,
            game_id: game.map(|game| game.body.game_id),
            from: self.from,
            to: self.to,
            cursor: self.cursor.clone(),
            limit: self.limit,
            ladder: self.ladder.clone(),
        })
    }
}

/// Settles up to when rows are exported, so that every try is of the same ones, and keeps the manifest if it is wanted.
/// Gives the number of rows then.
fn settle(filter: &mut ExportFilter, file: Option<&Path>, client: &Client) -> Result<Option<u64>, Failure> {
    let Some(file) = file else {
        if filter.to.is_none() {
            // The server's clock counts, and the least that tells it is a manifest of one row.
            let least = ExportFilter { limit: Some(1), ..filter.clone() };
            filter.to = Some(client.rl_manifest(&least)?.body.filter.to);
        }
        return Ok(None);
    };
    let manifest = client.rl_manifest(filter)?;
    filter.to = Some(manifest.body.filter.to);
    std::fs::write(file, format!("{}\n", manifest.json)).map_err(|error| failed(file, &error))?;
    Ok(Some(manifest.body.rows))
}

fn failed(file: &Path, error: &io::Error) -> Failure {
    Failure::Other(format!("{}: {error}", file.display()))
}

/// An export under way.
struct Export {
    client: Client,
    filter: ExportFilter,
    form: Form,
    bar: ProgressBar,
}

/// Where an export goes.
enum Target<'a> {
    /// Somewhere that keeps what it was given.
    Pipe(&'a mut dyn Write),
    /// A file, which can be begun again.
    File(&'a File),
}

impl Target<'_> {
    /// Takes back what was written; whether it could.
    fn begin_again(&mut self) -> io::Result<bool> {
        let Self::File(file) = self else { return Ok(false) };
        file.set_len(0)?;
        file.rewind()?;
        Ok(true)
    }
}

impl Write for Target<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Pipe(out) => out.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Pipe(out) => out.flush(),
            Self::File(file) => file.flush(),
        }
    }
}

impl Export {
    /// Exports to a file, which gets its name when it is whole.
    fn to_file(&self, file: &Path) -> Result<u64, Failure> {
        let mut part = OsString::from(file);
        part.push(".part");
        let part = PathBuf::from(part);
        let open = File::create(&part).map_err(|error| failed(&part, &error))?;
        let written = self.rows_or_bytes(&mut Target::File(&open)).map_err(|failure| match failure {
            Failure::Output(error) => failed(&part, &error),
            other => other,
        });
        match (&written, self.form) {
            (Ok(_), _) => {}
            (Err(_), Form::Ndjson) => note(format!("what came is in {}", part.display())),
            // Nobody could read it, and the first error is the one to be told.
            (Err(_), _) => drop(std::fs::remove_file(&part)),
        }
        let written = written?;
        std::fs::rename(&part, file).map_err(|error| failed(file, &error))?;
        let unit = if self.form == Form::Ndjson { "rows" } else { "bytes" };
        note(format!("{written} {unit}, written to {}", file.display()));
        Ok(written)
    }

    /// Exports: gives how many rows there were, or how many bytes of a format that has no lines.
    fn rows_or_bytes(&self, target: &mut Target<'_>) -> Result<u64, Failure> {
        if self.form == Form::Ndjson { self.rows(target) } else { self.bytes(target) }
    }

    fn rows(&self, target: &mut Target<'_>) -> Result<u64, Failure> {
        let mut rows = self.client.rl_rows(self.filter.clone());
        let mut out = BufWriter::with_capacity(PIECE, target);
        let mut written = 0;
        while let Some(row) = rows.next() {
            match row {
                Ok(row) => out.write_all(row.as_bytes())?,
                Err(error) => {
                    // What came before is whole, and is kept.
                    out.flush()?;
                    tell_how_to_go_on(rows.left(), written);
                    return Err(error.into());
                }
            }
            written += 1;
            self.bar.inc(1);
        }
        out.flush()?;
        Ok(written)
    }

    fn bytes(&self, target: &mut Target<'_>) -> Result<u64, Failure> {
        for beginning in 1.. {
            self.bar.set_position(0);
            let body = self.client.rl_export(&self.filter, self.form.format())?;
            let Err(why) = self.copy(body, target)? else { break };
            let error = Error::Unreachable { server: self.client.address().to_owned(), why };
            if beginning == BEGINNINGS || !target.begin_again()? {
                return Err(error.into());
            }
            note(format!("{error}; from the beginning again"));
        }
        target.flush()?;
        Ok(self.bar.position())
    }

    /// Copies an answer to its end, or says why it broke off.
    fn copy(&self, mut body: impl Read, target: &mut Target<'_>) -> io::Result<Result<(), String>> {
        let mut piece = vec![0; PIECE];
        loop {
            match body.read(&mut piece) {
                Ok(0) => return Ok(Ok(())),
                Ok(count) => {
                    target.write_all(piece.get(..count).unwrap_or_default())?;
                    self.bar.inc(u64::try_from(count).unwrap_or_default());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(Err(error.to_string())),
            }
        }
    }
}

/// Says how the rows that are missing are got.
fn tell_how_to_go_on(left: &ExportFilter, written: u64) {
    let (Some(cursor), Some(to), true) = (&left.cursor, left.to, written > 0) else { return };
    let limit = left.limit.map(|limit| format!(" --limit {limit}")).unwrap_or_default();
    note(format!(
        "{written} rows were written; the others come with --cursor {cursor} --to {}{limit}",
        to.to_rfc3339()
    ));
}

/// A progress bar on standard error, if that is a terminal.
fn bar(rows: Option<u64>, form: Form) -> ProgressBar {
    let target = if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(rows.filter(|_| form == Form::Ndjson), target);
    let template = match (form, rows) {
        (Form::Ndjson, Some(_)) => "{bar:24} {pos}/{len} rows  {per_sec}  {eta} left",
        (Form::Ndjson, None) => "{pos} rows  {per_sec}  {elapsed}",
        _ => "{bytes}  {bytes_per_sec}  {elapsed}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_its_format() {
        for (name, form) in [
            ("a.ndjson", Some(Form::Ndjson)),
            ("a.b/c.parquet", Some(Form::Parquet)),
            ("a.arrows", Some(Form::Arrow)),
            ("a.npz", Some(Form::Npz)),
            ("a.tar", Some(Form::Minari)),
            ("parquet", None),
            ("a.txt", None),
        ] {
            assert_eq!(Form::of(Path::new(name)), form, "{name}");
        }
    }
}
