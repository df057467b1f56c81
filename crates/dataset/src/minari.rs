//! Minari: a tar of the folder that `minari.load_dataset` opens, an Arrow file per episode.

use std::io::Write as _;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StructArray};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Field, Fields, Schema};
use reelhouse_domain::rl::{OTHER, entries};
use serde_json::{Value, json};
use tar::{Builder, Header};

use crate::columns::{Observations, fixed_observation, flags};
use crate::row::Row;
use crate::{Manifest, Origin, Sink, WriteError, Writer};

/// The most steps of an episode: Minari reads a file of more rows wrongly without an error. A longer session
/// becomes several episodes, each but the last of them cut off.
const MOST_STEPS: usize = 131_071;

/// The version of Minari whose layout this is.
const MINARI_VERSION: &str = "0.5.0";

/// Writes a Minari dataset.
pub(crate) struct MinariWriter {
    tar: Builder<Sink>,
    name: String,
    written_at: u64,
    episode: EpisodeColumns,
    episodes: u64,
    steps: u64,
}

/// The episode as it grows. Every list but `observations` and `seqs` has a row less than the file.
#[derive(Default)]
struct EpisodeColumns {
    observations: Observations,
    actions: Vec<i64>,
    rewards: Vec<f64>,
    terminated: Vec<bool>,
    truncated: Vec<bool>,
    /// The `seq` that each observation was made by; that of the first is the one before the first step.
    seqs: Vec<i64>,
}

impl MinariWriter {
    pub(crate) fn new(sink: Sink, origin: &Origin) -> Self {
        let written_at = u64::try_from(origin.filter.to.timestamp()).unwrap_or(0);
        let name = format!("reelhouse/{}-v0", origin.name);
        Self { tar: Builder::new(sink), name, written_at, episode: EpisodeColumns::default(), episodes: 0, steps: 0 }
    }

    fn append(&mut self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(self.written_at);
        Ok(self.tar.append_data(&mut header, format!("{}/data/{path}", self.name), bytes)?)
    }

    fn end_episode(&mut self) -> Result<(), WriteError> {
        let episode = std::mem::take(&mut self.episode);
        let steps = episode.actions.len();
        let rewards_sum: f64 = episode.rewards.iter().sum();
        let id = self.episodes;
        let file = episode.file()?;
        self.append(&format!("{id}/part-0.arrow"), &file)?;
        let about = json!({ "id": id, "total_steps": steps, "seed": Value::Null, "rewards_sum": rewards_sum });
        self.append(&format!("{id}/metadata.json"), about.to_string().as_bytes())?;
        self.episodes += 1;
        self.steps += steps as u64;
        Ok(())
    }
}

impl EpisodeColumns {
    /// The file: one record batch with a row more than there are steps. The last row has the final
    /// observation; its other columns are padding.
    fn file(mut self) -> Result<Vec<u8>, WriteError> {
        self.actions.push(i64::try_from(OTHER).unwrap_or(0));
        self.rewards.push(0.0);
        self.terminated.push(false);
        self.truncated.push(false);
        let infos: Fields = vec![Field::new("seq", DataType::Int64, false)].into();
        let seqs: ArrayRef = Arc::new(Int64Array::from(self.seqs));
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("observations", self.observations.take_fixed()?),
            ("actions", Arc::new(Int64Array::from(self.actions))),
            ("rewards", Arc::new(Float64Array::from(self.rewards))),
            ("terminations", flags(&mut self.terminated)),
            ("truncations", flags(&mut self.truncated)),
            ("infos", Arc::new(StructArray::try_new(infos, vec![seqs], None)?)),
        ];
        debug_assert_eq!(columns[0].1.data_type(), &fixed_observation());
        let fields: Vec<Field> =
            columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), false)).collect();
        let schema = Arc::new(Schema::new(fields));
        let columns = columns.into_iter().map(|(_, column)| column).collect();
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
        let mut file = FileWriter::try_new(Vec::new(), &schema)?;
        file.write(&batch)?;
        Ok(file.into_inner()?)
    }
}

impl Writer for MinariWriter {
    fn row(&mut self, row: &Row<'_>) -> Result<(), WriteError> {
        let episode = &mut self.episode;
        if episode.seqs.is_empty() {
            episode.observations.push(row.observation);
            episode.seqs.push(row.step.seq - 1);
        }
        let ended = row.ending.terminated() || row.ending.truncated();
        let full = episode.actions.len() + 1 == MOST_STEPS;
        episode.observations.push(row.next_observation);
        episode.seqs.push(row.step.seq);
        episode.actions.push(row.action_number());
        episode.rewards.push(row.step.reward);
        episode.terminated.push(row.ending.terminated());
        episode.truncated.push(row.ending.truncated() || full && !ended);
        if ended || full { self.end_episode() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>, manifest: &Manifest) -> Result<(), WriteError> {
        let low: Vec<f32> = entries().iter().map(|entry| entry.low).collect();
        let high: Vec<f32> = entries().iter().map(|entry| entry.high).collect();
        let observation_space =
            json!({ "type": "Box", "dtype": "float32", "shape": [low.len()], "low": low, "high": high });
        let action_space = json!({ "type": "Discrete", "dtype": "int64", "start": 0, "n": manifest.actions() });
        let about = json!({
            "total_episodes": self.episodes,
            "total_steps": self.steps,
            "data_format": "arrow",
            "observation_space": observation_space.to_string(),
            "action_space": action_space.to_string(),
            "dataset_id": self.name,
            "minari_version": MINARI_VERSION,
            "description": "Recorded play of simulated slot games; reelhouse holds the manifest.",
            "reelhouse": serde_json::to_string(manifest)?,
        });
        self.append("metadata.json", about.to_string().as_bytes())?;
        Ok(self.tar.into_inner()?.flush()?)
    }
}
