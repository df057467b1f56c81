//! Session proofs: downloaded from a running server, verified from the file and the key it greets with.

use reelhouse_domain::fairness::{PublicKey, SessionProof, verify};
use serde_json::json;

use crate::on_both_stores;
use crate::support::{Api, Server};

/// The key that a server greets with.
fn greeted_key(server: &Server) -> PublicKey {
    let line = server.greeting.iter().find_map(|line| line.strip_prefix("key:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

async fn download(api: &Api, session: &str) -> String {
    let response = api.client.get(format!("{}/sessions/{session}/proof", api.url)).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    response.text().await.unwrap()
}

on_both_stores! {
    async fn a_downloaded_proof_verifies_and_stays_the_same(server: Server) {
        let (api, key) = (server.client(), greeted_key(&server));
        let rates = json!({"per_spin": "0.01", "per_query": "0.001"});
        let wallet = api.wallet(&json!({"balance": "500.00", "cost_rate": rates})).await;
        let session = api.session(&api.game("pearl").await, &wallet).await;
        for round in 0..60 {
            let mut action = json!({"type": "spin", "amount": "0.10"});
            while api.act(&session, &action).await.ok()["session"]["state"] == "free_games" {
                action = json!({"type": "spin"});
            }
            if round == 30 {
                api.act(&session, &json!({"type": "rotate_seed", "client_seed": "żółw"})).await.ok();
                api.act(&session, &json!({"type": "probe", "spins": 25})).await.ok();
            }
        }
        let open = api.get(&format!("/sessions/{session}/proof")).await;
        assert_eq!((open.status.as_u16(), open.code()), (409, "session_not_ended"));
        let out = api.act(&session, &json!({"type": "cash_out"})).await.ok();

        let text = download(&api, &session).await;
        let proof = SessionProof::read(&text).unwrap();
        let report = verify(&proof, Some(&key)).unwrap_or_else(|findings| panic!("{findings:#?}"));
        assert_eq!((report.metrics.spins, report.metrics.probe_spins, report.seeds), (60, 25, 2));
        assert_eq!(out["head"], json!(proof.body.head), "the cash-out answered with the signed head");

        let store = std::sync::Arc::clone(&server.store);
        drop(server);
        let server = Server::start(store).await;
        assert_eq!(greeted_key(&server), key);
        assert_eq!(download(&server.client(), &session).await, text, "signed again after a restart");
    }
}
