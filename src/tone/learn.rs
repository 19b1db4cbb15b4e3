//! Learning a table of weights from labelled posts.
//!
//! Multinomial logistic regression with tied classes (see `features`) over words, words under
//! negation, pairs, marks and the rules' own features, with a ridge penalty. A base table learns the
//! weights of the rules too; a domain layer keeps what the analyzer already says as an offset and
//! learns only what the user's labels add. Everything is summed in a fixed order, so the same labels
//! give the same table.

use super::features::{Grams, NEUTRAL, POLAR, Totals, View, mark_units, visit};
use super::learned::DENIED;
use crate::lexicon::{Lexicon, key, slot};
use crate::optimise::minimise;
use crate::text::TokenKind;
use crate::text::reading::Term;
use crate::text::token::Shape;
use hashbrown::HashMap;

/// How a table is learnt.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// Penalty on words; pairs pay twice as much.
    pub ridge: f32,
    /// A feature must stand in this many posts.
    pub least_posts: u32,
    /// No more features than this are kept.
    pub most_features: usize,
    /// Steps of the optimiser, at most.
    pub steps: usize,
    /// Whether the weights of the rules are learnt too.
    pub base: bool,
}

impl Recipe {
    /// The recipe of the shipped table.
    pub fn base() -> Self {
        Self { ridge: 1.0, least_posts: 3, most_features: 40_000, steps: 120, base: true }
    }

    /// The recipe of a layer learnt from a user's own labels.
    pub fn domain() -> Self {
        Self { ridge: 0.8, least_posts: 2, most_features: 5_000, steps: 60, base: false }
    }
}

/// What a labelled post should come out as.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goal {
    /// Probabilities of negative, neutral, positive.
    pub(crate) p: [f32; 3],
    /// The source has no neutral class: only the sign is learnt.
    pub(crate) sign_only: bool,
    pub(crate) weight: f32,
}

struct Sample {
    end: usize,
    polar: [f32; POLAR.len()],
    neutral: [f32; NEUTRAL.len()],
    /// What is already said: polarity, neutrality.
    offset: [f32; 2],
    goal: Goal,
}

/// Gathers samples, then fits.
#[derive(Default)]
pub(crate) struct Trainer {
    names: HashMap<String, u32>,
    features: Vec<Feature>,
    cells: Vec<Cell>,
    samples: Vec<Sample>,
}

/// What the posts tell of one feature.
#[derive(Default)]
struct Feature {
    kind: Kind,
    /// How many posts it stands in.
    posts: u32,
    /// How often it is a word inside a sentence, and how often with a capital there.
    inside: u32,
    capitals: u32,
    /// Whether it is a word that the rules have found to judge, or to act on others.
    ruled: bool,
}

/// What a feature is.
#[derive(Default, Clone, Copy, PartialEq)]
enum Kind {
    Word {
        /// Its place among the words that lexicons speak of, which goes by how common they are.
        id: u32,
    },
    /// A word of which no lexicon says more than that it exists.
    RareWord,
    Mark,
    /// Words together, and words under negation.
    #[default]
    Other,
}

/// A step of the fit that gains less of the loss is the last.
const LEAST_GAIN: f64 = 1e-6;
/// A word must have been seen this often inside sentences before it can be called a name.
const LEAST_SEEN: u32 = 2;
/// More capitals than this share, and it is a name.
const NAME_SHARE: f64 = 0.6;

/// One feature of one sample.
#[derive(Clone, Copy)]
struct Cell {
    feature: u32,
    polarity: f32,
    neutrality: f32,
}

/// Turns the features of a post into cells.
struct Gatherer<'a> {
    trainer: &'a mut Trainer,
    view: &'a View<'a>,
    lexicon: &'a Lexicon,
    text: &'a str,
    /// By term: whether it is part of what the rules found, and whether a clause begins with it.
    ruled: Vec<bool>,
    begins: Vec<bool>,
}

impl<'a> Gatherer<'a> {
    fn new(trainer: &'a mut Trainer, view: &'a View<'a>, lexicon: &'a Lexicon, text: &'a str) -> Self {
        let none = vec![false; view.reading.terms.len()];
        let (mut ruled, mut begins) = (none.clone(), none);
        let judging = view.matches.judging.iter().map(|m| m.first..m.last);
        let acting = view.matches.acting.iter().map(|a| a.first..a.last);
        judging.chain(acting).for_each(|found| ruled[found].fill(true));
        for clause in view.reading.clauses.iter().filter(|c| c.first < c.last) {
            begins[clause.first] = true;
        }
        Self { trainer, view, lexicon, text, ruled, begins }
    }

    fn name(&self, at: usize) -> String {
        spelling(&self.view.reading.terms[at], self.lexicon, self.text)
    }
}

