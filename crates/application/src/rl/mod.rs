//! What is learnt from: spaces, the record as datasets, its figures, and steps of many sessions at once.

mod assemble;
mod export;
mod pages;
mod sink;
mod spaces;
mod step;

pub(crate) use export::EXPORTS;
pub use export::{ExportAnswer, ExportRequest, StepCursor};
pub use spaces::Spaces;
pub use step::{ResetAnswer, ResetRequest, StepAction, StepAnswer};
