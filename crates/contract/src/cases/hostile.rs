//! Hostile text: whatever a caller writes is kept as it came and never read as anything else.

use std::sync::Arc;

use reelhouse_domain::Shard;
use reelhouse_domain::ports::{Changes, Needs};
use reelhouse_domain::session::{PlayerProfile, Transition, verify_chain};
use serde_json::{Map, Value, json};

use crate::Store;
use crate::fixtures::{House, batch, session_created, spin, step_taken};
use crate::work::{begin, save};

/// Texts that break what is quoted, escaped, cut, folded or guessed at. NUL is refused by the rules.
fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "'; DROP TABLE wallets; --",
        "\" \\ \\' \\\" ' '' $1 ? :a %s {} ${x} \\u0041 \\n",
        "line\r\nfeed\ttab\u{1}\u{1f}\u{7f}\u{85}\u{2028}",
        "🎰👩‍👩‍👧‍👦🇵🇱 \u{10ffff}",
        "שלום \u{202e}עולם\u{202c} مرحبا",
        "e\u{301} é ﬁ İ ß \u{200b}\u{feff}",
        "null",
        "1e400",
        "{\"version\":99}",
        "NaN",
    ]
    .map(str::to_owned)
    .into();
    texts.push("ż".repeat(10_000));
    texts
}

/// Names of games keep every character.
pub async fn names_of_games_read_back(store: Arc<dyn Store>) {
    let house = House::new();
    for (text, number) in hostile_texts().into_iter().zip(1..) {
        let mut game = house.game_numbered(number);
        game.name = text.chars().take(200).collect();
        game.statistical_profile = json!({"version": 1, "note": text, text: true});
        save(&*store, &Changes { games: vec![game.clone()], ..Changes::default() }).await;
        assert_eq!(store.game_find(game.game_id).await, Ok(Some(game)));
    }
}

/// Seeds and profiles of players keep every character, in names of fields as in values.
pub async fn seeds_and_profiles_read_back(store: Arc<dyn Store>) {
    let house = House::new();
    save(&*store, &house.opening()).await;
    for text in hostile_texts() {
        let other: Map<String, Value> =
            [(format!("x{text}"), json!([text, {text.as_str(): text}]))].into_iter().collect();
        let player = PlayerProfile { behavior: Some(text.clone()), max_bet: None, other };
        let session = house.session_of(player, Some(&text), None);
        save(&*store, &session_created(&session)).await;
        assert_eq!(store.session_find(session.session_id).await, Ok(Some(session)));
    }
}

/// Documents of events keep every character, and the chain over them still holds.
pub async fn documents_of_events_read_back(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    let genesis = session.chain_head;
    save(&*store, &batch([house.opening(), opened.created(), session_created(&session)])).await;

    let (mut session, mut wallet) = (session, opened.wallet);
    let (mut events, mut transitions) = (vec![], vec![]);
    for text in hostile_texts() {
        let head = session.chain_head;
        let mut step = house.act(session, Some(wallet), &spin(Some("0.1")));
        if step.session.round_open() {
            step.session.round = None;
            step.session.state = reelhouse_domain::session::SessionState::Playing;
        }
        let mut body = step.events.remove(0).body;
        body.action["note"] = json!(text);
        body.result[format!("x{text}")] = json!({"text": text, "numbers": [0, -1, 0.1, 1.5e-7, u64::MAX, i64::MIN]});
        let transition = Transition { action: body.action.clone(), ..step.transitions.remove(0) };
        let event = body.seal(head).unwrap();
        step.session.chain_head = event.hash;
        step.events.push(event.clone());
        step.transitions.push(transition.clone());
        save(&*store, &step_taken(&step)).await;
        events.push(event);
        transitions.push(transition);
        (session, wallet) = (step.session, step.wallet.unwrap());
    }
    let stored = store.event_list(session.session_id, 0, 100).await.unwrap();
    assert_eq!(stored, events);
    assert_eq!(verify_chain(genesis, &stored), Ok(session.chain_head));
    assert_eq!(store.transition_list(session.session_id, 0, 100).await.unwrap(), transitions);
}

/// Idempotency keys of up to 255 characters and their answers keep every character.
pub async fn keys_and_answers_read_back(store: Arc<dyn Store>) {
    let house = House::new();
    let shard = Shard::from_bits(7);
    let mut answers = vec![];
    for text in hostile_texts() {
        let mut answer = house.answer(shard, &format!("k{text}").chars().take(255).collect::<String>());
        answer.answer = json!({"version": 1, "body": {text.as_str(): [text, null, true, 0.25, u64::MAX]}});
        answers.push(answer);
    }
    answers.push(house.answer(shard, &"\u{10ffff}".repeat(255)));
    save(&*store, &Changes { answers: answers.clone(), ..Changes::default() }).await;
    let needs = Needs { keys: answers.iter().map(|answer| answer.key.clone()).collect(), ..Needs::default() };
    let (snapshot, unit) = begin(&*store, &needs).await;
    unit.rollback().await.unwrap();
    assert_eq!(snapshot.answers.len(), answers.len());
    for answer in answers {
        assert_eq!(snapshot.answers.get(&answer.key), Some(&answer));
    }
}

/// Keys that differ in case, accents or trailing space are different keys.
pub async fn keys_are_compared_byte_by_byte(store: Arc<dyn Store>) {
    let house = House::new();
    let shard = Shard::from_bits(7);
    let keys = ["key", "Key", "KEY", "key ", " key", "kéy", "ke\u{301}y", "k_y", "k%"];
    let answers: Vec<_> = keys.iter().map(|key| house.answer(shard, key)).collect();
    save(&*store, &Changes { answers: answers[1..].to_vec(), ..Changes::default() }).await;
    let needs = Needs { keys: answers.iter().map(|answer| answer.key.clone()).collect(), ..Needs::default() };
    let (snapshot, unit) = begin(&*store, &needs).await;
    unit.rollback().await.unwrap();
    assert_eq!(snapshot.answers.into_values().map(|answer| answer.key).collect::<Vec<_>>(), {
        let mut rest: Vec<_> = answers[1..].iter().map(|answer| answer.key.clone()).collect();
        rest.sort();
        rest
    });
}
