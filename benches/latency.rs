//! How long one post takes: p50, p99, p99.9 and the longest, beside vader-sentimental in the same run.
//!
//! Each post is read five times by each, in turns. "As it comes" holds every reading, with whatever the
//! machine did meanwhile; "best of five" holds what the post itself costs.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::hint::black_box;
use std::time::Instant;
use tonalite::{Analyzer, Label};
use vader_sentimental::SentimentIntensityAnalyzer;

const ROUNDS: usize = 5;

/// Reads a post, gives its score.
type Read<'a> = &'a dyn Fn(&str) -> f64;

fn main() {
    let posts = common::posts(20_000);
    let tone = Analyzer::builder().voice(false).evidence(false).build().unwrap();
    let all = Analyzer::new();
    let vader = SentimentIntensityAnalyzer::new();
    assert_eq!(all.analyze("What a great phone, I love it!").tonality.label, Label::Positive);
    assert!(vader.polarity_scores("What a great phone, I love it!").compound > 0.5);
    let engines: [(&str, Read); 3] = [
        ("tonalite, tone", &|p| f64::from(tone.analyze(p).tonality.score)),
        ("tonalite, everything", &|p| f64::from(all.analyze(p).tonality.score)),
        ("vader-sentimental", &|p| vader.polarity_scores(p).compound),
    ];
    let mut took = vec![vec![Vec::with_capacity(ROUNDS); posts.len()]; engines.len()];
    for _ in 0..ROUNDS {
        for ((_, read), took) in engines.iter().zip(&mut took) {
            for (post, took) in posts.iter().zip(took) {
                let start = Instant::now();
                black_box(read(black_box(post)));
                took.push(start.elapsed().as_nanos());
            }
        }
    }
    println!("{} posts, µs               p50      p99    p99.9  longest", posts.len());
    for ((name, _), took) in engines.iter().zip(&took) {
        show(&format!("{name}, as it comes"), took.iter().flatten().copied().collect());
        show(&format!("{name}, best of five"), took.iter().filter_map(|t| t.iter().min().copied()).collect());
    }
}

fn show(name: &str, mut took: Vec<u128>) {
    took.sort_unstable();
    let at = |per_mille: usize| took[(took.len() * per_mille / 1000).min(took.len() - 1)] as f64 / 1000.0;
    println!("{name:36}{:9.1}{:9.1}{:9.1}{:9.1}", at(500), at(990), at(999), at(1000));
}