impl Grams for Gatherer<'_> {
    fn word(&mut self, at: usize, denied: bool, scale: f32) {
        let name = self.name(at);
        if denied {
            self.trainer.cell(format!("¬{name}"), scale, scale);
            self.trainer.cell(name, scale * DENIED, scale);
            return;
        }
        let Some(feature) = self.trainer.cell(name, scale, scale) else { return };
        let term = &self.view.reading.terms[at];
        let feature = &mut self.trainer.features[feature as usize];
        feature.kind = if term.id == 0 { Kind::RareWord } else { Kind::Word { id: term.id } };
        feature.ruled |= self.ruled[at];
        if !self.begins[at] && !term.shape.shouted() {
            feature.inside += 1;
            feature.capitals += u32::from(term.shape.has(Shape::CAPITAL));
        }
    }

    fn pair(&mut self, a: usize, b: usize, gap: bool, scale: f32) {
        let terms = &self.view.reading.terms;
        if terms[a].id != 0 && terms[b].id != 0 {
            let between = if gap { '…' } else { ' ' };
            let name = format!("{}{between}{}", self.name(a), self.name(b));
            self.trainer.cell(name, scale, scale);
        }
    }
}

impl Trainer {
    /// Adds a post as it was read.
    pub(crate) fn add(&mut self, view: &View<'_>, lexicon: &Lexicon, text: &str, offset: [f32; 2], goal: Goal) {
        let totals = Totals::of(view);
        let mut polar = [0.0; POLAR.len()];
        for judged in view.grammar.judged.iter().filter(|j| j.value != 0.0) {
            let shares = totals.shares(judged, &view.matches.judging[judged.source]);
            polar.iter_mut().zip(shares).for_each(|(sum, s)| *sum += s);
        }
        let from = self.cells.len();
        visit(view, &mut Gatherer::new(self, view, lexicon, text));
        let units = mark_units(view);
        for mark in &view.reading.marks {
            let feature = self.cell(slot::MARKS[mark.place()].to_owned(), units[0], units[1]);
            if let Some(feature) = feature {
                self.features[feature as usize].kind = Kind::Mark;
            }
        }
        // One cell per feature keeps the sums short.
        let mine = &mut self.cells[from..];
        mine.sort_by_key(|c| c.feature);
        let mut kept = from;
        for at in from..self.cells.len() {
            let cell = self.cells[at];
            if kept > from && self.cells[kept - 1].feature == cell.feature {
                self.cells[kept - 1].polarity += cell.polarity;
                self.cells[kept - 1].neutrality += cell.neutrality;
            } else {
                self.cells[kept] = cell;
                kept += 1;
                self.features[cell.feature as usize].posts += 1;
            }
        }
        self.cells.truncate(kept);
        let neutral = totals.neutral(view);
        self.samples.push(Sample { end: kept, polar, neutral, offset, goal });
    }

    fn cell(&mut self, name: String, polarity: f32, neutrality: f32) -> Option<u32> {
        if name.is_empty() {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "far fewer features")]
        let fresh = self.features.len() as u32;
        let feature = *self.names.entry(name).or_insert(fresh);
        if feature == fresh {
            self.features.push(Feature::default());
        }
        self.cells.push(Cell { feature, polarity, neutrality });
        Some(feature)
    }

    /// Whether a feature's name is a proper name: mostly written with a capital inside a sentence.
    /// Names are topics: that people report on them and do not judge is worth learning, but whether
    /// they are praised or blamed holds for those posts only.
    fn is_name(&self, word: &str) -> bool {
        let word = word.trim_start_matches('¬');
        self.names.get(word).is_some_and(|f| {
            let Feature { capitals, inside, .. } = self.features[*f as usize];
            inside >= LEAST_SEEN && f64::from(capitals) > NAME_SHARE * f64::from(inside)
        })
    }

    /// Fits the weights and writes them as rows, strongest features first to be kept.
    pub(crate) fn fit(&self, recipe: &Recipe) -> Vec<(String, f32, f32)> {
        let model = Model::new(self, recipe);
        let (mut at, mut turned) = (vec![0.0f32; model.len()], vec![0.0f32; model.len()]);
        let weights = minimise(model.len(), recipe.steps, LEAST_GAIN, |w, g| {
            at.iter_mut().zip(w).for_each(|(at, w)| *at = narrow(*w));
            model.bound(&mut at);
            let loss = model.loss(&at, &mut turned);
            g.iter_mut().zip(&turned).for_each(|(g, turned)| *g = f64::from(*turned));
            loss
        });
        let mut weights: Vec<f32> = weights.into_iter().map(narrow).collect();
        model.bound(&mut weights);
        let mut names: Vec<(&String, u32)> = self.names.iter().map(|(n, f)| (n, *f)).collect();
        names.sort();
        let mut rows: Vec<(f32, String, f32, f32)> = Vec::new();
        for (name, feature) in names {
            let Some(place) = model.place[feature as usize] else { continue };
            let (polarity, neutrality) = Model::weights_of(&weights, place);
            let force = (polarity.abs() + neutrality.abs()) * (self.features[feature as usize].posts as f32).sqrt();
            rows.push((force, name.clone(), polarity, neutrality));
        }
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        rows.truncate(recipe.most_features);
        let mut out: Vec<(String, f32, f32)> = rows.into_iter().map(|(_, n, p, q)| (n, p, q)).collect();
        out.sort_by(|a, b| a.0.cmp(&b.0));
        if recipe.base {
            let (polar, neutral) = model.head_of(&weights);
            out.extend(POLAR.iter().zip(polar).map(|(n, w)| (format!("rule:{n}"), *w, 0.0)));
            out.extend(NEUTRAL.iter().zip(neutral).map(|(n, w)| (format!("shape:{n}"), 0.0, *w)));
        }
        out
    }
}

