//! The bodies of actions: what a player or an operator may ask of a session.

use reelhouse_domain::WalletId;
use reelhouse_domain::session::{Action, MAX_PROBE_SPINS};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::common::Amount;
use crate::fields::{Fields, expected};
use crate::problem::{Problem, shorten};

/// What to do in a session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Action)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ActionBody {
    /// Attach a wallet, or change it between rounds.
    AttachWallet {
        /// The wallet to play from.
        wallet_id: Uuid,
    },
    /// End a session that has no wallet.
    Close,
    /// Hold a stake for the next spin.
    Bet {
        /// The stake, in test credits: a positive multiple of the game's unit bet.
        amount: Amount,
    },
    /// Play: the held stake, the next free game, or bet and spin in one step.
    Spin {
        /// The stake of a bet and spin in one step, in test credits; absent for a held stake or a free game.
        amount: Option<Amount>,
    },
    /// Demo spins: each costs the wallet's `per_query`, without stake or payout.
    Probe {
        /// How many.
        #[schema(minimum = 1, maximum = 10_000, example = 1000)]
        spins: u32,
    },
    /// Give the held stake back.
    Void,
    /// Reveal the present server seed and draw from a fresh one, whose commitment the result publishes.
    RotateSeed {
        /// The player's share in the draws from now on, at most 256 bytes; absent to keep the present one.
        #[schema(max_length = 256, examples("my luckier words"))]
        client_seed: Option<String>,
    },
    /// End the session and reveal its server seed.
    CashOut,
    /// Hold the session (an operator's action).
    Suspend,
    /// Let the session go on (an operator's action).
    Resume,
}

impl ActionBody {
    /// Every type of action with the fields it has. The house's own `expire` is none of them.
    pub(crate) const TYPES: &[(&str, &[&str])] = &[
        ("attach_wallet", &["type", "wallet_id"]),
        ("close", &["type"]),
        ("bet", &["type", "amount"]),
        ("spin", &["type", "amount"]),
        ("probe", &["type", "spins"]),
        ("void", &["type"]),
        ("rotate_seed", &["type", "client_seed"]),
        ("cash_out", &["type"]),
        ("suspend", &["type"]),
        ("resume", &["type"]),
    ];

    /// Reads the body.
    pub(crate) fn read(mut body: Fields) -> Result<Self, Problem> {
        let names: Vec<&str> = Self::TYPES.iter().map(|(name, _)| *name).collect();
        let one_of = |found: &str| {
            let reason = format!("one of {} was expected, {found}", names.join(", "));
            Problem::invalid_request("/type", reason).with("expected", names.clone())
        };
        let name = match body.value("type") {
            Some(Value::String(name)) => name,
            Some(other) => return Err(expected("/type", "a string", &other).with("expected", names)),
            None => return Err(one_of("the field is missing")),
        };
        let known = Self::TYPES.iter().find(|(known, _)| *known == name);
        let Some((known, fields)) = known else {
            return Err(one_of(&format!("not {:?}", shorten(&name))));
        };
        let mut body = body.only(fields)?;
        match *known {
            "attach_wallet" => Ok(Self::AttachWallet { wallet_id: body.id("wallet_id")? }),
            "close" => Ok(Self::Close),
            "bet" => Ok(Self::Bet { amount: Amount(body.amount("amount")?) }),
            "spin" => Ok(Self::Spin { amount: body.amount_if_any("amount")?.map(Amount) }),
            "probe" => Ok(Self::Probe { spins: body.count("spins", MAX_PROBE_SPINS)? }),
            "void" => Ok(Self::Void),
            "rotate_seed" => Ok(Self::RotateSeed { client_seed: body.text_if_any("client_seed")? }),
            "cash_out" => Ok(Self::CashOut),
            "suspend" => Ok(Self::Suspend),
            "resume" => Ok(Self::Resume),
            _ => Err(one_of(&format!("not {:?}", shorten(&name)))),
        }
    }
}

impl From<ActionBody> for Action {
    fn from(body: ActionBody) -> Self {
        match body {
            ActionBody::AttachWallet { wallet_id } => Self::AttachWallet { wallet_id: WalletId(wallet_id) },
            ActionBody::Close => Self::Close,
            ActionBody::Bet { amount } => Self::Bet { amount: amount.0 },
            ActionBody::Spin { amount } => Self::Spin { amount: amount.map(|amount| amount.0) },
            ActionBody::Probe { spins } => Self::Probe { spins },
            ActionBody::Void => Self::Void,
            ActionBody::RotateSeed { client_seed } => Self::RotateSeed { client_seed },
            ActionBody::CashOut => Self::CashOut,
            ActionBody::Suspend => Self::Suspend,
            ActionBody::Resume => Self::Resume,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: Value) -> Result<Action, String> {
        let body = Fields::root(body).unwrap();
        ActionBody::read(body).map(Action::from).map_err(|problem| problem.to_string())
    }

    #[test]
    fn every_type_reads_as_the_action_of_its_name() {
        let fields = json!({ "amount": "1.00", "spins": 5, "wallet_id": Uuid::nil(), "client_seed": "x" });
        for (name, known) in ActionBody::TYPES {
            let mut body = json!({ "type": name });
            for field in known.iter().skip(1) {
                body[field] = fields[field].clone();
            }
            assert_eq!(read(body).unwrap().name(), *name);
        }
        assert_eq!(read(json!({ "type": "spin", "amount": null })), Ok(Action::Spin { amount: None }));
    }

    #[test]
    fn the_house_s_own_action_and_unknown_ones_are_refused_with_the_list() {
        for body in [json!({ "type": "expire" }), json!({ "type": "Spin" }), json!({}), json!({ "type": 7 })] {
            let problem = read(body).unwrap_err();
            assert!(problem.starts_with("invalid_request: /type: "), "{problem}");
        }
        assert!(read(json!({ "type": "expire" })).unwrap_err().contains("attach_wallet, close, bet"));
        assert!(read(json!({ "type": "void", "amount": "1" })).unwrap_err().contains("/amount: unknown field"));
    }
}
