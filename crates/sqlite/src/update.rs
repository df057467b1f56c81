//! Updates as statements that stay prepared: diesel's own UPDATE is prepared anew each time.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Nullable, SmallInt, Text};
use diesel::sqlite::Sqlite;

use crate::rows::{SessionChange, WalletMarkRow, WalletRow};

/// Gives a statement the traits to be run, and its type as the name that it is prepared under.
macro_rules! prepared {
    ($statement:ident) => {
        impl QueryId for $statement<'_> {
            type QueryId = $statement<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl RunQueryDsl<SqliteConnection> for $statement<'_> {}
    };
}

/// Updates a wallet: everything but its key and when it was made, if it is still what is remembered of it. Names no
/// indexed column, so that no index is written.
pub(crate) struct UpdateWallet<'a>(pub(crate) &'a WalletRow, pub(crate) Option<&'a WalletMarkRow>);

prepared!(UpdateWallet);

impl QueryFragment<Sqlite> for UpdateWallet<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let row = self.0;
        out.push_sql("UPDATE wallets SET balance = ");
        out.push_bind_param::<BigInt, _>(&row.balance)?;
        out.push_sql(", daily_limit = ");
        out.push_bind_param::<Nullable<BigInt>, _>(&row.daily_limit)?;
        out.push_sql(", raised_limit = ");
        out.push_bind_param::<Nullable<BigInt>, _>(&row.raised_limit)?;
        out.push_sql(", raised_from = ");
        out.push_bind_param::<Nullable<Text>, _>(&row.raised_from)?;
        out.push_sql(", cost_rate = ");
        out.push_bind_param::<Text, _>(&row.cost_rate)?;
        out.push_sql(", time_zone = ");
        out.push_bind_param::<Text, _>(&row.time_zone)?;
        out.push_sql(", spend_day = ");
        out.push_bind_param::<Text, _>(&row.spend_day)?;
        out.push_sql(", spent = ");
        out.push_bind_param::<BigInt, _>(&row.spent)?;
        out.push_sql(", ledger_seq = ");
        out.push_bind_param::<BigInt, _>(&row.ledger_seq)?;
        out.push_sql(", updated_at = ");
        out.push_bind_param::<Text, _>(&row.updated_at)?;
        out.push_sql(" WHERE shard = ");
        out.push_bind_param::<SmallInt, _>(&row.shard)?;
        out.push_sql(" AND wallet_id = ");
        out.push_bind_param::<Text, _>(&row.wallet_id)?;
        let was = self.1.unwrap_or(&WalletMarkRow::NONE);
        out.push_sql(" AND (");
        out.push_bind_param::<Nullable<BigInt>, _>(&was.ledger_seq)?;
        out.push_sql(" IS NULL OR (ledger_seq = ");
        out.push_bind_param::<Nullable<BigInt>, _>(&was.ledger_seq)?;
        out.push_sql(" AND daily_limit IS ");
        out.push_bind_param::<Nullable<BigInt>, _>(&was.daily_limit)?;
        out.push_sql(" AND raised_limit IS ");
        out.push_bind_param::<Nullable<BigInt>, _>(&was.raised_limit)?;
        out.push_sql(" AND raised_from IS ");
        out.push_bind_param::<Nullable<Text>, _>(&was.raised_from)?;
        out.push_sql("))");
        Ok(())
    }
}

/// Updates what an action changes of a session, if it has still as many events as are remembered. Names no indexed
/// column, as most actions move none.
pub(crate) struct UpdateSession<'a>(pub(crate) &'a SessionChange, pub(crate) Option<i64>);

prepared!(UpdateSession);

impl QueryFragment<Sqlite> for UpdateSession<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let row = self.0;
        out.push_sql("UPDATE sessions SET state = ");
        out.push_bind_param::<Text, _>(&row.state)?;
        out.push_sql(", suspended_from = ");
        out.push_bind_param::<Nullable<Text>, _>(&row.suspended_from)?;
        out.push_sql(", metrics = ");
        out.push_bind_param::<Text, _>(&row.metrics)?;
        out.push_sql(", server_seed = ");
        out.push_bind_param::<Binary, _>(&row.server_seed)?;
        out.push_sql(", client_seed = ");
        out.push_bind_param::<Text, _>(&row.client_seed)?;
        out.push_sql(", nonce = ");
        out.push_bind_param::<BigInt, _>(&row.nonce)?;
        out.push_sql(", round = ");
        out.push_bind_param::<Nullable<Text>, _>(&row.round)?;
        out.push_sql(", observation = ");
        out.push_bind_param::<Text, _>(&row.observation)?;
        out.push_sql(", last_seq = ");
        out.push_bind_param::<BigInt, _>(&row.last_seq)?;
        out.push_sql(", chain_head = ");
        out.push_bind_param::<Binary, _>(&row.chain_head)?;
        out.push_sql(", updated_at = ");
        out.push_bind_param::<Text, _>(&row.updated_at)?;
        out.push_sql(" WHERE shard = ");
        out.push_bind_param::<SmallInt, _>(&row.shard)?;
        out.push_sql(" AND session_id = ");
        out.push_bind_param::<Text, _>(&row.session_id)?;
        out.push_sql(" AND last_seq = coalesce(");
        out.push_bind_param::<Nullable<BigInt>, _>(&self.1)?;
        out.push_sql(", last_seq)");
        Ok(())
    }
}

/// Updates the indexed columns of a session, if they change.
pub(crate) struct MoveSession<'a>(pub(crate) &'a SessionChange);

prepared!(MoveSession);

impl QueryFragment<Sqlite> for MoveSession<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let row = self.0;
        out.push_sql("UPDATE sessions SET current_wallet_id = ");
        out.push_bind_param::<Nullable<Text>, _>(&row.current_wallet_id)?;
        out.push_sql(", idle_check_at = ");
        out.push_bind_param::<Nullable<Text>, _>(&row.idle_check_at)?;
        out.push_sql(" WHERE shard = ");
        out.push_bind_param::<SmallInt, _>(&row.shard)?;
        out.push_sql(" AND session_id = ");
        out.push_bind_param::<Text, _>(&row.session_id)?;
        out.push_sql(" AND (current_wallet_id IS NOT ");
        out.push_bind_param::<Nullable<Text>, _>(&row.current_wallet_id)?;
        out.push_sql(" OR idle_check_at IS NOT ");
        out.push_bind_param::<Nullable<Text>, _>(&row.idle_check_at)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Puts a profile in the place of a pending or rejected one.
pub(crate) struct UpdateProfile<'a> {
    pub(crate) game_id: &'a str,
    pub(crate) profile: &'a str,
}

prepared!(UpdateProfile);

impl QueryFragment<Sqlite> for UpdateProfile<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("UPDATE games SET statistical_profile = ");
        out.push_bind_param::<Text, _>(self.profile)?;
        out.push_sql(" WHERE game_id = ");
        out.push_bind_param::<Text, _>(self.game_id)?;
        out.push_sql(" AND statistical_profile ->> 'method' IN ('pending', 'rejected')");
        Ok(())
    }
}
