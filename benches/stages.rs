//! Each stage with all that comes before it, from cutting at blanks to the whole analysis with targets.
//! The cost of a stage is the difference to the line above it.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tonalite::text::{TokenKind, tokenize};
use tonalite::{Analyzer, AnalyzerBuilder, Label, Target};

fn stages(c: &mut Criterion) {
    let posts = common::posts(1_000);
    let bytes: usize = posts.iter().map(String::len).sum();
    let built = |set: fn(AnalyzerBuilder) -> AnalyzerBuilder| set(Analyzer::builder()).build().unwrap();
    let targets = || vec![Target::new("Nimbo").alias("@nimbo_fr"), Target::new("Altéo").alias("alteo")];
    let settings = [
        ("rules, no spelling", built(|b| b.voice(false).evidence(false).learned(false).spelling(false))),
        ("rules", built(|b| b.voice(false).evidence(false).learned(false))),
        ("+ learnt weights", built(|b| b.voice(false).evidence(false))),
        ("+ evidence", built(|b| b.voice(false))),
        ("+ voice", built(|b| b)),
        ("+ two targets", Analyzer::builder().targets(targets()).build().unwrap()),
    ];
    for (name, analyzer) in &settings {
        assert_eq!(analyzer.analyze("What a great phone, I love it!").tonality.label, Label::Positive, "{name}");
        assert_eq!(analyzer.analyze("C'est nul, je déteste.").tonality.label, Label::Negative, "{name}");
    }
    assert_eq!(tokenize("J'adore #Nimbo :-)")[3].kind, TokenKind::Emoticon);
    assert!(!settings[1].1.normalize("je sui tro contente").words.is_empty());

    let mut group = c.benchmark_group("stages");
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    let mut time = |name: &str, read: &dyn Fn(&str) -> usize| {
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| posts.iter().map(|p| read(black_box(p))).sum::<usize>());
        });
    };
    time("split_whitespace", &|p| p.split_whitespace().count());
    time("tokenize (clean, lexer)", &|p| tokenize(p).len());
    time("normalize (tokens, look-ups, spelling)", &|p| settings[1].1.normalize(p).words.len());
    for (name, analyzer) in &settings {
        time(name, &|p| usize::from(analyzer.analyze(p).tonality.score > 0.0));
    }
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
