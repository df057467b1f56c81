//! Observed fingerprints: from probes and play, counted once.

use serde_json::{Value, json};

use crate::support::{Client, Fixture, NOBODY, fixture};

async fn observed(client: &Client, game: &str) -> Value {
    client.get(format!("/games/{game}/fingerprint")).await.expect(200)
}

#[actix_web::test]
async fn nothing_is_known_of_a_game_that_nobody_played() {
    let Fixture { client, .. } = fixture().await;
    let game = client.game().await;
    let body = observed(&client, &game).await;
    assert_eq!(body["covers"], json!({ "events": 0, "spins": 0, "free_games": 0, "probe_spins": 0, "rounds": 0 }));
    assert_eq!(
        (&body["rtp"]["observed"], &body["rtp"]["z"], &body["waiting"]),
        (&Value::Null, &Value::Null, &json!(false))
    );
    assert_eq!(body["symbols"][0]["reels"].as_array().unwrap().len(), 3);
    assert_eq!(body["drift"]["alarmed"], false);
    client.get(format!("/games/{NOBODY}/fingerprint")).await.problem(404, "not_found");
    client.get("/games/1/fingerprint").await.problem(400, "invalid_id");
}

/// A probe is charged per query, and what it saw is what was observed; reading twice counts nothing twice.
#[actix_web::test]
async fn probes_and_spins_are_counted_once() {
    let Fixture { client, .. } = fixture().await;
    let wallet = json!({ "balance": "10.00", "cost_rate": { "per_spin": "0.0100", "per_query": "0.0010" } });
    let wallet = client.wallet(wallet).await;
    let session = client.session(&wallet).await;
    let game = client.game().await;
    let probe = client.act(&session, json!({ "type": "probe", "spins": 100 })).await.expect(200);
    assert_eq!(probe["wallet"]["balance"], "9.9000");
    for _ in 0..4 {
        client.act(&session, json!({ "type": "spin", "amount": "0.01" })).await.expect(200);
    }
    for _ in 0..2 {
        let body = observed(&client, &game).await;
        assert_eq!(
            body["covers"],
            json!({ "events": 5, "spins": 4, "free_games": 0, "probe_spins": 100, "rounds": 104 })
        );
        let reel = &body["symbols"][0]["reels"][0];
        let seen: u64 =
            reel["symbols"].as_array().unwrap().iter().map(|symbol| symbol["observed"].as_u64().unwrap()).sum();
        assert_eq!((seen, &body["symbols"][0]["windows"]), (104, &json!(104)));
        assert_eq!(body["hit_rate"]["observed"]["of"], 104);
        assert_eq!(body["runs"]["hits"].as_u64().unwrap() + body["runs"]["misses"].as_u64().unwrap(), 4);
        assert_eq!(body["rtp"]["bands"].as_array().unwrap().len(), 3);
        assert_eq!(body["drift"]["rounds"], 4);
    }
    client.act(&session, json!({ "type": "spin", "amount": "0.01" })).await.expect(200);
    assert_eq!(observed(&client, &game).await["covers"]["spins"], 5);
}
