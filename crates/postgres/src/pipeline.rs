//! Several requests in one round trip.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use diesel::QueryResult;

/// A request whose answer is how many rows it changed.
pub(crate) type Request<'a> = Pin<Box<dyn Future<Output = QueryResult<usize>> + Send + 'a>>;

/// Sends the requests in their order without waiting in between, and collects the answers.
///
/// The driver sends a request when it is first polled, and one that still has to be prepared holds
/// back those behind it. Polling in order is therefore what keeps the order on the wire, on which
/// foreign keys rely. The futures libraries' `join_all` does not promise it.
pub(crate) async fn in_order(mut requests: Vec<Request<'_>>) -> Vec<QueryResult<usize>> {
    let mut answers: Vec<Option<QueryResult<usize>>> = requests.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut done = true;
        for (request, answer) in requests.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match request.as_mut().poll(context) {
                    Poll::Ready(output) => *answer = Some(output),
                    Poll::Pending => done = false,
                }
            }
        }
        if done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    answers.into_iter().flatten().collect()
}
