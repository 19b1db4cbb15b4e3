//! One input and the bytes of it that are held: what has been read and not yet been taken.

use crate::packing::Packing;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much is asked for at a time: what a pipe holds, and some milliseconds of work.
pub(super) const BLOCK: usize = 64 << 10;

/// Beginnings of files that are not text, and what to do about each.
const NOT_TEXT: [(&[u8], &str); 6] = [
    (b"\x1f\x8b", "compressed by gzip: name it .gz, or `gzip -dc FILE | tonalite ...`"),
    (b"(\xb5\x2f\xfd", "compressed by zstd: name it .zst, or `zstd -dc FILE | tonalite ...`"),
    (b"PAR1", "Parquet: name it .parquet, or say `--from parquet`; it is read from files, not from pipes"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet: save it as CSV"),
    (b"\xff\xfe", "UTF-16: `iconv -f UTF-16 -t UTF-8 FILE | tonalite ...`"),
    (b"\xfe\xff", "UTF-16: `iconv -f UTF-16 -t UTF-8 FILE | tonalite ...`"),
];

/// An input that is being read.
pub(super) struct Feed {
    name: Arc<str>,
    source: Box<dyn Read + Send>,
    packing: Packing,
    /// Bytes of the file itself that were read and not yet been accounted for.
    read: Arc<AtomicUsize>,
    held: Vec<u8>,
    done: bool,
}

/// A file whose bytes are counted before they are unpacked.
struct Counted {
    file: File,
    read: Arc<AtomicUsize>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let got = self.file.read(into)?;
        self.read.fetch_add(got, Ordering::Relaxed);
        Ok(got)
    }
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").field("name", &self.name).field("held", &self.held.len()).finish_non_exhaustive()
    }
}

impl Feed {
    /// Opens a file, or standard input for `-`, and reads its first bytes; a byte order mark is
    /// dropped.
    pub(super) fn open(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Self::start("stdin", Box::new(std::io::stdin()));
        }
        let name = path.display().to_string();
        if path.is_dir() {
            bail!("{name} is a folder: name the files in it");
        }
        let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
        match Packing::of(path).0 {
            Packing::Plain => Self::start(&name, Box::new(file)),
            packing => {
                let read = Arc::new(AtomicUsize::new(0));
                let source = packing.reader(Counted { file, read: Arc::clone(&read) })?;
                Self::begin(&name, source, packing, read)
            }
        }
    }

    /// The same for a source that is open.
    pub(super) fn start(name: &str, source: Box<dyn Read + Send>) -> Result<Self> {
        Self::begin(name, source, Packing::Plain, Arc::default())
    }

    fn begin(name: &str, source: Box<dyn Read + Send>, packing: Packing, read: Arc<AtomicUsize>) -> Result<Self> {
        let mut feed = Self { name: name.into(), source, packing, read, held: Vec::new(), done: false };
        while feed.held.len() < 4 && !feed.done {
            feed.more()?;
        }
        if let Some((_, what)) = NOT_TEXT.iter().find(|(magic, _)| feed.held.starts_with(magic)) {
            bail!("{name} is {what}");
        }
        if feed.held.starts_with(b"\xef\xbb\xbf") {
            feed.held.drain(..3);
        }
        Ok(feed)
    }

    /// Reads once, at most a block. (A larger read for a longer record would clear the space for it
    /// each time, and a pipe gives no more than a block anyway.)
    pub(super) fn more(&mut self) -> Result<()> {
        let held = self.held.len();
        self.held.resize(held + BLOCK, 0);
        let got = loop {
            match self.source.read(&mut self.held[held..]) {
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                got => break got,
            }
        };
        self.held.truncate(held + got.as_ref().map_or(0, |n| *n));
        match got {
            Ok(got) => self.done = got == 0,
            Err(error) => {
                let what = format!("cannot read {}{}", self.name, self.packing.blame(&error));
                return Err(anyhow::Error::new(error).context(what));
            }
        }
        Ok(())
    }

    /// What has been read and not been taken.
    pub(super) fn held(&self) -> &[u8] {
        &self.held
    }

    /// Whether there is nothing more to read.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// The input as messages name it.
    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// How much of the file these bytes, about to be taken, stand for: their own number, but for an
    /// archive what was read of it since the last time.
    pub(super) fn share(&self, bytes: usize) -> usize {
        match self.packing {
            Packing::Plain => bytes,
            Packing::Gzip | Packing::Zstd => self.read.swap(0, Ordering::Relaxed),
        }
    }

    /// Takes the first bytes of what is held.
    pub(super) fn take(&mut self, bytes: usize) -> Vec<u8> {
        let rest = self.held[bytes..].to_vec();
        let mut taken = std::mem::replace(&mut self.held, rest);
        taken.truncate(bytes);
        taken
    }
}
