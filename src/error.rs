//! The one error of the crate: what kind of thing went wrong, where, and why.
//!
//! Opaque on purpose: callers match on [`ErrorKind`], people read the message, and the inside may
//! change without breaking either.

use std::fmt;

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be read or written.
    Io,
    /// A lexicon row that the reader cannot accept.
    Lexicon,
    /// A record (a post, a label) that cannot be understood.
    Record,
    /// A labelled set that nothing can be learnt from.
    Training,
    /// A setting out of its range.
    Setting,
}

impl ErrorKind {
    /// The kind in one word, as messages print it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::Lexicon => "lexicon",
            Self::Record => "record",
            Self::Training => "training",
            Self::Setting => "setting",
        }
    }
}

/// Why something could not be done, and where.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    file: Option<String>,
    line: Option<u64>,
    reason: String,
    source: Option<std::io::Error>,
}

impl Error {
    /// An error of a kind, for a reason that a person can act on.
    pub fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, file: None, line: None, reason: reason.into(), source: None }
    }

    /// The same error, said to be at a line (from 1).
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same error, said to be in a file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The line (from 1) that it happened at, where there is one.
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// The reason alone, without file and line.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
        }
        if let Some(line) = self.line {
            if self.file.is_none() {
                write!(f, "line ")?;
            }
            write!(f, "{line}:")?;
        }
        if self.file.is_some() || self.line.is_some() {
            write!(f, " ")?;
        }
        write!(f, "{}", self.reason)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|e| e as _)
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Self { reason: e.to_string(), source: Some(e), ..Self::new(ErrorKind::Io, "") }
    }
}
