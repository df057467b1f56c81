//! Lists: pages that neither skip nor repeat, cursors that go with their list, parameters that are known.

use serde_json::{Value, json};

use crate::support::{Client, NOBODY, fixture, text};

/// Reads a whole list in pages of `limit`.
async fn walk(client: &Client, path: &str, limit: usize) -> Vec<Value> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let mut uri = format!("{path}{separator}limit={limit}");
    let mut found = Vec::new();
    loop {
        let page = client.get(uri).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        found.extend(items.iter().cloned());
        match page["next_cursor"].as_str() {
            Some(cursor) => {
                assert_eq!(items.len(), limit);
                uri = format!("{path}{separator}limit={limit}&cursor={cursor}");
            }
            None => return found,
        }
    }
}

#[actix_web::test]
async fn pages_hold_everything_once() {
    let client = fixture().await.client;
    let game = client.game().await;
    let mut wallets = Vec::new();
    for _ in 0..7 {
        let wallet = client.wallet(json!({ "balance": "10" })).await;
        client.post("/sessions", json!({ "game_id": game, "wallet_id": wallet })).await.expect(201);
        wallets.push(wallet);
    }
    let session = client.session(&wallets[0]).await;
    for _ in 0..6 {
        client.act(&session, json!({ "type": "spin", "amount": "0.1" })).await.expect(200);
    }
    for path in [
        "/games".to_owned(),
        "/wallets".to_owned(),
        "/sessions".to_owned(),
        format!("/sessions?game_id={game}&state=initialized"),
        format!("/sessions/{session}/events"),
        format!("/wallets/{}/ledger", wallets[0]),
        "/wallets?order=newest".to_owned(),
        "/sessions?order=newest".to_owned(),
        format!("/sessions?game_id={game}&state=initialized&order=newest"),
        format!("/wallets/{}/ledger?order=newest", wallets[0]),
    ] {
        let whole = client.get(path.clone()).await.expect(200);
        assert_eq!(whole["next_cursor"], Value::Null);
        assert!(!whole["items"].as_array().unwrap().is_empty());
        for limit in [1, 2, 3, 7, 1000] {
            assert_eq!(json!(walk(&client, &path, limit).await), whole["items"], "{path} by {limit}");
        }
    }
}

#[actix_web::test]
async fn the_newest_first_is_the_other_way_round() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "10" })).await;
    for _ in 0..4 {
        let session = client.session(&wallet).await;
        client.act(&session, json!({ "type": "spin", "amount": "0.1" })).await.expect(200);
    }
    let empty = client.wallet(json!({ "balance": "0" })).await;
    for (path, count) in [
        ("/wallets".to_owned(), 2),
        ("/sessions".to_owned(), 4),
        (format!("/wallets/{wallet}/ledger"), 9),
        (format!("/wallets/{empty}/ledger"), 0),
    ] {
        let mut oldest = client.get(format!("{path}?order=oldest")).await.expect(200)["items"].clone();
        assert_eq!(oldest, client.get(path.clone()).await.expect(200)["items"], "{path}");
        oldest.as_array_mut().unwrap().reverse();
        assert_eq!(oldest.as_array().unwrap().len(), count, "{path}");
        assert_eq!(client.get(format!("{path}?order=newest")).await.expect(200)["items"], oldest, "{path}");
        client.get(format!("{path}?order=best")).await.problem(400, "invalid_query");
        let page = client.get(format!("{path}?limit=2")).await.expect(200);
        if let Some(cursor) = page["next_cursor"].as_str() {
            client.get(format!("{path}?cursor={cursor}&order=newest")).await.problem(400, "invalid_cursor");
        }
    }
    client.get(format!("/wallets/{NOBODY}/ledger?order=newest")).await.problem(404, "not_found");
}

