//! From chunks to posts with their analyses, on the working threads: what `report` and `watch` take in.

use crate::read::{Chunk, Record};
use crate::rejects;
use crate::summary::Tally;
use anyhow::{Result, anyhow, bail};
use std::path::PathBuf;
use tonalite::{Analysis, Analyzer, Post};

/// What is done to every chunk.
pub(crate) struct Intake {
    pub(crate) analyzer: Analyzer,
    /// Records that cannot be read are kept, and do not stop the run.
    pub(crate) keep_rejects: bool,
}

/// What became of a chunk.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Bytes read.
    pub(crate) read: usize,
    pub(crate) posts: Vec<(Post, Analysis)>,
    pub(crate) tally: Tally,
    /// Rejects, encoded.
    pub(crate) rejects: Vec<u8>,
    pub(crate) rejected: u64,
    /// What stopped the run in the middle of the chunk.
    pub(crate) stop: Option<anyhow::Error>,
}

impl Intake {
    /// Reads and analyses a chunk.
    pub(crate) fn take(&self, chunk: &Chunk) -> Batch {
        let mut batch = Batch { read: chunk.len(), ..Batch::default() };
        for record in chunk.records() {
            if let Err(stop) = self.take_record(chunk, &record, &mut batch) {
                batch.stop = Some(stop);
                break;
            }
        }
        batch
    }

    fn take_record(&self, chunk: &Chunk, record: &Record<'_>, batch: &mut Batch) -> Result<()> {
        match record.post() {
            Ok(post) => {
                let analysis = self.analyzer.analyze_post(&post);
                batch.tally.add(&analysis);
                batch.posts.push((post, analysis));
                Ok(())
            }
            Err(reason) if self.keep_rejects => {
                batch.rejected += 1;
                rejects::append(&mut batch.rejects, chunk, record, &reason)
            }
            Err(reason) => Err(anyhow!("{}:{}: {reason}", chunk.file(), record.line)),
        }
    }
}

/// Says that a file is missing before another is worked on for an hour.
pub(crate) fn check_inputs(inputs: &[PathBuf]) -> Result<()> {
    match inputs.iter().find(|path| path.as_os_str() != "-" && !path.exists()) {
        Some(path) => bail!("cannot read {}: there is no such file", path.display()),
        None => Ok(()),
    }
}
