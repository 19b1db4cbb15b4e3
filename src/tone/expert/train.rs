//! Learning an expert from labelled posts of its kind, and its gate from posts of other kinds beside them.
//!
//! Two logistic regressions over a post's words. The expert's also sees the pieces of words (three to five
//! letters); a word's weight and those of its pieces are one sum, written with the word, so that pieces cost
//! nothing when a post is read, and words seen once are not without a voice.

use super::UNIT_MOST;
use crate::lexicon::key;
use crate::optimise::minimise;
use crate::text::reading::Term;
use crate::tone::features::{self, View};
use crate::tone::learn::vocabulary::{Vocabulary, distinct};
use crate::tone::learn::{Goal, TOPIC_MOST};
use hashbrown::{HashMap, HashSet};
use std::fmt::Write as _;

/// Penalties on the weights of what is said, and of the gate: a kind is told by many words, each of them sure.
const RIDGE: f32 = 1.0;
const GATE_RIDGE: f32 = 0.1;
/// Letters of a word's pieces, its ends among them.
const PIECES: std::ops::RangeInclusive<usize> = 3..=5;
/// What a piece counts for beside a word.
const PIECE: f32 = 0.35;
/// Words and pieces that stand in fewer posts say nothing of themselves.
const LEAST_POSTS: u32 = 2;
/// ... and nothing of the kind of a post.
const LEAST_GATE_POSTS: u32 = 3;
const STEPS: usize = 150;
const LEAST_GAIN: f64 = 1e-6;
/// Weights below this are left out: of words that posts of the kind hold, and of others, which say little but
/// what their pieces do.
const LEAST: f32 = 0.05;
const LEAST_OF_OTHERS: f32 = 0.5;

/// A post to learn from: the numbers of its words, what one counts for, and what it should come out as.
struct Sample {
    words: Vec<u32>,
    unit: f32,
    goal: Goal,
}

/// Gathers posts, then trains.
#[derive(Default)]
pub(crate) struct Trainer {
    vocabulary: Vocabulary,
    samples: Vec<Sample>,
    /// Posts of other kinds.
    others: Vec<Sample>,
    /// By word, what the lexicons say of it, nought for what means nothing: `migrants`.
    valences: HashMap<u32, f32>,
    /// Words that act on others: `pas`, `sans`.
    acting: HashSet<u32>,
}

impl Trainer {
    /// Adds a post of the expert's kind, or of another: then only its goal's weight is looked at.
    pub(crate) fn add(&mut self, view: &View<'_>, spelling: impl Fn(&Term) -> String, goal: Goal, ours: bool) {
        let words = self.vocabulary.add(view.reading, spelling);
        let judging = view.matches.judging.iter().filter(|found| found.last == found.first + 1);
        self.valences.extend(judging.map(|found| (words[found.first], found.valence)));
        self.acting.extend(view.matches.acting.iter().flat_map(|found| &words[found.first..found.last]));
        let samples = if ours { &mut self.samples } else { &mut self.others };
        samples.push(Sample { words, unit: features::unit(view.reading), goal });
    }

    /// Trains, and writes the rows of the lexicon; `share` is how far the expert is heard.
    pub(crate) fn fit(&self, share: f32) -> String {
        let posts = self.posts();
        let gate = self.gate();
        let expert = self.expert(&posts);
        let names = &self.vocabulary.names;
        let mut order: Vec<usize> = (1..names.len()).collect();
        order.sort_by_key(|word| &names[*word]);
        let mut out = String::from("word\tgate\tpolarity\tneutrality\n");
        let _ = writeln!(out, "@bias\t{:.2}\t0\t{:.2}", gate.bias[0], expert.bias[1]);
        let _ = writeln!(out, "@share\t{share}\t0\t0");
        for word in order {
            let least = if posts[word] < LEAST_POSTS { LEAST_OF_OTHERS } else { LEAST };
            let [polarity, neutrality] = expert.words[word];
            #[expect(clippy::cast_possible_truncation, reason = "far fewer words")]
            let polarity = self.believed(word as u32, polarity, posts[word] >= LEAST_POSTS);
            let weights = [gate.words[word][0], polarity, neutrality];
            let kept = weights.map(|weight| if weight.abs() < least { 0.0 } else { weight });
            if kept.iter().any(|weight| *weight != 0.0) {
                let _ = writeln!(out, "{}\t{:.2}\t{:.2}\t{:.2}", names[word], kept[0], kept[1], kept[2]);
            }
        }
        out
    }

