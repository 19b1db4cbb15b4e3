//! Parquet in: a file's record batches, in blocks that one thread can take.
//!
//! Only the columns that mean something are read from the disk, row group by row group, so memory is
//! bounded by the pages of a row group and some blocks. The columns are judged before any row is. A
//! row that makes no post keeps its number, and its cells go with the reason.

use super::Format;
use super::table::LABELS;
use anyhow::{Context, Result, anyhow, bail};
use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tonalite::Post;
use tonalite_arrow::{Strings, Table};

/// Rows of a block: some tens of milliseconds of work.
const BLOCK: usize = 1024;

/// Whether an input is a file of Parquet: as told, else by its extension, else by its first bytes.
pub(super) fn is_meant(path: &Path, from: Option<Format>) -> bool {
    if !path.is_file() {
        return false;
    }
    match from.or_else(|| Format::of_extension(path)) {
        Some(format) => format == Format::Parquet && crate::packing::Packing::of(path).1 == path,
        None => {
            let mut magic = [0; 4];
            File::open(path).is_ok_and(|mut f| f.read_exact(&mut magic).is_ok()) && &magic == b"PAR1"
        }
    }
}

/// The blocks of one file.
pub(super) struct Blocks {
    file: Arc<str>,
    reader: ParquetRecordBatchReader,
    /// Number of the next row, from 1.
    row: u64,
    /// Rows and bytes of the file.
    size: (u64, u64),
}

/// Some rows; looked into by the first who asks.
#[derive(Debug)]
pub(super) struct Block {
    file: Arc<str>,
    table: Table,
    labels: Option<Strings>,
    first: u64,
    share: usize,
    rows: OnceLock<Vec<Row>>,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    post: Result<Post, String>,
    label: Option<String>,
    /// The cells, where they are no post.
    raw: Vec<u8>,
}

impl std::fmt::Debug for Blocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocks").field("file", &self.file).field("row", &self.row).finish_non_exhaustive()
    }
}

impl Blocks {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// No Parquet file, or one whose columns cannot make posts; the message names the column.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
        let bytes = file.metadata().map_or(0, |m| m.len());
        let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new(file))
            .with_context(|| format!("{name} is no Parquet file, or a broken one"))?;
        let schema = builder.schema().clone();
        let is_known = |name: &str| Post::field(name).is_some() || is_label(name);
        let known: Vec<usize> = (0..schema.fields().len()).filter(|at| is_known(schema.field(*at).name())).collect();
        if let Err(error) = Table::new(&RecordBatch::new_empty(schema)) {
            bail!("{name}: {}", error.reason());
        }
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
        let mask = ProjectionMask::roots(builder.parquet_schema(), known);
        let reader = guarded(|| builder.with_projection(mask).with_batch_size(BLOCK).build());
        let reader = reader.with_context(|| format!("cannot read {name}"))?;
        Ok(Self { file: name.into(), reader, row: 1, size: (rows.max(1), bytes) })
    }
}

impl Iterator for Blocks {
    type Item = Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = guarded(|| self.reader.next().transpose());
        let batch = match batch.with_context(|| format!("cannot read {} after row {}", self.file, self.row - 1)) {
            Ok(batch) => batch?,
            Err(error) => return Some(Err(error)),
        };
        let table = match Table::new(&batch) {
            Ok(table) => table,
            Err(error) => return Some(Err(anyhow!("{}: {}", self.file, error.reason()))),
        };
        let label = LABELS.iter().find_map(|l| {
            let at = batch.schema().fields().iter().position(|f| f.name().eq_ignore_ascii_case(l))?;
            Strings::of(batch.column(at))
        });
        let first = self.row;
        self.row += table.len() as u64;
        let share = self.size.1.saturating_mul(table.len() as u64) / self.size.0;
        Some(Ok(Block {
            file: self.file.clone(),
            table,
            labels: label,
            first,
            share: usize::try_from(share).unwrap_or(usize::MAX),
            rows: OnceLock::new(),
        }))
    }
}

/// Broken files make the decoder panic in places; to its caller that is one more error.
fn guarded<T, E: Into<anyhow::Error>>(decode: impl FnOnce() -> Result<T, E>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(decoded) => decoded.map_err(Into::into),
        Err(_) => Err(anyhow!("its pages are corrupt")),
    }
}

fn is_label(name: &str) -> bool {
    LABELS.iter().any(|l| name.eq_ignore_ascii_case(l))
}

impl Block {
    pub(super) fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Number of its first row in its file, from 1.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// How many rows it has.
    pub(super) fn len(&self) -> u64 {
        self.table.len() as u64
    }

    /// How many bytes of its file it stands for.
    pub(super) fn share(&self) -> usize {
        self.share
    }

    /// Its rows, in order.
    pub(super) fn rows(&self) -> &[Row] {
        self.rows.get_or_init(|| (0..self.table.len()).map(|at| self.row(at)).collect())
    }

    fn row(&self, at: usize) -> Row {
        let post = match self.table.post(at) {
            Ok(Ok(post)) => Ok(post),
            Ok(Err(_)) => Err("no `text`: the cell is null".to_owned()),
            Err(error) => Err(error.reason().to_owned()),
        };
        let raw = match post {
            Ok(_) => Vec::new(),
            Err(_) => self.raw(at),
        };
        let label = self.labels.as_ref().and_then(|l| l.get(at)).map(str::to_owned);
        Row { post, label, raw }
    }

    /// The cells that are not null, as one JSON object.
    fn raw(&self, at: usize) -> Vec<u8> {
        let cells = self.table.cells(at).map(|(name, cell)| (name.to_owned(), cell.into_owned().into()));
        serde_json::Value::Object(cells.collect()).to_string().into_bytes()
    }
}

impl Row {
    /// The post, or why there is none.
    pub(super) fn post(&self) -> Result<Post, String> {
        self.post.clone()
    }

    /// The label of a labelled row.
    pub(super) fn label(&self) -> Result<String, String> {
        self.label.clone().ok_or_else(|| format!("no label (a column of strings: {})", LABELS.join(", ")))
    }

    /// Its cells as JSON, where they are no post.
    pub(super) fn raw(&self) -> &[u8] {
        &self.raw
    }
}
