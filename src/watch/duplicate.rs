//! Near-duplicates in one pass: the press echo of one story is one story, with a count.
//!
//! In: posts. Out, at once, a [`Sighting`]: which story a post belongs to, how many posts it has by
//! now, whether this one is a copy. Out, at the end, [`Story`] records. Texts that meet in a `MinHash`
//! band (see `shingle`) and are alike are linked; a story is a connected group of links.
//!
//! What is kept is a table of *distinct texts by day*, each with its count and first post; stories are
//! computed from that table in a fixed order. So merging shards is adding tables, and gives what one
//! pass over everything would have given. A sighting, by contrast, knows only what came before it.
//!
//! Memory is bounded: the latest `max_texts` distinct texts of the latest `days` days are kept (about
//! half a kilobyte each), older days first to go, by key and never by order of arrival, so that forgetting and
//! merging commute. About 1.5 us a post; a bucket is searched 48 texts deep at most, so a flood of one
//! template costs the same.

use super::config::StoryConfig;
use super::shingle::{BANDS, Outline, Shape, alike};
use super::skim::{Skim, mix, pair};
use super::time::DAY;
use crate::post::Post;
use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Texts of one bucket that a newcomer is compared with, the latest first.
const DEPTH: usize = 48;
const NONE: u32 = u32::MAX;
/// Bytes of the first post's text that a story is shown by.
const EXCERPT: usize = 140;

/// Keys are hashes already.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pass(u64);

impl Hasher for Pass {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = mix(self.0 ^ u64::from(*b));
        }
    }
    fn write_u32(&mut self, n: u32) {
        self.0 = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

/// A table keyed by hashes.
pub(crate) type ByHash<K, V> = HashMap<K, V, BuildHasherDefault<Pass>>;

/// The post a story began with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Origin {
    /// When, in seconds since the epoch; absent where the post has no usable time.
    pub at: Option<i64>,
    /// Its id.
    pub id: Option<String>,
    /// Its author.
    pub author: Option<String>,
    /// How its text begins.
    pub excerpt: String,
}

impl Origin {
    fn of(post: &Post, at: Option<i64>) -> Self {
        let mut end = post.text.len().min(EXCERPT);
        while !post.text.is_char_boundary(end) {
            end -= 1;
        }
        Self { at, id: post.id.clone(), author: post.author.clone(), excerpt: post.text[..end].to_owned() }
    }

    /// Whether this one came first; a post without a time comes after any other.
    fn before(&self, other: &Self) -> bool {
        let key = |o: &Self| o.at.unwrap_or(i64::MAX);
        (key(self), &self.id, &self.author, &self.excerpt) < (key(other), &other.id, &other.author, &other.excerpt)
    }
}

/// A distinct text of a day.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Text {
    day: i64,
    signature: u64,
    posts: u64,
    first: Origin,
    last: i64,
    features: Box<[u32]>,
    bands: [u32; BANDS],
    partial: bool,
    words: u32,
    cut: bool,
    /// The next text of the same bucket, band by band.
    #[cfg_attr(feature = "serde", serde(skip))]
    next: [u32; BANDS],
    /// Union-find: the text that stands for the story, and the posts under it.
    #[cfg_attr(feature = "serde", serde(skip))]
    parent: u32,
    #[cfg_attr(feature = "serde", serde(skip))]
    total: u64,
}

impl Text {
    fn key(&self) -> (i64, u64) {
        (self.day, self.signature)
    }

    fn outline(&self) -> Outline<'_> {
        Outline { features: &self.features, partial: self.partial, words: self.words, cut: self.cut }
    }

    fn same(&self, other: &Self) -> bool {
        self.key() == other.key() && self.posts == other.posts && self.first == other.first && self.last == other.last
    }
}

/// What is known of a post's story at the moment it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The story: the signature of the text it began with.
    pub story: u64,
    /// Posts of the story so far, this one included.
    pub posts: u64,
    /// Whether another post of the story came before.
    pub copy: bool,
    /// The id of the post it began with, where that has one.
    pub first: Option<String>,
}

