//! The bodies of wallets.

use chrono_tz::Tz;
use reelhouse_application::WalletView;
use reelhouse_domain::Money;
use reelhouse_domain::wallet::{
    Account, Cause, CostRate, EntryKind, LedgerEntry, NewWallet, Operation, WalletOperation,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::common::{Amount, Instant, SignedAmount};
use crate::fields::Fields;
use crate::problem::{Problem, shorten};

/// A wallet to be opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewWallet)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWalletBody {
    /// The opening balance, in test credits; it is booked as a deposit.
    balance: Amount,
    /// The hard limit on a day's spend (stakes and fees), in test credits; absent or null for none.
    daily_limit: Option<Amount>,
    /// What play costs beside its stakes; absent for nothing.
    cost_rate: Option<NewCostRateBody>,
    /// The IANA time zone whose days the limit counts.
    #[schema(default = "UTC", examples("Europe/Berlin"))]
    time_zone: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    zone: Tz,
}

/// What play shall cost beside its stakes.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = NewCostRate)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCostRateBody {
    /// Charged with every paid spin, in test credits; absent for nothing.
    per_spin: Option<Amount>,
    /// Charged with every spin of a probe, in test credits; absent for nothing.
    per_query: Option<Amount>,
}

impl NewWalletBody {
    /// The fields of the body.
    pub(crate) const FIELDS: &[&str] = &["balance", "daily_limit", "cost_rate", "time_zone"];

    /// Reads the body.
    pub(crate) fn read(body: Fields) -> Result<Self, Problem> {
        let mut body = body.only(Self::FIELDS)?;
        let balance = Amount(body.amount("balance")?);
        let daily_limit = body.amount_if_any("daily_limit")?.map(Amount);
        let cost_rate = body.object_if_any("cost_rate")?.map(NewCostRateBody::read).transpose()?;
        let pointer = body.pointer("time_zone");
        let time_zone = body.text_if_any("time_zone")?;
        let zone = time_zone.as_ref().map_or(Ok(Tz::UTC), |name| {
            name.parse().map_err(|_| {
                let reason = format!("an IANA time zone such as Europe/Berlin was expected, not {:?}", shorten(name));
                Problem::invalid_request(&pointer, reason)
            })
        })?;
        Ok(Self { balance, daily_limit, cost_rate, time_zone, zone })
    }
}

impl NewCostRateBody {
    /// The fields of the object.
    pub(crate) const FIELDS: &[&str] = &["per_spin", "per_query"];

    fn read(body: Fields) -> Result<Self, Problem> {
        let mut body = body.only(Self::FIELDS)?;
        Ok(Self {
            per_spin: body.amount_if_any("per_spin")?.map(Amount),
            per_query: body.amount_if_any("per_query")?.map(Amount),
        })
    }
}

impl From<NewWalletBody> for NewWallet {
    fn from(body: NewWalletBody) -> Self {
        let rate = |amount: fn(&NewCostRateBody) -> Option<Amount>| {
            body.cost_rate.as_ref().and_then(amount).map_or(Money::ZERO, |amount| amount.0)
        };
        Self {
            balance: body.balance.0,
            daily_limit: body.daily_limit.map(|limit| limit.0),
            cost_rate: CostRate { per_spin: rate(|rates| rates.per_spin), per_query: rate(|rates| rates.per_query) },
            time_zone: body.zone,
        }
    }
}

/// A wallet of test credits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Wallet)]
pub(crate) struct WalletBody {
    /// The wallet's id.
    wallet_id: Uuid,
    /// The `play` key that it belongs to; null for a wallet of nobody in particular.
    #[schema(required)]
    owner: Option<Uuid>,
    /// What is there to be spent, in test credits: the sum of the wallet's ledger entries, never negative.
    balance: Amount,
    /// The daily limit in force, in test credits; null for none.
    #[schema(required)]
    daily_limit: Option<Amount>,
    /// A higher limit that waits to come into force; null for none.
    #[schema(required)]
    pending_daily_limit: Option<PendingLimitBody>,
    /// Stakes and fees of the present day of the time zone, in test credits.
    spent_today: Amount,
    /// What play costs beside its stakes.
    cost_rate: CostRateBody,
    /// The IANA time zone whose days the limit counts.
    #[schema(examples("UTC"))]
    time_zone: String,
    /// When the wallet was opened.
    created_at: Instant,
    /// When the wallet last changed.
    updated_at: Instant,
}

/// A higher daily limit that waits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PendingDailyLimit)]
pub(crate) struct PendingLimitBody {
    /// The limit to come, in test credits.
    daily_limit: Amount,
    /// From when it holds: 24 hours after it was asked for.
    from: Instant,
}

/// What play costs beside its stakes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostRate)]
pub(crate) struct CostRateBody {
    /// Charged with every paid spin, in test credits.
    per_spin: Amount,
    /// Charged with every spin of a probe, in test credits.
    per_query: Amount,
}

impl From<WalletView> for WalletBody {
    fn from(wallet: WalletView) -> Self {
        let pending = wallet.pending_daily_limit;
        Self {
            wallet_id: wallet.wallet_id.0,
            owner: wallet.owner.map(|key| key.0),
            balance: Amount(wallet.balance),
            daily_limit: wallet.daily_limit.map(Amount),
            pending_daily_limit: pending
                .map(|(limit, from)| PendingLimitBody { daily_limit: Amount(limit), from: Instant(from) }),
            spent_today: Amount(wallet.spent_today),
            cost_rate: CostRateBody {
                per_spin: Amount(wallet.cost_rate.per_spin),
                per_query: Amount(wallet.cost_rate.per_query),
            },
            time_zone: wallet.time_zone,
            created_at: Instant(wallet.created_at),
            updated_at: Instant(wallet.updated_at),
        }
    }
}

