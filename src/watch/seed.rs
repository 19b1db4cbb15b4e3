//! The post that a story began with, as it is shown and as it is kept.
//!
//! There is one for every distinct text, so what is kept is one piece of memory, not three.

use crate::post::Post;

/// Bytes of the first post's text that a story is shown by.
const EXCERPT: usize = 140;

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

/// An [`Origin`] as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Origin", into = "Origin"))]
pub(super) struct Seed {
    pub(super) at: Option<i64>,
    /// Id, author and excerpt in a row.
    packed: Box<str>,
    /// Where the id and the author end; absent where there is none.
    id: Option<u32>,
    author: Option<u32>,
}

impl From<Origin> for Seed {
    fn from(origin: Origin) -> Self {
        Self::new(origin.at, origin.id.as_deref(), origin.author.as_deref(), &origin.excerpt)
    }
}

impl From<Seed> for Origin {
    fn from(seed: Seed) -> Self {
        let owned = |s: Option<&str>| s.map(str::to_owned);
        let (id, author, excerpt) = seed.parts();
        Self { at: seed.at, id: owned(id), author: owned(author), excerpt: excerpt.to_owned() }
    }
}

impl Seed {
    pub(super) fn of(post: &Post, at: Option<i64>) -> Self {
        let mut end = post.text.len().min(EXCERPT);
        while !post.text.is_char_boundary(end) {
            end -= 1;
        }
        Self::new(at, post.id.as_deref(), post.author.as_deref(), &post.text[..end])
    }

    fn new(at: Option<i64>, id: Option<&str>, author: Option<&str>, excerpt: &str) -> Self {
        let (first, second) = (id.unwrap_or(""), author.unwrap_or(""));
        let mut packed = String::with_capacity(first.len() + second.len() + excerpt.len());
        packed.push_str(first);
        let id = id.and_then(|_| u32::try_from(packed.len()).ok());
        packed.push_str(second);
        let author = author.and_then(|_| u32::try_from(packed.len()).ok());
        packed.push_str(excerpt);
        Self { at, packed: packed.into_boxed_str(), id, author }
    }

    /// Id, author, excerpt.
    pub(super) fn parts(&self) -> (Option<&str>, Option<&str>, &str) {
        let (first, second) = (self.id.unwrap_or(0) as usize, self.author.or(self.id).unwrap_or(0) as usize);
        let part = |from: usize, to: usize| self.packed.get(from..to).unwrap_or("");
        (self.id.map(|_| part(0, first)), self.author.map(|_| part(first, second)), part(second, self.packed.len()))
    }

    /// Whether this one came first; a post without a time comes after any other.
    pub(super) fn before(&self, other: &Self) -> bool {
        (self.at.unwrap_or(i64::MAX), self.parts()) < (other.at.unwrap_or(i64::MAX), other.parts())
    }
}
