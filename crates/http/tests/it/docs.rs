//! The routes against the description, and the description as it is served.

use serde_json::Value;

use crate::conformance::document;
use crate::support::{NOBODY, Request, fixture};

#[actix_web::test]
async fn every_described_operation_is_routed_and_no_other() {
    let client = fixture().await.client;
    for (template, item) in document()["paths"].as_object().unwrap() {
        let path = template.replace("{id}", NOBODY);
        let mut allow = Vec::new();
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let described = item[if method == "HEAD" { "get" } else { method }.to_lowercase()].is_object();
            let reply = client.send(Request::new(method, path.clone())).await;
            assert_eq!(reply.status != 405, described, "{method} {template}");
            if described {
                allow.push(method);
            }
        }
        let refused = client.send(Request::new("PATCH", path)).await;
        refused.problem(405, "method_not_allowed");
        assert_eq!(refused.header("allow"), allow.join(", "), "{template}");
    }
}

#[actix_web::test]
async fn what_is_not_there_is_a_problem() {
    let client = fixture().await.client;
    for path in ["/game", "/games/", "/games//", "/Games", "/docs/../etc/passwd", "/docs/none.js", "/sessions/x/y"] {
        for method in ["GET", "POST"] {
            if method == "GET" || !path.starts_with("/docs/") {
                client.send(Request::new(method, path)).await.problem(404, "not_found");
            }
        }
    }
}

#[actix_web::test]
async fn metadata_lead_from_the_domains_to_every_field() {
    let client = fixture().await.client;
    let index: Value = client.get("/metadata").await.expect(200);
    for domain in index["domains"].as_array().unwrap() {
        let domain = client.get(domain["href"].as_str().unwrap()).await.expect(200);
        for field in domain["fields"].as_array().unwrap() {
            let told = client.get(field["href"].as_str().unwrap()).await.expect(200);
            assert_eq!((&told["name"], &told["domain"]), (&field["name"], &domain["name"]));
            assert!(told["schema"].is_object(), "{told}");
        }
    }
    let observation = client.get("/metadata/sessions/observation").await.expect(200);
    assert_eq!(observation["versions"].as_array().unwrap().len(), 2);
    assert_eq!(observation["examples"][0]["version"], 2);
    client.get("/metadata/walets").await.problem(404, "not_found");
    client.get("/metadata/wallets/balence").await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_head_has_the_headers_of_its_get() {
    let client = fixture().await.client;
    for path in ["/games", "/healthz", "/openapi.json", "/docs"] {
        let (get, head) = (client.get(path).await, client.send(Request::new("HEAD", path)).await);
        assert_eq!((head.status, head.header("content-type")), (get.status, get.header("content-type")), "{path}");
    }
}

#[actix_web::test]
async fn the_description_is_the_committed_one() {
    let client = fixture().await.client;
    let served = client.get("/openapi.json").await;
    let committed = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json")).unwrap();
    assert_eq!(served.body, committed);
    let document: Value = served.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["info"]["description"].as_str().unwrap().contains("Simulated play with test credits only"));
}

#[actix_web::test]
async fn the_page_is_whole_without_the_internet() {
    let client = fixture().await.client;
    let page = client.get("/docs").await;
    assert_eq!(client.get("/docs/").await.body, page.body);
    let page = String::from_utf8(page.body).unwrap();
    assert!(!page.contains("://"), "the page asks elsewhere: {page}");
    let assets: Vec<&str> =
        page.split('"').filter(|text| text.starts_with("/docs/") || *text == "/openapi.json").collect();
    assert_eq!(assets.len(), 4, "{assets:?}");
    for asset in assets {
        let reply = client.get(asset).await;
        assert_eq!(reply.status, 200, "{asset}");
        assert!(reply.body.len() > 100, "{asset}");
    }
}

#[actix_web::test]
async fn the_described_examples_of_requests_are_taken() {
    let client = fixture().await.client;
    let request = |path: &str| document()["paths"][path]["post"]["requestBody"]["content"]["application/json"].clone();
    client.post("/games", request("/games")["example"].clone()).await.expect(201);
    let wallet = client.wallet(request("/wallets")["example"].clone()).await;
    let operation = request("/wallets/{id}/operations")["example"].clone();
    client.post(format!("/wallets/{wallet}/operations"), operation).await.expect(200);
    // The ids in the example name nothing here, which is the only thing wrong with it.
    client.post("/sessions", request("/sessions")["example"].clone()).await.problem(404, "not_found");
    let session = client.session(&wallet).await;
    for (name, example) in request("/sessions/{id}/action")["examples"].as_object().unwrap() {
        let reply = client.act(&session, example["value"].clone()).await;
        assert!(reply.status == 200 || reply.status == 409, "{name}: {:#}", reply.json());
    }
}

#[actix_web::test]
async fn health_and_readiness() {
    let client = fixture().await.client;
    assert_eq!(client.get("/healthz").await.expect(200)["status"], "ok");
    assert_eq!(client.get("/readyz").await.expect(200)["status"], "ready");
}

#[actix_web::test]
async fn the_schemas_of_a_game_are_served() {
    let client = fixture().await.client;
    let list = client.get("/schemas").await.expect(200);
    let names: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["rng_signature", "symbol_map"]);
    for item in list["items"].as_array().unwrap() {
        let reply = client.get(item["href"].as_str().unwrap()).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/schema+json"));
        assert_eq!(reply.json()["title"], item["name"]);
    }
    for path in ["/schemas/game", "/schemas/Symbol_Map", "/schemas/%2e%2e"] {
        client.get(path).await.problem(404, "not_found");
    }
}
