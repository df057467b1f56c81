//! Analytics: what sessions and games came to, as JSON and as CSV.

mod bodies;
mod csv;
mod game;
mod session;

pub(crate) use game::{__path_game, game};
pub(crate) use session::{__path_session, session};

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;

use crate::common::ok;
use crate::negotiate::Format;

/// The forms of an answer.
#[derive(Clone, Copy)]
enum Form {
    Json,
    Csv,
}

const FORMATS: &[Format<Form>] = &[
    Format { name: "json", media_type: "application/json", form: Form::Json },
    Format { name: "csv", media_type: "text/csv", form: Form::Csv },
];

/// The answer in the form that was asked for; as CSV it is a file of that name.
fn answer(form: Form, body: &impl Serialize, name: &str, table: impl FnOnce() -> String) -> HttpResponse {
    let mut response = match form {
        Form::Json => ok(body),
        Form::Csv => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
            .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}.csv\"")))
            .body(table()),
    };
    response.headers_mut().insert(header::VARY, header::HeaderValue::from_static("Accept"));
    response
}
