//! The API's description: OpenAPI 3.1, from the handlers and the table of what each can refuse.

mod refusals;

use std::collections::BTreeMap;

use actix_web::http::Method;
use reelhouse_domain::access::{Right, Role};
use serde_json::json;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayItems, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{HeaderBuilder, PathItem, Ref, RefOr, Required};

use crate::extract::{DEFAULT_LIMIT, IDEMPOTENCY_KEY, MAX_LIMIT};
use crate::gate::{Access, access};
use crate::problem::{Code, ProblemBody, status};
use crate::{analytics, docs, games, health, keys, metadata, rl, schemas, sessions, simulations, wallets, watch};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Reelhouse",
        description = "A house for *simulated* slot play. It defines slot games, computes their exact mathematics, \
                       runs play sessions against wallets of test credits and records every action.\n\n\
                       **Simulated play with test credits only**: there is no real money here and no way to turn \
                       credits into any.\n\n\
                       Amounts are strings of test credits, exact to 0.0001. Instants are RFC 3339 in UTC, to the \
                       millisecond. Ids are UUIDs of version 7. Every GET answers HEAD too. Errors are \
                       `application/problem+json` (RFC 9457) with a stable `code`; a method that a path does not \
                       take is 405 with `Allow`.\n\n\
                       Every answer has an `X-Request-Id`: that of the request, if it had a plain one of up to 128 \
                       characters, else a new one. A problem repeats it as `request_id`, and the server's log has it.\n\n\
                       A POST that is sent with an `Idempotency-Key` happens once: a replay returns the first \
                       answer, refusals included.\n\n\
                       A server on a loopback address asks for no keys until there is one. From then on, and on \
                       any other address, callers send theirs as `Authorization: Bearer reel_…`. A key has a role: \
                       `read` sees everything, `play` plays from wallets of its own and finds nothing of anybody \
                       else's (404), `admin` does everything. `docs/security.md` has the rules.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "games", description = "The catalogue of games. Games never change."),
        (name = "wallets", description = "Wallets of test credits, their operations and their ledger."),
        (name = "sessions", description = "Play, and what it recorded."),
        (name = "simulations", description = "Many rounds of a game, played in the background."),
        (name = "analytics", description = "What sessions and games came to, beside what the profile says."),
        (name = "rl", description = "Reinforcement learning: spaces, the record, its figures, steps of many sessions."),
        (name = "keys", description = "Keys of the API, for admins."),
        (name = "health", description = "Whether the server is there and can take work, and what it does."),
        (name = "description", description = "This description, the data domains with their fields, and the schemas of a game's documents."),
    ),
    paths(
        games::create, games::list, games::find, games::par_sheet::par_sheet, games::fingerprint::fingerprint,
        wallets::create, wallets::list, wallets::find, wallets::operate, wallets::ledger,
        sessions::create, sessions::list, sessions::find, sessions::act, sessions::events,
        sessions::stream::stream, sessions::fairness,
        sessions::proof, sessions::metrics,
        simulations::create, simulations::list, simulations::find, simulations::cancel,
        keys::create, keys::list, keys::find, keys::revoke,
        analytics::game, analytics::session,
        rl::spaces, rl::export::export, rl::export::manifest, rl::export::metrics, rl::step::step, rl::step::reset,
        health::healthz, health::readyz, watch::metrics::metrics,
        docs::openapi_document, docs::page, schemas::list, schemas::find,
        metadata::index, metadata::find, metadata::field,
    ),
    components(schemas(ProblemBody, crate::common::OrderName, sessions::stream::EndBody)),
)]
struct Description;

/// The API's description.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    for (path, item) in &mut description.paths.paths {
        let has_id = path.contains("{id}");
        for (method, operation) in operations(item) {
            complete(operation, has_id, &method, access(&method, path).unwrap_or(Access::Needs(Right::Operate)));
        }
    }
    refusals::share(&mut description);
    if let Some(components) = &mut description.components {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A key: `reel_…`."));
        components.add_security_scheme(KEY_SCHEME, SecurityScheme::Http(bearer.build()));
        for (name, schema) in &mut components.schemas {
            if let (Some(item), RefOr::T(Schema::Object(page))) = (name.strip_prefix("Page_"), schema) {
                refer_to_item(page, item);
            }
        }
        if let Some(RefOr::T(Schema::OneOf(actions))) = components.schemas.get_mut("Action") {
            for action in &mut actions.items {
                // Unknown fields are refused, which the derivation cannot tell of a tagged enum.
                if let RefOr::T(Schema::Object(action)) = action {
                    action.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
                }
            }
        }
    }
    description
}

