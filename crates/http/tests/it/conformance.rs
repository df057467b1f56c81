//! Holds answers against the API's description: the status, the code, the media type, the body's schema.

use std::sync::LazyLock;

use actix_web::http::Method;
use serde_json::Value;

use crate::support::Reply;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&reelhouse_http::openapi_json()).unwrap());

/// The API's description.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// Fails when the description does not foresee the answer.
#[track_caller]
pub(crate) fn check(method: &Method, uri: &str, reply: &Reply) {
    let path = uri.split('?').next().unwrap();
    assert!(!reply.header("x-request-id").is_empty(), "{method} {path} has no id");
    let Some((template, item)) = described(path) else {
        let is_page = path == "/" || path.starts_with("/assets/") || path.starts_with("/docs/");
        assert!(reply.status == 404 || is_page, "{method} {path} is not described: {}", reply.status);
        return;
    };
    let operation = &item[if method == Method::HEAD { "get" } else { method.as_str() }.to_lowercase()];
    if operation.is_null() {
        assert_eq!(reply.status, 405, "{method} {template} is not described");
        return;
    }
    let status = reply.status.as_str();
    let response = &operation["responses"][status];
    let response = response["$ref"].as_str().and_then(|place| DOCUMENT.pointer(&place[1..])).unwrap_or(response);
    assert!(response.is_object(), "{method} {template} answers {status}, which is not described: {:#}", reply.json());
    for header in response["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
        assert!(!reply.header(header).is_empty(), "{method} {template} {status} lacks {header}");
    }
    let media_type = reply.header("content-type").split(';').next().unwrap();
    let content = &response["content"][media_type];
    assert!(content.is_object(), "{method} {template} {status}: {media_type} is not described");
    let is_json = media_type == "application/json" || media_type.ends_with("+json");
    if !is_json || reply.body.is_empty() {
        return;
    }
    let body = reply.json();
    if reply.status.is_client_error() || reply.status.is_server_error() {
        let code = body["code"].as_str().unwrap();
        assert!(content["examples"][code].is_object(), "{method} {template} {status}: {code} is not described");
    }
    if let Err(why) = fits(&body, &content["schema"]) {
        panic!("{method} {template} {status}: {why}\n{body:#}");
    }
}

/// The path item whose template the path fits.
fn described(path: &str) -> Option<(&'static String, &'static Value)> {
    let fits = |template: &str| {
        let (mut steps, mut path) = (template.split('/'), path.split('/'));
        loop {
            match (steps.next(), path.next()) {
                (None, None) => return true,
                (Some(step), Some(part)) if step == part || (step.starts_with('{') && !part.is_empty()) => {}
                _ => return false,
            }
        }
    };
    DOCUMENT["paths"].as_object().unwrap().iter().find(|(template, _)| fits(template))
}

/// Checks a value against a schema, as far as the description's schemas go.
fn fits(value: &Value, schema: &Value) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return fits(value, DOCUMENT.pointer(&reference[1..]).ok_or_else(|| format!("{reference} is not there"))?);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let whys: Vec<String> = choices.iter().filter_map(|choice| fits(value, choice).err()).collect();
        return if whys.len() == choices.len() - 1 { Ok(()) } else { Err(whys.join("; ")) };
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return parts.iter().try_for_each(|part| fits_object(value, part, false));
    }
    fits_type(value, &schema["type"])?;
    match value {
        Value::String(text) => fits_text(text, schema),
        Value::Array(items) => items.iter().try_for_each(|item| fits(item, &schema["items"])),
        Value::Object(_) => fits_object(value, schema, true),
        _ => Ok(()),
    }
}

fn fits_type(value: &Value, wanted: &Value) -> Result<(), String> {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is = |wanted: &Value| wanted == name || (wanted == "number" && name == "integer");
    let ok = match wanted {
        Value::Null => true,
        Value::Array(choices) => choices.iter().any(is),
        one => is(one),
    };
    if ok { Ok(()) } else { Err(format!("{value} is not of type {wanted}")) }
}

fn fits_text(text: &str, schema: &Value) -> Result<(), String> {
    let ok = match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("uuid"), _) => text.len() == 36,
        (Some("date-time"), _) => text.len() == 24 && text.ends_with('Z'),
        (_, Some(pattern)) if pattern.contains("{64}") => text.len() == 64,
        // Amounts in answers have four decimals; only those that may be negative have a sign.
        (_, Some(pattern)) if pattern.contains("0|[1-9]") => {
            let digits = if pattern.starts_with("^-?") { text.trim_start_matches('-') } else { text };
            digits.split_once('.').is_some_and(|(whole, decimals)| {
                decimals.len() == 4 && format!("{whole}{decimals}").bytes().all(|byte| byte.is_ascii_digit())
            })
        }
        _ => schema["enum"].as_array().is_none_or(|names| names.iter().any(|name| name == text)),
    };
    if ok { Ok(()) } else { Err(format!("{text:?} does not fit {schema}")) }
}

fn fits_object(value: &Value, schema: &Value, whole: bool) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return fits_object(value, DOCUMENT.pointer(&reference[1..]).unwrap(), whole);
    }
    let Some(properties) = schema["properties"].as_object() else {
        return Ok(());
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            return Err(format!("{name} is missing"));
        }
    }
    for (name, field) in value.as_object().ok_or_else(|| format!("{value} is not an object"))? {
        match properties.get(name) {
            Some(schema) => fits(field, schema).map_err(|why| format!("{name}: {why}"))?,
            None if whole && schema["additionalProperties"].is_null() => {
                return Err(format!("{name} is not described"));
            }
            None => {}
        }
    }
    Ok(())
}

#[test]
fn the_check_tells_what_does_not_fit() {
    let wallet = serde_json::json!({ "$ref": "#/components/schemas/CostRate" });
    assert!(fits(&serde_json::json!({ "per_spin": "0.0100", "per_query": "0.0000" }), &wallet).is_ok());
    for body in [
        serde_json::json!({ "per_spin": "0.0100" }),
        serde_json::json!({ "per_spin": "0.01", "per_query": "0.0000" }),
        serde_json::json!({ "per_spin": "-0.0100", "per_query": "0.0000" }),
        serde_json::json!({ "per_spin": 0.01, "per_query": "0.0000" }),
        serde_json::json!({ "per_spin": "0.0100", "per_query": "0.0000", "per_year": "0.0000" }),
        serde_json::json!([]),
    ] {
        assert!(fits(&body, &wallet).is_err(), "{body}");
    }
}
