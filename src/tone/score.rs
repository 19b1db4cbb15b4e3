//! Features into a tonality: a margin with its shares, three probabilities, a label.
//!
//! Every share of the margin belongs to a span of the text, so the evidence can always add up to the
//! score. Source of the three-way form: multinomial logistic regression with tied classes.

use super::features::{self, Grams, Totals, View};
use super::learned::{Head, Learned, Slot, Weight};
use super::network::Said;
use crate::analysis::{Label, Probabilities, Tonality, Via};
use crate::text::TokenKind;

/// A span's share of the margin. Spans are terms, or a mark.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    pub(crate) place: Place,
    pub(crate) polarity: f32,
    pub(crate) via: Via,
}

/// Where a share comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Terms, first and one past the last.
    Terms(usize, usize),
    /// A mark of the reading.
    Mark(usize),
}

/// Where the post stands on the two axes, with the shares.
#[derive(Debug, Default)]
pub(crate) struct Margin {
    pub(crate) polarity: f32,
    pub(crate) neutrality: f32,
    pub(crate) shares: Vec<Share>,
    /// By term, what the learnt layer says of it, while shares are gathered.
    learned: Vec<f32>,
    /// By term, then by mark, what the network says of it, where it is to be explained.
    together: Vec<f32>,
    /// Pairs of terms that may have a weight: where, the first term, whether one stands between.
    pairs: Vec<(Slot, u32, bool)>,
    /// Sum of praise and of blame among the judged values.
    pub(crate) praise: f32,
    pub(crate) blame: f32,
    /// Whether anything was found to judge by.
    pub(crate) found: bool,
}

/// What turns a margin into a tonality.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calibration {
    /// Divides all logits.
    pub(crate) temperature: f32,
    /// Log of the user's priors over ours: negative, neutral, positive.
    pub(crate) priors: [f32; 3],
    /// `mixed` needs praise and blame of at least this share of the greater.
    pub(crate) mixed_ratio: f32,
    /// ... and at least this much of the lesser,
    pub(crate) mixed_least: f32,
    /// ... and a score no further from zero than this.
    pub(crate) mixed_most: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { temperature: 1.0, priors: [0.0; 3], mixed_ratio: 0.5, mixed_least: 1.5, mixed_most: 0.35 }
    }
}

/// Praise and blame that add up to no more than this are those of a few words, all of them meant.
const FEW_WORDS: f32 = 6.0;
/// Of a few words, those as even as this are mixed further from zero, the more the stronger they are.
const EVEN: f32 = 0.6;
const BY_STRENGTH: f32 = 0.3;

impl Calibration {
    /// How far from zero the score of a post with these two sides may be, and the post be mixed.
    fn most_mixed(&self, lesser: f32, greater: f32) -> f32 {
        if greater > FEW_WORDS || lesser < greater * EVEN {
            return self.mixed_most;
        }
        self.mixed_most.max(0.1 + BY_STRENGTH * (lesser - self.mixed_least))
    }
}

/// Less learnt evidence than this is nothing to judge by.
const LEAST_LEARNED: f32 = 0.05;

impl Margin {
    /// Adds a post's features up; the shares are whole only where they are to `explain`.
    pub(crate) fn measure<'a>(
        &mut self,
        view: &View<'_>,
        head: &Head,
        layers: impl Iterator<Item = &'a Learned>,
        explain: bool,
    ) {
        let totals = Totals::of(view);
        self.shares.clear();
        self.learned.clear();
        self.learned.resize(view.reading.terms.len(), 0.0);
        self.neutrality = features::dot(&head.neutral, &totals.neutral(view));
        let mut words = 0.0;
        let mut together = Said::default();
        self.together.clear();
        for layer in layers {
            if let Some(network) = &layer.network {
                together = network.read_post(view, explain.then_some(&mut self.together));
            }
            let mut adder = Adder { layer, view, margin: self, pair_scales: [0.0; 2], said: 0.0 };
            adder.margin.pairs.clear();
            features::visit(view, &mut adder);
            adder.add_pairs();
            words += adder.said;
        }
        let mut judging = false;
        for judged in &view.grammar.judged {
            let found = &view.matches.judging[judged.source];
            if judged.value == 0.0 {
                continue;
            }
            judging = true;
            let shares = totals.shares(judged, found);
            let learnt: f32 = self.learned[found.first..found.last].iter_mut().map(std::mem::take).sum();
            let polarity = features::dot(&head.polar, &shares) + learnt;
            self.shares.push(Share { place: Place::Terms(found.first, found.last), polarity, via: found.via });
        }
        for (at, polarity) in self.learned.iter().enumerate().filter(|(_, p)| **p != 0.0) {
            self.shares.push(Share { place: Place::Terms(at, at + 1), polarity: *polarity, via: Via::Learned });
        }
        (self.praise, self.blame) = (0.0, 0.0);
        for judged in &view.grammar.judged {
            if judged.value > 0.0 {
                self.praise += judged.value;
            } else {
                self.blame -= judged.value;
            }
        }
        self.polarity = self.shares.iter().map(|s| s.polarity).sum::<f32>() + together.polarity;
        self.neutrality += together.neutrality;
        self.share_together(view.reading.terms.len());
        let worded = || view.reading.terms.iter().any(|t| matches!(t.kind, TokenKind::Word | TokenKind::Hashtag));
        self.found = judging || (words > LEAST_LEARNED && worded());
    }

    /// Adds what the network says by word to the shares.
    fn share_together(&mut self, terms: usize) {
        if self.together.is_empty() {
            return;
        }
        let (of_terms, of_marks) = self.together.split_at_mut(terms);
        for share in &mut self.shares {
            share.polarity += match share.place {
                Place::Terms(first, last) => of_terms[first..last].iter_mut().map(std::mem::take).sum(),
                Place::Mark(at) => std::mem::take(&mut of_marks[at]),
            };
        }
        let rest = |place: fn(usize) -> Place| {
            move |(at, polarity): (usize, &f32)| Share { place: place(at), polarity: *polarity, via: Via::Learned }
        };
        self.shares
            .extend(of_terms.iter().enumerate().filter(|(_, p)| **p != 0.0).map(rest(|at| Place::Terms(at, at + 1))));
        self.shares.extend(of_marks.iter().enumerate().filter(|(_, p)| **p != 0.0).map(rest(Place::Mark)));
    }

    /// The tonality at this margin.
    pub(crate) fn tonality(&self, calibration: &Calibration) -> Tonality {
        if !self.found {
            return Tonality::default();
        }
        let p = probabilities(self.polarity, self.neutrality, calibration);
        let score = p.positive - p.negative;
        let lesser = self.praise.min(self.blame);
        let greater = self.praise.max(self.blame);
        let mixed = lesser >= calibration.mixed_least
            && lesser >= greater * calibration.mixed_ratio
            && score.abs() <= calibration.most_mixed(lesser, greater);
        let (mut label, mut confidence) = most_likely(p);
        if mixed {
            // The more even the two sides, the surer that both are meant.
            confidence = (lesser / greater).min(1.0) * (1.0 - confidence / 2.0);
            label = Label::Mixed;
        }
        Tonality { label, score, confidence, p }
    }
}

