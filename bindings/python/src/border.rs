//! What crosses the border in small: errors with their row, floats, offsets, strings.

use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tonalite::{Analysis, Error};

/// Why a row could not be read. Rows count from 0, as Python's do.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Holds something that is no text at all.
    Type(String),
    /// Holds a text or a field that cannot be read.
    Value(String),
    /// A panic: a fault of ours.
    Internal,
}

impl Fault {
    /// The exception, with the row in its message and as its attribute `row`.
    pub(crate) fn at(self, py: Python<'_>, row: usize) -> PyErr {
        let error = match self {
            Self::Type(reason) => PyTypeError::new_err(format!("row {row}: {reason}")),
            Self::Value(reason) => PyValueError::new_err(format!("row {row}: {reason}")),
            Self::Internal => PyRuntimeError::new_err(format!("row {row}: a fault in tonalite; please report it")),
        };
        // A built-in exception takes attributes; if it ever does not, the message has the row too.
        let _ = error.value(py).setattr("row", row);
        error
    }

    /// The exception where there is only one text.
    pub(crate) fn alone(self) -> PyErr {
        match self {
            Self::Type(reason) => PyTypeError::new_err(reason),
            Self::Value(reason) => PyValueError::new_err(reason),
            Self::Internal => PyRuntimeError::new_err("a fault in tonalite; please report it"),
        }
    }
}

/// An engine's error as an exception.
pub(crate) fn value_error(error: &Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Runs what must not panic; if it does, that is a fault of ours, and Python goes on.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Fault::Internal)
}

/// A Python string's characters, or what is wrong with it.
pub(crate) fn read_str(text: &Bound<'_, PyString>) -> Result<String, Fault> {
    if let Ok(text) = text.to_cow() {
        Ok(text.into_owned())
    } else {
        let whole = text.to_string_lossy();
        let at = whole.chars().take_while(|c| *c != char::REPLACEMENT_CHARACTER).count();
        Err(Fault::Value(format!(
            "text holds a lone surrogate at or after character {at}: half of a character, which no encoding can \
             hold (text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace') mends it)"
        )))
    }
}

/// What serde makes of a Python object of dicts, lists and plain values; others are taken as they print.
pub(crate) fn from_python<T: DeserializeOwned>(object: &Bound<'_, PyAny>) -> PyResult<Result<T, Fault>> {
    let py = object.py();
    let options = PyDict::new(py);
    options.set_item("default", py.get_type::<PyString>())?;
    let dumps = py.import(intern!(py, "json"))?.getattr(intern!(py, "dumps"))?;
    let json: String = dumps.call((object,), Some(&options))?.extract()?;
    Ok(serde_json::from_str(&json).map_err(|e| {
        let reason = e.to_string();
        // The place in a JSON text that nobody wrote says nothing.
        Fault::Value(reason.split(" at line ").next().unwrap_or_default().to_owned())
    }))
}

/// What Python's `json` makes of a record.
pub(crate) fn to_python<'py>(py: Python<'py>, record: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let json = serde_json::to_string(record).map_err(|e| PyRuntimeError::new_err(e.to_string()))?;
    py.import(intern!(py, "json"))?.call_method1(intern!(py, "loads"), (json,))
}

/// The number that prints as the 32-bit one does.
pub(crate) fn short(x: f32) -> f64 {
    let exact = f64::from(x);
    if exact.fract() == 0.0 { exact } else { format!("{x}").parse().unwrap_or(exact) }
}

/// Turns byte offsets into character offsets. One pass where the evidence is in text order.
pub(crate) fn count_characters(text: &str, analysis: &mut Analysis) {
    if text.is_ascii() {
        return;
    }
    let (mut at, mut characters) = (0, 0);
    for evidence in &mut analysis.evidence {
        if evidence.start < at {
            (at, characters) = (0, 0);
        }
        characters += count(text, at, evidence.start);
        at = evidence.start;
        evidence.start = characters;
        evidence.end = characters + count(text, at, evidence.end);
    }
}

fn count(text: &str, from: usize, to: usize) -> usize {
    text.get(from..to).map_or(0, |t| t.chars().count())
}
