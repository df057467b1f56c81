//! Simulations over HTTP: queued, listed, read, cancelled, and refused by field.

use std::num::NonZeroUsize;
use std::sync::Arc;

use reelhouse_application::{House, Settings};
use reelhouse_domain::document;
use reelhouse_domain::game::profile::simulated_profile;
use reelhouse_domain::game::{Definition, Engine, Fault, Game, StatisticalProfile, profile, readiness};
use reelhouse_domain::job::{Failure, Job, JobRequest, JobState, Progress};
use reelhouse_domain::ports::{Changes, Needs, UnitOfWorkFactory as _};
use reelhouse_domain::simulation::{Behavior, Player, Rounds, SimulationPlan, simulate, simulate_rounds};
use reelhouse_domain::{GameId, JobId, Money};
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::FixedClock;
use serde_json::{Value, json};

use crate::support::{Client, NOBODY, Request, fixture, ports, start, text, tiny_game};

async fn game(client: &Client) -> String {
    text(&client.post("/games", tiny_game("tiny")).await.expect(201), "game_id")
}

fn asked(game_id: &str) -> Value {
    json!({ "game_id": game_id, "rounds": 1000, "seed": 7, "stake": "0.01" })
}

/// The body with a field set.
fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[actix_web::test]
async fn a_simulation_is_queued_read_listed_and_cancelled() {
    let client = fixture().await.client;
    let game_id = game(&client).await;
    let reply = client.post("/simulations", asked(&game_id)).await;
    let queued = reply.expect(201);
    let path = format!("/simulations/{}", text(&queued, "simulation_id"));
    assert_eq!(reply.header("location"), path);
    assert_eq!((&queued["state"], &queued["rounds"], &queued["seed"]), (&json!("queued"), &json!(1000), &json!(7)));
    assert_eq!(
        (&queued["stake"], &queued["behavior"], &queued["report"]),
        (&json!("0.0100"), &Value::Null, &Value::Null)
    );
    assert_eq!(queued["progress"]["total"], 1000);
    assert_eq!(client.get(path.as_str()).await.expect(200), queued);
    let second = client.post("/simulations", asked(&game_id)).await.expect(201);

    let page = client.get("/simulations?limit=1").await.expect(200);
    assert_eq!(page["items"], json!([queued]));
    let cursor = text(&page, "next_cursor");
    let next = client.get(format!("/simulations?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!((&next["items"], &next["next_cursor"]), (&json!([second]), &Value::Null));
    client.get(format!("/simulations?state=queued&cursor={cursor}")).await.problem(400, "invalid_cursor");

    let cancelled = client.send(Request::new("POST", format!("{path}/cancel"))).await.expect(200);
    assert_eq!(cancelled["state"], "cancelled");
    let again = client.post(format!("{path}/cancel"), json!({})).await.expect(200);
    assert_eq!(again, cancelled);
    let page = client.get(format!("/simulations?state=cancelled&game_id={game_id}")).await.expect(200);
    assert_eq!(page["items"], json!([cancelled]));
    let none = client.get(format!("/simulations?game_id={NOBODY}")).await.expect(200);
    assert_eq!(none["items"], json!([]));
}

#[actix_web::test]
async fn a_player_has_defaults_and_amounts_are_strings() {
    let client = fixture().await.client;
    let body = with(asked(&game(&client).await), "behavior", json!("adaptive"));
    let queued = client.post("/simulations", body.clone()).await.expect(201);
    assert_eq!(queued["starting_balance"], "1.0000");
    assert_eq!((&queued["session_rounds"], &queued["max_bet"]), (&json!(1000), &Value::Null));
    let body = with(with(with(body, "max_bet", json!("0.05")), "half_width", json!(0.5)), "seed", Value::Null);
    let queued = client.post("/simulations", body).await.expect(201);
    assert_eq!((&queued["max_bet"], &queued["half_width"]), (&json!("0.0500"), &json!(0.5)));
    assert!(queued["seed"].as_u64().unwrap() < 1 << 53);
}

#[actix_web::test]
async fn a_key_makes_a_simulation_happen_once() {
    let client = fixture().await.client;
    let body = asked(&game(&client).await);
    let send = |body: &Value| client.send(Request::post("/simulations", body).key("once"));
    let first = send(&body).await.expect(201);
    assert_eq!(send(&body).await.expect(201), first);
    send(&with(body, "rounds", json!(999))).await.problem(422, "idempotency_key_reused");
}

#[actix_web::test]
async fn fields_that_are_not_acceptable_are_named() {
    let client = fixture().await.client;
    let body = asked(&game(&client).await);
    for (field, value, code) in [
        ("rounds", json!(0), "invalid_request"),
        ("rounds", json!(10_000_000_001_u64), "invalid_request"),
        ("rounds", json!(-1), "invalid_request"),
        ("rounds", json!(1.5), "invalid_request"),
        ("rounds", json!("1000"), "invalid_request"),
        ("rounds", json!(1e300), "invalid_request"),
        ("rounds", Value::Null, "invalid_request"),
        ("seed", json!(-1), "invalid_request"),
        ("seed", json!(1_u64 << 53), "invalid_request"),
        ("seed", json!("x"), "invalid_request"),
        ("stake", json!(0.01), "invalid_amount"),
        ("stake", json!("-0.01"), "invalid_amount"),
        ("stake", json!("0.001"), "invalid_stake"),
        ("stake", json!("0"), "invalid_stake"),
        ("stake", json!("1000000000000"), "invalid_stake"),
        ("half_width", json!(0), "invalid_request"),
        ("half_width", json!(1.01), "invalid_request"),
        ("half_width", json!("0.1"), "invalid_request"),
        ("behavior", json!("bold"), "invalid_request"),
        ("behavior", json!(1), "invalid_request"),
        ("starting_balance", json!("5"), "invalid_request"),
        ("session_rounds", json!(5), "invalid_request"),
        ("max_bet", json!("5"), "invalid_request"),
        ("game_id", json!("x"), "invalid_request"),
        ("game_id", Value::Null, "invalid_request"),
        ("bet", json!("5"), "invalid_request"),
    ] {
        let problem = client.post("/simulations", with(body.clone(), field, value.clone())).await.problem(422, code);
        if code != "invalid_stake" {
            assert_eq!(problem["pointer"], format!("/{field}"), "{field} {value}");
        }
    }
    for (rounds, limit) in [
        (json!(10_000_000_001_u64), json!(10_000_000_000_u64)),
        (json!(1e300), json!(10_000_000_000_u64)),
        (json!(0), Value::Null),
        (json!("10000000001"), Value::Null),
    ] {
        let problem = client.post("/simulations", with(body.clone(), "rounds", rounds)).await.json();
        assert!(text(&problem, "detail").contains("10000000000"), "{problem}");
        assert_eq!(problem["limit"], limit, "{problem}");
    }
    client.post("/simulations", with(body, "game_id", json!(NOBODY))).await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_player_that_cannot_play_is_refused() {
    let client = fixture().await.client;
    let body = with(asked(&game(&client).await), "behavior", json!("random"));
    for (field, value) in [
        ("starting_balance", json!("0.0099")),
        ("session_rounds", json!(0)),
        ("session_rounds", json!(1_000_001)),
        ("max_bet", json!("0.0099")),
    ] {
        let problem =
            client.post("/simulations", with(body.clone(), field, value)).await.problem(422, "invalid_request");
        assert_eq!(problem["pointer"], format!("/{field}"));
    }
}

#[actix_web::test]
async fn what_is_not_there_and_what_is_not_understood() {
    let client = fixture().await.client;
    client.get(format!("/simulations/{NOBODY}")).await.problem(404, "not_found");
    client.get("/simulations/x").await.problem(400, "invalid_id");
    client.get("/simulations?state=asleep").await.problem(400, "invalid_query");
    client.get("/simulations?kind=profile").await.problem(400, "invalid_query");
    client.post(format!("/simulations/{NOBODY}/cancel"), json!({})).await.problem(404, "not_found");
    client.post(format!("/simulations/{NOBODY}/cancel"), json!({ "why": 1 })).await.problem(422, "invalid_request");
    client.send(Request::new("DELETE", format!("/simulations/{NOBODY}"))).await.problem(405, "method_not_allowed");
    client.send(Request::new("GET", format!("/simulations/{NOBODY}/cancel"))).await.problem(405, "method_not_allowed");
}

/// A house over a store that holds a game with this profile, and a job about it.
async fn holding(profile: Value, request: JobRequest, turn: impl FnOnce(Job, &Definition) -> Job) -> (Client, Job) {
    let document = tiny_game("tiny");
    let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap();
    let game = Game {
        game_id: GameId(NOBODY.parse().unwrap()),
        name: "tiny".to_owned(),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: profile,
        fingerprint: definition.fingerprint(),
        created_at: start(),
    };
    let job = Job::queue(JobId(NOBODY.parse().unwrap()), game.game_id, request, start());
    let job = turn(job, &definition);
    let (store, clock) = (MemoryStore::default(), Arc::new(FixedClock::new(start())));
    let (_, unit) = store.begin(&Needs::default()).await.unwrap();
    let changes = Changes { games: vec![game], jobs_created: vec![job.clone()], ..Changes::default() };
    unit.finish(&changes).await.unwrap();
    (Client::of(Arc::new(House::open(ports(&store, &clock), Settings::default()))).await, job)
}

/// The job as completed with its report.
fn completed(job: Job, definition: &Definition) -> Job {
    let JobRequest::Simulation { plan } = &job.request else { panic!("a simulation") };
    let report = simulate(definition, plan, None, NonZeroUsize::MIN, &()).unwrap().report.unwrap();
    let result = serde_json::from_str(&document::write(&report).unwrap()).unwrap();
    let progress = Progress { done: report.rounds, total: Some(plan.rounds), per_second: Some(1.5), rtp: None };
    Job { state: JobState::Completed, progress, result: Some(result), ..job }
}

#[actix_web::test]
async fn a_report_has_its_figures_and_null_where_one_round_tells_none() {
    for (rounds, session_rounds) in [(1000, 10), (1, 1)] {
        let stake: Money = "0.01".parse().unwrap();
        let player = Player { behavior: Behavior::Aggressive, starting_balance: stake, session_rounds, max_bet: None };
        let plan = SimulationPlan { rounds, seed: 3, stake, half_width: None, player: Some(player) };
        let (client, _) = holding(json!({}), JobRequest::Simulation { plan }, completed).await;
        let found = client.get(format!("/simulations/{NOBODY}")).await.expect(200);
        let report = &found["report"];
        assert_eq!((&found["state"], &report["seed"]), (&json!("completed"), &json!(3)));
        assert_eq!(report["bankroll"]["sessions"], rounds / session_rounds);
        assert!(
            report["bankroll"]["wagered"].is_string() && report["bankroll"]["final_balance"][0]["amount"].is_string()
        );
        assert_eq!(report["standard_deviation"].is_null(), rounds == 1, "{report:#}");
        assert_eq!(report["rtp_intervals"][2]["high"].is_null(), rounds == 1, "{report:#}");
        client.post(format!("/simulations/{NOBODY}/cancel"), json!({})).await.problem(409, "simulation_ended");
    }
}

#[actix_web::test]
async fn a_game_whose_profile_is_to_come_shows_its_job_and_is_not_played() {
    let pending = readiness::pending_profile("it takes long");
    let (client, _) = holding(pending, JobRequest::Profile { declared: None }, |job, _| job).await;
    let found = client.get(format!("/games/{NOBODY}")).await.expect(200);
    assert_eq!(
        (&found["statistical_profile"]["method"], &found["profile_job"]["state"]),
        (&json!("pending"), &json!("queued"))
    );
    let refused = client.post("/sessions", json!({ "game_id": NOBODY })).await.problem(409, "game_not_ready");
    assert_eq!(refused["profile"], "pending");
    // The same definition is the same game, which waits still.
    assert_eq!(client.post("/games", tiny_game("again")).await.expect(200), found);
    client.get(format!("/simulations/{NOBODY}")).await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_game_whose_declared_profile_was_wrong_says_what_was() {
    let fault = Fault { pointer: "/statistical_profile/rtp".to_owned(), reason: "declared 1, computed 2".to_owned() };
    let rejected = readiness::rejected_profile("it differs", std::slice::from_ref(&fault), None);
    let failure = Failure { reason: "it differs".to_owned(), faults: vec![fault] };
    let fail = |job, _: &Definition| Job { state: JobState::Failed, failure: Some(failure), ..job };
    let (client, _) = holding(rejected, JobRequest::Profile { declared: Some(json!({})) }, fail).await;
    let found = client.get(format!("/games/{NOBODY}")).await.expect(200);
    assert_eq!(found["profile_job"]["failure"]["faults"], found["statistical_profile"]["faults"]);
    client.post("/sessions", json!({ "game_id": NOBODY })).await.problem(409, "game_not_ready");
}

#[actix_web::test]
async fn a_simulated_profile_has_its_intervals_in_every_form_of_its_sheet() {
    let document = tiny_game("tiny");
    let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap();
    let engine = Engine::compile(&definition);
    let known = StatisticalProfile { rtp: None, contributions: None, ..profile(&definition) };
    let plan = SimulationPlan { rounds: 1000, seed: 3, stake: engine.unit_bet(), half_width: None, player: None };
    let rounds = Rounds::for_profile(&definition, &known);
    let ended = simulate_rounds(&definition, &rounds, &plan, None, NonZeroUsize::MIN, &()).unwrap();
    let simulated = simulated_profile(&known, &ended.state.for_profile(&engine).unwrap()).document();
    let (client, _) = holding(simulated.clone(), JobRequest::Profile { declared: None }, |job, _| job).await;
    let path = format!("/games/{NOBODY}/par-sheet");
    let sheet = client.get(&path).await.expect(200);
    let row = &sheet["combinations"]["base"][0];
    assert_eq!(row["interval"], simulated["contributions"]["base"][0]["interval"]);
    let reach = text(&row["interval"], "half_width_percent");
    let of_line = text(&sheet["simulation"]["source_intervals"]["line"][2], "half_width_percent");
    for format in ["csv", "html"] {
        let written = String::from_utf8(client.get(format!("{path}?format={format}")).await.body).unwrap();
        for shown in ["RTP ± % at 99 %", "RTP of line at 99 %: within ± %", &reach, &of_line] {
            assert!(written.contains(shown), "{format}: {shown}");
        }
    }
}
