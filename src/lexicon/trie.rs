//! Patterns over term ids: a trie whose edges are words, slots or "any word".
//!
//! A single word is a pattern of length one, so every lexicon row is found by the same walk. The
//! first step is an array lookup by id; only words that begin a longer pattern pay for more.

use super::hash::hash_pair;
use super::slot;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

/// The edges' keys are hashes already.
#[derive(Default, Clone)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

type Edges = HashMap<u64, u32, BuildHasherDefault<AsIs>>;

/// A trie of patterns; the owner keeps what each node means, by node number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trie {
    /// Node of each first word, by id; 0 where no pattern begins with it.
    first: Vec<u32>,
    edges: Edges,
    /// By node: whether any edge leaves it, and whether an "any word" edge does.
    leaves: Vec<(bool, bool)>,
}

/// How many branches of wildcards are followed at once. Patterns of ours never need more than three.
const BRANCHES: usize = 8;

impl Trie {
    /// The node of a sequence of ids, made if it is not there. Node 0 is the root.
    pub(crate) fn insert(&mut self, sequence: &[u32]) -> u32 {
        sequence.iter().fold(0, |node, id| self.child(node, *id))
    }

    /// The nodes that a pattern's sequences end in, made where they are not there. Beginnings that
    /// sequences share are walked once, so the cost is that of the nodes.
    pub(crate) fn insert_all(&mut self, places: &[Vec<Vec<u32>>]) -> Vec<u32> {
        let mut ends = vec![0];
        for choices in places {
            let mut next = Vec::with_capacity(ends.len() * choices.len());
            for &end in &ends {
                for choice in choices {
                    next.push(choice.iter().fold(end, |node, id| self.child(node, *id)));
                }
            }
            ends = next;
        }
        ends.retain(|node| *node != 0);
        ends
    }

    fn child(&mut self, node: u32, id: u32) -> u32 {
        if self.leaves.is_empty() {
            self.leaves.push((false, false));
        }
        if node == 0 {
            let index = id as usize;
            if self.first.len() <= index {
                self.first.resize(index + 1, 0);
            }
            if self.first[index] == 0 {
                self.first[index] = self.grow();
            }
            return self.first[index];
        }
        let leaves = &mut self.leaves[node as usize];
        leaves.0 = true;
        leaves.1 |= id == slot::ANY;
        let fresh = self.leaves.len();
        match self.edges.entry(hash_pair(node, id)) {
            Entry::Occupied(e) => *e.get(),
            Entry::Vacant(e) => {
                self.leaves.push((false, false));
                #[expect(clippy::cast_possible_truncation, reason = "a lexicon has far fewer nodes")]
                let fresh = fresh as u32;
                *e.insert(fresh)
            }
        }
    }

    fn grow(&mut self) -> u32 {
        self.leaves.push((false, false));
        #[expect(clippy::cast_possible_truncation, reason = "a lexicon has far fewer nodes")]
        let node = (self.leaves.len() - 1) as u32;
        node
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.leaves.len()
    }

    /// Whether some pattern begins with this id.
    #[inline]
    pub(crate) fn starts(&self, id: u32) -> bool {
        self.first.get(id as usize).is_some_and(|n| *n != 0)
    }

    /// Walks every pattern that begins with the first of `ids`; `found` gets each node and its length.
    ///
    /// `ids` may be lazy: it is read no further than some pattern reaches, and an end (a clause break)
    /// ends every pattern.
    #[inline]
    pub(crate) fn walk(&self, mut ids: impl Iterator<Item = u32>, mut found: impl FnMut(u32, usize)) {
        let Some(id) = ids.next() else { return };
        let Some(&node) = self.first.get(id as usize) else { return };
        if node == 0 {
            return;
        }
        found(node, 1);
        if !self.leaves[node as usize].0 {
            return;
        }
        let mut frontier = [0u32; BRANCHES];
        frontier[0] = node;
        let mut width = 1;
        let mut length = 1;
        while width > 0 {
            let Some(id) = ids.next() else { return };
            length += 1;
            let mut next = [0u32; BRANCHES];
            let mut next_width = 0;
            for &node in &frontier[..width] {
                let (any, wild) = self.leaves[node as usize];
                if !any {
                    continue;
                }
                let steps = [Some(id).filter(|id| *id != 0), wild.then_some(slot::ANY)];
                for step in steps.into_iter().flatten() {
                    if let Some(&child) = self.edges.get(&hash_pair(node, step)) {
                        found(child, length);
                        if next_width < BRANCHES {
                            next[next_width] = child;
                            next_width += 1;
                        }
                    }
                }
            }
            (frontier, width) = (next, next_width);
        }
    }
}
