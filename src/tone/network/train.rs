//! Training a network on labelled posts, and on what a slower teacher says of posts without labels.
//!
//! Word vectors of [`DIMENSIONS`] numbers, one layer of rectified units over each word, the mean and
//! the greatest of each unit over the post, two axes. Adam (Kingma and Ba, ICLR 2015) with a rate that
//! falls to nothing; words and units are dropped at random so that no single one is leant on. The
//! same posts in the same order give the same network: one thread, a generator of its own.

use super::{LANES, MEAN_POWER};
use crate::text::reading::{Reading, Term};
use crate::tone::learn::Goal;
use crate::tone::learn::vocabulary::Vocabulary;
use hashbrown::HashMap;
use std::fmt::Write as _;

/// Numbers that a word's vector has before it is folded.
const DIMENSIONS: usize = 32;
const EPOCHS: usize = 6;
/// Tokens of a step, about.
const TOKENS: usize = 4000;
/// Longer posts are read from a random place on.
const LONGEST: usize = 120;
const RATE: f32 = 3e-3;
const WARM_UP: f32 = 200.0;
/// Share of words read as unknown, and of units left out.
const WORDS_DROPPED: f32 = 0.15;
const UNITS_DROPPED: f32 = 0.2;
const DECAY: f32 = 1e-5;
/// Words that stand in fewer posts are unknown.
const LEAST_POSTS: u32 = 3;
/// Words that are kept, the commonest.
const MOST_WORDS: usize = 20_000;

/// A post to learn from: the numbers of its words, and what it should come out as.
struct Sample {
    words: Vec<u32>,
    goal: Goal,
}

/// Gathers posts, then trains.
#[derive(Default)]
pub(crate) struct Trainer {
    vocabulary: Vocabulary,
    samples: Vec<Sample>,
}

impl Trainer {
    /// Adds a post, its words by how they are spelt; one without a name is unknown.
    pub(crate) fn add(&mut self, reading: &Reading, spelling: impl Fn(&Term) -> String, goal: Goal) {
        let words = self.vocabulary.add(reading, spelling);
        if !words.is_empty() {
            self.samples.push(Sample { words, goal });
        }
    }

    /// Trains, and writes the network as the rows of a lexicon.
    pub(crate) fn fit(mut self) -> String {
        let Vocabulary { names, posts, .. } = self.vocabulary;
        let mut order: Vec<usize> = (1..names.len()).filter(|w| posts[*w] >= LEAST_POSTS).collect();
        order.sort_by(|a, b| posts[*b].cmp(&posts[*a]).then_with(|| names[*a].cmp(&names[*b])));
        order.truncate(MOST_WORDS);
        // Number 0 is the unknown word.
        let mut renumbered = vec![0u32; names.len()];
        for (new, old) in (1u32..).zip(&order) {
            renumbered[*old] = new;
        }
        for sample in &mut self.samples {
            sample.words.iter_mut().for_each(|word| *word = renumbered[*word as usize]);
        }
        let mean: f32 = self.samples.iter().map(|s| s.goal.weight).sum::<f32>() / self.samples.len().max(1) as f32;
        self.samples.iter_mut().for_each(|s| s.goal.weight /= mean);
        let mut model = Model::new(order.len() + 1);
        model.train(&self.samples);
        model.write(&order.iter().map(|w| names[*w].as_str()).collect::<Vec<_>>())
    }
}

/// Numbers that Adam moves.
#[derive(Clone)]
struct Weights {
    w: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
}

impl Weights {
    fn new(n: usize, spread: f32, random: &mut Random) -> Self {
        let w = (0..n).map(|_| random.normal() * spread).collect();
        Self { w, first: vec![0.0; n], second: vec![0.0; n] }
    }

    /// Moves the numbers from `at` on against a gradient.
    fn step(&mut self, at: usize, gradient: &[f32], decay: f32, rate: f32, corrections: [f32; 2]) {
        const KEEP: [f32; 2] = [0.9, 0.98];
        for (i, g) in gradient.iter().enumerate() {
            let i = at + i;
            let g = g + decay * self.w[i];
            self.first[i] = KEEP[0] * self.first[i] + (1.0 - KEEP[0]) * g;
            self.second[i] = KEEP[1] * self.second[i] + (1.0 - KEEP[1]) * g * g;
            self.w[i] -= rate * (self.first[i] / corrections[0]) / ((self.second[i] / corrections[1]).sqrt() + 1e-8);
        }
    }
}

