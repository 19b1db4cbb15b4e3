//! Reads French and English social text: what tone, towards whom, about what, and who is speaking.
#![forbid(unsafe_code)]

mod error;
mod post;
mod analyzer;
mod analysis;
mod batch;
pub mod text;
mod language;
mod lexicon;
pub mod tone;
pub mod voice;
pub mod watch;

pub use analysis::{Analysis, AspectReading, Evidence, EvidenceFor, Label, Probabilities, TargetReading, Tonality, Via};
pub use analyzer::{Analyzer, AnalyzerBuilder, Labelled};
pub use error::{Error, ErrorKind};
pub use language::Language;
pub use lexicon::check_lexicon;
pub use post::{Post, Source, Target};
