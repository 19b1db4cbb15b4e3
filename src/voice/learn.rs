//! The fit: labelled posts into a table of weights, which [`super::role`] reads.
//!
//! The ten roles share one multinomial logistic regression over cue sums, grammar features and words;
//! a role of the user's own has odds against the ten together; each intent is a regression of its own.
//! A layer begins at the scores that are there and learns what is to be added; a whole table
//! ([`Recipe::base`]) begins at nothing. Posts that only *tune* move the weights of cues and grammar,
//! a few hundred numbers, and never those of words: so a set that shows what posts look like elsewhere
//! can be used without its words being learnt. The optimiser is L-BFGS in a fixed order: the same
//! posts always give the same table to the bit.
//!
//! ```
//! use tonalite::voice::learn::{LabelledPost, Recipe};
//! use tonalite::{Analyzer, Post};
//! let posts: Vec<LabelledPost> = [("Mon album de vignettes Nimbo est presque complet", "collector"),
//!     ("Il me manque la vignette 12 de Nimbo", "collector"), ("Ma box Nimbo est en panne", "customer")]
//!     .iter()
//!     .map(|(text, role)| LabelledPost::new(Post::new(*text), role).unwrap())
//!     .collect();
//! let lesson = Analyzer::new().learn_roles(&posts, &Recipe::layer())?;
//! assert!(lesson.table.starts_with("feature\t"));
//! # Ok::<(), tonalite::Error>(())
//! ```

use super::cue::{OWN_BIAS, OwnRoles, ROLES};
use super::fit::{Case, Kind, fit, one_hot};
use super::intent::{self, INTENTS};
use super::labels::{Addressee, Intent, Role, RoleReading};
use super::role::{self, COLUMNS};
use super::stream::Item;
use super::{Voice, VoiceScratch};
use crate::analysis::{Analysis, Label};
use crate::lexicon::{Lexicon, slot};
use crate::post::Post;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A post that a person labelled.
#[derive(Debug, Clone)]
pub struct LabelledPost {
    /// The post. Its bio and source are left out: the weights speak of texts.
    pub post: Post,
    /// The speaker's role, where it was labelled.
    pub role: Option<Role>,
    /// All its intents, where they were labelled.
    pub intents: Option<Vec<Intent>>,
    /// Whether it only tunes the weights of cues and grammar.
    pub tunes: bool,
}

impl LabelledPost {
    /// A post and its role, one of the ten, `unclear` or the user's own; none where the name can't name a role.
    pub fn new(post: Post, role: &str) -> Option<Self> {
        Some(Self { post, role: Some(Role::named(role)?), intents: None, tunes: false })
    }
}

/// How the fit is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Learn a whole table in the place of those that are there.
    pub base: bool,
    /// Penalty on the weights of cues and grammar.
    pub ridge: f32,
    /// Penalty on those of words.
    pub word_ridge: f32,
    /// Penalty on what tuning posts change.
    pub tune_ridge: f32,
    /// A word must stand in this many posts.
    pub least_posts: usize,
    /// Folds of the cross-validation; under two there is none.
    pub folds: usize,
}

impl Recipe {
    /// A layer on top of what is there.
    pub fn layer() -> Self {
        Self { base: false, ridge: 10.0, word_ridge: 3.0, tune_ridge: 10.0, least_posts: 2, folds: 0 }
    }

    /// A whole table.
    pub fn base() -> Self {
        Self { base: true, ridge: 15.0, ..Self::layer() }
    }
}

/// What one post was read as by weights that had not seen it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unseen {
    /// Its place among the labelled posts.
    pub post: usize,
    /// By the weights that were there before.
    pub before: RoleReading,
    /// By those learnt without the post.
    pub after: RoleReading,
    /// The intents likewise.
    pub intents: Vec<Intent>,
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// A lexicon's text, ready for [`crate::AnalyzerBuilder::lexicon_text`].
    pub table: String,
    /// Cross-validation, in the order of the posts.
    pub unseen: Vec<Unseen>,
}

