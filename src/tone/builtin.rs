//! What a built-in table says of a post: its words, its pairs, and where the network has their rows.
//!
//! Every term goes through here, so the loops are short and do not branch on what a term is. Pairs
//! that may have a weight are noted first and looked up after, so that the processor waits for several
//! places of memory at once.

use super::clause::hush;
use super::features::{SKIP, View};
use super::learned::{DENIED, Tally};
use crate::lexicon::hash::hash_pair;
use crate::lexicon::pack::PackedWeights;

/// Working space. Reused from post to post.
#[derive(Debug, Default)]
pub(crate) struct Builtin {
    /// By term: the place of its row in the network.
    pub(crate) places: Vec<u16>,
    /// Pairs that may have a weight, side by side and with one between; those of longer posts before
    /// stand behind.
    pairs: [Vec<Pair>; 2],
}

/// Two terms that may have a weight together.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    hash: u64,
    /// The first of them.
    first: usize,
}

impl Builtin {
    /// Adds what the table says of the terms of a post: to `tally`, and of the polarity by term.
    pub(crate) fn add(
        &mut self,
        table: &PackedWeights<'_>,
        view: &View<'_>,
        unit: f32,
        by_term: &mut [f32],
        tally: &mut Tally,
    ) {
        self.add_words(table, view, unit, by_term, tally);
        let counts = self.find_pairs(table, view);
        for (gap, scale) in [unit, unit * SKIP].into_iter().enumerate() {
            for pair in &self.pairs[gap][..counts[gap]] {
                let weight = table.pairs[gap].get(pair.hash);
                let half = tally.add(weight.map(|w| w * scale)) / 2.0;
                if let [first, .., last] = &mut by_term[pair.first..pair.first + 2 + gap] {
                    *first += half;
                    *last += half;
                }
            }
        }
    }

    fn add_words(
        &mut self,
        table: &PackedWeights<'_>,
        view: &View<'_>,
        unit: f32,
        by_term: &mut [f32],
        tally: &mut Tally,
    ) {
        self.places.clear();
        let grammar = view.grammar.hushed.iter().zip(&view.grammar.negated);
        let terms = view.reading.terms.iter().zip(grammar).zip(by_term);
        self.places.extend(terms.map(|((term, (hushed, denied)), sum)| {
            let row = table.row(term.id);
            let mut weight = table.word(row, false);
            if *denied {
                let [polarity, neutrality] = table.word(row, true);
                weight = [weight[0] * DENIED + polarity, weight[1] + neutrality];
            }
            if hushed & hush::WORD == 0 {
                *sum += tally.add(weight.map(|w| w * unit));
            }
            // Words that the grammar speaks for are unknown to the network.
            if *denied || *hushed != 0 { 0 } else { PackedWeights::place(row) }
        }));
    }

    /// Notes the pairs that may have a weight; returns how many of each kind.
    #[expect(clippy::needless_bitwise_bool, reason = "a branch here would not be foretold")]
    fn find_pairs(&mut self, table: &PackedWeights<'_>, view: &View<'_>) -> [usize; 2] {
        let terms = &view.reading.terms;
        let mut counts = [0; 2];
        for pairs in &mut self.pairs {
            if pairs.len() <= terms.len() {
                pairs.resize(terms.len() + 1, Pair::default());
            }
        }
        for clause in &view.reading.clauses {
            // The ids of the two terms before; 0, an unknown word, makes no pair.
            let mut before = [0; 2];
            let range = clause.first..clause.last;
            for ((at, term), hushed) in range.clone().zip(&terms[range.clone()]).zip(&view.grammar.hushed[range]) {
                let id = if hushed & hush::PAIRS == 0 { term.id } else { 0 };
                for gap in 0..2 {
                    let hash = hash_pair(before[gap], id);
                    let held = table.pairs[gap].may_hold(hash) & (before[gap] != 0) & (id != 0);
                    self.pairs[gap][counts[gap]] = Pair { hash, first: at.wrapping_sub(1 + gap) };
                    counts[gap] += usize::from(held);
                }
                before = [id, before[0]];
            }
        }
        counts
    }
}
