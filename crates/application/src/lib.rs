//! Use cases over the ports: one group-committed write path, and the reads.

mod book;
mod command;
mod committer;
mod desk;
mod error;
mod house;
mod page;
mod proof;
mod settings;
mod sweeper;
mod view;

pub use command::{ActAnswer, Answer, Command, GameDraft, SessionDraft};
pub use error::Error;
pub use house::House;
pub use page::Page;
pub use proof::{FairnessAnswer, MAX_PROOF_EVENTS};
pub use settings::{CommitterSettings, Ports, Settings};
pub use sweeper::sweep;
pub use view::{FairnessView, RoundView, SessionView, WalletBrief, WalletView};
