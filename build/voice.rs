//! The files of `src/voice` that the build script shares with the library.

#[path = "../src/voice/packed.rs"]
pub mod packed;
#[path = "../src/voice/pattern.rs"]
pub mod pattern;
#[path = "../src/voice/place.rs"]
mod place;
