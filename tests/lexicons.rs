//! The linter of `lexicons/`, and its fixer.
//!
//! Every file goes through the reader that users' files go through, then through the rules that make a
//! diff readable: rows sorted by their first column in byte order, no term twice, Unicode NFC, lower
//! case, the straight apostrophe, as many cells as the header names. `TONALITE_FIX=1 cargo test --test
//! lexicons` rewrites the files so; what it cannot mend (a value, a tag, a pattern) it names by file
//! and line, as the plain run does.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};
use unicode_normalization::UnicodeNormalization;

const LANGUAGES: [&str; 2] = ["fr", "en"];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The files whose terms are sorted and read by `check_lexicon`.
fn term_files() -> Vec<String> {
    let of_language = ["tone", "sectors", "idioms", "modifiers", "shorthand", "aspects"];
    let mut files: Vec<String> =
        LANGUAGES.iter().flat_map(|l| of_language.iter().map(move |f| format!("{l}/{f}.tsv"))).collect();
    files.extend(["shared/emoji.tsv", "shared/emoticons.tsv"].map(String::from));
    files
}

/// A term as the files spell it. Faces keep their case: `:D` is not `:d`.
fn normal(term: &str, face: bool) -> String {
    let term: String = term.trim().nfc().collect();
    if face {
        return term;
    }
    term.replace(['’', '‘', 'ʼ'], "'").to_lowercase().split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_comment(line: &str) -> bool {
    line == "#" || line.starts_with("# ")
}

/// A file as the rules want it: comments first, then the header, then the rows.
fn formatted(name: &str, text: &str) -> String {
    let face = name.starts_with("shared/");
    let mut lines = text.lines().map(str::trim_end).filter(|l| !l.is_empty());
    let comments: Vec<&str> = lines.clone().filter(|l| is_comment(l)).collect();
    let header = lines.find(|l| !is_comment(l)).unwrap_or("");
    let columns = header.split('\t').count();
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines.filter(|l| !is_comment(l)) {
        let mut cells: Vec<String> = line.split('\t').map(|c| c.trim().nfc().collect()).collect();
        cells.resize(columns.max(cells.len()), String::new());
        cells[0] = normal(&cells[0], face);
        // The first row of a term stands: the reader would take the last, but a person reads the first.
        rows.entry(cells[0].clone()).or_insert(cells);
    }
    let mut out = String::new();
    for comment in comments {
        let _ = writeln!(out, "{comment}");
    }
    let _ = writeln!(out, "{header}");
    for cells in rows.values() {
        let _ = writeln!(out, "{}", cells.join("\t"));
    }
    out
}

fn fixing() -> bool {
    env::var_os("TONALITE_FIX").is_some_and(|v| v != "0")
}

/// Compares a file with how it should be, and in fix mode makes it so.
fn settle(name: &str, given: &str, wanted: &str, wrong: &mut String) {
    if given == wanted {
        return;
    }
    if fixing() {
        fs::write(path(name), wanted).unwrap();
        return;
    }
    let differs = given.lines().zip(wanted.lines()).position(|(g, w)| g != w);
    let line = differs.unwrap_or_else(|| given.lines().count().min(wanted.lines().count()));
    let wants = wanted.lines().nth(line).unwrap_or("the end of the file");
    let _ = writeln!(wrong, "{name}:{}: expected `{wants}`; TONALITE_FIX=1 mends it", line + 1);
}

fn assert_nothing(wrong: &str) {
    assert!(wrong.is_empty(), "{} problems\n{wrong}", wrong.lines().count());
}

#[test]
fn files_are_sorted_and_spelt_as_the_rules_say() {
    let mut wrong = String::new();
    for name in term_files() {
        let text = read(&name);
        settle(&name, &text, &formatted(&name, &text), &mut wrong);
    }
    for language in LANGUAGES {
        let name = format!("{language}/known.txt");
        let text = read(&name);
        let forms: BTreeMap<String, &str> = text
            .lines()
            .filter_map(|l| l.split_once('\t'))
            .map(|(form, class)| (normal(form, false), class.trim()))
            .collect();
        let wanted = forms.iter().fold(String::with_capacity(text.len()), |mut out, (form, class)| {
            let _ = writeln!(out, "{form}\t{class}");
            out
        });
        settle(&name, &text, &wanted, &mut wrong);
    }
    assert_nothing(&wrong);
}

#[test]
fn the_reader_of_the_product_accepts_every_row() {
    let mut wrong = String::new();
    for name in term_files() {
        for error in tonalite::check_lexicon(&read(&name)) {
            let _ = writeln!(wrong, "lexicons/{name}:{error}");
        }
    }
    assert_nothing(&wrong);
}

#[test]
fn cells_are_as_many_as_the_header_names() {
    let mut wrong = String::new();
    for name in term_files() {
        let text = read(&name);
        let mut lines = text.lines().zip(1..).filter(|(l, _)| !is_comment(l));
        let columns = lines.next().map_or(0, |(l, _)| l.split('\t').count());
        for (line, number) in lines.filter(|(l, _)| l.split('\t').count() != columns) {
            let cells = line.split('\t').count();
            let _ = writeln!(wrong, "lexicons/{name}:{number}: {cells} cells, {columns} columns");
        }
    }
    assert_nothing(&wrong);
}

/// A word has one tone: the row that a reader finds is the row that counts.
#[test]
fn no_word_is_judged_in_two_files() {
    let mut wrong = String::new();
    for language in LANGUAGES {
        let (tone, sectors) = (format!("{language}/tone.tsv"), format!("{language}/sectors.tsv"));
        let text = read(&tone);
        let listed: BTreeSet<String> = terms(&read(&sectors)).map(String::from).collect();
        let twice: BTreeSet<&str> = terms(&text).filter(|t| listed.contains(*t)).collect();
        if twice.is_empty() {
            continue;
        }
        if fixing() {
            // The later file wins in the reader, so its row is the one to keep.
            let kept = text.lines().filter(|l| !twice.contains(l.split('\t').next().unwrap_or("")));
            let kept: Vec<&str> = kept.collect();
            fs::write(path(&tone), kept.join("\n") + "\n").unwrap();
            continue;
        }
        for term in twice {
            let _ = writeln!(wrong, "lexicons/{tone} and {sectors}: `{term}`; TONALITE_FIX=1 keeps the latter");
        }
    }
    assert_nothing(&wrong);
}

fn terms(text: &str) -> impl Iterator<Item = &str> {
    rows(text).map(|l| l.split('\t').next().unwrap_or(""))
}

fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|l| !is_comment(l) && !l.is_empty()).skip(1)
}