/// Posts that tell one story in nearly the same words.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Story {
    /// The signature of the text it began with.
    pub id: u64,
    /// Posts.
    pub posts: u64,
    /// Different texts among them.
    pub texts: u64,
    /// The first post.
    pub first: Origin,
    /// When the last one came.
    pub last: Option<i64>,
}

/// Every story of a corpus, and the story of every text.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// Stories of two posts and more, the largest first.
    pub stories: Vec<Story>,
    /// Place in `stories` by signature of a text.
    pub(crate) of_text: ByHash<u64, u32>,
}

/// Finds near-duplicates, post by post; mergeable.
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Saved", into = "Saved"))]
pub struct Stories {
    config: StoryConfig,
    texts: Vec<Text>,
    by_key: ByHash<u64, u32>,
    heads: ByHash<u32, u32>,
    skim: Skim,
    pub(crate) shape: Shape,
}

#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Saved {
    config: StoryConfig,
    texts: Vec<Text>,
}

impl From<Saved> for Stories {
    fn from(saved: Saved) -> Self {
        let mut stories = Self::new(saved.config);
        saved.texts.into_iter().for_each(|text| stories.add(text));
        stories.forget();
        stories
    }
}

impl From<Stories> for Saved {
    fn from(stories: Stories) -> Self {
        let order = stories.order();
        let texts = order.iter().map(|i| stories.texts[*i].clone()).collect();
        Self { config: stories.config, texts }
    }
}

/// Two are equal when the same texts were seen as often and first at the same place.
impl PartialEq for Stories {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.order(), other.order());
        self.config == other.config
            && a.len() == b.len()
            && a.iter().zip(&b).all(|(i, j)| self.texts[*i].same(&other.texts[*j]))
    }
}

impl Stories {
    /// Nothing seen yet.
    pub fn new(config: StoryConfig) -> Self {
        Self { config, ..Self::default() }
    }

    /// Reads a post; `at` is its second since the epoch. `None` for a text too short to be a story.
    pub fn observe(&mut self, post: &Post, at: Option<i64>) -> Option<Sighting> {
        let mut skim = std::mem::take(&mut self.skim);
        skim.read(&post.text);
        let sighting = self.observe_skim(&skim, post, at);
        self.skim = skim;
        sighting
    }

    pub(crate) fn observe_skim(&mut self, skim: &Skim, post: &Post, at: Option<i64>) -> Option<Sighting> {
        let mut shape = std::mem::take(&mut self.shape);
        shape.read(skim);
        let sighting = (shape.words as usize >= self.config.min_words).then(|| {
            let day = at.map_or(i64::MIN, |at| at.div_euclid(DAY));
            let last = at.unwrap_or(i64::MIN);
            let known = self.by_key.get(&table_key(day, shape.signature)).copied();
            let place = match known {
                Some(place) => {
                    let text = &mut self.texts[place as usize];
                    text.posts += 1;
                    text.last = text.last.max(last);
                    // Only a post that may be the first is worth a copy of its names.
                    if at.unwrap_or(i64::MAX) <= text.first.at.unwrap_or(i64::MAX) {
                        let origin = Origin::of(post, at);
                        if origin.before(&text.first) {
                            text.first = origin;
                        }
                    }
                    let root = self.root(place);
                    self.texts[root as usize].total += 1;
                    place
                }
                None => self.insert(Text {
                    day,
                    signature: shape.signature,
                    posts: 1,
                    first: Origin::of(post, at),
                    last,
                    features: shape.features.as_slice().into(),
                    bands: shape.bands,
                    partial: shape.partial,
                    words: shape.words,
                    cut: shape.cut,
                    next: [NONE; BANDS],
                    parent: NONE,
                    total: 1,
                }),
            };
            let root = self.root(place);
            let root = &self.texts[root as usize];
            Sighting { story: root.signature, posts: root.total, copy: root.total > 1, first: root.first.id.clone() }
        });
        self.shape = shape;
        if self.texts.len() > self.config.max_texts + self.config.max_texts / 4 {
            self.forget();
        }
        sighting
    }

