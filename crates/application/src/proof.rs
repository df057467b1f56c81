//! The use cases of fairness: what it takes to check a session, and the proof of one that has ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use reelhouse_domain::fairness::proof::{
    ProvenWallet, entries_caused, first_rotated_seed, opening_wallet, wallet_by_event, wallets_of,
};
use reelhouse_domain::fairness::{HeadSigner, ProofBody, PublicKey, SessionProof, SignedHead};
use reelhouse_domain::game::Game;
use reelhouse_domain::session::{GameplayEvent, Session, verify_chain};
use reelhouse_domain::wallet::{Cause, LedgerEntry, Wallet};
use reelhouse_domain::{Digest, Refusal, SessionId, Timestamp, WalletId};

use crate::error::Error;
use crate::house::House;
use crate::view::SessionView;

/// The most events that a proof is made of: each takes a few kilobytes of memory while it is put together.
pub const MAX_PROOF_EVENTS: i64 = 100_000;

/// How many rows are read at a time.
const PAGE: u32 = 1000;

/// What it takes to check a session's draws and its chain of events.
#[derive(Clone, Debug, PartialEq)]
pub struct FairnessAnswer {
    /// The session.
    pub session: SessionView,
    /// The fingerprint of its game.
    pub game_fingerprint: Digest,
    /// The start of the chain.
    pub genesis: Digest,
    /// The key that the house signs with.
    pub public_key: PublicKey,
    /// The signed end of the chain, once the session has ended.
    pub head: Option<SignedHead>,
}

