//! `tonalite lexicon check`: what a lexicon of the user's own has wrong, line by line.

use crate::Outcome;
use crate::args::{LexiconArgs, LexiconCommand};
use anyhow::{Context, Result};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Runs the command.
pub(crate) fn run(args: &LexiconArgs) -> Result<Outcome> {
    match &args.command {
        LexiconCommand::Check { files } => check(files),
    }
}

fn check(files: &[PathBuf]) -> Result<Outcome> {
    let mut outcome = Outcome::Done;
    for path in files {
        if check_one(path, &mut anstream::stdout().lock())? > 0 {
            outcome = Outcome::Rejected;
        }
    }
    Ok(outcome)
}

fn check_one(path: &Path, out: &mut impl Write) -> Result<usize> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(e) => {
            let line = memchr::memchr_iter(b'\n', &bytes[..e.valid_up_to()]).count() + 1;
            writeln!(out, "{name}:{line}: not UTF-8")?;
            return Ok(1);
        }
    };
    let faults = tonalite::check_lexicon(text);
    for fault in &faults {
        match fault.line() {
            Some(line) => writeln!(out, "{name}:{line}: {}", fault.reason())?,
            None => writeln!(out, "{name}: {}", fault.reason())?,
        }
    }
    let rows = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')).count();
    match faults.len() {
        0 => writeln!(out, "{name}: {rows} rows, no fault")?,
        1 => writeln!(out, "{name}: {rows} rows, 1 fault")?,
        n => writeln!(out, "{name}: {rows} rows, {n} faults")?,
    }
    Ok(faults.len())
}
