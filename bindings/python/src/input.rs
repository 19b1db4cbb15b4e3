//! What Python calls many posts: lists, columns, frames. Read into one shape that threads can share.
//!
//! Rows of a text column that hold nothing (`None`, `NaN`, `NA`, an Arrow null) are posts without a
//! text: their analysis is null. Rows that hold something else are errors with the row's number,
//! found before anything is analysed.

use crate::border::{Fault, from_python, read_str, value_error};
use crate::capsule;
use arrow_array::builder::LargeStringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyFloat, PyList, PyMapping, PyString};
use std::borrow::Cow;
use tonalite::Post;
use tonalite_arrow::{Strings, Table};

/// Signals are looked at every so many rows while Python objects are read.
const GLANCE: usize = 1 << 15;

/// Many posts.
#[derive(Debug)]
pub(crate) enum Posts {
    /// A column of texts, and columns of what else is known.
    Texts { texts: Column, fields: Vec<(String, Cells)> },
    /// Record batches whose columns go by the names of exports.
    Tables(Chunks<Table>),
    /// Columns that go by the names of exports, the text among them.
    Frame { fields: Vec<(String, Cells)>, rows: usize },
    /// Records.
    Records(Vec<Option<Post>>),
}

/// Pieces of a column, and the row that each begins at.
#[derive(Debug)]
pub(crate) struct Chunks<T> {
    parts: Vec<T>,
    starts: Vec<usize>,
    rows: usize,
}

impl<T> Chunks<T> {
    fn new(parts: Vec<T>, len: impl Fn(&T) -> usize) -> Self {
        let mut rows = 0;
        let mut starts = Vec::with_capacity(parts.len());
        for part in &parts {
            starts.push(rows);
            rows += len(part);
        }
        Self { parts, starts, rows }
    }

    /// The part that holds a row, and the row's place in it.
    fn find(&self, row: usize) -> Option<(&T, usize)> {
        let at = self.starts.partition_point(|start| *start <= row).checked_sub(1)?;
        Some((self.parts.get(at)?, row - self.starts[at]))
    }
}

type Column = Chunks<Strings>;

impl Column {
    fn get(&self, row: usize) -> Option<&str> {
        self.find(row).and_then(|(strings, at)| strings.get(at))
    }
}

/// One field of every post.
#[derive(Debug)]
pub(crate) enum Cells {
    /// The same for all.
    Same(String),
    Each(Column),
}

impl Cells {
    fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Same(cell) => Some(cell),
            Self::Each(column) => column.get(row),
        }
    }
}

impl Posts {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Texts { texts, .. } => texts.rows,
            Self::Tables(tables) => tables.rows,
            Self::Frame { rows, .. } => *rows,
            Self::Records(posts) => posts.len(),
        }
    }

    /// The post of a row, or its id alone where it has no text.
    pub(crate) fn post(&self, row: usize) -> Result<Result<Cow<'_, Post>, Option<String>>, Fault> {
        match self {
            Self::Texts { texts, fields } => match texts.get(row) {
                Some(text) if fields.is_empty() => Ok(Ok(Cow::Owned(Post::new(text)))),
                Some(text) => Ok(Ok(Cow::Owned(post(fields, Some(text), row)?))),
                None => Ok(Err(id(fields, row))),
            },
            Self::Frame { fields, .. } => {
                let texts = |name: &str| matches!(Post::field(name), Some("text" | "title" | "selftext"));
                if fields.iter().all(|(name, cells)| !texts(name) || cells.get(row).is_none()) {
                    return Ok(Err(id(fields, row)));
                }
                Ok(Ok(Cow::Owned(post(fields, None, row)?)))
            }
            Self::Tables(tables) => {
                let Some((table, at)) = tables.find(row) else { return Ok(Err(None)) };
                let post = table.post(at).map_err(|e| Fault::Value(e.reason().to_owned()))?;
                Ok(post.map(Cow::Owned))
            }
            Self::Records(posts) => Ok(posts[row].as_ref().map(Cow::Borrowed).ok_or(None)),
        }
    }

    /// Reads what `analyze_batch` was given.
    pub(crate) fn of(posts: &Bound<'_, PyAny>, fields: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        if posts.is_instance_of::<PyString>() || posts.is_instance_of::<PyBytes>() || posts.cast::<PyMapping>().is_ok()
        {
            let kind = posts.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "a batch is a list, a column or a frame of posts, not {kind}; for one text there is analyze()"
            )));
        }
        let mut read = Self::read_posts(posts)?;
        let Some(named) = fields.filter(|f| !f.is_empty()) else { return Ok(read) };
        let rows = read.len();
        let Self::Texts { fields, .. } = &mut read else {
            return Err(PyTypeError::new_err(
                "fields may be given beside a column of texts; these posts bring their own",
            ));
        };
        for (name, cells) in named {
            let name: String = name.extract()?;
            if !matches!(Post::field(&name), Some(known) if !matches!(known, "text" | "title" | "selftext")) {
                let reason = format!("analyze_batch() got an unexpected keyword argument '{name}'");
                return Err(PyTypeError::new_err(reason));
            }
            if cells.is_none() {
                continue;
            }
            let cells = if let Ok(cell) = cells.cast::<PyString>() {
                Cells::Same(read_str(cell).map_err(Fault::alone)?)
            } else {
                Cells::Each(column(&cells, &name, spell)?)
            };
            if let Cells::Each(column) = &cells
                && column.rows != rows
            {
                let reason = format!("`{name}` has {} rows, the texts have {rows}", column.rows);
                return Err(PyValueError::new_err(reason));
            }
            fields.push((name, cells));
        }
        Ok(read)
    }

    fn read_posts(posts: &Bound<'_, PyAny>) -> PyResult<Self> {
        let arrays = if is_pandas(posts)? { None } else { capsule::import(posts)? };
        let Some(arrays) = arrays else {
            return if posts.hasattr(intern!(posts.py(), "columns"))? { frame(posts) } else { listed(posts) };
        };
        if !matches!(arrays.first().map(arrow_array::Array::data_type), Some(DataType::Struct(_))) {
            return Ok(Self::Texts { texts: imported(posts.py(), arrays, "the column")?, fields: Vec::new() });
        }
        let mut tables = Vec::with_capacity(arrays.len());
        let mut rows = 0;
        for array in arrays {
            let Some(batch) = array.as_struct_opt() else { continue };
            let len = batch.len();
            tables.push(table(posts.py(), batch, rows)?);
            rows += len;
        }
        Ok(Self::Tables(Chunks::new(tables, Table::len)))
    }
}

