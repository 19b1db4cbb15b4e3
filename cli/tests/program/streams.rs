//! Streams: long ones, slow ones, ones whose reader leaves, and the same bytes at any thread count.

use crate::{program, run};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

fn many(records: usize) -> String {
    let texts = ["J'adore leur SAV", "livraison trop lente, c'est nul", "I love it", "", "mardi 14h\\n\\\"gare\\\""];
    let mut out = String::new();
    for i in 0..records {
        writeln!(out, "{{\"id\": {i}, \"text\": \"{}\"}}", texts[i % texts.len()]).unwrap();
    }
    out
}

#[test]
fn threads_change_nothing() {
    let input = many(5_000);
    let one = run(&["analyze", "--threads", "1"], &input);
    assert_eq!(one.code, 0);
    assert_eq!(one.ids(), (0..5_000).map(|i| i.to_string()).collect::<Vec<_>>());
    for threads in ["2", "5", "16"] {
        let several = run(&["analyze", "--threads", threads], &input);
        assert!(several.out == one.out, "{threads} threads");
    }
}

#[test]
fn a_line_of_twenty_megabytes_is_a_line() {
    let long = |megabytes: usize| "J'adore leur SAV. ".repeat(megabytes * 1024 * 1024 / 18);
    for (format, input) in [
        ("jsonl", format!("{{\"text\": \"a\"}}\n{{\"text\": \"{}\"}}\n{{\"text\": \"b\"}}\n", long(20))),
        ("csv", format!("id,text\n1,a\n2,\"{}\"\n3,b\n", long(1))),
    ] {
        let ran = run(&["analyze", "--from", format, "--to", "csv"], &input);
        assert_eq!((ran.code, ran.out.lines().count()), (0, 4), "{format}: {}", ran.err);
    }
}

#[test]
fn a_slow_stream_is_answered_line_by_line() {
    let mut child =
        program().args(["analyze", "--from", "jsonl"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for id in ["a", "b", "c"] {
        writeln!(stdin, "{{\"id\": \"{id}\", \"text\": \"J'adore\"}}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.starts_with(&format!("{{\"id\":\"{id}\"")), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_leaves_is_no_fault() {
    let mut child = program()
        .args(["analyze", "--from", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = many(200_000);
    let feeder = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
    feeder.join().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_named_as_output_stays_a_device() {
    let ran = run(&["analyze", "--from", "lines", "-o", "/dev/null"], "a\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    let ran = run(&["analyze", "--from", "lines", "-o", "/dev/full"], "a\n");
    assert_eq!((ran.code, ran.err.contains("cannot write")), (2, true), "{}", ran.err);
}
