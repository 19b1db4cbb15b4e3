//! Instructions of a fixed workload, counted by callgrind: a slowdown fails a build whatever the noise.
//!
//! No count is compared with a count of another day. Each is told in rounds of a floor that is counted in
//! the same run, `unicode_words` over the same posts, so that another compiler moves both; and that
//! ratio may not pass the one in `benches/instructions.tsv` by more than the tolerance. When it got
//! better, or worse for a good reason:
//!
//!     TONALITE_FIX=1 cargo bench --bench instructions
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::hint::black_box;
use std::process::Command;
use tonalite::{Analyzer, Label};
use unicode_segmentation::UnicodeSegmentation;

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.tsv");
/// What a ratio may be over the recorded one: builds of one source on different machines differ by some
/// per cent, and a slowdown that matters is larger.
const TOLERANCE: f64 = 1.25;
/// The posts that a round reads, of both languages.
const POSTS: usize = 300;
const WORKLOADS: [&str; 3] = ["tone", "everything", "load"];

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, what, rounds] = &args[..]
        && let Ok(rounds) = rounds.parse()
    {
        return work(what, rounds);
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: valgrind is not installed");
        return;
    }
    let Some(floor) = a_round("floor") else {
        println!("skipped: callgrind cannot run here");
        return;
    };
    let recorded = std::fs::read_to_string(RECORDED).unwrap_or_default();
    let recorded = |name: &str| recorded.lines().find_map(|l| l.strip_prefix(name)?.trim().parse::<f64>().ok());
    println!("floor: {} instructions a post", floor / POSTS as u64);
    let mut fixed = String::new();
    let mut over = Vec::new();
    for name in WORKLOADS {
        let count = a_round(name).unwrap();
        let ratio = count as f64 / floor as f64;
        let known = recorded(name);
        println!("{name}: {count} instructions, {ratio:.2} floors (recorded: {known:?})");
        fixed.extend([name, &format!("\t{ratio:.2}\n")]);
        if known.is_none_or(|known| ratio > known * TOLERANCE) {
            over.push(name);
        }
    }
    if std::env::var_os("TONALITE_FIX").is_some() {
        std::fs::write(RECORDED, fixed).unwrap();
    } else {
        assert!(over.is_empty(), "more instructions than recorded: {over:?}");
    }
}

/// Instructions of one round: those of three less those of one, over two, so that what is done once
/// and what is learnt in the first round fall out. Loading, of tone alone, is what is done once.
fn a_round(what: &str) -> Option<u64> {
    match what {
        "load" => Some(count("tone", 0)? - count("floor", 0)?),
        _ => Some((count(what, 3)? - count(what, 1)?) / 2),
    }
}

fn count(what: &str, rounds: u64) -> Option<u64> {
    let done = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args([what, &rounds.to_string()])
        // The workload is the sample posts, whatever other benches are told to read.
        .env_remove("TONALITE_POSTS")
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&done.stderr);
    let collected = said.lines().find_map(|l| l.split_once("Collected :"))?.1.trim();
    done.status.success().then(|| collected.parse().ok())?
}

fn work(what: &str, rounds: usize) {
    let posts = common::posts(POSTS);
    let read = |read: &dyn Fn(&str) -> usize| {
        for _ in 0..rounds {
            black_box(posts.iter().map(|p| read(black_box(p))).sum::<usize>());
        }
    };
    if what == "floor" {
        return read(&|p| p.unicode_words().count());
    }
    let everything = what == "everything";
    let analyzer = Analyzer::builder().voice(everything).evidence(everything).build().unwrap();
    assert_eq!(analyzer.analyze("What a great phone, I love it!").tonality.label, Label::Positive);
    read(&|p| usize::from(analyzer.analyze(p).tonality.score > 0.0));
}
