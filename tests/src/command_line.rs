//! The binary's other commands: migrate, seed, and what it refuses to start with.

use tokio::process::Command;

use crate::support::{Server, Store, binary, execute};

pub(crate) async fn run(store: &Store, arguments: &[&str]) -> (bool, String) {
    run_with(store, arguments, &[]).await
}

/// Runs with more in its environment.
pub(crate) async fn run_with(store: &Store, arguments: &[&str], environment: &[(&str, &str)]) -> (bool, String) {
    let output = Command::new(binary())
        .args(arguments)
        .env("DATABASE_URL", store.url())
        .envs(environment.iter().copied())
        .env("REELHOUSE_SIGNING_KEY", store.signing_key())
        .env_remove("REELHOUSE_LISTEN")
        .output()
        .await
        .unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

async fn migrates(store: &Store) {
    let status = run(store, &["migrate", "status"]).await;
    assert!(status.0 && status.1.contains("pending"), "{status:?}");
    let up = run(store, &["migrate", "up"]).await;
    assert!(up.0 && up.1.contains("applied"), "{up:?}");
    let seeded = run(store, &["seed"]).await;
    assert!(seeded.0 && seeded.1.contains("added") && seeded.1.contains("wallet"), "{seeded:?}");
    let again = run(store, &["seed"]).await;
    assert_eq!(again.1.replace("was there", "added"), seeded.1, "seeding again changes nothing");
    let down = run(store, &["migrate", "down"]).await;
    assert!(down.0 && down.1.contains("took back"), "{down:?}");
    let up = run(store, &["migrate", "up"]).await;
    assert!(up.0 && up.1.contains("applied"), "{up:?}");
    let status = run(store, &["migrate", "status"]).await;
    assert!(status.0 && !status.1.contains("pending"), "{status:?}");
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again_on_sqlite() {
    migrates(&Store::sqlite()).await;
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again_on_postgres() {
    migrates(&*Store::postgres().await).await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let store = Store::postgres().await;
    assert!(run(&store, &["migrate", "up"]).await.0);
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')";
    execute(&store.url(), newer).await;
    let refused = run(&store, &["serve", "--listen", "127.0.0.1:0"]).await;
    assert!(!refused.0 && refused.1.contains("29991231000000"), "{refused:?}");
}

#[tokio::test]
async fn what_cannot_be_started_says_why() {
    let store = Store::sqlite();
    let open = run(&store, &["--listen", "0.0.0.0:0"]).await;
    assert!(!open.0 && open.1.contains("reelhouse key create --role admin"), "{open:?}");
    let first = run(&store, &["key", "create", "--role", "play", "--name", "x"]).await;
    assert!(!first.0 && first.1.contains("the first key must be an admin's"), "{first:?}");
    let role = run(&store, &["key", "create", "--role", "root", "--name", "x"]).await;
    assert!(!role.0 && role.1.contains("read, play, admin"), "{role:?}");
    let nowhere = run(&store, &["--listen", "home"]).await;
    assert!(!nowhere.0 && nowhere.1.contains("--listen"), "{nowhere:?}");
    let unknown = run(&store, &["--database-url", "mysql://x/y"]).await;
    assert!(!unknown.0 && unknown.1.contains("postgres://"), "{unknown:?}");
    let secret = run(&store, &["--database-url", "postgres://me:hunter2@127.0.0.1:1/x"]).await;
    assert!(!secret.0 && !secret.1.contains("hunter2"), "{secret:?}");
}

#[tokio::test]
async fn a_term_signal_stops_the_server_in_good_order() {
    let mut server = Server::start(Store::sqlite()).await;
    let pid = server.child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    let status = tokio::time::timeout(std::time::Duration::from_secs(20), server.child.wait()).await;
    assert!(status.expect("the server did not stop in time").unwrap().success());
}
