//! The bodies of actions: what a player or an operator may ask of a session, one at a time or as a list.

use reelhouse_application::MAX_ACTIONS;
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

/// One action, or 1 to 1000 of them that are done in their order and in one transaction.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActRequest)]
#[serde(untagged)]
pub(crate) enum ActBody {
    /// One action.
    One(ActionBody),
    /// A list of actions.
    Many(ActionListBody),
}

/// Actions, in the order in which they are to be done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActionList, min_items = 1, max_items = 1000)]
#[serde(transparent)]
pub(crate) struct ActionListBody(pub(crate) Vec<ActionBody>);

impl ActBody {
    /// Reads the body.
    pub(crate) fn read(body: Value) -> Result<Self, Problem> {
        let Value::Array(items) = body else {
            return ActionBody::read(Fields::root(body)?).map(Self::One);
        };
        if items.is_empty() || items.len() > MAX_ACTIONS {
            let reason = format!("1 to {MAX_ACTIONS} actions were expected, not {}", items.len());
            return Err(Problem::invalid_request("", reason));
        }
        let read = |(index, item)| ActionBody::read(Fields::of(format!("/{index}"), item)?);
        items.into_iter().enumerate().map(read).collect::<Result<_, _>>().map(|list| Self::Many(ActionListBody(list)))
    }
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
        let at = body.pointer("type");
        let names = || Self::TYPES.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let one_of = |found: &str| {
            let reason = format!("one of {} was expected, {found}", names().join(", "));
            Problem::invalid_request(&at, reason).with("expected", names())
        };
        let name = match body.value("type") {
            Some(Value::String(name)) => name,
            Some(other) => return Err(expected(&at, "a string", &other).with("expected", names())),
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
    fn a_list_is_read_item_by_item_and_refused_by_the_item() {
        let read = |body: Value| ActBody::read(body).map_err(|problem| problem.to_string());
        assert!(matches!(read(json!({ "type": "void" })), Ok(ActBody::One(ActionBody::Void))));
        let many = read(json!([{ "type": "void" }, { "type": "spin", "amount": "1.00" }])).unwrap();
        assert!(matches!(&many, ActBody::Many(list) if list.0.len() == 2), "{many:?}");
        assert!(read(json!(vec![json!({ "type": "void" }); 1000])).is_ok());
        for (body, problem) in [
            (json!([]), "invalid_request: 1 to 1000 actions were expected, not 0"),
            (
                json!(vec![json!({ "type": "void" }); 1001]),
                "invalid_request: 1 to 1000 actions were expected, not 1001",
            ),
            (json!([{ "type": "void" }, 7]), "invalid_request: /1: an object was expected"),
            (json!([{ "type": "void" }, {}]), "invalid_request: /1/type: one of"),
            (json!([{ "type": "bet", "amount": "x" }]), "invalid_amount: /0/amount: "),
            (json!([{ "type": "void", "x": 1 }]), "invalid_request: /0/x: unknown field"),
            (json!("void"), "invalid_request: an object was expected"),
        ] {
            let found = read(body).unwrap_err();
            assert!(found.starts_with(problem), "{found}");
        }
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