    /// Adds what another one has seen.
    pub fn merge(&mut self, other: Self) {
        other.texts.into_iter().for_each(|text| self.add(text));
        self.forget();
    }

    fn add(&mut self, mut text: Text) {
        if let Some(place) = self.by_key.get(&table_key(text.day, text.signature)).copied() {
            let root = self.root(place) as usize;
            self.texts[root].total += text.posts;
            let known = &mut self.texts[place as usize];
            known.posts += text.posts;
            known.last = known.last.max(text.last);
            if text.first.before(&known.first) {
                known.first = text.first;
            }
        } else {
            (text.total, text.parent, text.next) = (text.posts, NONE, [NONE; BANDS]);
            self.insert(text);
        }
    }

    /// Puts a new text into the table and links it to what it is like.
    fn insert(&mut self, text: Text) -> u32 {
        let place = u32::try_from(self.texts.len()).unwrap_or(NONE - 1);
        self.by_key.insert(table_key(text.day, text.signature), place);
        self.texts.push(text);
        self.texts[place as usize].parent = place;
        for band in 0..BANDS {
            let key = self.texts[place as usize].bands[band];
            let head = self.heads.insert(key, place).unwrap_or(NONE);
            self.texts[place as usize].next[band] = head;
            self.link(place, head, band);
        }
        place
    }

    /// Links a text to those of a bucket that it is a copy of.
    fn link(&mut self, place: u32, head: u32, band: usize) {
        let mut other = head;
        for _ in 0..DEPTH {
            if other == NONE {
                return;
            }
            let (mine, theirs) = (self.root(place), self.root(other));
            if mine != theirs {
                let (a, b) = (&self.texts[place as usize], &self.texts[other as usize]);
                if alike(a.outline(), b.outline(), self.config.similarity) {
                    self.unite(mine, theirs);
                }
            }
            other = self.texts[other as usize].next[band];
        }
    }

    fn unite(&mut self, a: u32, b: u32) {
        let first = self.texts[b as usize].first.before(&self.texts[a as usize].first);
        let (root, child) = if first { (b, a) } else { (a, b) };
        self.texts[child as usize].parent = root;
        self.texts[root as usize].total += self.texts[child as usize].total;
    }

    /// The text that stands for a text's story; halves the path on its way.
    fn root(&mut self, mut place: u32) -> u32 {
        while self.texts[place as usize].parent != place {
            let up = self.texts[place as usize].parent;
            let above = self.texts[up as usize].parent;
            self.texts[place as usize].parent = above;
            place = above;
        }
        place
    }

    /// Places of the texts that are kept, oldest key first.
    fn order(&self) -> Vec<usize> {
        let days: BTreeSet<i64> = self.texts.iter().map(|t| t.day).collect();
        let oldest = days.iter().rev().nth(self.config.days.saturating_sub(1)).copied().unwrap_or(i64::MIN);
        let mut order: Vec<usize> = (0..self.texts.len()).filter(|i| self.texts[*i].day >= oldest).collect();
        order.sort_unstable_by_key(|i| self.texts[*i].key());
        order.split_off(order.len().saturating_sub(self.config.max_texts))
    }

    /// Forgets the oldest texts beyond the bounds, and builds the index anew.
    fn forget(&mut self) {
        let order = self.order();
        if order.len() == self.texts.len() {
            return;
        }
        let mut old: Vec<Option<Text>> = std::mem::take(&mut self.texts).into_iter().map(Some).collect();
        self.by_key.clear();
        self.heads.clear();
        for place in order {
            if let Some(text) = old.get_mut(place).and_then(Option::take) {
                self.add(text);
            }
        }
    }

