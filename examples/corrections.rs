//! What the spelling of a corpus is changed to: `cargo run --release --example corrections < posts.txt`.
//!
//! One post a line in; out, how often each word was read as another, in which rung, most often first, and
//! how many words a list knew were changed all the same. Names are the unknown words that mostly stand
//! with a capital inside a sentence: `name` marks theirs.
#![allow(clippy::print_stdout)]

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, stdin};
use tonalite::{Analyzer, Language, Via};

const FRENCH: &str = include_str!("../lexicons/fr/known.txt");
const ENGLISH: &str = include_str!("../lexicons/en/known.txt");

#[derive(Default)]
struct Seen {
    times: usize,
    /// With a capital, inside a sentence.
    named: usize,
    changed: usize,
    read_as: HashMap<(String, &'static str), usize>,
}

fn main() -> std::io::Result<()> {
    let listed = |list: &'static str| list.lines().filter_map(|l| l.split('\t').next()).collect::<HashSet<_>>();
    let lists = [listed(FRENCH), listed(ENGLISH)];
    let analyzer = Analyzer::new();
    let (mut known, mut unknown) = ([0usize; 2], HashMap::<String, Seen>::new());
    let mut wrong = HashMap::<(String, String), usize>::new();
    for line in stdin().lock().lines() {
        let line = line?;
        let mut small_before = false;
        for word in analyzer.normalize(&line).words {
            let Some(first) = word.text.chars().next().filter(|c| c.is_alphabetic()) else {
                small_before = false;
                continue;
            };
            let inside = std::mem::replace(&mut small_before, word.text.chars().all(char::is_lowercase));
            let key = word.text.to_lowercase().replace('’', "'");
            let changed = matches!(word.via, Via::Folded | Via::Stretched | Via::Spelling) && word.term != key;
            let at = usize::from(word.language == Language::English);
            if lists[at].contains(key.as_str()) {
                known[0] += 1;
                if changed {
                    known[1] += 1;
                    *wrong.entry((key, word.term)).or_default() += 1;
                }
            } else if !lists[1 - at].contains(key.as_str()) {
                let seen = unknown.entry(key).or_default();
                seen.times += 1;
                let small = word.text.chars().skip(1).all(char::is_lowercase);
                seen.named += usize::from(inside && first.is_uppercase() && small);
                if changed {
                    seen.changed += 1;
                    *seen.read_as.entry((word.term, word.via.as_str())).or_default() += 1;
                }
            }
        }
    }
    println!("known words\t{}\tchanged\t{}", known[0], known[1]);
    let mut wrong: Vec<_> = wrong.into_iter().collect();
    wrong.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    for ((word, meant), times) in wrong {
        println!("known\t{times}\t{word}\t{meant}");
    }
    let is_name = |s: &Seen| s.named * 2 > s.times;
    let total = |names: bool| {
        let all = unknown.values().filter(|s| !names || is_name(s));
        all.fold([0; 3], |[n, times, changed], s| [n + 1, times + s.times, changed + s.changed])
    };
    for (what, [different, times, changed]) in [("unknown words", total(false)), ("unknown names", total(true))] {
        println!("{what}\t{times}\tdifferent\t{different}\tchanged\t{changed}");
    }
    let mut rows: Vec<_> = unknown.iter().collect();
    rows.sort_by(|a, b| b.1.changed.cmp(&a.1.changed).then_with(|| a.0.cmp(b.0)));
    for (word, seen) in rows {
        let what = if is_name(seen) { "name" } else { "word" };
        let mut read: Vec<_> = seen.read_as.iter().map(|((m, via), n)| format!("{m} ({via}, {n})")).collect();
        read.sort();
        println!("{what}\t{}\t{}\t{word}\t{}", seen.times, seen.changed, read.join(", "));
    }
    Ok(())
}
