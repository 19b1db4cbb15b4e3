//! Fitting the weights of a table.

use super::{Cell, Feature, Goal, Kind, Recipe, Sample, TOPIC_MOST, Trainer};
use crate::optimise::minimise;
use crate::tone::features::{NEUTRAL, POLAR, dot};

/// A step of the fit that gains less of the loss is the last.
const LEAST_GAIN: f64 = 1e-6;
/// What the penalty of a pair is to that of a word.
const PAIR_RIDGE: f32 = 2.0;
const LAYER_PAIR_RIDGE: f32 = 1.5;
/// What the penalty of the commonest words is more in a layer. A domain speaks through its own words:
/// those that everybody uses move on much evidence only, since they stand in other posts as well.
const COMMON_RIDGE: f32 = 15.0;
/// How many words are common.
const COMMON: f32 = 1000.0;
/// The rules' weights are few; a faint penalty keeps them finite on odd files.
const RULE_RIDGE: f32 = 0.1;
/// What a layer says of its domain as a whole pays little: every post of it speaks for it.
const PRIOR_RIDGE: f32 = 1.0;

/// Penalties that a layer may be learnt with, the strictest first: it says all but nothing.
const RIDGES: [f32; 5] = [50.0, 15.0, 5.0, 1.5, 0.5];
/// Parts of the posts that are held out in turn.
const FOLDS: usize = 5;
/// Of more posts than this the penalty says little, and is this.
const MANY: usize = 2_000;
const OF_MANY: f32 = 1.5;

/// The penalty with which weights learnt from some posts do best on the others.
pub(super) fn choose_ridge(trainer: &Trainer, recipe: &Recipe) -> f32 {
    if trainer.samples.len() > MANY {
        return OF_MANY;
    }
    let loss = |ridge: f32| -> f64 {
        let mut model = Model::new(trainer, recipe, ridge);
        let folds = (0..FOLDS).map(|fold| {
            model.held_out = Some(fold);
            model.loss_held_out(&model.fit(recipe.steps))
        });
        folds.sum()
    };
    let losses = RIDGES.map(|ridge| (loss(ridge), ridge));
    losses.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or(OF_MANY, |(_, ridge)| ridge)
}

/// The loss as a function of one flat vector: two axes per kept feature, then the weights that all posts have in
/// common, which are those of the rules in a whole table, and two axes of the domain in a layer.
pub(super) struct Model<'a> {
    trainer: &'a Trainer,
    /// By feature: its place among those kept.
    place: Vec<Option<u32>>,
    ridge: Vec<f32>,
    /// By place: how far from zero its polarity may be, whatever the labels say.
    most: Vec<f32>,
    kept: usize,
    common_ridge: f32,
    base: bool,
    /// By sample, how far a layer is heard in it.
    heard: Vec<f32>,
    /// The part of the posts that is not learnt from.
    held_out: Option<usize>,
}

impl<'a> Model<'a> {
    pub(super) fn new(trainer: &'a Trainer, recipe: &Recipe, ridge: f32) -> Self {
        let mut model = Self {
            trainer,
            place: vec![None; trainer.features.len()],
            ridge: Vec::new(),
            most: Vec::new(),
            kept: 0,
            common_ridge: if recipe.base { RULE_RIDGE } else { PRIOR_RIDGE },
            base: recipe.base,
            heard: if recipe.base { vec![1.0; trainer.samples.len()] } else { trainer.heard() },
            held_out: None,
        };
        for (name, at) in trainer.sorted_names() {
            let feature = &trainer.features[at as usize];
            if feature.posts >= recipe.least_posts {
                #[expect(clippy::cast_possible_truncation, reason = "far fewer features")]
                let place = model.ridge.len() as u32;
                model.place[at as usize] = Some(place);
                let pair = name.contains([' ', '…']);
                let times = match (pair, recipe.base) {
                    (true, true) => PAIR_RIDGE,
                    (true, false) => LAYER_PAIR_RIDGE,
                    (false, true) => 1.0,
                    (false, false) => 1.0 + feature.commonness() * COMMON_RIDGE,
                };
                model.ridge.push(ridge * times);
                model.most.push(match recipe.base {
                    true if name.split([' ', '…']).any(|word| trainer.is_name(word)) => 0.0,
                    true if feature.is_topic() => TOPIC_MOST,
                    _ => f32::INFINITY,
                });
            }
        }
        model.kept = model.ridge.len();
        model
    }

    /// The weights that fit the posts learnt from.
    pub(super) fn fit(&self, steps: usize) -> Vec<f32> {
        let size = self.kept * 2 + if self.base { POLAR.len() + NEUTRAL.len() } else { 2 };
        let (mut at, mut turned) = (vec![0.0f32; size], vec![0.0f32; size]);
        let weights = minimise(size, steps, LEAST_GAIN, |w, g| {
            at.iter_mut().zip(w).for_each(|(at, w)| *at = narrow(*w));
            self.bound(&mut at);
            let loss = self.loss(&at, &mut turned);
            g.iter_mut().zip(&turned).for_each(|(g, turned)| *g = f64::from(*turned));
            loss
        });
        let mut weights: Vec<f32> = weights.into_iter().map(narrow).collect();
        self.bound(&mut weights);
        weights
    }

    /// Keeps polarities within their bounds.
    fn bound(&self, w: &mut [f32]) {
        for (polarity, most) in w.iter_mut().step_by(2).zip(&self.most) {
            *polarity = polarity.clamp(-most, *most);
        }
    }

