//! The observer: reads events that nobody has counted yet, a bounded number at a time, and keeps the counts.
//!
//! It costs the play path nothing: it reads what is committed, session by session, by the gapless `seq` of their
//! events. The counts and how far each session was read are stored together, so that every event counts once,
//! whatever stops in between and however many servers observe.

use std::sync::Arc;
use std::time::Duration;

use reelhouse_domain::game::Game;
use reelhouse_domain::observation::{Observation, Observed, Report};
use reelhouse_domain::ports::{Progress, StoreError, Unobserved};
use reelhouse_domain::session::Session;
use reelhouse_domain::{Digest, GameId, Refusal};

use crate::counting::Counting;
use crate::error::Error;
use crate::house::House;

/// How many events one request for a fingerprint may bring in.
pub const OBSERVED_ON_REQUEST: u32 = 5_000;

/// How many events of all games are brought in at each beat of the observer.
const OBSERVED_PER_BEAT: u32 = 2_000;

/// How many games are looked at in each beat.
const GAMES_PER_BEAT: u32 = 20;

/// How many sessions one reading looks at.
const SESSIONS: u32 = 100;

/// How many events are read of a session before the next one has its turn.
const EVENTS_AT_ONCE: u32 = 500;

/// How often a reading is begun again when another server has counted meanwhile.
const ATTEMPTS: u32 = 3;

/// What was observed of a game.
#[derive(Clone, Debug)]
pub struct FingerprintAnswer {
    /// The game.
    pub game_id: GameId,
    /// SHA-256 of its definition.
    pub fingerprint: Digest,
    /// What was counted, and as of when.
    pub observation: Observation,
    /// Whether more events wait than the request was allowed to bring in.
    pub waiting: bool,
    /// The counts against the exact figures.
    pub report: Report,
}

impl House {
    /// What was observed of a game, after up to [`OBSERVED_ON_REQUEST`] further events were brought in.
    ///
    /// # Errors
    /// [`reelhouse_domain::Refusal::NotFound`]; those of the store.
    pub async fn game_fingerprint(&self, game_id: GameId) -> Result<FingerprintAnswer, Error> {
        let game = self.game_find(game_id).await?;
        let observed = observed(&game)?;
        // One reading at a time: whoever comes meanwhile gets what is there.
        if let Ok(_turn) = self.observers.try_acquire() {
            self.catch_up(&observed, game_id, OBSERVED_ON_REQUEST).await?;
        }
        let observation = self.observation(game_id).await?;
        let waiting = self.waits(game_id).await?;
        let report = observed.report(&observation.tally);
        self.meters.observed(&game, observation.revision, || report.clone());
        Ok(FingerprintAnswer { game_id, fingerprint: game.fingerprint, observation, waiting, report })
    }

    /// Whether events of a game wait to be counted.
    pub(crate) async fn waits(&self, game_id: GameId) -> Result<bool, StoreError> {
        Ok(!self.ports.observations.unobserved_list(game_id, None, 1).await?.is_empty())
    }

    /// Brings in events of the games after `after`, in the order of their ids; gives the game to go on after,
    /// none after the last one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn games_observe(&self, after: Option<GameId>) -> Result<Option<GameId>, Error> {
        let games = self.ports.games.game_list(after, GAMES_PER_BEAT).await?;
        let next = games.last().filter(|_| games.len() == GAMES_PER_BEAT as usize).map(|game| game.game_id);
        let mut left = OBSERVED_PER_BEAT;
        for game in &games {
            let Ok(_turn) = self.observers.acquire().await else { break };
            // Nobody plays a game that is outdated; those after it are.
            let Ok(observed) = observed(game) else { continue };
            left = left.saturating_sub(self.catch_up(&observed, game.game_id, left).await?);
            // Read anew, for another server may have counted.
            let observation = self.observation(game.game_id).await?;
            self.meters.observed(game, observation.revision, || observed.report(&observation.tally));
            if left == 0 {
                return Ok(Some(game.game_id));
            }
        }
        Ok(next)
    }

    /// Counts up to `most` further events of a game; tells how many.
    pub(crate) async fn catch_up(&self, observed: &Observed, game_id: GameId, most: u32) -> Result<u32, Error> {
        let mut counted = 0;
        let mut clashes = 0;
        while counted < most {
            match self.read_on(observed, game_id, most - counted).await {
                Ok(0) => break,
                Ok(more) => counted += more,
                // Another server has counted: what it left is read from where it stopped.
                Err(StoreError::Clash(_) | StoreError::Retry(_)) if clashes < ATTEMPTS => clashes += 1,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(counted)
    }

    /// Counts up to `most` events of the sessions whose turn it is; 0 when none had any.
    async fn read_on(&self, observed: &Observed, game_id: GameId, most: u32) -> Result<u32, StoreError> {
        let observations = &self.ports.observations;
        let mut counting = Counting::new(observed, self.observation(game_id).await?);
        let mut sessions = observations.unobserved_list(game_id, counting.observation.after, SESSIONS).await?;
        if sessions.is_empty() && counting.observation.after.take().is_some() {
            sessions = observations.unobserved_list(game_id, None, SESSIONS).await?;
        }
        for Unobserved { mut progress, last_seq } in sessions {
            let limit = EVENTS_AT_ONCE.min(most.saturating_sub(counting.read));
            if limit == 0 {
                break;
            }
            let events = self.ports.sessions.event_list(progress.session_id, progress.seq, limit).await?;
            counting.count(&mut progress, &events, last_seq);
            counting.observation.after = Some(progress.session_id);
            counting.leave(progress);
        }
        self.keep(counting).await
    }

    /// Counts up to `most` further events of one session, whoever's turn it is.
    pub(crate) async fn session_catch_up(
        &self,
        observed: &Observed,
        session: &Session,
        most: u32,
    ) -> Result<(), StoreError> {
        let mut counting = Counting::new(observed, self.observation(session.game_id).await?);
        let found = self.ports.analytics.progress_find(session.session_id).await?;
        let mut progress = found.unwrap_or_else(|| Progress::new(session.session_id));
        while counting.read < most && progress.seq < session.last_seq {
            let limit = EVENTS_AT_ONCE.min(most - counting.read);
            let events = self.ports.sessions.event_list(session.session_id, progress.seq, limit).await?;
            counting.count(&mut progress, &events, session.last_seq);
        }
        counting.leave(progress);
        self.keep(counting).await?;
        Ok(())
    }

    /// What was observed of a game; nothing before the first time.
    pub(crate) async fn observation(&self, game_id: GameId) -> Result<Observation, StoreError> {
        let found = self.ports.observations.observation_find(game_id).await?;
        Ok(found.unwrap_or_else(|| Observation::new(game_id, self.ports.clock.now())))
    }

    /// Stores what was counted; tells how many events that is.
    async fn keep(&self, counting: Counting<'_>) -> Result<u32, StoreError> {
        let read = counting.read;
        if read > 0 {
            let (mut observation, counted) = counting.finish(self.ports.analytics.as_ref()).await?;
            observation.as_of = self.ports.clock.now();
            self.ports.observations.observation_store(&observation, &counted).await?;
        }
        Ok(read)
    }
}

/// The game under observation.
pub(crate) fn observed(game: &Game) -> Result<Observed, Error> {
    Observed::of(game).map_err(|_| Refusal::outdated_game().into())
}

/// Observes at every `period`, for as long as the task is not dropped. An error is logged and the next beat goes on.
pub async fn observe(house: Arc<House>, period: Duration) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut after = None;
    loop {
        ticks.tick().await;
        after = house.games_observe(after).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "games could not be observed");
            None
        });
    }
}
