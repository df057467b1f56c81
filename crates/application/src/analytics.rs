//! Analytics: what a game and a session came to, from what the observer keeps; no request reads all events.

use reelhouse_domain::analytics::{Bucket, Figures, GameTally, PlayTally, Span};
use reelhouse_domain::observation::{DriftReport, Observation, Observed};
use reelhouse_domain::ports::{EpisodeFilter, Progress, RecordedMetric, StoreError, TallyQuery};
use reelhouse_domain::session::SessionState;
use reelhouse_domain::{Digest, GameId, SessionId, Timestamp};

use crate::error::Error;
use crate::house::House;
use crate::observer::{OBSERVED_ON_REQUEST, observed};

/// The most rows of recorded counters that are shown of a session: a doubling of its rounds leaves eleven.
const RECORDED: u32 = 1_000;

/// A stretch of rounds of a session, with what it says.
#[derive(Clone, Debug)]
pub struct SessionBucket {
    /// The number of its first round in the session, from 1.
    pub first_round: u64,
    /// The stretch.
    pub bucket: Bucket,
    /// What the stretch says.
    pub figures: Figures,
    /// What the session says up to its end.
    pub so_far: Figures,
}

/// What a session came to.
#[derive(Clone, Debug)]
pub struct SessionAnalytics {
    /// The session.
    pub session_id: SessionId,
    /// The game.
    pub game_id: GameId,
    /// Where the session stands.
    pub state: SessionState,
    /// How far it was counted, and what it came to.
    pub progress: Progress,
    /// The `seq` of its last event.
    pub last_seq: i64,
    /// What all that was counted says.
    pub figures: Figures,
    /// Its rounds in stretches.
    pub buckets: Vec<SessionBucket>,
    /// The counters that were recorded, the latest first.
    pub recorded: Vec<RecordedMetric>,
}

/// Which buckets of a game to show: the last ones of the window.
#[derive(Clone, Copy, Debug)]
pub struct GameWindow {
    /// How long the buckets are.
    pub span: Span,
    /// From the bucket on that holds this instant.
    pub from: Option<Timestamp>,
    /// Buckets that begin before this instant.
    pub to: Option<Timestamp>,
    /// The most buckets.
    pub limit: u32,
}

/// What a game came to.
#[derive(Clone, Debug)]
pub struct GameAnalytics {
    /// The game.
    pub game_id: GameId,
    /// Its name for people.
    pub name: String,
    /// SHA-256 of its definition.
    pub fingerprint: Digest,
    /// When the counts were last brought up to date.
    pub as_of: Timestamp,
    /// Whether more events wait than the request was allowed to bring in.
    pub waiting: bool,
    /// What all that was counted came to.
    pub total: PlayTally,
    /// What that says.
    pub figures: Figures,
    /// Whether the return drifts.
    pub drift: DriftReport,
    /// The buckets, in order, with what each says.
    pub buckets: Vec<(GameTally, Figures)>,
    /// What the buckets came to together, and what that says.
    pub window: (PlayTally, Figures),
    /// Whether the window has earlier buckets than those.
    pub earlier: bool,
}