fn id(fields: &[(String, Cells)], row: usize) -> Option<String> {
    let (_, cells) = fields.iter().find(|(name, _)| Post::field(name) == Some("id"))?;
    cells.get(row).map(str::to_owned)
}

fn post(fields: &[(String, Cells)], text: Option<&str>, row: usize) -> Result<Post, Fault> {
    let cells = fields.iter().filter_map(|(name, cells)| Some((name.as_str(), cells.get(row)?)));
    let text = text.map(|t| ("text", t));
    Post::from_fields(cells.chain(text)).map_err(|e| Fault::Value(e.reason().to_owned()))
}

/// Keeps the columns that mean something, and makes sure that they hold what they say.
fn table(py: Python<'_>, batch: &arrow_array::StructArray, first: usize) -> PyResult<Table> {
    let batch = RecordBatch::from(batch.clone());
    let schema = batch.schema();
    let known: Vec<usize> =
        (0..schema.fields().len()).filter(|at| Post::field(schema.field(*at).name()).is_some()).collect();
    let kept = batch.project(&known).map_err(|e| capsule::arrow_error(&e))?;
    for (field, column) in kept.schema().fields().iter().zip(kept.columns()) {
        if let Some((row, reason)) = capsule::first_invalid(column) {
            return Err(Fault::Value(format!("column `{}`: {reason}", field.name())).at(py, first + row));
        }
    }
    Table::new(if known.is_empty() { &batch } else { &kept }).map_err(|e| value_error(&e))
}

/// Arrow arrays as one column of strings.
fn imported(py: Python<'_>, arrays: Vec<ArrayRef>, name: &str) -> PyResult<Column> {
    let mut rows = 0;
    let mut chunks = Vec::with_capacity(arrays.len());
    for array in arrays {
        if let Some((row, reason)) = capsule::first_invalid(&array) {
            return Err(Fault::Value(reason).at(py, rows + row));
        }
        let Some(strings) = Strings::of(&array) else {
            let hint = match array.data_type() {
                DataType::Binary | DataType::LargeBinary | DataType::BinaryView => "; decode it first",
                _ => "",
            };
            let reason = format!("{name} holds {}, not strings{hint}", array.data_type());
            return Err(PyTypeError::new_err(reason));
        };
        rows += strings.len();
        chunks.push(strings);
    }
    Ok(Chunks::new(chunks, Strings::len))
}

/// A frame of pandas, or one that Arrow cannot bring over: its known columns, object by object, so that
/// what is wrong has a row.
fn frame(posts: &Bound<'_, PyAny>) -> PyResult<Posts> {
    let mut fields = Vec::new();
    let mut names = Vec::new();
    let mut has_text = false;
    for name in posts.getattr(intern!(posts.py(), "columns"))?.try_iter()? {
        let key = name?;
        let name = key.str()?.to_string_lossy().into_owned();
        names.push(name.clone());
        let Some(known) = Post::field(&name).filter(|k| *k != "engagement") else { continue };
        let is_text = matches!(known, "text" | "title" | "selftext");
        has_text |= is_text;
        let cells = column(&posts.get_item(key)?, &name, if is_text { text_of } else { spell })?;
        fields.push((name, Cells::Each(cells)));
    }
    if !has_text {
        let reason = format!("no column `text` (nor one that stands for it) among: {}", names.join(", "));
        return Err(PyValueError::new_err(reason));
    }
    Ok(Posts::Frame { fields, rows: posts.len()? })
}

