//! `tonalite learn --task role`: weights of roles and intents from the user's own labels.
//!
//! As for the tone, the labels are read whole, checked, cross-validated, learnt from, and written as a
//! lexicon that `--lexicon` takes. The figures are macro F1 and accuracy by file, with precision and
//! recall of each role and the confusion of posts that the weights had not seen: a role of the user's
//! own is a line like any other. `--base` with `--tune` is how the shipped table is made.

use crate::args::LearnArgs;
use crate::{Outcome, labelled};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use tonalite::voice::learn::{LabelledPost, Lesson, Recipe, Unseen};
use tonalite::voice::{Authors, Intent, Role};

/// Fewer labels than this teach little that holds.
const FEW: usize = 100;
/// Fewer labels than this are too few for one role.
const FEW_OF_ONE: usize = 10;
/// Posts of a simulated author, authors of each role, and posts that a role must have to be drawn from.
const POOLED: usize = 20;
const AUTHORS: usize = 100;
const FEW_TO_POOL: usize = 8;
/// Words shown of each role.
const SHOWN: usize = 8;

/// The posts of one file: its name, and where they begin among all.
struct Source {
    name: String,
    first: usize,
    count: usize,
}

/// Runs the command.
pub(crate) fn run(args: &LearnArgs) -> Result<Outcome> {
    let mut posts = Vec::new();
    let mut sources = Vec::new();
    for (path, tunes) in args.labelled.iter().map(|p| (p, false)).chain(args.tune.iter().map(|p| (p, true))) {
        let first = posts.len();
        posts.extend(labelled::read(path, args.from, usize::MAX, |record| {
            let (role, intents) = record.role()?;
            row(record.post()?, role.as_deref(), intents, tunes).map(Some)
        })?);
        sources.push(Source { name: path.display().to_string(), first, count: posts.len() - first });
    }
    let mut recipe = if args.base { Recipe::base() } else { Recipe::layer() };
    recipe.folds = args.folds;
    if let Some(ridge) = args.ridge {
        recipe.ridge = ridge;
    }
    let mut err = anstream::stderr().lock();
    warn(&posts, &mut err)?;
    let lesson = args.engine.build()?.learn_roles(&posts, &recipe)?;
    for source in &sources {
        report(args, source, &posts, &lesson, &mut err)?;
    }
    show(&lesson.table, &mut err)?;
    labelled::write(&lesson.table, posts.len(), args)?;
    Ok(Outcome::Done)
}

/// A labelled post; a label that can name no role is an error.
fn row(
    post: tonalite::Post,
    role: Option<&str>,
    intents: Option<Vec<String>>,
    tunes: bool,
) -> Result<LabelledPost, String> {
    let named = |name: &str| {
        let name = name.trim();
        Role::named(name)
            .ok_or_else(|| format!("`{name}` cannot name a role: lower-case letters, digits, `_` and `-` can"))
    };
    let intent = |name: &String| Intent::parse(name).ok_or_else(|| format!("`{name}` is no intent"));
    let role = role.map(named).transpose()?;
    let intents = intents.map(|all| all.iter().map(intent).collect()).transpose()?;
    Ok(LabelledPost { post, role, intents, tunes })
}

/// Says what a careful person would want to know before trusting the labels.
fn warn(posts: &[LabelledPost], err: &mut impl Write) -> Result<()> {
    if posts.len() < FEW {
        writeln!(err, "warning: {} labels are few; below {FEW} the layer mostly repeats what was known", posts.len())?;
    }
    let mut counts: BTreeMap<Role, usize> = BTreeMap::new();
    let mut seen = BTreeMap::new();
    let mut contradicted = 0usize;
    for post in posts {
        let Some(role) = post.role else { continue };
        *counts.entry(role).or_default() += 1;
        let key = (post.post.text.as_str(), post.post.targets.first().map(|t| t.name.as_str()));
        if *seen.entry(key).or_insert(role) != role {
            contradicted += 1;
        }
    }
    for (role, count) in counts {
        if matches!(role, Role::Own(_)) {
            writeln!(err, "a role of your own: {} ({count} posts)", role.as_str())?;
        }
        if count < FEW_OF_ONE && role != Role::Unclear {
            writeln!(err, "warning: {count} posts are too few to learn {} from", role.as_str())?;
        }
    }
    if contradicted > 0 {
        writeln!(err, "warning: {contradicted} posts stand twice with different roles")?;
    }
    Ok(())
}