/// Adds what a layer says of a post to its margin.
struct Adder<'a, 'b> {
    layer: &'a Learned,
    view: &'b View<'b>,
    margin: &'b mut Margin,
    /// What pairs count for, without a gap and with one.
    pair_scales: [f32; 2],
    /// How much was said, on either side.
    said: f32,
}

impl Adder<'_, '_> {
    /// Adds the pairs that were found: all of them are looked for before any is read.
    fn add_pairs(&mut self) {
        let pairs = std::mem::take(&mut self.margin.pairs);
        for &(slot, at, gap) in &pairs {
            let polarity = self.add(self.layer.pair(slot, gap), self.pair_scales[usize::from(gap)]);
            let at = at as usize;
            self.margin.learned[at] += polarity / 2.0;
            self.margin.learned[at + 1 + usize::from(gap)] += polarity / 2.0;
        }
        self.margin.pairs = pairs;
    }

    /// Notes a weight; gives what it says of the polarity.
    #[inline]
    fn add(&mut self, weight: Weight, scale: f32) -> f32 {
        let polarity = weight.polarity * scale;
        self.margin.neutrality += weight.neutrality * scale;
        self.said += polarity.abs();
        polarity
    }
}

impl Grams for Adder<'_, '_> {
    #[inline]
    fn word(&mut self, at: usize, denied: bool, scale: f32) {
        let weight = self.layer.term(self.view.reading.terms[at].id, denied);
        self.margin.learned[at] += self.add(weight, scale);
    }

    #[inline]
    fn pair(&mut self, a: usize, b: usize, gap: bool, scale: f32) {
        let terms = &self.view.reading.terms;
        self.pair_scales[usize::from(gap)] = scale;
        if let Some(slot) = self.layer.find_pair(terms[a].id, terms[b].id, gap) {
            #[expect(clippy::cast_possible_truncation, reason = "a text has fewer than 2^32 bytes")]
            self.margin.pairs.push((slot, a as u32, gap));
        }
    }

    fn mark(&mut self, at: usize, scale: f32) {
        let weight = self.layer.mark(&self.view.reading.marks[at]);
        let polarity = self.add(weight, scale);
        if polarity != 0.0 {
            self.margin.shares.push(Share { place: Place::Mark(at), polarity, via: Via::Learned });
        }
    }
}

fn most_likely(p: Probabilities) -> (Label, f32) {
    let mut best = (Label::Neutral, p.neutral);
    if p.negative > best.1 {
        best = (Label::Negative, p.negative);
    }
    if p.positive > best.1 {
        best = (Label::Positive, p.positive);
    }
    best
}

fn probabilities(polarity: f32, neutrality: f32, calibration: &Calibration) -> Probabilities {
    let t = calibration.temperature;
    let logits = [
        -polarity / 2.0 / t + calibration.priors[0],
        neutrality / t + calibration.priors[1],
        polarity / 2.0 / t + calibration.priors[2],
    ];
    let top = logits.iter().copied().fold(f32::MIN, f32::max);
    let e = logits.map(|l| (l - top).exp());
    let sum: f32 = e.iter().sum();
    Probabilities { negative: e[0] / sum, neutral: e[1] / sum, positive: e[2] / sum }
}

/// The tonality of some judged values alone, by the rules: for targets and aspects.
pub(crate) fn of_values(values: impl Iterator<Item = f32>) -> Tonality {
    let (mut praise, mut blame, mut n) = (0.0f32, 0.0f32, 0.0f32);
    for value in values.filter(|v| *v != 0.0) {
        n += 1.0;
        if value > 0.0 {
            praise += value;
        } else {
            blame -= value;
        }
    }
    if n == 0.0 {
        return Tonality::default();
    }
    let root = n.sqrt();
    let margin = Margin {
        polarity: (praise - blame) / root * 1.3,
        neutrality: 0.4 - (praise - blame).abs() / root * 0.4,
        praise,
        blame,
        found: true,
        ..Margin::default()
    };
    margin.tonality(&Calibration::default())
}