impl House {
    /// What a session came to, after up to [`OBSERVED_ON_REQUEST`] further events of it were brought in.
    ///
    /// # Errors
    /// [`reelhouse_domain::Refusal::NotFound`]; those of the store.
    pub async fn session_analytics(&self, session_id: SessionId) -> Result<SessionAnalytics, Error> {
        let session = self.stored_session(session_id).await?;
        let observed = observed(&self.game_find(session.game_id).await?)?;
        // One reading at a time: whoever comes meanwhile gets what is there.
        if let Ok(_turn) = self.observers.try_acquire() {
            match self.session_catch_up(&observed, &session, OBSERVED_ON_REQUEST).await {
                // Another server counts: what it has stored is there.
                Ok(()) | Err(StoreError::Clash(_) | StoreError::Retry(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let found = self.ports.analytics.progress_find(session_id).await?;
        let progress = found.unwrap_or_else(|| Progress::new(session_id));
        Ok(SessionAnalytics {
            session_id,
            game_id: session.game_id,
            state: session.state,
            last_seq: session.last_seq.max(progress.seq),
            figures: Figures::of(&observed, &progress.tally.total),
            buckets: told(&observed, &progress.tally.series.buckets),
            progress,
            recorded: self.ports.analytics.metric_list(session_id, RECORDED).await?,
        })
    }

    /// What a game came to, after up to [`OBSERVED_ON_REQUEST`] further events were brought in.
    ///
    /// # Errors
    /// [`reelhouse_domain::Refusal::NotFound`]; those of the store.
    pub async fn game_analytics(&self, game_id: GameId, window: GameWindow) -> Result<GameAnalytics, Error> {
        let game = self.game_find(game_id).await?;
        let observed = observed(&game)?;
        if let Ok(_turn) = self.observers.try_acquire() {
            self.catch_up(&observed, game_id, OBSERVED_ON_REQUEST).await?;
        }
        let observation = self.observation(game_id).await?;
        let waiting = self.waits(game_id).await?;
        let total = self.total(game_id).await?;
        let (tallies, earlier) = self.window(game_id, window).await?;
        let shown = PlayTally::sum(tallies.iter().map(|tally| &tally.play));
        let said = |tally: GameTally| (tally, Figures::of(&observed, &tally.play));
        Ok(GameAnalytics {
            game_id,
            name: game.name,
            fingerprint: game.fingerprint,
            as_of: observation.as_of,
            waiting,
            total,
            figures: Figures::of(&observed, &total),
            drift: observed.report(&observation.tally).drift,
            buckets: tallies.into_iter().map(said).collect(),
            window: (shown, Figures::of(&observed, &shown)),
            earlier,
        })
    }

    /// The last tallies of a window, in order, and whether it has earlier ones.
    async fn window(&self, game_id: GameId, window: GameWindow) -> Result<(Vec<GameTally>, bool), StoreError> {
        let GameWindow { span, from, to, limit } = window;
        let query =
            TallyQuery { game_id, span, from: from.map(|from| span.start(from)), to, limit: limit.saturating_add(1) };
        let mut tallies = self.ports.analytics.tally_list(&query).await?;
        let earlier = tallies.len() > limit as usize;
        tallies.truncate(limit as usize);
        tallies.reverse();
        Ok((tallies, earlier))
    }
}

/// What counting a game's events anew came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recount {
    /// All events were counted anew.
    Done {
        /// What was counted before.
        before: Box<PlayTally>,
        /// What is counted now.
        after: Box<PlayTally>,
    },
    /// Nothing was done: events of this session are archived, and a new count would lack them.
    Archived(SessionId),
}

impl House {
    /// Forgets what was counted of a game and counts all of its events anew. Servers may go on meanwhile.
    ///
    /// # Errors
    /// [`reelhouse_domain::Refusal::NotFound`]; those of the store, after which what is missing is counted like new events.
    pub async fn game_recount(&self, game_id: GameId) -> Result<Recount, Error> {
        let observed = observed(&self.game_find(game_id).await?)?;
        if let Some(session_id) = self.archived(game_id).await? {
            return Ok(Recount::Archived(session_id));
        }
        let _turn = self.observers.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
        let before = Box::new(self.total(game_id).await?);
        let counted = self.observation(game_id).await?;
        let empty = Observation { revision: counted.revision, ..Observation::new(game_id, self.ports.clock.now()) };
        self.ports.observations.observation_forget(&empty).await?;
        // Events that are played meanwhile are for the servers that play them.
        while self.catch_up(&observed, game_id, OBSERVED_ON_REQUEST).await? >= OBSERVED_ON_REQUEST {}
        Ok(Recount::Done { before, after: Box::new(self.total(game_id).await?) })
    }

    /// The game's oldest session with events, if its first ones are archived: older events are archived first.
    async fn archived(&self, game_id: GameId) -> Result<Option<SessionId>, StoreError> {
        let filter = EpisodeFilter { game_id: Some(game_id), ..EpisodeFilter::default() };
        let oldest = self.ports.experience.episode_list(filter, None, 1).await?;
        let Some(session_id) = oldest.first().map(|episode| episode.session_id) else { return Ok(None) };
        let first = self.ports.sessions.event_list(session_id, 0, 1).await?;
        Ok(Some(session_id).filter(|_| first.first().is_none_or(|event| event.body.seq != 1)))
    }

    /// What all that was counted of a game came to.
    async fn total(&self, game_id: GameId) -> Result<PlayTally, StoreError> {
        let all = self.ports.analytics.tally_find(game_id, &[(Span::All, Timestamp::UNIX_EPOCH)]).await?;
        Ok(PlayTally::sum(all.iter().map(|tally| &tally.play)))
    }
}

/// The stretches of a session, with what each says, and what the session says up to its end.
fn told(observed: &Observed, buckets: &[Bucket]) -> Vec<SessionBucket> {
    let mut so_far = PlayTally::default();
    let tell = |bucket: &Bucket| {
        let first_round = so_far.rounds + 1;
        so_far.add(&bucket.play);
        SessionBucket {
            first_round,
            bucket: *bucket,
            figures: Figures::of(observed, &bucket.play),
            so_far: Figures::of(observed, &so_far),
        }
    };
    buckets.iter().map(tell).collect()
}
