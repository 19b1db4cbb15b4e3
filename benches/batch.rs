//! A batch on one thread and on two, in slices of several sizes: the same bits, sooner.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rayon::ThreadPoolBuilder;
use tonalite::{Analyzer, Post};

fn batch(c: &mut Criterion) {
    let posts: Vec<Post> = common::posts(4_096).into_iter().cycle().take(4_096).map(Post::new).collect();
    let everything = Analyzer::new();
    let tone = Analyzer::builder().voice(false).evidence(false).build().unwrap();
    let mut group = c.benchmark_group("batch");
    group.sample_size(10).throughput(Throughput::Elements(posts.len() as u64));
    for (name, analyzer) in [("tone", &tone), ("everything", &everything)] {
        let alone: Vec<_> = posts.iter().map(|p| analyzer.analyze_post(p)).collect();
        for threads in [1, 2] {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(|| analyzer.analyze_batch(&posts)), alone, "{threads} threads");
            for slice in [64, 1_024, 4_096] {
                let id = BenchmarkId::new(name, format!("{threads} threads, slices of {slice}"));
                group.bench_function(id, |b| {
                    b.iter(|| {
                        pool.install(|| posts.chunks(slice).map(|s| analyzer.analyze_batch(s).len()).sum::<usize>())
                    });
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, batch);
criterion_main!(benches);
