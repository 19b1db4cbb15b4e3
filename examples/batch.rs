//! Many posts on every core, in the order they came: `cargo run --release --example batch`.
//!
//! Reads the posts of `examples/data/posts.jsonl`, analyses them, and counts the tones.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::BufRead;
use std::{fs, io};
use tonalite::{Analyzer, Post};

fn main() -> Result<(), Box<dyn Error>> {
    let file = fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/posts.jsonl"))?;
    let mut posts: Vec<Post> = Vec::new();
    for line in io::BufReader::new(file).lines() {
        posts.push(serde_json::from_str(&line?)?);
    }

    let analyzer = Analyzer::new();
    let analyses = analyzer.analyze_batch(&posts);

    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for a in &analyses {
        *counts.entry((a.language.as_str(), a.tonality.label.as_str())).or_default() += 1;
    }
    for ((language, label), n) in counts {
        println!("{language:>7}  {label:<8}  {n:>4}");
    }

    // A stream of any length goes through in the same order, a thousand posts at a time.
    let worst = posts
        .iter()
        .zip(analyzer.analyze_iter(posts.clone()))
        .min_by(|(_, a), (_, b)| a.tonality.score.total_cmp(&b.tonality.score));
    if let Some((post, a)) = worst {
        println!("lowest: {:+.2}  {}", a.tonality.score, post.text);
    }
    Ok(())
}
