//! The published vectors of the encoder: made here, compared with `docs/vectors/rl.json`.
//!
//! `UPDATE_VECTORS=1 cargo test -p reelhouse-domain --test rl_vectors` writes them anew.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use reelhouse_domain::Money;
use reelhouse_domain::game::{Definition, Engine, reference_games};
use reelhouse_domain::rl::{ActionSpace, ENCODER_VERSION, Encoder, Ladder, Reward, Rewarded, entries};
use reelhouse_domain::session::{Action, Observation, SessionState};
use serde_json::{Value, json};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/vectors/rl.json");

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn ladder() -> Ladder {
    let document: Value = serde_json::from_str(reference_games()[0].document).unwrap();
    let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap();
    Ladder::of_game(&Engine::compile(&definition))
}

/// Observations that reach every branch of every formula.
fn observations() -> Vec<Observation> {
    let base = Observation::initial(SessionState::Playing, Some(money("100")), Some(money("33.3333")));
    let played = Observation {
        balance: Some(money("87.6543")),
        spend_left: Some(money("12.3457")),
        stake: ladder().smallest(),
        last_payout: money("1.2345"),
        dry_run: 7,
        spins: 41,
        net: money("12.3457").negated(),
        fee: money("0.0100"),
        max_bet: Some(money("5")),
        ..base.clone()
    };
    let mut list: Vec<Observation> =
        SessionState::ALL.map(|state| Observation { state, ..played.clone() }).into_iter().collect();
    list.extend([
        base.clone(),
        Observation::initial(SessionState::Idle, None, None),
        Observation { spend_left: None, max_bet: None, ..played.clone() },
        Observation {
            balance_start: Some(Money::ZERO),
            balance: Some(Money::ZERO),
            net: Money::ZERO,
            ..played.clone()
        },
        Observation { balance_start: Some(Money::ZERO), net: money("1").negated(), ..played.clone() },
        Observation { balance_start: Some(money("0.0001")), balance: Some(money("123456.7")), ..played.clone() },
        Observation {
            state: SessionState::FreeGames,
            free_games_left: 15,
            last_payout: money("500"),
            ..played.clone()
        },
        Observation { stake: money("1000000"), max_bet: Some(money("0.01")), ..played.clone() },
        Observation { stake: Money::ZERO, last_payout: Money::ZERO, ..played.clone() },
        Observation { dry_run: u64::from(u32::MAX), spins: 1 << 53, ..played.clone() },
        Observation { balance: Some(ladder().smallest()), fee: Money::ZERO, spend_left: None, ..played },
    ]);
    list
}

fn actions() -> Vec<Action> {
    let mut list = vec![
        Action::Spin { amount: None },
        Action::CashOut,
        Action::Void,
        Action::Expire,
        Action::Bet { amount: money("1") },
        Action::Probe { spins: 3 },
        Action::Spin { amount: Some(money("0.0003")) },
    ];
    list.extend(ladder().stakes().iter().map(|stake| Action::Spin { amount: Some(*stake) }));
    list
}

fn rewards() -> Vec<Value> {
    let events = [("-1", "99", "1"), ("-1.01", "0", "1"), ("4", "12.5", "0.5"), ("0", "3", "0"), ("-0.003", "7", "0")];
    let smallest_stake = ladder().smallest();
    let case = |(moved, balance, stake): (&str, &str, &str)| {
        let moved = match moved.strip_prefix('-') {
            Some(lost) => money(lost).negated(),
            None => money(moved),
        };
        let event =
            Rewarded { moved, balance: money(balance), stake: money(stake), smallest_stake, paid_spin: stake != "0" };
        let values: serde_json::Map<String, Value> =
            Reward::ALL.into_iter().map(|reward| (reward.name().to_owned(), json!(reward.of(&event)))).collect();
        json!({ "moved": moved, "balance": event.balance, "stake": event.stake, "smallest_stake": smallest_stake,
                "paid_spin": event.paid_spin, "rewards": values })
    };
    events.map(case).into()
}

#[test]
fn encoder_vectors() {
    let (encoder, space) = (Encoder::new(ladder()), ActionSpace::new(ladder()));
    let cases: Vec<Value> = observations()
        .iter()
        .map(|seen| json!({ "observation": seen, "floats": encoder.encode(seen), "mask": space.mask(seen) }))
        .collect();
    let actions: Vec<Value> =
        actions().iter().map(|action| json!({ "action": action, "index": space.index(action) })).collect();
    let vectors = json!({
        "version": 1,
        "encoder_version": ENCODER_VERSION,
        "ladder": ladder().stakes(),
        "entries": entries(),
        "cases": cases,
        "actions": actions,
        "rewards": rewards(),
    });
    let text = serde_json::to_string_pretty(&vectors).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(PATH, &text).unwrap();
    }
    let committed = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(committed == text, "docs/vectors/rl.json is stale: run with UPDATE_VECTORS=1 and read the difference");
}