/// Lets a page's schema name the schema of its items, which the derivation writes out in full.
fn refer_to_item(page: &mut Object, item: &str) {
    if let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items") {
        items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
    }
}

/// The API's description as indented JSON, ending in a line feed: what `openapi.json` holds.
#[must_use]
pub fn openapi_json() -> String {
    // Writing it cannot fail, and the test that compares it with the committed file would say so.
    openapi().to_pretty_json().unwrap_or_default() + "\n"
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let methods = [(Method::GET, &mut item.get), (Method::POST, &mut item.post)];
    methods.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// What a kind of request can be refused for.
const BODY: &[Code] = &[
    Code::MalformedJson,
    Code::BrokenBody,
    Code::BodyTimeout,
    Code::BodyTooLarge,
    Code::UnsupportedMediaType,
    Code::InvalidRequest,
];
const WRITE: &[Code] = &[
    Code::MalformedJson,
    Code::BrokenBody,
    Code::BodyTimeout,
    Code::BodyTooLarge,
    Code::UnsupportedMediaType,
    Code::InvalidRequest,
    Code::InvalidIdempotencyKey,
    Code::IdempotencyKeyReused,
    Code::Overloaded,
    Code::StoreUnavailable,
    Code::Internal,
];
const READ: &[Code] = &[Code::StoreUnavailable, Code::Internal];
const PAGE: &[Code] = &[Code::InvalidQuery, Code::InvalidCursor];
const ID: &[Code] = &[Code::InvalidId, Code::NotFound];
const SPEND: &[Code] = &[
    Code::GameNotReady,
    Code::InvalidTransition,
    Code::InvalidAmount,
    Code::InvalidStake,
    Code::MaxBetExceeded,
    Code::InsufficientFunds,
    Code::DailyLimitExceeded,
    Code::AmountOutOfRange,
];

const RECORD: &[Code] = &[
    Code::InvalidQuery,
    Code::InvalidCursor,
    Code::InvalidRequest,
    Code::NotFound,
    Code::GameNotReady,
    Code::Overloaded,
];

/// The name of the security scheme.
const KEY_SCHEME: &str = "key";

/// What the gate can refuse a request for.
fn gate_codes(method: &Method, access: Access) -> Vec<Code> {
    let mut codes = vec![Code::ForeignHost, Code::RateLimited];
    if !method.is_safe() {
        codes.push(Code::ForeignOrigin);
    }
    if let Access::Needs(right) = access {
        codes.push(Code::Unauthenticated);
        if right.roles() != Role::ALL {
            codes.push(Code::Forbidden);
        }
    }
    codes
}

/// Who may ask for an operation: whoever has a key with one of the roles, or anybody on a loopback address as long
/// as there are no keys.
fn security(access: Access) -> Vec<SecurityRequirement> {
    match access {
        Access::Open => vec![],
        Access::Needs(right) => {
            let roles = right.roles().iter().map(|role| role.name());
            vec![SecurityRequirement::default(), SecurityRequirement::new(KEY_SCHEME, roles)]
        }
    }
}

/// Every code that an operation can answer.
fn codes(operation_id: &str) -> Vec<Code> {
    let kinds: &[&[Code]] = match operation_id {
        "game_create" => &[WRITE, &[Code::InvalidGame, Code::QueueFull]],
        "simulation_create" => {
            &[WRITE, &[Code::NotFound, Code::InvalidAmount, Code::InvalidStake, Code::GameNotReady, Code::QueueFull]]
        }
        "simulation_cancel" => &[WRITE, ID, &[Code::SimulationEnded]],
        "wallet_create" => &[WRITE, &[Code::InvalidAmount]],
        "wallet_operate" => &[WRITE, ID, &[Code::InvalidAmount, Code::InsufficientFunds, Code::AmountOutOfRange]],
        "session_create" => &[WRITE, &[Code::NotFound, Code::InvalidAmount, Code::GameNotReady]],
        "session_act" => &[WRITE, ID, SPEND],
        "key_revoke" => &[BODY, READ, ID],
        "key_create" => &[BODY, &[Code::InvalidIdempotencyKey, Code::StoreUnavailable, Code::Internal]],
        "game_list" | "key_list" | "wallet_list" | "session_list" | "simulation_list" => &[READ, PAGE],
        "ledger_list" => &[READ, ID, PAGE],
        "event_list" => &[READ, ID, PAGE, &[Code::Archived]],
        "game_find" | "simulation_find" | "wallet_find" | "session_find" | "session_metrics" | "key_find" => {
            &[READ, ID]
        }
        "game_fingerprint" => &[READ, ID, &[Code::Archived, Code::GameNotReady]],
        "session_fairness" => &[READ, ID, &[Code::Archived]],
        "game_par_sheet" | "game_analytics" | "session_analytics" => {
            &[READ, ID, &[Code::InvalidQuery, Code::NotAcceptable, Code::GameNotReady]]
        }
        "session_proof" => &[READ, ID, &[Code::Archived, Code::SessionNotEnded, Code::ProofTooLarge]],
        "event_stream" => {
            &[READ, ID, &[Code::InvalidQuery, Code::InvalidLastEventId, Code::TooManyStreams, Code::Archived]]
        }
        "schema_find" | "metadata_domain" | "metadata_field" => &[&[Code::NotFound]],
        "rl_step" => &[WRITE, &[Code::InvalidQuery, Code::NotFound, Code::InvalidAmount, Code::GameNotReady]],
        "rl_reset" => &[
            WRITE,
            &[Code::InvalidQuery, Code::NotFound, Code::InvalidAmount, Code::AmountOutOfRange, Code::GameNotReady],
        ],
        "rl_export" => &[READ, RECORD, &[Code::NotAcceptable, Code::Archived]],
        "rl_manifest" | "rl_metrics" => &[READ, RECORD, &[Code::Archived]],
        "rl_spaces" => &[READ, &[Code::InvalidQuery, Code::NotFound, Code::InvalidRequest, Code::GameNotReady]],
        "server_metrics" => &[READ, &[Code::InvalidQuery]],
        "readyz" => &[&[Code::Stopping, Code::StoreUnavailable]],
        _ => &[],
    };
    let mut codes = kinds.concat();
    if operation_id == "game_create" {
        // A definition that is too large is one with a fault.
        codes.retain(|code| *code != Code::BodyTooLarge);
    }
    codes
}

/// Adds to an operation what follows from its kind: parameters, headers, refusals.
fn complete(operation: &mut Operation, has_id: bool, method: &Method, access: Access) {
    operation.security = Some(security(access));
    let mut codes = codes(operation.operation_id.as_deref().unwrap_or_default());
    // A gate that cannot look a key up answers as a handler does without its store.
    codes.extend(gate_codes(method, access));
    let mut parameters = Vec::new();
    if has_id {
        parameters.push(id_parameter());
    }
    // What is exported has parameters of its own, among them another cursor.
    if codes.contains(&Code::InvalidCursor) && !codes.contains(&Code::InvalidRequest) {
        parameters.extend([limit_parameter(), cursor_parameter()]);
    }
    if codes.contains(&Code::IdempotencyKeyReused) {
        parameters.push(key_parameter());
    }
    if !parameters.is_empty() {
        operation.parameters.get_or_insert_default().extend(parameters.into_iter().map(RefOr::T));
    }
    let responses = &mut operation.responses.responses;
    if let Some(RefOr::T(created)) = responses.get_mut("201") {
        let location = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .description(Some("The path of what was created."))
            .build();
        created.headers.insert("Location".to_owned(), location.into());
    }
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    for code in codes {
        by_status.entry(status(code).as_u16()).or_default().push(code);
    }
    for (status, codes) in by_status {
        responses.insert(status.to_string(), RefOr::T(refusals::response(status, &codes)));
    }
}

fn parameter(name: &str, place: ParameterIn, about: &str, schema: ObjectBuilder) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(schema))
}

