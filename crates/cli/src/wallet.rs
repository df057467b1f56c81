//! `reel wallet`: wallets of test credits.

use clap::{Args, Subcommand};
use reelhouse_client::{LedgerEntry, NewCostRate, NewWallet, OperationAnswer, OperationType, Wallet};
use reelhouse_domain::{Money, WalletId};

use crate::args::{Length, Once, amount};
use crate::failure::Failure;
use crate::output::{Column, Output, change, credits, credits_if_any, instant};
use crate::profile::Connection;

/// What is done with wallets.
#[derive(Debug, Subcommand)]
pub(crate) enum WalletCommand {
    /// Open a wallet.
    #[command(after_help = "Examples:\n  reel wallet create --balance 100 --daily-limit 50\n  \
                            WALLET=$(reel wallet create --balance 100 -q)")]
    Create(NewWalletArguments),
    /// Show a wallet.
    Show {
        /// The wallet's id.
        wallet: WalletId,
    },
    /// List the wallets.
    List(Length),
    /// Pay test credits in.
    Deposit(Change),
    /// Pay test credits out.
    Withdraw(Change),
    /// Set the daily limit: a lower one holds at once, a higher one from 24 hours later.
    Limit(Change),
    /// List the entries of a wallet's ledger.
    Ledger {
        /// The wallet's id.
        wallet: WalletId,
        #[command(flatten)]
        length: Length,
    },
}

/// A wallet to be opened.
#[derive(Debug, Args)]
pub(crate) struct NewWalletArguments {
    /// The opening balance, in test credits.
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    balance: Money,
    /// The hard limit on what a day's play may cost, in test credits.
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    daily_limit: Option<Money>,
    /// A fee with every paid spin, in test credits.
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    per_spin: Option<Money>,
    /// A fee with every spin of a probe, in test credits.
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    per_query: Option<Money>,
    /// The IANA time zone whose days the limit counts [default: UTC].
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    #[command(flatten)]
    once: Once,
}

/// A change of a wallet.
#[derive(Debug, Args)]
pub(crate) struct Change {
    /// The wallet's id.
    wallet: WalletId,
    /// How much, in test credits.
    #[arg(value_parser = amount)]
    amount: Money,
    #[command(flatten)]
    once: Once,
}

pub(crate) fn run(command: WalletCommand, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let client = connection.client()?;
    match command {
        WalletCommand::Create(arguments) => create(arguments, connection, output),
        WalletCommand::Show { wallet } => {
            let answer = client.wallet_find(wallet)?;
            output.thing(&answer, answer.body.wallet_id, record)
        }
        WalletCommand::List(length) => {
            let columns = [
                Column::Left("ID"),
                Column::Right("BALANCE"),
                Column::Right("SPENT TODAY"),
                Column::Right("DAILY LIMIT"),
                Column::Left("CHANGED"),
            ];
            output.list(
                client.wallet_list(length.most()),
                &columns,
                |wallet: &Wallet| wallet.wallet_id.to_string(),
                row,
            )
        }
        WalletCommand::Deposit(change) => operate(OperationType::Deposit, change, connection, output),
        WalletCommand::Withdraw(change) => operate(OperationType::Withdraw, change, connection, output),
        WalletCommand::Limit(change) => operate(OperationType::SetDailyLimit, change, connection, output),
        WalletCommand::Ledger { wallet, length } => {
            let columns = [
                Column::Right("SEQ"),
                Column::Left("TIME"),
                Column::Left("KIND"),
                Column::Left("ACCOUNT"),
                Column::Right("AMOUNT"),
                Column::Right("BALANCE"),
            ];
            let items = client.ledger_list(wallet, length.most());
            output.list(items, &columns, |entry: &LedgerEntry| entry.entry_id.to_string(), entry_row)
        }
    }
}

fn create(arguments: NewWalletArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let NewWalletArguments { balance, daily_limit, per_spin, per_query, time_zone, once } = arguments;
    let priced = per_spin.is_some() || per_query.is_some();
    let cost_rate = priced.then_some(NewCostRate { per_spin, per_query });
    let new = NewWallet { balance, daily_limit, cost_rate, time_zone };
    let answer = connection.client()?.wallet_create(&new, &once.key())?;
    output.thing(&answer, answer.body.wallet_id, record)
}

fn operate(kind: OperationType, change: Change, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let Change { wallet, amount, once } = change;
    let answer = connection.client()?.wallet_operate(wallet, kind, amount, &once.key())?;
    let id = answer.body.operation.operation_id;
    output.thing(&answer, id, |done: &OperationAnswer| record(&done.wallet))
}

fn row(wallet: &Wallet) -> Vec<String> {
    vec![
        wallet.wallet_id.to_string(),
        credits(wallet.balance),
        credits(wallet.spent_today),
        credits_if_any(wallet.daily_limit),
        instant(wallet.updated_at),
    ]
}

fn record(wallet: &Wallet) -> Vec<(&'static str, String)> {
    let mut limit = credits_if_any(wallet.daily_limit);
    if let Some(pending) = wallet.pending_daily_limit {
        limit.push_str(&format!("; {} from {}", credits(pending.daily_limit), instant(pending.from)));
    }
    let mut lines = vec![
        ("Wallet", wallet.wallet_id.to_string()),
        ("Balance", credits(wallet.balance)),
        ("Daily limit", limit),
        ("Spent today", format!("{} (days of {})", credits(wallet.spent_today), wallet.time_zone)),
    ];
    if !(wallet.cost_rate.per_spin.is_zero() && wallet.cost_rate.per_query.is_zero()) {
        let (spin, query) = (credits(wallet.cost_rate.per_spin), credits(wallet.cost_rate.per_query));
        lines.push(("Fees", format!("{spin} a spin, {query} a spin of a probe")));
    }
    lines.push(("Opened", instant(wallet.created_at)));
    lines
}

fn entry_row(entry: &LedgerEntry) -> Vec<String> {
    vec![
        entry.seq.to_string(),
        instant(entry.timestamp),
        entry.kind.clone(),
        entry.account.clone(),
        change(entry.amount),
        credits(entry.balance_after),
    ]
}
