//! Writing: records out as JSON lines, CSV or Parquet, into a file that appears whole or into a pipe.
//!
//! Encoding happens on the working threads, into bytes or columns ([`Encoded`]); [`Records`] puts
//! them together, and [`Output`] passes bytes on, packed where the extension says so. A file
//! is written beside its place under another name and renamed when all is in it, so that a run that
//! stops half way leaves what was there before. Devices and pipes named as files are written to
//! directly.

#[cfg(feature = "parquet")]
mod parquet;

use crate::packing::{Packer, Packing};
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
    /// One row per record: everything, in the columns of the Python wheel
    #[cfg(feature = "parquet")]
    Parquet,
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
    /// The format that a file's extension asks for, under that of an archive.
    pub(crate) fn of_extension(path: &Path) -> Option<Self> {
        match Packing::of(path).1.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            #[cfg(feature = "parquet")]
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// Whether people cannot read it.
    pub(crate) fn is_binary(self) -> bool {
        !matches!(self, Self::Jsonl | Self::Csv)
    }

    /// Whether its records quote the words behind the scores.
    pub(crate) fn quotes(self) -> bool {
        self != Self::Csv
    }

    /// Adds one record.
    pub(crate) fn append(self, to: &mut Encoded, analysis: Analysis) -> Result<()> {
        match self {
            Self::Jsonl => {
                serde_json::to_writer(&mut to.bytes, &analysis)?;
                to.bytes.push(b'\n');
                Ok(())
            }
            Self::Csv => append_row(&mut to.bytes, &analysis),
            #[cfg(feature = "parquet")]
            Self::Parquet => {
                to.rows.push(analysis.into());
                Ok(())
            }
        }
    }
}

/// Some records, encoded.
#[derive(Debug, Default)]
pub(crate) struct Encoded {
    bytes: Vec<u8>,
    #[cfg(feature = "parquet")]
    rows: Vec<tonalite_arrow::Row>,
    #[cfg(feature = "parquet")]
    batch: Option<arrow_array::RecordBatch>,
}

impl Encoded {
    /// None yet, with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// What can be done before it is this one's turn to be written.
    pub(crate) fn seal(&mut self) -> Result<()> {
        #[cfg(feature = "parquet")]
        if !self.rows.is_empty() {
            self.batch = Some(parquet::batch(&std::mem::take(&mut self.rows))?);
        }
        Ok(())
    }
}

/// Where records go, in the format asked for.
pub(crate) enum Records {
    /// Text.
    Bytes(Output),
    /// Columns.
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::Sink>),
}

impl Records {
    /// Begins a file, or standard output.
    pub(crate) fn open(path: Option<&Path>, encoding: Encoding) -> Result<Self> {
        let mut output = Output::open(path)?;
        match encoding {
            Encoding::Jsonl => {}
            Encoding::Csv => {
                let mut header = Vec::new();
                csv::Writer::from_writer(&mut header).write_record(COLUMNS)?;
                output.write(&header)?;
            }
            #[cfg(feature = "parquet")]
            Encoding::Parquet => return Ok(Self::Parquet(Box::new(parquet::Sink::new(output)?))),
        }
        Ok(Self::Bytes(output))
    }

    /// Passes on some whole records.
    pub(crate) fn write(&mut self, records: &Encoded) -> Result<()> {
        match self {
            Self::Bytes(output) => output.write(&records.bytes),
            #[cfg(feature = "parquet")]
            Self::Parquet(sink) => records.batch.as_ref().map_or(Ok(()), |batch| sink.write(batch)),
        }
    }

    /// Everything has been written: the file takes its name.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::Bytes(output) => output.finish(),
            #[cfg(feature = "parquet")]
            Self::Parquet(sink) => sink.finish()?.finish(),
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

/// Where bytes go.
pub(crate) struct Output {
    /// Gone only once it is finished.
    sink: Option<Packer>,
    /// The name until all is written, and the name after.
    renaming: Option<(PathBuf, PathBuf)>,
}

impl Output {
    /// Standard output, or a file, packed as its extension says.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path.filter(|p| *p != Path::new("-")) else {
            return Ok(Self { sink: Some(Packer::Plain(Box::new(io::stdout()))), renaming: None });
        };
        let cannot = || format!("cannot write {}", path.display());
        let packed = |file| Packing::of(path).0.writer(Box::new(BufWriter::new(file))).map(Some);
        let found = fs::metadata(path);
        if found.as_ref().is_ok_and(|m| !m.is_file()) {
            let device = File::options().write(true).open(path).with_context(cannot)?;
            return Ok(Self { sink: packed(device)?, renaming: None });
        }
        // Through a link, the file that it points at is replaced and not the link.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut name = std::ffi::OsString::from(".");
        name.push(place.file_name().with_context(cannot)?);
        name.push(format!(".{}.part", std::process::id()));
        let part = place.with_file_name(name);
        let file = File::create(&part).with_context(cannot)?;
        let output = Self { sink: packed(file)?, renaming: Some((part, place)) };
        if let (Ok(found), Some((part, _))) = (found, &output.renaming) {
            fs::set_permissions(part, found.permissions()).with_context(cannot)?;
        }
        Ok(output)
    }

    /// Passes on some bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_all(bytes).context("cannot write the output")
    }

    /// Everything has been written: the file takes its name.
    pub(crate) fn finish(mut self) -> Result<()> {
        if let Some(sink) = self.sink.take() {
            sink.finish().context("cannot write the output")?;
        }
        if let Some((part, place)) = self.renaming.take() {
            fs::rename(&part, &place).with_context(|| format!("cannot write {}", place.display()))?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sink.as_mut().map_or(Ok(0), |sink| sink.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Not finished: what was there before stays. Pipes keep what they were given.
        let _ = self.flush();
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
