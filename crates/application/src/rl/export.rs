//! Exports: the experience as a dataset, streamed in constant memory.
//!
//! One task reads pages from the store, a thread makes rows of them and writes them out, and whoever asked
//! takes the pieces. Each waits for the next, so a slow reader slows the store's reads down and nothing piles
//! up; when the reader goes away the others stop.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use reelhouse_dataset::{Filter, Format, Manifest, Origin, Row, WriteError, Writer, writer};
use reelhouse_domain::ports::{EpisodeFilter, RecordedStep};
use reelhouse_domain::rl::Summary;
use reelhouse_domain::time::to_millis;
use reelhouse_domain::{GameId, Money, Refusal, SessionId, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::assemble::{Assembler, Rows};
use super::pages::{Page, Pages, Reading};
use super::sink::{PIECES, Piece, PieceSink};
use super::spaces::Spaces;
use crate::error::Error;
use crate::house::House;

/// How many exports may run at once.
pub(crate) const EXPORTS: usize = 4;

/// When to come back while that many run.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How many pages may wait to be written.
const PAGES: usize = 1;

/// A row of the experience, after which an export goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepCursor {
    /// The session.
    pub session_id: SessionId,
    /// The `seq` of its step.
    pub seq: i64,
}

impl StepCursor {
    pub(super) fn of(step: &RecordedStep) -> Self {
        Self { session_id: step.session_id, seq: step.seq }
    }
}

impl fmt::Display for StepCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.session_id, self.seq)
    }
}

impl FromStr for StepCursor {
    type Err = ();

    /// Reads `SESSION_ID:SEQ`, as any row of a dataset tells them.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (session_id, seq) = text.split_once(':').ok_or(())?;
        let plain = seq.len() <= 19 && !seq.is_empty() && seq.bytes().all(|byte| byte.is_ascii_digit());
        if session_id.len() != 36 || !plain {
            return Err(());
        }
        Ok(Self { session_id: session_id.parse().map_err(drop)?, seq: seq.parse().map_err(drop)? })
    }
}

/// What is to be exported.
#[derive(Clone, Debug, Default)]
pub struct ExportRequest {
    /// This session only.
    pub session_id: Option<SessionId>,
    /// Sessions of this game only.
    pub game_id: Option<GameId>,
    /// Steps recorded at this instant or later.
    pub from: Option<Timestamp>,
    /// Steps recorded before this instant; absent for now.
    pub to: Option<Timestamp>,
    /// Rows after this one.
    pub cursor: Option<StepCursor>,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// The stakes that actions are indexed by; absent for each game's own ladder. It needs `game_id`.
    pub ladder: Option<Vec<Money>>,
}

/// A dataset on its way.
pub struct ExportAnswer {
    /// What it is of.
    pub origin: Origin,
    pieces: mpsc::Receiver<Piece>,
    first: Option<Vec<u8>>,
}

impl ExportAnswer {
    /// The next piece; none at the end.
    ///
    /// # Errors
    /// What the store said; the dataset is not whole then.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => self.pieces.recv().await.transpose(),
        }
    }
}

impl House {
    /// Exports the experience.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for the game or the session; [`Refusal::InvalidRequest`] for a ladder that is
    /// none; [`Error::Overloaded`] while too many exports run; what the store said to the first read.
    pub async fn rl_export(&self, request: ExportRequest, format: Format) -> Result<ExportAnswer, Error> {
        let permit = self.export_permit()?;
        let (origin, reading, asked) = self.reading(&request).await?;
        let (sender, mut pieces) = mpsc::channel(PIECES);
        let pages = self.read_pages(reading);
        let work = Work { origin: origin.clone(), limit: request.limit, asked, pages, _permit: permit };
        self.runtime.spawn_blocking(move || {
            if let Err(error) = work.write(format, sender.clone()) {
                // Nobody is there to be told when the reader has gone away.
                let _ = sender.blocking_send(Err(error));
            }
        });
        let first = pieces.recv().await.transpose()?;
        Ok(ExportAnswer { origin, pieces, first })
    }

    /// What an export of the experience would be made of.
    ///
    /// # Errors
    /// As [`Self::rl_export`].
    pub async fn rl_manifest(&self, request: ExportRequest) -> Result<Manifest, Error> {
        let (manifest, _) = self.rl_count(request, true).await?;
        Ok(manifest)
    }

    /// The figures of the experience.
    ///
    /// # Errors
    /// As [`Self::rl_export`].
    pub async fn rl_metrics(&self, request: ExportRequest) -> Result<(Manifest, Summary), Error> {
        self.rl_count(request, false).await
    }

