//! The formats, by name and by media type.

/// Whose keys the arrays of an npz have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NpzKeys {
    /// Those of d3rlpy's `MDPDataset`.
    #[default]
    D3rlpy,
    /// Those of tianshou's `ReplayBuffer.from_data`.
    Tianshou,
}

/// A format of datasets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line: the exact documents, and their floats.
    Ndjson,
    /// An Arrow IPC stream.
    Arrow,
    /// Parquet with the columns of RLlib.
    Parquet,
    /// NumPy arrays.
    Npz(NpzKeys),
    /// A tar of a Minari dataset.
    Minari,
}

impl Format {
    /// Every format, npz with its usual keys.
    pub const ALL: [Self; 5] = [Self::Ndjson, Self::Arrow, Self::Parquet, Self::Npz(NpzKeys::D3rlpy), Self::Minari];

    /// The name, as `format` takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrow",
            Self::Parquet => "parquet",
            Self::Npz(_) => "npz",
            Self::Minari => "minari",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Npz(_) => "application/x-npz",
            Self::Minari => "application/x-tar",
        }
    }

    /// What files of the format end in.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrows",
            Self::Parquet => "parquet",
            Self::Npz(_) => "npz",
            Self::Minari => "tar",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format of that media type, without parameters.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.media_type().eq_ignore_ascii_case(media_type))
    }
}
