//! Throughput beside peers and floors, on one thread, in one run: ratios hold where figures do not.
//!
//! Posts are read from `TONALITE_POSTS` (a text file, one post a line), else from the sample posts.
//! Each engine's answer on a known sentence is asserted before it is timed.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tonalite::{Analyzer, Label};
use unicode_segmentation::UnicodeSegmentation;
use vader_sentimental::SentimentIntensityAnalyzer;

/// Posts that a round reads.
const POSTS: usize = 2_000;

fn posts() -> Vec<String> {
    let path = std::env::var("TONALITE_POSTS").unwrap_or_else(|_| "examples/data/posts.jsonl".to_owned());
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().take(POSTS).map(str::to_owned).collect()
}

fn peers(c: &mut Criterion) {
    let posts = posts();
    let tone = Analyzer::builder().voice(false).evidence(false).build().unwrap();
    let all = Analyzer::new();
    let vader = SentimentIntensityAnalyzer::new();
    for analyzer in [&tone, &all] {
        assert_eq!(analyzer.analyze("I don't think it's any good").tonality.label, Label::Negative);
        assert_eq!(analyzer.analyze("What a great phone, I love it!").tonality.label, Label::Positive);
    }
    assert!(vader.polarity_scores("What a great phone, I love it!").compound > 0.5);

    let mut group = c.benchmark_group("peers");
    group.sample_size(10).throughput(Throughput::Elements(posts.len() as u64));
    let mut time = |name: &str, read: &dyn Fn(&str) -> f64| {
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| posts.iter().map(|p| read(black_box(p))).sum::<f64>());
        });
    };
    time("split_whitespace", &|p| p.split_whitespace().count() as f64);
    time("unicode_words", &|p| p.unicode_words().count() as f64);
    time("tonalite, tone", &|p| f64::from(tone.analyze(p).tonality.score));
    time("tonalite, everything", &|p| f64::from(all.analyze(p).tonality.score));
    time("vader-sentimental", &|p| vader.polarity_scores(p).compound);
    group.finish();
}

criterion_group!(benches, peers);
criterion_main!(benches);
