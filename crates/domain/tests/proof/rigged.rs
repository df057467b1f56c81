//! A house that lies and signs its lies with its own key: the replay and the ledger find it out.

use reelhouse_domain::fairness::{Finding, ProofBody, ServerSeed, SessionProof, verify};
use reelhouse_domain::session::Action;
use reelhouse_domain::wallet::{Account, EntryKind};
use serde_json::{Value, json};

use super::house::{House, house_key, money, resign};

/// Twelve dry or winning spins, a probe, a bet given back, and the cash-out.
fn fruit() -> House {
    let mut house = House::open("fruit-5x3", 8, true, Some("lucky"));
    for _ in 0..12 {
        house.tick(1000);
        house.take(&[Action::Spin { amount: Some(money("1")) }]);
    }
    house.take(&[
        Action::Probe { spins: 30 },
        Action::Bet { amount: money("1") },
        Action::Void,
        Action::RotateSeed { client_seed: None },
        Action::Spin { amount: Some(money("1")) },
        Action::CashOut,
    ]);
    house
}

/// What the verifier finds in a record that was changed and signed anew by the house.
#[track_caller]
fn findings(change: impl FnOnce(&mut ProofBody)) -> Vec<Finding> {
    let mut body = fruit().body();
    change(&mut body);
    let text = resign(body).write().unwrap();
    let proof = SessionProof::read(&text).unwrap();
    verify(&proof, Some(&house_key())).expect_err("the lie was not found")
}

#[track_caller]
fn finds(seq: Option<i64>, pointer: &str, findings: &[Finding]) {
    let found = findings.iter().any(|finding| finding.seq == seq && finding.pointer == pointer);
    assert!(found, "{seq:?} {pointer} is not among {findings:#?}");
    assert!(findings.iter().all(|finding| finding.pointer != "/seal" && !finding.pointer.ends_with("/signature")));
}

/// A spin that paid, by place, with its payout.
fn paid(body: &ProofBody) -> usize {
    body.events
        .iter()
        .position(|event| event.body.result["payout"].as_str().is_some_and(|paid| paid != "0.0000"))
        .unwrap()
}

#[test]
fn a_withheld_payout_is_found_even_with_ledger_and_balances_to_match() {
    let mut at = 0;
    let list = findings(|body| {
        at = paid(body);
        let event = &mut body.events[at];
        let payout = serde_json::from_value(event.body.result["payout"].take()).unwrap();
        event.body.result["payout"] = json!("0.0000");
        event.body.result["wins"] = json!([]);
        let event_id = event.body.event_id;
        body.entries.retain(|entry| {
            entry.kind != EntryKind::Payout || entry.cause != reelhouse_domain::wallet::Cause::Event(event_id)
        });
        for event in &mut body.events[at..] {
            let balance = &mut event.body.result["balance"];
            let kept: reelhouse_domain::Money = serde_json::from_value(balance.take()).unwrap();
            *balance = json!(kept.checked_sub(payout).unwrap());
        }
    });
    let seq = Some(i64::try_from(at).unwrap() + 1);
    finds(seq, "/result/payout", &list);
    finds(seq, "/entries", &list);
}

#[test]
fn another_outcome_is_found() {
    let list = findings(|body| body.events[0].body.result["stops"][2] = json!(3));
    finds(Some(1), "/result/stops/2", &list);
    let list = findings(|body| body.events[3].body.result["nonce"] = json!(7));
    finds(Some(4), "/result/nonce", &list);
    let list = findings(|body| body.events[3].body.result["words"] = json!([5, 10]));
    finds(Some(4), "/result/words/0", &list);
    let list = findings(|body| body.events[12].body.result["hits"] = json!(30));
    finds(Some(13), "/result/hits", &list);
}

#[test]
fn a_spin_left_out_is_found_though_all_else_is_numbered_anew() {
    let list = findings(|body| {
        let gone = body.events.remove(4).body.event_id;
        body.entries.retain(|entry| entry.cause != reelhouse_domain::wallet::Cause::Event(gone));
        for (event, seq) in body.events.iter_mut().zip(1..) {
            event.body.seq = seq;
        }
    });
    finds(Some(5), "/result/nonce", &list);
}

#[test]
fn another_order_is_found() {
    let list = findings(|body| {
        body.events.swap(2, 3);
        (body.events[2].body.seq, body.events[3].body.seq) = (3, 4);
    });
    finds(Some(3), "/result/nonce", &list);
    finds(Some(4), "/event_id", &list);
}

#[test]
fn a_missing_end_is_found() {
    let list = findings(|body| drop(body.events.pop()));
    finds(None, "/events", &list);
}

