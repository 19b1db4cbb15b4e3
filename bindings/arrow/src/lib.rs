//! tonalite's records as Arrow: posts from record batches, analyses into columns.
//!
//! In: string columns of any Arrow layout ([`Strings`]) or whole record batches ([`Table`]). Out: one
//! record batch of [`Column`]s, the same for the Python wheel, for Spark and for the program's
//! Parquet, so that the three cannot drift apart.
//!
//! The batch is flat where the JSON record nests (`tonality.p.negative` is `p_negative`), because
//! SQL, pandas and Spark group by plain columns; what a post has many of (targets, evidence) is a
//! list of structs. Floats stay the 32 bits that the engine computed.
//!
//! ```
//! use arrow_array::Array;
//! let analysis = tonalite::Analyzer::new().analyze("J'adore");
//! let rows = [tonalite_arrow::Row::from(analysis), tonalite_arrow::Row::missing(None)];
//! let batch = tonalite_arrow::write(&tonalite_arrow::Column::ALL, &rows)?;
//! assert_eq!(batch.num_rows(), 2);
//! assert!(batch.column_by_name("label").is_some_and(|c| c.is_valid(0) && c.is_null(1)));
//! # Ok::<(), arrow_schema::ArrowError>(())
//! ```
#![forbid(unsafe_code)]

mod columns;
mod strings;
mod table;

pub use columns::{Column, Row, narrowed, schema, write};
pub use strings::Strings;
pub use table::Table;
