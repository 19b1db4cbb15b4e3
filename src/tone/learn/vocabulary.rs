//! The words of labelled posts, numbered as they come.

use crate::lexicon::slot;
use crate::text::reading::{Reading, Term};
use crate::text::token::Shape;
use hashbrown::HashMap;

/// A word must have been seen this often inside sentences before it can be called a name.
const LEAST_SEEN: u32 = 2;
/// More capitals than this share, and it is a name.
const NAME_SHARE: f64 = 0.6;

/// How a word is written inside sentences.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Capitals {
    inside: u32,
    capitals: u32,
}

impl Capitals {
    /// Sees the word once more; `begins`, whether a clause begins with it.
    pub(crate) fn see(&mut self, term: &Term, begins: bool) {
        if !begins && !term.shape.shouted() {
            self.inside += 1;
            self.capitals += u32::from(term.shape.has(Shape::CAPITAL));
        }
    }

    /// Whether it is a proper name: mostly written with a capital. Names are topics: that people report on them
    /// and do not judge is worth learning, but whether they are praised or blamed holds for those posts only.
    pub(crate) fn is_name(self) -> bool {
        self.inside >= LEAST_SEEN && f64::from(self.capitals) > NAME_SHARE * f64::from(self.inside)
    }
}

/// Words by number, with how many posts each stands in. Number 0 is the word without a name.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pub(crate) names: Vec<String>,
    numbers: HashMap<String, u32>,
    pub(crate) posts: Vec<u32>,
    capitals: Vec<Capitals>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let nameless = String::new();
        Self {
            names: vec![nameless.clone()],
            numbers: HashMap::from([(nameless, 0)]),
            posts: vec![0],
            capitals: vec![Capitals::default()],
        }
    }
}

/// Each of some words once.
pub(crate) fn distinct(words: &[u32]) -> Vec<u32> {
    let mut seen = words.to_vec();
    seen.sort_unstable();
    seen.dedup();
    seen
}

impl Vocabulary {
    /// The numbers of a post's words and marks, in their order.
    pub(crate) fn add(&mut self, reading: &Reading, spelling: impl Fn(&Term) -> String) -> Vec<u32> {
        let marks = reading.marks.iter().map(|mark| slot::MARKS[mark.place()].to_owned());
        let names = reading.terms.iter().map(spelling).chain(marks);
        let words: Vec<u32> = names.map(|name| self.number(name)).collect();
        for clause in &reading.clauses {
            let of_clause = clause.first..clause.last;
            for (at, (word, term)) in words[of_clause.clone()].iter().zip(&reading.terms[of_clause]).enumerate() {
                self.capitals[*word as usize].see(term, at == 0);
            }
        }
        for word in distinct(&words) {
            self.posts[word as usize] += 1;
        }
        words
    }

    /// Whether a word is a proper name.
    pub(crate) fn is_name(&self, word: u32) -> bool {
        self.capitals[word as usize].is_name()
    }

    fn number(&mut self, name: String) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "far fewer words")]
        let fresh = self.names.len() as u32;
        let number = *self.numbers.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            fresh
        });
        if number == fresh {
            self.posts.push(0);
            self.capitals.push(Capitals::default());
        }
        number
    }
}
