//! `tonalite.Columns`: what a batch gives. Arrow inside; any library takes it from there.
//!
//! It needs no pyarrow: `polars.DataFrame(columns)`, `pyarrow.table(columns)`, `duckdb`, `pandas` and
//! others read it through the `PyCapsule` interface. `to_pylist` gives the program's records.

use crate::border::short;
use crate::capsule;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList, PyTuple};
use std::sync::Arc;
use tonalite_arrow::Column;

/// The columns of many analyses.
#[pyclass(frozen, module = "tonalite", name = "Columns")]
pub(crate) struct PyColumns {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl PyColumns {
    pub(crate) fn new(schema: Schema, batches: Vec<RecordBatch>) -> Self {
        Self { schema: Arc::new(schema), batches }
    }
}

/// The names of all columns, in order.
#[pyfunction]
pub(crate) fn column_names() -> Vec<&'static str> {
    Column::ALL.iter().map(|c| c.name()).collect()
}

#[pymethods]
impl PyColumns {
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|f| f.name().as_str()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __repr__(&self) -> String {
        format!("<tonalite.Columns: {} rows, {}>", self.__len__(), self.column_names().join(", "))
    }

    /// One column as a list.
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let at = self.schema.index_of(name).map_err(|_| PyKeyError::new_err(name.to_owned()))?;
        let mut out = Vec::with_capacity(self.__len__());
        for batch in &self.batches {
            let column = batch.column(at);
            for row in 0..column.len() {
                out.push(value(py, column, row, Shape::Flat)?);
            }
        }
        PyList::new(py, out)
    }

    /// The program's records: nested dicts, `None` where there was no text.
    fn to_pylist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.rows(py, Shape::Record)
    }

    /// Flat dicts, keyed by the columns.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.rows(py, Shape::Flat)
    }

    /// A pyarrow table.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))
    }

    /// A pandas frame.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::to_arrow(slf)?.call_method0("to_pandas")
    }

    /// A polars frame.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    /// Arrow's stream of record batches.
    #[pyo3(signature = (requested_schema=None))]
    #[allow(unused_variables, reason = "a schema may be asked for; columns are given as they are")]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::stream(py, self.schema.clone(), self.batches.clone())
    }

    /// Arrow's single struct array.
    #[pyo3(signature = (requested_schema=None))]
    #[allow(unused_variables, reason = "a schema may be asked for; columns are given as they are")]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        capsule::array(py, &self.schema, &self.batches)
    }

    /// Arrow's schema.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::schema(py, &self.schema)
    }
}

impl PyColumns {
    fn rows<'py>(&self, py: Python<'py>, shape: Shape) -> PyResult<Bound<'py, PyList>> {
        let names: Vec<&str> = self.column_names();
        let mut out = Vec::with_capacity(self.__len__());
        for batch in &self.batches {
            for row in 0..batch.num_rows() {
                let without = |name: &str| batch.column_by_name(name).is_some_and(|c| c.is_null(row));
                if shape == Shape::Record && (without("label") || without("language")) {
                    out.push(py.None().into_bound(py));
                    continue;
                }
                out.push(dict(py, &names, batch.columns(), row, shape)?.into_any());
            }
        }
        PyList::new(py, out)
    }
}

/// How a row becomes a dict.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A key for every column.
    Flat,
    /// As the program's JSON nests it.
    Record,
}

fn value<'py>(py: Python<'py>, array: &ArrayRef, row: usize, shape: Shape) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    Ok(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into_pyobject(py)?.into_any(),
        DataType::Float32 => short(array.as_primitive::<Float32Type>().value(row)).into_pyobject(py)?.into_any(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into_pyobject(py)?.into_any(),
        DataType::Boolean => array.as_boolean().value(row).into_pyobject(py)?.to_owned().into_any(),
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            let items = (0..items.len()).map(|at| value(py, &items, at, shape)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items)?.into_any()
        }
        DataType::Struct(fields) => {
            let names: Vec<&str> = fields.iter().map(|f| f.name().as_str()).collect();
            dict(py, &names, array.as_struct().columns(), row, shape)?.into_any()
        }
        other => return Err(PyRuntimeError::new_err(format!("no Python value for {other}"))),
    })
}

fn dict<'py>(
    py: Python<'py>,
    names: &[&str],
    columns: &[ArrayRef],
    row: usize,
    shape: Shape,
) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    let is_tone = names.contains(&"p_negative") || names.contains(&"score");
    for (&name, column) in names.iter().zip(columns) {
        let cell = value(py, column, row, shape)?;
        if shape == Shape::Flat {
            out.set_item(name, cell)?;
            continue;
        }
        match name {
            "label" if !is_tone && cell.is_none() => {}
            "label" | "score" | "confidence" if is_tone => within(&out, &["tonality"])?.set_item(name, cell)?,
            "p_negative" | "p_neutral" | "p_positive" => {
                within(&out, &["tonality", "p"])?.set_item(name.trim_start_matches("p_"), cell)?;
            }
            "role" => within(&out, &["role"])?.set_item("label", cell)?,
            "role_confidence" | "role_basis" => {
                within(&out, &["role"])?.set_item(name.trim_start_matches("role_"), cell)?;
            }
            "role_p" if cell.is_none() => within(&out, &["role"])?.set_item("p", PyDict::new(py))?,
            "role_p" => within(&out, &["role"])?.set_item("p", cell)?,
            "noise" => within(&out, &["noise"])?.set_item("label", cell)?,
            "noise_reason" => within(&out, &["noise"])?.set_item("reason", cell)?,
            _ => out.set_item(name, cell)?,
        }
    }
    Ok(out)
}

/// The dict at a path in another, made where it is not there yet.
fn within<'py>(record: &Bound<'py, PyDict>, path: &[&str]) -> PyResult<Bound<'py, PyDict>> {
    let mut at = record.clone();
    for name in path {
        at = if let Some(found) = at.get_item(name)? {
            found.cast_into::<PyDict>()?
        } else {
            let made = PyDict::new(at.py());
            at.set_item(name, &made)?;
            made
        };
    }
    Ok(at)
}
