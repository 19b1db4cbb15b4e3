//! Patterns over term ids: a trie whose edges are words, slots or "any word".
//!
//! A trie grows in [`Trie`] (at build, and for the rows that users add) and is read where it lies in
//! [`Frozen`] (the built-in rows). Both are walked alike: the first step is an array look-up by id, and
//! only words that begin a longer pattern pay for more. A node carries a signature of its children, one
//! bit in 64 for each, so that most steps that lead nowhere are refused without a look at the edges.

use super::hash::hash_pair;
use super::pack::{Table, slots};
use super::slot;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

/// What can be walked.
pub(crate) trait Walk {
    /// The node of a first word; 0 where no pattern begins with it.
    fn first(&self, id: u32) -> u32;
    /// What a node says of its children.
    fn node(&self, node: u32) -> Node;
    /// The child of a node under an id; 0 where there is none. Asked only where the signature allows it.
    fn child(&self, node: u32, id: u32) -> u32;

    /// Whether some pattern begins with this id.
    #[inline]
    fn starts(&self, id: u32) -> bool {
        self.first(id) != 0
    }

    /// Walks every pattern that begins with the first of `ids`; `found` gets each node and its length.
    ///
    /// `ids` may be lazy: it is read no further than some pattern reaches, and an end (a clause break)
    /// ends every pattern.
    #[inline]
    fn walk(&self, mut ids: impl Iterator<Item = u32>, mut found: impl FnMut(u32, usize)) {
        let Some(id) = ids.next() else { return };
        let first = self.first(id);
        if first == 0 {
            return;
        }
        found(first, 1);
        let node = self.node(first);
        if node.signature == 0 && node.any == 0 {
            return;
        }
        let mut frontier = [(0, Node::default()); BRANCHES];
        frontier[0] = (first, node);
        let mut width = 1;
        let mut length = 1;
        while width > 0 {
            let Some(id) = ids.next() else { return };
            length += 1;
            let bit = signature(id);
            let mut next = [(0, Node::default()); BRANCHES];
            let mut next_width = 0;
            for &(at, node) in &frontier[..width] {
                let named = if id != 0 && node.signature & bit != 0 { self.child(at, id) } else { 0 };
                for child in [named, node.any] {
                    if child != 0 {
                        found(child, length);
                        if next_width < BRANCHES {
                            next[next_width] = (child, self.node(child));
                            next_width += 1;
                        }
                    }
                }
            }
            (frontier, width) = (next, next_width);
        }
    }
}

/// How many branches of wildcards are followed at once. Patterns of ours never need more than three.
const BRANCHES: usize = 8;

/// What a node says of its children.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Node {
    /// A bit for each child's id.
    signature: u64,
    /// The child under "any word"; 0 where there is none.
    any: u32,
}

#[inline]
fn signature(id: u32) -> u64 {
    1 << (id.wrapping_mul(0x9E37_79B9) >> 26)
}

/// A trie that grows; the owner keeps what each node means, by node number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trie {
    /// Node of each first word, by id; 0 where no pattern begins with it.
    first: Vec<u32>,
    /// By parent and id.
    edges: HashMap<(u32, u32), u32>,
    /// Node 0 is the root.
    nodes: Vec<Node>,
}

impl Walk for Trie {
    #[inline]
    fn first(&self, id: u32) -> u32 {
        self.first.get(id as usize).copied().unwrap_or(0)
    }

