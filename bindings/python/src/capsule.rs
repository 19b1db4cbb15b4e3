//! Arrow's `PyCapsule` interface: columns and frames of any library in, record batches out, nothing
//! copied.
//!
//! The one file with `unsafe`: the interface is C structs behind pointers. What keeps it sound: a
//! capsule's name says what it points at, and is checked; the struct is moved out and left marked as
//! released, so that nothing is freed twice; and arrays are validated before anything is read, since
//! other libraries do hold invalid UTF-8 in string columns.
#![allow(unsafe_code)]

use crate::border::{Fault, guarded};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchIterator, StructArray, make_array};
use arrow_data::transform::MutableArrayData;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use std::ffi::CStr;

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// The arrays that an object exports; `None` where it speaks no Arrow, or not well enough: polars gives
/// columns of type `Null` a buffer that the format does not know, and has to be read object by object.
pub(crate) fn import(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<ArrayRef>>> {
    let py = object.py();
    if let Some(export) = object.getattr_opt(intern!(py, "__arrow_c_stream__"))? {
        let stream = take(&export.call0()?, STREAM, FFI_ArrowArrayStream::from_raw)?;
        if stream.get_next().is_none() {
            return Err(PyValueError::new_err("the Arrow stream has been read already"));
        }
        let arrays = guarded(|| ArrayStreamReader::try_new(stream)?.collect::<Result<Vec<_>, _>>());
        return match arrays.map_err(Fault::alone)? {
            Ok(arrays) => Ok(Some(arrays)),
            Err(error) if reason(&error).starts_with("The datatype \"Null\" doesn't expect buffer") => Ok(None),
            Err(error) => Err(arrow_error(&error)),
        };
    }
    let Some(export) = object.getattr_opt(intern!(py, "__arrow_c_array__"))? else { return Ok(None) };
    let pair = export.call0()?;
    let pair = pair.cast::<PyTuple>()?;
    let schema = take(&pair.get_item(0)?, SCHEMA, FFI_ArrowSchema::from_raw)?;
    let array = take(&pair.get_item(1)?, ARRAY, FFI_ArrowArray::from_raw)?;
    // SAFETY: an exporter gives an array and the schema that describes it.
    let imported = guarded(|| unsafe { from_ffi(array, &schema) });
    let data = imported.map_err(Fault::alone)?.map_err(|e| arrow_error(&e))?;
    Ok(Some(vec![make_array(data)]))
}

/// Moves the struct that a capsule of a name points at out of it, while the capsule is alive.
fn take<T>(capsule: &Bound<'_, PyAny>, name: &CStr, from_raw: unsafe fn(*mut T) -> T) -> PyResult<T> {
    let capsule = capsule.cast::<PyCapsule>().map_err(|_| {
        PyTypeError::new_err(format!("an Arrow export gives a capsule named {}", name.to_string_lossy()))
    })?;
    let pointer = capsule.pointer_checked(Some(name))?;
    // SAFETY: a capsule of this name points at an initialised struct of this kind and owns it for as
    // long as it lives; `from_raw` leaves a released one in its place, so nothing is freed twice.
    Ok(unsafe { from_raw(pointer.cast().as_ptr()) })
}

/// The first row of an array that holds what its type cannot.
pub(crate) fn first_invalid(array: &ArrayRef) -> Option<(usize, String)> {
    let error = array.to_data().validate_full().err()?;
    let row = (0..array.len()).find(|row| array.slice(*row, 1).to_data().validate_full().is_err());
    Some((row.unwrap_or(0), reason(&error)))
}

fn reason(error: &ArrowError) -> String {
    match error {
        ArrowError::InvalidArgumentError(reason)
        | ArrowError::CDataInterface(reason)
        | ArrowError::SchemaError(reason) => reason.clone(),
        other => other.to_string(),
    }
}

pub(crate) fn arrow_error(error: &ArrowError) -> PyErr {
    PyValueError::new_err(reason(error))
}

/// Record batches as a stream.
pub(crate) fn stream(py: Python<'_>, schema: SchemaRef, batches: Vec<RecordBatch>) -> PyResult<Bound<'_, PyCapsule>> {
    let reader = RecordBatchIterator::new(batches.into_iter().map(Ok), schema);
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

/// Record batches as one struct array. Copies where there are several.
pub(crate) fn array<'py>(
    py: Python<'py>,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> PyResult<Bound<'py, PyTuple>> {
    let data = match batches {
        [batch] => StructArray::from(batch.clone()).to_data(),
        [] => StructArray::from(RecordBatch::new_empty(schema.clone())).to_data(),
        many => {
            let parts: Vec<_> = many.iter().map(|b| StructArray::from(b.clone()).to_data()).collect();
            let rows = many.iter().map(RecordBatch::num_rows).sum();
            let mut whole =
                MutableArrayData::try_new(parts.iter().collect(), false, rows).map_err(|e| arrow_error(&e))?;
            for (at, part) in parts.iter().enumerate() {
                whole.try_extend(at, 0, part.len()).map_err(|e| arrow_error(&e))?;
            }
            whole.freeze()
        }
    };
    let kind = FFI_ArrowSchema::try_from(data.data_type()).map_err(|e| arrow_error(&e))?;
    let kind = PyCapsule::new_with_value(py, kind, SCHEMA)?;
    let data = PyCapsule::new_with_value(py, FFI_ArrowArray::new(&data), ARRAY)?;
    PyTuple::new(py, [kind, data])
}

/// The schema alone.
pub(crate) fn schema<'py>(py: Python<'py>, schema: &SchemaRef) -> PyResult<Bound<'py, PyCapsule>> {
    let kind = DataType::Struct(schema.fields().clone());
    let kind = FFI_ArrowSchema::try_from(&kind).map_err(|e| arrow_error(&e))?;
    PyCapsule::new_with_value(py, kind, SCHEMA)
}
