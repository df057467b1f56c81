//! Traces: what a collector gets of a server that exports to it, and a server whose collector is away.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Server, Store};

/// A collector that keeps what it is sent.
struct Collector {
    url: String,
    exports: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let exports = Arc::<Mutex<Vec<_>>>::default();
        let kept = Arc::clone(&exports);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(collect(stream, Arc::clone(&kept)));
            }
        });
        Self { url, exports }
    }

    /// Everything that was sent, once the server has ended.
    fn spans(&self) -> Vec<Span> {
        let exports = self.exports.lock().unwrap();
        let resources = exports.iter().flat_map(|export| &export.resource_spans);
        resources.flat_map(|resource| &resource.scope_spans).flat_map(|scope| scope.spans.clone()).collect()
    }

    /// What is said of whoever sent it.
    fn resource(&self) -> BTreeMap<String, String> {
        let exports = self.exports.lock().unwrap();
        attributes(&exports[0].resource_spans[0].resource.as_ref().unwrap().attributes)
    }
}

/// Answers the exports of a connection.
async fn collect(stream: TcpStream, exports: Arc<Mutex<Vec<ExportTraceServiceRequest>>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut head, mut line) = (String::new(), String::new());
        while stream.read_line(&mut line).await.unwrap() > 2 {
            head.push_str(&line.to_ascii_lowercase());
            line.clear();
        }
        if head.is_empty() {
            return;
        }
        assert!(
            head.starts_with("post /v1/traces ") && head.contains("content-type: application/x-protobuf"),
            "{head}"
        );
        assert!(head.contains("x-tenant: reel"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        exports.lock().unwrap().push(ExportTraceServiceRequest::decode(&body[..]).unwrap());
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

fn attributes(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |attribute: &KeyValue| match attribute.value.as_ref().and_then(|value| value.value.clone()) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    attributes.iter().map(|attribute| (attribute.key.clone(), text(attribute))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_their_batches_reach_the_collector() {
    let collector = Collector::start().await;
    let environment =
        [("REELHOUSE_OTLP_ENDPOINT", collector.url.as_str()), ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=reel")];
    let mut server = Server::start_with(Store::sqlite(), &environment).await;
    let api = server.client();
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let response = api.client.post(format!("{}/wallets", server.url)).json(&json!({ "balance": "1" }));
    let response =
        response.header("X-Request-Id", "mine-7").header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"));
    assert_eq!(response.send().await.unwrap().status(), 201);
    api.get("/wallets/7").await;
    api.get("/no/such/path").await;
    server.terminate().await;
    assert!(server.stopped().await.success());

    assert_eq!(collector.resource()["service.name"], "reelhouse");
    assert!(collector.resource().contains_key("service.version"));
    let spans = collector.spans();
    let named =
        |name: &str| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:#?}"));
    let post = named("POST /wallets");
    assert_eq!((hex(&post.trace_id).as_str(), hex(&post.parent_span_id).as_str()), (trace, "b7ad6b7169203331"));
    assert_eq!(post.kind, 2, "a server's");
    let told = attributes(&post.attributes);
    for (key, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/wallets"),
        ("http.response.status_code", "201"),
        ("reelhouse.request_id", "mine-7"),
    ] {
        assert_eq!(told.get(key).map(String::as_str), Some(value), "{told:?}");
    }
    // What waited for the write is below the request, and the batch that it was in below that.
    let of_post = |name: &str| spans.iter().find(|span| span.name == name && span.trace_id == post.trace_id).unwrap();
    let (write, batch) = (of_post("write"), of_post("batch"));
    assert_eq!((&write.parent_span_id, &batch.parent_span_id), (&post.span_id, &write.span_id));
    assert_eq!(attributes(&batch.attributes)["orders"], "1");

    let refused = named("GET /wallets/{id}");
    assert_eq!(attributes(&refused.attributes)["http.response.status_code"], "400");
    assert!(refused.parent_span_id.is_empty() && refused.trace_id != post.trace_id, "a trace of its own");
    let lost = named("GET");
    assert!(!attributes(&lost.attributes).contains_key("http.route"), "{lost:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_linked_to_every_request_in_it() {
    let collector = Collector::start().await;
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=reel"),
        ("OTEL_SERVICE_NAME", "house-7"),
    ];
    let mut server = Server::start_with(Store::sqlite(), &environment).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..60 {
        let api = server.client();
        calls.spawn(async move { api.wallet(&json!({ "balance": "1" })).await });
    }
    calls.join_all().await;
    server.terminate().await;
    assert!(server.stopped().await.success());
    assert_eq!(collector.resource()["service.name"], "house-7");
    let spans = collector.spans();
    let mut carried: Vec<&Vec<u8>> = Vec::new();
    for batch in spans.iter().filter(|span| span.name == "batch") {
        carried.push(&batch.parent_span_id);
        carried.extend(batch.links.iter().map(|link| &link.span_id));
        assert_eq!(attributes(&batch.attributes)["orders"], (batch.links.len() + 1).to_string());
    }
    let mut writes: Vec<&Vec<u8>> =
        spans.iter().filter(|span| span.name == "write").map(|span| &span.span_id).collect();
    // What the server wrote by itself at its start is in a batch too.
    assert!(writes.len() >= 60);
    carried.sort();
    writes.sort();
    assert_eq!(carried, writes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_harms_nobody() {
    // One takes connections and never answers; nobody listens at the other.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = (format!("http://{}", silent.local_addr().unwrap()), Some(silent));
    for (url, _listener) in [silent, ("http://127.0.0.1:9".to_owned(), None)] {
        let environment = [("REELHOUSE_OTLP_ENDPOINT", url.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "50")];
        let mut server = Server::start_with(Store::sqlite(), &environment).await;
        let api = server.client();
        for _ in 0..50 {
            api.wallet(&json!({ "balance": "1" })).await;
        }
        assert_eq!(api.all("/wallets").await.len(), 50);
        server.terminate().await;
        assert!(server.stopped().await.success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_is_refused_at_the_start() {
    use crate::command_line::run_with;
    let store = Store::sqlite();
    let (ok, said) = run_with(&store, &["--otlp-endpoint", "collector:4317"], &[]).await;
    assert!(!ok && said.contains("--otlp-endpoint: \"collector:4317\" is not the address of a collector"), "{said}");
    let grpc = [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")];
    let (ok, said) = run_with(&store, &[], &grpc).await;
    assert!(!ok && said.contains("\"grpc\" is not spoken here, http/protobuf is"), "{said}");
}
