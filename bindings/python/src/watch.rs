//! `tonalite.Watch`: what goes on over many posts, as the program's digests say it.
//!
//! Posts are analysed on several threads and observed in their order. Shards that were watched apart (by
//! processes, by Spark's workers, on other days) merge into what one watch would have kept of them
//! all, so `to_bytes` is made to travel: compact, and refused by another version of tonalite
//! rather than misread.

use crate::analyzer::PyAnalyzer;
use crate::batch::Job;
use crate::border::{Fault, from_python, guarded, to_python, value_error};
use crate::input::Posts;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tonalite::watch::{Watch, WatchConfig};
use tonalite::{Analysis, Post};

/// What saved bytes begin with.
const MAGIC: &[u8] = concat!("tonalite watch ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();

/// What `from_bytes` takes.
type State = (Py<PyBytes>, Py<PyAnalyzer>);

/// A corpus under watch; mergeable.
#[pyclass(frozen, module = "tonalite", name = "Watch")]
pub(crate) struct PyWatch {
    analyzer: Py<PyAnalyzer>,
    watch: Mutex<Watch>,
}

impl PyWatch {
    fn new(py: Python<'_>, watch: Watch, analyzer: Option<Py<PyAnalyzer>>) -> PyResult<Self> {
        let analyzer = match analyzer {
            Some(analyzer) => analyzer,
            None => py.get_type::<PyAnalyzer>().call0()?.cast_into::<PyAnalyzer>()?.unbind(),
        };
        Ok(Self { analyzer, watch: Mutex::new(watch) })
    }

    /// The watch, without the GIL: another thread may hold both.
    fn with<T: Send>(&self, py: Python<'_>, work: impl FnOnce(&mut Watch) -> T + Send) -> PyResult<T> {
        let held = || -> MutexGuard<'_, Watch> { self.watch.lock().unwrap_or_else(PoisonError::into_inner) };
        py.detach(|| guarded(|| work(&mut held()))).map_err(Fault::alone)
    }
}

#[pymethods]
impl PyWatch {
    #[new]
    #[pyo3(signature = (analyzer=None, config=None))]
    fn begin(py: Python<'_>, analyzer: Option<Py<PyAnalyzer>>, config: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let config = match config {
            Some(config) => from_python::<WatchConfig>(config)?.map_err(Fault::alone)?,
            None => WatchConfig::default(),
        };
        Self::new(py, Watch::new(config).map_err(|e| value_error(&e))?, analyzer)
    }

    /// Analyses posts and takes them in: all of them, or none where one cannot be read.
    #[pyo3(signature = (posts, /, *, threads=None, **fields))]
    fn observe_batch(
        &self,
        py: Python<'_>,
        posts: &Bound<'_, PyAny>,
        threads: Option<NonZeroUsize>,
        fields: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<usize> {
        let posts = Posts::of(posts, fields)?;
        let analyzer = self.analyzer.get();
        let read = |row| -> Result<Option<(Post, Analysis)>, Fault> {
            let Ok(post) = posts.post(row)? else { return Ok(None) };
            let analysis = analyzer.engine().analyze_post(&post);
            Ok(Some((post.into_owned(), analysis)))
        };
        let join = |rows: Vec<Option<(Post, Analysis)>>| Ok(rows);
        let threads = analyzer.threads(threads);
        let blocks = Job { rows: posts.len(), read: &read, join: &join, threads, progress: None }.run(py)?;
        self.with(py, |watch| {
            let before = watch.posts();
            for (post, analysis) in blocks.iter().flatten().flatten() {
                watch.record(post, analysis);
            }
            usize::try_from(watch.posts() - before).unwrap_or(usize::MAX)
        })
    }

    /// Adds what another watch has seen.
    fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<()> {
        // One at a time: two threads may merge two watches into each other.
        let other = other.with(py, |watch| watch.clone())?;
        self.with(py, |watch| watch.merge(other))?.map_err(|e| value_error(&e))
    }

    /// Posts seen.
    #[getter]
    fn posts(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |watch| watch.posts())
    }

    /// The few figures that matter.
    fn digest<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.with(py, |watch| watch.digest())?)
    }

    /// All of it but the analyzer.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let saved = self.with(py, |watch| postcard::to_extend(watch, MAGIC.to_vec()))?;
        Ok(PyBytes::new(py, &saved.map_err(|e| PyRuntimeError::new_err(e.to_string()))?))
    }

    /// What `to_bytes` gave.
    #[staticmethod]
    #[pyo3(signature = (saved, analyzer=None))]
    fn from_bytes(py: Python<'_>, saved: &[u8], analyzer: Option<Py<PyAnalyzer>>) -> PyResult<Self> {
        let read = |saved| py.detach(|| guarded(|| postcard::from_bytes::<Watch>(saved)));
        let watch = saved.strip_prefix(MAGIC).map(read).transpose().map_err(Fault::alone)?;
        let Some(Ok(watch)) = watch else {
            let version = env!("CARGO_PKG_VERSION");
            return Err(PyValueError::new_err(format!("these bytes are no watch of tonalite {version}")));
        };
        Self::new(py, watch, analyzer)
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> PyResult<bool> {
        let other = other.with(py, |watch| watch.clone())?;
        self.with(py, |watch| *watch == other)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<tonalite.Watch: {} posts>", self.posts(py)?))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, State)> {
        let from_bytes = py.get_type::<Self>().getattr("from_bytes")?;
        Ok((from_bytes, (self.to_bytes(py)?.unbind(), self.analyzer.clone_ref(py))))
    }
}
