//! The dashboard's files as they are served.

use std::io::Read as _;

use flate2::read::GzDecoder;

use crate::support::{Request, fixture};

/// The most that the page and what it loads at first may weigh, compressed, in bytes.
const BUDGET: usize = 100_000;

#[actix_web::test]
async fn the_page_is_there_with_all_that_it_names() {
    let client = fixture().await.client;
    let page = client.get("/").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let text = String::from_utf8(page.body).unwrap();
    assert!(!text.contains("://"), "the page asks elsewhere: {text}");
    let files: Vec<&str> = text.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let reply = client.get(file).await;
        assert_eq!(reply.status, 200, "{file}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{file}");
        assert!(reply.body.len() > 100, "{file}");
    }
}

#[actix_web::test]
async fn every_built_file_is_served_as_it_is() {
    let client = fixture().await.client;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dashboard/dist/assets");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let reply = client.get(format!("/assets/{name}")).await;
        assert_eq!(reply.status, 200, "{name} is not among the files that the server has");
        assert_eq!(reply.body, std::fs::read(entry.path()).unwrap(), "{name}");
        count += 1;
    }
    assert!(count > 3, "{count} files");
}

#[actix_web::test]
async fn scripts_come_from_here_alone() {
    let client = fixture().await.client;
    let policy = client.get("/").await.header("content-security-policy").to_owned();
    for part in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[actix_web::test]
async fn a_file_is_sent_once_for_each_version() {
    let client = fixture().await.client;
    for path in ["/", "/assets/app.js"] {
        let first = client.get(path).await;
        let tag = first.header("etag").to_owned();
        assert_eq!(first.header("cache-control"), "no-cache", "{path}");
        let ask = |tag: &str| client.send(Request::new("GET", path).header("if-none-match", tag));
        let again = ask(&tag).await;
        assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, tag.as_str()), "{path}");
        for known in [format!("\"old\", {tag}"), "*".to_owned(), tag.replace("W/", "")] {
            assert_eq!(ask(&known).await.status, 304, "{path} {known}");
        }
        for unknown in ["\"old\"", "W/\"\"", "nonsense", ""] {
            assert_eq!(ask(unknown).await.status, 200, "{path} {unknown}");
        }
    }
}

#[actix_web::test]
async fn what_is_no_file_is_a_problem() {
    let client = fixture().await.client;
    for path in ["/assets/none.js", "/assets/", "/assets/%2e%2e%2findex.html", "/assets/index.html", "/index.html"] {
        client.get(path).await.problem(404, "not_found");
    }
    client.send(Request::new("POST", "/")).await.problem(405, "method_not_allowed");
}

#[actix_web::test]
async fn the_page_is_light() {
    let client = fixture().await.client;
    let mut sum = 0;
    for path in ["/", "/assets/app.js", "/assets/app.css", "/assets/icon.svg", "/assets/verify.js"] {
        let ask = |encoding: &str| client.send(Request::new("GET", path).header("accept-encoding", encoding));
        let reply = ask("gzip, deflate, br").await;
        assert_eq!((reply.status.as_u16(), reply.header("content-encoding")), (200, "gzip"), "{path}");
        sum += reply.body.len();
        let mut plain = Vec::new();
        GzDecoder::new(reply.body.as_slice()).read_to_end(&mut plain).unwrap();
        for other in ["br", "gzip;q=0", "", "nonsense, ;"] {
            let reply = ask(other).await;
            assert_eq!((reply.header("content-encoding"), &reply.body), ("", &plain), "{path} {other}");
        }
    }
    assert!(sum < BUDGET, "all files have {sum} bytes together, compressed");
}