/// Right, given and said, of one label.
#[derive(Default, Clone, Copy)]
struct Count {
    right: usize,
    given: usize,
    said: usize,
}

impl Count {
    fn add(&mut self, given: bool, said: bool) {
        self.right += usize::from(given && said);
        self.given += usize::from(given);
        self.said += usize::from(said);
    }

    fn precision(self) -> f64 {
        100.0 * self.right as f64 / self.said.max(1) as f64
    }

    fn recall(self) -> f64 {
        100.0 * self.right as f64 / self.given.max(1) as f64
    }

    fn f1(self) -> f64 {
        200.0 * self.right as f64 / (self.given + self.said).max(1) as f64
    }
}

/// Counts of each role, and how many posts were read right, by one of the two readings.
fn tally(pairs: &[(Role, Role)]) -> (BTreeMap<Role, Count>, f64) {
    let roles: BTreeSet<Role> = pairs.iter().map(|(given, _)| *given).collect();
    let mut counts: BTreeMap<Role, Count> = BTreeMap::new();
    for role in roles {
        let count = counts.entry(role).or_default();
        for (given, said) in pairs {
            count.add(*given == role, *said == role);
        }
    }
    let right = pairs.iter().filter(|(given, said)| given == said).count();
    (counts, 100.0 * right as f64 / pairs.len().max(1) as f64)
}

fn macro_f1(counts: &BTreeMap<Role, Count>) -> f64 {
    counts.values().map(|c| c.f1()).sum::<f64>() / counts.len().max(1) as f64
}

/// What weights that had not seen the posts of a file made of them.
fn report(
    args: &LearnArgs,
    source: &Source,
    posts: &[LabelledPost],
    lesson: &Lesson,
    err: &mut impl Write,
) -> Result<()> {
    let unseen: Vec<&Unseen> =
        lesson.unseen.iter().filter(|u| (source.first..source.first + source.count).contains(&u.post)).collect();
    let pairs = |said: fn(&Unseen) -> Role| -> Vec<(Role, Role)> {
        let given = |u: &Unseen| posts[u.post].role.filter(|r| *r != Role::Unclear);
        unseen.iter().filter_map(|u| Some((given(u)?, said(u)))).collect()
    };
    let new = pairs(|u| u.after.label);
    if unseen.is_empty() {
        return Ok(());
    }
    let judged = if new.is_empty() { unseen.len() } else { new.len() };
    write!(err, "{}-fold cross-validation on {judged} posts of {}", args.folds, source.name)?;
    if new.is_empty() {
        writeln!(err)?;
    } else {
        let (counts, accuracy) = tally(&new);
        if args.base {
            writeln!(err, ": macro F1 {:.1}, accuracy {accuracy:.1}", macro_f1(&counts))?;
        } else {
            let (old, before) = tally(&pairs(|u| u.before.label));
            let (old, now) = (macro_f1(&old), macro_f1(&counts));
            writeln!(err, ": macro F1 {old:.1} -> {now:.1}, accuracy {before:.1} -> {accuracy:.1}")?;
        }
        table(&new, &counts, err)?;
        pooled(&unseen, posts, err)?;
    }
    intents(&unseen, posts, err)
}

