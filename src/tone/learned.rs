//! The learned layer: weights learnt from labelled posts, in the shape of a lexicon.
//!
//! Rows are `feature  polarity  neutrality`. A feature is a word (`nul`), a word under negation
//! (`¬bon`), two words side by side (`service client`), two words with one between (`très…déçu`), a
//! mark (`!`), a slot (`<url>`), or a feature of the rules (`rule:sum`, `shape:length`). A row
//! `language:en` says that the table was learnt from posts in that language, and speaks of no others;
//! `never:mixed`, that no post was labelled so. With rows `about:flight` a table knows its domain: it is
//! heard in a post as far as the shares of such words there go together, up to 1, and `domain:prior` is
//! what it says of any post of it.

use super::expert::Experts;
use super::features::{NEUTRAL, POLAR, View};
use super::network::Network;
use crate::analysis::Label;
use crate::error::{Error, ErrorKind};
use crate::language::Language;
use crate::lexicon::feature::Feature;
use crate::lexicon::hash::hash_pair;
use crate::lexicon::layer::Words as _;
use crate::lexicon::pack::PackedWeights;
use crate::lexicon::parse;
use crate::lexicon::slot;
use crate::lexicon::{Aligned, Lexicon};
use crate::text::reading::Mark;
use hashbrown::HashMap;

/// Weight of a feature on the two axes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Weight {
    pub(crate) polarity: f32,
    pub(crate) neutrality: f32,
}

/// What tables say of a post, as it is added up.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) neutrality: f32,
    /// How much was said of the polarity, on either side.
    pub(crate) said: f32,
}

impl Tally {
    /// Adds what is said of both axes; gives what is said of the polarity.
    #[inline]
    pub(crate) fn add(&mut self, [polarity, neutrality]: [f32; 2]) -> f32 {
        self.neutrality += neutrality;
        self.said += polarity.abs();
        polarity
    }
}

impl Weight {
    /// Both axes, for what the feature counts for in a post.
    #[inline]
    pub(crate) fn times(self, scale: f32) -> [f32; 2] {
        [self.polarity * scale, self.neutrality * scale]
    }
}

/// Weights of the rules' own features.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    pub(crate) polar: [f32; POLAR.len()],
    pub(crate) neutral: [f32; NEUTRAL.len()],
}

impl Head {
    /// The rules alone: what they say when no layer is learnt.
    pub(crate) fn rules_only() -> Self {
        let mut head = Self { polar: [0.0; POLAR.len()], neutral: [0.0; NEUTRAL.len()] };
        for (name, weight) in [("sum", 1.0), ("strongest", 0.15), ("last", 0.15), ("sign", 0.3)] {
            set(&POLAR, &mut head.polar, name, weight);
        }
        for (name, weight) in [("bias", 1.6), ("judging", -0.6), ("strength", -0.35), ("coverage", -0.8)] {
            set(&NEUTRAL, &mut head.neutral, name, weight);
        }
        head
    }
}

fn set(names: &[&str], weights: &mut [f32], name: &str, weight: f32) -> bool {
    match names.iter().position(|n| *n == name) {
        Some(place) => {
            weights[place] = weight;
            true
        }
        None => false,
    }
}

type Bytes = Aligned<[u8]>;

/// The built-in tables (French, English), packed by the build script: weights, the network, the experts,
/// and the rules' rows.
static PACKED: [(&Bytes, &Bytes, &Bytes, &str); 2] = [
    (
        &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/learned-fr.bin"))),
        &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/network-fr.bin"))),
        &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/experts-fr.bin"))),
        include_str!(concat!(env!("OUT_DIR"), "/learned-head-fr.tsv")),
    ),
    (
        &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/learned-en.bin"))),
        &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/network-en.bin"))),
        &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/experts-en.bin"))),
        include_str!(concat!(env!("OUT_DIR"), "/learned-head-en.tsv")),
    ),
];

/// A table of learnt weights.
#[derive(Debug, Clone, Default)]
pub(crate) struct Learned {
    /// The built-in table, under whatever else is here.
    pub(crate) packed: Option<PackedWeights<'static>>,
    /// What words mean together, where the table is built in.
    pub(crate) network: Option<Network>,
    /// What they say in posts of one kind, where the table is built in.
    pub(crate) experts: Option<Experts>,
    /// What was read as text.
    pub(crate) rows: Rows,
    marks: [Weight; slot::MARKS.len()],
    /// The only language that the table speaks of, if it says so.
    language: Language,
    /// No post that it was learnt from was mixed.
    pub(crate) never_mixed: bool,
    /// Weights of the rules, where the table holds them.
    pub(crate) head: Option<Head>,
}

/// The words and pairs of a table that was read as text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    words: Vec<Weight>,
    denied: Vec<Weight>,
    pairs: HashMap<u64, Weight>,
    skips: HashMap<u64, Weight>,
    /// By id, how far words tell that a post is of the table's domain.
    about: HashMap<u32, f32>,
    /// What is said of a post of the domain whatever its words.
    pub(crate) prior: Weight,
}

/// A word under negation that was never seen so speaks this much against itself.
pub(crate) const DENIED: f32 = -0.4;

impl Learned {
    /// The tables that are compiled in: French, English.
    pub(crate) fn builtin(lexicon: &mut Lexicon) -> [Self; 2] {
        [0, 1].map(|language| {
            let (bytes, network, experts, rules) = PACKED[language];
            let (table, _) = Self::read(rules, lexicon);
            let packed = PackedWeights::read(&bytes.0, crate::lexicon::rows(), language);
            let (network, experts) = (Network::read(&network.0), Experts::read(&experts.0));
            Self { packed: Some(packed), network, experts, ..table }
        })
    }

