//! PAR sheets in every form.

use serde_json::{Value, json};

use crate::support::{Client, NOBODY, Reply, Request, fixture, text, tiny_game};

/// A name that would be markup and a formula if it were let.
const NASTY: &str = "=<script>alert('x')</script>\"&";

async fn sheet(client: &Client, path: &str, accept: &str) -> Reply {
    client.send(Request::new("GET", path).header("accept", accept)).await
}

async fn nasty_game(client: &Client) -> String {
    let game = tiny_game(NASTY).to_string().replace("plum", "-plum");
    text(&client.post("/games", serde_json::from_str(&game).unwrap()).await.expect(201), "game_id")
}

#[actix_web::test]
async fn the_form_is_chosen_by_parameter_or_header() {
    let client = fixture().await.client;
    let path = format!("/games/{}/par-sheet", client.game().await);
    for (suffix, accept, expected) in [
        ("", "*/*", "application/json"),
        ("", "text/html,*/*;q=0.8", "text/html; charset=utf-8"),
        ("", "text/csv", "text/csv; charset=utf-8; header=absent"),
        ("?format=html", "application/json", "text/html; charset=utf-8"),
        ("?format=csv", "image/png", "text/csv; charset=utf-8; header=absent"),
        ("?format=json", "text/html", "application/json"),
    ] {
        let reply = sheet(&client, &format!("{path}{suffix}"), accept).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, expected), "{suffix} {accept}");
        assert_eq!(reply.header("vary"), "Accept");
    }
    for (suffix, accept) in [("?format=xml", "*/*"), ("?format=JSON", "*/*"), ("", "image/png"), ("", "*/*;q=0")] {
        let problem = sheet(&client, &format!("{path}{suffix}"), accept).await.problem(406, "not_acceptable");
        assert_eq!(problem["formats"], json!(["json", "html", "csv"]));
    }
    client.get(format!("{path}?form=csv")).await.problem(400, "invalid_query");
    client.get(format!("{path}?format=csv&format=csv")).await.problem(400, "invalid_query");
    client.get(format!("/games/{NOBODY}/par-sheet")).await.problem(404, "not_found");
    client.get("/games/x/par-sheet").await.problem(400, "invalid_id");
}

#[actix_web::test]
async fn a_sheet_has_the_figures_of_the_profile() {
    let client = fixture().await.client;
    let id = client.game().await;
    let game = client.get(format!("/games/{id}")).await.expect(200);
    let sheet = client.get(format!("/games/{id}/par-sheet")).await.expect(200);
    for (field, figure) in
        [("rtp", "rtp"), ("hit_frequency", "hit_frequency"), ("round", "round"), ("max_win", "max_win")]
    {
        assert_eq!(sheet[field], game["statistical_profile"][figure], "{field}");
        assert!(sheet[field].is_object(), "{field}");
    }
    assert_eq!(sheet["fingerprint"], game["fingerprint"]);
    // Of the twelve combinations one has three sevens and two have three plums: (5 + 2) / 12 comes back.
    assert_eq!(sheet["rtp"]["total"]["exact"], "7/12");
    assert_eq!(sheet["hold"]["exact"], "5/12");
    let combination = &sheet["combinations"]["base"][0];
    assert_eq!(
        (&combination["symbol"], &combination["pay"], &combination["combinations"]),
        (&json!("seven"), &json!(5), &json!("1"))
    );
    let symbols = &sheet["reels"]["base"]["symbols"];
    assert_eq!(symbols[1], json!({ "symbol": "plum", "stops": [1, 2, 1], "total": 4 }));
}

#[actix_web::test]
async fn a_page_needs_nothing_and_takes_no_markup_from_names() {
    let client = fixture().await.client;
    let path = format!("/games/{}/par-sheet?format=html", nasty_game(&client).await);
    let reply = client.get(path).await;
    let page = String::from_utf8(reply.body.clone()).unwrap();
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(page.contains("=&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"));
    assert!(page.contains("<td>-plum</td>"));
    for markup in ["<script", "http:", "https:", "src=", "url(", "@import"] {
        assert!(!page.contains(markup), "{markup}");
    }
}

#[actix_web::test]
async fn a_csv_has_even_records_and_no_formulas() {
    let client = fixture().await.client;
    let path = format!("/games/{}/par-sheet?format=csv", nasty_game(&client).await);
    let csv = String::from_utf8(client.get(path).await.body).unwrap();
    assert!(csv.contains("game,1,name,\"'=<script>alert('x')</script>\"\"&\""));
    assert!(csv.contains(",'-plum,"));
    let fields = |record: &str| {
        let mut quoted = false;
        1 + record
            .chars()
            .filter(|c| {
                quoted ^= *c == '"';
                *c == ',' && !quoted
            })
            .count()
    };
    let counts: Vec<usize> = csv.split_terminator("\r\n").map(fields).collect();
    assert!(counts.len() > 20 && counts.iter().all(|count| *count == counts[0]), "{counts:?}");
}

/// Every kind of game, in every form.
#[actix_web::test]
async fn every_example_has_a_sheet_in_every_form() {
    let client = fixture().await.client;
    for game in reelhouse_domain::game::example_games() {
        let document: Value = serde_json::from_str(game.document).unwrap();
        let id = text(&client.post("/games", document).await.expect(201), "game_id");
        for format in ["json", "html", "csv"] {
            let reply = client.get(format!("/games/{id}/par-sheet?format={format}")).await;
            assert_eq!(reply.status.as_u16(), 200, "{} as {format}", game.name);
        }
    }
}
