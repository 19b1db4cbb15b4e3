//! `tonalite.Analyzer`: settings in, analyses out.

use crate::analysis::PyAnalysis;
use crate::batch::Job;
use crate::border::{Fault, count_characters, guarded, value_error};
use crate::capsule::arrow_error;
use crate::columns::PyColumns;
use crate::input::{Posts, text_of};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use tonalite::{Analysis, Analyzer, Post, Target};
use tonalite_arrow::{Column, Row, narrowed, schema, write};

/// Reads posts. Made once, used from any thread; pickles, so that it travels to other processes.
#[pyclass(frozen, module = "tonalite", name = "Analyzer")]
pub(crate) struct PyAnalyzer {
    engine: Analyzer,
    settings: Settings,
}

#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a keyword argument")]
struct Settings {
    /// Name and text of each lexicon: the files may be gone, or on another machine.
    lexicons: Vec<(String, String)>,
    targets: Vec<Target>,
    spelling: bool,
    learned: bool,
    evidence: bool,
    priors: Option<[f32; 3]>,
    threads: Option<NonZeroUsize>,
    characters: bool,
}

impl Settings {
    fn build(&self) -> Result<Analyzer, tonalite::Error> {
        if self.lexicons.is_empty()
            && self.targets.is_empty()
            && self.spelling
            && self.learned
            && self.evidence
            && self.priors.is_none()
        {
            return Ok(Analyzer::new());
        }
        let mut builder = Analyzer::builder()
            .targets(self.targets.clone())
            .spelling(self.spelling)
            .learned(self.learned)
            .evidence(self.evidence);
        for (name, text) in &self.lexicons {
            builder = builder.lexicon_text(name, text)?;
        }
        if let Some([negative, neutral, positive]) = self.priors {
            builder = builder.priors(negative, neutral, positive);
        }
        builder.build()
    }
}

impl PyAnalyzer {
    pub(crate) fn engine(&self) -> &Analyzer {
        &self.engine
    }

    /// The number of threads to use: as told, else as set, else one per core.
    pub(crate) fn threads(&self, told: Option<NonZeroUsize>) -> usize {
        let threads = told.or(self.settings.threads).or_else(|| std::thread::available_parallelism().ok());
        threads.map_or(1, NonZeroUsize::get)
    }

    /// Reads a post; offsets count what the settings say.
    fn read(&self, engine: &Analyzer, post: &Post) -> Analysis {
        let mut analysis = engine.analyze_post(post);
        if self.settings.characters {
            count_characters(&post.text, &mut analysis);
        }
        analysis
    }
}

