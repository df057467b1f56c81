//! Rows from steps: each with the observation that it started from, the last of an episode with its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use reelhouse_dataset::{ContentHash, DatasetGame, Manifest, Origin, Row, WriteError};
use reelhouse_domain::GameId;
use reelhouse_domain::ports::RecordedStep;
use reelhouse_domain::rl::{Ending, Summary};
use reelhouse_domain::session::Observation;

use super::export::StepCursor;
use super::pages::Page;
use super::spaces::Spaces;

/// What takes the rows.
pub(super) trait Rows {
    fn row(&mut self, row: &Row<'_>) -> Result<(), WriteError>;
}

/// A step that waits for the next one, which tells whether it is the last of its episode.
struct Waiting {
    step: RecordedStep,
    state: Observation,
    observation: Vec<f32>,
    next_observation: Vec<f32>,
    spaces: Arc<Spaces>,
    place: i64,
}

/// Makes rows of steps, and counts them.
pub(super) struct Assembler {
    waiting: Option<Waiting>,
    left: u64,
    cut: Option<StepCursor>,
    pub(super) summary: Summary,
    hash: Option<ContentHash>,
    games: BTreeMap<GameId, DatasetGame>,
}

impl Assembler {
    /// An assembler of at most `limit` rows, which hashes them when that is of use. The game that was asked for is in
    /// the manifest though it has no rows: what reads the dataset has to know its actions.
    pub(super) fn new(limit: Option<u64>, hashed: bool, asked: Option<&Spaces>) -> Self {
        Self {
            waiting: None,
            left: limit.unwrap_or(u64::MAX),
            cut: None,
            summary: Summary::default(),
            hash: hashed.then(ContentHash::default),
            games: asked.map(|spaces| (spaces.game_id, without_rows(spaces))).into_iter().collect(),
        }
    }

    /// Takes a page in; tells whether there is room for more.
    pub(super) fn page(&mut self, page: Page, rows: &mut dyn Rows) -> Result<bool, WriteError> {
        for step in page.steps {
            if self.left == 0 {
                self.cut = self.waiting.as_ref().map(|last| StepCursor::of(&last.step));
                return Ok(false);
            }
            let spaces = page.spaces.get(&step.session_id);
            let spaces = spaces.ok_or_else(|| WriteError::Defect(format!("session {} is gone", step.session_id)))?;
            self.step(step, spaces, rows)?;
            self.left -= 1;
        }
        Ok(true)
    }

    fn step(&mut self, step: RecordedStep, spaces: &Arc<Spaces>, rows: &mut dyn Rows) -> Result<(), WriteError> {
        let mut next_observation = Vec::with_capacity(reelhouse_domain::rl::OBSERVATION_LENGTH);
        spaces.encoder.encode_into(&step.next_state, &mut next_observation);
        let before = self.waiting.take();
        let waiting = match before {
            Some(before) if before.step.session_id == step.session_id => {
                self.put(&before, Ending::Open, rows)?;
                Waiting {
                    state: step.state.clone().unwrap_or(before.step.next_state),
                    observation: before.next_observation,
                    place: before.place + 1,
                    next_observation,
                    spaces: before.spaces,
                    step,
                }
            }
            before => {
                if let Some(last) = before {
                    self.put(&last, last.step.ending.at_the_end(), rows)?;
                }
                let state = step.state.clone();
                let state = state.ok_or_else(|| WriteError::Defect(format!("step {} has no state", step.id)))?;
                let observation = spaces.encoder.encode(&state);
                Waiting { state, observation, place: 0, next_observation, spaces: Arc::clone(spaces), step }
            }
        };
        self.waiting = Some(waiting);
        Ok(())
    }

    fn put(&mut self, waiting: &Waiting, ending: Ending, rows: &mut dyn Rows) -> Result<(), WriteError> {
        let row = Row {
            step: &waiting.step,
            state: &waiting.state,
            ending,
            observation: &waiting.observation,
            action: waiting.spaces.actions.index(&waiting.step.action),
            next_observation: &waiting.next_observation,
            place: waiting.place,
        };
        self.summary.push(row.step.reward, ending);
        if let Some(hash) = &mut self.hash {
            hash.row(&row);
        }
        let spaces = &waiting.spaces;
        let game = self.games.entry(spaces.game_id).or_insert_with(|| without_rows(spaces));
        game.rows += 1;
        game.episodes += u64::from(waiting.place == 0);
        rows.row(&row)
    }

    /// Ends the last episode.
    pub(super) fn end(&mut self, rows: &mut dyn Rows) -> Result<(), WriteError> {
        match self.waiting.take() {
            Some(last) => self.put(&last, last.step.ending.at_the_end(), rows),
            None => Ok(()),
        }
    }

    /// What was made.
    pub(super) fn manifest(self, origin: Origin) -> Manifest {
        Manifest {
            origin,
            rows: self.summary.reward.count(),
            episodes: self.summary.episode_length.count(),
            terminated: self.summary.terminated,
            truncated: self.summary.truncated,
            sha256: self.hash.unwrap_or_default().finish(),
            next_cursor: self.cut.map(|cursor| cursor.to_string()),
            games: self.games.into_values().collect(),
        }
    }
}

fn without_rows(spaces: &Spaces) -> DatasetGame {
    DatasetGame {
        game_id: spaces.game_id,
        name: spaces.name.clone(),
        fingerprint: spaces.fingerprint,
        ladder: spaces.ladder.stakes().to_vec(),
        episodes: 0,
        rows: 0,
    }
}
