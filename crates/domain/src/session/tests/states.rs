//! Every state with every action: the state that follows, or the refusal.

use super::*;
use SessionState::{BetPlaced, Completed, Expired, FreeGames, Idle, Initialized, Playing, Suspended};

/// One row of the contract's table, suspensions told apart by what was suspended.
struct Row {
    name: &'static str,
    state: SessionState,
    /// How a session with a wallet gets there; a session without one for `Idle` and what follows.
    path: Vec<Action>,
    with_wallet: bool,
    /// The actions that are taken, with the state after them.
    legal: &'static [(&'static str, SessionState)],
    /// What a refusal names as allowed.
    allowed: &'static [&'static str],
}

fn row(
    name: &'static str,
    state: SessionState,
    path: &[Action],
    legal: &'static [(&'static str, SessionState)],
    allowed: &'static [&'static str],
) -> Row {
    Row { name, state, path: path.to_vec(), with_wallet: true, legal, allowed }
}

fn table() -> Vec<Row> {
    use Action::{CashOut, Close, Expire, Suspend};
    // The script's first round leads to free games: `dry` has a probe use it up.
    let settled = [bet("1"), SPIN];
    let free = [spin("1")];
    let with = |path: &[Action], last: Action| [path, &[last]].concat();
    let dry = |path: &[Action]| [&[Action::Probe { spins: 1 }], path].concat();
    let mut rows = vec![
        row(
            "idle",
            Idle,
            &[],
            &[("attach_wallet", Initialized), ("close", Completed), ("expire", Expired)],
            &["attach_wallet", "close"],
        ),
        row("closed", Completed, &[Close], &[], &[]),
        row("expired from idle", Expired, &[Expire], &[], &[]),
    ];
    for row in &mut rows {
        row.with_wallet = false;
    }
    rows.extend([
        row(
            "initialized",
            Initialized,
            &[],
            &[
                ("bet", BetPlaced),
                ("spin with an amount", FreeGames),
                ("probe", Initialized),
                ("rotate_seed", Initialized),
                ("cash_out", Completed),
                ("suspend", Suspended),
                ("expire", Expired),
            ],
            &["bet", "spin", "probe", "rotate_seed", "cash_out"],
        ),
        row(
            "bet placed",
            BetPlaced,
            &dry(&[bet("1")]),
            &[("spin", Playing), ("void", Initialized), ("suspend", Suspended), ("expire", Expired)],
            &["spin", "void"],
        ),
        row(
            "playing",
            Playing,
            &dry(&settled),
            &[
                ("bet", BetPlaced),
                ("spin with an amount", Playing),
                ("probe", Playing),
                ("attach_wallet", Playing),
                ("rotate_seed", Playing),
                ("cash_out", Completed),
                ("suspend", Suspended),
                ("expire", Expired),
            ],
            &["bet", "spin", "probe", "attach_wallet", "rotate_seed", "cash_out"],
        ),
        row(
            "bet placed after a round",
            BetPlaced,
            &dry(&[&settled[..], &[bet("1")]].concat()),
            &[("spin", Playing), ("void", Playing), ("suspend", Suspended), ("expire", Expired)],
            &["spin", "void"],
        ),
        row(
            "free games",
            FreeGames,
            &free,
            &[("spin", FreeGames), ("suspend", Suspended), ("expire", Expired)],
            &["spin"],
        ),
        row(
            "suspended from initialized",
            Suspended,
            &[Suspend],
            &[("resume", Initialized), ("cash_out", Completed)],
            &["resume", "cash_out"],
        ),
        row("suspended with a stake", Suspended, &[bet("1"), Suspend], &[("resume", BetPlaced)], &["resume"]),
        row(
            "suspended from playing",
            Suspended,
            &dry(&with(&settled, Suspend)),
            &[("resume", Playing), ("cash_out", Completed)],
            &["resume", "cash_out"],
        ),
        row("suspended in free games", Suspended, &with(&free, Suspend), &[("resume", FreeGames)], &["resume"]),
        row("cashed out", Completed, &[CashOut], &[], &[]),
        row("expired", Expired, &[Expire], &[], &[]),
    ]);
    rows
}

