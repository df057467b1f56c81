//! The sink that a dataset is written to: pieces of some size, handed to whoever sends them on.

use std::io::{self, Write};

use tokio::sync::mpsc;

use crate::error::Error;

/// How many bytes a piece has.
const PIECE: usize = 1 << 17;

/// How many pieces may wait to be sent.
pub(super) const PIECES: usize = 4;

/// A piece of a dataset, or why there are no more.
pub(super) type Piece = Result<Vec<u8>, Error>;

/// Gathers bytes to pieces. It is written to on a thread that may wait.
pub(super) struct PieceSink {
    bytes: Vec<u8>,
    pieces: mpsc::Sender<Piece>,
}

impl PieceSink {
    pub(super) fn new(pieces: mpsc::Sender<Piece>) -> Self {
        Self { bytes: Vec::with_capacity(PIECE), pieces }
    }

    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.bytes, Vec::with_capacity(PIECE));
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody reads the dataset any more");
        self.pieces.blocking_send(Ok(piece)).map_err(gone)
    }
}

impl Write for PieceSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= PIECE {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.bytes.is_empty() { Ok(()) } else { self.send() }
    }
}
