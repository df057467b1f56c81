//! The figures for Prometheus: what they count, and that the documentation and the dashboard know their names.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Client, Request, fixture};

async fn figures(client: &Client) -> String {
    let reply = client.get("/metrics").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    String::from_utf8(reply.body).unwrap()
}

/// The value of a figure, whose name is followed by its labels.
#[track_caller]
fn figure<'a>(figures: &'a str, name: &str) -> &'a str {
    let mut values = figures.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    values.next().unwrap_or_else(|| panic!("{name} is not in\n{figures}"))
}

#[actix_web::test]
async fn play_is_counted_by_game() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "10.00", "cost_rate": { "per_spin": "0.0003" } })).await;
    let session = client.session(&wallet).await;
    for _ in 0..3 {
        // Three sevens pay five unit bets, and every other spin pays nothing.
        client.act(&session, json!({ "type": "spin", "amount": "0.02" })).await.expect(200);
    }
    client.act(&session, json!({ "type": "probe", "spins": 5 })).await.expect(200);
    client.act(&session, json!({ "type": "spin", "amount": "0.001" })).await.problem(422, "invalid_stake");
    let game = client.game().await;
    let figures = figures(&client).await;
    for (name, value) in [
        ("spins", "3"),
        ("free_games", "0"),
        ("probe_spins", "5"),
        ("wagered_units", "600"),
        ("won_units", "2000"),
        ("fees_units", "9"),
    ] {
        let name = format!("reelhouse_{name}_total{{game_id=\"{game}\",game=\"Tiny\"}}");
        assert_eq!(figure(&figures, &name), value, "{name}");
    }
    assert_eq!(figure(&figures, "reelhouse_events_total"), "4");
    assert!(figures.ends_with("# EOF\n"));
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_problems_by_code() {
    let client = fixture().await.client;
    client.get("/games/7").await.problem(400, "invalid_id");
    client.get("/games/8").await.problem(400, "invalid_id");
    client.get("/nowhere/9").await.problem(404, "not_found");
    client.send(Request::new("BREW", "/games")).await.problem(405, "method_not_allowed");
    client.send(Request::new("GET", "/games").header("host", "evil.example")).await.problem(403, "foreign_host");
    let figures = figures(&client).await;
    let requests = |method: &str, route: &str, status: u16| {
        let labels = format!("{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}");
        figure(&figures, &format!("reelhouse_http_request_duration_seconds_count{labels}"))
    };
    assert_eq!(requests("GET", "/games/{id}", 400), "2");
    assert_eq!(requests("GET", "none", 404), "1", "a path that somebody made up has no label of its own");
    assert_eq!(requests("other", "/games", 405), "1", "nor has a method");
    assert_eq!(requests("GET", "/games", 403), "1");
    for (code, count) in [("invalid_id", "2"), ("not_found", "1"), ("method_not_allowed", "1"), ("foreign_host", "1")] {
        assert_eq!(figure(&figures, &format!("reelhouse_problems_total{{code=\"{code}\"}}")), count);
    }
    assert_eq!(figure(&figures, "reelhouse_http_requests_open"), "1", "the one that asks");
}

#[actix_web::test]
async fn what_waits_and_what_is_open_is_read_when_asked_for() {
    let client = fixture().await.client;
    let idle = figures(&client).await;
    for (name, value) in [("queue_depth{lane=\"0\"}", "0"), ("queue_capacity", "1024"), ("event_streams", "0")] {
        assert_eq!(figure(&idle, &format!("reelhouse_{name}")), value, "{name}");
    }
    client.game().await;
    let wallet = client.wallet(json!({ "balance": "1.00" })).await;
    let session = client.session(&wallet).await;
    let stream = Request::new("GET", format!("/sessions/{session}/events/stream"));
    let reply = client.send_late(stream, async || {
        assert_eq!(figure(&figures(&client).await, "reelhouse_event_streams"), "1");
        // The stream ends with its session.
        client.act(&session, json!({ "type": "cash_out" })).await.expect(200);
    });
    assert_eq!(reply.await.status, 200);
    assert_eq!(figure(&figures(&client).await, "reelhouse_event_streams"), "0");
}

#[actix_web::test]
async fn a_game_that_is_observed_shows_its_return() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "10.00" })).await;
    let session = client.session(&wallet).await;
    client.act(&session, json!({ "type": "spin", "amount": "0.01" })).await.expect(200);
    client.act(&session, json!({ "type": "spin", "amount": "0.01" })).await.expect(200);
    let game = client.game().await;
    client.get(format!("/games/{game}/fingerprint")).await.expect(200);
    let figures = figures(&client).await;
    let of_game = |name: &str| figure(&figures, &format!("reelhouse_{name}{{game_id=\"{game}\",game=\"Tiny\"}}"));
    assert_eq!(of_game("observed_rounds"), "2");
    assert_eq!(of_game("observed_rtp_ratio"), "2.5");
    assert_eq!(of_game("drift_alarms"), "0");
    assert!(of_game("expected_rtp_ratio").parse::<f64>().unwrap() > 0.0);
}

#[actix_web::test]
async fn an_unknown_parameter_is_refused_by_its_name() {
    let client = fixture().await.client;
    assert_eq!(client.get("/metrics?name=x").await.problem(400, "invalid_query")["parameter"], "name");
}

/// The names of the samples, as `# TYPE` lines announce them.
fn names(figures: &str) -> BTreeSet<String> {
    let described = figures.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    described
        .map(|line| match line.split_once(' ').unwrap() {
            (name, "counter") => format!("{name}_total"),
            (name, "info") => format!("{name}_info"),
            (name, _) => name.to_owned(),
        })
        .collect()
}

fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The names that the documentation has rows for.
fn documented() -> BTreeSet<String> {
    let page = file("docs/watching.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `reelhouse_"));
    rows.map(|row| format!("reelhouse_{}", row.split('`').next().unwrap())).collect()
}

/// A figure by label is announced when it first has a value, so not all of them are after a few requests.
#[actix_web::test]
async fn every_figure_that_is_served_is_documented() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "10.00" })).await;
    let session = client.session(&wallet).await;
    client.act(&session, json!({ "type": "spin", "amount": "0.01" })).await.expect(200);
    let game = client.game().await;
    client.get(format!("/games/{game}/fingerprint")).await.expect(200);
    client.get("/nowhere").await.problem(404, "not_found");
    let names = names(&figures(&client).await);
    assert!(names.len() > 20, "{names:?}");
    let documented = documented();
    let missing: Vec<&String> = names.difference(&documented).collect();
    assert!(missing.is_empty(), "not in docs/watching.md: {missing:?}");
}

#[test]
fn the_dashboard_shows_every_documented_figure_and_no_other() {
    let dashboard: Value = serde_json::from_str(&file("deploy/grafana/reelhouse.json")).unwrap();
    let mut shown = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let expression = target["expr"].as_str().unwrap();
            let words = expression.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
            shown.extend(words.filter(|word| word.starts_with("reelhouse_")).map(|word| {
                let parts = ["_bucket", "_sum", "_count"].into_iter().find_map(|part| word.strip_suffix(part));
                parts.unwrap_or(word).to_owned()
            }));
        }
    }
    assert_eq!(documented(), shown);
}