/// Every action, under the name that a refusal of it carries; `spin` alone is one without an amount.
fn actions(wallet_id: WalletId) -> Vec<(&'static str, Action)> {
    vec![
        ("attach_wallet", Action::AttachWallet { wallet_id }),
        ("close", Action::Close),
        ("bet", bet("1")),
        ("spin with an amount", spin("1")),
        ("spin", SPIN),
        ("probe", Action::Probe { spins: 1 }),
        ("void", Action::Void),
        ("rotate_seed", Action::RotateSeed { client_seed: None }),
        ("cash_out", Action::CashOut),
        ("suspend", Action::Suspend),
        ("resume", Action::Resume),
        ("expire", Action::Expire),
    ]
}

fn arrive(row: &Row) -> Play {
    let mut round = vec![PEARLS];
    round.extend([FREE_DRY; 15]);
    let script = ScriptedDealer(vec![round]);
    let wallet = purse("100");
    let mut play = Play::open(row.with_wallet.then_some(&wallet), PlayerProfile::default(), script);
    for action in &row.path {
        play.act(action).unwrap();
    }
    assert_eq!(play.session.state, row.state, "{}", row.name);
    play
}

#[test]
fn every_state_takes_its_actions_and_refuses_the_others() {
    let rows = table();
    for state in SessionState::ALL {
        assert!(rows.iter().any(|row| row.state == state), "{state} is in no row");
    }
    for row in &rows {
        let ids = Ids::default();
        let other = new_wallet(&purse("7"), 3, &ids);
        for (name, action) in actions(other.wallet_id) {
            let what = format!("{name} while {}", row.name);
            let mut play = arrive(row);
            let wallet =
                if matches!(action, Action::AttachWallet { .. }) { Some(other.clone()) } else { play.wallet.clone() };
            let outcome = play.act_with(wallet, &action);
            match row.legal.iter().find(|(legal, _)| *legal == name) {
                Some((_, next)) => {
                    assert_eq!(outcome, Ok(()), "{what}");
                    assert_eq!(play.session.state, *next, "{what}");
                }
                None => {
                    let refused = if name == "spin" { "spin without an amount" } else { name };
                    let allowed = row.allowed.iter().map(|name| (*name).to_owned()).collect();
                    let refusal = Refusal::InvalidTransition { state: row.state, action: refused.to_owned(), allowed };
                    assert_eq!(outcome, Err(refusal), "{what}");
                }
            }
            assert_eq!(play.session.suspended_from.is_some(), play.session.state == Suspended, "{what}");
        }
    }
}

#[test]
fn a_session_lists_what_its_refusals_list() {
    for row in table() {
        assert_eq!(arrive(&row).session.allowed_actions(), row.allowed, "{}", row.name);
    }
}

#[test]
fn a_refusal_that_asks_for_the_state_comes_before_one_about_the_amount() {
    let mut play = Play::scripted(&[]);
    play.take(&[bet("1")]);
    assert!(matches!(play.act(&bet("0.0001")), Err(Refusal::InvalidTransition { state: BetPlaced, .. })));
}

#[test]
fn names_round_trip() {
    for state in SessionState::ALL {
        assert_eq!(SessionState::named(state.name()), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        assert_eq!(state.is_final(), state.allowed(false).is_empty());
    }
    assert_eq!(SessionState::named("Idle"), None);
    for (_, action) in actions(WalletId::mint(noon(), Shard::default(), &Ids::default())) {
        let json = serde_json::to_value(&action).unwrap();
        assert_eq!(json["type"], action.name());
        assert_eq!(serde_json::from_value::<Action>(json).unwrap(), action);
    }
}
