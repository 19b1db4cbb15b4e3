//! The files of `src/tone` that the build script shares with the library.

#[path = "../src/tone/expert/packed.rs"]
pub mod expert;
