//! CSV and TSV as exports write them.

use crate::{Folder, run};

#[test]
fn delimiters_quotes_marks_and_endings() {
    for (input, ids) in [
        ("id,text\n1,a\n1,b\n", &["1", "1"][..]),
        ("\u{feff}id;text;likes\r\n1;\"a;\r\nb \"\"c\"\"\";3\r\n\r\n2;x;\r\n", &["1", "2"]),
        ("text\tid\n\"a\tb\"\t1\n", &["1"]),
        ("Report,\n\"Query: \"\"x\"\"\",\n\nDate,Resource Id,Full Text\n2026,r1,a\n", &["r1"]),
        ("text\nBonjour, oui; non\n\"\"\n", &["1", "2"]),
        ("id,text,more\n1,a\n2,b,,,\n", &["1", "2"]),
        ("id,text\n1,a \0 b", &["1"]),
    ] {
        let ran = run(&["analyze", "--from", "csv"], input);
        assert_eq!((ran.code, ran.ids()), (0, ids.iter().map(ToString::to_string).collect()), "{input:?}: {}", ran.err);
    }
}

#[test]
fn no_text_column_names_the_header() {
    let ran = run(&["analyze", "--from", "csv"], "id,remark\n1,a\n");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("`id,remark`"), "{}", ran.err);
}

#[test]
fn an_open_quote_does_not_swallow_the_file() {
    let folder = Folder::new("quotes");
    let mut input = String::from("id,text\n1,fine\n2,\"open\n");
    for _ in 3..2000 {
        input += "3,a text that is long enough to make several blocks of the file\n";
    }
    let ran = run(&["analyze", "--from", "csv", "--rejects", &folder.path("r.jsonl")], &input);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(ran.ids().len(), 1998);
    let reject: serde_json::Value = serde_json::from_str(&folder.read("r.jsonl")).unwrap();
    assert_eq!((&reject["line"], &reject["record"]), (&3.into(), &"2,\"open".into()));

    let ran = run(&["analyze", "--from", "csv"], "id,text\n1,a\n2,\"b\"c,d\n");
    assert_eq!((ran.code, ran.ids()), (2, vec!["1".into()]));
    assert!(ran.err.contains("stdin:3: quotes"), "{}", ran.err);
}

#[test]
fn rejected_rows_keep_their_lines_and_bytes() {
    let folder = Folder::new("rows");
    let input = b"id,text\n1,\"a\nb\"\n2,c,d,e\n3,\"\xe9t\xe9\"\n4,f\n";
    let ran = run(&["analyze", "--from", "csv", "--rejects", &folder.path("r.jsonl")], input);
    assert_eq!(ran.ids(), ["1", "4"]);
    let rejects = folder.read("r.jsonl");
    let rejects: Vec<serde_json::Value> = rejects.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((&rejects[0]["line"], &rejects[0]["record"]), (&4.into(), &"2,c,d,e".into()));
    assert!(rejects[0]["reason"].as_str().unwrap().contains("4 cells, where the header has 2"));
    assert_eq!(rejects[1]["line"], 5);
    assert!(rejects[1]["reason"].as_str().unwrap().contains("WINDOWS-1252"));
}

#[test]
fn a_tweet_in_tsv_may_begin_with_a_quotation_mark() {
    let ran = run(&["analyze", "--from", "tsv"], "id\ttext\n1\t\"Hot dog day\n2\tfine\n");
    assert_eq!((ran.code, ran.ids()), (0, vec!["1".into(), "2".into()]));
    let ran = run(&["analyze", "--from", "tsv"], "id\ttext\n1\t\"a\nb\"\n2\tfine\n");
    assert_eq!((ran.code, ran.ids()), (0, vec!["1".into(), "2".into()]));
}
