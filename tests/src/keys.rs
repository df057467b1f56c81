//! Keys from the command line to the door: made, asked for by every server of a store, revoked everywhere.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;

use crate::command_line::run;
use crate::support::{Server, Store};

/// How long a revocation may take to be seen here: it takes a second, on a machine that may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

async fn get(server: &Server, path: &str, token: &str) -> StatusCode {
    // A server that listens everywhere listens here too.
    let url = server.url.replace("0.0.0.0", "127.0.0.1");
    let request = server.client().client.get(format!("{url}{path}"));
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    request.send().await.unwrap().status()
}

/// Makes a key, and gives its token and its id.
async fn make(store: &Store, role: &str) -> (String, String) {
    let made = run(store, &["key", "create", "--role", role, "--name", "test", "--expires", "2099-01-01"]).await;
    assert!(made.0 && made.1.contains("good until 2099-01-01"), "{made:?}");
    let token = made.1.split_whitespace().find(|word| word.starts_with("reel_")).unwrap().to_owned();
    let list = run(store, &["key", "list"]).await.1;
    assert!(!list.contains(&token), "a token is shown once");
    let line = list.lines().rfind(|line| line.contains(role)).unwrap();
    (token, line.split(' ').next().unwrap().to_owned())
}

async fn scenario(store: Arc<Store>) {
    let open = Server::start(Arc::clone(&store)).await;
    assert!(open.greeting.iter().any(|line| line.contains("without a key")), "{:?}", open.greeting);
    assert_eq!(get(&open, "/games", "").await, 200);

    let (admin, admin_id) = make(&store, "admin").await;
    let closed = Server::start_at("0.0.0.0:0", Arc::clone(&store), &[]).await;
    assert!(closed.greeting.iter().any(|line| line.contains("whoever has a key")), "{:?}", closed.greeting);
    let begun = Instant::now();
    while get(&open, "/games", "").await != 401 {
        assert!(begun.elapsed() < PATIENCE, "the first key does not close a server that runs");
    }
    for server in [&open, &closed] {
        assert_eq!(get(server, "/games", "").await, 401);
        assert_eq!(get(server, "/games", &admin).await, 200);
        assert_eq!(get(server, "/healthz", "").await, 200);
    }

    let (play, play_id) = make(&store, "play").await;
    let url = closed.url.replace("0.0.0.0", "127.0.0.1");
    let post = closed.client().client.post(format!("{url}/wallets")).bearer_auth(&play);
    let wallet: serde_json::Value = post.json(&json!({ "balance": "0" })).send().await.unwrap().json().await.unwrap();
    assert_eq!(wallet["owner"], play_id);
    let path = format!("/wallets/{}", wallet["wallet_id"].as_str().unwrap());
    for server in [&open, &closed] {
        assert_eq!(get(server, &path, &play).await, 200, "owned alike by every server of the store");
    }

    for (id, token) in [(&play_id, &play), (&admin_id, &admin)] {
        let revoked = run(&store, &["key", "revoke", id]).await;
        assert!(revoked.0 && revoked.1.contains("revoked"), "{revoked:?}");
        let begun = Instant::now();
        for server in [&open, &closed] {
            while get(server, "/games", token).await != 401 {
                assert!(begun.elapsed() < PATIENCE, "a revoked key is good still");
            }
        }
    }
    let none = run(&store, &["--listen", "0.0.0.0:0"]).await;
    assert!(!none.0 && none.1.contains("no admin key"), "{none:?}");
    let nobody = run(&store, &["key", "revoke", "01976e3c-9f00-7abc-8000-000000000000"]).await;
    assert!(!nobody.0 && nobody.1.contains("key list"), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_made_asked_for_and_revoked_on_sqlite() {
    scenario(Store::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_made_asked_for_and_revoked_on_postgres() {
    scenario(Store::postgres().await).await;
}