    /// What of a word's polarity is believed. Words that no lexicon speaks of are what posts are about
    /// (`éoliennes`), and few posts hardly tell the opposite of what one says (`insatisfait`); pieces alone do not.
    fn believed(&self, word: u32, polarity: f32, seen: bool) -> f32 {
        match self.valences.get(&word) {
            Some(valence) if valence * polarity > 0.0 => polarity,
            None if self.acting.contains(&word) => polarity,
            _ if seen => polarity.clamp(-TOPIC_MOST, TOPIC_MOST),
            _ => 0.0,
        }
    }

    /// What words tell of the kind of a post: the sign of a post of the kind is positive, and both sides weigh
    /// the same.
    #[expect(clippy::cast_precision_loss, reason = "a count of posts")]
    fn gate(&self) -> Weights {
        let others: f32 = self.others.iter().map(|sample| sample.goal.weight).sum();
        let half = (self.samples.len() + self.others.len()) as f32 / 2.0;
        let ours = self.samples.iter().map(|sample| (sample, [0.0, 0.0, 1.0], half / self.samples.len() as f32));
        let theirs = self.others.iter().map(|sample| (sample, [1.0, 0.0, 0.0], half * sample.goal.weight / others));
        let posts = ours.chain(theirs).map(|(sample, p, weight)| (sample, Goal { p, sign_only: true, weight }));
        let parts = Parts::words(&self.vocabulary.posts);
        parts.regress(&posts.collect::<Vec<_>>(), GATE_RIDGE, [1.0, 0.0], UNIT_MOST)
    }

    /// What words say in a post of the kind. Before any word is read, no sign is said: no word could show it. Names
    /// and words that a lexicon says mean nothing are neither praised nor blamed.
    fn expert(&self, posts: &[u32]) -> Weights {
        let samples: Vec<_> = self.samples.iter().map(|sample| (sample, sample.goal)).collect();
        let voice = (0u32..).zip(posts).map(|(word, _)| {
            let silent = self.vocabulary.is_name(word) || self.valences.get(&word) == Some(&0.0);
            [if silent { 0.0 } else { 1.0 }, 1.0]
        });
        let parts = Parts::words_and_pieces(&self.vocabulary.names, posts, voice.collect());
        parts.regress(&samples, RIDGE, [0.0, 1.0], 1.0)
    }

    /// By word: how many posts of the kind hold it.
    fn posts(&self) -> Vec<u32> {
        let mut posts = vec![0; self.vocabulary.names.len()];
        for sample in &self.samples {
            for word in distinct(&sample.words) {
                posts[word as usize] += 1;
            }
        }
        posts
    }
}

/// What a regression has learnt: by word, and before any word is read; polarity and neutrality.
struct Weights {
    words: Vec<[f32; 2]>,
    bias: [f32; 2],
}

/// By word: the features that it is the sum of.
struct Parts {
    of: Vec<Vec<(u32, f32)>>,
    count: usize,
    /// By word: nought on an axis on which it says nothing.
    voice: Vec<[f32; 2]>,
}

impl Parts {
    /// Each word is a feature that stands in enough posts.
    fn words(posts: &[u32]) -> Self {
        let mut count = 0;
        let of = posts.iter().enumerate().map(|(word, posts)| {
            let known = word > 0 && *posts >= LEAST_GATE_POSTS;
            count += u32::from(known);
            if known { vec![(count - 1, 1.0)] } else { Vec::new() }
        });
        Self { of: of.collect(), count: count as usize, voice: vec![[1.0; 2]; posts.len()] }
    }

