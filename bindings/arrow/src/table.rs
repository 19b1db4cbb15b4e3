//! A record batch as posts: its columns are matched by the names that exports give them
//! (`Full Text`, `body`, `created_utc` ...), the same as in CSV and JSON.
//!
//! Strings are read where they lie. Ids and times may be numbers or timestamps. `targets` may be a
//! string (`Nimbo=@nimbo; Ozalide`), a list of strings, or a list of structs with `name`, `aliases`
//! and `exclude`. What a known name holds that no such field can hold is an error that names the
//! column; columns of other names are not looked at.

use crate::strings::Strings;
use arrow_array::cast::AsArray;
use arrow_array::temporal_conversions::as_datetime;
use arrow_array::types::{
    ArrowPrimitiveType, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{DataType, TimeUnit};
use std::borrow::Cow;
use std::str::FromStr;
use tonalite::{Error, ErrorKind, Post, Target};

/// The posts of a record batch.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(String, Cells)>,
    /// Lists of targets, which no single cell can spell.
    targets: Option<ArrayRef>,
    /// Places in `columns` of those that a text can come from.
    texts: Vec<usize>,
    rows: usize,
}

#[derive(Debug)]
enum Cells {
    Strings(Strings),
    /// Numbers and times, spelt out row by row.
    Spelt(ArrayRef),
    /// Lists of strings, joined with commas.
    Lists(ArrayRef),
}

impl Table {
    /// Reads the columns of a batch.
    ///
    /// # Errors
    ///
    /// No column holds the text, or one with a known name holds what its field cannot; the message
    /// names the column and its type.
    pub fn new(batch: &RecordBatch) -> Result<Self, Error> {
        let mut table = Self { columns: Vec::new(), targets: None, texts: Vec::new(), rows: batch.num_rows() };
        let schema = batch.schema();
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            let Some(known) = Post::field(field.name()) else { continue };
            let unfit = |wanted: &str| {
                let reason =
                    format!("column `{}` is {}; as `{known}` it must be {wanted}", field.name(), field.data_type());
                Error::new(ErrorKind::Record, reason)
            };
            let cells = match (known, Strings::of(column)) {
                ("engagement", None) => continue,
                (_, Some(strings)) => Cells::Strings(strings),
                ("id" | "author" | "thread" | "repost_of" | "created_at", None) if is_spelt(column) => {
                    Cells::Spelt(column.clone())
                }
                ("target_aliases", None) if words(column).is_some() => Cells::Lists(column.clone()),
                ("target" | "targets", None) if is_targets(column) => {
                    table.targets.get_or_insert(column.clone());
                    continue;
                }
                ("target" | "targets" | "target_aliases", None) => {
                    return Err(unfit("a string or a list of strings or of structs with a `name`"));
                }
                ("id" | "author" | "thread" | "repost_of", None) => return Err(unfit("a string or an integer")),
                ("created_at", None) => return Err(unfit("a string, a number or a timestamp")),
                (_, None) => return Err(unfit("a string")),
            };
            if matches!(known, "text" | "title" | "selftext") {
                table.texts.push(table.columns.len());
            }
            table.columns.push((field.name().clone(), cells));
        }
        if table.texts.is_empty() {
            let names: Vec<_> = schema.fields().iter().map(|f| f.name().as_str()).collect();
            let reason = format!("no column `text` (nor one that stands for it) among: {}", names.join(", "));
            return Err(Error::new(ErrorKind::Record, reason));
        }
        Ok(table)
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The cells of a row that name a field and are not null, as text; lists of structs are left out.
    ///
    /// # Panics
    ///
    /// Beyond the last row.
    pub fn cells(&self, row: usize) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.columns.iter().filter_map(move |(name, cells)| Some((name.as_str(), cells.get(row)?)))
    }

    /// The post of a row, or its id alone where its text is null.
    ///
    /// # Errors
    ///
    /// Cells that make no post.
    ///
    /// # Panics
    ///
    /// Beyond the last row.
    pub fn post(&self, row: usize) -> Result<Result<Post, Option<String>>, Error> {
        if self.texts.iter().all(|at| self.columns[*at].1.get(row).is_none()) {
            let id = self.cells(row).find(|(name, _)| Post::field(name) == Some("id"));
            return Ok(Err(id.map(|(_, cell)| cell.into_owned())));
        }
        let cells: Vec<_> = self.cells(row).collect();
        let mut post = Post::from_fields(cells.iter().map(|(name, cell)| (*name, cell.as_ref())))?;
        if let Some(targets) = self.targets.as_ref().filter(|t| t.is_valid(row)) {
            post.targets = read_targets(targets, row)?;
        }
        Ok(Ok(post))
    }
}

impl Cells {
    fn get(&self, row: usize) -> Option<Cow<'_, str>> {
        match self {
            Self::Strings(strings) => strings.get(row).map(Cow::Borrowed),
            Self::Spelt(column) => column.is_valid(row).then(|| spell(column, row)).flatten().map(Cow::Owned),
            Self::Lists(column) => column.is_valid(row).then(|| words_of(column, row).join(",")).map(Cow::Owned),
        }
    }
}

fn is_spelt(column: &ArrayRef) -> bool {
    column.data_type().is_integer() || matches!(column.data_type(), DataType::Timestamp(_, _) | DataType::Float64)
}

