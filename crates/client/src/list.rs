//! Lists: items one by one, fetched a page at a time.

use std::collections::VecDeque;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;

/// The largest page that the API gives.
const MAX_PAGE: usize = 1000;

/// A page as it is sent.
#[derive(Deserialize)]
struct Page {
    items: Vec<Box<RawValue>>,
    next_cursor: Option<String>,
}

/// The items of a list, at most as many as were asked for.
pub struct Items<'a, T> {
    client: &'a Client,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    ready: VecDeque<Box<RawValue>>,
    cursor: Option<String>,
    more: bool,
    left: usize,
    kind: PhantomData<T>,
}

impl<'a, T: DeserializeOwned> Items<'a, T> {
    pub(crate) fn new(
        client: &'a Client,
        path: &[&str],
        query: Vec<(&'static str, String)>,
        most: Option<usize>,
    ) -> Self {
        Self {
            client,
            path: path.iter().map(|step| (*step).to_owned()).collect(),
            query,
            ready: VecDeque::new(),
            cursor: None,
            more: true,
            left: most.unwrap_or(usize::MAX),
            kind: PhantomData,
        }
    }

    /// Whether the list goes on after the items that were given.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        !self.ready.is_empty() || self.more
    }

    fn fetch(&mut self) -> Result<(), Error> {
        let mut query = self.query.clone();
        query.push(("limit", self.left.min(MAX_PAGE).to_string()));
        query.extend(self.cursor.take().map(|cursor| ("cursor", cursor)));
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let page: Page = self.client.get(&path, &query)?.body;
        self.ready = page.items.into();
        self.more = page.next_cursor.is_some();
        self.cursor = page.next_cursor;
        Ok(())
    }
}

impl<T: DeserializeOwned> Iterator for Items<'_, T> {
    type Item = Result<Answer<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.left > 0 {
            if let Some(item) = self.ready.pop_front() {
                self.left -= 1;
                return Some(Answer::of(item));
            }
            if !self.more {
                return None;
            }
            if let Err(error) = self.fetch() {
                // After an error there is nothing to go on with.
                (self.more, self.left) = (false, 0);
                return Some(Err(error));
            }
        }
        None
    }
}
