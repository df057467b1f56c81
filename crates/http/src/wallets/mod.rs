//! Wallets: test credits, their operations and their ledger.

pub(crate) mod bodies;

use actix_web::HttpResponse;
use reelhouse_domain::WalletId;
use reelhouse_domain::ports::WalletFilter;

use crate::common::{OrderName, PageBody, created, ok};
use crate::cursor::List;
use crate::extract::{Body, Key, PathId, Query};
use crate::gate::Visitor;
use crate::problem::Problem;
use bodies::{LedgerEntryBody, NewOperationBody, NewWalletBody, OperationAnswerBody, WalletBody};

/// Open a wallet
///
/// An opening balance above zero is booked as a deposit from the cashier.
#[utoipa::path(
    post, path = "/wallets", tag = "wallets", operation_id = "wallet_create",
    request_body(content = NewWalletBody, example = json!({
        "balance": "100.00", "daily_limit": "50.00", "cost_rate": { "per_spin": "0.0100", "per_query": "0.0010" }
    })),
    responses((status = 201, description = "The wallet was opened.", body = WalletBody))
)]
pub(crate) async fn create(house: Visitor, key: Key, body: Body) -> Result<HttpResponse, Problem> {
    let wallet = house.wallet_create(NewWalletBody::read(body.0)?.into(), key.0).await?;
    let id = wallet.wallet_id.0;
    Ok(created("wallets", id, &WalletBody::from(wallet)))
}

/// List wallets
///
/// In the order of their ids, which is that of their making, or the newest first.
#[utoipa::path(
    get, path = "/wallets", tag = "wallets", operation_id = "wallet_list",
    params(("order" = Option<OrderName>, Query, description = "Which end the list begins at; `oldest` unless given.")),
    responses((status = 200, description = "A page of wallets.", body = PageBody<WalletBody>))
)]
pub(crate) async fn list(house: Visitor, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&["limit", "cursor", "order"])?;
    let filter = WalletFilter { owner: None, newest_first: query.newest_first()? };
    let list = List::new(if filter.newest_first { "wallets, newest first" } else { "wallets" }, "");
    let page = house.wallet_list(filter, query.after(&list)?, query.limit()?).await?;
    Ok(ok(&PageBody::<WalletBody>::of(&list, page)))
}

/// Read a wallet
#[utoipa::path(
    get, path = "/wallets/{id}", tag = "wallets", operation_id = "wallet_find",
    responses((status = 200, description = "The wallet.", body = WalletBody))
)]
pub(crate) async fn find(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(ok(&WalletBody::from(house.wallet_find(WalletId(id.0)).await?)))
}

/// Deposit, withdraw, or set the daily limit
///
/// A lower limit holds at once, a higher one from 24 hours later.
#[utoipa::path(
    post, path = "/wallets/{id}/operations", tag = "wallets", operation_id = "wallet_operate",
    request_body(content = NewOperationBody, example = json!({ "type": "deposit", "amount": "25.00" })),
    responses((status = 200, description = "The operation was done.", body = OperationAnswerBody))
)]
pub(crate) async fn operate(house: Visitor, id: PathId, key: Key, body: Body) -> Result<HttpResponse, Problem> {
    let NewOperationBody { operation, amount } = NewOperationBody::read(body.0)?;
    let (operation, wallet) = house.wallet_operate(WalletId(id.0), operation, amount.0, key.0).await?;
    Ok(ok(&OperationAnswerBody { operation: operation.into(), wallet: wallet.into() }))
}

/// Read a wallet's ledger
///
/// In the order of `seq`, or the newest first. The sum of all entries is the wallet's balance.
#[utoipa::path(
    get, path = "/wallets/{id}/ledger", tag = "wallets", operation_id = "ledger_list",
    params(("order" = Option<OrderName>, Query, description = "Which end the list begins at; `oldest` unless given.")),
    responses((status = 200, description = "A page of ledger entries.", body = PageBody<LedgerEntryBody>))
)]
pub(crate) async fn ledger(house: Visitor, id: PathId, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&["limit", "cursor", "order"])?;
    let (wallet_id, limit, newest_first) = (WalletId(id.0), query.limit()?, query.newest_first()?);
    let list = List::new(if newest_first { "ledger, newest first" } else { "ledger" }, &id.0.to_string());
    let from = query.after(&list)?;
    let page = if newest_first {
        house.ledger_newest(wallet_id, from, limit).await?
    } else {
        house.ledger_list(wallet_id, from.unwrap_or(0), limit).await?
    };
    Ok(ok(&PageBody::<LedgerEntryBody>::of(&list, page)))
}
