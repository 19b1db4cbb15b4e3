//! The rate beside vader-sentimental, in turns: each engine reads all posts, then the next, and so on.
//!
//! The clock of a shared machine moves by a third within the hour, so a ratio is taken within each turn and the
//! middle of the turns is told. All of a large file is what an archive costs; a few thousand posts, read again
//! every turn, find their unknown words among those just met. `TONALITE_POSTS=FILE` gives the posts,
//! `TONALITE_MOST` how many of them, `TONALITE_TURNS` the turns.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::hint::black_box;
use std::time::Instant;
use tonalite::{Analyzer, Label};
use vader_sentimental::SentimentIntensityAnalyzer;

fn main() {
    let number = |name: &str, usual: usize| std::env::var(name).map_or(usual, |n| n.parse().unwrap());
    let posts = common::posts(number("TONALITE_MOST", usize::MAX));
    let turns = number("TONALITE_TURNS", 3);
    let tone = Analyzer::builder().voice(false).evidence(false).build().unwrap();
    let all = Analyzer::new();
    let vader = SentimentIntensityAnalyzer::new();
    for analyzer in [&tone, &all] {
        assert_eq!(analyzer.analyze("What a great phone, I love it!").tonality.label, Label::Positive);
    }
    assert!(vader.polarity_scores("What a great phone, I love it!").compound > 0.5);
    let micros = |read: &dyn Fn(&str) -> f64| {
        let start = Instant::now();
        black_box(posts.iter().map(|p| read(black_box(p))).sum::<f64>());
        start.elapsed().as_secs_f64() * 1e6 / posts.len() as f64
    };
    let took: Vec<[f64; 3]> = (0..turns)
        .map(|_| {
            [
                micros(&|p| vader.polarity_scores(p).compound),
                micros(&|p| f64::from(tone.analyze(p).tonality.score)),
                micros(&|p| f64::from(all.analyze(p).tonality.score)),
            ]
        })
        .collect();
    println!("{} posts, {turns} turns; µs a post in the middle, and the rate beside vader-sentimental", posts.len());
    for (at, name) in ["vader-sentimental", "tonalite, tone", "tonalite, everything"].into_iter().enumerate() {
        let [least, middle, most] = spread(took.iter().map(|t| t[0] / t[at]).collect());
        let [_, micros, _] = spread(took.iter().map(|t| t[at]).collect());
        println!("{name:24}{micros:8.2}{middle:8.2} ({least:.2} to {most:.2})");
    }
}

/// The least, the middle and the most.
fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [values[0], values[values.len() / 2], values[values.len() - 1]]
}
