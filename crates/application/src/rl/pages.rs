//! Pages of the experience: whole episodes where they are short, stretches of one where it is long.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use reelhouse_domain::id::minted_at;
use reelhouse_domain::ports::{Episode, EpisodeFilter, ExperienceRepository, RecordedStep, StepQuery};
use reelhouse_domain::{GameId, Money, SessionId, Timestamp};
use uuid::Uuid;

use super::export::StepCursor;
use super::spaces::Spaces;
use crate::book::GameBook;
use crate::error::Error;

/// How many episodes are listed at once.
const EPISODES: u32 = 512;

/// How many steps are read at once, save that a session may have grown a little since it was listed.
const STEPS: i64 = 8_192;

/// What is read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) filter: EpisodeFilter,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Timestamp,
    pub(super) cursor: Option<StepCursor>,
    pub(super) ladder: Option<Vec<Money>>,
}

/// Steps with the spaces of the games that they are of.
pub(super) struct Page {
    pub(super) steps: Vec<RecordedStep>,
    pub(super) spaces: BTreeMap<SessionId, Arc<Spaces>>,
}

/// Reads page after page.
pub(super) struct Pages {
    experience: Arc<dyn ExperienceRepository>,
    book: Arc<GameBook>,
    reading: Reading,
    spaces: BTreeMap<GameId, Arc<Spaces>>,
    listed: VecDeque<Episode>,
    /// The first session that is not listed yet; none once all are.
    next: Option<SessionId>,
    /// The step of the first listed session that its steps are read after.
    above: i64,
}

impl Pages {
    pub(super) fn new(experience: Arc<dyn ExperienceRepository>, book: Arc<GameBook>, reading: Reading) -> Self {
        let first = reading.cursor.map_or(SessionId(Uuid::nil()), |cursor| cursor.session_id);
        Self {
            experience,
            book,
            reading,
            spaces: BTreeMap::new(),
            listed: VecDeque::new(),
            next: Some(first),
            above: 0,
        }
    }

    /// The next page that has any steps; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Page>, Error> {
        loop {
            if self.listed.is_empty() && !self.list().await? {
                return Ok(None);
            }
            let (query, episodes) = self.cut();
            let steps = self.experience.step_list(&query).await?;
            if !steps.is_empty() {
                return Ok(Some(Page { steps, spaces: self.spaces_of(&episodes).await? }));
            }
        }
    }

    /// Lists more episodes; tells whether there were any.
    async fn list(&mut self) -> Result<bool, Error> {
        let Some(first) = self.next else {
            return Ok(false);
        };
        // Ids tell when a session was opened: from here on all were opened after what is read.
        if minted_at(first.0).is_some_and(|opened| opened >= self.reading.to) {
            return Ok(false);
        }
        let listed = self.experience.episode_list(self.reading.filter, Some(first), EPISODES).await?;
        let last = listed.last().map(|episode| episode.session_id.0.as_u128());
        self.next = last.and_then(|last| last.checked_add(1)).map(|next| SessionId(Uuid::from_u128(next)));
        self.listed = listed.into();
        self.above = match (self.reading.cursor, self.listed.front()) {
            (Some(cursor), Some(front)) if front.session_id == cursor.session_id => cursor.seq,
            _ => 0,
        };
        Ok(!self.listed.is_empty())
    }

    /// Cuts the next stretch off what is listed: of one long session, or of as many as are no more than
    /// [`STEPS`] together.
    fn cut(&mut self) -> (StepQuery, Vec<Episode>) {
        let above = self.above;
        let mut query =
            StepQuery { sessions: vec![], above, upto: i64::MAX, from: self.reading.from, to: self.reading.to };
        let mut episodes = Vec::new();
        let mut steps = 0;
        while let Some(&front) = self.listed.front() {
            let left = front.last_seq.saturating_sub(if episodes.is_empty() { above } else { 0 });
            if episodes.is_empty() && left > STEPS {
                query.upto = above + STEPS;
                self.above = query.upto;
                query.sessions.push(front.session_id);
                return (query, vec![front]);
            }
            // A session that is read from its middle goes alone: the bound on `seq` is of all of a query.
            if !episodes.is_empty() && (above > 0 || steps + left > STEPS) {
                break;
            }
            steps += left;
            query.sessions.push(front.session_id);
            episodes.push(front);
            self.listed.pop_front();
        }
        self.above = 0;
        (query, episodes)
    }

    /// The spaces of the episodes' games.
    async fn spaces_of(&mut self, episodes: &[Episode]) -> Result<BTreeMap<SessionId, Arc<Spaces>>, Error> {
        let mut found = BTreeMap::new();
        for episode in episodes {
            let game_id = episode.game_id;
            let spaces = match self.spaces.get(&game_id) {
                Some(spaces) => Arc::clone(spaces),
                None => {
                    let shelf = self.book.shelf([game_id].into()).await?;
                    let spaces = Arc::new(Spaces::of(shelf.find(game_id)?, self.reading.ladder.as_deref())?);
                    self.spaces.insert(game_id, Arc::clone(&spaces));
                    spaces
                }
            };
            found.insert(episode.session_id, spaces);
        }
        Ok(found)
    }
}
