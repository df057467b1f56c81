//! Lists of actions: one transaction, one answer, and where a list stops.

use serde_json::{Value, json};

use crate::support::{Client, NOBODY, Request, fixture};

async fn seat(client: &Client) -> (String, String) {
    let wallet = client.wallet(json!({ "balance": "100" })).await;
    let session = client.session(&wallet).await;
    (wallet, session)
}

fn bets_and_voids(count: usize) -> Vec<Value> {
    let pair = [json!({ "type": "bet", "amount": "1.00" }), json!({ "type": "void" })];
    pair.into_iter().cycle().take(count).collect()
}

#[actix_web::test]
async fn a_list_is_done_in_its_order() {
    let client = fixture().await.client;
    let (wallet, session) = seat(&client).await;
    let mut list = bets_and_voids(999);
    list[998] = json!({ "type": "cash_out" });
    let answer = client.act(&session, json!(list)).await.expect(200);
    let events = answer["events"].as_array().unwrap();
    assert_eq!((events.len(), &answer["refused"], &answer["not_tried"]), (999, &Value::Null, &json!(0)));
    for (index, (event, action)) in events.iter().zip(&list).enumerate() {
        assert_eq!((&event["seq"], &event["action"]["type"]), (&json!(index + 1), &action["type"]));
    }
    assert_eq!(answer["session"], client.get(format!("/sessions/{session}")).await.expect(200));
    assert_eq!((&answer["wallet"]["wallet_id"], &answer["wallet"]["balance"]), (&json!(wallet), &json!("100.0000")));
    assert!(answer["head"].is_object());
    let stored = client.get(format!("/sessions/{session}/events?limit=1000")).await.expect(200);
    assert_eq!(stored["items"], answer["events"]);
}

#[actix_web::test]
async fn a_list_stops_at_the_first_refusal() {
    let client = fixture().await.client;
    let (wallet, session) = seat(&client).await;
    let list = json!([
        { "type": "bet", "amount": "60.00" }, { "type": "bet", "amount": "60.00" }, { "type": "void" }, { "type": "void" },
    ]);
    let answer = client.act(&session, list).await.expect(200);
    let refused = &answer["refused"];
    assert_eq!((answer["events"].as_array().unwrap().len(), &answer["not_tried"]), (1, &json!(2)));
    assert_eq!(
        (&refused["code"], &refused["index"], &refused["state"]),
        (&json!("invalid_transition"), &json!(1), &json!("bet_placed"))
    );
    assert_eq!((&refused["status"], &answer["session"]["state"]), (&json!(409), &json!("bet_placed")));
    assert_eq!(client.get(format!("/wallets/{wallet}")).await.expect(200)["balance"], "40.0000");

    let problem = client.act(&session, json!([{ "type": "cash_out" }])).await.problem(409, "invalid_transition");
    assert_eq!(problem["index"], 0);
    client.act(NOBODY, json!([{ "type": "void" }])).await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_key_covers_the_whole_list() {
    let client = fixture().await.client;
    let (_, session) = seat(&client).await;
    let path = format!("/sessions/{session}/action");
    let send = |list: Value| client.send(Request::post(path.clone(), &list).key("k"));
    let first = send(json!(bets_and_voids(3))).await.expect(200);
    assert_eq!(send(json!(bets_and_voids(3))).await.expect(200), first);
    send(json!(bets_and_voids(2))).await.problem(422, "idempotency_key_reused");
    send(bets_and_voids(1).remove(0)).await.problem(422, "idempotency_key_reused");
    assert_eq!(client.get(format!("/sessions/{session}")).await.expect(200)["last_seq"], 3);
}

#[actix_web::test]
async fn what_is_no_list_of_actions_is_refused_by_its_place() {
    let client = fixture().await.client;
    let (_, session) = seat(&client).await;
    for (list, pointer) in [
        (json!([]), ""),
        (json!(bets_and_voids(1001)), ""),
        (json!([{ "type": "void" }, null]), "/1"),
        (json!([{ "type": "void" }, { "type": "expire" }]), "/1/type"),
        (json!([{ "type": "void", "x": 1 }]), "/0/x"),
        (json!([{ "type": "probe", "spins": 9999 }, { "type": "probe", "spins": 2 }]), ""),
    ] {
        let problem = client.act(&session, list).await.problem(422, "invalid_request");
        assert_eq!(problem["pointer"], pointer, "{problem}");
    }
    let problem = client.act(&session, json!([{ "type": "bet", "amount": 1 }])).await.problem(422, "invalid_amount");
    assert_eq!(problem["pointer"], "/0/amount");
    assert_eq!(client.get(format!("/sessions/{session}")).await.expect(200)["last_seq"], 0);
}
