//! The files of `src/watch` that the build script shares with the library.

#[path = "../src/watch/features.rs"]
mod features;
#[path = "../src/watch/packed.rs"]
pub mod packed;
#[path = "../src/watch/pattern.rs"]
mod pattern;
#[path = "../src/watch/skim.rs"]
mod skim;
#[path = "../src/watch/themes.rs"]
mod themes;
