//! What is going on, over many posts and over time.
//!
//! Takes [`Analysis`](crate::Analysis) records, never tokens. Everything here is incremental,
//! mergeable and serialisable, so that shards of a corpus can be summarised apart and put together.

mod noise;

pub use noise::{Noise, NoiseReading};
