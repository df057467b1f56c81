//! Which rows are stored together.

use std::collections::BTreeMap;

use diesel::QueryResult;
use diesel::prelude::QueryableByName;
use diesel::sql_types::{BigInt, Bool, SmallInt};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use reelhouse_domain::Shard;
use reelhouse_domain::id::SHARDS;
use uuid::Uuid;

use crate::statement::{Bind, Sql, Statement};

/// Which part of the distributed tables each shard's rows are in. Parts never change hands row by row: a rebalancing
/// moves a part as a whole, and only a split of a part asks for servers to be started again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// By the number of the shard; parts are numbered from 0.
    part_of: Vec<u32>,
    parts: u32,
}

impl Layout {
    /// Reads the layout; none when the database is one machine, or its tables are not distributed yet.
    pub(crate) async fn read(connection: &mut AsyncPgConnection) -> QueryResult<Option<Self>> {
        let installed: TruthRow = Statement::<FindCitus>::new(vec![]).get_result(connection).await?;
        if !installed.truth {
            return Ok(None);
        }
        let distributed: TruthRow = Statement::<FindDistributed>::new(vec![]).get_result(connection).await?;
        if !distributed.truth {
            return Ok(None);
        }
        let shards = Bind::Shorts((0..SHARDS).map(|number| Shard::from_bits(number.into()).column()).collect());
        let rows: Vec<PartRow> = Statement::<FindParts>::new(vec![shards]).load(connection).await?;
        Ok(Some(Self::of(rows.into_iter().map(|row| (row.shard, row.part)))))
    }

    fn of(rows: impl IntoIterator<Item = (i16, i64)>) -> Self {
        let mut numbers = BTreeMap::new();
        let mut part_of = vec![0; usize::from(SHARDS)];
        for (shard, part) in rows {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(part).or_insert(next);
            if let Some(place) = usize::try_from(shard).ok().and_then(|shard| part_of.get_mut(shard)) {
                *place = number;
            }
        }
        Self { part_of, parts: u32::try_from(numbers.len()).unwrap_or(u32::MAX).max(1) }
    }

    /// How many parts there are.
    pub(crate) fn parts(&self) -> u32 {
        self.parts
    }

    /// The part of a shard.
    pub(crate) fn part(&self, shard: Shard) -> u32 {
        self.part_of.get(usize::from(shard.number())).copied().unwrap_or_default()
    }

    /// The ids by part, the parts in order: each with the shards of its ids.
    pub(crate) fn split(&self, ids: impl IntoIterator<Item = Uuid>) -> Vec<(Vec<i16>, Vec<Option<Uuid>>)> {
        let mut parts: BTreeMap<u32, (Vec<i16>, Vec<Option<Uuid>>)> = BTreeMap::new();
        for id in ids {
            let shard = Shard::of(id);
            let (shards, ids) = parts.entry(self.part(shard)).or_default();
            shards.push(shard.column());
            ids.push(Some(id));
        }
        parts.into_values().collect()
    }
}

struct FindCitus;

impl Sql for FindCitus {
    const TEXT: &'static str = "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS truth";
}

struct FindDistributed;

impl Sql for FindDistributed {
    const TEXT: &'static str = "
        SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('sessions')) AS truth";
}

#[derive(QueryableByName)]
struct TruthRow {
    #[diesel(sql_type = Bool)]
    truth: bool,
}

struct FindParts;

impl Sql for FindParts {
    const TEXT: &'static str = "
        SELECT shard, get_shard_id_for_distribution_column(to_regclass('sessions'), shard) AS part
        FROM unnest($1) AS shards (shard)
        ORDER BY 2, 1";
}

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = SmallInt)]
    shard: i16,
    #[diesel(sql_type = BigInt)]
    part: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(shard: u16) -> Uuid {
        reelhouse_domain::id::mint(chrono::DateTime::UNIX_EPOCH, Shard::from_bits(shard.into()), 1)
    }

    #[test]
    fn ids_are_split_by_part_and_parts_come_in_order() {
        let layout = Layout::of([(1, 900), (4, 900), (2, 700)]);
        assert_eq!(layout.parts(), 2);
        assert_eq!(layout.part(Shard::from_bits(1)), layout.part(Shard::from_bits(4)));
        assert_ne!(layout.part(Shard::from_bits(1)), layout.part(Shard::from_bits(2)));
        let split = layout.split([id(2), id(1), id(4)]);
        assert_eq!(split, [(vec![1, 4], vec![Some(id(1)), Some(id(4))]), (vec![2], vec![Some(id(2))])]);
        assert_eq!(Layout::of([]).parts(), 1);
    }
}
