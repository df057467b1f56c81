//! Keys: made, listed and revoked by an admin.

pub(crate) mod bodies;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use reelhouse_domain::KeyId;

use crate::common::{PageBody, created, ok};
use crate::cursor::List;
use crate::extract::{Body, Empty, IDEMPOTENCY_KEY, PathId, Query};
use crate::gate::Visitor;
use crate::problem::{Code, Problem};
use bodies::{KeyBody, MadeKeyBody, NewKeyBody};

/// Make a key
///
/// Its `token` is in this answer and nowhere else: only its digest is stored. So a replay could not be given the
/// same answer, and an `Idempotency-Key` is refused; a key whose token got lost is to be revoked. The first key
/// must be an admin's. Once there is any key, every caller needs one.
#[utoipa::path(
    post, path = "/keys", tag = "keys", operation_id = "key_create",
    request_body(content = NewKeyBody, example = json!({
        "name": "the training machine", "role": "admin", "expires_at": "2036-01-01T00:00:00Z"
    })),
    responses((status = 201, description = "The key was made.", body = MadeKeyBody))
)]
pub(crate) async fn create(house: Visitor, request: HttpRequest, body: Body) -> Result<HttpResponse, Problem> {
    if request.headers().contains_key(IDEMPOTENCY_KEY) {
        let detail = format!("{IDEMPOTENCY_KEY}: a token is shown once, so its making cannot be replayed");
        return Err(Problem::new(Code::InvalidIdempotencyKey, detail));
    }
    let (key, token) = house.key_create(NewKeyBody::read(body.0)?.into()).await?;
    let id = key.key_id.0;
    let mut response = created("keys", id, &MadeKeyBody { token: token.reveal(), key: KeyBody::from(key) });
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// List keys
///
/// In the order of their ids, which is that of their making; expired and revoked ones too. Their tokens cannot be
/// had any more.
#[utoipa::path(
    get, path = "/keys", tag = "keys", operation_id = "key_list",
    responses((status = 200, description = "A page of keys.", body = PageBody<KeyBody>))
)]
pub(crate) async fn list(house: Visitor, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&["limit", "cursor"])?;
    let list = List::new("keys", "");
    let page = house.key_list(query.after(&list)?, query.limit()?).await?;
    Ok(ok(&PageBody::<KeyBody>::of(&list, page)))
}

/// Read a key
#[utoipa::path(
    get, path = "/keys/{id}", tag = "keys", operation_id = "key_find",
    responses((status = 200, description = "The key.", body = KeyBody))
)]
pub(crate) async fn find(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(ok(&KeyBody::from(house.key_find(KeyId(id.0)).await?)))
}

/// Revoke a key
///
/// From then on it is refused: by this server at once, by others on the same database within a second. What it
/// owns stays its own. Revoking it once more changes nothing, so an `Idempotency-Key` has nothing to guard. The
/// request has no body, or an empty object.
#[utoipa::path(
    post, path = "/keys/{id}/revoke", tag = "keys", operation_id = "key_revoke",
    responses((status = 200, description = "The key is revoked.", body = KeyBody))
)]
pub(crate) async fn revoke(house: Visitor, id: PathId, _: Empty) -> Result<HttpResponse, Problem> {
    Ok(ok(&KeyBody::from(house.key_revoke(KeyId(id.0)).await?)))
}
