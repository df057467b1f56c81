//! Analytics of sessions and of games, as JSON and as CSV.

use serde_json::{Value, json};

use crate::support::{Client, Fixture, NOBODY, Request, fixture};

/// A session of twenty paid spins, a probe and a voided bet.
async fn played(client: &Client) -> (String, String) {
    let wallet = json!({ "balance": "10.00", "cost_rate": { "per_spin": "0.0100", "per_query": "0.0010" } });
    let wallet = client.wallet(wallet).await;
    let session = client.session(&wallet).await;
    for _ in 0..20 {
        client.act(&session, json!({ "type": "spin", "amount": "0.01" })).await.expect(200);
    }
    client.act(&session, json!({ "type": "probe", "spins": 100 })).await.expect(200);
    client.act(&session, json!({ "type": "bet", "amount": "0.01" })).await.expect(200);
    client.act(&session, json!({ "type": "void" })).await.expect(200);
    (session, client.game().await)
}

/// The records of a CSV by the names of their columns.
fn records(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut lines = text.split_terminator("\r\n").map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let columns = lines.next().unwrap();
    let record = |fields: Vec<String>| {
        assert_eq!(fields.len(), columns.len(), "{fields:?}");
        columns.iter().cloned().zip(fields).collect()
    };
    lines.map(record).collect()
}

#[actix_web::test]
async fn nothing_is_known_before_anything_was_played() {
    let Fixture { client, .. } = fixture().await;
    let game = client.game().await;
    let body = client.get(format!("/analytics/games/{game}")).await.expect(200);
    assert_eq!((&body["play"]["rounds"], &body["figures"]["rtp"]["observed"]), (&json!(0), &Value::Null));
    assert_eq!((&body["series"]["buckets"], &body["waiting"]), (&json!([]), &json!(false)));
    assert_eq!((&body["figures"]["rtp"]["expected"], &body["series"]["bucket"]), (&json!(7.0 / 12.0), &json!("day")));
    let session = client.post("/sessions", json!({ "game_id": game })).await.expect(201);
    let path = format!("/analytics/sessions/{}", session["session_id"].as_str().unwrap());
    let body = client.get(path).await.expect(200);
    assert_eq!((&body["counted_seq"], &body["last_seq"], &body["balance"]), (&json!(0), &json!(0), &Value::Null));
    assert_eq!((&body["series"]["buckets"], &body["recorded"]), (&json!([]), &json!([])));
    for path in ["/analytics/games", "/analytics/sessions"] {
        client.get(format!("{path}/{NOBODY}")).await.problem(404, "not_found");
        client.get(format!("{path}/1")).await.problem(400, "invalid_id");
    }
}