/// A term as rows spell it: its word, its slot, or what was written.
pub(crate) fn spelling(term: &Term, lexicon: &Lexicon, text: &str) -> String {
    let word = lexicon.vocabulary.text(term.id);
    if !word.is_empty() {
        return word.to_owned();
    }
    if let Some(name) = slot::name(term.id) {
        return name.to_owned();
    }
    if !term.known.is_known() || term.kind != TokenKind::Word {
        return String::new();
    }
    let word = key::normal(&text[term.start as usize..term.end as usize]);
    if word.contains([' ', '…', '\t', '¬']) { String::new() } else { word }
}

/// What the penalty of a pair is to that of a word: in a whole table, in a layer.
const PAIR_RIDGE: f32 = 2.0;
const LAYER_PAIR_RIDGE: f32 = 3.0;
/// What the penalty of the commonest words is more in a layer. A domain speaks through its own words:
/// those that everybody uses move on much evidence only, since they stand in other posts as well.
const COMMON_RIDGE: f32 = 15.0;
/// How far from zero a word may go that the rules know nothing of: `people` and `birthday` go with one tone in
/// some years' posts, and say little of the next ones.
const TOPIC_MOST: f32 = 1.5;
/// How many words are common.
const COMMON: f32 = 1000.0;

impl Feature {
    /// Whether it is a word that the rules know nothing of: what posts are about, mostly.
    fn is_topic(&self) -> bool {
        matches!(self.kind, Kind::Word { .. }) && !self.ruled
    }

    /// From 1 for the commonest words, and for marks, to 0.
    #[expect(clippy::cast_precision_loss, reason = "ids have 24 bits")]
    fn commonness(&self) -> f32 {
        match self.kind {
            Kind::Mark => 1.0,
            Kind::Word { id } => 1.0 / (1.0 + id as f32 / COMMON),
            Kind::RareWord | Kind::Other => 0.0,
        }
    }
}

/// The loss as a function of one flat vector: two axes per kept feature, then the rules' weights.
struct Model<'a> {
    trainer: &'a Trainer,
    /// By feature: its place among those kept.
    place: Vec<Option<u32>>,
    ridge: Vec<f32>,
    /// By place: how far from zero its polarity may be, whatever the labels say.
    most: Vec<f32>,
    kept: usize,
    base: bool,
}

impl<'a> Model<'a> {
    fn new(trainer: &'a Trainer, recipe: &Recipe) -> Self {
        let mut place = vec![None; trainer.features.len()];
        let (mut ridge, mut most) = (Vec::new(), Vec::new());
        let mut names: Vec<(&String, u32)> = trainer.names.iter().map(|(n, f)| (n, *f)).collect();
        names.sort();
        for (name, at) in names {
            let feature = &trainer.features[at as usize];
            if feature.posts >= recipe.least_posts {
                #[expect(clippy::cast_possible_truncation, reason = "far fewer features")]
                let kept = ridge.len() as u32;
                place[at as usize] = Some(kept);
                let pair = name.contains([' ', '…']);
                let times = match (pair, recipe.base) {
                    (true, true) => PAIR_RIDGE,
                    (true, false) => LAYER_PAIR_RIDGE,
                    (false, true) => 1.0,
                    (false, false) => 1.0 + feature.commonness() * COMMON_RIDGE,
                };
                ridge.push(recipe.ridge * times);
                most.push(match recipe.base {
                    true if name.split([' ', '…']).any(|word| trainer.is_name(word)) => 0.0,
                    true if feature.is_topic() => TOPIC_MOST,
                    _ => f32::INFINITY,
                });
            }
        }
        Self { trainer, place, kept: ridge.len(), ridge, most, base: recipe.base }
    }

    fn len(&self) -> usize {
        self.kept * 2 + POLAR.len() + NEUTRAL.len()
    }

