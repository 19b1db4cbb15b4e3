//! Every rule row brings its example, and every example is run.
//!
//! The analyzer is the rules alone (`learned(false)`): a row that needs learnt weights to work does
//! not work. What each `expect` means is said in `lexicons/README.md`.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::Path;
use tonalite::text::{TokenKind, tokenize};
use tonalite::{Analysis, Analyzer, Label};

const LANGUAGES: [&str; 2] = ["fr", "en"];
/// A neutral example may lean no further than this.
const NEUTRAL: f32 = 0.25;

fn rules() -> Analyzer {
    Analyzer::builder().learned(false).build().unwrap()
}

/// The rows of a file, with their lines.
fn rows(name: &str) -> Vec<(usize, Vec<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
    let lines = (1..).zip(text.lines()).skip(1).filter(|(_, l)| !l.is_empty() && !l.starts_with("# "));
    lines.map(|(n, l)| (n, l.split('\t').map(String::from).collect())).collect()
}

fn shown(a: &Analysis) -> String {
    let words: Vec<String> = a.evidence.iter().map(|e| format!("{} {:+.2}", e.term, e.weight)).collect();
    format!("{} {:+.3} [{}]", a.tonality.label.as_str(), a.tonality.score, words.join(", "))
}

fn assert_none(wrong: &str, rows: usize) {
    assert!(wrong.is_empty(), "{} of {rows} rows do not do what they say\n{wrong}", wrong.lines().count());
}

#[test]
fn idioms_have_the_tone_of_their_example() {
    let analyzer = rules();
    let (mut wrong, mut all) = (String::new(), 0);
    for language in LANGUAGES {
        for (line, cells) in rows(&format!("{language}/idioms.tsv")) {
            all += 1;
            let a = analyzer.analyze(&cells[3]);
            let toned = matches!(a.tonality.label, Label::Negative | Label::Positive);
            let holds = match cells[4].as_str() {
                "negative" => a.tonality.label == Label::Negative,
                "positive" => a.tonality.label == Label::Positive,
                _ => !toned || a.tonality.score.abs() <= NEUTRAL,
            };
            if !holds {
                let _ = writeln!(wrong, "{language}/idioms.tsv:{line}\t{}\t{}", cells.join("\t"), shown(&a));
            }
        }
    }
    assert_none(&wrong, all);
}

#[test]
fn modifiers_do_to_their_example_what_they_say() {
    let analyzer = rules();
    let (mut wrong, mut all) = (String::new(), 0);
    for language in LANGUAGES {
        for (line, cells) in rows(&format!("{language}/modifiers.tsv")) {
            all += 1;
            let name = format!("{language}/modifiers.tsv:{line}\t{}", cells.join("\t"));
            let example = cells[3].as_str();
            let Some(found) = find(&cells[0], example) else {
                let _ = writeln!(wrong, "{name}\tthe example does not hold the term");
                continue;
            };
            let with = analyzer.analyze(example);
            let other = match cells[4].as_str() {
                "later" => example[found[found.len() - 1].1..].to_owned(),
                "earlier" => main_clause(example, &found),
                _ => without(example, &found),
            };
            let without = analyzer.analyze(&other);
            if !shows(&cells[4], &with, &without) {
                let _ = writeln!(wrong, "{name}\t{}\tbeside `{other}` {}", shown(&with), shown(&without));
            }
        }
    }
    assert_none(&wrong, all);
}

/// Whether a sentence does what the row says beside the other one.
fn shows(expect: &str, with: &Analysis, other: &Analysis) -> bool {
    let (a, b) = (with.tonality.score, other.tonality.score);
    match expect {
        "flips" => a * b < 0.0,
        "stronger" => a * b > 0.0 && a.abs() > b.abs(),
        "weaker" => b != 0.0 && a.abs() < b.abs(),
        "later" | "earlier" => a * b > 0.0,
        "not-positive" => with.tonality.label != Label::Positive && a <= 0.0,
        "doubt" => with.irony,
        _ => false,
    }
}

/// A sentence without some of its words.
fn without(sentence: &str, words: &[(usize, usize)]) -> String {
    let mut out = sentence.to_owned();
    for (start, end) in words.iter().rev() {
        out.replace_range(*start..*end, "");
    }
    out
}

/// What a concession does not cover: what stands before it, or after the pause that ends it.
fn main_clause(sentence: &str, found: &[(usize, usize)]) -> String {
    let before = &sentence[..found[0].0];
    if before.trim().len() > 2 {
        return before.to_owned();
    }
    let after = found[found.len() - 1].1;
    let pause = sentence[after..].find(',').map_or(after, |at| after + at + 1);
    sentence[pause..].to_owned()
}

/// The spans of a pattern's words in a sentence; what stands at its `_` is not among them.
fn find(pattern: &str, sentence: &str) -> Option<Vec<(usize, usize)>> {
    let words: Vec<Word> = words(sentence);
    let places: Vec<&str> = pattern.split(' ').collect();
    (0..words.len()).find_map(|at| {
        let mut spans = Vec::new();
        follow(&places, &words[at..], &mut spans).then_some(spans)
    })
}

struct Word {
    start: usize,
    end: usize,
    text: String,
    kind: TokenKind,
}

fn words(text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    for t in tokenize(text) {
        let written = &text[t.start..t.end];
        // `donne-moi` is two words to a pattern, as `est-ce que` is three.
        let mut start = t.start;
        let parts: Vec<&str> = if t.kind == TokenKind::Word { written.split('-').collect() } else { vec![written] };
        for part in parts {
            let end = start + part.len();
            if end > start {
                out.push(Word { start, end, text: part.to_lowercase().replace('’', "'"), kind: t.kind });
            }
            start = end + 1;
        }
    }
    out
}

fn follow(places: &[&str], words: &[Word], spans: &mut Vec<(usize, usize)>) -> bool {
    let Some((place, rest)) = places.split_first() else { return true };
    let (body, optional) = match place.strip_suffix('?') {
        Some(body) if !body.is_empty() => (body, true),
        _ => (*place, false),
    };
    for choice in body.split('|') {
        let depth = spans.len();
        let taken = match choice {
            "_" => usize::from(!words.is_empty()),
            "<number>" => usize::from(words.first().is_some_and(|w| w.kind == TokenKind::Number)),
            choice => {
                // An elided word alone, `c'`, is a word; `don't` and `va-t-il` are what text makes of them.
                let wanted = if choice.ends_with('\'') {
                    vec![choice.to_owned()]
                } else {
                    self::words(choice).into_iter().map(|w| w.text).collect()
                };
                let same = wanted.len() <= words.len() && wanted.iter().zip(words).all(|(a, b)| *a == b.text);
                if same {
                    spans.extend(words[..wanted.len()].iter().map(|w| (w.start, w.end)));
                }
                if same { wanted.len() } else { 0 }
            }
        };
        if taken > 0 && follow(rest, &words[taken..], spans) {
            return true;
        }
        spans.truncate(depth);
    }
    optional && follow(rest, words, spans)
}
