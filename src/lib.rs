//! Reads French and English social text: what tone, towards whom, about what, and who is speaking.
#![forbid(unsafe_code)]

mod analysis;
mod analyzer;
mod batch;
mod error;
mod language;
mod lexicon;
mod optimise;
mod post;
pub mod text;
pub mod tone;
pub mod voice;
pub mod watch;

pub use analysis::{
    Analysis, AspectReading, Evidence, EvidenceFor, Label, Probabilities, TargetReading, Tonality, Via,
};
pub use analyzer::{Analyzer, AnalyzerBuilder, Labelled};
pub use error::{Error, ErrorKind};
pub use language::Language;
pub use lexicon::check_lexicon;
pub use post::{Post, Source, Target};

/// The Rust of the cookbook, run as tests of documentation.
#[cfg(doctest)]
#[doc = include_str!("../docs/cookbook.md")]
struct Cookbook;