/// Vectors, the layer over them, and the weights of the pooled units on the two axes.
struct Model {
    vectors: Weights,
    layer: Weights,
    shift: Weights,
    out: Weights,
    bias: Weights,
    random: Random,
}

/// Pooled units: means, then greatest values.
const POOLED: usize = 2 * LANES;

impl Model {
    fn new(words: usize) -> Self {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        Self {
            vectors: Weights::new(words * DIMENSIONS, 0.1, &mut random),
            layer: Weights::new(DIMENSIONS * LANES, 1.0 / (DIMENSIONS as f32).sqrt(), &mut random),
            shift: Weights::new(LANES, 0.0, &mut random),
            out: Weights::new(POOLED * 2, 0.1, &mut random),
            bias: Weights::new(1, 0.0, &mut random),
            random,
        }
    }

    /// The units of a word.
    fn units(&self, word: u32) -> [f32; LANES] {
        let mut units: [f32; LANES] = std::array::from_fn(|lane| self.shift.w[lane]);
        let vector = &self.vectors.w[word as usize * DIMENSIONS..][..DIMENSIONS];
        for (x, row) in vector.iter().zip(self.layer.w.as_chunks::<LANES>().0) {
            for (unit, w) in units.iter_mut().zip(row) {
                *unit += x * w;
            }
        }
        units.map(|u| u.max(0.0))
    }

    fn train(&mut self, samples: &[Sample]) {
        let tokens: usize = samples.iter().map(|s| s.words.len().min(LONGEST)).sum();
        let total = (tokens / TOKENS + 1) * EPOCHS;
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut steps = 0;
        for _ in 0..EPOCHS {
            for i in (1..order.len()).rev() {
                order.swap(i, self.random.below(i + 1));
            }
            let mut rest = &order[..];
            while !rest.is_empty() {
                let mut size = 0;
                let full = rest.iter().position(|s| {
                    size += samples[*s].words.len().min(LONGEST);
                    size >= TOKENS
                });
                let (batch, after) = rest.split_at(full.map_or(rest.len(), |i| i + 1));
                steps += 1;
                let left = 1.0 - steps as f32 / (total + 1) as f32;
                self.step(samples, batch, RATE * (steps as f32 / WARM_UP).min(1.0) * left.max(0.02), steps);
                rest = after;
            }
        }
    }

