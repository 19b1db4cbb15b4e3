//! `explain`: for people, and honest about knowing nothing.

use crate::{program, run};

#[test]
fn pipes_and_no_color_get_no_escapes() {
    let ran = run(&["explain", "J'adore leur SAV"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
    for wanted in ["adore", "[", "positive", "score +", "confidence", "Because of"] {
        assert!(ran.out.contains(wanted), "{wanted}: {}", ran.out);
    }
    let forced = run(&["explain", "--color", "always", "J'adore leur SAV"], "");
    assert!(forced.out.contains("\u{1b}["), "{}", forced.out);
    let plain = program().args(["explain", "J'adore"]).env("NO_COLOR", "1").output().unwrap();
    assert!(!String::from_utf8(plain.stdout).unwrap().contains('\u{1b}'));
}

#[test]
fn nothing_to_judge_by_is_said() {
    let ran = run(&["explain", "4821"], "");
    assert!(ran.out.contains("unknown") && ran.out.contains("not the same as neutral"), "{}", ran.out);
}

#[test]
fn text_comes_as_words_or_by_a_pipe_and_json_goes_out() {
    let words = run(&["explain", "--json", "J'adore", "leur", "SAV"], "");
    let piped = run(&["explain", "--json", "-"], "J'adore leur SAV\n");
    assert_eq!(words.out, piped.out);
    let record: serde_json::Value = serde_json::from_str(&words.out).unwrap();
    assert_eq!(record["tonality"]["label"], "positive");
}

#[test]
fn a_text_cannot_steer_the_terminal() {
    let ran = run(&["explain", "--color", "always"], "J'adore \u{1b}]0;owned\u{7}\u{9b}2J");
    assert!(!ran.out.contains("\u{1b}]") && !ran.out.contains('\u{7}') && !ran.out.contains('\u{9b}'), "{:?}", ran.out);
}

#[test]
fn targets_are_shown() {
    let ran = run(&["explain", "--target", "Nimbo", "--target", "Ozalide", "J'adore Nimbo"], "");
    assert!(ran.out.contains("Towards") && ran.out.contains("Ozalide  not mentioned"), "{}", ran.out);
}
