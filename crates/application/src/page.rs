//! Pages of lists, cut by key.

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T, K> {
    /// The items, in the order of their key.
    pub items: Vec<T>,
    /// The key after which the next page starts; none on the last page.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// Makes a page of at most `limit` items from a read that asked for one more.
    pub(crate) fn cut(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> K) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(key) } else { None };
        Self { items, next }
    }

    /// The page with its items turned into something else.
    pub(crate) fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U, K> {
        Page { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }
}
