//! The Python wheel: the same engine, over Arrow, without the GIL.
//!
//! In: texts, lists, data frames and Arrow columns. Out: [`analysis::PyAnalysis`] for one post,
//! [`columns::PyColumns`] for many. Three decisions look odd at first:
//!
//! - Threads are our own and live for one call. A pool would be inherited, dead, by every `fork()`,
//!   and `multiprocessing` and Spark fork.
//! - Offsets count characters here, so that `text[e.start:e.end]` is the evidence; the engine counts
//!   bytes. `Analyzer(offsets="byte")` gives the engine's own.
//! - A float is handed over as the shortest decimal that means the same 32 bits, which is what the
//!   program's JSON holds: `to_dict()` equals the program's line. Arrow columns keep the 32 bits.
//!
//! Nothing here may panic; what does all the same becomes a `RuntimeError`, not a crash.

mod analysis;
mod analyzer;
mod batch;
mod border;
mod capsule;
mod columns;
mod html;
mod input;
mod watch;

use pyo3::prelude::*;

#[pymodule]
fn _tonalite(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<analyzer::PyAnalyzer>()?;
    module.add_class::<columns::PyColumns>()?;
    module.add_class::<analysis::PyAnalysis>()?;
    module.add_class::<analysis::PyTonality>()?;
    module.add_class::<analysis::PyTarget>()?;
    module.add_class::<analysis::PyAspect>()?;
    module.add_class::<analysis::PyRole>()?;
    module.add_class::<analysis::PyNoise>()?;
    module.add_class::<analysis::PyEvidence>()?;
    module.add_class::<watch::PyWatch>()?;
    module.add_function(wrap_pyfunction!(columns::column_names, module)?)?;
    Ok(())
}
