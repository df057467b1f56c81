//! Beginning a unit of work: lock in order, then load, in one round trip.

use async_trait::async_trait;
use diesel::QueryResult;
use diesel::deserialize::QueryableByName;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use reelhouse_domain::Shard;
use reelhouse_domain::job::JobKind;
use reelhouse_domain::ports::{Changes, Needs, Snapshot, StoreError, UnitOfWork, UnitOfWorkFactory};

use crate::error::{corrupt, undone};
use crate::job_rows::JobRow;
use crate::pipeline::{Request, in_order};
use crate::rows::{AnswerRow, GameRow, SessionRow, WalletRow};
use crate::statement::{Bind, OfShards, Sql, Statement};
use crate::unit_of_work::OpenUnit;
use crate::{PostgresStore, distributed, write};

#[async_trait]
impl UnitOfWorkFactory for PostgresStore {
    async fn begin(&self, needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError> {
        let unit = OpenUnit::new(self.checkout_writer().await?, self.layout().is_some());
        let loaded = match self.layout() {
            None => load(unit.connection()?, needs).await,
            Some(layout) => distributed::load(unit.connection()?, needs, layout, self.lock_timeout()).await,
        };
        match loaded {
            Ok(found) => Ok((found.snapshot()?, Box::new(unit))),
            Err(error) => {
                unit.undo().await;
                Err(undone(error))
            }
        }
    }

    async fn write_unlocked(&self, changes: &Changes) -> Result<(), StoreError> {
        if self.layout().is_some() {
            return self.begin(&Needs::default()).await?.1.finish(changes).await;
        }
        write::at_once(&*self.checkout_writer().await?, changes).await
    }

    fn part(&self, shard: Shard) -> u32 {
        self.layout().map_or_else(|| shard.number().into(), |layout| layout.part(shard))
    }
}

/// What the statements found.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) sessions: Vec<SessionRow>,
    pub(crate) wallets: Vec<WalletRow>,
    pub(crate) rest: Rest,
}

/// What they found beside sessions and wallets.
#[derive(Default)]
pub(crate) struct Rest {
    answers: Vec<AnswerRow>,
    games: Vec<GameRow>,
    jobs: Vec<JobRow>,
    queue: Vec<WaitingRow>,
}

/// How many jobs of a kind wait.
#[derive(QueryableByName)]
struct WaitingRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
}

impl Found {
    fn snapshot(self) -> Result<Snapshot, StoreError> {
        let mut snapshot = Snapshot::default();
        for row in self.sessions {
            let session = row.session()?;
            snapshot.sessions.insert(session.session_id, session);
        }
        for row in self.wallets {
            let wallet = row.wallet()?;
            snapshot.wallets.insert(wallet.wallet_id, wallet);
        }
        for row in self.rest.answers {
            let answer = row.answered_key()?;
            snapshot.answers.insert(answer.key.clone(), answer);
        }
        for row in self.rest.games {
            let game = row.game()?;
            snapshot.games.insert(game.fingerprint, game);
        }
        for row in self.rest.jobs {
            let job = row.job()?;
            snapshot.jobs.insert(job.job_id, job);
        }
        for row in self.rest.queue {
            let kind = JobKind::named(&row.kind).ok_or_else(|| corrupt("jobs.kind", "it is not known"))?;
            let waiting = u64::try_from(row.waiting).map_err(|error| corrupt("the count of jobs", error))?;
            snapshot.queue.insert(kind, waiting);
        }
        Ok(snapshot)
    }
}

/// Opens the transaction, locks and loads.
///
/// Under READ COMMITTED each statement sees what was committed when it started, and a row that was
/// waited for as its last holder left it. Answers and games are read after the locks are held.
async fn load(connection: &AsyncPgConnection, needs: &Needs) -> QueryResult<Found> {
    let session_shards = || Bind::Shorts(needs.sessions.iter().map(|id| id.shard().column()).collect());
    let session_ids = || Bind::Uuids(needs.sessions.iter().map(|id| Some(id.0)).collect());
    let mut found = Found::default();
    let Found { sessions, wallets, rest } = &mut found;
    let mut requests: Vec<Request<'_>> = vec![Box::pin(open(connection))];
    if !needs.sessions.is_empty() {
        let binds = vec![session_shards(), session_ids()];
        requests.push(Box::pin(load_into::<LockSessions, _>(connection, binds, sessions)));
    }
    if !needs.sessions.is_empty() || !needs.wallets.is_empty() {
        let shards = Bind::Shorts(needs.wallets.iter().map(|id| id.shard().column()).collect());
        let ids = Bind::Uuids(needs.wallets.iter().map(|id| Some(id.0)).collect());
        let binds = vec![shards, ids, session_shards(), session_ids()];
        requests.push(Box::pin(load_into::<LockWallets, _>(connection, binds, wallets)));
    }
    requests.extend(load_rest(connection, needs, rest, false));
    // The first error is the cause, those after it only say that the transaction is over.
    for answer in in_order(requests).await {
        answer?;
    }
    Ok(found)
}

