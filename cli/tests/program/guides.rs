//! What the guides show runs as they show it: each block of `sh` in order, in one folder, and the block
//! of `text` after it holds what is then said: its lines in order, `…` for whatever stands between.

use super::{Folder, run};
use std::path::Path;
use std::process::Command;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/posts.jsonl");

/// The files that the guides say a reader has: posts, 200 labelled ones, a review queue half filled in.
fn readers_folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let posts = std::fs::read_to_string(EXAMPLES).expect("the examples");
    folder.file("posts.jsonl", &posts);
    folder.file("messages.jsonl", &posts);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/fr");
    let mut files: Vec<_> = std::fs::read_dir(cases).expect("cases").map(|e| e.expect("a file").path()).collect();
    files.sort();
    let texts: Vec<String> = files.iter().map(|f| std::fs::read_to_string(f).expect("cases")).collect();
    let judged = texts.iter().flat_map(|t| t.lines().skip(1)).filter_map(|line| {
        let mut cells = line.split('\t');
        let (text, label) = (cells.next()?, cells.next()?);
        matches!(label, "negative" | "neutral" | "positive").then(|| format!("{label}\t{text}\n"))
    });
    // One in two, so that every kind of sentence is there.
    let labelled: String = judged.step_by(2).take(200).collect();
    assert_eq!(labelled.lines().count(), 200);
    folder.file("labelled.tsv", labelled);
    let ran = run(
        &["report", "--quiet", EXAMPLES, "-o", &folder.path("page.html"), "--review", &folder.path("queue.csv")],
        "",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    // The first half has labels, though nobody has thought about them.
    let labels = ["negative", "neutral", "positive"].into_iter().cycle().map(Some);
    let rows: Vec<String> = folder.read("queue.csv").lines().map(str::to_owned).collect();
    assert!(rows.len() > 400 && rows.iter().all(|r| !r.is_empty()), "a row of the queue has several lines");
    let filled = rows[1..].iter().zip(labels.take(rows.len() / 2).chain(std::iter::repeat(None)));
    let filled = filled.map(|(row, label)| format!("{row}{}\n", label.unwrap_or_default()));
    folder.file("relu.csv", format!("{}\n{}", rows[0], filled.collect::<String>()));
    folder
}

/// The blocks of a guide between fences of these languages: line, language, content.
fn blocks(guide: &str) -> Vec<(usize, String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String, String)> = None;
    for (line, number) in guide.lines().zip(1..) {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((number, language.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, _, content)), None) => content.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

fn follow(name: &str) {
    let guide = std::fs::read_to_string(format!("{}/../docs/{name}", env!("CARGO_MANIFEST_DIR"))).expect(name);
    let folder = readers_folder(name);
    let tonalite = Path::new(env!("CARGO_BIN_EXE_tonalite")).parent().expect("a folder");
    let path = format!("{}:{}", tonalite.display(), std::env::var("PATH").unwrap_or_default());
    let mut said = String::new();
    let mut ran = 0;
    for (line, language, content) in blocks(&guide) {
        match language.as_str() {
            "sh" => {
                let mut shell = Command::new("sh");
                shell
                    .args(["-e", "-c", &format!("exec 2>&1\n{content}")])
                    .current_dir(folder.path(""))
                    .env("PATH", &path);
                let done = shell.env_remove("CLICOLOR_FORCE").output().expect("a shell");
                said = String::from_utf8(done.stdout).expect("UTF-8");
                assert!(done.status.success(), "docs/{name}:{line}: {said}");
                ran += 1;
            }
            "text" => {
                let mut rest = said.as_str();
                for wanted in content.lines().flat_map(|l| l.split('…')).map(str::trim).filter(|w| !w.is_empty()) {
                    let at = rest.find(wanted);
                    rest = &rest[at.unwrap_or_else(|| panic!("docs/{name}:{line}: no `{wanted}` in\n{said}"))..];
                    rest = &rest[wanted.len()..];
                }
            }
            _ => {}
        }
    }
    assert!(ran > 4, "docs/{name} shows {ran} commands");
}

#[test]
fn the_cookbook() {
    follow("cookbook.md");
}

#[test]
fn the_guide_in_french() {
    follow("guide.fr.md");
}