/// Precision, recall and F1 of each intent that is labelled.
fn intents(unseen: &[&Unseen], posts: &[LabelledPost], err: &mut impl Write) -> Result<()> {
    for intent in Intent::ALL {
        let mut count = Count::default();
        for one in unseen {
            if let Some(given) = &posts[one.post].intents {
                count.add(given.contains(intent), one.intents.contains(intent));
            }
        }
        if count.given > 0 {
            let (precision, recall, f1) = (count.precision(), count.recall(), count.f1());
            let name = intent.as_str();
            writeln!(err, "  {name:<15}{:>5} posts{precision:>7.1}{recall:>7.1}{f1:>7.1}", count.given)?;
        }
    }
    Ok(())
}

/// How often simulated authors are read right: posts of one role drawn together, their readings pooled.
fn pooled(unseen: &[&Unseen], posts: &[LabelledPost], err: &mut impl Write) -> Result<()> {
    let mut by_role: BTreeMap<Role, Vec<&Unseen>> = BTreeMap::new();
    for one in unseen {
        if let Some(role) = posts[one.post].role.filter(|r| *r != Role::Unclear) {
            by_role.entry(role).or_default().push(one);
        }
    }
    // Numbers that look drawn and are the same each time.
    let mut state = 1u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    let (mut right, mut authors) = (0usize, 0usize);
    for (role, found) in by_role.iter().filter(|(_, found)| found.len() >= FEW_TO_POOL) {
        for _ in 0..AUTHORS {
            let mut author = Authors::default();
            for _ in 0..POOLED {
                author.add("a", "", None, &found[draw(found.len())].after);
            }
            authors += 1;
            right += usize::from(author.role("a", "").is_some_and(|a| a.role.label == *role));
        }
    }
    if authors > 0 {
        let share = 100.0 * right as f64 / authors as f64;
        writeln!(err, "  pooled over {POOLED} posts of one role drawn together: {share:.1} % of {authors} authors")?;
    }
    Ok(())
}

/// Precision, recall and confusion by role: rows are labels, columns what was read.
fn table(pairs: &[(Role, Role)], counts: &BTreeMap<Role, Count>, err: &mut impl Write) -> Result<()> {
    let said: BTreeSet<Role> = pairs.iter().map(|(_, said)| *said).chain(counts.keys().copied()).collect();
    write!(err, "  {:<15}{:>11}{:>7}{:>7}{:>7}  ", "", "", "prec.", "recall", "F1")?;
    for role in &said {
        let short: String = role.as_str().replace("prospect_", "").chars().take(5).collect();
        write!(err, "{short:>6}")?;
    }
    writeln!(err)?;
    for (role, count) in counts {
        let (precision, recall, f1) = (count.precision(), count.recall(), count.f1());
        let name = role.as_str();
        write!(err, "  {name:<15}{:>5} posts{precision:>7.1}{recall:>7.1}{f1:>7.1}  ", count.given)?;
        for other in &said {
            write!(err, "{:>6}", pairs.iter().filter(|p| **p == (*role, *other)).count())?;
        }
        writeln!(err)?;
    }
    Ok(())
}

/// The strongest words of each role.
fn show(table: &str, err: &mut impl Write) -> Result<()> {
    let header: Vec<&str> = table.lines().next().unwrap_or("").split('\t').skip(1).collect();
    for (column, role) in header.iter().enumerate().filter(|(_, name)| Intent::parse(name).is_none()) {
        let mut words: Vec<(&str, f32)> = Vec::new();
        for row in table.lines().skip(1).filter(|row| !row.starts_with('@')) {
            let mut cells = row.split('\t');
            let word = cells.next().unwrap_or("");
            let weight: f32 = cells.nth(column).and_then(|c| c.parse().ok()).unwrap_or(0.0);
            if weight > 0.0 {
                words.push((word, weight));
            }
        }
        words.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let list: Vec<String> = words.iter().take(SHOWN).map(|(word, weight)| format!("{word} {weight:+.1}")).collect();
        if !list.is_empty() {
            writeln!(err, "most {role}: {}", list.join(", "))?;
        }
    }
    Ok(())
}
