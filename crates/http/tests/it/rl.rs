//! Spaces, exports, figures, and steps of many sessions.

use serde_json::{Value, json};

use crate::support::{Client, NOBODY, Request, fixture, text};

/// A session of the tiny game that has won, lost and cashed out, and one that is open still.
async fn recorded(client: &Client) -> (String, String, String) {
    let game = client.game().await;
    let wallet = client.wallet(json!({ "balance": "100" })).await;
    let (ended, open) = (client.session(&wallet).await, client.session(&wallet).await);
    for session in [&ended, &open] {
        for amount in ["1.00", "2.00"] {
            client.act(session, json!({ "type": "spin", "amount": amount })).await.expect(200);
        }
    }
    client.act(&ended, json!({ "type": "cash_out" })).await.expect(200);
    (game, ended, open)
}

async fn rows(client: &Client, parameters: &str) -> Vec<Value> {
    let reply = client.get(format!("/rl/export?{parameters}")).await;
    assert_eq!(reply.status, 200);
    String::from_utf8(reply.body).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[actix_web::test]
async fn spaces_say_what_floats_and_actions_are() {
    let client = fixture().await.client;
    let game = client.game().await;
    let spaces = client.get(format!("/rl/spaces?game_id={game}")).await.expect(200);
    assert_eq!(spaces["ladder"], json!(["0.0100", "0.0200", "0.0500", "0.1000", "0.2000", "0.5000", "1.0000"]));
    let (observations, actions) = (&spaces["observation_space"], &spaces["action_space"]);
    assert_eq!(observations["shape"][0].as_u64().unwrap() as usize, observations["entries"].as_array().unwrap().len());
    assert_eq!(actions["n"], 10);
    assert_eq!(actions["actions"][2], json!({ "index": 2, "name": "other", "body": null }));
    assert_eq!(actions["actions"][3]["body"], json!({ "type": "spin", "amount": "0.0100" }));
    let own = client.get(format!("/rl/spaces?game_id={game}&ladder=1,2.5")).await.expect(200);
    assert_eq!(own["ladder"], json!(["1.0000", "2.5000"]));
}

#[actix_web::test]
async fn spaces_of_nothing_are_refused() {
    let client = fixture().await.client;
    let game = client.game().await;
    client.get("/rl/spaces").await.problem(400, "invalid_query");
    client.get("/rl/spaces?game_id=x").await.problem(400, "invalid_query");
    client.get(format!("/rl/spaces?game_id={NOBODY}")).await.problem(404, "not_found");
    for ladder in ["", "x", "1,", "1e3", "-1"] {
        client.get(format!("/rl/spaces?game_id={game}&ladder={ladder}")).await.problem(400, "invalid_query");
    }
    for ladder in ["0.001", "2,1", "1,1", "0"] {
        let problem = client.get(format!("/rl/spaces?game_id={game}&ladder={ladder}")).await;
        assert_eq!(problem.problem(422, "invalid_request")["pointer"], "/ladder");
    }
}

#[actix_web::test]
async fn an_export_has_every_row_and_one_flag_an_episode() {
    let client = fixture().await.client;
    let (game, ended, open) = recorded(&client).await;
    let all = rows(&client, "").await;
    assert_eq!(all.len(), 5);
    for pair in all.windows(2).filter(|pair| pair[0]["session_id"] == pair[1]["session_id"]) {
        assert_eq!(pair[0]["next_state"], pair[1]["state"]);
        assert_eq!(pair[0]["next_observation"], pair[1]["observation"]);
        assert_eq!(pair[0]["done"], false);
    }
    let last = |session: &str| all.iter().rfind(|row| row["session_id"] == session).unwrap();
    assert_eq!((&last(&ended)["terminated"], &last(&ended)["truncated"]), (&json!(true), &json!(false)));
    assert_eq!((&last(&open)["terminated"], &last(&open)["truncated"]), (&json!(false), &json!(true)));
    let events = client.get(format!("/sessions/{ended}/events")).await.expect(200);
    let of_session = rows(&client, &format!("session_id={ended}")).await;
    for (row, event) in of_session.iter().zip(events["items"].as_array().unwrap()) {
        for (column, field) in [("id", "event_id"), ("seq", "seq"), ("action", "action"), ("reward", "reward")] {
            assert_eq!(row[column], event[field]);
        }
    }
    assert_eq!(rows(&client, &format!("game_id={game}")).await, all);
    let session = client.get(format!("/sessions/{open}")).await.expect(200);
    let mut seen = last(&open)["next_state"].clone();
    seen.as_object_mut().unwrap().remove("version");
    assert_eq!(session["observation"], seen);
}

#[actix_web::test]
async fn an_export_goes_on_after_any_row() {
    let client = fixture().await.client;
    recorded(&client).await;
    let all = rows(&client, "").await;
    for cut in 0..all.len() {
        let cursor = format!("{}:{}", all[cut]["session_id"].as_str().unwrap(), all[cut]["seq"]);
        assert_eq!(rows(&client, &format!("cursor={cursor}")).await, all[cut + 1..]);
    }
    let two = rows(&client, "limit=2").await;
    assert_eq!(two.len(), 2);
    assert_eq!(two[1]["truncated"], true, "the cut is told");
    assert_eq!(rows(&client, "limit=5").await, all);
    let now = "2026-01-01T12:00:00.001Z";
    assert_eq!(rows(&client, &format!("from=2026-01-01T12:00:00Z&to={now}")).await, all);
    assert!(rows(&client, &format!("from={now}")).await.is_empty());
    assert!(rows(&client, "to=2026-01-01T12:00:00Z").await.is_empty());
}

#[actix_web::test]
async fn every_format_is_there_also_for_nothing() {
    let client = fixture().await.client;
    for recorded_rows in [false, true] {
        if recorded_rows {
            recorded(&client).await;
        }
        for (format, media_type, start) in [
            ("ndjson", "application/x-ndjson", &b""[..]),
            ("arrow", "application/vnd.apache.arrow.stream", b"\xff\xff\xff\xff"),
            ("parquet", "application/vnd.apache.parquet", b"PAR1"),
            ("npz", "application/x-npz", b"PK\x03\x04"),
            ("minari", "application/x-tar", b"reelhouse/all-v0/data/"),
        ] {
            let named = client.get(format!("/rl/export?format={format}")).await;
            assert_eq!((named.status.as_u16(), named.header("content-type")), (200, media_type));
            assert!(named.body.starts_with(start), "{format}");
            let disposition = named.header("content-disposition");
            assert!(disposition.starts_with("attachment; filename=\"reelhouse-all."), "{disposition}");
            let accepted = client.send(Request::new("GET", "/rl/export").header("accept", media_type)).await;
            assert_eq!(accepted.body, named.body, "{format}");
        }
    }
}

#[actix_web::test]
async fn the_format_is_negotiated() {
    let client = fixture().await.client;
    let accept = async |accept: &str| client.send(Request::new("GET", "/rl/export").header("accept", accept)).await;
    for (asked, given) in [
        ("*/*", "application/x-ndjson"),
        ("text/html, application/x-tar;q=0.5, application/vnd.apache.parquet;q=0.8", "application/vnd.apache.parquet"),
        ("APPLICATION/X-TAR", "application/x-tar"),
    ] {
        assert_eq!(accept(asked).await.header("content-type"), given);
    }
    let problem = accept("text/html").await.problem(406, "not_acceptable");
    assert_eq!(problem["formats"], json!(["ndjson", "arrow", "parquet", "npz", "minari"]));
    accept("application/x-tar;q=0").await.problem(406, "not_acceptable");
    client.get("/rl/export?format=csv").await.problem(406, "not_acceptable");
    client.get("/rl/export?format=npz&keys=tianshou").await.header("content-type");
    client.get("/rl/export?format=npz&keys=keras").await.problem(400, "invalid_query");
    client.get("/rl/export?format=arrow&keys=d3rlpy").await.problem(400, "invalid_query");
}

#[actix_web::test]
async fn parameters_that_are_none_are_refused() {
    let client = fixture().await.client;
    let game = client.game().await;
    for path in ["/rl/export", "/rl/export/manifest", "/rl/metrics"] {
        for cursor in ["x", "", ":", &format!("{NOBODY}:"), &format!("{NOBODY}:-1"), &format!("{NOBODY}:1x"), NOBODY] {
            client.get(format!("{path}?cursor={cursor}")).await.problem(400, "invalid_cursor");
        }
        for bad in [
            "limit=0",
            "limit=9223372036854775808",
            "limit=x",
            "limit=-1",
            "from=today",
            "to=2026-13-01T00:00:00Z",
            "session_id=7",
            "offset=1",
        ] {
            client.get(format!("{path}?{bad}")).await.problem(400, "invalid_query");
        }
        client.get(format!("{path}?session_id={NOBODY}")).await.problem(404, "not_found");
        client.get(format!("{path}?game_id={NOBODY}")).await.problem(404, "not_found");
        client.get(format!("{path}?ladder=1")).await.problem(422, "invalid_request");
        client.get(format!("{path}?ladder=0.001&game_id={game}")).await.problem(422, "invalid_request");
    }
}

/// Nobody has played, so that no row tells of the game that was asked for.
#[actix_web::test]
async fn an_empty_export_knows_the_actions_of_its_game() {
    let client = fixture().await.client;
    let game = client.game().await;
    let session = client.session(&client.wallet(json!({ "balance": "1" })).await).await;
    for (filter, actions) in [
        (format!("game_id={game}"), 10),
        (format!("game_id={game}&ladder=1,2.5"), 5),
        (format!("session_id={session}"), 10),
    ] {
        let manifest = client.get(format!("/rl/export/manifest?{filter}")).await.expect(200);
        assert_eq!((&manifest["rows"], &manifest["games"][0]["rows"]), (&json!(0), &json!(0)), "{manifest}");
        assert_eq!(manifest["games"][0]["ladder"].as_array().unwrap().len(), actions - 3, "{manifest}");
        let minari = client.get(format!("/rl/export?format=minari&{filter}")).await.body;
        let space = format!(r#"\"n\":{actions},"#);
        assert!(String::from_utf8_lossy(&minari).contains(&space), "{filter}");
    }
    assert_eq!(client.get("/rl/export/manifest").await.expect(200)["games"], json!([]));
}

#[actix_web::test]
async fn a_manifest_names_the_origin() {
    let client = fixture().await.client;
    let (game, ..) = recorded(&client).await;
    let manifest = client.get("/rl/export/manifest").await.expect(200);
    assert_eq!((&manifest["rows"], &manifest["episodes"]), (&json!(5), &json!(2)));
    assert_eq!((&manifest["terminated"], &manifest["truncated"]), (&json!(1), &json!(1)));
    let fingerprint = client.get(format!("/games/{game}")).await.expect(200)["fingerprint"].clone();
    assert_eq!(manifest["games"][0]["fingerprint"], fingerprint);
    assert_eq!((&manifest["games"][0]["rows"], &manifest["encoder_version"]), (&json!(5), &json!(1)));
    assert_eq!(client.get("/rl/export/manifest").await.expect(200), manifest, "the same rows have the same hash");
    let cut = client.get("/rl/export/manifest?limit=3").await.expect(200);
    assert_ne!(cut["sha256"], manifest["sha256"]);
    let rest = client.get(format!("/rl/export/manifest?cursor={}", text(&cut, "next_cursor"))).await.expect(200);
    assert_eq!(rest["rows"], 2);
}

#[actix_web::test]
async fn figures_are_those_of_the_rows() {
    let client = fixture().await.client;
    let nothing = client.get("/rl/metrics").await.expect(200);
    assert_eq!((&nothing["steps"], &nothing["mean_reward"]), (&json!(0), &Value::Null));
    recorded(&client).await;
    let rewards: Vec<f64> = rows(&client, "").await.iter().map(|row| row["reward"].as_f64().unwrap()).collect();
    let count = rewards.len() as f64;
    let mean = rewards.iter().sum::<f64>() / count;
    let variance = rewards.iter().map(|reward| (reward - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let figures = client.get("/rl/metrics").await.expect(200);
    let near = |found: &Value, expected: f64| assert!((found.as_f64().unwrap() - expected).abs() < 1e-9, "{found}");
    near(&figures["mean_reward"], mean);
    near(&figures["reward_variance"], variance);
    near(&figures["episode_length"]["mean"], 2.5);
    near(&figures["reward"]["interval"][0], mean - 1.959_963_984_540_054 * (variance / count).sqrt());
    assert_eq!((&figures["terminated"], &figures["truncated"]), (&json!(1), &json!(1)));
}

#[actix_web::test]
async fn many_sessions_are_opened_and_stepped() {
    let client = fixture().await.client;
    let game = client.game().await;
    let body = json!({ "wallet": { "balance": "1.00" }, "reward": "net_per_stake", "seeds": [1, null, 1] });
    let opened = client.post(format!("/rl/reset?game_id={game}"), body).await.expect(200);
    let sessions: Vec<&str> = opened["session_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!((sessions.len(), opened["observations"][0].as_array().unwrap().len()), (3, 20));
    let training = client.get(format!("/sessions/{}", sessions[0])).await.expect(200);
    assert_eq!((&training["fairness"]["training"], &training["reward"]), (&json!(true), &json!("net_per_stake")));
    let fair = client.get(format!("/sessions/{}/fairness", sessions[1])).await.expect(200);
    assert_eq!(fair["training"], false);

    let steps = json!({ "steps": [
        { "session_id": sessions[0], "action": 9 },
        { "session_id": sessions[1], "action": { "type": "cash_out" } },
        { "session_id": sessions[2], "action": 2 },
        { "session_id": NOBODY, "action": 1 },
    ] });
    let request = || Request::post(format!("/rl/step?game_id={game}"), &steps).key("again");
    let first = client.send(request()).await.expect(200);
    assert_eq!(first["rewards"].as_array().unwrap().len(), 4);
    assert_eq!(first["terminated"], json!([false, true, false, false]));
    assert_eq!(first["seqs"], json!([1, 1, 0, 0]));
    assert_eq!((&first["errors"][0], &first["errors"][1]), (&Value::Null, &Value::Null));
    assert_eq!(first["errors"][2]["code"], "invalid_request");
    assert_eq!(first["errors"][3]["code"], "not_found");
    assert_eq!(first["action_masks"][1], json!(vec![false; 10]), "nothing is left to do");
    assert_eq!(client.send(request()).await.expect(200), first, "a replay gives the first answers");
    let events = client.get(format!("/sessions/{}/events", sessions[0])).await.expect(200);
    assert_eq!(events["items"].as_array().unwrap().len(), 1);
    assert_eq!(events["items"][0]["reward"], first["rewards"][0]);
}

#[actix_web::test]
async fn the_binary_form_says_the_same() {
    let client = fixture().await.client;
    let game = client.game().await;
    let body = json!({ "wallet": { "balance": "1.00" }, "seeds": [7, 7] });
    let opened = client.post(format!("/rl/reset?game_id={game}"), body).await.expect(200);
    let ids: Vec<uuid::Uuid> =
        opened["session_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().parse().unwrap()).collect();
    let mut bytes = vec![];
    for (id, index) in ids.iter().zip([3_i32, -1]) {
        bytes.extend(id.as_bytes());
        bytes.extend(index.to_le_bytes());
    }
    let uri = format!("/rl/step?game_id={game}");
    let media_type = "application/vnd.reelhouse.steps";
    let send = async |bytes: Vec<u8>| {
        client.send(Request::new("POST", uri.clone()).header("content-type", media_type).raw(bytes)).await
    };
    let reply = send(bytes.clone()).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, media_type));
    let words: Vec<u32> = reply.body[..16].as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
    assert_eq!(words, [1, 2, 20, 10]);
    let rewards: Vec<f64> =
        reply.body[16..32].as_chunks::<8>().0.iter().map(|word| f64::from_le_bytes(*word)).collect();
    let event = client.get(format!("/sessions/{}/events", ids[0])).await.expect(200);
    assert_eq!(json!(rewards[0]), event["items"][0]["reward"]);
    let flags = 16 + 2 * (8 + 8 + 20 * 4);
    let errors = flags + 2 * (1 + 1 + 10 + 1);
    assert_eq!(reply.body[errors - 2..errors], [0, 1]);
    let problems: Value = serde_json::from_slice(&reply.body[errors..]).unwrap();
    assert_eq!((&problems[0], &problems[1]["code"]), (&Value::Null, &json!("invalid_request")));
    for bad in [vec![], bytes[..39].to_vec(), vec![0; 20 * 4097]] {
        send(bad).await.problem(422, "invalid_request");
    }
    bytes.copy_within(0..16, 20);
    send(bytes).await.problem(422, "invalid_request");
}

#[actix_web::test]
async fn steps_and_resets_that_are_none_are_refused() {
    let client = fixture().await.client;
    let game = client.game().await;
    client.post("/rl/step", json!({ "steps": [] })).await.problem(400, "invalid_query");
    client.post("/rl/reset", json!({})).await.problem(400, "invalid_query");
    let uri = format!("/rl/step?game_id={game}");
    for bad in [
        json!({}),
        json!({ "steps": 1 }),
        json!({ "steps": [] }),
        json!({ "steps": [1] }),
        json!({ "steps": [{}] }),
        json!({ "steps": [{ "session_id": NOBODY }] }),
        json!({ "steps": [{ "session_id": NOBODY, "action": -1 }] }),
        json!({ "steps": [{ "session_id": NOBODY, "action": 1.5 }] }),
        json!({ "steps": [{ "session_id": NOBODY, "action": "spin" }] }),
        json!({ "steps": [{ "session_id": NOBODY, "action": { "type": "expire" } }] }),
        json!({ "steps": [{ "session_id": NOBODY, "action": 1, "more": 1 }] }),
        json!({ "steps": [{ "session_id": NOBODY, "action": 1 }, { "session_id": NOBODY, "action": 1 }] }),
    ] {
        client.post(uri.clone(), bad).await.problem(422, "invalid_request");
    }
    let uri = format!("/rl/reset?game_id={game}");
    let wallet = json!({ "balance": "1" });
    for bad in [
        json!({ "seeds": [1] }),
        json!({ "wallet": wallet, "seeds": [] }),
        json!({ "wallet": wallet, "seeds": [-1] }),
        json!({ "wallet": wallet, "seeds": [1.5] }),
        json!({ "wallet": wallet, "seeds": ["1"] }),
        json!({ "wallet": wallet, "seeds": [9_007_199_254_740_992_u64] }),
        json!({ "wallet": wallet, "seeds": [1], "reward": "fame" }),
        json!({ "wallet": wallet, "seeds": [1], "count": 2 }),
    ] {
        client.post(uri.clone(), bad).await.problem(422, "invalid_request");
    }
    client.post(uri, json!({ "wallet": { "balance": 1 }, "seeds": [1] })).await.problem(422, "invalid_amount");
    client
        .post(format!("/rl/reset?game_id={NOBODY}"), json!({ "wallet": wallet, "seeds": [1] }))
        .await
        .problem(404, "not_found");
}
