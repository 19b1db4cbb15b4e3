//! Parquet out: the columns of `tonalite-arrow`, the same as the Python wheel's, compressed with zstd.
//!
//! Threads make record batches; the one that writes puts them into row groups. What is held is one
//! row group, packed. The file is a Parquet file only once it is finished.

use super::Output;
use anyhow::{Context, Result};
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::sync::Arc;
use tonalite_arrow::{Column, Row, schema};

/// Rows of a row group: what is held in memory, and what a reader can skip.
const GROUP: usize = 1 << 16;

/// Some rows as columns.
pub(super) fn batch(rows: &[Row]) -> Result<RecordBatch> {
    Ok(tonalite_arrow::write(&Column::ALL, rows)?)
}

/// A file that is being written.
pub(crate) struct Sink {
    writer: ArrowWriter<Output>,
}

impl Sink {
    pub(super) fn new(output: Output) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        let writer = ArrowWriter::try_new(output, Arc::new(schema(&Column::ALL)), Some(properties))?;
        Ok(Self { writer })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.writer.write(batch).context("cannot write the output")
    }

    /// Writes the file's end, and gives the output back.
    pub(super) fn finish(self) -> Result<Output> {
        self.writer.into_inner().context("cannot write the output")
    }
}
