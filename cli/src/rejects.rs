//! Records that cannot be read: kept with their line and reason where the user asks for it, else the
//! first one stops the run. Never lost silently.

use crate::Outcome;
use crate::read::{Chunk, Record};
use anyhow::{Context, Result};
use serde::Serialize;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A record that could not be read, as the rejects hold it.
#[derive(Debug, Serialize)]
struct Reject<'a> {
    line: u64,
    file: &'a str,
    reason: &'a str,
    record: Cow<'a, str>,
}

/// Appends a record that could not be read.
pub(crate) fn append(out: &mut Vec<u8>, chunk: &Chunk, record: &Record<'_>, reason: &str) -> Result<()> {
    let record = Reject { line: record.line, file: chunk.file(), reason, record: String::from_utf8_lossy(record.raw) };
    serde_json::to_writer(&mut *out, &record)?;
    out.push(b'\n');
    Ok(())
}

/// Where rejects go, and how many there were.
pub(crate) struct Rejects {
    place: Option<(PathBuf, BufWriter<File>)>,
    count: u64,
}

impl Rejects {
    /// A file, where one was asked for.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let open = |path: &Path| {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Ok::<_, anyhow::Error>((path.to_owned(), BufWriter::new(file)))
        };
        Ok(Self { place: path.map(open).transpose()?, count: 0 })
    }

    /// Whether a record that cannot be read is kept rather than stopping the run.
    pub(crate) fn are_kept(&self) -> bool {
        self.place.is_some()
    }

    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Takes some more.
    pub(crate) fn add(&mut self, encoded: &[u8], count: u64) -> Result<()> {
        self.count += count;
        match &mut self.place {
            Some((_, file)) => file.write_all(encoded).context("cannot write the rejects"),
            None => Ok(()),
        }
    }

    /// All are written; says where they are.
    pub(crate) fn finish(&mut self) -> Result<Outcome> {
        let Some((path, file)) = &mut self.place else { return Ok(Outcome::Done) };
        file.flush().context("cannot write the rejects")?;
        if self.count == 0 {
            return Ok(Outcome::Done);
        }
        // A closed stderr is no reason to fail: they are written.
        let _ =
            writeln!(anstream::stderr().lock(), "tonalite: {} records rejected, see {}", self.count, path.display());
        Ok(Outcome::Rejected)
    }
}