#[actix_web::test]
async fn sessions_are_found_by_game_wallet_and_state() {
    let client = fixture().await.client;
    let (mine, other) =
        (client.wallet(json!({ "balance": "1" })).await, client.wallet(json!({ "balance": "1" })).await);
    let (first, second) = (client.session(&mine).await, client.session(&other).await);
    client.act(&first, json!({ "type": "cash_out" })).await.expect(200);
    let game = client.game().await;
    let ids = async |query: String| -> Vec<String> {
        let page = client.get(format!("/sessions?{query}")).await.expect(200);
        page["items"].as_array().unwrap().iter().map(|session| text(session, "session_id")).collect()
    };
    assert_eq!(ids(format!("game_id={game}")).await.len(), 2);
    assert_eq!(ids(format!("game_id={NOBODY}")).await.len(), 0);
    assert_eq!(ids(format!("wallet_id={mine}")).await, [first.as_str()]);
    assert_eq!(ids("state=completed".to_owned()).await, [first]);
    assert_eq!(ids(format!("state=initialized&wallet_id={other}&game_id={game}")).await, [second]);
    assert_eq!(ids(format!("state=expired&wallet_id={other}")).await.len(), 0);
}

#[actix_web::test]
async fn a_cursor_goes_with_its_list() {
    let client = fixture().await.client;
    let (one, two) = (client.wallet(json!({ "balance": "1" })).await, client.wallet(json!({ "balance": "1" })).await);
    let session = client.session(&one).await;
    client.session(&one).await;
    for _ in 0..2 {
        client.act(&session, json!({ "type": "spin", "amount": "0.1" })).await.expect(200);
    }
    let cursor = async |path: &str| text(&client.get(format!("{path}limit=1")).await.expect(200), "next_cursor");
    let wallets = cursor("/wallets?").await;
    let sessions = cursor("/sessions?").await;
    let filtered = cursor(&format!("/sessions?wallet_id={one}&")).await;
    let ledger = cursor(&format!("/wallets/{one}/ledger?")).await;
    let events = cursor(&format!("/sessions/{session}/events?")).await;
    for (path, cursor) in [
        ("/wallets?".to_owned(), &sessions),
        ("/games?".to_owned(), &wallets),
        ("/sessions?".to_owned(), &filtered),
        (format!("/sessions?wallet_id={two}&"), &filtered),
        (format!("/wallets/{two}/ledger?"), &ledger),
        (format!("/wallets/{one}/ledger?"), &events),
        ("/wallets?".to_owned(), &"zzzz".to_owned()),
        ("/wallets?".to_owned(), &String::new()),
        ("/wallets?".to_owned(), &NOBODY.to_owned()),
        ("/wallets?".to_owned(), &wallets[..wallets.len() - 2].to_owned()),
        ("/wallets?".to_owned(), &"%00%ff".to_owned()),
    ] {
        client.get(format!("{path}cursor={cursor}")).await.problem(400, "invalid_cursor");
    }
}

#[actix_web::test]
async fn parameters_are_known_and_bounded() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "1" })).await;
    let session = client.session(&wallet).await;
    let lists = [
        "/games".to_owned(),
        "/wallets".to_owned(),
        "/sessions".to_owned(),
        format!("/wallets/{wallet}/ledger"),
        format!("/sessions/{session}/events"),
    ];
    for list in lists {
        for limit in ["0", "1001", "-1", "1.5", "ten", "", "99999999999999999999", "%2B1", "1%00"] {
            let problem = client.get(format!("{list}?limit={limit}")).await.problem(400, "invalid_query");
            assert_eq!(problem["parameter"], "limit");
        }
        for (query, parameter) in [("offset=1", "offset"), ("limit=1&limit=2", "limit"), ("%27--=1", "'--")] {
            let problem = client.get(format!("{list}?{query}")).await.problem(400, "invalid_query");
            assert_eq!(problem["parameter"], parameter, "{list}");
        }
    }
    for (query, parameter) in
        [("state=Idle", "state"), ("state=", "state"), ("game_id=1", "game_id"), ("wallet_id=", "wallet_id")]
    {
        let problem = client.get(format!("/sessions?{query}")).await.problem(400, "invalid_query");
        assert_eq!(problem["parameter"], parameter);
    }
    client.get("/wallets?state=idle").await.problem(400, "invalid_query");
}
