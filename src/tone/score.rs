//! Features into a tonality: a margin with its shares, three probabilities, a label.
//!
//! Every share of the margin belongs to a span of the text, so the evidence can always add up to the
//! score. Source of the three-way form: multinomial logistic regression with tied classes.

use super::builtin::Builtin;
use super::clause::acted;
use super::expert::Words;
use super::features::{self, Grams, Totals, View};
use super::learned::{Head, Learned, Rows, Tally};
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
    /// Who says what of the polarity, where it is to be explained.
    pub(crate) shares: Vec<Share>,
    /// By term, what the learnt layer says of it, while shares are gathered.
    learned: Vec<f32>,
    /// By term, then by mark, what the network says of it, where it is to be explained.
    together: Vec<f32>,
    /// Terms that tell the domain of a user's table, with their shares in it.
    domain: Vec<(usize, f32)>,
    builtin: Builtin,
    /// Sum of praise and of blame among the judged values.
    pub(crate) praise: f32,
    pub(crate) blame: f32,
    /// Whether all of one side is said before the other, and no word of contrast decides between them.
    in_turn: bool,
    /// Whether some word judges, or what was learnt alone speaks.
    judged: bool,
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

/// Praise and blame of which neither adds up to more are those of a few words, all of them meant.
const FEW_WORDS: f32 = 4.5;
/// Of a few words, those as even as this are mixed further from zero, the more the stronger they are ...
const EVEN: f32 = 0.6;
const BY_STRENGTH: f32 = 0.3;
/// ... and further where one side is said after the other (`great food, awful service`).
const BY_STRENGTH_IN_TURN: f32 = 0.8;

/// What leans neither way says both and not nothing, where praise and blame are at least this much ...
const NO_LEAN_LEAST: f32 = 0.9;
/// ... the lesser this share of the greater, and nothing is not all but certain: a headline often has a word of both.
const NO_LEAN_SHARE: f32 = 0.25;
const NO_LEAN_NEUTRAL: f32 = 0.7;
/// Where no word judges, and what was learnt leans less than this either way, nothing is said.
const LEAST_LEAN: f32 = 0.1;

impl Calibration {
    /// How far from zero the score of a post with these two sides may be, and the post be mixed.
    fn most_mixed(&self, lesser: f32, greater: f32, in_turn: bool) -> f32 {
        if greater > FEW_WORDS || lesser < greater * EVEN {
            return self.mixed_most;
        }
        let by_strength = if in_turn { BY_STRENGTH_IN_TURN } else { BY_STRENGTH };
        self.mixed_most.max(0.1 + by_strength * (lesser - self.mixed_least))
    }
}

/// Less learnt evidence than this is nothing to judge by.
const LEAST_LEARNED: f32 = 0.05;

