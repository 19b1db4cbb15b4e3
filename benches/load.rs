//! From nothing to the first score: in a process that starts for it, and in one that runs.
//!
//! The process is this bench, started again with `first-score`: what it prints is measured from the
//! first line of its `main`, and the whole, from outside, includes the start of a process.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use criterion::{Criterion, criterion_group};
use std::process::Command;
use std::time::Instant;
use tonalite::{Analyzer, Label};

/// Processes started; the middle one is shown.
const STARTS: usize = 15;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("first-score") => first_score(),
        Some("nothing") => {}
        _ => {
            processes();
            benches();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}

/// Everything on, one post, then: microseconds, and the most memory held, in kB.
fn first_score() {
    let start = Instant::now();
    let analysis = Analyzer::new().analyze("Livraison lente, but I love it");
    let took = start.elapsed().as_micros();
    assert_ne!(analysis.tonality.label, Label::Unknown);
    println!("{took} {}", most_held());
}

/// The peak of resident memory in kB, where the system tells.
fn most_held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

fn processes() {
    let run = |what: &str| {
        let start = Instant::now();
        let done = Command::new(std::env::current_exe().unwrap()).arg(what).output().unwrap();
        assert!(done.status.success());
        (start.elapsed().as_micros(), String::from_utf8(done.stdout).unwrap())
    };
    let mut rows = Vec::new();
    for _ in 0..STARTS {
        let (empty, _) = run("nothing");
        let (whole, said) = run("first-score");
        let (inside, held) = said.trim().split_once(' ').unwrap();
        rows.push((inside.parse::<u128>().unwrap(), whole, empty, held.parse::<u64>().unwrap()));
    }
    rows.sort_unstable();
    let show = |name: &str, (inside, whole, empty, held): (u128, u128, u128, u64)| {
        println!(
            "first score, {name} of {STARTS}: {inside} µs in the process, {whole} µs with its start \
             (an empty one: {empty} µs), {held} kB resident"
        );
    };
    show("least", rows[0]);
    show("median", rows[STARTS / 2]);
}

fn load(c: &mut Criterion) {
    let first = Analyzer::new().analyze("I love it");
    assert_eq!(Analyzer::builder().build().unwrap().analyze("I love it"), first);
    let mut group = c.benchmark_group("load");
    group.sample_size(10);
    group.bench_function("builder, everything", |b| b.iter(|| Analyzer::builder().build().unwrap()));
    group.bench_function("builder, tone", |b| b.iter(|| Analyzer::builder().voice(false).build().unwrap()));
    group.bench_function("new, again", |b| b.iter(Analyzer::new));
    group.finish();
}

criterion_group!(benches, load);
