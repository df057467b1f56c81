//! Hostile input: whatever is sent, the answer is a 4xx that says why, and strings stay verbatim.

use serde_json::{Value, json};

use crate::on_both_stores;
use crate::support::{Api, Server};

/// Strings that break what glues SQL, JSON or HTML together.
const STRINGS: [&str; 8] = [
    "Robert'); DROP TABLE wallets;--",
    "' OR '1'='1",
    "\"; SELECT pg_sleep(10); --",
    "\\'\\\\ %s %n ${jndi:x} {{7*7}}",
    "<script>alert(1)</script>",
    "\u{202e}rtl \u{1F3B0} é ﷽ \u{FEFF}",
    "line\nbreak\ttab\r\n",
    "$$ $1 :name ?1 /* */ -- #",
];

async fn raw(api: &Api, path: &str, content_type: &str, body: Vec<u8>) -> (u16, Value) {
    let request = api.client.post(format!("{}{path}", api.url)).header("content-type", content_type).body(body);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null))
}

on_both_stores! {
    async fn nothing_a_client_sends_is_a_server_error(server: Server) {
        let api = server.client();
        let game = api.game("fruit").await;
        let wallet = api.wallet(&json!({"balance": "100"})).await;
        let session = api.session(&game, &wallet).await;
        let action = format!("/sessions/{session}/action");
        let operations = format!("/wallets/{wallet}/operations");
        let paths = ["/games", "/wallets", "/sessions", action.as_str(), operations.as_str()];

        for path in paths {
            for (body, expected) in [
                (b"{".to_vec(), 400),
                (b"".to_vec(), 400),
                (b"\xff\xfe{}".to_vec(), 400),
                (b"{\"a\":1e999}".to_vec(), 400),
                ([b"[".repeat(5000), b"]".repeat(5000)].concat(), 400),
                (b"\"\\ud800\"".to_vec(), 400),
                (b"null".to_vec(), 422),
                (b"[]".to_vec(), 422),
                (b"\"text\"".to_vec(), 422),
                (b"{}".to_vec(), 422),
                (b"{\"surprise\":1}".to_vec(), 422),
                (format!("{{\"name\":\"{}\"}}", "x".repeat(2_000_000)).into_bytes(), if path == "/games" { 422 } else { 413 }),
            ] {
                let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
                let (status, problem) = raw(&api, path, "application/json", body).await;
                assert_eq!(status, expected, "{path} {shown}: {problem}");
                assert!(problem["code"].is_string() && problem["detail"].is_string(), "{path} {shown}: {problem}");
            }
            let (status, problem) = raw(&api, path, "text/plain", b"{}".to_vec()).await;
            assert_eq!((status, problem["code"].as_str()), (415, Some("unsupported_media_type")), "{path}");
        }

        for amount in [
            json!(1), json!(1.5), json!(-1), json!("-1"), json!("+1"), json!("1.00001"), json!("1e3"), json!("1,000"),
            json!(""), json!(" 1"), json!("NaN"), json!("٣"), json!(null), json!([]), json!({}), json!("0x10"),
            json!("99999999999999999999999999"), json!("1\u{0}"), json!(true),
        ] {
            for (path, body) in [
                (operations.as_str(), json!({"type": "deposit", "amount": amount})),
                (action.as_str(), json!({"type": "bet", "amount": amount})),
                ("/wallets", json!({"balance": amount})),
                ("/wallets", json!({"balance": "1", "cost_rate": {"per_spin": amount}})),
            ] {
                if amount.is_null() && path == "/wallets" && body["balance"] == "1" {
                    continue; // An absent fee rate may be written as null.
                }
                let answer = api.post(path, &body).await;
                assert_eq!((answer.status.as_u16(), answer.code()), (422, "invalid_amount"), "{path} {body}: {answer:?}");
            }
        }

        for nul in [
            ("/games", json!({"name": "a\u{0}b", "rng_signature": {}, "symbol_map": {}})),
            ("/sessions", json!({"game_id": game, "client_seed": "a\u{0}b"})),
            ("/sessions", json!({"game_id": game, "player_profile": {"behavior": "a\u{0}b"}})),
            ("/sessions", json!({"game_id": game, "player_profile": {"x": {"y": ["a\u{0}b"]}}})),
            ("/sessions", json!({"game_id": game, "player_profile": {"a\u{0}b": 1}})),
            ("/wallets", json!({"balance": "1", "time_zone": "UTC\u{0}"})),
        ] {
            let answer = api.post(nul.0, &nul.1).await;
            assert_eq!(answer.status, 422, "{nul:?}: {answer:?}");
        }

        let unknown = "01976e3c-9f00-7abc-8000-000000000000";
        for (path, status) in [
            (format!("/wallets/{unknown}"), 404), (format!("/sessions/{unknown}/events"), 404),
            (format!("/games/{unknown}"), 404), (format!("/wallets/{unknown}/ledger"), 404),
            ("/wallets/1".to_owned(), 400), ("/sessions/'%20OR%201=1/events".to_owned(), 400),
            ("/sessions/%00".to_owned(), 400), ("/sessions/%ff".to_owned(), 400), ("/nowhere".to_owned(), 404),
            ("/wallets?limit=0".to_owned(), 400), ("/wallets?limit=1001".to_owned(), 400),
            ("/wallets?limit=x".to_owned(), 400), ("/wallets?cursor=zzz".to_owned(), 400),
            ("/sessions?state=winning".to_owned(), 400), (format!("/sessions/{session}/events?cursor=%00"), 400),
        ] {
            let answer = api.get(&path).await;
            assert_eq!(answer.status.as_u16(), status, "{path}: {answer:?}");
        }
        for body in [json!({"type": "fly"}), json!({"type": "expire"}), json!({"type": 1}), json!({"type": "probe", "spins": -1}),
            json!({"type": "probe", "spins": 1e18}), json!({"type": "attach_wallet", "wallet_id": "x"}),
            json!({"type": "void", "amount": "1"}), json!([{"type": "fly"}])] {
            let answer = api.act(&session, &body).await;
            assert_eq!(answer.status, 422, "{body}: {answer:?}");
        }
        assert_eq!(api.get("/healthz").await.status, 200);
        assert_eq!(api.get(&format!("/sessions/{session}")).await.ok()["last_seq"], 0);
    }

    async fn strings_are_stored_verbatim(server: Server) {
        let api = server.client();
        let game = api.get("/games?limit=1").await.ok()["items"][0].clone();
        let game_id = game["game_id"].as_str().unwrap();
        let wallet = api.wallet(&json!({"balance": "100"})).await;
        for (index, text) in STRINGS.iter().enumerate() {
            let profile = json!({"behavior": text, "note": {*text: [text]}});
            let body = json!({"game_id": game_id, "wallet_id": wallet, "client_seed": text, "player_profile": profile});
            let opened = api.post_keyed("/sessions", &format!("key {index}"), &body).await.ok();
            let read = api.get(&format!("/sessions/{}", opened["session_id"].as_str().unwrap())).await.ok();
            assert_eq!((&read["player_profile"], &read["fairness"]["client_seed"]), (&profile, &json!(text)));
            assert_eq!(read, opened);
        }
        // A game of its own for each name: the definition is told apart by its credit.
        for (text, credit) in STRINGS.iter().zip(2..) {
            let mut symbol_map = game["symbol_map"].clone();
            symbol_map["credit"] = json!(format!("0.{credit:02}00"));
            let body = json!({"name": text, "rng_signature": game["rng_signature"], "symbol_map": symbol_map});
            let posted = api.post("/games", &body).await;
            assert_eq!(posted.status, 201, "{posted:?}");
            let read = api.get(&format!("/games/{}", posted.body["game_id"].as_str().unwrap())).await.ok();
            assert_eq!(read["name"], *text);
        }
        assert_eq!(api.all("/wallets").await.len(), 1);
    }
}