    /// One step down the gradient of a batch.
    fn step(&mut self, samples: &[Sample], batch: &[usize], rate: f32, steps: usize) {
        let mut words: HashMap<u32, [f32; DIMENSIONS]> = HashMap::new();
        let mut layer = vec![0.0f32; DIMENSIONS * LANES];
        let (mut shift, mut out, mut bias) = ([0.0f32; LANES], [0.0f32; POOLED * 2], 0.0f32);
        for at in batch {
            let sample = &samples[*at];
            let n = sample.words.len();
            let from = if n > LONGEST { self.random.below(n - LONGEST + 1) } else { 0 };
            let read: Vec<u32> = sample.words[from..n.min(from + LONGEST)]
                .iter()
                .map(|w| if self.random.unit() < WORDS_DROPPED { 0 } else { *w })
                .collect();
            let units: Vec<[f32; LANES]> = read.iter().map(|w| self.units(*w)).collect();
            let scale = 1.0 / (read.len() as f32).powf(MEAN_POWER);
            let mut pooled = [0.0f32; POOLED];
            let mut best = [0usize; LANES];
            for (place, units) in units.iter().enumerate() {
                for (lane, unit) in units.iter().enumerate() {
                    pooled[lane] += unit * scale;
                    if *unit > pooled[LANES + lane] {
                        pooled[LANES + lane] = *unit;
                        best[lane] = place;
                    }
                }
            }
            let kept: [f32; POOLED] =
                std::array::from_fn(
                    |_| {
                        if self.random.unit() < UNITS_DROPPED { 0.0 } else { 1.0 / (1.0 - UNITS_DROPPED) }
                    },
                );
            let axis =
                |axis: usize| -> f32 { (0..POOLED).map(|i| pooled[i] * kept[i] * self.out.w[i * 2 + axis]).sum() };
            let goal = Goal { weight: sample.goal.weight / batch.len() as f32, ..sample.goal };
            let by_axis = goal.slopes(goal.probabilities(axis(0), axis(1) + self.bias.w[0]));
            bias += by_axis[1];
            let mut by_pooled = [0.0f32; POOLED];
            for i in 0..POOLED {
                let by = by_axis[0] * self.out.w[i * 2] + by_axis[1] * self.out.w[i * 2 + 1];
                by_pooled[i] = by * kept[i];
                out[i * 2] += by_axis[0] * pooled[i] * kept[i];
                out[i * 2 + 1] += by_axis[1] * pooled[i] * kept[i];
            }
            for (place, (word, units)) in read.iter().zip(&units).enumerate() {
                let by_unit: [f32; LANES] = std::array::from_fn(|lane| {
                    let greatest = if best[lane] == place { by_pooled[LANES + lane] } else { 0.0 };
                    if units[lane] > 0.0 { by_pooled[lane] * scale + greatest } else { 0.0 }
                });
                let by_word = words.entry(*word).or_insert([0.0; DIMENSIONS]);
                let vector = &self.vectors.w[*word as usize * DIMENSIONS..][..DIMENSIONS];
                let rows = self.layer.w.as_chunks::<LANES>().0.iter().zip(layer.as_chunks_mut::<LANES>().0);
                for ((x, by_x), (row, by_row)) in vector.iter().zip(by_word).zip(rows) {
                    for lane in 0..LANES {
                        *by_x += by_unit[lane] * row[lane];
                        by_row[lane] += by_unit[lane] * x;
                    }
                }
                shift.iter_mut().zip(by_unit).for_each(|(s, g)| *s += g);
            }
        }
        let steps = i32::try_from(steps).unwrap_or(i32::MAX);
        let corrections = [1.0 - 0.9f32.powi(steps), 1.0 - 0.98f32.powi(steps)];
        for (word, gradient) in &words {
            self.vectors.step(*word as usize * DIMENSIONS, gradient, 0.0, rate, corrections);
        }
        self.layer.step(0, &layer, DECAY, rate, corrections);
        self.shift.step(0, &shift, 0.0, rate, corrections);
        self.out.step(0, &out, DECAY, rate, corrections);
        self.bias.step(0, &[bias], 0.0, rate, corrections);
    }

    /// The rows of the lexicon.
    fn write(&self, names: &[&str]) -> String {
        #[expect(clippy::cast_possible_truncation, reason = "a vocabulary is small")]
        let rows: Vec<[f32; LANES]> = (0..=names.len() as u32).map(|word| self.units(word)).collect();
        // One word in two thousand is cut off, so that one odd word does not coarsen the others.
        let scale: [f32; LANES] = std::array::from_fn(|lane| {
            let mut all: Vec<f32> = rows.iter().map(|r| r[lane]).collect();
            all.sort_by(f32::total_cmp);
            all[(all.len() - 1) - all.len() / 2000].max(1e-6) / 255.0
        });
        let mut out = String::from("word\tlanes\n");
        let mut shared = |name: &str, values: &mut dyn Iterator<Item = f32>| {
            let cells: Vec<String> = values.map(|v| format!("{v:.6}")).collect();
            let _ = writeln!(out, "@{name}\t{}", cells.join(" "));
        };
        for (axis, name) in ["polarity", "neutrality"].into_iter().enumerate() {
            let weight = |i: usize| self.out.w[i * 2 + axis];
            shared(&format!("mean {name}"), &mut (0..LANES).map(|l| weight(l) * scale[l] * 1e3));
            shared(&format!("most {name}"), &mut (0..LANES).map(|l| weight(LANES + l) * scale[l] * 1e3));
        }
        shared("bias", &mut self.bias.w.iter().copied());
        for (name, row) in ["@unknown"].iter().chain(names).zip(&rows) {
            let _ = write!(out, "{name}\t");
            for (value, scale) in row.iter().zip(scale) {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
                let byte = (value / scale).round().clamp(0.0, 255.0) as u8;
                let _ = write!(out, "{byte:02x}");
            }
            out.push('\n');
        }
        out
    }
}

/// Marsaglia's xorshift: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 up to 1.
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 16) as usize % n
    }

    /// Near enough normal: the sum of twelve.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }
}
