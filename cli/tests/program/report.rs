//! `report`: one page, whole or not at all, whatever the posts are.

use super::{Folder, run};

const POSTS: &str = "{\"text\":\"Nimbo est nul, livraison lente\",\"target\":\"Nimbo\",\"author\":\"u1\",\"created_at\":\"2026-03-02T10:00:00Z\"}\n\
    {\"text\":\"J'adore Nimbo, service parfait\",\"target\":\"Nimbo\",\"author\":\"u2\",\"created_at\":\"2026-03-03T10:00:00Z\"}\n";

fn report(folder: &Folder, posts: &str, more: &[&str]) -> (super::Ran, String) {
    let (input, page) = (folder.file("posts.jsonl", posts), folder.path("report.html"));
    let ran = run(&[&["report", &input, "-o", &page], more].concat(), "");
    (ran, std::fs::read_to_string(page).unwrap_or_default())
}

#[test]
fn a_page_and_a_summary_that_names_it() {
    let folder = Folder::new("report-page");
    let (ran, page) = report(&folder, POSTS, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(
        ran.err.contains("2 posts in") && ran.err.contains("Open ") && ran.err.contains("report.html"),
        "{}",
        ran.err
    );
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("lang=\"en\"") && page.trim_end().ends_with("</html>")
    );
    assert!(page.contains("livraison") && page.contains("<svg"), "{}", page.len());
    for network in ["src=\"http", "@import", "url(http", "<link rel=\"stylesheet"] {
        assert!(!page.contains(network), "{network}");
    }
    let (ran, page) = report(&folder, POSTS, &["--lang", "fr", "--quiet"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(page.contains("lang=\"fr\"") && page.contains("Tonalité"));
}

#[test]
fn posts_are_text_and_never_markup() {
    let folder = Folder::new("report-hostile");
    let attack = r#"</script></style></template><script>alert(1)</script><img src=x onerror=alert(2)>"'&nul"#;
    let post = serde_json::json!({
        "id": attack, "text": format!("{attack} c'est nul et lent, vraiment nul"), "author": attack,
        "url": "javascript:alert(3)", "created_at": "2026-03-02T10:00:00Z",
        "targets": [{"name": attack, "aliases": ["nul"]}],
    });
    let posts = format!("{post}\n").repeat(40);
    let (ran, page) = report(&folder, &posts, &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lower = page.to_lowercase();
    for bad in ["<script>alert", "<img", "href=\"javascript", "onerror=alert(2)>\"'"] {
        assert!(!lower.contains(bad), "{bad}");
    }
    // The data, and the page's own script.
    assert_eq!(lower.matches("<script").count(), 2);
    assert_eq!(lower.matches("</script").count(), 2);
}

#[test]
fn few_posts_and_odd_ones() {
    let folder = Folder::new("report-odd");
    for (name, posts) in [
        ("no posts", String::new()),
        ("one", POSTS.lines().next().map(|l| format!("{l}\n")).unwrap_or_default()),
        ("no dates", "{\"text\":\"C'est nul\"}\n{\"text\":\"Super\",\"target\":\"Nimbo\"}\n".to_owned()),
        ("one date of 2099", format!("{POSTS}{{\"text\":\"Demain\",\"created_at\":\"2099-01-01T00:00:00Z\"}}\n")),
        ("not a date", "{\"text\":\"C'est nul\",\"created_at\":\"hier\"}\n".to_owned()),
        ("no words", "{\"text\":\"\"}\n{\"text\":\"...\"}\n".to_owned()),
    ] {
        let (ran, page) = report(&folder, &posts, &[]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        assert!(page.trim_end().ends_with("</html>"), "{name}");
    }
    let (_, page) = report(&folder, "", &[]);
    assert!(page.contains("No posts were read"));
    let (_, page) = report(&folder, "{\"text\":\"C'est nul\"}\n", &[]);
    assert!(page.contains("Without a date") && page.contains("1 posts have no date"));
}

#[test]
fn what_cannot_be_read_is_said_and_leaves_the_old_page() {
    let folder = Folder::new("report-bad");
    let bad = format!("{POSTS}{{broken\n");
    let page = folder.file("report.html", "the old one");
    let input = folder.file("posts.jsonl", &bad);
    let ran = run(&["report", &input, "-o", &page], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("posts.jsonl:3:"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(&page).unwrap(), "the old one");
    let rejects = folder.path("bad.jsonl");
    let ran = run(&["report", &input, "-o", &page, "--rejects", &rejects], "");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(std::fs::read_to_string(&rejects).unwrap().contains("\"line\":3"));
    let ran = run(&["report", &folder.path("nowhere.jsonl"), "-o", &page], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no such file"), "{}", ran.err);
    assert_eq!(run(&["report", &input], "").code, 2);
}

#[test]
fn settings_are_read_or_refused_by_line() {
    let folder = Folder::new("report-settings");
    let config = folder.file(
        "watch.toml",
        "time_zone = \"Europe/Paris\"\nmin_posts = 1\n[[panel.stratum]]\nname = \"Presse\"\nsources = [\"press\"]\n\
         [[panel.stratum]]\nname = \"Autres\"\n",
    );
    let (ran, page) = report(&folder, POSTS, &["--config", &config]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(page.contains("Europe&#x2f;Paris") && page.contains("Presse") && page.contains("3 Mar 2026 11:00"));
    let config = folder.file("watch.toml", "min_posts = 1\nmin_post = 1\n");
    let (ran, _) = report(&folder, POSTS, &["--config", &config]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("watch.toml:2: unknown field `min_post`"), "{}", ran.err);
    let (ran, _) = report(&folder, POSTS, &["--config", &folder.path("none.toml")]);
    assert_eq!(ran.code, 2);
}

#[test]
fn the_review_queue_comes_back_as_labels() {
    let folder = Folder::new("report-review");
    let queue = folder.path("queue.csv");
    let (ran, _) = report(&folder, POSTS, &["--review", &queue]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let csv = std::fs::read_to_string(&queue).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].ends_with(",label") && lines.len() == 3 && lines[1].ends_with(','), "{csv}");
    let labelled: Vec<String> =
        lines.iter().enumerate().map(|(i, l)| if i == 0 { (*l).to_owned() } else { format!("{l}negative") }).collect();
    let labelled = folder.file("labelled.csv", labelled.join("\n"));
    let ran = run(&["evaluate", &labelled], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    // A person who stops half way has labelled half.
    let half = folder.file("half.csv", format!("{}\n{}negative\n{}\n", lines[0], lines[1], lines[2]));
    let ran = run(&["evaluate", &half], "");
    assert_eq!((ran.code, ran.err.trim()), (0, "1 posts have no label yet and are left out"));
    let ran = run(&["evaluate", &queue], "");
    assert!(ran.code == 2 && ran.err.contains("no labelled posts"), "{}", ran.err);
}

#[test]
fn the_page_is_the_same_at_any_number_of_threads() {
    let folder = Folder::new("report-threads");
    let post = |i: u32| {
        let text = if i.is_multiple_of(3) { "est nul" } else { "marche bien" };
        let at = format!("2026-03-{:02}T{:02}:00:00Z", 1 + i % 20, i % 24);
        let text = format!("Nimbo {text} numéro {i}");
        serde_json::json!({"id": i.to_string(), "text": text, "target": "Nimbo", "created_at": at}).to_string()
    };
    let posts = (0..400).map(post).collect::<Vec<_>>().join("\n");
    let one = report(&folder, &posts, &["--threads", "1"]).1;
    assert!(one.len() > 100_000 && one == report(&folder, &posts, &["--threads", "3"]).1);
}