#[actix_web::test]
async fn a_session_is_told_by_its_counters_its_stretches_and_its_days() {
    let Fixture { client, .. } = fixture().await;
    let (session, game) = played(&client).await;
    let path = format!("/analytics/sessions/{session}");
    let body = client.get(&path).await.expect(200);
    let metrics = client.get(format!("/sessions/{session}/metrics")).await.expect(200)["metrics"].clone();
    assert_eq!((&body["game_id"], &body["state"]), (&json!(game), &json!("playing")));
    assert_eq!((&body["counted_seq"], &body["last_seq"], &body["waiting"]), (&json!(23), &json!(23), &json!(false)));
    let play = &body["play"];
    for counter in ["spins", "free_games", "probe_spins", "wagered", "won", "fees", "net"] {
        assert_eq!(play[counter], metrics[counter], "{counter}");
    }
    assert_eq!((&play["won_rounds"], &play["rounds"]), (&metrics["hits"], &json!(20)));
    assert_eq!(
        (&play["wagered"], &play["fees"], &play["spend"]),
        (&json!("0.2000"), &json!("0.3000"), &json!("0.5000"))
    );
    assert_eq!(body["biggest_win"], metrics["biggest_win"]);
    let buckets = body["series"]["buckets"].as_array().unwrap();
    assert_eq!((buckets.len(), &body["series"]["rounds_per_bucket"]), (21, &json!(1)));
    assert_eq!((&buckets[19]["first_round"], &buckets[20]["play"]["rounds"]), (&json!(20), &json!(0)));
    assert_eq!(buckets[20]["rtp_so_far"], body["figures"]["rtp"]["observed"]);
    assert_eq!(buckets[20]["balance"], body["balance"]);
    assert!(buckets[0]["band_low"].as_f64().unwrap() < buckets[0]["band_high"].as_f64().unwrap());
    assert_eq!(body["days"].as_array().unwrap().len(), 1);
    assert_eq!((&body["days"][0]["spend"], &body["days_before"]), (&json!("0.5000"), &Value::Null));
    assert_eq!(body["figures"]["hit_rate"]["observed"]["of"], 20);
    assert_eq!(body["figures"]["rtp"]["intervals"].as_array().unwrap().len(), 3);
    assert!(!body["recorded"].as_array().unwrap().is_empty());

    let csv = client.get(format!("{path}?format=csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(csv.header("content-disposition").contains(&format!("session-{session}.csv")));
    let records = records(&String::from_utf8(csv.body).unwrap());
    assert_eq!((records.len(), records[19]["first_round"].as_str()), (21, "20"));
    for (record, bucket) in records.iter().zip(buckets) {
        assert_eq!((&json!(record["won"]), &json!(record["balance"])), (&bucket["play"]["won"], &bucket["balance"]));
        assert_eq!(json!(record["rtp_so_far"].parse::<f64>().unwrap()), bucket["rtp_so_far"]);
    }
}

#[actix_web::test]
async fn a_game_is_told_in_all_and_by_day_and_hour() {
    let Fixture { client, .. } = fixture().await;
    let (session, game) = played(&client).await;
    let path = format!("/analytics/games/{game}");
    let body = client.get(&path).await.expect(200);
    let of_session = client.get(format!("/analytics/sessions/{session}")).await.expect(200);
    assert_eq!((&body["play"], &body["figures"]), (&of_session["play"], &of_session["figures"]));
    assert_eq!((&body["series"]["play"], body["series"]["earlier"].as_bool()), (&body["play"], Some(false)));
    let buckets = body["series"]["buckets"].as_array().unwrap();
    assert_eq!((buckets.len(), &buckets[0]["play"]), (1, &body["play"]));
    assert!(buckets[0]["starts_at"].as_str().unwrap().ends_with("T00:00:00.000Z"));
    assert_eq!((&body["drift"]["alarmed"], &body["drift"]["rounds"]), (&json!(false), &json!(20)));
    assert_eq!(body["play"]["sessions"], 1);

    let hourly = client.get(format!("{path}?bucket=hour&limit=1&from=1970-01-01T00:00:00Z")).await.expect(200);
    assert_eq!((&hourly["series"]["bucket"], &hourly["series"]["play"]), (&json!("hour"), &body["play"]));
    let none = client.get(format!("{path}?to=1971-01-01T00:00:00Z")).await.expect(200);
    assert_eq!((&none["series"]["buckets"], &none["play"]), (&json!([]), &body["play"]));

    let csv = client.send(Request::new("GET", &path).header("accept", "text/csv")).await;
    assert_eq!((csv.status.as_u16(), csv.header("vary")), (200, "Accept"));
    let records = records(&String::from_utf8(csv.body).unwrap());
    assert_eq!((records.len(), records[0]["rounds"].as_str(), records[0]["wagered"].as_str()), (1, "20", "0.2000"));
    assert_eq!(json!(records[0]["rtp"].parse::<f64>().unwrap()), body["figures"]["rtp"]["observed"]);
    assert_eq!(records[0]["starts_at"], buckets[0]["starts_at"].as_str().unwrap());
}

#[actix_web::test]
async fn parameters_are_known_and_read() {
    let Fixture { client, .. } = fixture().await;
    let game = client.game().await;
    let path = format!("/analytics/games/{game}");
    for query in [
        "bucket=week",
        "bucket=all",
        "bucket=",
        "bucket=Day",
        "limit=0",
        "limit=1001",
        "limit=x",
        "from=yesterday",
        "to=2026-13-01T00:00:00Z",
        "from=2026-01-01",
        "from=99999-01-01T00:00:00Z",
        "span=day",
        "cursor=x",
        "bucket=day&bucket=day",
    ] {
        client.get(format!("{path}?{query}")).await.problem(400, "invalid_query");
    }
    for suffix in ["?format=xml", "?format=html", "?format=CSV"] {
        client.get(format!("{path}{suffix}")).await.problem(406, "not_acceptable");
    }
    let (session, _) = played(&client).await;
    let path = format!("/analytics/sessions/{session}");
    client.get(format!("{path}?bucket=day")).await.problem(400, "invalid_query");
    client.get(format!("{path}?format=html")).await.problem(406, "not_acceptable");
    let post = client.post(&path, json!({})).await;
    assert_eq!((post.status.as_u16(), post.header("allow")), (405, "GET, HEAD"));
}
