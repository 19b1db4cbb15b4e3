//! Writing: records out as JSON lines or CSV, into a file that appears whole or into a pipe.
//!
//! Encoding happens on the working threads, into plain bytes; [`Output`] only passes them on. A file
//! is written beside its place under another name and renamed when all is in it, so that a run that
//! stops half way leaves what was there before. Devices and pipes named as files are written to
//! directly.

use anyhow::{Context, Result};
use clap::ValueEnum;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tonalite::voice::Stage;
use tonalite::{Analysis, Tonality};

/// A format that records go out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    /// One JSON object per line: everything
    Jsonl,
    /// One row per record: the post, the first target, no evidence
    Csv,
}

/// The columns of the CSV form.
const COLUMNS: [&str; 18] = [
    "id",
    "language",
    "label",
    "score",
    "confidence",
    "p_negative",
    "p_neutral",
    "p_positive",
    "role",
    "role_confidence",
    "intents",
    "stage",
    "noise",
    "target",
    "target_mentioned",
    "target_label",
    "target_score",
    "target_confidence",
];

impl Encoding {
    /// The format that a file's extension asks for.
    pub(crate) fn of_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// What comes before the first record.
    pub(crate) fn header(self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        if self == Self::Csv {
            csv::Writer::from_writer(&mut out).write_record(COLUMNS)?;
        }
        Ok(out)
    }

    /// Appends one record.
    pub(crate) fn append(self, out: &mut Vec<u8>, analysis: &Analysis) -> Result<()> {
        match self {
            Self::Jsonl => {
                serde_json::to_writer(&mut *out, analysis)?;
                out.push(b'\n');
                Ok(())
            }
            Self::Csv => append_row(out, analysis),
        }
    }
}

fn append_row(out: &mut Vec<u8>, a: &Analysis) -> Result<()> {
    let mut row = csv::Writer::from_writer(out);
    let intents: Vec<&str> = a.intents.iter().map(|i| i.as_str()).collect();
    let noise = serde_json::to_value(a.noise.label)?;
    row.write_field(a.id.as_deref().unwrap_or_default())?;
    row.write_field(a.language.as_str())?;
    let numbers = |t: &Tonality| [t.score, t.confidence].map(|n| n.to_string());
    let p = a.tonality.p;
    row.write_field(a.tonality.label.as_str())?;
    for number in numbers(&a.tonality) {
        row.write_field(number)?;
    }
    for number in [p.negative, p.neutral, p.positive] {
        row.write_field(number.to_string())?;
    }
    row.write_field(a.role.label.as_str())?;
    row.write_field(a.role.confidence.to_string())?;
    row.write_field(intents.join("|"))?;
    row.write_field(a.stage.map(Stage::as_str).unwrap_or_default())?;
    row.write_field(noise.as_str().unwrap_or_default())?;
    match a.targets.first() {
        Some(target) => {
            row.write_field(&target.target)?;
            row.write_field(if target.mentioned { "true" } else { "false" })?;
            row.write_field(target.tonality.label.as_str())?;
            for number in numbers(&target.tonality) {
                row.write_field(number)?;
            }
        }
        None => {
            for _ in 0..5 {
                row.write_field("")?;
            }
        }
    }
    row.write_record(None::<&[u8]>)?;
    row.flush()?;
    Ok(())
}

/// Where records go.
pub(crate) struct Output {
    sink: Box<dyn Write>,
    /// The name until all is written, and the name after.
    renaming: Option<(PathBuf, PathBuf)>,
}

impl Output {
    /// Standard output, or a file.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path.filter(|p| *p != Path::new("-")) else {
            return Ok(Self { sink: Box::new(io::stdout().lock()), renaming: None });
        };
        let cannot = || format!("cannot write {}", path.display());
        let found = fs::metadata(path);
        if found.as_ref().is_ok_and(|m| !m.is_file()) {
            let device = File::options().write(true).open(path).with_context(cannot)?;
            return Ok(Self { sink: Box::new(BufWriter::new(device)), renaming: None });
        }
        // Through a link, the file that it points at is replaced and not the link.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut name = std::ffi::OsString::from(".");
        name.push(place.file_name().with_context(cannot)?);
        name.push(format!(".{}.part", std::process::id()));
        let part = place.with_file_name(name);
        let file = File::create(&part).with_context(cannot)?;
        let output = Self { sink: Box::new(BufWriter::new(file)), renaming: Some((part, place)) };
        if let (Ok(found), Some((part, _))) = (found, &output.renaming) {
            fs::set_permissions(part, found.permissions()).with_context(cannot)?;
        }
        Ok(output)
    }

    /// Passes on some whole records.
    pub(crate) fn write(&mut self, records: &[u8]) -> Result<()> {
        self.sink.write_all(records).context("cannot write the output")
    }

    /// Everything has been written: the file takes its name.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.sink.flush().context("cannot write the output")?;
        if let Some((part, place)) = self.renaming.take() {
            fs::rename(&part, &place).with_context(|| format!("cannot write {}", place.display()))?;
        }
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Not finished: what was there before stays. Pipes keep what they were given.
        let _ = self.sink.flush();
        if let Some((part, _)) = self.renaming.take() {
            let _ = fs::remove_file(part);
        }
    }
}

/// Whether the reader of our output has gone, as `head` does: no fault of anybody's.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_pipe = |e: &io::Error| e.kind() == ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(is_pipe))
}
