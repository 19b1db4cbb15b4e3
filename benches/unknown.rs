//! What words that no list knows cost: posts with 0 to 40 % of their words misspelt or invented.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tonalite::{Analyzer, Label};

fn unknown(c: &mut Criterion) {
    let posts = common::posts(2_000);
    let analyzer = Analyzer::builder().voice(false).evidence(false).build().unwrap();
    assert_eq!(analyzer.analyze("What an amzing phone!").tonality.label, Label::Positive);
    let mut group = c.benchmark_group("unknown");
    group.sample_size(10).throughput(Throughput::Elements(posts.len() as u64));
    for percent in [0, 5, 10, 20, 40] {
        let posts = common::with_unknown(&posts, percent);
        group.bench_function(BenchmarkId::from_parameter(format!("{percent} %")), |b| {
            b.iter(|| posts.iter().map(|p| analyzer.analyze(p).tonality.score).sum::<f32>());
        });
    }
    group.finish();
}

criterion_group!(benches, unknown);
criterion_main!(benches);
