//! Which texts tell one story: the index of the bands, and the groups that its links make (union-find).
//!
//! In: texts, one after the other. Out: for each, the text that its story began with and the story's
//! posts. Never saved: it follows from the texts and their order.
//!
//! Sixteen places in a table of many megabytes are sixteen waits for memory, which is what a post costs
//! here. The table is therefore one plain array, half empty, and all places of a text are asked for
//! before the first is looked at, so that the waits run side by side.

use super::seed::Seed;
use super::shingle::{BANDS, Outline, alike};

/// Texts of one bucket that a newcomer is compared with, the latest first.
const DEPTH: usize = 48;
pub(super) const NONE: u32 = u32::MAX;

/// A distinct text of a day.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Text {
    pub(super) day: i64,
    pub(super) signature: u64,
    pub(super) posts: u64,
    pub(super) first: Seed,
    pub(super) last: i64,
    pub(super) features: Box<[u32]>,
    pub(super) bands: [u32; BANDS],
    pub(super) partial: bool,
    pub(super) words: u32,
    pub(super) cut: bool,
}

impl Text {
    pub(super) fn key(&self) -> (i64, u64) {
        (self.day, self.signature)
    }

    fn outline(&self) -> Outline<'_> {
        Outline { features: &self.features, partial: self.partial, words: self.words, cut: self.cut }
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.key() == other.key() && self.posts == other.posts && self.first == other.first && self.last == other.last
    }
}

/// The latest text of each bucket: an open table of keys and places, in one number each.
#[derive(Debug, Clone, Default)]
struct Heads {
    /// `key << 32 | place + 1`; 0 where nothing is.
    slots: Vec<u64>,
    used: usize,
}

impl Heads {
    /// Room for so many buckets.
    fn reserve(&mut self, buckets: usize) {
        let size = (buckets * 2).next_power_of_two().max(1 << 10);
        if size <= self.slots.len() {
            return;
        }
        for slot in std::mem::replace(&mut self.slots, vec![0; size]) {
            if slot != 0 {
                let at = self.find((slot >> 32) as u32);
                self.slots[at] = slot;
            }
        }
    }

    /// Where a key is, or where it would be.
    #[inline]
    fn find(&self, key: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots[at] != 0 && (self.slots[at] >> 32) as u32 != key {
            at = (at + 1) & mask;
        }
        at
    }

    /// Puts a text at the head of its buckets; gives those that were there.
    #[expect(clippy::cast_possible_truncation, reason = "a place is the low half of a slot")]
    fn push(&mut self, keys: &[u32; BANDS], place: u32) -> [u32; BANDS] {
        if (self.used + BANDS) * 2 > self.slots.len() {
            self.reserve(self.used * 2 + BANDS);
        }
        let mask = self.slots.len() - 1;
        std::hint::black_box(keys.iter().fold(0, |all, key| all ^ self.slots[*key as usize & mask]));
        keys.map(|key| {
            let at = self.find(key);
            let before = self.slots[at];
            self.slots[at] = u64::from(key) << 32 | (u64::from(place) + 1);
            self.used += usize::from(before == 0);
            (before as u32).wrapping_sub(1)
        })
    }
}

/// The links between texts, which are named by their places.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// The latest text of a bucket, and for each text the one before it, band by band.
    heads: Heads,
    next: Vec<[u32; BANDS]>,
    /// The last text that was compared with each: two texts that meet in several bands are compared once.
    compared: Vec<u32>,
    parent: Vec<u32>,
    /// For the text that stands for a story: the story's first text, and its posts.
    stories: Vec<(u32, u64)>,
}

impl Links {
    /// Room for so many texts.
    pub(super) fn reserve(&mut self, texts: usize) {
        self.heads.reserve(texts * BANDS);
        self.next.reserve(texts);
    }

    /// Texts taken in.
    pub(super) fn len(&self) -> usize {
        self.parent.len()
    }

    /// Takes in the next text and links it to those of its buckets that it is a copy of.
    pub(super) fn insert<'a>(&mut self, place: u32, text: impl Fn(u32) -> &'a Text, similarity: f32) {
        let mine = text(place);
        self.parent.push(place);
        self.stories.push((place, mine.posts));
        self.compared.push(place);
        let others = self.heads.push(&mine.bands, place);
        self.next.push(others);
        for (band, mut other) in others.into_iter().enumerate() {
            for _ in 0..DEPTH {
                if other == NONE || other == place {
                    break;
                }
                if std::mem::replace(&mut self.compared[other as usize], place) != place {
                    let (a, b) = (self.root(place), self.root(other));
                    if a != b && alike(mine.outline(), text(other).outline(), similarity) {
                        self.unite(a, b, &text);
                    }
                }
                other = self.next[other as usize][band];
            }
        }
    }

    fn unite<'a>(&mut self, a: u32, b: u32, text: &impl Fn(u32) -> &'a Text) {
        let ((first, posts), (other, more)) = (self.stories[a as usize], self.stories[b as usize]);
        let earlier = text(other).first.before(&text(first).first);
        self.parent[a as usize] = b;
        self.stories[b as usize] = (if earlier { other } else { first }, posts + more);
    }

    /// The text that stands for a text's story; halves the path on its way.
    pub(super) fn root(&mut self, mut place: u32) -> u32 {
        while self.parent[place as usize] != place {
            let above = self.parent[self.parent[place as usize] as usize];
            self.parent[place as usize] = above;
            place = above;
        }
        place
    }

    pub(super) fn grow(&mut self, place: u32, posts: u64) {
        let root = self.root(place);
        self.stories[root as usize].1 += posts;
    }

    /// The first text and the posts of a text's story.
    pub(super) fn story(&mut self, place: u32) -> (u32, u64) {
        let root = self.root(place);
        self.stories[root as usize]
    }
}
