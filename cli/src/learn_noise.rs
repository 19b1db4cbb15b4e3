//! `tonalite learn --task noise`: the weights of noise, `lexicons/shared/noise.tsv`.
//!
//! Labelled posts are read whole, with a crowd of ordinary ones; what weights that had not seen a post
//! make of it is told as precision and recall before the table is written.

use crate::args::LearnArgs;
use crate::labelled::parse;
use crate::read::Record;
use crate::{Outcome, labelled};
use anyhow::Result;
use std::io::Write;
use tonalite::Label;
use tonalite::watch::Noise;
use tonalite::watch::learn::{Given, LabelledPost, Recipe, learn};

/// Of a crowd, no file counts for more than its first posts.
const CROWD: usize = 5000;

/// Runs the command.
pub(crate) fn run(args: &LearnArgs) -> Result<Outcome> {
    let mut posts = Vec::new();
    for path in &args.labelled {
        posts.extend(labelled::read(path, args.from, usize::MAX, |record| row(record, asked))?);
    }
    for path in &args.ordinary {
        posts.extend(labelled::read(path, args.from, CROWD, |record| row(record, unasked))?);
    }
    let mut recipe = Recipe { folds: args.folds, ..Recipe::default() };
    if let Some(ridge) = args.ridge {
        recipe.ridge = ridge;
    }
    let lesson = learn(&posts, &recipe)?;
    let mut err = anstream::stderr().lock();
    if !lesson.unseen.is_empty() {
        let flagged = |noise: Noise| noise != Noise::None;
        let given = |post: usize| posts[post].given != Given::Read(Noise::None);
        let said = lesson.unseen.iter().filter(|(_, noise)| flagged(*noise)).count();
        let noise = lesson.unseen.iter().filter(|(post, _)| given(*post)).count();
        let right = lesson.unseen.iter().filter(|(post, noise)| flagged(*noise) && given(*post)).count();
        let share = |of: usize| 100.0 * right as f64 / of.max(1) as f64;
        let (precision, recall) = (share(said), share(noise));
        let count = lesson.unseen.len();
        writeln!(
            err,
            "{}-fold cross-validation on {count} posts: precision {precision:.1}, recall {recall:.1}",
            args.folds
        )?;
    }
    labelled::write(&lesson.table, posts.len(), args)?;
    Ok(Outcome::Done)
}

/// What a label says of a post that a person read for noise.
fn asked(label: &str) -> Result<Given, String> {
    let noise = Noise::ALL.into_iter().find(|noise| noise.as_str() == label);
    noise.map(Given::Read).ok_or_else(|| format!("`{label}` is no kind of noise"))
}

/// What a label of tone says: whoever has an opinion is no machine; neutral posts may be adverts.
fn unasked(label: &str) -> Result<Given, String> {
    Ok(match parse(label)? {
        Label::Negative | Label::Positive | Label::Mixed => Given::Opinion,
        Label::Neutral | Label::Unknown => Given::Unasked,
    })
}

/// A labelled post, by what its label says.
fn row(record: &Record<'_>, given: fn(&str) -> Result<Given, String>) -> Result<Option<LabelledPost>, String> {
    let given = given(record.label()?.trim())?;
    Ok(Some(LabelledPost { text: record.post()?.text, given }))
}
