//! A file that grows: its end is not the end.
//!
//! At the end it waits and looks again. A file that has become shorter was emptied, and one that is
//! another file under the same name was rotated: both are read from their beginning. A record that the
//! old one broke off in the middle ends there, and does not run into the first of the new one.

use std::fs::{File, Metadata};
use std::io::{Read, Result};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// How long to wait at the end before looking again.
const PAUSE: Duration = Duration::from_millis(200);

/// A growing file.
pub(super) struct Tail {
    path: PathBuf,
    file: File,
    /// Bytes read of it.
    at: u64,
    /// Whether what was read ends in the middle of a line.
    broken: bool,
}

impl Tail {
    /// The file at a path, from its beginning.
    pub(super) fn open(path: &Path) -> Result<Self> {
        Ok(Self { path: path.to_owned(), file: File::open(path)?, at: 0, broken: false })
    }

    /// The file to read from its beginning instead, where there is one.
    fn next(&self) -> Option<File> {
        // Between the two steps of a rotation there may be no file of that name: then there is one later.
        let now = std::fs::metadata(&self.path).ok()?;
        let mine = self.file.metadata().ok()?;
        (now.len() < self.at || !same(&mine, &now)).then(|| File::open(&self.path).ok())?
    }
}

impl Read for Tail {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let got = self.file.read(buffer)?;
            if let Some(last) = got.checked_sub(1) {
                self.at += got as u64;
                self.broken = buffer[last] != b'\n';
                return Ok(got);
            }
            match self.next() {
                Some(file) => {
                    (self.file, self.at) = (file, 0);
                    if std::mem::take(&mut self.broken) {
                        buffer[0] = b'\n';
                        return Ok(1);
                    }
                }
                None => sleep(PAUSE),
            }
        }
    }
}

#[cfg(unix)]
fn same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere a file that was replaced is only noticed when it is shorter.
#[cfg(not(unix))]
fn same(_: &Metadata, _: &Metadata) -> bool {
    true
}
