//! Fair draws: where outcomes come from, and how anyone can check them.

pub mod draws;
pub mod seed;
pub mod stream;

pub use draws::{Dealer, Draws};
pub use seed::ServerSeed;
pub use stream::{FairDealer, FairStream};
