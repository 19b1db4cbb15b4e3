//! `tonalite learn`: a layer of weights from the user's own labels.
//!
//! The labels are read whole, checked, cross-validated (what would this layer do on posts that it has
//! not seen?), learnt from, and written as a lexicon that `--lexicon` takes. Nothing is written until
//! all of it is ready. `--base` learns a whole table, the rules' own weights included: that is how
//! the shipped tables are made (docs/accuracy.md).

use crate::args::{LearnArgs, Task};
use crate::evaluate::Scores;
use crate::read::Record;
use crate::{Outcome, labelled, learn_network, learn_noise, learn_role};
use anyhow::{Result, bail};
use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use tonalite::tone::learn::Recipe;
use tonalite::{Analyzer, Label, Labelled};

/// Fewer labels than this teach little that holds.
const FEW: usize = 100;
/// And fewer than this of one label little of that.
const FEW_OF_ONE: usize = 40;
/// One label with more than this share says that the others are hardly there.
const ONE_SIDED: f64 = 0.9;
/// Cross-validation looks at no more posts than this.
const VALIDATED: usize = 20_000;
/// Words shown of each sign.
const SHOWN: usize = 12;
/// A label counts for this much against the ridge of a whole table.
const BASE_WEIGHT: f32 = 4.0;

/// What a copy without accents takes of its post's weight, when a whole table is learnt.
const BARE_SHARE: f32 = 0.3;

/// A labelled post; its file is its source.
struct Row {
    text: String,
    label: Label,
}

/// Runs the command.
pub(crate) fn run(args: &LearnArgs) -> Result<Outcome> {
    let misplaced = [
        ("--tune", !args.tune.is_empty() && args.task != Task::Role),
        ("--ordinary", !args.ordinary.is_empty() && args.task != Task::Noise && !args.expert),
    ];
    if let Some((name, _)) = misplaced.iter().find(|(_, misplaced)| *misplaced) {
        bail!("{name} is for another --task; see --help");
    }
    match args.task {
        Task::Tone => {}
        Task::Role => return learn_role::run(args),
        Task::Noise => return learn_noise::run(args),
    }
    let sources = read(&args.labelled, args)?;
    if args.expert {
        return learn_expert(&sources, args);
    }
    if args.network {
        let posts = sources.iter().flat_map(|rows| weigh(rows, args)).collect();
        return learn_network::run(posts, args);
    }
    let posts: Vec<Labelled> = sources.iter().flat_map(|rows| weigh(rows, args)).collect();
    let mut recipe = if args.base { Recipe::base() } else { Recipe::domain() };
    recipe.ridge = args.ridge.or(recipe.ridge);
    let mut err = anstream::stderr().lock();
    warn(&sources, &mut err)?;
    let analyzer = if args.base { Analyzer::builder().learned(false).build()? } else { args.engine.build()? };
    if args.folds > 1 && !args.base {
        validate(args, &posts, &recipe, &mut err)?;
    }
    let table = analyzer.learn(&posts, &recipe)?;
    show(&table, &mut err)?;
    labelled::write(&table, posts.len(), args)?;
    Ok(Outcome::Done)
}

/// The labelled posts of some files.
fn read(files: &[PathBuf], args: &LearnArgs) -> Result<Vec<Vec<Row>>> {
    let tone = |record: &Record<'_>| Ok(labelled::tone(record)?.map(|(post, label)| Row { text: post.text, label }));
    files.iter().map(|path| labelled::read(path, args.from, usize::MAX, tone)).collect()
}

/// Learns what words say in posts of one kind. Of the others, each file counts for the same.
#[expect(clippy::cast_precision_loss, reason = "a count of posts")]
fn learn_expert(sources: &[Vec<Row>], args: &LearnArgs) -> Result<Outcome> {
    let posts: Vec<Labelled> = sources.iter().flat_map(|rows| weigh(rows, args)).collect();
    let others = read(&args.ordinary, args)?;
    let even = |rows: &Vec<Row>| {
        let weight = 1.0 / rows.len() as f32;
        let texts = rows.iter().map(|row| row.text.clone());
        texts.map(|text| Labelled { text, weight, ..Labelled::default() }).collect::<Vec<_>>()
    };
    let others: Vec<Labelled> = others.iter().flat_map(even).collect();
    let table = Analyzer::builder().learned(false).build()?.learn_expert(&posts, &others, args.share)?;
    labelled::write(&table, posts.len(), args)?;
    Ok(Outcome::Done)
}

/// Place of a label among the three signs; `mixed` is its own.
fn sign(label: Label) -> usize {
    match label {
        Label::Negative => 0,
        Label::Neutral | Label::Unknown => 1,
        Label::Positive => 2,
        Label::Mixed => 3,
    }
}

/// What the three signs are likely to be of a post with a label. Praise and blame in equal parts teach
/// no sign: near even, with a middle that says so.
const MEANT: [[f32; 3]; 4] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.3, 0.4, 0.3]];

/// Posts with their weights: classes even within a source, large sources held back by `--balance`.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts of posts")]
fn weigh(rows: &[Row], args: &LearnArgs) -> Vec<Labelled> {
    let mut counts = [0usize; 4];
    for row in rows {
        counts[sign(row.label)] += 1;
    }
    let classes = counts.iter().filter(|n| **n > 0).count().max(1);
    let mass = (rows.len() as f64).powf(args.balance) / classes as f64;
    // A set without a middle says nothing about one.
    let sign_only = counts[1] == 0 && counts[3] == 0;
    let unit = if args.base { BASE_WEIGHT } else { 1.0 };
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let place = sign(row.label);
        let p = MEANT[place];
        let weight = unit * (mass / counts[place] as f64) as f32;
        let bare = if args.base { bare(&row.text) } else { None };
        let share = if bare.is_some() { 1.0 - BARE_SHARE } else { 1.0 };
        let post = Labelled { text: row.text.clone(), p, sign_only, weight: weight * share };
        if let Some(text) = bare {
            out.push(Labelled { text, weight: weight * BARE_SHARE, ..post.clone() });
        }
        out.push(post);
    }
    out
}