/// A list or any other iterable of strings, or of records.
fn listed(posts: &Bound<'_, PyAny>) -> PyResult<Posts> {
    let items: Vec<Bound<'_, PyAny>> = match posts.cast::<PyList>() {
        Ok(list) => list.iter().collect(),
        Err(_) => posts.try_iter()?.collect::<PyResult<_>>()?,
    };
    if items.iter().any(pyo3::types::PyAnyMethods::is_instance_of::<PyDict>) {
        return records(posts.py(), &items);
    }
    Ok(Posts::Texts { texts: strings(posts.py(), items, text_of)?, fields: Vec::new() })
}

fn records(py: Python<'_>, items: &[Bound<'_, PyAny>]) -> PyResult<Posts> {
    let mut posts = Vec::with_capacity(items.len());
    for (row, item) in items.iter().enumerate() {
        if row % GLANCE == GLANCE - 1 {
            py.check_signals()?;
        }
        if is_missing(item)? {
            posts.push(None);
            continue;
        }
        if !item.is_instance_of::<PyDict>() {
            return Err(Fault::Type(format!("a record must be a dict, not {}", item.get_type().name()?)).at(py, row));
        }
        posts.push(Some(from_python(item)?.map_err(|fault| fault.at(py, row))?));
    }
    Ok(Posts::Records(posts))
}

/// A column given as Arrow, a series or a list.
fn column(cells: &Bound<'_, PyAny>, name: &str, read: Read) -> PyResult<Column> {
    if !is_pandas(cells)?
        && let Some(arrays) = capsule::import(cells)?
        && arrays.iter().all(|a| Strings::of(a).is_some())
    {
        return imported(cells.py(), arrays, &format!("`{name}`"));
    }
    strings(cells.py(), cells.try_iter()?.collect::<PyResult<_>>()?, read)
}

type Read = for<'a> fn(&'a Bound<'_, PyAny>) -> Result<Cow<'a, str>, Fault>;

fn strings(py: Python<'_>, items: Vec<Bound<'_, PyAny>>, read: Read) -> PyResult<Column> {
    let mut builder = LargeStringBuilder::new();
    for (row, item) in items.into_iter().enumerate() {
        if row % GLANCE == GLANCE - 1 {
            py.check_signals()?;
        }
        if let Ok(text) = item.cast::<PyString>()
            && let Ok(text) = text.to_cow()
        {
            builder.append_value(text);
        } else if is_missing(&item)? {
            builder.append_null();
        } else {
            builder.append_value(read(&item).map_err(|fault| fault.at(py, row))?);
        }
    }
    Ok(Chunks::new(vec![Strings::from(builder.finish())], Strings::len))
}

/// What a row of texts holds that is no plain string.
pub(crate) fn text_of<'a>(item: &'a Bound<'_, PyAny>) -> Result<Cow<'a, str>, Fault> {
    if let Ok(text) = item.cast::<PyString>() {
        return read_str(text).map(Cow::Owned);
    }
    let kind = kind(item);
    let hint = if item.is_instance_of::<PyBytes>() || item.is_instance_of::<PyByteArray>() {
        " (decode it first)"
    } else {
        ""
    };
    Err(Fault::Type(format!("text must be str, not {kind}{hint}")))
}

/// A field that may be a number or a time.
fn spell<'a>(item: &'a Bound<'_, PyAny>) -> Result<Cow<'a, str>, Fault> {
    if item.is_instance_of::<PyBytes>() || item.is_instance_of::<PyByteArray>() || item.cast::<PyMapping>().is_ok() {
        return Err(Fault::Type(format!("a field must be str, a number or a time, not {}", kind(item))));
    }
    let spelt = match item.getattr_opt("isoformat") {
        Ok(Some(iso)) => iso.call0(),
        _ => item.str().map(Bound::into_any),
    };
    let spelt = spelt.ok().and_then(|s| s.cast_into::<PyString>().ok());
    spelt.ok_or_else(|| Fault::Type("a field that cannot be spelt".into())).and_then(|s| read_str(&s)).map(Cow::Owned)
}

fn kind(item: &Bound<'_, PyAny>) -> String {
    item.get_type().name().map_or_else(|_| "an object".into(), |n| n.to_string_lossy().into_owned())
}

/// `None`, a float that is no number, pandas' `NA` and `NaT`.
fn is_missing(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    if item.is_none() {
        return Ok(true);
    }
    if let Ok(float) = item.cast::<PyFloat>() {
        return Ok(float.value().is_nan());
    }
    let kind = item.get_type();
    let name = kind.name()?;
    let name = name.to_string_lossy();
    Ok((name == "NAType" || name == "NaTType") && kind.module()?.to_string_lossy().starts_with("pandas"))
}

fn is_pandas(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.get_type().module()?.to_string_lossy().starts_with("pandas."))
}
