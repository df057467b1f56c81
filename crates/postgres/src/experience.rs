//! Reads of the experience: episodes by diesel, their steps by a binary COPY.
//!
//! A COPY of a bounded number of rows is one statement: no snapshot or cursor is held while a slow client
//! takes what was read. Rows come in the order of the heap and are sorted here, since sorting wide rows
//! would spill to the server's disk.

use std::fmt::Write as _;

use async_trait::async_trait;
use diesel::prelude::{ExpressionMethods as _, QueryDsl as _, Queryable, Selectable, SelectableHelper as _};
use diesel_async::RunQueryDsl as _;
use futures_util::{StreamExt as _, pin_mut};
use reelhouse_domain::id::minted_at;
use reelhouse_domain::ports::{Episode, EpisodeFilter, ExperienceRepository, RecordedStep, StepQuery, StoreError};
use reelhouse_domain::rl::{Ending, Reward, read_action, read_observation};
use reelhouse_domain::{EventId, GameId, SessionId, Timestamp};
use reelhouse_schema::postgres::sessions;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::PostgresStore;
use crate::columns::State;
use crate::copy::{CopyReader, Fields};
use crate::error::{corrupt, lost, undone};

#[async_trait]
impl ExperienceRepository for PostgresStore {
    async fn episode_list(
        &self,
        filter: EpisodeFilter,
        first: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Episode>, StoreError> {
        let mut query = sessions::table
            .filter(sessions::last_seq.gt(0))
            .order(sessions::session_id)
            .limit(i64::from(limit))
            .select(EpisodeRow::as_select())
            .into_boxed();
        if let Some(first) = first {
            query = query.filter(sessions::session_id.ge(first.0));
        }
        if let Some(session_id) = filter.session_id {
            query = query.filter(sessions::session_id.eq(session_id.0));
        }
        if let Some(game_id) = filter.game_id {
            query = query.filter(sessions::game_id.eq(game_id.0));
        }
        if let Some(owner) = filter.owner {
            query = query.filter(sessions::owner.eq(owner.0));
        }
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(EpisodeRow::episode).collect()
    }

    async fn step_list(&self, query: &StepQuery) -> Result<Vec<RecordedStep>, StoreError> {
        if query.sessions.is_empty() {
            return Ok(vec![]);
        }
        let client = self.copier().await?;
        let mut steps = copy_steps(&client, &statement(query)).await?;
        self.copier_return(client);
        steps.sort_unstable_by_key(|step| (step.session_id, step.seq));
        Ok(steps)
    }
}

/// What is read of a row of `sessions`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(diesel::pg::Pg))]
struct EpisodeRow {
    session_id: Uuid,
    game_id: Uuid,
    state: State,
    last_seq: i64,
    reward: String,
    training: bool,
}

impl EpisodeRow {
    fn episode(self) -> Result<Episode, StoreError> {
        Ok(Episode {
            session_id: SessionId(self.session_id),
            game_id: GameId(self.game_id),
            state: self.state.0,
            last_seq: self.last_seq,
            reward: Reward::named(&self.reward)
                .ok_or_else(|| corrupt("sessions.reward", format!("{:?} is not known", self.reward)))?,
            training: self.training,
        })
    }
}

/// The statement that copies the steps. A COPY takes no parameters; ids, numbers and instants are written
/// out, and nothing else is.
fn statement(query: &StepQuery) -> String {
    let ids: Vec<String> = query.sessions.iter().map(ToString::to_string).collect();
    let opened = query.sessions.iter().find_map(|first| minted_at(first.0));
    // Nothing of a session is in a partition of a month before it was opened.
    let from = query.from.into_iter().chain(opened).max();
    // A document is half of a row: where every step before is read too, `next_state` has it already.
    let state = match query.from {
        Some(_) => "state".to_owned(),
        None => format!("CASE WHEN seq = {} THEN state END", query.above.saturating_add(1)),
    };
    let mut text = format!(
        "COPY (SELECT session_id, seq, id, created_at, reward, terminated, truncated, action, next_state, {state}
               FROM rl_store
               WHERE session_id = ANY('{{{}}}'::uuid[]) AND seq > {} AND seq <= {} AND created_at < '{}'",
        ids.join(","),
        query.above,
        query.upto,
        instant(query.to),
    );
    if let Some(from) = from {
        // Writing to a string cannot fail.
        let _ = write!(text, " AND created_at >= '{}'", instant(from));
    }
    text + ") TO STDOUT (FORMAT binary)"
}

/// An instant as PostgreSQL reads it whatever its settings.
fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.6f+00").to_string()
}

async fn copy_steps(client: &Client, statement: &str) -> Result<Vec<RecordedStep>, StoreError> {
    let stream = client.copy_out(statement).await.map_err(|error| lost(&error))?;
    pin_mut!(stream);
    let (mut reader, mut steps) = (CopyReader::default(), Vec::new());
    while let Some(bytes) = stream.next().await {
        reader.take(&bytes.map_err(|error| lost(&error))?, |fields| {
            steps.push(step(fields)?);
            Ok(())
        })?;
    }
    Ok(steps)
}

fn step(mut fields: Fields<'_>) -> Result<RecordedStep, StoreError> {
    let session_id = SessionId(fields.uuid()?);
    let seq = fields.long()?;
    let id = EventId(fields.uuid()?);
    let created_at = fields.instant()?;
    let reward = fields.double()?;
    let ending = Ending::from_flags(fields.flag()?, fields.flag()?);
    let action = read_action(fields.json()?.unwrap_or_default()).map_err(|error| corrupt("rl_store.action", error))?;
    let next_state = fields.json()?.unwrap_or_default();
    let next_state = read_observation(next_state).map_err(|error| corrupt("rl_store.next_state", error))?;
    let state = fields.json()?.map(read_observation).transpose();
    let state = state.map_err(|error| corrupt("rl_store.state", error))?;
    Ok(RecordedStep { id, session_id, seq, state, action, reward, next_state, ending, created_at })
}
