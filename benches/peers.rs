//! Throughput beside peers and floors, on one thread, in one run: ratios hold where figures do not.
//!
//! Posts are read from `TONALITE_POSTS` (a text file, one post a line), else from the sample posts.
//! Each engine's answer on a known sentence is asserted before it is timed.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::collections::HashMap;
use std::hint::black_box;
use tonalite::{Analyzer, Label};
use unicode_segmentation::UnicodeSegmentation;
use vader_sentimental::SentimentIntensityAnalyzer;

/// Posts that a round reads.
const POSTS: usize = 2_000;

fn peers(c: &mut Criterion) {
    let posts = common::posts(POSTS);
    let tone = Analyzer::builder().voice(false).evidence(false).build().unwrap();
    let all = Analyzer::new();
    let vader = SentimentIntensityAnalyzer::new();
    let parity = vader_parity::SentimentIntensityAnalyzer::new();
    let known: HashMap<&str, f64> = posts.iter().flat_map(|p| p.split_whitespace()).map(|w| (w, 1.0)).collect();
    for analyzer in [&tone, &all] {
        assert_eq!(analyzer.analyze("I don't think it's any good").tonality.label, Label::Negative);
        assert_eq!(analyzer.analyze("What a great phone, I love it!").tonality.label, Label::Positive);
    }
    assert!(vader.polarity_scores("What a great phone, I love it!").compound > 0.5);
    assert!(parity.polarity_scores("What a great phone, I love it!").compound > 0.5);

    let mut group = c.benchmark_group("peers");
    group.sample_size(10).throughput(Throughput::Elements(posts.len() as u64));
    let mut time = |name: &str, read: &dyn Fn(&str) -> f64| {
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| posts.iter().map(|p| read(black_box(p))).sum::<f64>());
        });
    };
    time("split_whitespace", &|p| p.split_whitespace().count() as f64);
    time("one hash look-up a word", &|p| p.split_whitespace().filter_map(|w| known.get(w)).sum());
    time("unicode_words", &|p| p.unicode_words().count() as f64);
    time("tonalite, tone", &|p| f64::from(tone.analyze(p).tonality.score));
    time("tonalite, everything", &|p| f64::from(all.analyze(p).tonality.score));
    time("vader-sentimental", &|p| vader.polarity_scores(p).compound);
    time("vader-parity", &|p| parity.polarity_scores(p).compound);
    group.finish();
}

criterion_group!(benches, peers);
criterion_main!(benches);
