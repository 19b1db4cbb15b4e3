//! What rows cannot list: weights of words, pairs, themes and shapes, learnt from labelled noise.
//!
//! In: a [`Skim`]. Out: log-odds that a post sells, gives away or comes from a machine rather than from
//! a person. Hand-made rows are sure of what they know and blind to the rest; a linear model over the
//! same pieces generalises, and each weight is a row of `lexicons/shared/noise.tsv` that a person can
//! read, change or delete. Rows name what `features` sees, themes and shapes too: an advert for goods that
//! no labelled post named still has goods, a price and somebody to call.
//!
//! [`super::learn`] makes the table. A word costs one look-up, two in a row one bit: most are in no row.

use super::features::{BOTH, CLASSES, Feature, MARKS, Seen, Weights, each_mark, pieces, shapes};
use super::packed;
use super::skim::Skim;
use super::table::{ByHash, Filter};
use std::sync::OnceLock;

/// Weights and a lane to spare, added in one step.
type Lanes = [f32; 4];

/// The model.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    bias: Lanes,
    /// By piece or pair: its weights, and the themes of the word.
    words: ByHash<u64, (Lanes, u64)>,
    /// A bit for each of their keys: most pairs are in no row.
    filter: Filter,
    /// By mark.
    marks: Vec<Lanes>,
    /// By the first mark and the second; times [`BOTH`].
    both: Vec<[Lanes; MARKS]>,
}

/// What the model says of a post.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Verdict {
    /// Log-odds of noise of any kind against none.
    pub(crate) odds: f32,
    /// Log-odds of each class against none.
    pub(crate) classes: Weights,
    /// The span of the words that speak loudest for the likeliest class.
    pub(crate) place: Option<(u32, u32)>,
}

impl Learned {
    /// The built-in weights, read once.
    pub(crate) fn builtin() -> &'static Self {
        static MODEL: OnceLock<Learned> = OnceLock::new();
        static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/noise-weights.bin"));
        MODEL.get_or_init(|| {
            let (weights, themes) = packed::weights(BYTES);
            Self::of(weights, themes)
        })
    }

    /// The model of a table.
    pub(crate) fn read(text: &str) -> Self {
        let themes = Self::builtin().words.iter().map(|(key, (_, themes))| (*key, *themes));
        Self::of(packed::rows_of(text), themes.filter(|(_, themes)| *themes != 0))
    }

    fn of(weights: impl Iterator<Item = (Feature, Weights)>, themes: impl Iterator<Item = (u64, u64)>) -> Self {
        let none = Lanes::default();
        let mut model = Self { marks: vec![none; MARKS], both: vec![[none; MARKS]; MARKS], ..Self::default() };
        model.words.reserve(weights.size_hint().0 + themes.size_hint().0);
        for (feature, [spam, giveaway, auto]) in weights {
            let lanes = [spam, giveaway, auto, 0.0];
            match feature {
                Feature::Bias => model.bias = lanes,
                Feature::Mark(a) => model.marks[usize::from(a)] = lanes,
                Feature::Both(a, b) => model.both[usize::from(a)][usize::from(b)] = lanes.map(|w| w * BOTH),
                Feature::Piece(key) => model.words.entry(key).or_default().0 = lanes,
            }
        }
        for (key, themes) in themes {
            model.words.entry(key).or_default().1 |= themes;
        }
        let Self { words, filter, .. } = &mut model;
        words.keys().for_each(|key| filter.add(*key));
        model
    }

    /// The themes of a word, by its key.
    pub(crate) fn themes(&self, key: u64) -> u64 {
        self.words.get(&key).map_or(0, |(_, themes)| *themes)
    }

    /// What the weights make of a text.
    pub(crate) fn judge(&self, skim: &Skim) -> Verdict {
        if self.marks.is_empty() {
            return Verdict::default();
        }
        let mut sums = self.bias;
        let mut add = |lanes: &Lanes| sums.iter_mut().zip(lanes).for_each(|(sum, lane)| *sum += lane);
        let mut loudest = [(0.0_f32, 0, 0); CLASSES.len()];
        let (mut marks, mut seen) = (0, Seen::default());
        pieces(skim, |key, value, from, to| {
            if !self.filter.may_hold(key) {
                return;
            }
            let Some((lanes, themes)) = self.words.get(&key) else { return };
            if to == from + 1 && seen.again(key) {
                return;
            }
            marks |= themes;
            let lanes = lanes.map(|w| w * value);
            add(&lanes);
            for (weight, loud) in lanes.into_iter().zip(&mut loudest) {
                if weight > loud.0 {
                    *loud = (weight, from, to);
                }
            }
        });
        each_mark(marks | shapes(skim), |feature| match feature {
            Feature::Mark(a) => add(&self.marks[usize::from(a)]),
            Feature::Both(a, b) => add(&self.both[usize::from(a)][usize::from(b)]),
            Feature::Piece(_) | Feature::Bias => {}
        });
        let [spam, giveaway, auto, _] = sums;
        let mut verdict = Verdict { classes: [spam, giveaway, auto], ..Verdict::default() };
        verdict.odds = verdict.classes.iter().map(|z| z.exp()).sum::<f32>().ln();
        let best =
            (0..CLASSES.len()).fold(0, |best, c| if verdict.classes[c] > verdict.classes[best] { c } else { best });
        let (weight, from, to) = loudest[best];
        if let (true, Some(first), Some(last)) =
            (weight > 0.0, skim.pieces.get(from), skim.pieces.get(to.wrapping_sub(1)))
        {
            verdict.place = Some((first.start, last.end));
        }
        verdict
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::features::{feature, features, mark_name, name};
    use super::*;
    use crate::lexicon::parse::rows;

    const FILE: &str = include_str!("../../lexicons/shared/noise.tsv");

    #[test]
    fn rows_are_in_order_and_reach_what_they_name() {
        let mut last = String::new();
        for row in rows(FILE) {
            assert!(*last <= *row.cell(0), "line {}: out of order", row.line);
            last = row.cell(0).to_owned();
            assert!((1..4).all(|c| row.cell(c).parse::<f32>().is_ok()), "line {}", row.line);
        }
        let text = "Gagnez 20 € 👉 x.example";
        let skim = Skim::of(text);
        let mut found = Vec::new();
        features(
            &skim,
            |key| Learned::builtin().themes(key),
            |feature, _, from, to| {
                found.push((feature, name(feature, &skim, text, from, to)));
            },
        );
        for (feature_seen, name) in &found {
            assert_eq!(feature(name), *feature_seen, "{name}");
        }
        let terms = ["gagnez", "gagnez <n>", "<n> <money>", "<act>", "<bias>", "<act>+<endlink>", "[<link>]"];
        for term in terms {
            assert!(found.iter().any(|(f, _)| *f == feature(term)), "{term}");
        }
        assert!(!found.iter().any(|(f, _)| *f == feature("<numbers>")));
    }

    #[test]
    fn marks_are_named_apart() {
        let names: std::collections::BTreeSet<&str> = (0..MARKS).map(|m| mark_name(u8::try_from(m).unwrap())).collect();
        assert_eq!(names.len(), MARKS);
    }
}
