//! Statements whose text never changes, so that each connection prepares each of them once.
//!
//! `diesel::sql_query` is prepared anew every time. A [`Statement`] is known to the connection's
//! statement cache by its type.

use std::borrow::Cow;
use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, Date, Double, Integer, Jsonb, Nullable, Numeric, SmallInt, Text, Timestamptz, Untyped,
    Uuid,
};

use crate::columns::Json;
use crate::numeric::Amount;

/// The text of a statement: its parameters are `$1`, `$2` … in the order in which they are first named. The documents
/// that the rows of a batch share are `$0`.
pub(crate) trait Sql: 'static {
    /// The text.
    const TEXT: &'static str;
    /// What follows the text.
    const END: &'static str = "";
}

/// A statement about the rows of a table named `t`, for a distributed table: it says in the end, with one parameter
/// more, which shards the rows are of, so that only their parts are asked. One machine would only lose time over it.
pub(crate) struct OfShards<S>(PhantomData<fn() -> S>);

impl<S: Sql> Sql for OfShards<S> {
    const TEXT: &'static str = S::TEXT;
    const END: &'static str = " AND t.shard = ANY($99)";
}

/// A column of values, bound as one array.
pub(crate) enum Bind<'a> {
    /// `bool[]`
    Bools(Vec<bool>),
    /// `smallint[]`
    Shorts(Vec<i16>),
    /// `integer[]`
    Integers(Vec<i32>),
    /// `bigint[]`
    Longs(Vec<i64>),
    /// `bigint[]` with nulls
    Counts(Vec<Option<i64>>),
    /// `double precision[]`
    Doubles(Vec<f64>),
    /// `numeric[]`
    Amounts(Vec<Option<Amount>>),
    /// `uuid[]`
    Uuids(Vec<Option<uuid::Uuid>>),
    /// `text[]`
    Texts(Vec<Option<&'a str>>),
    /// `bytea[]`
    Bytes(Vec<&'a [u8]>),
    /// `jsonb[]`
    Jsons(Vec<Option<Json>>),
    /// `date[]`
    Dates(Vec<NaiveDate>),
    /// `timestamptz[]`
    Times(Vec<Option<DateTime<Utc>>>),
}

impl Bind<'_> {
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Self::Bools(values) => out.push_bind_param::<Array<Bool>, _>(values),
            Self::Shorts(values) => out.push_bind_param::<Array<SmallInt>, _>(values),
            Self::Integers(values) => out.push_bind_param::<Array<Integer>, _>(values),
            Self::Longs(values) => out.push_bind_param::<Array<BigInt>, _>(values),
            Self::Counts(values) => out.push_bind_param::<Array<Nullable<BigInt>>, _>(values),
            Self::Doubles(values) => out.push_bind_param::<Array<Double>, _>(values),
            Self::Amounts(values) => out.push_bind_param::<Array<Nullable<Numeric>>, _>(values),
            Self::Uuids(values) => out.push_bind_param::<Array<Nullable<Uuid>>, _>(values),
            Self::Texts(values) => out.push_bind_param::<Array<Nullable<Text>>, _>(values),
            Self::Bytes(values) => out.push_bind_param::<Array<Binary>, _>(values),
            Self::Jsons(values) => out.push_bind_param::<Array<Nullable<Jsonb>>, _>(values),
            Self::Dates(values) => out.push_bind_param::<Array<Date>, _>(values),
            Self::Times(values) => out.push_bind_param::<Array<Nullable<Timestamptz>>, _>(values),
        }
    }
}

/// A statement with the values of its parameters.
pub(crate) struct Statement<'a, S> {
    binds: Vec<Bind<'a>>,
    sql: PhantomData<fn() -> S>,
}

impl<'a, S: Sql> Statement<'a, S> {
    pub(crate) fn new(binds: Vec<Bind<'a>>) -> Self {
        Self { binds, sql: PhantomData }
    }
}

impl<S: Sql> QueryFragment<Pg> for Statement<'_, S> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        Numbering::new(None).push([S::TEXT, S::END], &self.binds, out)
    }
}

/// Numbers the parameters of a statement, whatever texts it is put together from.
struct Numbering<'b> {
    /// How many parameters there are so far.
    last: usize,
    documents: Option<&'b Bind<'b>>,
    /// The number of the documents, once they were named.
    number: Option<usize>,
}

impl<'b> Numbering<'b> {
    fn new(documents: Option<&'b Bind<'b>>) -> Self {
        Self { last: 0, documents, number: None }
    }

    /// Writes texts with their parameters, each numbered anew.
    fn push(&mut self, texts: [&str; 2], binds: &'b [Bind<'_>], mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let no_value = || Error::QueryBuilderError("a parameter has no value".into());
        let mut numbers = Vec::with_capacity(binds.len());
        for text in texts {
            let mut pieces = text.split('$');
            out.push_sql(pieces.next().unwrap_or_default());
            for piece in pieces {
                let rest = piece.trim_start_matches(|digit: char| digit.is_ascii_digit());
                let name: usize = piece[..piece.len() - rest.len()].parse().map_err(|_| no_value())?;
                let known = if name == 0 { self.number } else { numbers.get(name - 1).copied() };
                match known {
                    Some(number) => out.push_sql(&format!("${number}")),
                    None if name == 0 => {
                        self.bind(self.documents.ok_or_else(no_value)?, &mut out)?;
                        self.number = Some(self.last);
                    }
                    None => {
                        self.bind(binds.get(numbers.len()).ok_or_else(no_value)?, &mut out)?;
                        numbers.push(self.last);
                    }
                }
                out.push_sql(rest);
            }
        }
        if numbers.len() < binds.len() {
            return Err(Error::QueryBuilderError("a value has no parameter".into()));
        }
        Ok(())
    }

    fn bind(&mut self, bind: &'b Bind<'_>, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.last += 1;
        bind.push(out)
    }
}

