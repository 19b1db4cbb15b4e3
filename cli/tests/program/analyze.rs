//! `analyze`: formats in and out, ids, rejects, files.

use crate::{Folder, run};

const POSTS: &str = "{\"id\": 7, \"text\": \"J'adore\"}\n\n{\"text\": \"c'est nul\", \"kind\": [1]}\r\n{\"id\": \"x\", \"text\": \"\"}\n";

#[test]
fn every_record_has_an_answer_in_order() {
    let ran = run(&["analyze", "--from", "jsonl", "--to", "jsonl", "-"], POSTS);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.ids(), ["7", "2", "x"]);
    let record = &ran.records()[0];
    let keys: Vec<&str> =
        ran.out.split('"').filter(|k| ["id", "language", "tonality", "targets", "role"].contains(k)).take(5).collect();
    assert_eq!(keys, ["id", "language", "tonality", "targets", "role"]);
    for key in ["label", "score", "confidence", "p"] {
        assert!(!record["tonality"][key].is_null(), "{key}");
    }
    assert_eq!(ran.records()[2]["tonality"]["label"], "unknown");
}

#[test]
fn formats_are_guessed_from_names_and_from_first_bytes() {
    let folder = Folder::new("guess");
    for (name, content, ids) in [
        ("a.jsonl", POSTS, &["7", "2", "x"][..]),
        ("b.csv", "id;text\nq;Bien\n", &["q"]),
        ("c.tsv", "text\tid\nBien\tr\n", &["r"]),
        ("d.txt", "Bien\n\nMal", &["1", "2"]),
        ("e.dat", POSTS, &["7", "2", "x"]),
        ("f.dat", "Id,Full Text\nq,Bien\n", &["q"]),
        ("g.dat", "Bien, oui\nMal", &["1", "2"]),
    ] {
        let path = folder.file(name, content);
        let ran = run(&["analyze", &path], "");
        assert_eq!((ran.code, ran.ids()), (0, ids.iter().map(ToString::to_string).collect()), "{name}: {}", ran.err);
        if name.ends_with("dat") {
            assert_eq!(run(&["analyze"], content).ids(), ids, "{name} on stdin");
        }
    }
    let all = run(&["analyze", &folder.path("a.jsonl"), &folder.path("d.txt")], "");
    assert_eq!(all.ids(), ["7", "2", "x", "4", "5"], "numbers go on from file to file");
}

#[test]
fn empty_inputs_give_empty_outputs() {
    for format in ["jsonl", "csv", "tsv", "lines"] {
        for input in ["", "\n", "\u{feff}", " \r\n\r\n"] {
            let ran = run(&["analyze", "--from", format], input);
            assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""), "{format} {input:?}");
        }
    }
}

#[test]
fn csv_out_is_one_row_per_record() {
    let args = ["analyze", "--from", "lines", "--to", "csv", "--target", "Nimbo=@nimbo"];
    let ran = run(&args, "J'adore Nimbo\n\"a\", b\n");
    let rows: Vec<Vec<&str>> = ran.out.lines().map(|l| l.split(',').collect()).collect();
    assert_eq!(rows[0][..5], ["id", "language", "label", "score", "confidence"]);
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|r| r.len() == rows[0].len()), "{}", ran.out);
    let target = rows[0].iter().position(|c| *c == "target").unwrap();
    assert_eq!(rows[1][target..target + 2], ["Nimbo", "true"]);
    assert_eq!(rows[2][target..target + 2], ["Nimbo", "false"]);
}

#[test]
fn a_bad_record_stops_the_run_after_the_good_ones() {
    let folder = Folder::new("stop");
    let path = folder.file("posts.jsonl", "{\"text\": \"a\"}\n\n{\"text\": \"b\"}\n{\"text\": 5}\n{\"text\": \"c\"}\n");
    let ran = run(&["analyze", &path], "");
    assert_eq!((ran.code, ran.ids()), (2, vec!["1".into(), "2".into()]));
    assert!(ran.err.contains("posts.jsonl:4: `text` must be a string, not a number"), "{}", ran.err);

    let out = folder.file("out.jsonl", "what was there before");
    let ran = run(&["analyze", &path, "-o", &out], "");
    assert_eq!((ran.code, folder.read("out.jsonl").as_str()), (2, "what was there before"));
    assert_eq!(folder.names(), ["out.jsonl", "posts.jsonl"]);
}

#[test]
fn with_a_place_for_rejects_nothing_is_lost() {
    let folder = Folder::new("rejects");
    let bad: &[&[u8]] = &[
        b"{\"text\": 5}",
        b"not json",
        b"{\"id\": 1}",
        b"{\"text\": \"\xff\"}",
        b"[]",
        b"{\"text\": \"a",
        b"{\"text\": \"\0\"}",
    ];
    let mut input = b"\xef\xbb\xbf".to_vec();
    for line in bad {
        input.extend_from_slice(b"{\"text\": \"ok\"}\r\n");
        input.extend_from_slice(line);
        input.extend_from_slice(b"\n");
    }
    let path = folder.file("posts.jsonl", &input);
    let (out, rejects) = (folder.path("out.jsonl"), folder.path("rejects.jsonl"));
    let ran = run(&["analyze", &path, "--rejects", &rejects, "-o", &out], "");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    assert!(ran.err.contains("7 records rejected"), "{}", ran.err);
    assert_eq!(folder.read("out.jsonl").lines().count(), bad.len());
    let rejects: Vec<serde_json::Value> =
        folder.read("rejects.jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rejects.len(), bad.len());
    for (i, (reject, line)) in rejects.iter().zip(bad).enumerate() {
        assert_eq!(reject["line"], 2 * i + 2);
        assert_eq!(reject["file"], path);
        assert_eq!(reject["record"], String::from_utf8_lossy(line).as_ref());
        assert!(reject["reason"].as_str().is_some_and(|r| r.len() > 10), "{reject}");
    }
    assert!(rejects[3]["reason"].as_str().unwrap().contains("not UTF-8: byte 0xFF"), "{}", rejects[3]);

    let ran = run(&["analyze", "--rejects", &folder.path("none.jsonl")], "{\"text\": \"ok\"}\n");
    assert_eq!((ran.code, folder.read("none.jsonl").as_str()), (0, ""));
}

#[test]
fn what_cannot_run_says_why() {
    let folder = Folder::new("cannot");
    let gzip = folder.file("a.jsonl", b"\x1f\x8b\x08\x00");
    let utf16 = folder.file("b.csv", b"\xff\xfet\0e\0x\0t\0");
    let posts = folder.file("c.jsonl", POSTS);
    for (args, reason) in [
        (&["analyze", &gzip][..], "gzip -dc"),
        (&["analyze", &utf16], "iconv -f UTF-16"),
        (&["analyze", "/none/a.jsonl"], "/none/a.jsonl"),
        (&["analyze", "/"], "is a folder"),
        (&["analyze", "--threads", "0"], "--threads"),
        (&["analyze", "--target", "=a"], "a target needs a name"),
        (&["analyze", &posts, "-o", "/none/out.jsonl"], "/none/out.jsonl"),
        (&["analyze", &posts, "-o", &gzip, "--rejects", &gzip], "same file"),
    ] {
        let ran = run(args, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains(reason), "{args:?}: {}", ran.err);
    }
}

#[test]
fn the_summary_is_for_those_who_ask_or_watch() {
    let ran = run(&["analyze", "--summary"], POSTS);
    for wanted in ["3 posts in", "posts/s", "tone", "unknown 1", "language"] {
        assert!(ran.err.contains(wanted), "{wanted}: {}", ran.err);
    }
}