/// A labelled post as the fit sees it.
struct Example {
    /// Features that are not zero by their place, then words by name.
    features: Vec<(usize, f32)>,
    words: BTreeSet<String>,
    /// The dense features whole, for what the intents read of them.
    dense: Vec<f32>,
    tone: Label,
    addressee: Addressee,
    /// What was read before.
    before: RoleReading,
    /// Scores that the weights are added to.
    offset: Vec<f64>,
    role: Option<Role>,
    intents: Option<Vec<Intent>>,
    tunes: bool,
    /// No weights are asked about it: a relay, another language, nothing written.
    mute: bool,
}

/// Collects examples and fits.
pub(crate) struct Trainer<'a> {
    own: OwnRoles,
    lexicon: &'a Lexicon,
    base: bool,
    examples: Vec<Example>,
}

impl<'a> Trainer<'a> {
    pub(crate) fn new(voice: &'a Voice, lexicon: &'a Lexicon, posts: &[LabelledPost], base: bool) -> Self {
        let mut own = voice.own.clone();
        for post in posts {
            if let Some(role @ Role::Own(_)) = post.role
                && !own.iter().any(|(r, _)| *r == role)
            {
                own.push((role, OWN_BIAS));
            }
        }
        Self { own, lexicon, base, examples: Vec::with_capacity(posts.len()) }
    }

    /// Adds a post that was just read with this scratch.
    pub(crate) fn add(&mut self, scratch: &VoiceScratch, analysis: &Analysis, post: &LabelledPost) {
        let mute = analysis.role.p.is_empty();
        let mut example = Example {
            features: Vec::new(),
            words: BTreeSet::new(),
            dense: vec![0.0; role::FEATURES + self.own.len()],
            tone: analysis.tonality.label,
            addressee: analysis.addressee,
            before: analysis.role.clone(),
            offset: vec![0.0; COLUMNS + self.own.len()],
            role: post.role,
            intents: post.intents.clone(),
            tunes: post.tunes,
            mute,
        };
        if !mute {
            let features = scratch.features();
            example.dense[..features.len()].copy_from_slice(&features);
            example.features = features.into_iter().enumerate().filter(|(_, v)| *v != 0.0).collect();
            for ((score, (_, bias)), sum) in
                example.offset[COLUMNS..].iter_mut().zip(&self.own).zip(&example.dense[role::FEATURES..])
            {
                *score = f64::from(*bias + *sum);
            }
            if !self.base {
                let known = scratch.scores.len();
                for (offset, score) in example.offset.iter_mut().zip(&scratch.scores[..known]) {
                    *offset = f64::from(*score);
                }
            }
            self.words(&scratch.stream.items, &mut example.words);
        }
        self.examples.push(example);
    }

    /// Words and pairs of words, as the table names them.
    fn words(&self, items: &[Item], words: &mut BTreeSet<String>) {
        let text = |item: &Item| match item.id {
            slot::TARGET | slot::MENTION | slot::NUMBER | slot::PRICE | slot::URL => slot::name(item.id).unwrap_or(""),
            _ if role::is_word(item) => self.lexicon.vocabulary.text(item.id),
            _ => "",
        };
        let plain = |w: &str| !w.is_empty() && !w.contains([' ', '\t']) && !w.starts_with(['@', '#']);
        let mut before = "";
        for item in items {
            let word = text(item);
            if role::is_word(item) && plain(word) {
                words.insert(word.to_owned());
                if !before.is_empty() {
                    words.insert(format!("{before} {word}"));
                }
            }
            before = if item.is_written() && plain(word) { word } else { "" };
        }
    }

