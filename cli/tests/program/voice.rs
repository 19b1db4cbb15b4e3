//! `learn --task role` and `authors`: layers that are used again, and profiles of who speaks.

use crate::{Folder, run};
use std::fmt::Write as _;

/// Posts of a role of the user's own among others.
fn labelled() -> String {
    let mut out = String::new();
    for i in 0..20 {
        for (text, role) in [
            ("il me manque la vignette numéro", "collector"),
            ("signez la pétition avant le", "activist"),
            ("je vends mon album neuf, lot", "commercial"),
        ] {
            let _ = writeln!(out, "{{\"text\": \"{text} {i}\", \"role\": \"{role}\"}}");
        }
    }
    out
}

#[test]
fn roles_are_learnt_and_used_again() {
    let folder = Folder::new("learn_roles");
    let posts = folder.file("posts.jsonl", labelled());
    let layer = folder.file("layer.tsv", "");
    let ran = run(&["learn", "--task", "role", &posts, "-o", &layer], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    for wanted in
        ["5-fold cross-validation on 60 posts", "macro F1", "most collector", "a role of your own", "pooled over"]
    {
        assert!(ran.err.contains(wanted), "{wanted}: {}", ran.err);
    }
    assert_eq!(run(&["lexicon", "check", &layer], "").code, 0);
    let ran = run(&["analyze", "--from", "lines", "--lexicon", &layer], "il me manque la vignette 3\n");
    assert_eq!(ran.records()[0]["role"]["label"], "collector");
}

#[test]
fn intents_alone_are_learnt() {
    let folder = Folder::new("learn_intents");
    let mut labelled = String::new();
    for i in 0..20 {
        let _ = writeln!(labelled, "{{\"text\": \"commande {i} arrivée en miettes\", \"intents\": [\"complaint\"]}}");
        let _ = writeln!(labelled, "{{\"text\": \"quels sont vos horaires le {i}\", \"intents\": [\"question\"]}}");
    }
    let (posts, layer) = (folder.file("posts.jsonl", labelled), folder.file("layer.tsv", ""));
    let ran = run(&["learn", "--task", "role", &posts, "-o", &layer], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("5-fold cross-validation on 40 posts"), "{}", ran.err);
    assert!(ran.err.contains("complaint") && !ran.err.contains("macro F1"), "{}", ran.err);
    let ran = run(&["analyze", "--from", "lines", "--lexicon", &layer], "colis arrivé en miettes\n");
    let intents = ran.records()[0]["intents"].clone();
    assert!(intents.as_array().is_some_and(|all| all.contains(&"complaint".into())), "{intents}");
}

#[test]
fn what_can_name_no_role_is_said_with_its_line() {
    let folder = Folder::new("learn_roles_bad");
    let out = folder.file("layer.tsv", "");
    for (input, reason) in [
        (
            "{\"text\": \"a\", \"role\": \"customer\"}\n{\"text\": \"b\", \"role\": \"The Boss\"}\n",
            ":2: `The Boss` cannot name",
        ),
        ("{\"text\": \"a\"}\n", ":1: no `role` (also read: label) and no `intents`"),
        ("{\"text\": \"a\", \"role\": \"geek\", \"intents\": [\"shout\"]}\n", ":1: `shout` is no intent"),
        ("{\"text\": \"a\", \"role\": \"geek\"}\n", "all labels are the same"),
    ] {
        let posts = folder.file("posts.jsonl", input);
        let ran = run(&["learn", "--task", "role", &posts, "-o", &out], "");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(reason), "{reason}: {}", ran.err);
    }
}

const POSTS: &str = r#"{"text": "Je suis client Nimbo depuis 8 ans", "author": "u1", "target": "Nimbo", "created_at": "2026-01-03T10:00:00Z"}
{"text": "Ma facture Nimbo a doublé, toujours pas de réponse", "author": "u1", "target": "Nimbo", "created_at": "2026-02-03T10:00:00Z"}
{"text": "Signez la pétition contre Nimbo, partagez", "author": "u2", "target": "Nimbo"}
{"text": "Bonjour"}
"#;

#[test]
fn authors_are_listed_in_both_forms() {
    let ran = run(&["authors", "--from", "jsonl"], POSTS);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let found = ran.records();
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0]["author"], &found[0]["posts"]), (&"u1".into(), &2.into()));
    assert_eq!(found[0]["role"]["label"], "customer");
    assert_eq!(found[0]["role"]["basis"][0], "history");
    assert_eq!(found[0]["first"], "2026-01-03T10:00:00Z");
    assert_eq!(found[1]["role"]["label"], "activist");
    assert!(ran.err.contains("posts without an author: 1"), "{}", ran.err);
    let ran = run(&["authors", "--from", "jsonl", "--to", "csv", "--least", "2"], POSTS);
    let rows: Vec<&str> = ran.out.lines().collect();
    assert_eq!(rows.len(), 2, "{}", ran.out);
    assert!(rows[0].starts_with("author,target,posts,judged,role,confidence"));
    assert!(rows[1].starts_with("u1,Nimbo,2,2,customer,"));
}