#[pymethods]
impl PyAnalyzer {
    #[new]
    #[pyo3(signature = (lexicons=None, targets=None, *, spelling=true, learned=true, evidence=true, priors=None, threads=None, offsets="char"))]
    #[allow(clippy::too_many_arguments, clippy::fn_params_excessive_bools, reason = "Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        lexicons: Option<&Bound<'_, PyAny>>,
        targets: Option<&Bound<'_, PyAny>>,
        spelling: bool,
        learned: bool,
        evidence: bool,
        priors: Option<[f32; 3]>,
        threads: Option<i64>,
        offsets: &str,
    ) -> PyResult<Self> {
        let threads = threads
            .map(|n| {
                let count = usize::try_from(n).ok().and_then(NonZeroUsize::new);
                count.ok_or_else(|| PyValueError::new_err(format!("threads must be 1 or more, not {n}")))
            })
            .transpose()?;
        let characters = match offsets {
            "char" => true,
            "byte" => false,
            other => return Err(PyValueError::new_err(format!("offsets must be 'char' or 'byte', not '{other}'"))),
        };
        let settings = Settings {
            lexicons: lexicons.map(read_lexicons).transpose()?.unwrap_or_default(),
            targets: targets.map(read_targets).transpose()?.unwrap_or_default(),
            spelling,
            learned,
            evidence,
            priors,
            threads,
            characters,
        };
        let engine = py.detach(|| guarded(|| settings.build())).map_err(Fault::alone)?;
        Ok(Self { engine: engine.map_err(|e| value_error(&e))?, settings })
    }

    /// Reads one text, with what else is known of the post.
    #[pyo3(signature = (text, /, **fields))]
    fn analyze(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyAny>,
        fields: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyAnalysis> {
        let written = text_of(text).map_err(Fault::alone)?;
        let post = fields.filter(|f| !f.is_empty()).map(|f| read_post(&written, f)).transpose()?;
        let post = post.unwrap_or_else(|| Post::new(written));
        let analysis = py.detach(|| guarded(|| self.read(&self.engine, &post)));
        Ok(PyAnalysis::new(analysis.map_err(Fault::alone)?, text.clone().unbind(), self.settings.characters))
    }

    /// Reads many posts into columns.
    #[pyo3(signature = (posts, /, *, columns=None, progress=None, threads=None, **fields))]
    fn analyze_batch(
        &self,
        py: Python<'_>,
        posts: &Bound<'_, PyAny>,
        columns: Option<Vec<String>>,
        progress: Option<Py<PyAny>>,
        threads: Option<NonZeroUsize>,
        fields: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyColumns> {
        let columns = match columns {
            Some(names) => names.iter().map(|n| parse_column(n)).collect::<PyResult<Vec<_>>>()?,
            None => Column::ALL.into_iter().filter(|c| self.settings.evidence || *c != Column::Evidence).collect(),
        };
        let posts = Posts::of(posts, fields)?;
        let engine = narrowed(&self.engine, &columns);
        let read = |row| Ok(posts.post(row)?.map_or_else(Row::missing, |post| Row::from(self.read(&engine, &post))));
        let join = |rows: Vec<Row>| write(&columns, &rows).map_err(|e| arrow_error(&e));
        let threads = self.threads(threads);
        let batches = Job { rows: posts.len(), read: &read, join: &join, threads, progress }.run(py)?;
        Ok(PyColumns::new(schema(&columns), batches))
    }

    fn __repr__(&self) -> String {
        let s = &self.settings;
        let mut said = Vec::new();
        if !s.lexicons.is_empty() {
            said.push(format!("lexicons={:?}", s.lexicons.iter().map(|(name, _)| name).collect::<Vec<_>>()));
        }
        if !s.targets.is_empty() {
            said.push(format!("targets={:?}", s.targets.iter().map(|t| &t.name).collect::<Vec<_>>()));
        }
        let mut say = |name: &str, value: Option<&str>| said.extend(value.map(|v| format!("{name}={v}")));
        say("spelling", (!s.spelling).then_some("False"));
        say("learned", (!s.learned).then_some("False"));
        say("evidence", (!s.evidence).then_some("False"));
        say("priors", s.priors.map(|[a, b, c]| format!("({a}, {b}, {c})")).as_deref());
        say("threads", s.threads.map(|n| n.to_string()).as_deref());
        say("offsets", (!s.characters).then_some("'byte'"));
        format!("Analyzer({})", said.join(", "))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let s = &self.settings;
        let settings = PyDict::new(py);
        settings.set_item("lexicons", s.lexicons.clone())?;
        let targets = s.targets.iter().map(|t| -> PyResult<_> {
            let target = PyDict::new(py);
            target.set_item("name", &t.name)?;
            target.set_item("aliases", &t.aliases)?;
            target.set_item("exclude", &t.exclude)?;
            Ok(target)
        });
        settings.set_item("targets", targets.collect::<PyResult<Vec<_>>>()?)?;
        settings.set_item("spelling", s.spelling)?;
        settings.set_item("learned", s.learned)?;
        settings.set_item("evidence", s.evidence)?;
        settings.set_item("priors", s.priors)?;
        settings.set_item("threads", s.threads.map(NonZeroUsize::get))?;
        settings.set_item("offsets", if s.characters { "char" } else { "byte" })?;
        Ok((PyTuple::empty(py), settings))
    }
}

pub(crate) fn parse_column(name: &str) -> PyResult<Column> {
    Column::parse(name).ok_or_else(|| {
        let names: Vec<_> = Column::ALL.iter().map(|c| c.name()).collect();
        PyValueError::new_err(format!("no column '{name}'; there are {}", names.join(", ")))
    })
}

/// Paths, or pairs of a name and a lexicon's text.
fn read_lexicons(lexicons: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String)>> {
    if lexicons.is_instance_of::<PyString>() {
        return Err(PyTypeError::new_err("lexicons must be a list of paths"));
    }
    let mut read = Vec::new();
    for item in lexicons.try_iter()? {
        let item = item?;
        if let Ok(pair) = item.extract::<(String, String)>() {
            read.push(pair);
            continue;
        }
        let path: PathBuf = item.extract()?;
        let name = path.display().to_string();
        let bytes = std::fs::read(&path).map_err(|e| {
            let error = PyErr::from(e);
            // Python's own errors name the file, and so does this one.
            let _ = error.value(item.py()).setattr("filename", &item);
            error
        })?;
        let text = String::from_utf8(bytes).map_err(|e| {
            PyValueError::new_err(format!("{name}: not UTF-8 at byte {}", e.utf8_error().valid_up_to()))
        })?;
        read.push((name, text));
    }
    Ok(read)
}

/// `"Nimbo=@nimbo,nimbo_fr"` or a dict with `name`, `aliases` and `exclude`; one or a list of them.
fn read_targets(targets: &Bound<'_, PyAny>) -> PyResult<Vec<Target>> {
    if targets.is_instance_of::<PyString>() || targets.is_instance_of::<PyDict>() {
        return Ok(vec![read_target(targets)?]);
    }
    targets.try_iter()?.map(|item| read_target(&item?)).collect()
}

fn read_target(target: &Bound<'_, PyAny>) -> PyResult<Target> {
    if let Ok(text) = target.cast::<PyString>() {
        return Target::from_str(&text.to_cow()?).map_err(|e| value_error(&e));
    }
    let Ok(fields) = target.cast::<PyDict>() else {
        let kind = target.get_type().name()?;
        return Err(PyTypeError::new_err(format!("a target must be a str or a dict with a `name`, not {kind}")));
    };
    let mut read = Target::default();
    for (key, value) in fields {
        match key.extract::<String>()?.as_str() {
            "name" => read.name = value.extract()?,
            "aliases" => read.aliases = value.extract()?,
            "exclude" => read.exclude = value.extract()?,
            other => return Err(PyValueError::new_err(format!("a target has no '{other}'"))),
        }
    }
    if read.name.trim().is_empty() {
        return Err(PyValueError::new_err("a target needs a `name`"));
    }
    Ok(read)
}

/// A post from a text and keyword arguments.
fn read_post(text: &str, fields: &Bound<'_, PyDict>) -> PyResult<Post> {
    let mut cells = vec![("text".to_owned(), text.to_owned())];
    let mut targets = None;
    for (name, value) in fields {
        let name: String = name.extract()?;
        match Post::field(&name) {
            _ if value.is_none() => {}
            Some("targets") => targets = Some(read_targets(&value)?),
            Some("target_aliases") if !value.is_instance_of::<PyString>() => {
                cells.push((name, value.extract::<Vec<String>>()?.join(",")));
            }
            Some(known) if !matches!(known, "text" | "title" | "selftext") => {
                let value = if value.hasattr("isoformat")? { value.call_method0("isoformat")? } else { value };
                if value.is_instance_of::<PyList>() || value.is_instance_of::<PyDict>() {
                    let kind = value.get_type().name()?;
                    return Err(PyTypeError::new_err(format!("{name} must be a str, not {kind}")));
                }
                cells.push((name, value.str()?.to_cow()?.into_owned()));
            }
            _ => return Err(PyTypeError::new_err(format!("analyze() got an unexpected keyword argument '{name}'"))),
        }
    }
    let mut post =
        Post::from_fields(cells.iter().map(|(n, c)| (n.as_str(), c.as_str()))).map_err(|e| value_error(&e))?;
    if let Some(targets) = targets {
        post.targets = targets;
    }
    Ok(post)
}
