//! `tonalite.Analysis` and what it is made of, as Python attributes.
//!
//! Everything is immutable and compares by value. `to_json` is the program's line for the same post,
//! and `to_dict` what `json.loads` makes of it.

use crate::border::{short, to_python};
use crate::html;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::fmt::Write as _;
use tonalite::voice::Role;
use tonalite::{Analysis, Probabilities, Tonality};

/// What `_restore` takes: the record, its text, and what its offsets count.
type State = (String, Py<PyAny>, bool);

/// Everything read off one post.
#[pyclass(frozen, module = "tonalite", name = "Analysis")]
pub(crate) struct PyAnalysis {
    inner: Analysis,
    text: Py<PyAny>,
    characters: bool,
}

impl PyAnalysis {
    pub(crate) fn new(inner: Analysis, text: Py<PyAny>, characters: bool) -> Self {
        Self { inner, text, characters }
    }
}

fn words<T: Copy>(items: &[T], as_str: fn(T) -> &'static str) -> Vec<&'static str> {
    items.iter().copied().map(as_str).collect()
}

#[pymethods]
impl PyAnalysis {
    #[getter]
    fn text(&self, py: Python<'_>) -> Py<PyAny> {
        self.text.clone_ref(py)
    }

    #[getter]
    fn id(&self) -> Option<&str> {
        self.inner.id.as_deref()
    }

    #[getter]
    fn language(&self) -> &'static str {
        self.inner.language.as_str()
    }

    #[getter]
    fn tonality(&self) -> PyTonality {
        PyTonality::from(self.inner.tonality)
    }

    #[getter]
    fn label(&self) -> &'static str {
        self.inner.tonality.label.as_str()
    }

    #[getter]
    fn score(&self) -> f64 {
        short(self.inner.tonality.score)
    }

    #[getter]
    fn confidence(&self) -> f64 {
        short(self.inner.tonality.confidence)
    }

    #[getter]
    fn p<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        probabilities(py, self.inner.tonality.p)
    }

    #[getter]
    fn targets(&self) -> Vec<PyTarget> {
        let aspect = |a: &tonalite::AspectReading| PyAspect { aspect: a.aspect.clone(), tonality: a.tonality.into() };
        let targets = self.inner.targets.iter();
        let read = targets.map(|t| PyTarget {
            target: t.target.clone(),
            mentioned: t.mentioned,
            tonality: t.tonality.into(),
            aspects: t.aspects.iter().map(aspect).collect(),
        });
        read.collect()
    }

    #[getter]
    fn role(&self) -> PyRole {
        let role = &self.inner.role;
        PyRole {
            label: role.label.as_str(),
            confidence: short(role.confidence),
            p: role.p.clone(),
            basis: words(&role.basis, tonalite::voice::Basis::as_str),
        }
    }

    #[getter]
    fn intents(&self) -> Vec<&'static str> {
        words(&self.inner.intents, tonalite::voice::Intent::as_str)
    }

    #[getter]
    fn stage(&self) -> Option<&'static str> {
        self.inner.stage.map(tonalite::voice::Stage::as_str)
    }

    #[getter]
    fn advocacy(&self) -> &'static str {
        self.inner.advocacy.as_str()
    }

    #[getter]
    fn severity(&self) -> &'static str {
        self.inner.severity.as_str()
    }

    #[getter]
    fn addressee(&self) -> &'static str {
        self.inner.addressee.as_str()
    }

    #[getter]
    fn flags(&self) -> Vec<&'static str> {
        words(&self.inner.flags, tonalite::voice::Flag::as_str)
    }

    #[getter]
    fn noise(&self) -> PyResult<PyNoise> {
        let label = spelling(&self.inner.noise.label)?;
        Ok(PyNoise { label, reason: self.inner.noise.reason.clone() })
    }

    #[getter]
    fn irony(&self) -> bool {
        self.inner.irony
    }

    #[getter]
    fn evidence(&self) -> PyResult<Vec<PyEvidence>> {
        let evidence = self.inner.evidence.iter();
        let read = evidence.map(|e| {
            Ok(PyEvidence {
                start: e.start,
                end: e.end,
                text: e.text.to_string(),
                term: e.term.to_string(),
                via: e.via.as_str(),
                weight: short(e.weight),
                speaks_for: spelling(&e.speaks_for)?,
                label: e.label.as_deref().map(str::to_owned),
            })
        });
        read.collect()
    }

    /// The record that the program writes for this post.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string(&self.inner).map_err(|e| PyRuntimeError::new_err(e.to_string()))
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.inner)
    }

    fn __repr__(&self) -> String {
        let t = &self.inner.tonality;
        let mut out = format!(
            "Analysis(label='{}', score={:+.2}, confidence={:.2}, language='{}'",
            t.label.as_str(),
            t.score,
            t.confidence,
            self.language()
        );
        if self.inner.role.label != Role::Unclear {
            let _ = write!(out, ", role='{}'", self.inner.role.label.as_str());
        }
        if !self.inner.intents.is_empty() {
            let _ = write!(out, ", intents={:?}", self.intents());
        }
        for target in &self.inner.targets {
            let _ = write!(out, ", {}={}", target.target, target.tonality.label.as_str());
        }
        let terms: Vec<_> = self.inner.evidence.iter().map(|e| format!("{} {:+.2}", e.text, e.weight)).collect();
        if !terms.is_empty() {
            let _ = write!(out, ", evidence=[{}]", terms.join(", "));
        }
        out + ")"
    }

    /// For `rich`: fields and values.
    fn __rich_repr__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let record = self.to_dict(py)?;
        record.call_method0("items")?.call_method0("__iter__")
    }

    fn _repr_html_(&self, py: Python<'_>) -> String {
        let text = self.text.bind(py).str().map(|t| t.to_string_lossy().into_owned()).unwrap_or_default();
        html::page(&self.inner, &text, self.characters)
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.inner == other.inner && self.characters == other.characters
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, State)> {
        let restore = py.get_type::<Self>().getattr("_restore")?;
        Ok((restore, (self.to_json()?, self.text(py), self.characters)))
    }

    #[staticmethod]
    fn _restore(json: &str, text: Py<PyAny>, characters: bool) -> PyResult<Self> {
        let inner = serde_json::from_str(json).map_err(|e| PyValueError::new_err(e.to_string()))?;
        Ok(Self { inner, text, characters })
    }
}

