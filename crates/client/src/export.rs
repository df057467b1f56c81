//! The record of play as a dataset: its rows one by one, a file of it, and its manifest.

use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use reelhouse_domain::{GameId, SessionId, Timestamp};
use serde::Deserialize;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;

/// The wait before an export that broke off is taken up again.
const PAUSE: Duration = Duration::from_secs(1);

/// Which rows to export. An absent field filters nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportFilter {
    /// Rows of this session.
    pub session_id: Option<SessionId>,
    /// Rows of sessions of this game.
    pub game_id: Option<GameId>,
    /// Rows recorded at this instant or later.
    pub from: Option<Timestamp>,
    /// Rows recorded before this instant; absent for now.
    pub to: Option<Timestamp>,
    /// Rows after this one: a session and a `seq` with a colon between.
    pub cursor: Option<String>,
    /// The most rows.
    pub limit: Option<u64>,
    /// The stakes that actions are indexed by, rising, with commas; it needs `game_id`.
    pub ladder: Option<String>,
}

impl ExportFilter {
    fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = Vec::new();
        query.extend(self.session_id.map(|id| ("session_id", id.to_string())));
        query.extend(self.game_id.map(|id| ("game_id", id.to_string())));
        query.extend(self.from.map(|at| ("from", at.to_rfc3339())));
        query.extend(self.to.map(|at| ("to", at.to_rfc3339())));
        query.extend(self.cursor.iter().map(|cursor| ("cursor", cursor.clone())));
        query.extend(self.limit.map(|limit| ("limit", limit.to_string())));
        query.extend(self.ladder.iter().map(|ladder| ("ladder", ladder.clone())));
        query
    }
}

/// A form that an export may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A JSON object a line.
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

impl ExportFormat {
    fn query(self) -> Vec<(&'static str, String)> {
        let (name, keys) = match self {
            Self::Ndjson => ("ndjson", None),
            Self::Arrow => ("arrow", None),
            Self::Parquet => ("parquet", None),
            Self::Npz => ("npz", None),
            Self::NpzTianshou => ("npz", Some("tianshou")),
            Self::Minari => ("minari", None),
        };
        let keys = keys.map(|keys| ("keys", keys.to_owned()));
        [("format", name.to_owned())].into_iter().chain(keys).collect()
    }
}

/// What an export is made of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ExportManifest {
    /// How many rows it has.
    pub rows: u64,
    /// How many episodes they are of.
    pub episodes: u64,
    /// What was asked for.
    pub filter: ManifestFilter,
}

/// What an export was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct ManifestFilter {
    /// The instant that it is up to.
    pub to: Timestamp,
}

impl Client {
    /// What an export of these rows would be made of. The server reads all of them for it.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn rl_manifest(&self, filter: &ExportFilter) -> Result<Answer<ExportManifest>, Error> {
        self.get(&["rl", "export", "manifest"], &filter.query())
    }

    /// An export in any format, to be read as it comes. It is whole when it ends without an error.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn rl_export(&self, filter: &ExportFilter, format: ExportFormat) -> Result<impl Read + use<>, Error> {
        self.open(&["rl", "export"], &[filter.query(), format.query()].concat(), &[])
    }

    /// An export row by row. The filter should say up to when, so that all of it is of the same rows.
    #[must_use]
    pub fn rl_rows(&self, filter: ExportFilter) -> ExportRows<'_> {
        ExportRows { client: self, filter, lines: None, broken: 0, over: false }
    }
}

/// The rows of an export as JSON lines, in order and each once. Where the connection breaks off it is taken up again
/// behind the last whole row.
pub struct ExportRows<'a> {
    client: &'a Client,
    filter: ExportFilter,
    lines: Option<Box<dyn BufRead>>,
    /// How often it broke off since the last row.
    broken: u32,
    over: bool,
}

/// What a row says of its place.
#[derive(Deserialize)]
struct Place {
    session_id: SessionId,
    seq: i64,
}

impl ExportRows<'_> {
    /// The filter of the rows that are still to come.
    #[must_use]
    pub const fn left(&self) -> &ExportFilter {
        &self.filter
    }

    fn connect(&self) -> Result<Box<dyn BufRead>, Error> {
        Ok(Box::new(BufReader::new(self.client.rl_export(&self.filter, ExportFormat::Ndjson)?)))
    }

    /// The next row; none at the end.
    fn read(&mut self) -> Result<Option<String>, Error> {
        while self.filter.limit != Some(0) {
            let lines = match &mut self.lines {
                Some(lines) => lines,
                None => self.lines.insert(self.connect()?),
            };
            let mut line = String::new();
            let why = match lines.read_line(&mut line) {
                Ok(0) => return Ok(None),
                Ok(_) if line.ends_with('\n') => return self.step(line).map(Some),
                Ok(_) => "the last line is not whole".to_owned(),
                Err(error) => error.to_string(),
            };
            (self.lines, self.broken) = (None, self.broken + 1);
            let error = Error::Unreachable { server: self.client.address().to_owned(), why };
            self.client.wait_out(error, self.broken, PAUSE)?;
        }
        Ok(None)
    }

    /// Goes behind a row.
    fn step(&mut self, line: String) -> Result<String, Error> {
        let Place { session_id, seq } = serde_json::from_str(&line)?;
        self.filter.cursor = Some(format!("{session_id}:{seq}"));
        self.filter.limit = self.filter.limit.map(|limit| limit - 1);
        self.broken = 0;
        Ok(line)
    }
}

impl Iterator for ExportRows<'_> {
    type Item = Result<String, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let row = self.read().transpose();
        self.over = !matches!(row, Some(Ok(_)));
        row
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;

    use super::*;

    /// A server that answers once, with a body that breaks off.
    fn breaks_off(body: &'static str) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
            let length = body.len();
            // The client has to have asked, or it would find the answer to be of nothing.
            stream.read_exact(&mut [0; 1]).unwrap();
            stream.write_all(format!("{head}{length:x}\r\n{body}").as_bytes()).unwrap();
        });
        Client::new(&address, None).unwrap()
    }

    #[test]
    fn what_came_before_a_cut_is_whole_rows_and_says_where_to_go_on() {
        let id = "01976e3c-9f00-7abc-8000-000000000001";
        let body = r#"{"session_id":"01976e3c-9f00-7abc-8000-000000000001","seq":1}
{"session_id":"01976e3c-9f00-7abc-8000-000000000001","seq":2}
{"session_id":"01976e3c-9f00"#;
        let client = breaks_off(body);
        let mut rows = client.rl_rows(ExportFilter { limit: Some(9), ..ExportFilter::default() });
        let whole: Vec<String> = rows.by_ref().take(2).map(Result::unwrap).collect();
        assert_eq!(whole.concat(), body[..body.rfind('\n').unwrap() + 1]);
        assert!(matches!(rows.next(), Some(Err(Error::Unreachable { .. }))));
        assert!(rows.next().is_none());
        assert_eq!((rows.left().cursor.clone(), rows.left().limit), (Some(format!("{id}:2")), Some(7)));
    }
}