/// What is done to a wallet from outside of play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OperationType)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OperationName {
    /// Pay test credits in.
    Deposit,
    /// Pay test credits out.
    Withdraw,
    /// Set the daily limit: a lower one holds at once, a higher one from 24 hours later.
    SetDailyLimit,
}

impl From<Operation> for OperationName {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Deposit => Self::Deposit,
            Operation::Withdraw => Self::Withdraw,
            Operation::SetDailyLimit => Self::SetDailyLimit,
        }
    }
}

/// An operation to be done on a wallet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewOperation)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOperationBody {
    /// What to do.
    #[serde(rename = "type")]
    #[schema(value_type = OperationName)]
    pub(crate) operation: Operation,
    /// How much, above zero for a deposit or a withdrawal; or the limit to set. In test credits.
    pub(crate) amount: Amount,
}

impl NewOperationBody {
    /// The fields of the body.
    pub(crate) const FIELDS: &[&str] = &["type", "amount"];

    /// Reads the body.
    pub(crate) fn read(body: Fields) -> Result<Self, Problem> {
        const ALL: [Operation; 3] = [Operation::Deposit, Operation::Withdraw, Operation::SetDailyLimit];
        let mut body = body.only(Self::FIELDS)?;
        let name = body.text("type")?;
        let operation = ALL.into_iter().find(|operation| operation.name() == name).ok_or_else(|| {
            let names = ALL.map(Operation::name);
            let reason = format!("one of {} was expected, not {:?}", names.join(", "), shorten(&name));
            Problem::invalid_request("/type", reason).with("expected", names.to_vec())
        })?;
        Ok(Self { operation, amount: Amount(body.amount("amount")?) })
    }
}

/// An operation that was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Operation)]
pub(crate) struct OperationBody {
    /// The operation's id.
    operation_id: Uuid,
    /// The wallet it was done to.
    wallet_id: Uuid,
    /// What was done.
    #[serde(rename = "type")]
    operation: OperationName,
    /// How much, or the limit that was asked for, in test credits.
    amount: Amount,
    /// When it was done.
    timestamp: Instant,
}

impl From<WalletOperation> for OperationBody {
    fn from(done: WalletOperation) -> Self {
        Self {
            operation_id: done.operation_id.0,
            wallet_id: done.wallet_id.0,
            operation: done.operation.into(),
            amount: Amount(done.amount),
            timestamp: Instant(done.timestamp),
        }
    }
}

/// An operation that was done, and the wallet after it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OperationAnswer)]
pub(crate) struct OperationAnswerBody {
    /// The operation.
    pub(crate) operation: OperationBody,
    /// The wallet.
    pub(crate) wallet: WalletBody,
}

/// The counter-account of a ledger entry.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Account)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountName {
    /// Takes stakes, pays payouts and refunds.
    House,
    /// Takes fees.
    Fees,
    /// Where test credits come from and go to.
    Cashier,
}

/// What a ledger entry is for.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = EntryKind)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntryKindName {
    /// A stake, to the house.
    Stake,
    /// A payout, from the house.
    Payout,
    /// A held stake given back, from the house.
    Refund,
    /// A fee, to the fees account.
    Fee,
    /// Test credits paid in, from the cashier.
    Deposit,
    /// Test credits paid out, to the cashier.
    Withdrawal,
}

/// One entry of a wallet's ledger. It is both sides of a double entry: `amount` to the wallet,
/// `-amount` to `account`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub(crate) struct LedgerEntryBody {
    /// The entry's id.
    entry_id: Uuid,
    /// The wallet whose balance changed.
    wallet_id: Uuid,
    /// The entry's place in its wallet's ledger: 1, 2, 3 … without a gap.
    #[schema(minimum = 1)]
    seq: i64,
    /// The counter-account.
    account: AccountName,
    /// What the entry is for.
    kind: EntryKindName,
    /// The change of the wallet's balance, signed, in test credits.
    amount: SignedAmount,
    /// The wallet's balance before the entry.
    balance_before: Amount,
    /// The wallet's balance after the entry.
    balance_after: Amount,
    /// The gameplay event that moved the money; else there is an `operation_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Uuid>,
    /// The operation that moved the money; else there is an `event_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_id: Option<Uuid>,
    /// When it happened.
    timestamp: Instant,
}

impl From<LedgerEntry> for LedgerEntryBody {
    fn from(entry: LedgerEntry) -> Self {
        let (event_id, operation_id) = match entry.cause {
            Cause::Event(id) => (Some(id.0), None),
            Cause::Operation(id) => (None, Some(id.0)),
        };
        Self {
            entry_id: entry.entry_id.0,
            wallet_id: entry.wallet_id.0,
            seq: entry.seq,
            account: match entry.account {
                Account::House => AccountName::House,
                Account::Fees => AccountName::Fees,
                Account::Cashier => AccountName::Cashier,
            },
            kind: match entry.kind {
                EntryKind::Stake => EntryKindName::Stake,
                EntryKind::Payout => EntryKindName::Payout,
                EntryKind::Refund => EntryKindName::Refund,
                EntryKind::Fee => EntryKindName::Fee,
                EntryKind::Deposit => EntryKindName::Deposit,
                EntryKind::Withdrawal => EntryKindName::Withdrawal,
            },
            amount: SignedAmount(entry.amount),
            balance_before: Amount(entry.balance_before),
            balance_after: Amount(entry.balance_after),
            event_id,
            operation_id,
            timestamp: Instant(entry.timestamp),
        }
    }
}
