//! What the benches and the tests of speed read: posts, and texts made to hurt.
//!
//! Everything is made by a generator with a fixed seed: two runs read the same bytes.
#![allow(dead_code, clippy::unwrap_used)]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Texts that are not prose, by name.
pub(crate) const ADVERSE: [&str; 10] = [
    "one long token",
    "emoji run",
    "hashtags",
    "deep negation",
    "unknown words",
    "unknown words among known ones",
    "near misses",
    "marks",
    "entities",
    "handles",
];

/// The posts to read: `TONALITE_POSTS` (a text file, one post a line), else the sample posts.
pub(crate) fn posts(most: usize) -> Vec<String> {
    if let Ok(path) = std::env::var("TONALITE_POSTS") {
        return std::fs::read_to_string(path).unwrap().lines().take(most).map(str::to_owned).collect();
    }
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/posts.jsonl")).unwrap();
    let read = |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned();
    text.lines().take(most).map(read).collect()
}

/// Processor time of this thread: what others take of the machine is not in it. Where the system does not
/// tell it is the time of the clock.
pub(crate) fn spent() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|t| t.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// A text of about `bytes` bytes: the posts, one after the other, again and again.
pub(crate) fn prose(posts: &[String], bytes: usize) -> String {
    filled(bytes, |i, out| {
        out.push_str(&posts[i % posts.len()]);
        out.push('\n');
    })
}

/// A text of about `bytes` bytes, of the kind that [`ADVERSE`] names.
pub(crate) fn adverse(kind: &str, posts: &[String], bytes: usize) -> String {
    let mut dice = Dice(7);
    match kind {
        "one long token" => filled(bytes, |_, out| out.push('a')),
        "emoji run" => filled(bytes, |i, out| out.push_str(["😀", "😡", "👍🏽", "❤️"][i % 4])),
        "hashtags" => filled(bytes, |i, out| out.extend(["#Mot", &i.to_string(), "Nouveau "])),
        "deep negation" => filled(bytes, |i, out| out.push_str(["ne pas jamais ", "not never no "][i % 2])),
        "unknown words" => filled(bytes, |_, out| {
            out.push_str(&dice.word());
            out.push(' ');
        }),
        // Words alone in no language are not looked into; these are.
        "unknown words among known ones" => filled(bytes, |i, out| {
            out.push_str(["je suis ", "", "the ", "", ""][i % 5]);
            out.push_str(&dice.word());
            out.push(' ');
        }),
        "near misses" => filled(bytes, |i, out| {
            for word in posts[i % posts.len()].split_whitespace() {
                out.push_str(&dice.misspelt(word));
                out.push(' ');
            }
        }),
        "marks" => filled(bytes, |_, out| out.push_str("!?!?...,;:-)(")),
        "entities" => filled(bytes, |_, out| out.push_str("&amp;&lt;b&gt;<br>")),
        "handles" => filled(bytes, |i, out| out.extend(["@somebody_", &i.to_string(), " "])),
        _ => unreachable!("{kind}"),
    }
}

/// The posts with a share of their words, in percent, put out of every list: half by a slip of two
/// letters, half by letters that no word has. No two of them are alike, so no memory helps.
pub(crate) fn with_unknown(posts: &[String], percent: u64) -> Vec<String> {
    let mut dice = Dice(11);
    let word = |(i, word): (usize, &str)| match dice.below(100) < percent {
        true if i % 2 == 0 => dice.word(),
        true => dice.misspelt(word),
        false => word.to_owned(),
    };
    let mut word = word;
    posts.iter().map(|p| p.split_whitespace().enumerate().map(&mut word).collect::<Vec<_>>().join(" ")).collect()
}

fn filled(bytes: usize, mut add: impl FnMut(usize, &mut String)) -> String {
    let mut out = String::with_capacity(bytes + 512);
    for i in 0.. {
        if out.len() >= bytes {
            break;
        }
        add(i, &mut out);
    }
    out
}

/// A small generator (xorshift): the same numbers in each run, and no dependency.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    fn letter(&mut self) -> char {
        char::from(b"abcdefghijklmnopqrstuvwxyz"[usize::try_from(self.below(26)).unwrap_or(0)])
    }

    fn word(&mut self) -> String {
        (0..5 + self.below(6)).map(|_| self.letter()).collect()
    }

    /// Two neighbours swapped and one letter replaced.
    fn misspelt(&mut self, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() > 3 && letters.iter().all(|c| c.is_alphabetic()) {
            letters.swap(1, 2);
            let last = letters.len() - 1;
            letters[last] = self.letter();
        }
        letters.into_iter().collect()
    }
}
