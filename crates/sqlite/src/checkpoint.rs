//! Checkpoints beside the writer: what is committed moves from the log to the file on a thread of its own.
//!
//! A checkpoint in the writer's way holds up everybody who waits for a commit. This one runs while units of work go on,
//! on another connection, and leaves little for the writer to copy when the log is to start anew from its beginning.

use std::convert::Infallible;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Integer;
use reelhouse_domain::ports::StoreError;

use crate::connection::connect_checkpointer;
use crate::error::from_diesel;

/// The pauses between two checkpoints: the shortest of a busy log, and the longest of a quiet one.
const PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(800));

/// How many pages make a checkpoint worth its two syncs: with more of them the pause gets shorter, with less longer.
/// A commit that falls into a checkpoint waits until the disk has all of its pages.
const PAGES: i32 = 500;

/// The thread. It ends when this is dropped, and its connection is closed by then, so that the last connection to the
/// file can empty the log and remove it.
pub(crate) struct Checkpoints(Option<Running>);

/// A thread that runs. It ends when both of its senders are gone.
struct Running {
    /// Says that there is something to copy.
    due: SyncSender<()>,
    /// Says nothing: a pause is broken off when it is dropped.
    pauses: Sender<Infallible>,
    thread: JoinHandle<()>,
}

impl Checkpoints {
    /// Starts the thread for a file that is there.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub(crate) fn start(path: String) -> io::Result<Self> {
        let (due, dues) = sync_channel(1);
        let (pauses, paused) = channel();
        let thread = thread::Builder::new().name("checkpoints".to_owned()).spawn(move || run(&path, &dues, &paused))?;
        Ok(Self(Some(Running { due, pauses, thread })))
    }

    /// Says that something was committed.
    pub(crate) fn due(&self) {
        // A thread that is told already, or is gone, needs no more telling: the writer makes checkpoints of a long log.
        if let Some(running) = &self.0 {
            running.due.try_send(()).ok();
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(Running { due, pauses, thread }) = self.0.take() {
            drop((due, pauses));
            // A thread that panicked has closed its connection too.
            thread.join().ok();
        }
    }
}

fn run(path: &str, dues: &Receiver<()>, paused: &Receiver<Infallible>) {
    let (mut connection, mut pause, mut copied) = (None, PAUSES.1, 0);
    while dues.recv().is_ok() && paused.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        match checkpoint(path, &mut connection) {
            Ok(pages) => {
                // The log has started anew when it is shorter than it was.
                let new = if pages < copied { pages } else { pages - copied };
                copied = pages;
                pause = if new > PAGES { pause / 2 } else { pause * 2 }.clamp(PAUSES.0, PAUSES.1);
            }
            Err(error) => {
                // The pages stay in the log, where they are as safe.
                tracing::warn!(%error, "a checkpoint was not made");
                (connection, pause) = (None, PAUSES.1);
            }
        }
    }
}

/// The pages of the log that are in the file.
#[derive(QueryableByName)]
struct Copied {
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

/// Copies what no reader still needs to be in the log only. Waits for nobody.
fn checkpoint(path: &str, connection: &mut Option<SqliteConnection>) -> Result<i32, StoreError> {
    let opened = match connection.take() {
        Some(opened) => opened,
        None => connect_checkpointer(path)?,
    };
    let row = diesel::sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result::<Copied>(connection.insert(opened));
    Ok(row.map_err(from_diesel)?.checkpointed)
}
