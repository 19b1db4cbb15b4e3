//! The voice room from outside: roles by plain cases, triage, and pooled authors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::format_collect, clippy::print_stdout)]

use tonalite::voice::{Authors, Intent, Role};
use tonalite::{Analyzer, Post, Target};

fn role(text: &str) -> Role {
    let mut post = Post::new(text);
    post.targets = vec![Target::new("Nimbo")];
    Analyzer::new().analyze_post(&post).role.label
}

/// One plain post a role and language, of the kind that a team would not argue about.
#[test]
fn plain_posts_get_their_role() {
    let cases = [
        ("RT + follow pour gagner un Nimbo, tirage au sort dimanche", Role::Commercial),
        ("Brand new sealed Nimbo for sale, DM to order, worldwide shipping", Role::Commercial),
        (
            "Nous sommes désolés pour cette attente. Envoyez-nous votre numéro de dossier, l'équipe Nimbo",
            Role::Official,
        ),
        ("We're aware of the outage in Leeds and our engineers are on site. Thanks for your patience", Role::Official),
        ("Je bosse au SAV de Nimbo, mon manager nous chronomètre", Role::Insider),
        ("I work for Nimbo, my manager tells us not to say so", Role::Insider),
        ("Nimbo va supprimer 800 postes, selon nos informations", Role::Media),
        ("Exclusive: Nimbo in talks to buy rival, sources say", Role::Media),
        ("Signez la pétition et partagez : Nimbo doit cesser de financer le charbon", Role::Activist),
        ("Sign the petition, join the rally outside the Nimbo store on Saturday", Role::Activist),
        ("Cliente Nimbo depuis 8 ans et toujours pas de réseau dans mon salon", Role::Customer),
        ("I've been waiting three weeks for my refund, Nimbo charged me twice", Role::Customer),
        ("Je signe vendredi chez Nimbo, les frais de dossier sont inclus ?", Role::ProspectHot),
        ("Ordering tonight: is the black Nimbo in stock, and how much is delivery?", Role::ProspectHot),
        ("Un jour j'aurai un Nimbo, quand j'aurai gagné au loto", Role::ProspectCold),
        ("So tempted by the Nimbo, maybe next year if the price drops", Role::ProspectCold),
        ("Nimbo n'a pas d'IPv6 natif, ils passent par du CGNAT, d'où la latence de 40 ms", Role::Geek),
        ("The Nimbo app validates transfers client side, hence the race condition after 30 ms", Role::Geek),
        ("La pub Nimbo avec le lama, on dirait un cauchemar", Role::Public),
        ("That Nimbo advert with the goat, who signs these off?", Role::Public),
    ];
    let wrong: Vec<_> = cases.iter().filter(|(text, gold)| role(text) != *gold).map(|(t, g)| (t, g, role(t))).collect();
    assert!(wrong.len() <= 1, "{wrong:#?}");
}

#[test]
fn a_bare_relay_and_an_empty_text_are_nobodys() {
    for text in ["RT @nimbo: nos boutiques ouvrent demain", "https://example.org", "", "@user"] {
        assert_eq!(role(text), Role::Unclear, "{text}");
    }
}

#[test]
fn shares_sum_to_one_and_evidence_points_at_the_text() {
    let text = "Je bosse chez Nimbo &amp; mon manager refuse tout";
    let analysis = Analyzer::new().analyze(text);
    assert!((analysis.role.p.iter().sum::<f32>() - 1.0).abs() < 1e-4);
    for e in &analysis.evidence {
        assert_eq!(&text[e.start..e.end], e.text);
    }
}

#[test]
fn no_words_are_shown_where_none_are_asked_for() {
    let analyzer = Analyzer::builder().evidence(false).build().unwrap();
    let analysis = analyzer.analyze("Je suis client Nimbo depuis huit ans, service nul");
    assert_eq!(analysis.role.label, Role::Customer);
    assert!(analysis.evidence.is_empty());
}

#[test]
fn questions_are_read_before_criticism_and_compliments() {
    let analyzer = Analyzer::new();
    let mut inbox =
        ["Bravo l'équipe, service parfait, j'adore", "SAV injoignable, c'est inadmissible", "Ça marche en Suisse ?"]
            .map(|t| analyzer.analyze(t));
    inbox.sort_by_key(tonalite::Analysis::triage);
    assert!(inbox[0].intents.contains(&Intent::Question));
    assert!(inbox[1].triage() < inbox[2].triage());
}

/// Blame to the firm's face is a complaint, whoever speaks but a cause, a paper or a firm; blame of a third
/// party, thanks and questions are none.
#[test]
fn blame_to_the_face_is_a_complaint() {
    let analyzer = Analyzer::new();
    let complains = |text: &str| {
        let mut post = Post::new(text);
        post.targets = vec![Target::new("Nimbo")];
        analyzer.analyze_post(&post).intents.contains(&Intent::Complaint)
    };
    let complaints = [
        "@nimbo what a bunch of liars",
        "@nimbo your new app is horrendous, bring back the old one",
        "@nimbo vous êtes vraiment des incapables",
        "@nimbo votre nouvelle appli est une horreur",
    ];
    let others = [
        "@nimbo thank you, you saved my holiday!",
        "@nimbo do you open on Sundays?",
        "@nimbo shame on you. Sign the petition and join the rally against the coal deal on Saturday",
        "@nimbo merci, vous m'avez sauvé mes vacances !",
        "@nimbo honte à vous. Signez la pétition et rejoignez la manifestation contre le charbon samedi",
    ];
    for text in complaints {
        assert!(complains(text), "{text}");
    }
    for text in others {
        assert!(!complains(text), "{text}");
    }
}

