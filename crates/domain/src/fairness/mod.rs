//! Fair draws: where outcomes come from, and how anyone can check them.

pub mod draws;
pub mod head;
pub mod proof;
pub mod seed;
pub mod signing;
pub mod stream;
pub mod verify;

pub use draws::{Dealer, Draws};
pub use head::{HeadStatement, SignedHead};
pub use proof::{ProofBody, SessionProof};
pub use seed::{MAX_CLIENT_SEED, ServerSeed, check_client_seed};
pub use signing::{Ed25519Signer, HeadSigner, PublicKey, Signature};
pub use stream::{FairDealer, FairStream};
pub use verify::{Finding, Report, verify};