impl Margin {
    /// Adds a post's features up; shares are told only where they are to `explain`.
    pub(crate) fn measure<'a>(
        &mut self,
        view: &View<'_>,
        head: &Head,
        layers: impl Iterator<Item = &'a Learned>,
        explain: bool,
    ) {
        let totals = Totals::of(view);
        (self.praise, self.blame) = (totals.praise, totals.blame);
        self.shares.clear();
        self.together.clear();
        self.learned.clear();
        self.learned.resize(view.reading.terms.len(), 0.0);
        let neutrality = features::dot(&head.neutral, &totals.neutral(view));
        let mut tally = Tally { neutrality, said: 0.0 };
        let unit = features::unit(view.reading);
        let of_mark = features::mark_units(view);
        let mut together = Said::default();
        // What experts leave of what is said of posts of every kind.
        let mut rest = 1.0;
        self.polarity = 0.0;
        for layer in layers {
            let mut kept = 1.0;
            if let Some(table) = &layer.packed {
                self.builtin.add(table, view, unit, &mut self.learned, &mut tally);
                (together, rest) = self.read_together(layer, view, unit, explain, &mut tally);
                kept = rest;
            }
            let heard = layer.rows.domain(view, &mut self.domain);
            for (at, share) in &self.domain {
                self.learned[*at] += tally.add(layer.rows.prior.times(*share));
            }
            if heard > 0.0 && !layer.rows.is_empty() {
                let (rows, learned, tally) = (&layer.rows, &mut self.learned[..], &mut tally);
                features::visit(view, &mut Adder { rows, view, heard, learned, tally });
            }
            for (at, mark) in view.reading.marks.iter().enumerate() {
                let weight = layer.mark(mark);
                let [polarity, neutrality] = of_mark.map(|unit| unit * heard * kept);
                let polarity = tally.add([weight.polarity * polarity, weight.neutrality * neutrality]);
                self.polarity += polarity;
                if explain && polarity != 0.0 {
                    self.shares.push(Share { place: Place::Mark(at), polarity, via: Via::Learned });
                }
            }
        }
        self.polarity += self.learned.iter().sum::<f32>() + together.polarity;
        self.neutrality = tally.neutrality + together.neutrality;
        self.judged = false;
        let (mut last, mut turns, mut contrasted) = (0.0, 0, false);
        for judged in view.grammar.judged.iter().filter(|j| j.value != 0.0) {
            let found = &view.matches.judging[judged.source];
            self.judged = true;
            turns += u32::from(judged.value * last < 0.0);
            contrasted |= judged.acted & acted::CONTRASTED != 0;
            last = judged.value;
            let rules = features::dot(&head.polar, &totals.shares(judged, found)) * rest;
            self.polarity += rules;
            if explain {
                let learnt: f32 = self.learned[found.first..found.last].iter_mut().map(std::mem::take).sum();
                let place = Place::Terms(found.first, found.last);
                self.shares.push(Share { place, polarity: rules + learnt, via: found.via });
            }
        }
        self.in_turn = turns == 1 && !contrasted;
        if explain {
            self.share_learned(view.reading.terms.len());
        }
        let look = &view.grammar.look;
        self.found = self.judged || (tally.said > LEAST_LEARNED && (look.words > 0 || look.has(TokenKind::Hashtag)));
    }

    /// What the words of a post say together, and in posts of its kind; with what is left by that of what
    /// was said before, which is held back here.
    fn read_together(
        &mut self,
        layer: &Learned,
        view: &View<'_>,
        unit: f32,
        explain: bool,
        tally: &mut Tally,
    ) -> (Said, f32) {
        let Some(network) = &layer.network else { return (Said::default(), 1.0) };
        let Builtin { places, learnt, .. } = &mut self.builtin;
        network.place_marks(&view.reading.marks, places);
        let mut said = network.read_post(places, explain.then_some(&mut self.together));
        // Experts read every word, those that the grammar speaks for too.
        let words = Words { terms: learnt, marks: &places[learnt.len()..] };
        let expert = layer.experts.as_ref().and_then(|experts| Some((experts, experts.read_post(words, unit)?)));
        let Some((experts, expert)) = expert else { return (said, 1.0) };
        tally.neutrality *= expert.rest;
        self.learned.iter_mut().chain(&mut self.together).for_each(|share| *share *= expert.rest);
        if explain {
            experts.share(words, &expert, &mut self.together);
        }
        said.polarity = said.polarity * expert.rest + expert.polarity;
        said.neutrality = said.neutrality * expert.rest + expert.neutrality;
        (said, expert.rest)
    }

    /// Adds what is said by word, apart from what judges, to the shares.
    fn share_learned(&mut self, terms: usize) {
        for (at, polarity) in self.learned.iter().enumerate().filter(|(_, p)| **p != 0.0) {
            self.shares.push(Share { place: Place::Terms(at, at + 1), polarity: *polarity, via: Via::Learned });
        }
        self.share_together(terms);
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

    /// The tonality at this margin; of `three` signs where nobody labels posts as mixed.
    pub(crate) fn tonality(&self, calibration: &Calibration, three: bool) -> Tonality {
        if !self.found {
            return Tonality::default();
        }
        let p = probabilities(self.polarity, self.neutrality, calibration);
        let score = p.positive - p.negative;
        let lesser = self.praise.min(self.blame);
        let greater = self.praise.max(self.blame);
        let even = lesser >= calibration.mixed_least
            && lesser >= greater * calibration.mixed_ratio
            && score.abs() <= calibration.most_mixed(lesser, greater, self.in_turn);
        let (mut label, mut confidence) = most_likely(p);
        if !self.judged && score.abs() < LEAST_LEAN {
            (label, confidence) = (Label::Neutral, p.neutral);
        }
        let no_lean = label == Label::Neutral
            && p.neutral <= NO_LEAN_NEUTRAL
            && lesser >= NO_LEAN_LEAST.max(greater * NO_LEAN_SHARE);
        if !three && (even || no_lean) {
            // The more even the two sides, the surer that both are meant.
            confidence = (lesser / greater).min(1.0) * (1.0 - confidence / 2.0);
            label = Label::Mixed;
        }
        Tonality { label, score, confidence, p }
    }
}

/// Adds what rows that were read as text say of a post.
struct Adder<'a> {
    rows: &'a Rows,
    view: &'a View<'a>,
    /// How far they are heard.
    heard: f32,
    learned: &'a mut [f32],
    tally: &'a mut Tally,
}

impl Grams for Adder<'_> {
    fn word(&mut self, at: usize, denied: bool, scale: f32) {
        let weight = self.rows.term(self.view.reading.terms[at].id, denied);
        self.learned[at] += self.tally.add(weight.times(scale * self.heard));
    }

    fn pair(&mut self, a: usize, b: usize, gap: bool, scale: f32) {
        let terms = &self.view.reading.terms;
        let weight = self.rows.pair(terms[a].id, terms[b].id, gap);
        let half = self.tally.add(weight.times(scale * self.heard)) / 2.0;
        self.learned[a] += half;
        self.learned[b] += half;
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
        judged: true,
        found: true,
        ..Margin::default()
    };
    margin.tonality(&Calibration::default(), false)
}