    async fn rl_count(&self, request: ExportRequest, hashed: bool) -> Result<(Manifest, Summary), Error> {
        let permit = self.export_permit()?;
        let (origin, reading, asked) = self.reading(&request).await?;
        let pages = self.read_pages(reading);
        let work = Work { origin, limit: request.limit, asked, pages, _permit: permit };
        let counted = self.runtime.spawn_blocking(move || work.count(hashed)).await;
        counted.map_err(|error| Error::Internal(format!("counting the experience failed: {error}")))?
    }

    fn export_permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        let permit = Arc::clone(&self.exports).try_acquire_owned();
        permit.map_err(|_| Error::Overloaded { retry_after: RETRY_AFTER })
    }

    /// Checks what was asked for, and names it; with the spaces of the game that all of it is of, if it is of one.
    async fn reading(&self, request: &ExportRequest) -> Result<(Origin, Reading, Option<Spaces>), Error> {
        let of_session = match request.session_id {
            Some(session_id) => Some(self.stored_session(session_id).await?.game_id),
            None => None,
        };
        if request.ladder.is_some() && request.game_id.is_none() {
            let reason = "a ladder is of one game: game_id is missing";
            return Err(Refusal::invalid_request("/ladder", reason).into());
        }
        let asked = match request.game_id.or(of_session) {
            Some(game_id) => Some(self.rl_spaces(game_id, request.ladder.as_deref()).await?),
            None => None,
        };
        let named = asked.as_ref().filter(|_| request.game_id.is_some());
        let name = named.map_or("all", |spaces| spaces.name.as_str());
        // What is recorded in this very millisecond is of the record too.
        let now = || to_millis(self.ports.clock.now()) + TimeDelta::milliseconds(1);
        let to = request.to.map_or_else(now, to_millis);
        let filter = Filter {
            session_id: request.session_id,
            game_id: request.game_id,
            from: request.from,
            to,
            cursor: request.cursor.map(|cursor| cursor.to_string()),
            limit: request.limit,
        };
        let reading = Reading {
            filter: EpisodeFilter {
                session_id: request.session_id,
                game_id: request.game_id,
                owner: self.caller.confined_to(),
            },
            from: request.from,
            to,
            cursor: request.cursor,
            ladder: request.ladder.clone(),
        };
        Ok((Origin::new(name, filter), reading, asked))
    }

    /// Reads pages in a task of its own, ahead of whoever takes them.
    fn read_pages(&self, reading: Reading) -> mpsc::Receiver<Result<Page, Error>> {
        let (sender, receiver) = mpsc::channel(PAGES);
        let mut pages = Pages::new(Arc::clone(&self.ports.experience), Arc::clone(&self.book), reading);
        self.runtime.spawn(async move {
            while let Some(page) = pages.next().await.transpose() {
                let failed = page.is_err();
                if sender.send(page).await.is_err() || failed {
                    return;
                }
            }
        });
        receiver
    }
}

/// The work of one export, on a thread that may wait.
struct Work {
    origin: Origin,
    limit: Option<u64>,
    asked: Option<Spaces>,
    pages: mpsc::Receiver<Result<Page, Error>>,
    _permit: OwnedSemaphorePermit,
}

impl Work {
    fn write(mut self, format: Format, pieces: mpsc::Sender<Piece>) -> Result<(), Error> {
        let mut file = Write(writer(format, &self.origin, Box::new(PieceSink::new(pieces))).map_err(broken)?);
        // These two have no place for a manifest.
        let hashed = !matches!(format, Format::Ndjson | Format::Arrow);
        let assembler = self.assemble(hashed, &mut file)?;
        file.0.finish(&assembler.manifest(self.origin)).map_err(broken)
    }

    fn count(mut self, hashed: bool) -> Result<(Manifest, Summary), Error> {
        let assembler = self.assemble(hashed, &mut Nowhere)?;
        let summary = assembler.summary;
        Ok((assembler.manifest(self.origin), summary))
    }

    fn assemble(&mut self, hashed: bool, rows: &mut dyn Rows) -> Result<Assembler, Error> {
        let mut assembler = Assembler::new(self.limit, hashed, self.asked.as_ref());
        while let Some(page) = self.pages.blocking_recv() {
            if !assembler.page(page?, rows).map_err(broken)? {
                break;
            }
        }
        assembler.end(rows).map_err(broken)?;
        Ok(assembler)
    }
}

/// Rows that are written.
struct Write(Box<dyn Writer>);

impl Rows for Write {
    fn row(&mut self, row: &Row<'_>) -> Result<(), WriteError> {
        self.0.row(row)
    }
}

/// Rows that are only counted.
struct Nowhere;

impl Rows for Nowhere {
    fn row(&mut self, _row: &Row<'_>) -> Result<(), WriteError> {
        Ok(())
    }
}

fn broken(error: WriteError) -> Error {
    Error::Internal(error.to_string())
}
