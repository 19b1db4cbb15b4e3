//! The cost of a byte as a text grows to ten megabytes, and in texts that are made to hurt.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tonalite::{Analyzer, Label};

fn length(c: &mut Criterion) {
    let posts = common::posts(1_000);
    let analyzer = Analyzer::new();
    assert_eq!(analyzer.analyze("What a great phone, I love it!").tonality.label, Label::Positive);
    let mut group = c.benchmark_group("length");
    group.sample_size(10);
    for bytes in [1_000, 10_000, 100_000, 1_000_000, 10_000_000] {
        let text = common::prose(&posts, bytes);
        assert!(analyzer.analyze(&text).tonality.score.is_finite());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("prose", bytes), |b| b.iter(|| analyzer.analyze(&text)));
    }
    for kind in common::ADVERSE {
        let bytes = if kind == "hashtags" { 2_000_000 } else { 200_000 };
        let text = common::adverse(kind, &posts, bytes);
        assert!(analyzer.analyze(&text).tonality.score.is_finite());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("adverse", kind), |b| b.iter(|| analyzer.analyze(&text)));
    }
    group.finish();
}

criterion_group!(benches, length);
criterion_main!(benches);
