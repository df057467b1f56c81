//! Why a dataset could not be written.

use std::io;

/// Why a dataset could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The sink or a temporary file did not take what was written; a sink whose reader went away is a broken pipe.
    #[error("the dataset could not be written: {0}")]
    Io(#[from] io::Error),
    /// A row does not fit the format, which is a defect of this program.
    #[error("the dataset could not be put together: {0}")]
    Defect(String),
}

impl WriteError {
    /// Whether whoever read the dataset has gone away.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<arrow_schema::ArrowError> for WriteError {
    fn from(error: arrow_schema::ArrowError) -> Self {
        match error {
            arrow_schema::ArrowError::IoError(_, error) => Self::Io(error),
            other => Self::Defect(other.to_string()),
        }
    }
}

impl From<::parquet::errors::ParquetError> for WriteError {
    fn from(error: ::parquet::errors::ParquetError) -> Self {
        match error {
            ::parquet::errors::ParquetError::External(error) => match error.downcast::<io::Error>() {
                Ok(error) => Self::Io(*error),
                Err(error) => Self::Defect(error.to_string()),
            },
            other => Self::Defect(other.to_string()),
        }
    }
}

impl From<serde_json::Error> for WriteError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Io(error.into()) } else { Self::Defect(error.to_string()) }
    }
}

impl From<zip::result::ZipError> for WriteError {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => Self::Io(error),
            other => Self::Defect(other.to_string()),
        }
    }
}
