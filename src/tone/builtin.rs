//! What a built-in table says of a post: its words, its pairs, and where network and experts have their rows.
//!
//! Every term goes through here, so the loops are short and do not branch on what a term is. Pairs
//! that may have a weight are noted first and looked up after, so that the processor waits for several
//! places of memory at once.

use super::clause::hush;
use super::features::{SKIP, View};
use super::learned::{DENIED, Tally};
use crate::lexicon::hash::hash_pair;
use crate::lexicon::pack::PackedWeights;
use crate::lexicon::row::Learnt;

/// Working space. Reused from post to post.
#[derive(Debug, Default)]
pub(crate) struct Builtin {
    /// By term: the place of its row in the network, nought where the grammar speaks for it.
    pub(crate) places: Vec<u16>,
    /// By term: what is learnt of it.
    pub(crate) learnt: Vec<Learnt>,
    /// Pairs that may have a weight, side by side and with one between; those of longer posts before
    /// stand behind.
    pairs: [Vec<Pair>; 2],
    /// Pairs that the filter lets by: hash and first term.
    hashes: Vec<(u64, usize)>,
}

/// Two terms that may have a weight together.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    ids: [u32; 2],
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
        let counts = self.find_pairs(view);
        for (gap, scale) in [unit, unit * SKIP].into_iter().enumerate() {
            let table = &table.pairs[gap];
            // Pairs of which each word is in some other pair are many: a filter leaves few of them.
            let mut count = 0;
            for pair in &self.pairs[gap][..counts[gap]] {
                let hash = hash_pair(pair.ids[0], pair.ids[1]);
                self.hashes[count] = (hash, pair.first);
                count += usize::from(table.may_hold(hash));
            }
            for (hash, first) in &self.hashes[..count] {
                let half = tally.add(table.get(*hash).map(|w| w * scale)) / 2.0;
                if let [first, .., last] = &mut by_term[*first..*first + 2 + gap] {
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
        self.learnt.clear();
        self.learnt.extend(view.reading.terms.iter().map(|term| table.learnt(term.id)));
        self.places.clear();
        let grammar = view.grammar.hushed.iter().zip(&view.grammar.negated);
        let terms = self.learnt.iter().zip(grammar).zip(by_term);
        self.places.extend(terms.map(|((learnt, (hushed, denied)), sum)| {
            let mut weight = table.weight(*learnt, false);
            if *denied {
                let [polarity, neutrality] = table.weight(*learnt, true);
                weight = [weight[0] * DENIED + polarity, weight[1] + neutrality];
            }
            if hushed & hush::WORD == 0 {
                *sum += tally.add(weight.map(|w| w * unit));
            }
            // Words that the grammar speaks for are unknown to the network.
            if *denied || *hushed != 0 { 0 } else { learnt.place() }
        }));
    }

    /// Notes the pairs whose words are each part of some pair; returns how many of each kind. There is no
    /// branch on what a term is: nothing would foretell it.
    fn find_pairs(&mut self, view: &View<'_>) -> [usize; 2] {
        let terms = &view.reading.terms;
        let mut counts = [0; 2];
        for pairs in &mut self.pairs {
            if pairs.len() <= terms.len() {
                pairs.resize(terms.len() + 1, Pair::default());
            }
        }
        self.hashes.resize(terms.len() + 1, (0, 0));
        for clause in &view.reading.clauses {
            // The two terms before, with the pairs that they are part of.
            let mut before = [(0, 0); 2];
            let range = clause.first..clause.last;
            let found = terms[range.clone()].iter().zip(&self.learnt[range.clone()]);
            for ((at, hushed), (term, learnt)) in range.clone().zip(&view.grammar.hushed[range]).zip(found) {
                let bits = if hushed & hush::PAIRS == 0 { learnt.pairs() } else { 0 };
                for gap in 0..2 {
                    let (id, first_of) = before[gap];
                    self.pairs[gap][counts[gap]] = Pair { ids: [id, term.id], first: at.wrapping_sub(1 + gap) };
                    let held = first_of & Learnt::FIRST[gap] != 0 && bits & Learnt::SECOND[gap] != 0;
                    counts[gap] += usize::from(held);
                }
                before = [(term.id, bits), before[0]];
            }
        }
        counts
    }
}