    /// Each word is a feature that stands in enough posts of the kind, and so is each of its pieces.
    fn words_and_pieces(names: &[String], posts: &[u32], voice: Vec<[f32; 2]>) -> Self {
        let pieces: Vec<Vec<String>> = names.iter().map(|name| pieces(name)).collect();
        let mut of_piece: HashMap<&str, u32> = HashMap::new();
        for (pieces, posts) in pieces.iter().zip(posts).filter(|(_, posts)| **posts > 0) {
            for piece in pieces {
                *of_piece.entry(piece).or_default() += posts;
            }
        }
        let mut features = HashMap::new();
        let of = names.iter().zip(&pieces).zip(posts).map(|((name, pieces), posts)| {
            let mut number = |feature: (&str, bool)| {
                #[expect(clippy::cast_possible_truncation, reason = "far fewer features")]
                let fresh = features.len() as u32;
                *features.entry((feature.0.to_owned(), feature.1)).or_insert(fresh)
            };
            let mut parts = Vec::new();
            if *posts >= LEAST_POSTS && !name.is_empty() {
                parts.push((number((name, true)), 1.0));
            }
            let known = pieces.iter().filter(|piece| of_piece.get(piece.as_str()).is_some_and(|n| *n >= LEAST_POSTS));
            parts.extend(known.map(|piece| (number((piece, false)), PIECE)));
            parts
        });
        let of = of.collect();
        Self { of, count: features.len(), voice }
    }

    /// The weights with which words come nearest to the goals; `bias` says on which axes there is a constant,
    /// and no word counts for more than `most`.
    fn regress(&self, posts: &[(&Sample, Goal)], ridge: f32, bias: [f32; 2], most: f32) -> Weights {
        let size = self.count * 2;
        let ridge = f64::from(ridge);
        let weights = minimise(size + 2, STEPS, LEAST_GAIN, |w, gradient| {
            let read = self.weights(w, bias);
            let mut by_word = vec![[0.0f64; 2]; self.of.len()];
            let mut by_bias = [0.0f64; 2];
            let mut loss = 0.0;
            for (sample, goal) in posts {
                let axes = [0, 1].map(|axis| {
                    let sum: f32 = sample.words.iter().map(|word| read.words[*word as usize][axis]).sum();
                    sum * sample.unit.min(most) + read.bias[axis]
                });
                let p = goal.probabilities(axes[0], axes[1]);
                loss += goal.loss(p);
                let slopes = goal.slopes(p).map(f64::from);
                let unit = f64::from(sample.unit.min(most));
                for axis in 0..2 {
                    by_bias[axis] += slopes[axis] * f64::from(bias[axis]);
                    sample.words.iter().for_each(|word| by_word[*word as usize][axis] += slopes[axis] * unit);
                }
            }
            gradient.iter_mut().zip(w).for_each(|(gradient, w)| *gradient = ridge * w);
            loss += w[..size].iter().map(|w| 0.5 * ridge * w * w).sum::<f64>();
            for ((parts, slopes), voice) in self.of.iter().zip(by_word).zip(&self.voice) {
                for ((part, share), axis) in parts.iter().flat_map(|part| [(part, 0), (part, 1)]) {
                    gradient[*part as usize * 2 + axis] += f64::from(*share * voice[axis]) * slopes[axis];
                }
            }
            gradient[size..].copy_from_slice(&by_bias);
            loss
        });
        self.weights(&weights, bias)
    }

    /// The features' weights summed up by word.
    #[expect(clippy::cast_possible_truncation, reason = "weights are kept in single precision")]
    fn weights(&self, w: &[f64], bias: [f32; 2]) -> Weights {
        let sum = |parts: &Vec<(u32, f32)>, axis: usize| -> f32 {
            parts.iter().map(|(part, share)| share * w[*part as usize * 2 + axis] as f32).sum()
        };
        let words = self.of.iter().zip(&self.voice);
        Weights {
            words: words.map(|(parts, voice)| [0, 1].map(|axis| sum(parts, axis) * voice[axis])).collect(),
            bias: [0, 1].map(|axis| w[self.count * 2 + axis] as f32 * bias[axis]),
        }
    }
}

/// The pieces of a word; slots and marks have none.
fn pieces(name: &str) -> Vec<String> {
    if !name.starts_with(char::is_alphabetic) {
        return Vec::new();
    }
    let letters: Vec<char> = std::iter::once('_').chain(key::letters(name)).chain(std::iter::once('_')).collect();
    let pieces = PIECES.flat_map(|length| letters.windows(length).map(|piece| piece.iter().collect()));
    pieces.collect()
}
