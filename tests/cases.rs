//! Sentences whose sign a person decided before anything was run: `tests/cases/{fr,en}/*.tsv`.
//!
//! A row is a text, the labels that are right (`positive|mixed`), and the phenomenon it stands for.
//! Each file has a floor, the share of rows that must hold; a change that loses rows fails here and
//! names them. Every file but `spelling.tsv` is run with spelling on and off: a table of well-spelt
//! sentences may not need the ladder. `cargo test --test cases -- --nocapture` prints all misses.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use tonalite::{Analyzer, EvidenceFor, Label};

/// Rows that must hold in each file, French and English. Raise them when more do; never lower them
/// for a change that was meant to help.
const FLOORS: [(&str, usize, usize); 15] = [
    ("codeswitch", 25, 26),
    ("comparative", 25, 36),
    ("conditional", 35, 32),
    ("consumer", 75, 79),
    ("contrast", 32, 35),
    ("emoji", 38, 42),
    ("idiom", 49, 47),
    ("intensity", 43, 44),
    ("litotes", 29, 31),
    ("mixed", 30, 26),
    ("negation", 51, 43),
    ("neutral", 51, 51),
    ("question", 24, 26),
    ("slang", 44, 46),
    ("spelling", 45, 47),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The rows of a table: text, right labels, phenomenon.
fn rows(language: &str, name: &str) -> Vec<[String; 3]> {
    let path = folder().join(language).join(format!("{name}.tsv"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let rows = text.lines().skip(1).filter(|l| !l.is_empty());
    rows.map(|l| {
        let mut cells = l.split('\t').map(String::from);
        [(); 3].map(|()| cells.next().unwrap_or_default())
    })
    .collect()
}

/// How many rows of a table hold; prints those that do not.
fn run(analyzer: &Analyzer, language: &str, name: &str, setting: &str) -> (usize, usize) {
    let rows = rows(language, name);
    let mut held = 0;
    for [text, expect, reason] in &rows {
        let a = analyzer.analyze(text);
        if expect.split('|').any(|e| e == a.tonality.label.as_str()) {
            held += 1;
            continue;
        }
        let words: Vec<String> = a.evidence.iter().map(|e| format!("{} {:+.2}", e.term, e.weight)).collect();
        let (label, score) = (a.tonality.label.as_str(), a.tonality.score);
        println!("{language}/{name}{setting}\t{text}\t{expect}\t{label} {score:+.2}\t{reason}\t[{}]", words.join(", "));
    }
    (held, rows.len())
}

/// Runs every table, and gives the files that fall below their floor.
fn run_all(analyzer: &Analyzer, setting: &str) -> Vec<String> {
    let mut fallen = Vec::new();
    for (at, language) in ["fr", "en"].into_iter().enumerate() {
        let (mut held, mut all) = (0, 0);
        for (name, fr, en) in FLOORS {
            if !setting.is_empty() && name == "spelling" {
                continue;
            }
            let floor = [fr, en][at];
            let (h, n) = run(analyzer, language, name, setting);
            println!("= {language}/{name}{setting}: {h} of {n}, floor {floor}");
            if h < floor {
                fallen.push(format!("{language}/{name}{setting}: {h} of {n} rows hold, the floor is {floor}"));
            }
            held += h;
            all += n;
        }
        println!("== {language}{setting}: {held} of {all}");
    }
    fallen
}

#[test]
fn tables_hold() {
    let fallen = run_all(&Analyzer::new(), "");
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}

#[test]
fn well_spelt_tables_hold_without_spelling() {
    let analyzer = Analyzer::builder().spelling(false).build().unwrap();
    let fallen = run_all(&analyzer, " (spelling off)");
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}

/// What labelled posts taught of the marks is heard, and shown at the mark.
#[test]
fn marks_have_learnt_weights() {
    let analyzer = Analyzer::new();
    for (text, mark, sign) in
        [("Nice phone!", "!", 1.0), ("Le train est en retard ?", "?", -1.0), ("Service lent...", "...", -1.0)]
    {
        let said = analyzer.analyze(text).evidence;
        let of_mark = said.iter().find(|e| e.speaks_for == EvidenceFor::Tonality && e.text == mark);
        assert!(of_mark.is_some_and(|e| e.weight * sign > 0.03), "`{text}`: {said:?}");
    }
}

/// The tables themselves: known labels, no text twice, at least 600 sentences a language.
#[test]
fn tables_are_well_formed() {
    let labels = [Label::Negative, Label::Neutral, Label::Positive, Label::Mixed, Label::Unknown].map(Label::as_str);
    for language in ["fr", "en"] {
        let mut seen = std::collections::BTreeSet::new();
        for (name, ..) in FLOORS {
            for [text, expect, reason] in rows(language, name) {
                assert!(expect.split('|').all(|e| labels.contains(&e)), "{language}/{name}: `{expect}`");
                assert!(!reason.is_empty(), "{language}/{name}: `{text}` says no reason");
                assert!(seen.insert(text.clone()), "{language}/{name}: `{text}` stands twice");
            }
        }
        assert!(seen.len() >= 600, "{language}: {} sentences, at least 600 promised", seen.len());
        for file in std::fs::read_dir(folder().join(language)).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(FLOORS.iter().any(|(n, ..)| name == format!("{n}.tsv")), "{language}/{name} has no floor");
        }
    }
}