/// A plain enum as the records spell it.
fn spelling(value: &impl serde::Serialize) -> PyResult<String> {
    let quoted = serde_json::to_string(value).map_err(|e| PyRuntimeError::new_err(e.to_string()))?;
    Ok(quoted.trim_matches('"').to_owned())
}

fn probabilities(py: Python<'_>, p: Probabilities) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("negative", short(p.negative))?;
    out.set_item("neutral", short(p.neutral))?;
    out.set_item("positive", short(p.positive))?;
    Ok(out)
}

/// Tone of a post, a target or an aspect.
#[pyclass(frozen, eq, module = "tonalite", name = "Tonality")]
#[derive(Clone, PartialEq)]
pub(crate) struct PyTonality {
    inner: Tonality,
}

impl From<Tonality> for PyTonality {
    fn from(inner: Tonality) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl PyTonality {
    #[getter]
    fn label(&self) -> &'static str {
        self.inner.label.as_str()
    }

    #[getter]
    fn score(&self) -> f64 {
        short(self.inner.score)
    }

    #[getter]
    fn confidence(&self) -> f64 {
        short(self.inner.confidence)
    }

    #[getter]
    fn p<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        probabilities(py, self.inner.p)
    }

    fn __repr__(&self) -> String {
        let t = &self.inner;
        format!("Tonality(label='{}', score={:+.2}, confidence={:.2})", t.label.as_str(), t.score, t.confidence)
    }
}

/// Tone towards one target.
#[pyclass(frozen, eq, get_all, module = "tonalite", name = "TargetReading")]
#[derive(Clone, PartialEq)]
pub(crate) struct PyTarget {
    target: String,
    mentioned: bool,
    tonality: PyTonality,
    aspects: Vec<PyAspect>,
}

#[pymethods]
impl PyTarget {
    fn __repr__(&self) -> String {
        let aspects: Vec<_> = self.aspects.iter().map(PyAspect::__repr__).collect();
        format!(
            "TargetReading(target={:?}, mentioned={}, tonality={}, aspects=[{}])",
            self.target,
            if self.mentioned { "True" } else { "False" },
            self.tonality.__repr__(),
            aspects.join(", ")
        )
    }
}

/// Tone of one aspect of a target.
#[pyclass(frozen, eq, get_all, module = "tonalite", name = "AspectReading")]
#[derive(Clone, PartialEq)]
pub(crate) struct PyAspect {
    aspect: String,
    tonality: PyTonality,
}

#[pymethods]
impl PyAspect {
    fn __repr__(&self) -> String {
        format!("AspectReading(aspect={:?}, tonality={})", self.aspect, self.tonality.__repr__())
    }
}

/// Who is speaking.
#[pyclass(frozen, eq, module = "tonalite", name = "RoleReading")]
#[derive(Clone, PartialEq)]
pub(crate) struct PyRole {
    #[pyo3(get)]
    label: &'static str,
    #[pyo3(get)]
    confidence: f64,
    p: Vec<f32>,
    #[pyo3(get)]
    basis: Vec<&'static str>,
}

#[pymethods]
impl PyRole {
    #[getter]
    fn p<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let out = PyDict::new(py);
        for (role, p) in Role::ALL.iter().zip(&self.p) {
            out.set_item(role.as_str(), short(*p))?;
        }
        Ok(out)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let basis = PyList::new(py, &self.basis)?.repr()?;
        Ok(format!("RoleReading(label='{}', confidence={:.2}, basis={basis})", self.label, self.confidence))
    }
}

/// Whether the post is noise, and why.
#[pyclass(frozen, eq, get_all, module = "tonalite", name = "NoiseReading")]
#[derive(Clone, PartialEq)]
pub(crate) struct PyNoise {
    label: String,
    reason: String,
}

#[pymethods]
impl PyNoise {
    fn __repr__(&self) -> String {
        format!("NoiseReading(label='{}', reason={:?})", self.label, self.reason)
    }
}

/// The words behind a score.
#[pyclass(frozen, eq, get_all, module = "tonalite", name = "Evidence")]
#[derive(Clone, PartialEq)]
pub(crate) struct PyEvidence {
    start: usize,
    end: usize,
    text: String,
    term: String,
    via: &'static str,
    weight: f64,
    speaks_for: String,
    label: Option<String>,
}

#[pymethods]
impl PyEvidence {
    fn __repr__(&self) -> String {
        let label = self.label.as_ref().map(|l| format!(", label='{l}'")).unwrap_or_default();
        format!(
            "Evidence({}:{} {:?} as {:?}, via='{}', weight={:+.2}, speaks_for='{}'{label})",
            self.start, self.end, self.text, self.term, self.via, self.weight, self.speaks_for
        )
    }
}
