//! Labelled posts in, learnt tables out: what `evaluate` and every kind of `learn` share.

use crate::args::LearnArgs;
use crate::read::{Chunks, Format, Record};
use crate::write::Output;
use anyhow::{Result, anyhow, bail};
use std::io::Write;
use std::path::Path;
use tonalite::{Label, Post};

/// The labelled posts of one file, `most` at the most, as `take` reads them: `None` where a person has
/// yet to say the label. What it refuses is an error with its line.
pub(crate) fn read<T>(
    path: &Path,
    from: Option<Format>,
    most: usize,
    mut take: impl FnMut(&Record<'_>) -> Result<Option<T>, String>,
) -> Result<Vec<T>> {
    let (mut rows, mut open) = (Vec::new(), 0);
    for chunk in Chunks::labelled(path, from) {
        let chunk = chunk?;
        for record in chunk.records().into_iter().take(most - rows.len()) {
            match take(&record).map_err(|reason| anyhow!("{}:{}: {reason}", chunk.file(), record.line))? {
                Some(row) => rows.push(row),
                None => open += 1,
            }
        }
        if rows.len() == most {
            break;
        }
    }
    tell_open(open, &mut anstream::stderr().lock())?;
    if rows.is_empty() {
        bail!("{}: no labelled posts", path.display());
    }
    Ok(rows)
}

/// Writes what was learnt, whole, and says from how much.
pub(crate) fn write(table: &str, posts: usize, args: &LearnArgs) -> Result<()> {
    let mut output = Output::open(Some(&args.output))?;
    output.write(table.as_bytes())?;
    output.finish()?;
    let rows = table.lines().count() - 1;
    writeln!(anstream::stderr(), "{rows} rows from {posts} posts: {}", args.output.display())?;
    Ok(())
}

/// A record labelled by tone; nothing where the label is still empty, as in a review queue half done.
pub(crate) fn tone(record: &Record<'_>) -> Result<Option<(Post, Label)>, String> {
    let label = record.label()?;
    if label.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some((record.post()?, parse(&label)?)))
}

/// Says how many records had no label yet.
pub(crate) fn tell_open(open: usize, err: &mut impl Write) -> std::io::Result<()> {
    if open > 0 {
        writeln!(err, "{open} posts have no label yet and are left out")?;
    }
    Ok(())
}

/// The label that a spelling means.
pub(crate) fn parse(text: &str) -> Result<Label, String> {
    match text.trim().to_lowercase().as_str() {
        "neg" | "negative" | "négatif" | "negatif" | "négative" => Ok(Label::Negative),
        "neu" | "neutral" | "neutre" => Ok(Label::Neutral),
        "pos" | "positive" | "positif" => Ok(Label::Positive),
        "mix" | "mixed" | "mitigé" | "mitige" | "mixte" => Ok(Label::Mixed),
        other => Err(format!("`{other}` is no label: negative, neutral, positive or mixed (neg, neu, pos, mix)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_several_spellings() {
        for (text, label) in [("NEG", Label::Negative), (" Positif ", Label::Positive), ("mitigé", Label::Mixed)] {
            assert_eq!(parse(text), Ok(label));
        }
        assert!(parse("1").is_err());
    }
}