    #[inline]
    fn node(&self, node: u32) -> Node {
        self.nodes.get(node as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn child(&self, node: u32, id: u32) -> u32 {
        self.edges.get(&(node, id)).copied().unwrap_or(0)
    }
}

impl Trie {
    /// The node of a sequence of ids, made if it is not there.
    pub(crate) fn insert(&mut self, sequence: &[u32]) -> u32 {
        sequence.iter().fold(0, |node, id| self.grow(node, *id))
    }

    /// The nodes that a pattern's sequences end in, made where they are not there. Beginnings that
    /// sequences share are walked once, so the cost is that of the nodes.
    pub(crate) fn insert_all(&mut self, places: &[Vec<Vec<u32>>]) -> Vec<u32> {
        let mut ends = vec![0];
        for choices in places {
            let mut next = Vec::with_capacity(ends.len() * choices.len());
            for &end in &ends {
                for choice in choices {
                    next.push(choice.iter().fold(end, |node, id| self.grow(node, *id)));
                }
            }
            ends = next;
        }
        ends.retain(|node| *node != 0);
        ends
    }

    /// The ids that patterns begin with.
    pub(crate) fn starters(&self) -> Vec<u32> {
        (0..).zip(&self.first).filter(|(_, node)| **node != 0).map(|(id, _)| id).collect()
    }

    /// How many nodes there are, the root among them.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn grow(&mut self, node: u32, id: u32) -> u32 {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        #[expect(clippy::cast_possible_truncation, reason = "a lexicon has far fewer nodes")]
        let fresh = self.nodes.len() as u32;
        if node == 0 {
            let index = id as usize;
            if self.first.len() <= index {
                self.first.resize(index + 1, 0);
            }
            if self.first[index] == 0 {
                self.first[index] = fresh;
                self.nodes.push(Node::default());
            }
            return self.first[index];
        }
        match self.edges.entry((node, id)) {
            Entry::Occupied(e) => *e.get(),
            Entry::Vacant(e) => {
                e.insert(fresh);
                let parent = &mut self.nodes[node as usize];
                if id == slot::ANY {
                    parent.any = fresh;
                } else {
                    parent.signature |= signature(id);
                }
                self.nodes.push(Node::default());
                fresh
            }
        }
    }

    /// Writes the trie for [`Frozen::read`], nodes numbered anew: what follows the commonest first words
    /// comes first. Gives the old number of each new node.
    #[expect(clippy::cast_possible_truncation, reason = "a lexicon has far fewer nodes")]
    pub(crate) fn freeze(&self, out: &mut Vec<u8>) -> Vec<u32> {
        let mut children: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        for ((parent, id), child) in &self.edges {
            children.entry(*parent).or_default().push((*id, *child));
        }
        let mut order = vec![0u32];
        order.extend(self.first.iter().filter(|n| **n != 0));
        let mut at = 1;
        while at < order.len() {
            let mut below = children.remove(&order[at]).unwrap_or_default();
            below.sort_unstable();
            order.extend(below.iter().map(|(_, child)| *child));
            at += 1;
        }
        let mut number = vec![0u32; self.nodes.len()];
        for (new, old) in order.iter().enumerate() {
            number[*old as usize] = new as u32;
        }
        let mut edges: Vec<(u64, u32)> = self
            .edges
            .iter()
            .filter(|((_, id), _)| *id != slot::ANY)
            .map(|((parent, id), child)| (hash_pair(number[*parent as usize], *id), number[*child as usize]))
            .collect();
        edges.sort_unstable();
        let (bits, edges) = slots(&edges);
        for field in [self.first.len() as u32, order.len() as u32, bits] {
            out.extend(field.to_le_bytes());
        }
        self.first.iter().for_each(|node| out.extend(number[*node as usize].to_le_bytes()));
        for old in &order {
            let node = self.nodes[*old as usize];
            out.extend(node.signature.to_le_bytes());
            out.extend(number[node.any as usize].to_le_bytes());
        }
        out.extend(edges);
        order
    }
}

/// Bytes of a frozen node: signature, "any word" child.
const NODE: usize = 12;

/// A trie that is read where it lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frozen<'a> {
    first: &'a [[u8; 4]],
    nodes: &'a [[u8; NODE]],
    edges: Table<'a>,
}

impl<'a> Frozen<'a> {
    /// Reads what [`Trie::freeze`] wrote; gives the bytes after it.
    pub(crate) fn read(bytes: &'a [u8]) -> (Self, &'a [u8]) {
        let field = |i: usize| super::pack::field(bytes, i);
        let (first, rest) = bytes[12..].split_at(field(0) * 4);
        let (nodes, rest) = rest.split_at(field(1) * NODE);
        let (edges, rest) = Table::cut(rest, field(2));
        (Self { first: first.as_chunks().0, nodes: nodes.as_chunks().0, edges }, rest)
    }
}

impl Walk for Frozen<'_> {
    #[inline]
    fn first(&self, id: u32) -> u32 {
        self.first.get(id as usize).map_or(0, |n| u32::from_le_bytes(*n))
    }

    #[inline]
    fn node(&self, node: u32) -> Node {
        let Some([a, b, c, d, e, f, g, h, any @ ..]) = self.nodes.get(node as usize).copied() else {
            return Node::default();
        };
        Node { signature: u64::from_le_bytes([a, b, c, d, e, f, g, h]), any: u32::from_le_bytes(any) }
    }

    #[inline]
    fn child(&self, node: u32, id: u32) -> u32 {
        self.edges.get(hash_pair(node, id))
    }
}