#[test]
fn authors_merge_to_the_same_profile_in_any_order() {
    let analyzer = Analyzer::new();
    let texts = [
        "Je suis abonné Nimbo depuis mars",
        "Toujours pas de réseau, trois semaines que j'attends",
        "On m'a débité deux fois ce mois-ci",
        "Ma facture Nimbo a doublé",
    ];
    let one = |range: std::ops::Range<usize>| {
        let mut authors = Authors::default();
        for at in range {
            let when = i64::try_from(at).unwrap() * 40 * 86_400;
            authors.add("u1", "Nimbo", Some(when), &analyzer.analyze(texts[at]).role);
        }
        authors
    };
    let whole = one(0..4);
    let (a, b, c) = (one(0..1), one(1..3), one(3..4));
    let merged = |parts: [&Authors; 3]| {
        let mut sum = Authors::default();
        for part in &parts {
            sum.merge(part);
        }
        sum
    };
    assert_eq!(merged([&a, &b, &c]), whole);
    assert_eq!(merged([&c, &a, &b]), whole);
    assert_eq!(whole.role("u1", "Nimbo").unwrap().role.label, Role::Customer);
}

/// A role of the user's own: declared and cued in TSV through the one reader.
#[test]
fn users_bring_roles_and_cues() {
    const OWN: &str = "pattern\tkind\tlabel\tweight\n\
        collector\tlabel\trole\t-2\n\
        vignette|vignettes|album\trole\tcollector\t2.5\n\
        il me manque\trole\tcollector\t2\n\
        carte fidélité\trole\tcustomer\t3\n";
    let analyzer = Analyzer::builder().lexicon_text("own.tsv", OWN).unwrap().build().unwrap();
    let collector = Role::named("collector").unwrap();
    let a = analyzer.analyze("Il me manque la vignette 12 pour finir l'album");
    assert_eq!(a.role.label, collector);
    assert!(a.evidence.iter().any(|e| e.label.as_deref() == Some("collector")), "{:?}", a.evidence);
    let sum: f32 = a.role.shares().map(|(_, p)| p).sum();
    assert!((sum - 1.0).abs() < 1e-4);
    assert_ne!(analyzer.analyze("Toujours pas de réseau, trois semaines que j'attends").role.label, collector);
    assert!(Analyzer::new().analyze("Il me manque la vignette 12").role.own.is_empty());
    let mut authors = Authors::default();
    for text in ["Il me manque la vignette 3", "Échange vignettes, album complet"] {
        authors.add("u1", "", None, &analyzer.analyze(text).role);
    }
    assert_eq!(authors.role("u1", "").unwrap().role.label, collector);
    for (row, reason) in [
        ("vignette\trole\tcolector\t2\n", "no role"),
        ("customer\tlabel\trole\n", "already"),
        ("Un Rôle\tlabel\trole\n", "cannot name"),
    ] {
        let text = format!("pattern\tkind\tlabel\tweight\n{row}");
        let error = Analyzer::builder().lexicon_text("bad.tsv", &text).unwrap_err();
        assert!(error.reason().contains(reason), "{error}");
        assert_eq!(error.line(), Some(2));
        assert_eq!(tonalite::check_lexicon(&text).len(), 1);
    }
}

#[cfg(feature = "serde")]
#[test]
fn own_roles_travel_as_json() {
    let own = "pattern\tkind\tlabel\tweight\ncollector\tlabel\trole\nvignette\trole\tcollector\t6\n";
    let analyzer = Analyzer::builder().lexicon_text("own.tsv", own).unwrap().build().unwrap();
    let role = analyzer.analyze("une vignette").role;
    let json = serde_json::to_value(&role).unwrap();
    assert_eq!(json["label"], "collector");
    assert!(json["p"]["collector"].as_f64().unwrap() > 0.5);
    assert_eq!(serde_json::from_value::<tonalite::voice::RoleReading>(json).unwrap(), role);
}

/// A message to a firm as `complaints_blind.jsonl` labels it.
#[derive(serde::Deserialize)]
struct Message {
    text: String,
    target: String,
    lang: String,
    intents: Vec<String>,
}

/// F1 and precision of complaints among the messages of one language.
fn complaints(language: &str) -> [f64; 2] {
    let text = include_str!("data/complaints_blind.jsonl");
    let messages = text.lines().map(|line| serde_json::from_str::<Message>(line).unwrap());
    let analyzer = Analyzer::new();
    let (mut said, mut is, mut right) = (0, 0, 0);
    for message in messages.filter(|m| m.lang == language) {
        let post = Post { targets: vec![Target::new(message.target)], ..Post::new(message.text) };
        let analysis = analyzer.analyze_post(&post);
        let heard = analysis.intents.contains(&Intent::Complaint);
        let meant = message.intents.iter().any(|i| i == "complaint");
        said += u32::from(heard);
        is += u32::from(meant);
        right += u32::from(heard && meant);
    }
    let [said, is, right] = [said, is, right].map(f64::from);
    let [f1, precision, recall] = [2.0 * right / (said + is), right / said, right / is];
    println!("complaints, {language}: F1 {f1:.3}, precision {precision:.3}, recall {recall:.3}");
    [f1, precision]
}

/// 300 messages as support accounts receive them, most complaints without a word of blame, written by someone who saw
/// neither rows, weights nor other sets; nothing was made from them (`docs/roles.md` tells what was chosen in sight of them).
#[test]
fn complaints_of_messages_as_they_come() {
    for language in ["en", "fr"] {
        let [f1, precision] = complaints(language);
        assert!(f1 >= 0.75 && precision >= 0.75, "{language}");
    }
}
