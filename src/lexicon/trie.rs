//! Patterns over term ids: a trie whose edges are words, slots or "any word".
//!
//! A trie grows in [`Trie`] (at build, and for the rows that users add) and is read where it lies in
//! [`Frozen`] (the built-in rows). Both are walked alike: the first step is an array look-up by id, and
//! only words that begin a longer pattern pay for more. A node carries a signature of its children, one
//! bit in 64 for each, so that most steps that lead nowhere are refused without a look at the edges.

use super::slot;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

/// What can be walked.
pub(crate) trait Walk {
    /// The node of a first word; 0 where no pattern begins with it.
    fn first(&self, id: u32) -> u32;
    /// What a node says of itself and of its children.
    fn node(&self, node: u32) -> Node;
    /// The child of a node under an id; 0 where there is none. Asked only where the signature allows it.
    fn child(&self, number: u32, node: &Node, id: u32) -> u32;

    /// Whether some pattern begins with this id.
    #[inline]
    fn starts(&self, id: u32) -> bool {
        self.first(id) != 0
    }

    /// Walks every pattern that begins with the first of `ids`; `found` gets the entry of each node
    /// that has one, and its length.
    ///
    /// `ids` may be lazy: it is read no further than some pattern reaches, and an end (a clause break)
    /// ends every pattern. One path is followed for as long as there is only one, which is nearly always.
    #[inline]
    fn walk(&self, mut ids: impl Iterator<Item = u32>, found: impl FnMut(u32, usize)) {
        let Some(id) = ids.next() else { return };
        let first = self.first(id);
        if first != 0 {
            self.walk_from(first, ids, found);
        }
    }

    /// The same from the node of the first word on; `ids` are those after it.
    #[inline]
    fn walk_from(&self, mut number: u32, mut ids: impl Iterator<Item = u32>, mut found: impl FnMut(u32, usize)) {
        for length in 1.. {
            let node = self.node(number);
            if node.entry != 0 {
                found(node.entry, length);
            }
            if !node.leads_on() {
                return;
            }
            let Some(id) = ids.next() else { return };
            number = match [self.named(number, &node, id), node.any] {
                [0, 0] => return,
                [0, only] | [only, 0] => only,
                both => return self.walk_branches(both, length + 1, ids, found),
            };
        }
    }

    /// The same from two nodes of one depth on: a word and "any word" both lead on.
    #[inline(never)]
    fn walk_branches(
        &self,
        [named, any]: [u32; 2],
        mut length: usize,
        mut ids: impl Iterator<Item = u32>,
        mut found: impl FnMut(u32, usize),
    ) {
        let mut numbers = [0; 2 * BRANCHES];
        numbers[..2].copy_from_slice(&[named, any]);
        let mut width = 2;
        while width > 0 {
            let (mut frontier, mut leading) = ([(0, Node::default()); BRANCHES], 0);
            for &number in &numbers[..width] {
                let node = self.node(number);
                if node.entry != 0 {
                    found(node.entry, length);
                }
                if leading < BRANCHES && node.leads_on() {
                    frontier[leading] = (number, node);
                    leading += 1;
                }
            }
            let Some(id) = ids.next() else { return };
            length += 1;
            width = 0;
            for (number, node) in &frontier[..leading] {
                for next in [self.named(*number, node, id), node.any] {
                    if next != 0 {
                        numbers[width] = next;
                        width += 1;
                    }
                }
            }
        }
    }

    /// The child of a node under a word; 0 where there is none, or the word is unknown.
    #[inline]
    fn named(&self, number: u32, node: &Node, id: u32) -> u32 {
        if id != 0 && node.signature & signature(id) != 0 { self.child(number, node, id) } else { 0 }
    }
}

/// How many branches of wildcards are followed at once. Patterns of ours never need more than three.
const BRANCHES: usize = 8;

/// What a node says of itself and of its children.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Node {
    /// A bit for each child's id.
    pub(crate) signature: u64,
    /// The child under "any word"; 0 where there is none.
    pub(crate) any: u32,
    /// What the node means: the owner's number, 0 where it means nothing.
    pub(crate) entry: u32,
    /// Its children, where they are numbered one after another.
    children: (u32, u32),
}

impl Node {
    /// Whether some pattern goes on after it.
    #[inline]
    fn leads_on(&self) -> bool {
        self.signature != 0 || self.any != 0
    }
}

/// The bit of an id in the signature of a node.
#[inline]
pub(crate) fn signature(id: u32) -> u64 {
    1 << (id.wrapping_mul(0x9E37_79B9) >> 26)
}

/// A trie that grows.
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
    fn child(&self, number: u32, _: &Node, id: u32) -> u32 {
        self.edges.get(&(number, id)).copied().unwrap_or(0)
    }
}

