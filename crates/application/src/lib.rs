//! Use cases over the ports: one group-committed write path, and the reads.

mod book;
mod command;
mod committer;
mod desk;
mod error;
mod follow;
mod house;
mod notices;
mod observer;
mod page;
mod par_sheet;
mod play;
mod profiling;
mod proof;
mod rl;
mod settings;
mod simulations;
mod sweeper;
mod view;
mod worker;

pub use command::{ActAnswer, Answer, Command, GameDraft, SessionDraft};
pub use error::Error;
pub use follow::{Followed, Follower};
pub use house::House;
pub use observer::{FingerprintAnswer, OBSERVED_ON_REQUEST, observe};
pub use page::Page;
pub use play::{MAX_ACTIONS, Play, PlayAnswer, PlayOutcome};
pub use proof::{FairnessAnswer, MAX_PROOF_EVENTS};
pub use reelhouse_dataset as dataset;
pub use rl::{ExportAnswer, ExportRequest, ResetAnswer, ResetRequest, Spaces, StepAction, StepAnswer, StepCursor};
pub use settings::{CommitterSettings, FollowSettings, Ports, Reads, Settings};
pub use simulations::{JobView, PlayerDraft, SimulationDraft};
pub use sweeper::sweep;
pub use view::{FairnessView, RoundView, SessionView, WalletBrief, WalletView};
pub use worker::{WorkSettings, Workers};