    /// The table, and what tables learnt without each post say of it.
    pub(crate) fn fit(&self, recipe: &Recipe) -> Lesson {
        let all = |tunes: bool| -> Vec<usize> {
            (0..self.examples.len()).filter(|i| self.examples[*i].tunes == tunes && !self.examples[*i].mute).collect()
        };
        let (teach, tune) = (all(false), all(true));
        let design = Design::new(self, &teach, recipe);
        let learnt = self.weigh(&design, &teach, &tune, recipe, None);
        let mut unseen = Vec::new();
        if recipe.folds > 1 {
            let judged = if tune.is_empty() { &teach } else { &tune };
            let folds = self.folds(judged, recipe.folds);
            let taught = (!tune.is_empty()).then(|| self.weigh(&design, &teach, &[], recipe, None));
            for fold in 0..recipe.folds {
                let rest: Vec<usize> = judged.iter().copied().filter(|i| folds[i] != fold).collect();
                let held = judged.iter().filter(|i| folds[i] == fold);
                let trial;
                let (design, weights) = match &taught {
                    Some(taught) => (&design, self.weigh(&design, &teach, &rest, recipe, Some(taught))),
                    None => {
                        trial = Design::new(self, &rest, recipe);
                        (&trial, self.weigh(&trial, &rest, &[], recipe, None))
                    }
                };
                unseen.extend(held.map(|i| self.judge(design, &weights, *i)));
            }
            // What no weights are asked about is read as before.
            unseen.extend(self.examples.iter().enumerate().filter(|(_, e)| e.mute && e.tunes != tune.is_empty()).map(
                |(post, e)| Unseen { post, before: e.before.clone(), after: e.before.clone(), intents: Vec::new() },
            ));
            unseen.sort_by_key(|u| u.post);
        }
        Lesson { table: self.write(&design, &learnt), unseen }
    }

    /// A fold for each post: every role is spread over all of them.
    fn folds(&self, posts: &[usize], folds: usize) -> BTreeMap<usize, usize> {
        let mut posts: Vec<usize> = posts.to_vec();
        // Neighbours in a file often speak of one thing; a multiplier scatters them the same way each time.
        posts.sort_by_key(|i| (self.examples[*i].role, i.wrapping_mul(2_654_435_761) % 1_000_003));
        posts.into_iter().enumerate().map(|(at, i)| (i, at % folds)).collect()
    }

    /// What learnt weights make of a post.
    fn judge(&self, design: &Design, weights: &[f64], post: usize) -> Unseen {
        let example = &self.examples[post];
        let row = design.row(example);
        let mut scores = example.offset.clone();
        let width = scores.len();
        for (feature, value) in row {
            for (score, weight) in scores.iter_mut().zip(&weights[feature * width..]) {
                *score += weight * f64::from(value);
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "scores are small numbers")]
        let scores: Vec<f32> = scores.iter().map(|s| *s as f32).collect();
        let after = role::decide(&self.own, &scores);
        let intents = intent::intents(&example.dense, &scores, example.tone, example.addressee, &after);
        Unseen { post, before: example.before.clone(), after, intents }
    }

    /// Weights by feature and label: learnt from `teach`, then tuned by `tune`.
    fn weigh(
        &self,
        design: &Design,
        teach: &[usize],
        tune: &[usize],
        recipe: &Recipe,
        taught: Option<&Vec<f64>>,
    ) -> Vec<f64> {
        let width = COLUMNS + self.own.len();
        let mut weights = match taught {
            Some(taught) => taught.clone(),
            None => {
                let mut weights = vec![0.0; design.names.len() * width];
                let ridge = |feature: usize| match feature {
                    f if f == design.bias => 0.01,
                    f if design.is_word(f) => f64::from(recipe.word_ridge),
                    _ => f64::from(recipe.ridge),
                };
                self.descend(design, teach, &ridge, &mut weights);
                weights
            }
        };
        if !tune.is_empty() {
            let ridge = |feature: usize| match feature {
                f if f == design.bias => 1.0,
                f if design.is_word(f) => f64::INFINITY,
                _ => f64::from(recipe.tune_ridge),
            };
            self.descend(design, tune, &ridge, &mut weights);
        }
        weights
    }