/// The text as people without an accent key write it, where that differs.
fn bare(text: &str) -> Option<String> {
    const PAIRS: [(&str, char); 6] =
        [("éèêëÉÈÊË", 'e'), ("àâäÀÂÄ", 'a'), ("ùûüÙÛÜ", 'u'), ("îïÎÏ", 'i'), ("ôöÔÖ", 'o'), ("çÇ", 'c')];
    let plain = |c: char| PAIRS.iter().find(|(accented, _)| accented.contains(c)).map_or(c, |(_, plain)| *plain);
    if text.is_ascii() {
        return None;
    }
    let bare: String = text.chars().map(plain).collect();
    (bare != text).then_some(bare)
}

/// Says what a careful person would want to know before trusting the labels.
#[expect(clippy::cast_precision_loss, reason = "counts of posts")]
fn warn(sources: &[Vec<Row>], err: &mut impl Write) -> Result<()> {
    let total: usize = sources.iter().map(Vec::len).sum();
    if total < FEW {
        writeln!(err, "warning: {total} labels are few; below {FEW} the layer mostly repeats what was known")?;
    }
    for label in [Label::Negative, Label::Neutral, Label::Positive] {
        let n = sources.iter().flatten().filter(|r| r.label == label).count();
        if n as f64 > ONE_SIDED * total as f64 {
            writeln!(err, "warning: {n} of {total} labels are {}: the others can hardly be learnt", label.as_str())?;
        } else if total >= FEW && (1..FEW_OF_ONE).contains(&n) {
            writeln!(err, "warning: {n} of {total} labels are {}: too few to learn them well", label.as_str())?;
        }
    }
    let mut seen = HashMap::new();
    let mut contradicted = 0usize;
    for row in sources.iter().flatten() {
        if *seen.entry(row.text.as_str()).or_insert(row.label) != row.label {
            contradicted += 1;
        }
    }
    if contradicted > 0 {
        writeln!(err, "warning: {contradicted} posts stand twice with different labels")?;
    }
    Ok(())
}

/// What the layer does on posts that it has not seen, fold by fold, against what was there before.
fn validate(args: &LearnArgs, posts: &[Labelled], recipe: &Recipe, err: &mut impl Write) -> Result<()> {
    let step = posts.len().div_ceil(VALIDATED).max(1);
    let posts: Vec<&Labelled> = posts.iter().step_by(step).collect();
    let label = |p: &Labelled| match p.p {
        [n, _, _] if n > 0.5 => Label::Negative,
        [_, _, p] if p > 0.5 => Label::Positive,
        _ => Label::Neutral,
    };
    let before = args.engine.build()?;
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for fold in 0..args.folds {
        let train: Vec<Labelled> =
            posts.iter().enumerate().filter(|(i, _)| i % args.folds != fold).map(|(_, p)| (*p).clone()).collect();
        let Ok(table) = before.learn(&train, recipe) else { continue };
        let after = args.engine.builder()?.lexicon_text("the layer", &table)?.build()?;
        for (_, post) in posts.iter().enumerate().filter(|(i, _)| i % args.folds == fold) {
            old.push((label(post), before.analyze(&post.text).tonality));
            new.push((label(post), after.analyze(&post.text).tonality));
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let (old, new) = (Scores::of(&old), Scores::of(&new));
    writeln!(
        err,
        "{}-fold cross-validation on {} posts: macro recall {:.1} -> {:.1}, accuracy {:.1} -> {:.1}",
        args.folds,
        posts.len(),
        100.0 * old.macro_recall,
        100.0 * new.macro_recall,
        100.0 * old.accuracy,
        100.0 * new.accuracy
    )?;
    Ok(())
}

/// The strongest words of each sign.
fn show(table: &str, err: &mut impl Write) -> Result<()> {
    let rows = table.lines().skip(1).filter_map(|row| {
        let mut cells = row.split('\t');
        Some((cells.next()?, cells.next()?.parse::<f32>().ok()?))
    });
    let mut about: Vec<(&str, f32)> =
        rows.clone().filter_map(|(feature, share)| Some((feature.strip_prefix("about:")?, share))).collect();
    let mut words: Vec<(&str, f32)> = rows.filter(|(feature, _)| !feature.contains(':')).collect();
    about.sort_by(|a, b| b.1.total_cmp(&a.1));
    words.sort_by(|a, b| b.1.total_cmp(&a.1));
    let list = |words: &mut dyn Iterator<Item = &(&str, f32)>| {
        words.take(SHOWN).map(|(w, x)| format!("{w} {x:+.2}")).collect::<Vec<_>>().join(", ")
    };
    writeln!(err, "most positive: {}", list(&mut words.iter().filter(|(_, x)| *x > 0.0)))?;
    writeln!(err, "most negative: {}", list(&mut words.iter().rev().filter(|(_, x)| *x < 0.0)))?;
    if !about.is_empty() {
        let told: Vec<&str> = about.iter().take(SHOWN).map(|(word, _)| *word).collect();
        writeln!(err, "heard in posts that hold words of theirs: {} ({} in all)", told.join(", "), about.len())?;
    }
    Ok(())
}