    /// Distinct texts remembered.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The stories, whatever the order their posts came in.
    pub fn groups(&self) -> Groups {
        let mut fresh = Self::new(self.config);
        fresh.heads.reserve(self.texts.len() * BANDS);
        for place in self.order() {
            fresh.add(self.texts[place].clone());
        }
        let mut members: ByHash<u32, Vec<u32>> = ByHash::default();
        for place in 0..u32::try_from(fresh.texts.len()).unwrap_or(0) {
            let root = fresh.root(place);
            members.entry(root).or_default().push(place);
        }
        let mut found: Vec<(Story, Vec<u64>)> =
            members.into_values().filter_map(|places| fresh.story(&places)).collect();
        found.sort_unstable_by(|(a, _), (b, _)| {
            b.posts.cmp(&a.posts).then(a.first.at.cmp(&b.first.at)).then(a.id.cmp(&b.id))
        });
        let mut groups = Groups::default();
        for (place, (story, texts)) in (0..).zip(found) {
            groups.stories.push(story);
            groups.of_text.extend(texts.into_iter().map(|signature| (signature, place)));
        }
        groups
    }

    /// The story that texts make up, where it has two posts at least.
    fn story(&self, places: &[u32]) -> Option<(Story, Vec<u64>)> {
        let texts = || places.iter().filter_map(|p| self.texts.get(*p as usize));
        let posts = texts().map(|t| t.posts).sum();
        let first = texts().reduce(|a, b| if b.first.before(&a.first) { b } else { a })?;
        let signatures: BTreeSet<u64> = texts().map(|t| t.signature).collect();
        let last = texts().map(|t| t.last).max().filter(|at| *at != i64::MIN);
        let story =
            Story { id: first.signature, posts, texts: signatures.len() as u64, first: first.first.clone(), last };
        (posts > 1).then(|| (story, signatures.into_iter().collect()))
    }
}

#[inline]
fn table_key(day: i64, signature: u64) -> u64 {
    pair(day.cast_unsigned(), signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(id: &str, text: &str) -> Post {
        Post { id: Some(id.into()), ..Post::new(text) }
    }

    const STORY: &str = "Nimbo va fermer soixante boutiques en France d'ici la fin de l'année";

    #[test]
    fn one_story_one_count() {
        let mut stories = Stories::new(StoryConfig::default());
        assert!(!stories.observe(&post("1", STORY), Some(5_000_000)).unwrap().copy);
        assert!(
            !stories
                .observe(&post("2", "Rien à voir avec la choucroute de ma grand-mère"), Some(5_000_010))
                .unwrap()
                .copy
        );
        let echo = format!("RT @journal: {STORY} #fermeture https://t.co/1");
        let seen = stories.observe(&post("3", &echo), Some(5_000_020)).unwrap();
        assert_eq!((seen.copy, seen.posts, seen.first.as_deref()), (true, 2, Some("1")));
        assert_eq!(stories.observe(&post("4", "Merci !"), Some(5_000_030)), None);
        let next_day = stories.observe(&post("5", STORY), Some(5_000_000 + DAY)).unwrap();
        assert_eq!((next_day.posts, next_day.first.as_deref()), (3, Some("1")));
        let groups = stories.groups();
        assert_eq!(groups.stories.len(), 1);
        assert_eq!((groups.stories[0].posts, groups.stories[0].first.id.as_deref()), (3, Some("1")));
    }

    #[test]
    fn memory_is_bounded_by_key() {
        let config = StoryConfig { max_texts: 8, ..StoryConfig::default() };
        let text = |i: i64| format!("message numero {i} tout a fait different {} {} {}", i * 7, i * 13, i * 31);
        let mut stories = Stories::new(config);
        let mut reversed = Stories::new(config);
        for i in 0..100 {
            stories.observe(&post("x", &text(i)), Some(i * DAY));
            reversed.observe(&post("x", &text(99 - i)), Some((99 - i) * DAY));
        }
        assert!(stories.len() <= 10);
        assert!(stories == reversed);
    }
}
