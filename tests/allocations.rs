//! In the steady state nothing is allocated for a token: only what a record hands out is.
//!
//! Counted by an allocator that counts per thread. A thread first reads every text once, so that its
//! working space has grown; then a text four times as long may not cost more than its record holds.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../benches/common/mod.rs"]
mod common;

use allocation_counter::measure;
use std::hint::black_box;
use tonalite::Analyzer;

/// Allocations of the second reading of a text.
fn steady(analyzer: &Analyzer, text: &str) -> u64 {
    black_box(analyzer.analyze(text));
    measure(|| {
        black_box(analyzer.analyze(black_box(text)));
    })
    .count_total
}

fn words(text: &str) -> u64 {
    text.split_whitespace().count() as u64
}

#[test]
fn tone_allocates_nothing_for_a_token() {
    let analyzer = Analyzer::builder().voice(false).evidence(false).build().unwrap();
    let posts = common::posts(400);
    // The longest grows the space, the same space serves the others.
    steady(&analyzer, &common::prose(&posts, 100_000));
    let (mut tokens, mut allocations) = (0, 0);
    for post in &posts {
        tokens += words(post);
        allocations += steady(&analyzer, post);
    }
    println!("{allocations} allocations for {} posts of {tokens} words", posts.len());
    assert!(allocations * 100 <= tokens, "{allocations} allocations for {tokens} words");
}

#[test]
fn a_longer_text_allocates_no_more() {
    let posts = common::posts(400);
    for (name, analyzer) in
        [("tone", Analyzer::builder().voice(false).evidence(false).build().unwrap()), ("everything", Analyzer::new())]
    {
        let (short, long) = (common::prose(&posts, 25_000), common::prose(&posts, 100_000));
        steady(&analyzer, &long);
        let (few, more) = (steady(&analyzer, &short), steady(&analyzer, &long));
        let tokens = words(&long) - words(&short);
        println!("{name}: {few}, then {more} with {tokens} words more");
        assert!(more <= few + tokens / 100, "{name}: {few}, then {more} with {tokens} words more");
    }
}