    /// Reads a table's text. Rows that are not understood are left out and told.
    pub(crate) fn read(text: &str, lexicon: &mut Lexicon) -> (Self, Vec<(u64, String)>) {
        let mut table = Self::default();
        let mut head = Head { polar: [0.0; POLAR.len()], neutral: [0.0; NEUTRAL.len()] };
        let mut has_head = false;
        let mut refused = Vec::new();
        for row in parse::rows(text) {
            let number = |column| row.cell(column).parse::<f32>().ok().filter(|w| w.is_finite());
            let (Some(polarity), Some(neutrality)) = (number(1), number(2)) else {
                refused.push((row.line, "a weight is missing or is not a number".to_owned()));
                continue;
            };
            let weight = Weight { polarity, neutrality };
            let feature = row.cell(0);
            let mut id = |word: &str| match word {
                "" => 0,
                word => slot::parse(word).unwrap_or_else(|| lexicon.vocabulary.intern(word)),
            };
            let known = match Feature::read(feature) {
                None => false,
                Some(Feature::Language(tag)) => {
                    table.language = Language::parse(tag);
                    table.language != Language::Unknown
                }
                Some(Feature::About(word)) => {
                    table.rows.about.insert(id(word), polarity);
                    (0.0..=1.0).contains(&polarity)
                }
                Some(Feature::Domain) => {
                    table.rows.prior = weight;
                    true
                }
                Some(Feature::Never(label)) => {
                    table.never_mixed |= label == Label::Mixed.as_str();
                    table.never_mixed
                }
                Some(Feature::Rule(name)) => {
                    has_head = true;
                    set(&POLAR, &mut head.polar, name, polarity)
                }
                Some(Feature::Shape(name)) => {
                    has_head = true;
                    set(&NEUTRAL, &mut head.neutral, name, neutrality)
                }
                Some(Feature::Mark(place)) => {
                    table.marks[place] = weight;
                    true
                }
                Some(Feature::Word { word, denied }) => {
                    let rows = if denied { &mut table.rows.denied } else { &mut table.rows.words };
                    put(rows, id(word), weight);
                    true
                }
                Some(Feature::Pair { words, gap }) => {
                    let [a, b] = words.map(id);
                    let rows = if gap { &mut table.rows.skips } else { &mut table.rows.pairs };
                    rows.insert(hash_pair(a, b), weight);
                    true
                }
            };
            if !known {
                refused.push((row.line, format!("`{feature}` is not a feature")));
            }
        }
        table.head = has_head.then_some(head);
        (table, refused)
    }

    /// Tells the rows of a table's text that are not understood.
    pub(crate) fn check(text: &str, lexicon: &mut Lexicon, refused: &mut Vec<Error>) {
        let (_, rows) = Self::read(text, lexicon);
        refused.extend(rows.into_iter().map(|(line, why)| Error::new(ErrorKind::Lexicon, why).at_line(line)));
    }

    /// Whether the table speaks of posts in a language; of one that is not known, every table does.
    pub(crate) fn speaks_of(&self, language: Language) -> bool {
        self.language == Language::Unknown || language == Language::Unknown || self.language == language
    }

    /// The weight of a mark.
    pub(crate) fn mark(&self, mark: &Mark) -> Weight {
        self.marks[mark.place()]
    }
}

impl Rows {
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.denied.is_empty() && self.pairs.is_empty() && self.skips.is_empty()
    }

    /// The weight of a term, plain or under negation.
    pub(crate) fn term(&self, id: u32, denied: bool) -> Weight {
        let word = get(&self.words, id);
        if !denied {
            return word;
        }
        let own = get(&self.denied, id);
        Weight { polarity: own.polarity + word.polarity * DENIED, neutrality: own.neutrality + word.neutrality }
    }

    /// How far a post is of the table's domain, from 0 to 1; every post is of a table that names none. `told`
    /// gets the terms that tell it, each word once, with their shares.
    pub(crate) fn domain(&self, view: &View<'_>, told: &mut Vec<(usize, f32)>) -> f32 {
        told.clear();
        if self.about.is_empty() {
            return 1.0;
        }
        let terms = &view.reading.terms;
        let mut whole = 0.0;
        for (at, term) in terms.iter().enumerate().filter(|(at, _)| view.says(*at)) {
            let Some(share) = self.about.get(&term.id).copied().filter(|share| *share > 0.0) else { continue };
            if told.iter().all(|(other, _)| terms[*other].id != term.id) {
                told.push((at, share.min(1.0 - whole)));
                whole += share;
            }
            if whole >= 1.0 {
                return 1.0;
            }
        }
        whole
    }

    /// The weight of two terms, side by side or with one between them.
    pub(crate) fn pair(&self, a: u32, b: u32, gap: bool) -> Weight {
        let pairs = if gap { &self.skips } else { &self.pairs };
        if a == 0 || b == 0 || pairs.is_empty() {
            return Weight::default();
        }
        pairs.get(&hash_pair(a, b)).copied().unwrap_or_default()
    }
}

fn put(weights: &mut Vec<Weight>, id: u32, weight: Weight) {
    let index = id as usize;
    if weights.len() <= index {
        weights.resize(index + 1, Weight::default());
    }
    weights[index] = weight;
}

fn get(weights: &[Weight], id: u32) -> Weight {
    weights.get(id as usize).copied().unwrap_or_default()
}