/// A number as digits, a time as RFC 3339.
fn spell(column: &ArrayRef, row: usize) -> Option<String> {
    macro_rules! digits {
        ($($kind:ident = $array:ident),+) => {
            match column.data_type() {
                $(DataType::$kind => Some(column.as_primitive::<$array>().value(row).to_string()),)+
                DataType::Timestamp(TimeUnit::Second, _) => time::<TimestampSecondType>(column, row),
                DataType::Timestamp(TimeUnit::Millisecond, _) => time::<TimestampMillisecondType>(column, row),
                DataType::Timestamp(TimeUnit::Microsecond, _) => time::<TimestampMicrosecondType>(column, row),
                DataType::Timestamp(TimeUnit::Nanosecond, _) => time::<TimestampNanosecondType>(column, row),
                _ => None,
            }
        };
    }
    digits!(
        Int8 = Int8Type,
        Int16 = Int16Type,
        Int32 = Int32Type,
        Int64 = Int64Type,
        UInt8 = UInt8Type,
        UInt16 = UInt16Type,
        UInt32 = UInt32Type,
        UInt64 = UInt64Type,
        Float64 = Float64Type
    )
}

fn time<T: ArrowPrimitiveType<Native = i64>>(column: &ArrayRef, row: usize) -> Option<String> {
    let time = as_datetime::<T>(column.as_primitive::<T>().value(row))?;
    Some(time.and_utc().to_rfc3339())
}

/// The items of a list column, all rows in one.
fn items(column: &ArrayRef) -> Option<&ArrayRef> {
    column
        .as_list_opt::<i32>()
        .map(arrow_array::GenericListArray::values)
        .or_else(|| column.as_list_opt::<i64>().map(arrow_array::GenericListArray::values))
}

fn item(column: &ArrayRef, row: usize) -> Option<ArrayRef> {
    if column.is_null(row) {
        return None;
    }
    let short = column.as_list_opt::<i32>().map(|l| l.value(row));
    short.or_else(|| column.as_list_opt::<i64>().map(|l| l.value(row)))
}

fn words(column: &ArrayRef) -> Option<Strings> {
    items(column).and_then(Strings::of)
}

fn words_of(column: &ArrayRef, row: usize) -> Vec<String> {
    let Some(strings) = item(column, row).as_ref().and_then(Strings::of) else { return Vec::new() };
    (0..strings.len()).filter_map(|i| strings.get(i).map(str::to_owned)).collect()
}

fn is_targets(column: &ArrayRef) -> bool {
    let named = |s: &StructArray| {
        s.column_by_name("name").and_then(Strings::of).is_some()
            && ["aliases", "exclude"].iter().all(|n| s.column_by_name(n).is_none_or(|c| words(c).is_some()))
    };
    words(column).is_some() || items(column).and_then(|i| i.as_struct_opt()).is_some_and(named)
}

fn read_targets(column: &ArrayRef, row: usize) -> Result<Vec<Target>, Error> {
    let Some(list) = item(column, row) else { return Ok(Vec::new()) };
    let Some(structs) = list.as_struct_opt() else {
        return words_of(column, row).iter().map(|t| Target::from_str(t)).collect();
    };
    let names = structs.column_by_name("name").and_then(Strings::of);
    let words = |field: &str, at| structs.column_by_name(field).map(|c| words_of(c, at)).unwrap_or_default();
    let read = |at| {
        let name = names.as_ref().filter(|_| structs.is_valid(at)).and_then(|n| n.get(at));
        let name = name.filter(|n| !n.trim().is_empty());
        name.map(|name| Target { aliases: words("aliases", at), exclude: words("exclude", at), ..Target::new(name) })
    };
    let missing = || Error::new(ErrorKind::Record, "a target without a `name`");
    (0..structs.len()).map(|at| read(at).ok_or_else(missing)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::builder::{ListBuilder, StringBuilder};
    use arrow_array::{BinaryArray, Int64Array, StringArray, TimestampMillisecondArray};
    use std::sync::Arc;

    fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true))).unwrap()
    }

    fn strings(rows: &[Option<&str>]) -> ArrayRef {
        Arc::new(rows.iter().copied().collect::<StringArray>())
    }

    #[test]
    fn columns_go_by_the_names_of_exports() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        lists.append_value([Some("Nimbo=@nimbo"), Some("Ozalide")]);
        lists.append_null();
        let table = Table::new(&batch(vec![
            ("ID", Arc::new(Int64Array::from(vec![1, 2]))),
            ("Full Text", strings(&[Some("Bof"), None])),
            ("Likes", Arc::new(Int64Array::from(vec![3, 4]))),
            ("created_at", Arc::new(TimestampMillisecondArray::from(vec![1_700_000_000_123, 0]))),
            ("targets", Arc::new(lists.finish())),
        ]))
        .unwrap();
        let post = table.post(0).unwrap().unwrap();
        assert_eq!((post.id.as_deref(), post.text.as_str()), (Some("1"), "Bof"));
        assert_eq!(post.created_at.as_deref(), Some("2023-11-14T22:13:20.123+00:00"));
        assert_eq!(post.targets, [Target::new("Nimbo").alias("@nimbo"), Target::new("Ozalide")]);
        assert_eq!(table.post(1).unwrap(), Err(Some("2".to_owned())));
    }

    #[test]
    fn a_column_of_the_wrong_type_is_named() {
        let bytes: ArrayRef = Arc::new(BinaryArray::from_vec(vec![b"a"]));
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        for (columns, reason) in [
            (vec![("text", bytes.clone())], "column `text` is Binary; as `text` it must be a string"),
            (vec![("text", strings(&[Some("a")])), ("lang", numbers.clone())], "column `lang` is Int64"),
            (vec![("text", strings(&[Some("a")])), ("id", bytes)], "column `id` is Binary"),
            (vec![("text", strings(&[Some("a")])), ("targets", numbers.clone())], "column `targets` is Int64"),
            (vec![("likes", numbers)], "no column `text` (nor one that stands for it) among: likes"),
        ] {
            let error = Table::new(&batch(columns)).unwrap_err().to_string();
            assert!(error.starts_with(reason), "{error}");
        }
    }
}
