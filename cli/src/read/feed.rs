//! One input and the bytes of it that are held: what has been read and not yet been taken.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

/// How much is asked for at a time: what a pipe holds, and some milliseconds of work.
pub(super) const BLOCK: usize = 64 << 10;

/// Beginnings of files that are not text, and what to do about each.
const NOT_TEXT: [(&[u8], &str); 5] = [
    (b"\x1f\x8b", "compressed by gzip: `gzip -dc FILE | tonalite ...`"),
    (b"(\xb5\x2f\xfd", "compressed by zstd: `zstd -dc FILE | tonalite ...`"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet: save it as CSV"),
    (b"\xff\xfe", "UTF-16: `iconv -f UTF-16 -t UTF-8 FILE | tonalite ...`"),
    (b"\xfe\xff", "UTF-16: `iconv -f UTF-16 -t UTF-8 FILE | tonalite ...`"),
];

/// An input that is being read.
pub(super) struct Feed {
    name: Arc<str>,
    source: Box<dyn Read + Send>,
    held: Vec<u8>,
    done: bool,
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
        let (name, source): (_, Box<dyn Read + Send>) = if path == Path::new("-") {
            ("stdin".to_owned(), Box::new(std::io::stdin()))
        } else {
            let name = path.display().to_string();
            if path.is_dir() {
                bail!("{name} is a folder: name the files in it");
            }
            let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
            (name, Box::new(file))
        };
        Self::start(&name, source)
    }

    /// The same for a source that is open.
    pub(super) fn start(name: &str, source: Box<dyn Read + Send>) -> Result<Self> {
        let mut feed = Self { name: name.into(), source, held: Vec::new(), done: false };
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
        self.done = got.with_context(|| format!("cannot read {}", self.name))? == 0;
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

    /// Takes the first bytes of what is held.
    pub(super) fn take(&mut self, bytes: usize) -> Vec<u8> {
        let rest = self.held[bytes..].to_vec();
        let mut taken = std::mem::replace(&mut self.held, rest);
        taken.truncate(bytes);
        taken
    }
}
