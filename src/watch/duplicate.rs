//! Near-duplicates in one pass: the press echo of one story is one story, with a count.
//!
//! In: posts. Out, at once, a [`Sighting`]: which story a post belongs to, how many posts it has by
//! now, whether this one is a copy. Out, at the end, [`Story`] records. Texts that meet in a `MinHash`
//! band (see `shingle`) and are alike are linked (see `links`); a story is a connected group of links.
//!
//! What is kept is a table of *distinct texts by day*, each with its count and first post; stories are
//! computed from that table in a fixed order. So merging shards is adding tables, and gives what one
//! pass over everything would have given. A sighting, by contrast, knows only what came before it.
//!
//! Memory is bounded: the latest `max_texts` distinct texts of the latest `days` days are kept (about
//! half a kilobyte each), older days first to go, by key and never by order of arrival, so that forgetting and
//! merging commute. Links are made when a sighting is asked for, and anew, in a fixed order, when the
//! stories are: who asks only for stories pays once. A bucket is searched 48 texts deep at most, so a
//! flood of one template costs the same.

use super::config::StoryConfig;
use super::links::{Links, NONE, Text};
use super::seed::{Origin, Seed};
use super::shingle::Shape;
use super::skim::{Skim, pair};
use super::table::ByHash;
use super::time::DAY;
use crate::post::Post;
use std::collections::BTreeSet;

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

impl Groups {
    /// Place in `stories` of the story that a text tells, by the [`Card`](super::Card)'s signature.
    pub fn story_of(&self, signature: u64) -> Option<usize> {
        self.of_text.get(&signature).map(|place| *place as usize)
    }
}

/// Finds near-duplicates, post by post; mergeable.
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Saved", into = "Saved"))]
pub struct Stories {
    config: StoryConfig,
    texts: Vec<Text>,
    by_key: ByHash<u64, u32>,
    links: Links,
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

    /// The same for a text that was skimmed.
    pub(crate) fn observe_skim(&mut self, skim: &Skim, post: &Post, at: Option<i64>) -> Option<Sighting> {
        let place = self.note(skim, post, at)?;
        self.link();
        let (first, posts) = self.links.story(place);
        let first = &self.texts[first as usize];
        let sighting = Sighting {
            story: first.signature,
            posts,
            copy: posts > 1,
            first: first.first.parts().0.map(str::to_owned),
        };
        self.bound();
        Some(sighting)
    }

    /// Counts a post without asking for its story.
    pub(crate) fn take(&mut self, skim: &Skim, post: &Post, at: Option<i64>) {
        self.note(skim, post, at);
        self.bound();
    }

    /// Counts a post; gives the place of its text, where it is long enough to be a story.
    fn note(&mut self, skim: &Skim, post: &Post, at: Option<i64>) -> Option<u32> {
        let shape = &mut self.shape;
        shape.read(skim);
        if (shape.words as usize) < self.config.min_words {
            return None;
        }
        let day = at.map_or(i64::MIN, |at| at.div_euclid(DAY));
        let last = at.unwrap_or(i64::MIN);
        let Some(place) = self.by_key.get(&table_key(day, shape.signature)).copied() else {
            let text = Text {
                day,
                signature: shape.signature,
                posts: 1,
                first: Seed::of(post, at),
                last,
                features: shape.features.as_slice().into(),
                bands: shape.bands,
                partial: shape.partial,
                words: shape.words,
                cut: shape.cut,
            };
            return Some(self.insert(text));
        };
        let text = &mut self.texts[place as usize];
        text.posts += 1;
        text.last = text.last.max(last);
        // Only a post that may be the first is worth a copy of its names.
        if at.unwrap_or(i64::MAX) <= text.first.at.unwrap_or(i64::MAX) {
            let origin = Seed::of(post, at);
            if origin.before(&text.first) {
                text.first = origin;
            }
        }
        self.grow(place, 1);
        Some(place)
    }

    /// Links the texts that came since it was asked last.
    fn link(&mut self) {
        let texts = &self.texts;
        let place = |count: usize| u32::try_from(count).unwrap_or(NONE - 1);
        for new in place(self.links.len())..place(texts.len()) {
            self.links.insert(new, |place| &texts[place as usize], self.config.similarity);
        }
    }

    /// Adds posts to a text's story, where the text is linked yet.
    fn grow(&mut self, place: u32, posts: u64) {
        if (place as usize) < self.links.len() {
            self.links.grow(place, posts);
        }
    }

    /// Holds the memory bounded.
    fn bound(&mut self) {
        if self.texts.len() > self.config.max_texts + self.config.max_texts / 4 {
            self.forget();
        }
    }

    /// Adds what another one has seen.
    pub fn merge(&mut self, other: Self) {
        other.texts.into_iter().for_each(|text| self.add(text));
        self.forget();
    }

    fn add(&mut self, text: Text) {
        if let Some(place) = self.by_key.get(&table_key(text.day, text.signature)).copied() {
            self.grow(place, text.posts);
            let known = &mut self.texts[place as usize];
            known.posts += text.posts;
            known.last = known.last.max(text.last);
            if text.first.before(&known.first) {
                known.first = text.first;
            }
        } else {
            self.insert(text);
        }
    }

    /// Puts a new text into the table.
    fn insert(&mut self, text: Text) -> u32 {
        let place = u32::try_from(self.texts.len()).unwrap_or(NONE - 1);
        self.by_key.insert(table_key(text.day, text.signature), place);
        self.texts.push(text);
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
        self.links = Links::default();
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
        let order = self.order();
        let mut links = Links::default();
        links.reserve(order.len());
        let text = |place: u32| &self.texts[order[place as usize]];
        let all = 0..u32::try_from(order.len()).unwrap_or(0);
        all.clone().for_each(|place| links.insert(place, text, self.config.similarity));
        let mut members: ByHash<u32, Vec<&Text>> = ByHash::default();
        for place in all {
            let root = links.root(place);
            members.entry(root).or_default().push(text(place));
        }
        let mut found: Vec<(Story, Vec<u64>)> = members.into_values().filter_map(|texts| story(&texts)).collect();
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
}

/// The story that texts make up, where it has two posts at least.
fn story(texts: &[&Text]) -> Option<(Story, Vec<u64>)> {
    let posts = texts.iter().map(|t| t.posts).sum();
    let first = texts.iter().reduce(|a, b| if b.first.before(&a.first) { b } else { a })?;
    if posts < 2 {
        return None;
    }
    let mut signatures: Vec<u64> = texts.iter().map(|t| t.signature).collect();
    signatures.sort_unstable();
    signatures.dedup();
    let last = texts.iter().map(|t| t.last).max().filter(|at| *at != i64::MIN);
    let texts = signatures.len() as u64;
    Some((Story { id: first.signature, posts, texts, first: first.first.clone().into(), last }, signatures))
}

#[inline]
fn table_key(day: i64, signature: u64) -> u64 {
    pair(day.cast_unsigned(), signature)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
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