/// The expectation of each row is one of those its kind may have.
#[test]
fn rules_bring_an_example_and_what_it_shows() {
    let mut wrong = String::new();
    for language in LANGUAGES {
        for row in rows(&read(&format!("{language}/idioms.tsv"))) {
            let cells: Vec<&str> = row.split('\t').collect();
            if cells[3].is_empty() || !["negative", "neutral", "positive"].contains(&cells[4]) {
                let _ = writeln!(wrong, "{language}/idioms.tsv: `{}`: `{}` shows `{}`", cells[0], cells[3], cells[4]);
            }
        }
        for row in rows(&read(&format!("{language}/modifiers.tsv"))) {
            let cells: Vec<&str> = row.split('\t').collect();
            let shows: &[&str] = match cells[1] {
                "negator" | "shifter" => &["flips"],
                "intensifier" => &["stronger"],
                "diminisher" | "conditional" | "question" => &["weaker"],
                "contrast" => &["later"],
                "concession" => &["earlier"],
                "wish" => &["not-positive"],
                "irony" => &["doubt"],
                _ => &[],
            };
            if cells[3].is_empty() || !shows.contains(&cells[4]) {
                let _ =
                    writeln!(wrong, "{language}/modifiers.tsv: `{}` ({}): shows `{}`", cells[0], cells[1], cells[4]);
            }
        }
    }
    assert_nothing(&wrong);
}

/// What the README promises is there.
#[test]
fn the_lexicons_are_as_large_as_promised() {
    let count = |name: &str| rows(&read(name)).count();
    for language in LANGUAGES {
        let judged = count(&format!("{language}/tone.tsv")) + count(&format!("{language}/sectors.tsv"));
        let least = [
            ("tone forms", judged, 12_000),
            ("idioms", count(&format!("{language}/idioms.tsv")), 1_500),
            ("modifiers", count(&format!("{language}/modifiers.tsv")), 150),
            ("shorthand", count(&format!("{language}/shorthand.tsv")), 400),
            ("known forms", read(&format!("{language}/known.txt")).lines().count(), 60_000),
        ];
        for (what, found, least) in least {
            assert!(found >= least, "{language}: {found} {what}, at least {least} promised");
        }
    }
    let faces = [("emoji", count("shared/emoji.tsv"), 300), ("emoticons", count("shared/emoticons.tsv"), 150)];
    for (what, found, least) in faces {
        assert!(found >= least, "{found} {what}, at least {least} promised");
    }
}

/// The table of sources names every file.
#[test]
fn every_file_has_a_source_and_a_licence() {
    let readme = read("README.md");
    let sources = readme.split("## Sources").nth(1).unwrap_or("");
    let mut files = term_files();
    files.extend(LANGUAGES.iter().flat_map(|l| ["cues.tsv", "known.txt"].map(|f| format!("{l}/{f}"))));
    for file in files {
        let (folder, name) = file.split_once('/').unwrap();
        let named =
            sources.contains(&format!("`{file}`")) || (folder != "shared" && sources.contains(&format!("`*/{name}`")));
        assert!(named, "lexicons/README.md names no source for {file}");
    }
}