#[test]
fn another_seed_is_found() {
    let seed = ServerSeed([0x11; 32]);
    let list = findings(|body| {
        body.seeds[0].server_seed = seed;
        body.seeds[0].commitment = seed.commitment();
    });
    finds(Some(1), "/result/stops/0", &list);
    let list = findings(|body| body.seeds[1].server_seed = seed);
    finds(None, "/seeds/1/commitment", &list);
    finds(Some(16), "/result/commitment", &list);
    let list = findings(|body| body.seeds[0].client_seed = "unlucky".to_owned());
    finds(Some(1), "/result/stops/0", &list);
    let list = findings(|body| body.seeds.push(body.seeds[1].clone()));
    finds(None, "/seeds", &list);
}

#[test]
fn another_definition_is_found() {
    let list = findings(|body| {
        let pays = body.game.symbol_map["pays"].as_object_mut().unwrap();
        let pay = pays.values_mut().next().unwrap().as_object_mut().unwrap().values_mut().next().unwrap();
        *pay = json!(pay.as_u64().unwrap() + 1);
    });
    finds(None, "/game/fingerprint", &list);
    let list = findings(|body| body.game.symbol_map["grid"]["rows"] = Value::from(99));
    finds(None, "/game", &list);
}

#[test]
fn fees_that_are_not_the_rate_are_found() {
    let list = findings(|body| body.wallets[0].cost_rate.per_spin = money("0.0200"));
    finds(Some(1), "/result/fee", &list);
    let list = findings(|body| body.wallets[0].cost_rate.per_query = money("0"));
    finds(Some(13), "/result/fee", &list);
    let list = findings(|body| body.wallets[0].cost_rate.per_query = money("1").negated());
    finds(None, "/wallets", &list);
}

#[test]
fn a_ledger_that_does_not_fit_is_found() {
    finds(None, "/entries/0/balance_after", &findings(|body| body.entries[0].balance_after = money("3")));
    finds(None, "/entries/1/account", &findings(|body| body.entries[1].account = Account::Cashier));
    finds(
        Some(2),
        "/entries",
        &findings(|body| {
            let entry = &mut body.entries.iter_mut().find(|entry| entry.seq > 3).unwrap();
            entry.seq = 1;
        }),
    );
    finds(Some(1), "/entries", &findings(|body| body.entries.swap(0, 1)));
    finds(None, "/entries/2/entry_id", &findings(|body| body.entries[2].entry_id = body.entries[1].entry_id));
    let list = findings(|body| {
        let mut foreign = body.entries[0].clone();
        foreign.cause = reelhouse_domain::wallet::Cause::Event(reelhouse_domain::EventId(uuid::Uuid::nil()));
        body.entries.push(foreign);
    });
    assert!(list.iter().any(|finding| finding.found == "another cause"), "{list:#?}");
}

#[test]
fn a_balance_that_nothing_moved_is_found() {
    // The void's event moves the stake back; the rotation after it moves nothing, the spin follows at once.
    let list = findings(|body| body.events[15].body.result["balance"] = json!("1.0000"));
    finds(Some(16), "/result/balance", &list);
}

#[test]
fn every_balance_between_two_entries_is_looked_at() {
    let mut house = House::open("fruit-5x3", 8, true, Some("lucky"));
    let spin = Action::Spin { amount: Some(money("1")) };
    let rotate = Action::RotateSeed { client_seed: None };
    house.take(&[spin.clone(), rotate.clone(), rotate, spin, Action::CashOut]);
    let mut body = house.body();
    body.events[1].body.result["balance"] = json!("1.0000");
    let list = verify(&resign(body), Some(&house_key())).expect_err("the lie was not found");
    finds(Some(2), "/result/balance", &list);
}

#[test]
fn an_action_that_the_state_does_not_allow_is_found() {
    let list = findings(|body| body.events[13].body.action = json!({"version": 1, "type": "void"}));
    finds(Some(14), "/action", &list);
    let list = findings(|body| body.events[13].body.action = json!({"version": 1, "type": "fly"}));
    finds(Some(14), "/action", &list);
    let list = findings(|body| body.events[13].body.action["version"] = json!(2));
    finds(Some(14), "/action/version", &list);
    let list = findings(|body| body.events[13].body.action["amount"] = json!("1.00"));
    finds(Some(14), "/action/amount", &list);
}

#[test]
fn rewards_and_instants_are_found() {
    finds(Some(1), "/reward", &findings(|body| body.events[0].body.reward += 0.5));
    finds(Some(1), "/event_id", &findings(|body| body.events[0].body.timestamp += chrono::TimeDelta::milliseconds(1)));
    finds(None, "/opened/created_at", &findings(|body| body.opened.created_at += chrono::TimeDelta::milliseconds(1)));
}
