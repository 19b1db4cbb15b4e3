//! What is going on, over many posts and over time.
//!
//! Takes [`Post`](crate::Post) and [`Analysis`](crate::Analysis) records, never tokens. [`Watch`] holds
//! all of it: `observe` each post, `merge` shards, read a [`Digest`]. Everything here is incremental,
//! mergeable and serialisable (feature `serde`), so that shards of a corpus can be summarised apart and
//! put together: tables of whole numbers keyed by time or by hash, which add up in any order, and
//! bounded sets that keep what is smallest by a hash or largest by a fixed order, which commute with
//! union. Whatever needs judgement (stories, alerts, journeys, terms) is computed from these when read.
//!
//! ```
//! use tonalite::watch::{Watch, WatchConfig};
//! use tonalite::{Analysis, Post};
//!
//! # fn main() -> Result<(), tonalite::Error> {
//! let mut watch = Watch::new(WatchConfig::default())?;
//! watch.observe(&Post::new("Livraison lente, encore."), &Analysis::default());
//! assert_eq!(watch.digest().posts, 1);
//! # Ok(())
//! # }
//! ```

mod alert;
mod authors;
mod burst;
mod config;
mod cues;
mod digest;
mod duplicate;
mod features;
mod interval;
mod journey;
pub mod learn;
mod learned;
mod life;
mod links;
mod noise;
mod packed;
mod panel;
mod pattern;
mod review;
mod sample;
mod seed;
mod shingle;
mod skim;
mod special;
mod summary;
mod table;
mod terms;
mod themes;
mod time;
mod trend;

pub use alert::{Alert, Lead};
pub use authors::{AuthorCard, Authors, Standing};
pub use burst::BurstKind;
pub use config::{AlertConfig, Grain, JourneyConfig, ReviewConfig, StoryConfig, WatchConfig};
pub use digest::{Digest, Note, TargetDigest};
pub use duplicate::{Groups, Sighting, Stories, Story};
pub use interval::{Estimate, Interval, Rule};
pub use journey::{Journey, JourneyReading, Move, Pattern, Station};
pub use life::Life;
pub use noise::{Noise, NoiseReading, judge};
pub use panel::{Comparison, Panel, PanelConfig, PanelReading, Stratum, StratumReading};
pub use review::{Review, ReviewItem, ReviewRow, from_csv, to_csv};
pub use sample::{Card, CardTarget, Sample, Span};
pub use seed::Origin;
pub use summary::{Seen, Watch};
pub use terms::{Periods, Rising, TermKind, rising};
pub use time::{Clock, TimeDoubts};
pub use trend::{Counts, Dimension, Filter, Point, Trend};
