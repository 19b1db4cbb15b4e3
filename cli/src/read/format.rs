//! Which format an input has: as its extension promises, else as its first bytes look.

use super::feed::Feed;
use super::lines;
use crate::packing::Packing;
use anyhow::Result;
use clap::ValueEnum;
use std::path::Path;
use tonalite::Post;

/// A format that posts come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object per line
    Jsonl,
    /// A header and rows between commas, semicolons or tabs
    Csv,
    /// A header and rows between tabs
    Tsv,
    /// One text per line
    Lines,
    /// Columns by the same names (from files only)
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// The format that a file's extension promises, under that of an archive.
    pub(crate) fn of_extension(path: &Path) -> Option<Self> {
        match Packing::of(path).1.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "tsv" | "tab" => Some(Self::Tsv),
            "txt" | "text" => Some(Self::Lines),
            #[cfg(feature = "parquet")]
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// The format that the first bytes look like: JSON objects, a table with a header that names two
/// fields of a post, else plain lines.
pub(super) fn guess(feed: &mut Feed) -> Result<Format> {
    while !feed.is_done() && lines::is_blank(feed.held()) {
        feed.more()?;
    }
    if feed.held().trim_ascii_start().starts_with(b"{") {
        return Ok(Format::Jsonl);
    }
    let first = feed.held().split(|b| *b == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let names = |delimiter| {
        let cells = || first.split(delimiter).map(|c| Post::field(c.trim().trim_matches('"')));
        cells().flatten().count() > 1 && cells().any(|f| f == Some("text"))
    };
    Ok(if names('\t') {
        Format::Tsv
    } else if names(',') || names(';') {
        Format::Csv
    } else {
        Format::Lines
    })
}
