//! The record as datasets, and steps of many sessions, over more than one page and more than one queue.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use std::sync::Arc;

use reelhouse_application::dataset::Format;
use reelhouse_application::{
    CommitterSettings, ExportRequest, House, Play, ResetRequest, Settings, StepAction, StepCursor,
};
use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::{Action, PlayerProfile};
use reelhouse_memory::MemoryStore;
use serde_json::Value;

use support::{clock, credits, fixture, new_wallet, ports, settings};

async fn rows(house: &House, request: ExportRequest) -> Vec<Value> {
    let mut answer = house.rl_export(request, Format::Ndjson).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = answer.next().await.unwrap() {
        bytes.extend(piece);
    }
    String::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_longer_than_a_page_is_exported_whole() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let long = fixture.session(&game, Some(&wallet)).await.session_id;
    let short = fixture.session(&game, Some(&wallet)).await.session_id;
    let turn = [Action::Bet { amount: credits("0.05") }, Action::Void];
    for _ in 0..17 {
        let actions: Vec<Action> = turn.iter().cycle().take(1000).cloned().collect();
        fixture.house.sessions_act(vec![Play { session_id: long, actions }], None).await.unwrap();
    }
    fixture.house.session_act(short, Action::CashOut, None).await.unwrap();
    let all = rows(&fixture.house, ExportRequest::default()).await;
    assert_eq!(all.len(), 17_001);
    let of_long: Vec<&Value> = all.iter().filter(|row| row["session_id"] == long.to_string()).collect();
    for (row, seq) in of_long.iter().zip(1_i64..) {
        assert_eq!(row["seq"], seq);
        assert_eq!(row["done"], seq == 17_000, "only the last row has a flag");
    }
    for pair in of_long.windows(2) {
        assert_eq!(pair[0]["next_state"], pair[1]["state"]);
    }
    for seq in [1, 8191, 8192, 8193, 16_384, 16_999] {
        let cursor = Some(StepCursor { session_id: long, seq });
        let rest = rows(&fixture.house, ExportRequest { cursor, session_id: Some(long), ..Default::default() }).await;
        let expected = &of_long[usize::try_from(seq).unwrap()..];
        assert!(rest.iter().eq(expected.iter().copied()), "after {seq}");
    }
    let manifest = fixture.house.rl_manifest(ExportRequest::default()).await.unwrap();
    assert_eq!((manifest.rows, manifest.episodes, manifest.terminated, manifest.truncated), (17_001, 2, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_lets_others_export() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await.session_id;
    fixture.house.session_act(session, Action::CashOut, None).await.unwrap();
    for _ in 0..20 {
        // Dropped after its first piece, if there is one; its place is free again soon.
        while fixture.house.rl_export(ExportRequest::default(), Format::Minari).await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_more_steps_than_the_queue_holds_is_taken() {
    let (store, clock) = (MemoryStore::default(), clock());
    let committer = CommitterSettings { queue: 256, ..CommitterSettings::default() };
    let house = Arc::new(House::open(ports(&store, &clock), Settings { committer, ..settings() }));
    let (name, rng_signature, symbol_map) = support::document(0);
    let game = house.game_create(name, rng_signature, symbol_map, None, None).await.unwrap().0;
    let request = ResetRequest {
        game_id: game.game_id,
        ladder: None,
        wallet: new_wallet("10"),
        player_profile: PlayerProfile::default(),
        reward: Reward::Net,
        seeds: (0..1500).map(Some).collect(),
    };
    let (_, opened) = house.rl_reset(request, Some("many")).await.unwrap();
    let steps = || opened.iter().map(|one| (one.session_id, StepAction::Index(3))).collect();
    let (_, answers) = house.rl_step(game.game_id, None, steps(), Some("first")).await.unwrap();
    assert!(answers.iter().all(|answer| answer.error.is_none() && answer.seq == 1));
    let (_, again) = house.rl_step(game.game_id, None, steps(), Some("first")).await.unwrap();
    assert!(again.iter().zip(&answers).all(|(again, first)| again.seq == 1 && again.observation == first.observation));
}