/// The requests for all but sessions and wallets, which are locked before.
pub(crate) fn load_rest<'a>(
    connection: &'a AsyncPgConnection,
    needs: &'a Needs,
    rest: &'a mut Rest,
    distributed: bool,
) -> Vec<Request<'a>> {
    let Rest { answers, games, jobs, queue } = rest;
    let mut requests: Vec<Request<'_>> = vec![];
    if !needs.jobs.is_empty() {
        let ids = Bind::Uuids(needs.jobs.iter().map(|id| Some(id.0)).collect());
        requests.push(Box::pin(load_into::<LockJobs, _>(connection, vec![ids], jobs)));
    }
    if needs.queue {
        requests.push(Box::pin(load_into::<CountWaiting, _>(connection, vec![], queue)));
    }
    if !needs.keys.is_empty() {
        let mut binds = FindAnswers::binds(needs);
        requests.push(if distributed {
            binds.push(FindAnswers::shards(needs));
            Box::pin(load_into::<OfShards<FindAnswers>, _>(connection, binds, answers))
        } else {
            Box::pin(load_into::<FindAnswers, _>(connection, binds, answers))
        });
    }
    if !needs.fingerprints.is_empty() {
        let fingerprints = Bind::Bytes(needs.fingerprints.iter().map(|digest| &digest.0[..]).collect());
        requests.push(Box::pin(load_into::<FindGames, _>(connection, vec![fingerprints], games)));
    }
    requests
}

async fn open(mut connection: &AsyncPgConnection) -> QueryResult<usize> {
    connection.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").await.map(|()| 0)
}

pub(crate) async fn load_into<S, R>(
    mut connection: &AsyncPgConnection,
    binds: Vec<Bind<'_>>,
    rows: &mut Vec<R>,
) -> QueryResult<usize>
where
    S: Sql,
    R: QueryableByName<Pg> + Send + 'static,
{
    *rows = Statement::<S>::new(binds).load(&mut connection).await?;
    Ok(rows.len())
}

/// The columns of a [`SessionRow`], the same wherever sessions are locked.
macro_rules! session_columns {
    () => {
        "session_id, game_id, player_profile, state, suspended_from, metrics, current_wallet_id, server_seed,
         client_seed, nonce, round, observation, last_seq, chain_head, idle_check_at, created_at, updated_at,
         reward, training, owner"
    };
}

/// The columns of a [`WalletRow`], the same wherever wallets are locked.
macro_rules! wallet_columns {
    () => {
        "wallet_id, balance, daily_limit, raised_limit, raised_from, cost_rate, time_zone, spend_day, spent,
         ledger_seq, created_at, updated_at, owner"
    };
}

pub(crate) use {session_columns, wallet_columns};

/// Locks sessions. The rows are sorted before they are locked.
struct LockSessions;

impl Sql for LockSessions {
    const TEXT: &'static str = concat!(
        "SELECT ",
        session_columns!(),
        "
        FROM sessions
        WHERE (shard, session_id) IN (SELECT * FROM unnest($1, $2))
        ORDER BY session_id
        FOR UPDATE"
    );
}

/// Locks wallets: those named, and the current ones of sessions that are locked already. A wallet's
/// shard is spelled out of its id.
struct LockWallets;

impl Sql for LockWallets {
    const TEXT: &'static str = concat!(
        "SELECT ",
        wallet_columns!(),
        "
        FROM wallets
        WHERE (shard, wallet_id) IN (
            SELECT * FROM unnest($1, $2)
            UNION
            SELECT ((get_byte(uuid_send(current_wallet_id), 6) & 15) * 256
                    + get_byte(uuid_send(current_wallet_id), 7))::smallint, current_wallet_id
            FROM sessions
            WHERE (shard, session_id) IN (SELECT * FROM unnest($3, $4)) AND current_wallet_id IS NOT NULL)
        ORDER BY wallet_id
        FOR UPDATE"
    );
}

/// Locks jobs.
struct LockJobs;

impl Sql for LockJobs {
    const TEXT: &'static str = "
        SELECT job_id, game_id, kind, request, state, progress, checkpoint, result, failure, lapses, lease_owner,
               lease_until, created_at, updated_at
        FROM jobs
        WHERE job_id = ANY($1)
        ORDER BY job_id
        FOR UPDATE";
}

/// Counts the jobs that wait. The first condition is that of the index.
struct CountWaiting;

impl Sql for CountWaiting {
    const TEXT: &'static str = "
        SELECT kind, count(*) AS waiting
        FROM jobs
        WHERE state IN ('queued', 'running') AND state = 'queued'
        GROUP BY kind";
}

/// Looks answered keys up.
struct FindAnswers;

impl FindAnswers {
    fn binds(needs: &Needs) -> Vec<Bind<'_>> {
        vec![Self::shards(needs), Bind::Texts(needs.keys.iter().map(|key| Some(key.key.as_str())).collect())]
    }

    fn shards(needs: &Needs) -> Bind<'_> {
        Bind::Shorts(needs.keys.iter().map(|key| key.shard.column()).collect())
    }
}

impl Sql for FindAnswers {
    const TEXT: &'static str = "
        SELECT key, shard, request, answer, created_at
        FROM idempotency_keys AS t
        WHERE (shard, key) IN (SELECT * FROM unnest($1, $2))";
}

/// Looks games up by their definitions.
struct FindGames;

impl Sql for FindGames {
    const TEXT: &'static str = "
        SELECT game_id, name, rng_signature, symbol_map, statistical_profile, fingerprint, created_at
        FROM games
        WHERE fingerprint = ANY($1)";
}