impl<S: Sql> QueryId for Statement<'_, S> {
    type QueryId = Statement<'static, S>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Sql> Query for Statement<'_, S> {
    type SqlType = Untyped;
}

/// How many rows are picked from their columns one by one: few of them cost less so than by `unnest`, for which the
/// server keeps a table for each column. Finding one goes through all before it, so of many this is slow.
const FEW: usize = 64;

/// The text with `unnest($1, $2 …)` put in other words, for few rows.
fn picked(text: &str) -> Option<String> {
    let (before, rest) = text.split_once("unnest(")?;
    let (columns, behind) = rest.split_once(')')?;
    let picked: Vec<String> = columns.split(',').map(|column| format!("({})[i]", column.trim())).collect();
    let name = if behind.trim_start().starts_with("AS n ") { "" } else { " AS n" };
    Some(format!("{before}(SELECT {} FROM generate_subscripts($1, 1) AS i){name}{behind}", picked.join(", ")))
}

/// A statement that writes rows, with the values of its parameters.
pub(crate) struct Part<'a> {
    text: Cow<'static, str>,
    end: &'static str,
    rows: usize,
    binds: Vec<Bind<'a>>,
    /// How many rows it is to update; none when it inserts them.
    pub(crate) updates: Option<i64>,
}

impl<'a> Part<'a> {
    pub(crate) fn new<S: Sql>(rows: usize, binds: Vec<Bind<'a>>, updates: bool) -> Self {
        let updates = updates.then(|| i64::try_from(rows).unwrap_or(i64::MAX));
        Self { text: Cow::Borrowed(S::TEXT), end: S::END, rows, binds, updates }
    }
}

/// A part as a statement by itself.
pub(crate) struct Apart<'a> {
    pub(crate) part: Part<'a>,
    pub(crate) documents: &'a Bind<'a>,
}

impl QueryFragment<Pg> for Apart<'_> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        Numbering::new(Some(self.documents)).push([&self.part.text, self.part.end], &self.part.binds, out)
    }
}

/// Several statements in one, which tells how many rows each of those that update has found: an array in their order.
///
/// A statement costs the server about as much as a few rows do, so a batch that is one statement may be small. The
/// updates are carried out in their order, and before the inserts.
pub(crate) struct Together<'a> {
    parts: Vec<Part<'a>>,
    documents: Bind<'a>,
    /// What the counts must be: other ones are an error of the statement, by which the transaction is undone.
    checked: Option<Bind<'a>>,
}

impl<'a> Together<'a> {
    pub(crate) fn new(mut parts: Vec<Part<'a>>, documents: Bind<'a>, checked: Option<Bind<'a>>) -> Self {
        if parts.iter().all(|part| part.rows <= FEW) {
            for part in &mut parts {
                if let Some(text) = picked(&part.text) {
                    part.text = Cow::Owned(text);
                }
            }
        }
        Self { parts, documents, checked }
    }
}

impl QueryFragment<Pg> for Together<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut numbering = Numbering::new(Some(&self.documents));
        for (at, part) in self.parts.iter().enumerate() {
            out.push_sql(if at == 0 { "WITH " } else { ", " });
            out.push_sql(&format!("p{at} AS ("));
            numbering.push([&part.text, part.end], &part.binds, out.reborrow())?;
            out.push_sql(if part.updates.is_some() { " RETURNING 1)" } else { ")" });
        }
        let updates = self.parts.iter().enumerate().filter(|(_, part)| part.updates.is_some());
        let counts: Vec<_> = updates.map(|(at, _)| format!("(SELECT count(*) FROM p{at})")).collect();
        let counts = format!("ARRAY[{}]::bigint[]", counts.join(", "));
        match &self.checked {
            Some(expected) => {
                out.push_sql(&format!(" SELECT check_updated({counts}, "));
                expected.push(&mut out)?;
                out.push_sql(") AS written");
            }
            None => out.push_sql(&format!(" SELECT {counts} AS written")),
        }
        Ok(())
    }
}

/// Gives a statement whose text is put together what it takes to be run. It is known to the connection's statement
/// cache by its text.
macro_rules! composed {
    ($statement:ident) => {
        impl QueryId for $statement<'_> {
            type QueryId = ();

            const HAS_STATIC_QUERY_ID: bool = false;
        }

        impl Query for $statement<'_> {
            type SqlType = Untyped;
        }
    };
}

composed!(Apart);
composed!(Together);

#[cfg(test)]
mod tests {
    use super::picked;

    #[test]
    fn few_rows_are_picked_from_their_columns() {
        let insert = "INSERT INTO t (a, b) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING";
        let few = "INSERT INTO t (a, b) SELECT * FROM \
            (SELECT ($1)[i], ($2)[i] FROM generate_subscripts($1, 1) AS i) AS n ON CONFLICT DO NOTHING";
        assert_eq!(picked(insert).as_deref(), Some(few));
        let update = "UPDATE t SET a = n.a FROM unnest($1, $2::state[],\n    $3) AS n (id, a, b) WHERE t.id = n.id";
        let few = "UPDATE t SET a = n.a FROM (SELECT ($1)[i], ($2::state[])[i], ($3)[i] \
            FROM generate_subscripts($1, 1) AS i) AS n (id, a, b) WHERE t.id = n.id";
        assert_eq!(picked(update).as_deref(), Some(few));
    }
}
