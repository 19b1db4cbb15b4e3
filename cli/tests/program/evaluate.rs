//! `evaluate`: labelled files in every format, and figures that add up.

use crate::{Folder, run};
use serde_json::Value;

fn figures(name: &str, content: &str) -> Value {
    let folder = Folder::new(&format!("evaluate_{name}"));
    let ran = run(&["evaluate", "--json", &folder.file(name, content)], "");
    assert_eq!(ran.code, 0, "{name}: {}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn formats_agree() {
    let tsv = figures("a.tsv", "pos\tJ'adore leur SAV\nneg\t\"C'est nul\nneu\tmardi 14h\tgare\n");
    assert_eq!((&tsv["posts"], &tsv["judged_by"]), (&3.into(), &"label".into()));
    let csv = figures(
        "b.csv",
        "text;Sentiment\nJ'adore leur SAV;Positive\n\"\"\"C'est nul\";negative\nmardi 14h\tgare;neutre\n",
    );
    let json = figures(
        "c.jsonl",
        "{\"text\": \"J'adore leur SAV\", \"label\": \"pos\"}\n{\"text\": \"\\\"C'est nul\", \"label\": \"neg\"}\n{\"text\": \"mardi 14h\\tgare\", \"label\": \"neu\"}\n",
    );
    let headed = figures("d.tsv", "label\ttext\npos\tJ'adore leur SAV\nneg\t\"C'est nul\nneu\tmardi 14h gare\n");
    assert_eq!(tsv, csv);
    assert_eq!(tsv, json);
    assert_eq!(tsv["classes"], headed["classes"]);
}

#[test]
fn two_classes_are_judged_by_the_sign() {
    let scores = figures("two.tsv", "pos\tJ'adore leur SAV\nneg\tc'est nul\n");
    assert_eq!((&scores["judged_by"], &scores["accuracy"]), (&"sign".into(), &1.0.into()), "{scores}");
}

#[test]
fn people_read_a_table() {
    let ran = run(&["evaluate", "-"], "pos\tJ'adore leur SAV\nneg\tc'est nul\nneu\tmardi 14h\n");
    for wanted in [
        "3 posts",
        "label \\ read",
        "recall",
        "macro recall",
        "macro F1",
        "accuracy",
        "calibration error",
        "confident half",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}: {}", ran.out);
    }
}

#[test]
fn what_is_no_label_is_said_with_its_line() {
    for (input, reason) in [
        ("pos\ta\nmaybe\tb\n", "stdin:2: `maybe` is no label"),
        ("pos\ta\njust a text\n", "stdin:2: "),
        ("", "no labelled posts"),
    ] {
        let ran = run(&["evaluate", "-"], input);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{input:?}");
        assert!(ran.err.contains(reason), "{input:?}: {}", ran.err);
    }
    let ran = run(&["evaluate", "--from", "csv", "-"], "id,text\n1,a\n");
    assert_eq!((ran.code, ran.err.contains("no column of labels")), (2, true), "{}", ran.err);
}