    /// Both axes of a feature, if it is kept.
    pub(super) fn weights_of(&self, w: &[f32], feature: u32) -> Option<[f32; 2]> {
        let place = self.place[feature as usize]? as usize * 2;
        Some([w[place], w[place + 1]])
    }

    /// The weights that all posts have in common.
    pub(super) fn common_of<'w>(&self, w: &'w [f32]) -> &'w [f32] {
        &w[self.kept * 2..]
    }

    fn is_held_out(&self, index: usize) -> bool {
        self.held_out == Some(index % FOLDS)
    }

    /// The loss over the posts that are not learnt from.
    fn loss_held_out(&self, w: &[f32]) -> f64 {
        let held_out = (0..self.trainer.samples.len()).filter(|index| self.is_held_out(*index));
        held_out.map(|index| self.trainer.samples[index].goal.loss(self.probabilities(w, index))).sum()
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
        for at in self.kept * 2..w.len() {
            loss += f64::from(0.5 * self.common_ridge * w[at] * w[at]);
            g[at] += self.common_ridge * w[at];
        }
        loss
    }

    /// Loss and gradient over the posts of a range that are learnt from.
    fn part(&self, w: &[f32], g: &mut [f32], range: std::ops::Range<usize>) -> f64 {
        let head = self.kept * 2;
        let mut loss = 0.0;
        for index in range.filter(|index| !self.is_held_out(*index)) {
            let (sample, cells, heard) = self.sample(index);
            let goal = &sample.goal;
            let p = self.probabilities(w, index);
            loss += goal.loss(p);
            let [by_polarity, by_neutrality] = goal.slopes(p);
            for cell in cells {
                if let Some(place) = self.place[cell.feature as usize] {
                    g[place as usize * 2] += heard * by_polarity * cell.polarity;
                    g[place as usize * 2 + 1] += heard * by_neutrality * cell.neutrality;
                }
            }
            if self.base {
                for (g, x) in g[head..].iter_mut().zip(sample.polar) {
                    *g += by_polarity * x;
                }
                for (g, x) in g[head + POLAR.len()..].iter_mut().zip(sample.neutral) {
                    *g += by_neutrality * x;
                }
            } else {
                g[head] += heard * by_polarity;
                g[head + 1] += heard * by_neutrality;
            }
        }
        loss
    }

    /// A post, its features, and how far a layer is heard in it.
    fn sample(&self, index: usize) -> (&Sample, &[Cell], f32) {
        let samples = &self.trainer.samples;
        let from = if index == 0 { 0 } else { samples[index - 1].end };
        (&samples[index], &self.trainer.cells[from..samples[index].end], self.heard[index])
    }

    /// What the weights make of a post.
    fn probabilities(&self, w: &[f32], index: usize) -> [f32; 3] {
        let (sample, cells, heard) = self.sample(index);
        let [mut polarity, mut neutrality] = sample.offset;
        for cell in cells {
            if let Some(place) = self.place[cell.feature as usize] {
                polarity += heard * w[place as usize * 2] * cell.polarity;
                neutrality += heard * w[place as usize * 2 + 1] * cell.neutrality;
            }
        }
        let common = self.common_of(w);
        if self.base {
            let (polar, neutral) = common.split_at(POLAR.len());
            polarity += dot(polar, &sample.polar);
            neutrality += dot(neutral, &sample.neutral);
        } else {
            polarity += heard * common[0];
            neutrality += heard * common[1];
        }
        sample.goal.probabilities(polarity, neutrality)
    }
}

impl Goal {
    /// What two axes make of the post: negative, neutral, positive.
    pub(crate) fn probabilities(&self, polarity: f32, neutrality: f32) -> [f32; 3] {
        let logits = [-polarity / 2.0, if self.sign_only { -30.0 } else { neutrality }, polarity / 2.0];
        let top = logits.iter().copied().fold(f32::MIN, f32::max);
        let e = logits.map(|l| (l - top).exp());
        let sum: f32 = e.iter().sum();
        e.map(|x| x / sum)
    }

    /// How the loss changes with either axis, where it is now.
    pub(crate) fn slopes(&self, p: [f32; 3]) -> [f32; 2] {
        let by_polarity = self.weight * ((p[2] - self.p[2]) - (p[0] - self.p[0])) / 2.0;
        [by_polarity, if self.sign_only { 0.0 } else { self.weight * (p[1] - self.p[1]) }]
    }

    /// The loss of some probabilities.
    pub(crate) fn loss(&self, p: [f32; 3]) -> f64 {
        let terms = self.p.iter().zip(p).filter(|(goal, _)| **goal > 0.0);
        -terms.map(|(goal, p)| f64::from(self.weight * goal * p.max(1e-12).ln())).sum::<f64>()
    }
}

impl Feature {
    /// From 1 for the commonest words, and for marks, to 0.
    #[expect(clippy::cast_precision_loss, reason = "ids have 24 bits")]
    fn commonness(&self) -> f32 {
        match self.kind {
            Kind::Mark | Kind::Slot => 1.0,
            Kind::Word { id } => 1.0 / (1.0 + id as f32 / COMMON),
            Kind::RareWord | Kind::Other => 0.0,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "weights are kept in single precision")]
fn narrow(x: f64) -> f32 {
    x as f32
}