    /// Adds to the weights what makes these posts likelier; an infinite ridge leaves a feature as it is.
    fn descend(&self, design: &Design, posts: &[usize], ridge: &dyn Fn(usize) -> f64, weights: &mut [f64]) {
        let width = COLUMNS + self.own.len();
        let rows: Vec<(usize, Vec<(usize, f32)>)> =
            posts.iter().map(|i| (*i, design.row(&self.examples[*i]))).collect();
        let groups = [(0, ROLES, Kind::Shares), (ROLES, INTENTS, Kind::Each), (COLUMNS, self.own.len(), Kind::Odds)];
        for (first, count, kind) in groups {
            if count == 0 {
                continue;
            }
            let mut cases = Vec::new();
            for (post, row) in &rows {
                let example = &self.examples[*post];
                let goal: Option<Vec<f64>> = match kind {
                    Kind::Shares => example.role.and_then(Role::place).map(|r| one_hot(ROLES, Some(r))),
                    Kind::Odds => example
                        .role
                        .filter(|r| *r != Role::Unclear)
                        .map(|role| one_hot(count, self.own.iter().position(|(r, _)| *r == role))),
                    Kind::Each => example
                        .intents
                        .as_ref()
                        .map(|given| Intent::ALL.iter().map(|i| f64::from(u8::from(given.contains(i)))).collect()),
                };
                let Some(goal) = goal else { continue };
                let mut base = example.offset[first..first + count].to_vec();
                for (feature, value) in row {
                    for (sum, weight) in base.iter_mut().zip(&weights[feature * width + first..]) {
                        *sum += weight * f64::from(*value);
                    }
                }
                let row: Vec<(usize, f32)> = row.iter().copied().filter(|(f, _)| ridge(*f).is_finite()).collect();
                cases.push(Case { row, base, goal });
            }
            if cases.is_empty() {
                continue;
            }
            let ridges: Vec<f64> = (0..design.names.len()).map(ridge).collect();
            let fitted = fit(&cases, &ridges, count, kind);
            for (feature, change) in fitted.chunks_exact(count).enumerate() {
                for (weight, change) in weights[feature * width + first..].iter_mut().zip(change) {
                    *weight += change;
                }
            }
        }
    }

    fn write(&self, design: &Design, weights: &[f64]) -> String {
        let width = COLUMNS + self.own.len();
        // Only the labels that something was learnt about are columns.
        let columns: Vec<usize> = (0..width)
            .filter(|c| *c < ROLES || weights.iter().skip(*c).step_by(width).any(|w| w.abs() >= LEAST_WEIGHT))
            .collect();
        let mut out = String::from("feature");
        for column in &columns {
            let name = match *column {
                c if c < ROLES => Role::ALL[c].as_str(),
                c if c < COLUMNS => Intent::ALL[c - ROLES].as_str(),
                c => self.own[c - COLUMNS].0.as_str(),
            };
            let _ = write!(out, "\t{name}");
        }
        out.push('\n');
        let mut names: Vec<(&String, usize)> = design.names.iter().zip(0..).collect();
        names.sort();
        for (name, feature) in names {
            let row = columns.iter().map(|c| weights[feature * width + c] * f64::from(design.scales[feature]));
            let cells: Vec<f64> = row.map(|w| (w * 100.0).round() / 100.0).collect();
            // What weighs nothing for any label is not worth a row.
            if cells.iter().all(|w| w.abs() < LEAST_WEIGHT) {
                continue;
            }
            out.push_str(name);
            for cell in cells {
                if cell == 0.0 {
                    out.push('\t');
                } else {
                    let _ = write!(out, "\t{cell}");
                }
            }
            out.truncate(out.trim_end_matches('\t').len());
            out.push('\n');
        }
        out
    }
}