impl House {
    /// The key that the house signs with.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.ports.signer.public_key()
    }

    /// What it takes to check a session's draws.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn session_fairness(&self, session_id: SessionId) -> Result<FairnessAnswer, Error> {
        let session = self.stored_session(session_id).await?;
        let game = self.game_find(session.game_id).await?;
        Ok(FairnessAnswer {
            game_fingerprint: game.fingerprint,
            genesis: self.genesis(&session, game.fingerprint).await?,
            public_key: self.public_key(),
            head: SignedHead::of(&session, self.ports.signer.as_ref()).map_err(unwritable)?,
            session: SessionView::from(&session),
        })
    }

    /// The proof of an ended session, as the canonical JSON that is downloaded.
    ///
    /// What is stored must hash to the stored head of the chain, or nothing is signed. It is not replayed
    /// here: that is for whoever checks the proof, and may take long for a session full of probes.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::SessionNotEnded`]; [`Refusal::ProofTooLarge`] above
    /// [`MAX_PROOF_EVENTS`]; [`Error::Internal`] for a record that does not fit together.
    pub async fn session_proof(&self, session_id: SessionId) -> Result<String, Error> {
        let session = self.stored_session(session_id).await?;
        if !session.state.is_final() {
            return Err(Refusal::SessionNotEnded { state: session.state }.into());
        }
        if session.last_seq > MAX_PROOF_EVENTS {
            return Err(Refusal::ProofTooLarge { events: session.last_seq, most: MAX_PROOF_EVENTS }.into());
        }
        // The semaphore is never closed, so waiting for it cannot fail.
        let _prover = self.provers.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
        let game = self.game_find(session.game_id).await?;
        let events = self.all_events(session_id).await?;
        let (mut wallets, mut entries) = (Vec::new(), Vec::new());
        for wallet_id in wallets_of(&session, &events) {
            let found = self.ports.wallets.wallet_find(wallet_id).await?;
            let wallet = found.ok_or_else(|| inconsistent(&session, format_args!("wallet {wallet_id} is gone")))?;
            wallets.push(ProvenWallet { wallet_id, cost_rate: wallet.cost_rate });
            entries.extend(self.entries_of(&session, &events, &wallet).await?);
        }
        let signer = Arc::clone(&self.ports.signer);
        let prove = move || {
            let stored = Stored { session, game, events, entries, wallets };
            stored.prove(signer.as_ref())
        };
        let proven = tokio::task::spawn_blocking(prove).await;
        proven.map_err(|error| Error::Internal(format!("putting a proof together failed: {error}")))?
    }

    /// The start of a session's chain.
    ///
    /// The session's row has the present seed only. Whether it is the first as well shows in the first
    /// event's hash; if not, the first rotation's event has the first seed.
    async fn genesis(&self, session: &Session, fingerprint: Digest) -> Result<Digest, Error> {
        let genesis = |commitment| {
            Session::genesis(session.session_id, fingerprint, commitment, session.training).map_err(unwritable)
        };
        let candidate = genesis(session.fairness.server_seed.commitment())?;
        let mut page = self.ports.sessions.event_list(session.session_id, 0, 1).await?;
        match page.first() {
            None => return Ok(candidate),
            Some(first) if first.body.hash_after(candidate).map_err(unwritable)? == first.hash => return Ok(candidate),
            Some(_) => {}
        }
        let mut after = 0;
        while let Some(last) = page.last() {
            if let Some(seed) = first_rotated_seed(&page) {
                return genesis(seed.commitment());
            }
            after = last.body.seq.max(after);
            page = self.ports.sessions.event_list(session.session_id, after, PAGE).await?;
        }
        Err(inconsistent(session, "its chain does not start at its first seed"))
    }

    async fn all_events(&self, session_id: SessionId) -> Result<Vec<GameplayEvent>, Error> {
        let mut events: Vec<GameplayEvent> = Vec::new();
        loop {
            let after = events.last().map_or(0, |event| event.body.seq);
            let page = self.ports.sessions.event_list(session_id, after, PAGE).await?;
            let last = page.len() < PAGE as usize;
            events.extend(page);
            if last {
                return Ok(events);
            }
        }
    }

    /// The entries of a wallet that the session's events caused.
    ///
    /// Ledgers are read by `seq`, and their instants rise with it: halving finds where the session began,
    /// in some twenty reads of one row, and the events tell how many entries to look for from there. No
    /// index by event is needed, which every action would have to keep up. Only where the clock was set
    /// back behind the session's opening are entries missed so; then the ledger is read from its start.
    async fn entries_of(
        &self,
        session: &Session,
        events: &[GameplayEvent],
        wallet: &Wallet,
    ) -> Result<Vec<LedgerEntry>, Error> {
        let played = wallet_by_event(opening_wallet(session, events), events);
        let own = events.iter().zip(&played).filter(|(_, wallet_id)| **wallet_id == Some(wallet.wallet_id));
        let caused: BTreeMap<_, usize> = own.map(|(event, _)| (event.body.event_id, entries_caused(event))).collect();
        let wanted: usize = caused.values().sum();
        if wanted == 0 {
            return Ok(Vec::new());
        }
        let start = self.ledger_start(wallet, session.created_at).await?;
        for after in [start, 0] {
            let found = self.scan(wallet.wallet_id, after, wanted, |entry| match entry.cause {
                Cause::Event(event_id) => caused.contains_key(&event_id),
                Cause::Operation(_) => false,
            });
            let found = found.await?;
            if found.len() == wanted {
                return Ok(found);
            }
        }
        Err(inconsistent(session, format_args!("the ledger of wallet {} lacks entries", wallet.wallet_id)))
    }

    /// The `seq` before the first entry of a wallet's ledger at or after an instant.
    async fn ledger_start(&self, wallet: &Wallet, from: Timestamp) -> Result<i64, Error> {
        let (mut low, mut high) = (0, wallet.ledger_seq);
        while low < high {
            let middle = low + (high - low) / 2;
            let entry = self.ports.wallets.ledger_list(wallet.wallet_id, middle, 1).await?;
            match entry.first() {
                Some(entry) if entry.timestamp < from => low = middle + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    }

    /// Entries after `seq` `after` that pass, until `wanted` are there or the ledger ends.
    async fn scan(
        &self,
        wallet_id: WalletId,
        mut after: i64,
        wanted: usize,
        passes: impl Fn(&LedgerEntry) -> bool,
    ) -> Result<Vec<LedgerEntry>, Error> {
        let mut found = Vec::with_capacity(wanted);
        while found.len() < wanted {
            let page = self.ports.wallets.ledger_list(wallet_id, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            found.extend(page.into_iter().filter(&passes));
        }
        Ok(found)
    }
}

/// What is stored of an ended session.
struct Stored {
    session: Session,
    game: Game,
    events: Vec<GameplayEvent>,
    entries: Vec<LedgerEntry>,
    wallets: Vec<ProvenWallet>,
}

impl Stored {
    /// Puts the proof together, checks the chain and signs.
    fn prove(self, signer: &dyn HeadSigner) -> Result<String, Error> {
        let Self { session, game, events, entries, wallets } = self;
        let body = ProofBody::gather(&session, &game, events, entries, wallets, signer)
            .map_err(|error| inconsistent(&session, error))?;
        let chained = i64::try_from(body.events.len()) == Ok(session.last_seq)
            && verify_chain(body.genesis, &body.events) == Ok(session.chain_head);
        if !chained {
            return Err(inconsistent(&session, "its events do not hash to its chain's head"));
        }
        SessionProof::seal(body, signer).and_then(|proof| proof.write()).map_err(unwritable)
    }
}

fn inconsistent(session: &Session, why: impl std::fmt::Display) -> Error {
    Error::Internal(format!("session {} does not fit together: {why}", session.session_id))
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::Internal(format!("a record cannot be written: {error}"))
}
