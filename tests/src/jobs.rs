//! Background jobs of two servers on one PostgreSQL: each is done once, and what a killed server leaves is taken over.

use std::sync::Arc;
use std::time::Duration;

use reelhouse_contract::work::save;
use reelhouse_domain::game::{Definition, Game, readiness};
use reelhouse_domain::id::mint;
use reelhouse_domain::job::{Job, JobRequest};
use reelhouse_domain::ports::Changes;
use reelhouse_domain::{GameId, JobId, Shard, Timestamp};
use reelhouse_postgres::{PostgresOptions, PostgresStore};
use serde_json::json;

use crate::support::{Api, Server, Store, execute};

/// Long beside the lease of a job and the work on it; only a job that nobody does takes longer.
const PATIENCE: Duration = Duration::from_secs(240);

/// Notes every claim of a job with the name that the claiming server's connections have.
const NOTE_CLAIMS: &str = "
    CREATE TABLE claims (
        number bigint GENERATED ALWAYS AS IDENTITY,
        job_id uuid NOT NULL,
        server text NOT NULL
    );
    CREATE FUNCTION note_claim() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO claims (job_id, server) VALUES (NEW.job_id, current_setting('application_name'));
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER claims_are_noted AFTER UPDATE ON jobs FOR EACH ROW
        WHEN (NEW.lease_owner IS NOT NULL AND NEW.lease_owner IS DISTINCT FROM OLD.lease_owner)
        EXECUTE FUNCTION note_claim();";

/// A server over the store whose connections have this name.
async fn server(store: &Arc<Store>, name: &str) -> Server {
    let url = store.url().replace("application_name=reelhouse-tests", &format!("application_name={name}"));
    assert!(url.contains(name), "{url}");
    Server::start_with(Arc::clone(store), &[("DATABASE_URL", &url), ("REELHOUSE_JOB_THREADS", "1")]).await
}

/// The claims so far: the game whose profile is to be computed, and the server.
async fn claims(store: &Store) -> Vec<(String, String)> {
    let (client, connection) = tokio_postgres::connect(&store.url(), tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let sql = "SELECT game_id::text, server FROM claims JOIN jobs USING (job_id) ORDER BY number";
    let rows = client.query(sql, &[]).await.unwrap();
    drop(client);
    drop(driver.await);
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// A game of cascades with so many stops on each of three reels, whose profile is still to come, and the job for it.
///
/// A posted game of that size has its profile at once: those that take long take too long for a test.
fn pending(stops: usize, pay: u32) -> (Game, Job) {
    let strip = |reel: usize| (0..stops).map(|at| ["a", "b", "c"][(at * (reel + 2) + at / 7) % 3]).collect::<Vec<_>>();
    let strips: Vec<Vec<&str>> = (0..3).map(strip).collect();
    let rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": {"base": {"strips": strips}}});
    let symbols = ["a", "b", "c"].map(|name| json!({"name": name, "role": "regular"}));
    let map = json!({
        "version": 1, "grid": {"reels": 3, "rows": 2},
        "symbols": symbols,
        "evaluation": {"type": "lines", "lines": [[1, 1, 1], [2, 2, 2]]},
        "pays": {"a": {"3": pay}, "b": {"3": 2}}, "cascades": {"multipliers": [1, 2], "most": 3},
    });
    let definition = Definition::parse(&rng, &map).unwrap();
    let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let id = || mint(now, Shard::default(), rand::random());
    let game = Game {
        game_id: GameId(id()),
        name: format!("Falls {pay}"),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: readiness::pending_profile("the test says so"),
        fingerprint: definition.fingerprint(),
        created_at: now,
    };
    let job = Job::queue(JobId(id()), game.game_id, JobRequest::Profile { declared: None }, now);
    (game, job)
}

/// Stores pending games with their jobs; the servers find them where they look for jobs that others have queued.
async fn queue(store: &Store, pending: Vec<(Game, Job)>) -> Vec<String> {
    let ids = pending.iter().map(|(game, _)| game.game_id.0.to_string()).collect();
    let (games, jobs_created) = pending.into_iter().unzip();
    let written = PostgresStore::connect(&store.url(), PostgresOptions::default()).await.unwrap();
    save(&written, &Changes { games, jobs_created, ..Changes::default() }).await;
    ids
}

/// Waits until the game has its profile.
async fn is_ready(api: &Api, game: &str) {
    let ready = async {
        while api.get(&format!("/games/{game}")).await.ok()["statistical_profile"]["method"] != "exact" {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ready).await.unwrap_or_else(|_| panic!("nobody profiles {game}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_do_each_profile_once() {
    let store = Store::postgres().await;
    let (first, second) = (server(&store, "first").await, server(&store, "second").await);
    execute(&store.url(), NOTE_CLAIMS).await;
    let mut games = queue(&store, (1..=8).map(|pay| pending(24, pay)).collect()).await;
    for (at, game) in games.iter().enumerate() {
        is_ready(&[&first, &second][at % 2].client(), game).await;
    }
    let claims = claims(&store).await;
    let mut claimed: Vec<&String> = claims.iter().map(|(game, _)| game).collect();
    claimed.sort_unstable();
    games.sort_unstable();
    assert_eq!(claimed, games.iter().collect::<Vec<_>>(), "{claims:?}");
    for name in ["first", "second"] {
        assert!(claims.iter().any(|(_, server)| server == name), "{name} did nothing: {claims:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_of_a_killed_server_is_taken_over() {
    let store = Store::postgres().await;
    let mut servers = vec![server(&store, "first").await, server(&store, "second").await];
    execute(&store.url(), NOTE_CLAIMS).await;
    let game = queue(&store, vec![pending(40, 1)]).await.remove(0);
    let begun = async {
        loop {
            if let Some((_, server)) = claims(&store).await.pop() {
                break server;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let claimant = tokio::time::timeout(PATIENCE, begun).await.expect("nobody begins the job");
    let mut killed = servers.remove(usize::from(claimant == "second"));
    killed.child.kill().await.unwrap();
    let api = servers[0].client();
    is_ready(&api, &game).await;
    let survivor = if claimant == "second" { "first" } else { "second" };
    assert_eq!(claims(&store).await, [(game.clone(), claimant), (game.clone(), survivor.to_owned())]);
    // The game is whole: it can be played.
    let wallet = api.wallet(&json!({"balance": "1"})).await;
    let session = api.session(&game, &wallet).await;
    api.act(&session, &json!({"type": "spin", "amount": "0.02"})).await.ok();
}