/// A row whose weights are all smaller is left out.
const LEAST_WEIGHT: f64 = 0.1;
/// How much a word, and a pair of words, weigh beside a feature: a loose penalty in other words.
const WORD: f32 = 5.0;
const PAIR: f32 = 3.0;

/// Posts as columns of numbers: features first, then words.
struct Design {
    names: Vec<String>,
    /// What a word's weight is multiplied by: rare words say more of who speaks than common ones.
    scales: Vec<f32>,
    words: BTreeMap<String, usize>,
    features: usize,
    bias: usize,
}

impl Design {
    fn new(trainer: &Trainer<'_>, posts: &[usize], recipe: &Recipe) -> Self {
        let features = role::FEATURES + trainer.own.len();
        let mut names: Vec<String> = (0..features).map(|f| role::feature_name(f, &trainer.own)).collect();
        let mut scales = vec![1.0; features];
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for word in posts.iter().flat_map(|i| &trainer.examples[*i].words) {
            *counts.entry(word).or_default() += 1;
        }
        let total = posts.len().max(3) as f32;
        let mut words = BTreeMap::new();
        for (word, count) in counts.into_iter().filter(|(_, n)| *n >= recipe.least_posts) {
            words.insert(word.to_owned(), names.len());
            names.push(word.to_owned());
            let rare = (total / count as f32).ln() / (total / 2.0).ln();
            scales.push(rare * if word.contains(' ') { PAIR } else { WORD });
        }
        let bias = names.iter().position(|n| n == "@bias").unwrap_or(0);
        Self { names, scales, words, features, bias }
    }

    fn is_word(&self, feature: usize) -> bool {
        feature >= self.features
    }

    /// A post's columns that are not zero.
    fn row(&self, example: &Example) -> Vec<(usize, f32)> {
        let mut row = example.features.clone();
        let known: Vec<usize> = example.words.iter().filter_map(|w| self.words.get(w).copied()).collect();
        let share = role::word_scale(known.len());
        row.extend(known.into_iter().map(|f| (f, share * self.scales[f])));
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Analyzer;

    fn posts() -> Vec<LabelledPost> {
        let words =
            [("vends", "commercial"), ("signez", "activist"), ("collègue", "insider"), ("vignette", "collector")];
        let one = |i: usize| {
            let (word, role) = words[i % words.len()];
            LabelledPost::new(Post::new(format!("le {word} de Nimbo numéro {i}")), role).unwrap()
        };
        (0..40).map(one).collect()
    }

    /// Four words, one role each, one of them of the user's own: the fit must find them, twice the same.
    #[test]
    fn the_fit_finds_what_tells_roles_apart_and_is_deterministic() {
        let analyzer = Analyzer::new();
        let recipe = Recipe { folds: 5, ..Recipe::layer() };
        let lesson = analyzer.learn_roles(&posts(), &recipe).unwrap();
        assert_eq!(lesson, analyzer.learn_roles(&posts(), &recipe).unwrap());
        let right = lesson.unseen.iter().filter(|u| Some(u.after.label) == posts()[u.post].role).count();
        assert_eq!((right, lesson.unseen.len()), (40, 40));
        let learnt = Analyzer::builder().lexicon_text("layer", &lesson.table).unwrap().build().unwrap();
        for post in posts() {
            assert_eq!(Some(learnt.analyze(&post.post.text).role.label), post.role, "{}", post.post.text);
        }
    }

    #[test]
    fn tuning_posts_move_no_words() {
        let analyzer = Analyzer::new();
        let mut taught = posts();
        for post in &mut taught {
            post.tunes = true;
        }
        let lesson = analyzer.learn_roles(&taught, &Recipe::layer()).unwrap();
        assert!(lesson.table.lines().skip(1).all(|l| l.starts_with('@')), "{}", lesson.table);
    }
}
