//! npz: a zip of NumPy arrays, each spooled to a temporary file, since an array says its length first.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write as _};

use reelhouse_domain::rl::OBSERVATION_LENGTH;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::format::NpzKeys;
use crate::row::Row;
use crate::{Manifest, Sink, WriteError, Writer};

/// What is spooled of an array in memory before it goes to its file, in bytes.
const SPOOL: usize = 1 << 16;

/// A larger array needs the long form of a zip's entries, in bytes.
const LONG: u64 = 1 << 31;

/// Writes npz.
pub(crate) struct NpzWriter {
    sink: Sink,
    arrays: Vec<Array>,
    rows: u64,
}

/// An array as it grows.
struct Array {
    name: &'static str,
    value: Value,
    file: BufWriter<File>,
}

/// What an array holds of a row.
#[derive(Clone, Copy)]
enum Value {
    Observation,
    NextObservation,
    Action,
    /// The reward as `float32`.
    Reward,
    /// The reward as `float64`.
    ExactReward,
    /// A flag as `float32`.
    FloatFlag(Flag),
    /// A flag as `bool`.
    Flag(Flag),
}

#[derive(Clone, Copy)]
enum Flag {
    Terminated,
    Truncated,
    Done,
}

impl Flag {
    fn of(self, row: &Row<'_>) -> bool {
        match self {
            Self::Terminated => row.ending.terminated(),
            Self::Truncated => row.ending.truncated(),
            Self::Done => row.ending.terminated() || row.ending.truncated(),
        }
    }
}

impl Value {
    const fn dtype(self) -> &'static str {
        match self {
            Self::Observation | Self::NextObservation | Self::Reward | Self::FloatFlag(_) => "<f4",
            Self::Action => "<i8",
            Self::ExactReward => "<f8",
            Self::Flag(_) => "|b1",
        }
    }

    /// What comes after the number of rows in the array's shape.
    fn width(self) -> String {
        match self {
            Self::Observation | Self::NextObservation => format!(" {OBSERVATION_LENGTH}"),
            _ => String::new(),
        }
    }

    #[allow(clippy::cast_possible_truncation)]
    fn write(self, row: &Row<'_>, out: &mut impl io::Write) -> io::Result<()> {
        let floats = |floats: &[f32], out: &mut dyn io::Write| {
            floats.iter().try_for_each(|float| out.write_all(&float.to_le_bytes()))
        };
        match self {
            Self::Observation => floats(row.observation, out),
            Self::NextObservation => floats(row.next_observation, out),
            Self::Action => out.write_all(&row.action_number().to_le_bytes()),
            Self::Reward => floats(&[row.step.reward as f32], out),
            Self::ExactReward => out.write_all(&row.step.reward.to_le_bytes()),
            Self::FloatFlag(flag) => floats(&[f32::from(u8::from(flag.of(row)))], out),
            Self::Flag(flag) => out.write_all(&[u8::from(flag.of(row))]),
        }
    }
}

fn layout(keys: NpzKeys) -> Vec<(&'static str, Value)> {
    match keys {
        NpzKeys::D3rlpy => vec![
            ("observations", Value::Observation),
            ("actions", Value::Action),
            ("rewards", Value::Reward),
            ("terminals", Value::FloatFlag(Flag::Terminated)),
            ("timeouts", Value::FloatFlag(Flag::Truncated)),
        ],
        NpzKeys::Tianshou => vec![
            ("obs", Value::Observation),
            ("act", Value::Action),
            ("rew", Value::ExactReward),
            ("terminated", Value::Flag(Flag::Terminated)),
            ("truncated", Value::Flag(Flag::Truncated)),
            ("done", Value::Flag(Flag::Done)),
            ("obs_next", Value::NextObservation),
        ],
    }
}

impl NpzWriter {
    pub(crate) fn new(sink: Sink, keys: NpzKeys) -> Result<Self, WriteError> {
        let open =
            |(name, value)| Ok(Array { name, value, file: BufWriter::with_capacity(SPOOL, tempfile::tempfile()?) });
        let arrays: io::Result<Vec<Array>> = layout(keys).into_iter().map(open).collect();
        Ok(Self { sink, arrays: arrays?, rows: 0 })
    }
}

impl Writer for NpzWriter {
    fn row(&mut self, row: &Row<'_>) -> Result<(), WriteError> {
        self.rows += 1;
        for array in &mut self.arrays {
            array.value.write(row, &mut array.file)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>, manifest: &Manifest) -> Result<(), WriteError> {
        let mut zip = ZipWriter::new_stream(self.sink);
        for array in self.arrays {
            let mut file = array.file.into_inner().map_err(io::IntoInnerError::into_error)?;
            let length = file.seek(SeekFrom::End(0))?;
            file.rewind()?;
            let options =
                SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(length >= LONG);
            zip.start_file(format!("{}.npy", array.name), options)?;
            zip.write_all(&head(array.value, self.rows))?;
            io::copy(&mut file, &mut zip)?;
        }
        // A reader takes every array for an argument, so the manifest goes where no array is.
        zip.set_comment(serde_json::to_string(manifest)?)?;
        Ok(zip.finish()?.into_inner().flush()?)
    }
}

/// The head of an array file (NumPy's format, version 1.0).
fn head(value: Value, rows: u64) -> Vec<u8> {
    let shape = format!("({rows},{})", value.width());
    let mut text = format!("{{'descr': '{}', 'fortran_order': False, 'shape': {shape}, }}", value.dtype());
    // The array starts at a multiple of 64 bytes.
    let before = 10 + text.len() + 1;
    text.extend(std::iter::repeat_n(' ', before.next_multiple_of(64) - before));
    text.push('\n');
    let mut head = b"\x93NUMPY\x01\x00".to_vec();
    head.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_le_bytes());
    head.extend(text.into_bytes());
    head
}