impl Trie {
    /// Whether some pattern may match a word that another follows (0: an unknown one).
    pub(crate) fn may_match(&self, id: u32, next: Option<u32>) -> bool {
        let first = self.first(id);
        if first == 0 {
            return false;
        }
        let node = self.node(first);
        node.entry != 0 || next.is_some_and(|next| node.any != 0 || node.signature & signature(next) != 0)
    }

    /// Gives a node a meaning: a number of the owner's, not 0.
    pub(crate) fn mean(&mut self, node: u32, entry: u32) {
        self.nodes[node as usize].entry = entry;
    }

    /// What a node means; 0 where it means nothing.
    pub(crate) fn entry(&self, node: u32) -> u32 {
        self.nodes[node as usize].entry
    }

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

    /// Writes the trie for [`Frozen::read`]. Nodes are numbered anew: what follows the commonest first
    /// words comes first, and the children of a node one after another, by their ids.
    #[expect(clippy::cast_possible_truncation, reason = "a lexicon has far fewer nodes")]
    pub(crate) fn freeze(&self, out: &mut Vec<u8>) {
        let mut children: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
        for ((parent, id), child) in &self.edges {
            children.entry(*parent).or_default().push((*id, *child));
        }
        // By new number: the old one, and the id that leads there.
        let mut order = vec![(0u32, 0u32)];
        order.extend((0..).zip(&self.first).filter(|(_, n)| **n != 0).map(|(id, n)| (*n, id)));
        let mut spans = vec![(0u32, 0u32)];
        let mut at = 1;
        while at < order.len() {
            let mut below = children.remove(&order[at].0).unwrap_or_default();
            below.sort_unstable();
            spans.push((order.len() as u32, below.len() as u32));
            order.extend(below.iter().map(|(id, child)| (*child, *id)));
            at += 1;
        }
        let mut number = vec![0u32; self.nodes.len().max(1)];
        for (new, (old, _)) in order.iter().enumerate() {
            number[*old as usize] = new as u32;
        }
        for field in [self.first.len() as u32, order.len() as u32] {
            out.extend(field.to_le_bytes());
        }
        self.first.iter().for_each(|node| out.extend(number[*node as usize].to_le_bytes()));
        for ((old, _), (from, count)) in order.iter().zip(spans) {
            let node = self.node(*old);
            out.extend(node.signature.to_le_bytes());
            for field in [number[node.any as usize], node.entry, from, count] {
                out.extend(field.to_le_bytes());
            }
        }
        out.extend(order.iter().flat_map(|(_, id)| id.to_le_bytes()));
    }
}

/// Bytes of a frozen node: signature, "any word" child, entry, first child, children.
const NODE: usize = 24;

/// A trie that is read where it lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frozen<'a> {
    first: &'a [[u8; 4]],
    nodes: &'a [[u8; NODE]],
    /// By node: the id that leads there.
    ids: &'a [[u8; 4]],
}

impl<'a> Frozen<'a> {
    /// Reads what [`Trie::freeze`] wrote; gives the bytes after it.
    pub(crate) fn read(bytes: &'a [u8]) -> (Self, &'a [u8]) {
        let [firsts, nodes] = [0, 1].map(|i| super::pack::field(bytes, i));
        let (first, rest) = bytes[8..].split_at(firsts * 4);
        let (packed, rest) = rest.split_at(nodes * NODE);
        let (ids, rest) = rest.split_at(nodes * 4);
        (Self { first: first.as_chunks().0, nodes: packed.as_chunks().0, ids: ids.as_chunks().0 }, rest)
    }
}

impl Walk for Frozen<'_> {
    #[inline]
    fn first(&self, id: u32) -> u32 {
        self.first.get(id as usize).map_or(0, |n| u32::from_le_bytes(*n))
    }

    #[inline]
    fn node(&self, node: u32) -> Node {
        let Some(bytes) = self.nodes.get(node as usize) else { return Node::default() };
        let field = |i: usize| u32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]);
        Node {
            signature: u64::from(field(0)) | u64::from(field(4)) << 32,
            any: field(8),
            entry: field(12),
            children: (field(16), field(20)),
        }
    }

    #[inline]
    fn child(&self, _: u32, node: &Node, id: u32) -> u32 {
        let (from, count) = node.children;
        let ids = self.ids.get(from as usize..(from + count) as usize).unwrap_or(&[]);
        let place = ids.partition_point(|other| u32::from_le_bytes(*other) < id);
        match ids.get(place) {
            #[expect(clippy::cast_possible_truncation, reason = "a place among a node's children")]
            Some(found) if u32::from_le_bytes(*found) == id => from + place as u32,
            _ => 0,
        }
    }
}
