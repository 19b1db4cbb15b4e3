//! Compressed files, by their extension: `posts.jsonl.gz`, `export.csv.zst`.
//!
//! Files put together from several (`cat a.gz b.gz`) read to their end; one that was cut off is an
//! error and not a shorter file.

use anyhow::{Context, Result};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// What a file's extension says, and the path without it, whose own extension says the format.
    pub(crate) fn of(path: &Path) -> (Self, PathBuf) {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let packing = match extension.to_ascii_lowercase().as_str() {
            "gz" | "gzip" => Self::Gzip,
            "zst" | "zstd" => Self::Zstd,
            _ => return (Self::Plain, path.to_owned()),
        };
        (packing, path.with_extension(""))
    }

    /// The bytes inside.
    pub(crate) fn reader(self, packed: impl Read + Send + 'static) -> Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Plain => Box::new(packed),
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(packed)),
            Self::Zstd => Box::new(zstd::Decoder::new(packed).context("cannot start zstd")?),
        })
    }

    /// A sink that compresses; it must be finished.
    pub(crate) fn writer(self, sink: Box<dyn Write + Send>) -> Result<Packer> {
        Ok(match self {
            Self::Plain => Packer::Plain(sink),
            Self::Gzip => Packer::Gzip(flate2::write::GzEncoder::new(sink, flate2::Compression::default())),
            Self::Zstd => {
                let mut packer = zstd::Encoder::new(sink, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                // Without its sum, bytes gone bad would read as other bytes.
                packer.include_checksum(true)?;
                Packer::Zstd(packer)
            }
        })
    }

    /// What a failure to read means, beyond the system's own words for it.
    pub(crate) fn blame(self, error: &io::Error) -> &'static str {
        match (self, error.kind()) {
            (Self::Plain, _) | (_, ErrorKind::PermissionDenied) => "",
            (Self::Gzip, ErrorKind::UnexpectedEof) => ": the gzip archive is cut short",
            (Self::Gzip, _) => ": the gzip archive is corrupt, or is none",
            (Self::Zstd, ErrorKind::UnexpectedEof) => ": the zstd archive is cut short",
            (Self::Zstd, _) => ": the zstd archive is corrupt, or is none",
        }
    }
}

/// A sink that compresses what is written to it.
pub(crate) enum Packer {
    Plain(Box<dyn Write + Send>),
    Gzip(flate2::write::GzEncoder<Box<dyn Write + Send>>),
    Zstd(zstd::Encoder<'static, Box<dyn Write + Send>>),
}

impl Packer {
    /// Writes what is left, and the archive's own end.
    pub(crate) fn finish(self) -> io::Result<()> {
        let mut sink = match self {
            Self::Plain(sink) => sink,
            Self::Gzip(packer) => packer.finish()?,
            Self::Zstd(packer) => packer.finish()?,
        };
        sink.flush()
    }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(sink) => sink.write(bytes),
            Self::Gzip(sink) => sink.write(bytes),
            Self::Zstd(sink) => sink.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(sink) => sink.flush(),
            Self::Gzip(sink) => sink.flush(),
            Self::Zstd(sink) => sink.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn extensions_say_how() {
        for (path, packing, inner) in [
            ("a.jsonl.gz", Packing::Gzip, "a.jsonl"),
            ("b.csv.ZST", Packing::Zstd, "b.csv"),
            ("c.txt", Packing::Plain, "c.txt"),
            ("gz", Packing::Plain, "gz"),
        ] {
            assert_eq!(Packing::of(Path::new(path)), (packing, inner.into()));
        }
    }

    #[test]
    fn an_end_that_is_missing_is_said() {
        let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x4b\x04";
        let error = Packing::Gzip.reader(Cursor::new(gzip)).unwrap().read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(Packing::Gzip.blame(&error), ": the gzip archive is cut short");
        let error = Packing::Zstd.reader(Cursor::new(gzip)).unwrap().read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(Packing::Zstd.blame(&error), ": the zstd archive is corrupt, or is none");
    }
}
