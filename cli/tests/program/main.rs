//! Drives the program as a process, as people and scripts do: what goes in, what comes out, what is
//! said on stderr and the exit code. What the scores are is the library's business, not asked here.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod analyze;
mod evaluate;
mod explain;
#[cfg(unix)]
mod guides;
mod packed;
#[cfg(feature = "parquet")]
mod parquet;
mod report;
mod streams;
mod tables;
mod voice;
mod watch;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The JSON lines that it wrote.
    pub(crate) fn records(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|l| serde_json::from_str(l).expect(l)).collect()
    }

    /// The ids of the records that it wrote.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.records().iter().map(|r| r["id"].as_str().expect("an id").to_owned()).collect()
    }
}

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tonalite"));
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

/// Runs the program with arguments and input.
pub(crate) fn run(args: &[&str], input: impl AsRef<[u8]>) -> Ran {
    let mut child = program()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.as_ref().to_vec();
    // A program that stops early does not read to the end; its exit code tells.
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let done = child.wait_with_output().expect("it ends");
    feeder.join().expect("the feeder");
    Ran {
        code: done.status.code().expect("not killed"),
        out: String::from_utf8(done.stdout).expect("UTF-8"),
        err: String::from_utf8(done.stderr).expect("UTF-8"),
    }
}

/// A folder of one test's own, empty.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    /// Writes a file in it.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).expect("written");
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect(name)
    }

    /// The names of the files in it, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(&self.0)
            .expect("a folder")
            .map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8"))
            .collect();
        names.sort();
        names
    }
}

#[test]
fn help_shows_the_commands_and_examples() {
    let help = run(&["--help"], "");
    assert_eq!(help.code, 0);
    for wanted in ["analyze", "explain", "evaluate", "lexicon", "Examples:", "Exit codes"] {
        assert!(help.out.contains(wanted), "{wanted}: {}", help.out);
    }
    for command in
        [&["analyze", "--help"][..], &["explain", "-h"], &["evaluate", "--help"], &["lexicon", "check", "-h"]]
    {
        let help = run(command, "");
        assert_eq!((help.code, help.err.as_str()), (0, ""), "{command:?}");
    }
    assert!(run(&["--version"], "").out.starts_with("tonalite "));
    assert_eq!(run(&["analyse"], "").code, 2);
    assert_eq!(run(&[], "").code, 2);
}

#[test]
fn a_lexicon_is_checked_by_line() {
    let folder = Folder::new("lexicon");
    let bad = folder.file("bad.tsv", "bof\n");
    let checked = run(&["lexicon", "check", &bad], "");
    assert_eq!(checked.code, 1, "{}", checked.out);
    assert!(checked.out.contains("bad.tsv:1: "), "{}", checked.out);
    let good = folder.file("good.tsv", "# mine\nwouah\t3\n");
    let checked = run(&["lexicon", "check", &good], "");
    assert_eq!((checked.code, checked.out.contains("no fault")), (0, true), "{}", checked.out);
    assert_eq!(run(&["lexicon", "check", &folder.path("none.tsv")], "").code, 2);
    let used = run(&["analyze", "--lexicon", &bad, "--from", "lines"], "a\n");
    assert_eq!((used.code, used.err.contains("bad.tsv:1: ")), (2, true), "{}", used.err);
    assert_eq!(run(&["analyze", "--lexicon", &good, "--from", "lines"], "a\n").code, 0);
}