    /// Keeps polarities within their bounds.
    fn bound(&self, w: &mut [f32]) {
        for (polarity, most) in w.iter_mut().step_by(2).zip(&self.most) {
            *polarity = polarity.clamp(-most, *most);
        }
    }

    fn weights_of(w: &[f32], place: u32) -> (f32, f32) {
        (w[place as usize * 2], w[place as usize * 2 + 1])
    }

    fn head_of<'w>(&self, w: &'w [f32]) -> (&'w [f32], &'w [f32]) {
        w[self.kept * 2..].split_at(POLAR.len())
    }

    /// The loss at `w`, and its gradient into `g`.
    fn loss(&self, w: &[f32], g: &mut [f32]) -> f64 {
        const PARTS: usize = 4;
        let n = self.trainer.samples.len();
        let size = n.div_ceil(PARTS).max(1);
        let part = |index: usize| {
            let mut g = vec![0.0f32; w.len()];
            let loss = self.part(w, &mut g, (index * size).min(n)..((index + 1) * size).min(n));
            (loss, g)
        };
        #[cfg(feature = "parallel")]
        let parts: Vec<(f64, Vec<f32>)> = {
            use rayon::prelude::*;
            (0..PARTS).into_par_iter().map(part).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let parts: Vec<(f64, Vec<f32>)> = (0..PARTS).map(part).collect();
        g.fill(0.0);
        let mut loss = 0.0;
        for (part_loss, part_g) in parts {
            loss += part_loss;
            g.iter_mut().zip(part_g).for_each(|(sum, x)| *sum += x);
        }
        for (place, ridge) in self.ridge.iter().enumerate() {
            for at in [place * 2, place * 2 + 1] {
                loss += f64::from(0.5 * ridge * w[at] * w[at]);
                g[at] += ridge * w[at];
            }
        }
        for (place, most) in self.most.iter().enumerate().filter(|(_, most)| most.is_finite()) {
            // What is at its bound does not go beyond it.
            if w[place * 2].abs() >= *most && w[place * 2] * g[place * 2] <= 0.0 {
                g[place * 2] = 0.0;
            }
        }
        // The rules' weights are few; a faint penalty keeps them finite on odd files.
        for at in self.kept * 2..w.len() {
            if self.base {
                loss += f64::from(0.05 * w[at] * w[at]);
                g[at] += 0.1 * w[at];
            } else {
                g[at] = 0.0;
            }
        }
        loss
    }

    fn part(&self, w: &[f32], g: &mut [f32], range: std::ops::Range<usize>) -> f64 {
        let samples = &self.trainer.samples;
        let head = self.kept * 2;
        let mut loss = 0.0;
        for index in range {
            let sample = &samples[index];
            let from = if index == 0 { 0 } else { samples[index - 1].end };
            let cells = &self.trainer.cells[from..sample.end];
            let [mut polarity, mut neutrality] = sample.offset;
            for cell in cells {
                if let Some(place) = self.place[cell.feature as usize] {
                    polarity += w[place as usize * 2] * cell.polarity;
                    neutrality += w[place as usize * 2 + 1] * cell.neutrality;
                }
            }
            if self.base {
                polarity += super::features::dot(&w[head..], &sample.polar);
                neutrality += super::features::dot(&w[head + POLAR.len()..], &sample.neutral);
            }
            let goal = &sample.goal;
            let logits = [-polarity / 2.0, if goal.sign_only { -30.0 } else { neutrality }, polarity / 2.0];
            let top = logits.iter().copied().fold(f32::MIN, f32::max);
            let e = logits.map(|l| (l - top).exp());
            let sum: f32 = e.iter().sum();
            let p = e.map(|x| x / sum);
            for (goal_p, p) in goal.p.iter().zip(p) {
                if *goal_p > 0.0 {
                    loss -= f64::from(goal.weight * goal_p * p.max(1e-12).ln());
                }
            }
            let by_polarity = goal.weight * ((p[2] - goal.p[2]) - (p[0] - goal.p[0])) / 2.0;
            let by_neutrality = if goal.sign_only { 0.0 } else { goal.weight * (p[1] - goal.p[1]) };
            for cell in cells {
                if let Some(place) = self.place[cell.feature as usize] {
                    g[place as usize * 2] += by_polarity * cell.polarity;
                    g[place as usize * 2 + 1] += by_neutrality * cell.neutrality;
                }
            }
            if self.base {
                for (g, x) in g[head..].iter_mut().zip(sample.polar) {
                    *g += by_polarity * x;
                }
                for (g, x) in g[head + POLAR.len()..].iter_mut().zip(sample.neutral) {
                    *g += by_neutrality * x;
                }
            }
        }
        loss
    }
}

#[expect(clippy::cast_possible_truncation, reason = "weights are kept in single precision")]
fn narrow(x: f64) -> f32 {
    x as f32
}
