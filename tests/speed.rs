//! What speed does not depend on: the length of a text, and what somebody made it of.
//!
//! Only ratios within one run, of processor time, each the least of several rounds taken in turns: a busy
//! machine slows both sides. How fast it all is, `benches/` measures and `docs/performance.md` tells.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../benches/common/mod.rs"]
mod common;

use std::hint::black_box;
use tonalite::Analyzer;

/// Nanoseconds that a byte of each text took: each read as often as makes `bytes`, the least of some rounds.
fn per_byte(analyzer: &Analyzer, texts: &[String], bytes: usize, rounds: usize) -> Vec<f64> {
    let mut least = vec![f64::MAX; texts.len()];
    for _ in 0..rounds {
        for (text, least) in texts.iter().zip(&mut least) {
            let times = bytes.div_ceil(text.len());
            let start = common::spent();
            for _ in 0..times {
                black_box(analyzer.analyze(black_box(text)));
            }
            let took = common::spent().saturating_sub(start).as_nanos() as f64;
            *least = least.min(took / (times * text.len()) as f64);
        }
    }
    least
}

#[test]
fn time_is_linear_in_length() {
    let posts = common::posts(600);
    let texts = [6_000, 60_000, 600_000].map(|bytes| common::prose(&posts, bytes));
    let costs = per_byte(&Analyzer::new(), &texts, 600_000, 3);
    println!("ns a byte: {costs:.1?}");
    // A square would be a hundred times as dear; a cache that overflows is not.
    assert!(costs[2] <= 2.5 * costs[0], "{costs:?}");
}

#[test]
fn adverse_texts_cost_no_more_than_thrice_prose() {
    let posts = common::posts(600);
    // More different words than answers are remembered.
    let bytes = 600_000;
    let mut texts = vec![common::prose(&posts, bytes)];
    texts.extend(common::ADVERSE.map(|kind| common::adverse(kind, &posts, bytes)));
    let costs = per_byte(&Analyzer::new(), &texts, bytes, 3);
    for (kind, cost) in common::ADVERSE.iter().zip(&costs[1..]) {
        let ratio = cost / costs[0];
        println!("{kind}: {ratio:.2} x prose");
        assert!(ratio <= 3.0, "{kind}: {ratio:.2} times the cost of prose, byte by byte");
    }
}