fn id_parameter() -> Parameter {
    let uuid =
        ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    parameter("id", ParameterIn::Path, "The id, a UUID with its hyphens.", uuid).required(Required::True).build()
}

fn limit_parameter() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(MAX_LIMIT))
        .default(Some(json!(DEFAULT_LIMIT)));
    parameter("limit", ParameterIn::Query, "The most items of the page.", schema).build()
}

fn cursor_parameter() -> Parameter {
    let about = "The `next_cursor` of the page before, of the same list with the same filter.";
    parameter("cursor", ParameterIn::Query, about, ObjectBuilder::new().schema_type(Type::String)).build()
}

fn key_parameter() -> Parameter {
    let about = "Makes the request happen once: a replay with the same key and body returns the first answer, \
                 refusals included; the same key with another body is refused. Visible ASCII.";
    let schema = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
    parameter(IDEMPOTENCY_KEY, ParameterIn::Header, about, schema).build()
}

/// What a part of the written description stands for: itself, or what it refers to.
#[cfg(test)]
pub(crate) fn resolve<'a>(document: &'a serde_json::Value, part: &'a serde_json::Value) -> &'a serde_json::Value {
    part["$ref"].as_str().and_then(|place| document.pointer(&place[1..])).unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::games::bodies::NewGameBody;
    use crate::keys::bodies::NewKeyBody;
    use crate::sessions::actions::ActionBody;
    use crate::sessions::bodies::NewSessionBody;
    use crate::simulations::bodies::NewSimulationBody;
    use crate::wallets::bodies::{NewCostRateBody, NewOperationBody, NewWalletBody};

    fn document() -> Value {
        serde_json::from_str(&openapi_json()).unwrap()
    }

    fn sorted(names: impl Iterator<Item = impl AsRef<str>>) -> Vec<String> {
        let mut names: Vec<String> = names.map(|name| name.as_ref().to_owned()).collect();
        names.sort_unstable();
        names
    }

    fn properties(schema: &Value) -> Vec<String> {
        sorted(schema["properties"].as_object().unwrap().keys())
    }

    #[test]
    fn the_described_fields_of_requests_are_those_that_are_read() {
        let schemas = &document()["components"]["schemas"];
        for (schema, fields) in [
            ("NewGame", NewGameBody::FIELDS),
            ("NewKey", NewKeyBody::FIELDS),
            ("NewWallet", NewWalletBody::FIELDS),
            ("NewCostRate", NewCostRateBody::FIELDS),
            ("NewOperation", NewOperationBody::FIELDS),
            ("NewSession", NewSessionBody::FIELDS),
            ("NewSimulation", NewSimulationBody::FIELDS),
        ] {
            assert_eq!(properties(&schemas[schema]), sorted(fields.iter()), "{schema}");
        }
        let actions = schemas["Action"]["oneOf"].as_array().unwrap();
        assert_eq!(actions.len(), ActionBody::TYPES.len());
        for (schema, (name, fields)) in actions.iter().zip(ActionBody::TYPES) {
            assert_eq!(schema["properties"]["type"]["enum"][0], *name);
            assert_eq!(properties(schema), sorted(fields.iter()), "{name}");
        }
    }

    #[test]
    fn every_operation_has_an_id_a_summary_and_described_responses() {
        let document = document();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(operation["operationId"].is_string() && operation["summary"].is_string(), "{method} {path}");
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let response = resolve(&document, response);
                    assert!(!response["description"].as_str().unwrap().is_empty(), "{method} {path} {status}");
                    let comes_back = status == "503" || status == "429";
                    assert_eq!(comes_back, response["headers"]["Retry-After"].is_object());
                }
            }
        }
    }

    #[test]
    fn every_operation_says_who_may_ask_for_it() {
        let mut description = Description::openapi();
        for (path, item) in &mut description.paths.paths {
            for (method, _) in operations(item) {
                assert!(crate::gate::listed(&method, path).is_some(), "{method} {path} has no row in gate/rights.rs");
            }
        }
        let document = document();
        assert_eq!(document["components"]["securitySchemes"]["key"]["scheme"], "bearer");
        let security = |path: &str, method: &str| document["paths"][path][method]["security"].clone();
        assert_eq!(security("/healthz", "get"), json!([]));
        assert_eq!(security("/games", "post"), json!([{}, { "key": ["admin"] }]));
        assert_eq!(security("/wallets", "post"), json!([{}, { "key": ["play", "admin"] }]));
    }

    #[test]
    fn a_refusal_that_many_operations_give_is_written_once() {
        let document = document();
        let mut written = Vec::new();
        for operation in
            document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values())
        {
            let responses = operation["responses"].as_object().unwrap();
            written
                .extend(responses.iter().filter(|(status, _)| status.as_str() >= "400").map(|(_, response)| response));
        }
        let places: Vec<&str> = written.iter().filter_map(|response| response["$ref"].as_str()).collect();
        assert!(places.iter().all(|place| document.pointer(&place[1..]).is_some_and(Value::is_object)), "{places:?}");
        for (index, response) in written.iter().enumerate().filter(|(_, response)| response["$ref"].is_null()) {
            assert!(!written[..index].contains(response), "written twice: {response:#}");
        }
        let names = document["components"]["responses"].as_object().unwrap().keys();
        for name in names {
            let place = format!("#/components/responses/{name}");
            assert!(places.iter().filter(|found| **found == place).count() > 1, "{name} is named for one operation");
        }
    }

    #[test]
    fn every_code_is_described_somewhere() {
        let text = openapi_json();
        for code in Code::ALL {
            if *code != Code::MethodNotAllowed {
                assert!(text.contains(&format!("\"code\": \"{}\"", code.name())), "{}", code.name());
            }
        }
    }

    #[test]
    fn the_committed_document_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
        let now = openapi_json();
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(path, &now).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == now, "openapi.json is stale: run `reelhouse openapi > openapi.json`");
    }
}
