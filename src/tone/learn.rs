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
use crate::text::TokenKind;
use crate::text::reading::Term;
use crate::text::token::Shape;
use fit::Model;
use hashbrown::HashMap;
use vocabulary::Capitals;

mod domain;
mod fit;
pub(crate) mod vocabulary;

/// How far from zero a word may go that no lexicon speaks of: `people` and `birthday` go with one tone in
/// some years' posts, and say little of the next ones.
pub(crate) const TOPIC_MOST: f32 = 1.5;

/// How a table is learnt.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// Penalty on words; pairs pay more. `None`: the one that does best on labels held out.
    pub ridge: Option<f32>,
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
        Self { ridge: Some(1.0), least_posts: 3, most_features: 40_000, steps: 120, base: true }
    }

    /// The recipe of a layer learnt from a user's own labels: its penalty is chosen.
    pub fn domain() -> Self {
        Self { ridge: None, least_posts: 2, most_features: 5_000, steps: 60, base: false }
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
    capitals: Capitals,
    /// For words, how common they are in the language that knows them best, as `Known::class` has it.
    class: u8,
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
    Slot,
    /// A word of which no lexicon says more than that it exists.
    RareWord,
    Mark,
    /// Words together, and words under negation.
    #[default]
    Other,
}

/// The class of the commonest words.
const COMMONEST: u8 = 15;
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
        feature.kind = match term.id {
            0 => Kind::RareWord,
            id if slot::name(id).is_some() => Kind::Slot,
            id => Kind::Word { id },
        };
        let [french, english] = term.known.class();
        // Clitics are in no list of words, and everywhere.
        feature.class = if term.shape.has(Shape::CLITIC) { COMMONEST } else { french.max(english) };
        feature.ruled |= self.ruled[at];
        feature.capitals.see(term, self.begins[at]);
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

    /// Whether a feature's name is a proper name.
    fn is_name(&self, word: &str) -> bool {
        let feature = self.names.get(word.trim_start_matches('¬'));
        feature.is_some_and(|feature| self.features[*feature as usize].capitals.is_name())
    }

    /// Fits the weights and writes them as rows, strongest features first to be kept.
    pub(crate) fn fit(&self, recipe: &Recipe) -> Vec<(String, f32, f32)> {
        let ridge = recipe.ridge.unwrap_or_else(|| fit::choose_ridge(self, recipe));
        let model = Model::new(self, recipe, ridge);
        let weights = model.fit(recipe.steps);
        let mut rows: Vec<(f32, String, f32, f32)> = Vec::new();
        for (name, feature) in self.sorted_names() {
            let Some([polarity, neutrality]) = model.weights_of(&weights, feature) else { continue };
            let force = (polarity.abs() + neutrality.abs()) * (self.features[feature as usize].posts as f32).sqrt();
            rows.push((force, name.clone(), polarity, neutrality));
        }
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        rows.truncate(recipe.most_features);
        let mut out: Vec<(String, f32, f32)> = rows.into_iter().map(|(_, n, p, q)| (n, p, q)).collect();
        out.sort_by(|a, b| a.0.cmp(&b.0));
        let common = model.common_of(&weights);
        if recipe.base {
            let (polar, neutral) = common.split_at(POLAR.len());
            out.extend(POLAR.iter().zip(polar).map(|(n, w)| (format!("rule:{n}"), *w, 0.0)));
            out.extend(NEUTRAL.iter().zip(neutral).map(|(n, w)| (format!("shape:{n}"), 0.0, *w)));
        } else if let [polarity, neutrality] = *common {
            out.push(("domain:prior".to_owned(), polarity, neutrality));
            out.extend(self.domain().into_iter().map(|(word, share)| (format!("about:{word}"), share, 0.0)));
        }
        out
    }

    /// Features by their names, in an order that does not depend on that of the posts.
    fn sorted_names(&self) -> Vec<(&String, u32)> {
        let mut names: Vec<(&String, u32)> = self.names.iter().map(|(n, f)| (n, *f)).collect();
        names.sort();
        names
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

impl Feature {
    /// Whether it is a word that the rules know nothing of: what posts are about, mostly.
    fn is_topic(&self) -> bool {
        matches!(self.kind, Kind::Word { .. } | Kind::Slot) && !self.ruled
    }
}
