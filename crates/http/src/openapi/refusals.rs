//! Refusals as the description has them: one response for each status and set of codes.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, example::ExampleBuilder,
};

use super::operations;
use crate::problem::{Code, PROBLEM_JSON, Problem};

/// The response of a status, with an example for each code.
pub(super) fn response(status: u16, codes: &[Code]) -> Response {
    let meanings: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.name(), code.meaning())).collect();
    let examples = codes.iter().map(|&code| {
        let body = Problem::new(code, code.meaning()).body_for("01976e3c-9f00-7000-8000-000000000000".to_owned());
        (code.name(), ExampleBuilder::new().summary(code.title()).value(Some(json!(body))).build())
    });
    let content =
        ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).examples_from_iter(examples).build();
    let response = ResponseBuilder::new().description(meanings.join("\n\n")).content(PROBLEM_JSON, content);
    let header =
        |schema: ObjectBuilder, about: &str| HeaderBuilder::new().schema(Some(schema)).description(Some(about)).build();
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    match status {
        401 => response.header("WWW-Authenticate", header(text(), "How to say who calls: `Bearer`.")).build(),
        429 => response
            .header("Retry-After", header(seconds, "When to try again, in seconds."))
            .header("RateLimit-Policy", header(text(), "The quota `q` of the key or address in `w` seconds."))
            .header("RateLimit", header(text(), "What is left of it, `r`, and in how many seconds it is whole, `t`."))
            .build(),
        503 => response.header("Retry-After", header(seconds, "When to try again, in seconds.")).build(),
        _ => response.build(),
    }
}

/// Writes each refusal that several operations give once, among the components, and refers to it.
pub(super) fn share(description: &mut OpenApi) {
    let mut uses = BTreeMap::<String, usize>::new();
    each(description, |name, _| *uses.entry(name).or_default() += 1);
    let mut shared = BTreeMap::new();
    each(description, |name, response| {
        if uses.get(&name).is_some_and(|uses| *uses > 1) {
            let reference = RefOr::Ref(Ref::from_response_name(&name));
            shared.insert(name, std::mem::replace(response, reference));
        }
    });
    description.components.get_or_insert_default().responses.extend(shared);
}

/// Visits every refusal that is written out, with a name that says its codes.
fn each(description: &mut OpenApi, mut visit: impl FnMut(String, &mut RefOr<Response>)) {
    let operations = description.paths.paths.values_mut().flat_map(operations);
    for response in operations.flat_map(|(_, operation)| operation.responses.responses.values_mut()) {
        if let Some(name) = name(response) {
            visit(name, response);
        }
    }
}

/// The name of a refusal: its codes, of which there is an example each. None of any other response.
fn name(response: &RefOr<Response>) -> Option<String> {
    let RefOr::T(response) = response else { return None };
    let RefOr::T(content) = response.content.get(PROBLEM_JSON)? else { return None };
    let codes: Vec<&str> = content.examples.keys().map(String::as_str).collect();
    Some(codes.join("-or-"))
}
