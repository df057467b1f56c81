//! Columns as they grow, row by row, and the Arrow arrays that they become.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, FixedSizeListArray, Float32Array, ListArray, StringArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, FieldRef};
use reelhouse_domain::rl::OBSERVATION_LENGTH;
use uuid::Uuid;

use crate::WriteError;

/// The floats of an observation, as a list's items are called.
pub(crate) fn float_item() -> FieldRef {
    Arc::new(Field::new("item", DataType::Float32, false))
}

/// The length of an observation, as Arrow counts.
pub(crate) fn observation_length() -> i32 {
    i32::try_from(OBSERVATION_LENGTH).unwrap_or(i32::MAX)
}

/// The type of an observation of fixed size.
pub(crate) fn fixed_observation() -> DataType {
    DataType::FixedSizeList(float_item(), observation_length())
}

/// Ids as texts.
#[derive(Default)]
pub(crate) struct Ids {
    bytes: Vec<u8>,
    count: usize,
}

/// The length of a UUID with its hyphens.
const ID_LENGTH: usize = 36;

impl Ids {
    pub(crate) fn push(&mut self, id: Uuid) {
        let mut text = [0; ID_LENGTH];
        id.hyphenated().encode_lower(&mut text);
        self.bytes.extend_from_slice(&text);
        self.count += 1;
    }

    pub(crate) fn take(&mut self) -> Result<ArrayRef, WriteError> {
        let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(ID_LENGTH, std::mem::take(&mut self.count)));
        let bytes = std::mem::take(&mut self.bytes);
        Ok(Arc::new(StringArray::try_new(offsets, bytes.into(), None)?))
    }
}

/// Observations, one after the other.
#[derive(Default)]
pub(crate) struct Observations(Vec<f32>);

impl Observations {
    pub(crate) fn push(&mut self, floats: &[f32]) {
        self.0.extend_from_slice(floats);
    }

    /// As lists of fixed size.
    pub(crate) fn take_fixed(&mut self) -> Result<ArrayRef, WriteError> {
        let floats = Arc::new(Float32Array::from(std::mem::take(&mut self.0)));
        Ok(Arc::new(FixedSizeListArray::try_new(float_item(), observation_length(), floats, None)?))
    }

    /// As lists of any size, which more readers of Parquet know.
    pub(crate) fn take_lists(&mut self) -> Result<ArrayRef, WriteError> {
        let floats = std::mem::take(&mut self.0);
        let rows = floats.len() / OBSERVATION_LENGTH;
        let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(OBSERVATION_LENGTH, rows));
        Ok(Arc::new(ListArray::try_new(float_item(), offsets, Arc::new(Float32Array::from(floats)), None)?))
    }
}

/// A column of flags.
pub(crate) fn flags(values: &mut Vec<bool>) -> ArrayRef {
    Arc::new(BooleanArray::from(std::mem::take(values)))
}
