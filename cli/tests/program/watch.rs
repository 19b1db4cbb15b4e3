//! `watch`: what burns is said while the stream goes on.

use super::{Folder, program, run};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

/// Three calm weeks, an hour's post each, and a flood of blame at their end.
fn crisis() -> (String, String) {
    let (mut calm, mut flood) = (String::new(), String::new());
    for hour in 0..21 * 24 {
        let (day, hour_of_day) = (1 + hour / 24, hour % 24);
        let _ = writeln!(
            calm,
            "{{\"text\":\"Nimbo marche bien, message {hour}\",\"author\":\"c{hour}\",\"target\":\"Nimbo\",\
             \"created_at\":\"2026-03-{day:02}T{hour_of_day:02}:10:00Z\"}}"
        );
    }
    for n in 0..60 {
        let _ = writeln!(
            flood,
            "{{\"text\":\"Nimbo est nul, panne totale numéro {n}, je suis furieux\",\"author\":\"f{n}\",\"target\":\"Nimbo\",\
             \"created_at\":\"2026-03-22T00:{n:02}:00Z\"}}"
        );
    }
    (calm, flood)
}

#[test]
fn a_fire_is_told_once_with_posts_to_read() {
    let (calm, flood) = crisis();
    let ran = run(&["watch", "--json", "--from", "jsonl"], calm + &flood);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let records = ran.records();
    let alerts: Vec<_> = records.iter().filter_map(|r| r.get("alert")).collect();
    assert_eq!(alerts.len(), 1, "{}", ran.out);
    assert_eq!(alerts[0]["target"], "Nimbo");
    // Their posts say nearly the same, so one of them speaks for all.
    assert!(alerts[0]["verbatims"].as_array().is_some_and(|v| !v.is_empty()));
    assert!(records.last().is_some_and(|r| r["digest"]["posts"] == 564), "{}", ran.out);
    let (calm, _) = crisis();
    let ran = run(&["watch", "--lang", "fr", "-"], calm);
    assert!(ran.code == 0 && ran.out.contains("messages lus") && !ran.out.contains("ALERTE"), "{}", ran.out);
}

#[test]
fn a_growing_file_is_followed() {
    let folder = Folder::new("watch-follow");
    let (calm, flood) = crisis();
    // The end of the file is in the middle of a record: it is read when it is whole.
    let (first, rest) = flood.split_at(30);
    let path = folder.file("posts.jsonl", calm + first);
    let mut child =
        program().args(["watch", &path, "--follow", "--json"]).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    // The alert can only come of what is added while it runs.
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("the file");
    file.write_all(rest.as_bytes()).expect("written");
    let alert = lines.find_map(|line| Some(line.expect("UTF-8")).filter(|l| l.starts_with("{\"alert\"")));
    child.kill().expect("it was running");
    child.wait().expect("it ends");
    assert!(alert.is_some_and(|a| a.contains("panne totale")));
}

#[test]
fn odd_streams_have_an_answer() {
    for (name, input) in [
        ("nothing", ""),
        ("one", "{\"text\":\"C'est nul\",\"created_at\":\"2026-03-01T00:00:00Z\"}\n"),
        ("no dates", "{\"text\":\"C'est nul\"}\n{\"text\":\"Super\"}\n"),
        ("lines", "C'est nul\nSuper\n"),
    ] {
        let ran = run(&["watch"], input);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        assert_eq!(ran.out.is_empty(), input.is_empty(), "{name}: {}", ran.out);
    }
}

#[test]
fn what_cannot_be_watched_is_said() {
    let folder = Folder::new("watch-bad");
    let ran = run(&["watch"], "{\"text\":\"a\"}\n{broken\n");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("stdin:2:"), "{}", ran.err);
    let ran = run(&["watch", &folder.path("nowhere.jsonl"), "--follow"], "");
    assert!(ran.code == 2 && ran.err.contains("no such file"), "{}", ran.err);
    let config = folder.file("watch.toml", "[alerts]\nmin_ratio = 0\n");
    let ran = run(&["watch", "--config", &config], "");
    assert!(ran.code == 2 && ran.err.contains("watch.toml:2: `alerts.min_ratio`"), "{}", ran.err);
    assert_eq!(run(&["watch", "--every", "0"], "").code, 2);
}

#[test]
fn noise_is_learnt_from_labels_and_a_crowd() {
    let folder = Folder::new("learn_noise");
    let noise =
        ["Vends vélo 80 €, contact 06 00 00 00 00", "Gagnez 300 € par jour x.example", "Prêt rapide, devis gratuit"];
    let calm = ["Mon vélo a été volé", "Je gagne 1 300 € par mois", "Prêt refusé sans un mot"];
    let line = |label: &str, text: &str, n: usize| format!("{label}\t{text} {n}\n");
    let all = |label: &str, texts: [&str; 3]| -> String {
        (0..4).flat_map(|n| texts.map(|text| line(label, text, n))).collect()
    };
    let labelled = folder.file("labelled.tsv", all("spam", noise) + &all("none", calm));
    let crowd =
        folder.file("crowd.tsv", "neg\tServeur odieux, plat froid\npos\tSuper séjour\nneu\tJe prends le train\n");
    let table = folder.file("noise.tsv", "");
    let ran = run(&["learn", "--task", "noise", &labelled, "-o", &table, "--ordinary", &crowd], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("5-fold cross-validation on 24 posts: precision"), "{}", ran.err);
    let learnt = std::fs::read_to_string(&table).unwrap();
    assert!(learnt.starts_with("term\tspam\tgiveaway\tauto\n") && learnt.contains("\n<bias>\t"), "{learnt}");

    let wrong = folder.file("wrong.tsv", "spam\tGagnez 300 €\nmaybe\tBof\n");
    let ran = run(&["learn", "--task", "noise", &wrong, "-o", &table], "");
    assert!(ran.code == 2 && ran.err.contains(":2: `maybe` is no kind of noise"), "{}", ran.err);
    let ran = run(&["learn", &labelled, "--ordinary", &crowd, "-o", &table], "");
    assert!(ran.code == 2 && ran.err.contains("--ordinary is for another --task"), "{}", ran.err);
}
