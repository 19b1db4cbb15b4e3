//! `tonalite learn --network`: what words mean together, for `lexicons/*/network.tsv`.
//!
//! Posts labelled by people are mixed with what a slower teacher says of them and of other posts.

use crate::args::LearnArgs;
use crate::{Outcome, labelled};
use anyhow::{Context as _, Result, bail};
use std::collections::HashMap;
use std::path::Path;
use tonalite::{Analyzer, Labelled};

/// What the teacher's word counts for beside a person's.
const TEACHER: f32 = 0.4;

/// Learns what words mean together, from the labels and from a teacher of other posts.
pub(crate) fn run(mut posts: Vec<Labelled>, args: &LearnArgs) -> Result<Outcome> {
    let mean = posts.iter().map(|p| p.weight).sum::<f32>() / posts.len().max(1) as f32;
    for post in &mut posts {
        post.weight /= mean;
    }
    let mut taught = match &args.teacher {
        Some(path) => teacher(path)?,
        None => HashMap::new(),
    };
    for post in &mut posts {
        let Some(mut p) = taught.remove(&post.text) else { continue };
        if post.sign_only {
            let sum = p[0] + p[2];
            p = [p[0] / sum, 0.0, p[2] / sum];
        }
        for (label, said) in post.p.iter_mut().zip(p) {
            *label += TEACHER * (said - *label);
        }
    }
    let mut others: Vec<Labelled> =
        taught.into_iter().map(|(text, p)| Labelled { text, p, sign_only: false, weight: 1.0 }).collect();
    others.sort_by(|a, b| a.text.cmp(&b.text));
    posts.extend(others);
    let table = Analyzer::builder().learned(false).build()?.learn_network(&posts);
    labelled::write(&table, posts.len(), args)?;
    Ok(Outcome::Done)
}

/// The lines of a teacher's file, by text.
fn teacher(path: &Path) -> Result<HashMap<String, [f32; 3]>> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let mut taught = HashMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let said = line.split_once('\t').and_then(|(p, text)| {
            let p: Vec<f32> = p.split(' ').filter_map(|x| x.parse().ok()).collect();
            Some((<[f32; 3]>::try_from(p).ok()?, text))
        });
        let Some((p, text)) = said else { bail!("{name}:{number}: no three numbers, a tab and a text") };
        taught.insert(text.to_owned(), p);
    }
    Ok(taught)
}
