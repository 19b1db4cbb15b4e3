//! Tone towards targets and aspects, on sentences whose sign was decided before they were run.
//!
//! `+` and `-` are the sign of the score, `0` is neutral or unknown, `?` is not asked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::format_collect)]

use tonalite::{Analyzer, Label, Post, Target, Tonality};

fn sign(tonality: &Tonality) -> char {
    match tonality.label {
        Label::Neutral | Label::Unknown => '0',
        _ if tonality.score > 0.0 => '+',
        _ if tonality.score < 0.0 => '-',
        _ => '~',
    }
}

fn post(text: &str, names: &[&str]) -> Post {
    let targets = names.iter().map(|n| Target::new(*n)).collect();
    Post { targets, ..Post::new(text) }
}

/// Reads rows of `text => target+ target- .aspect+`; at most `most` expectations may fail, each with
/// its reason beside the number.
fn check(rows: &[&str], most: usize) {
    let analyzer = Analyzer::new();
    let mut wrong = Vec::new();
    for row in rows {
        let (text, expected) = row.split_once(" => ").expect("a row has an expectation");
        let expected: Vec<(&str, char)> =
            expected.split(' ').map(|e| (&e[..e.len() - 1], e.chars().last().unwrap_or('?'))).collect();
        let names: Vec<&str> = expected.iter().filter(|(n, _)| !n.contains('.')).map(|(n, _)| *n).collect();
        let analysis = analyzer.analyze_post(&post(text, &names));
        for (key, wanted) in expected {
            let (name, aspect) = key.split_once('.').unwrap_or((key, ""));
            let name = if name.is_empty() { names[0] } else { name };
            let target = analysis.targets.iter().find(|t| t.target == name).expect("every target is answered");
            let found = if aspect.is_empty() {
                Some(sign(&target.tonality))
            } else {
                target.aspects.iter().find(|a| a.aspect == aspect).map(|a| sign(&a.tonality))
            };
            if wanted != '?' && found != Some(wanted) {
                wrong.push(format!("{text}: {key} is {found:?}, not {wanted}"));
            }
        }
    }
    assert!(wrong.len() <= most, "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn french_targets() {
    check(
        &[
            "Nimbo est génial, Telmio est nul. => Nimbo+ Telmio-",
            "Telmio m'a encore menti. Nimbo est parfait. => Telmio- Nimbo+",
            "J'adore Nimbo mais je déteste Telmio. => Nimbo+ Telmio-",
            "Nimbo est excellent. Ils sont adorables au téléphone. Telmio est une catastrophe. => Nimbo+ Telmio-",
            "Nimbo et Telmio sont nuls. => Nimbo- Telmio-",
            "Nimbo est bien meilleur que Telmio. => Nimbo+ Telmio-",
            "Nimbo est mieux que Telmio. => Nimbo+ Telmio-",
            "Telmio est pire que Nimbo. => Telmio- Nimbo+",
            "Nimbo est plus rapide que Telmio. => Nimbo+ Telmio-",
            "Nimbo est plus fiable que Telmio. => Nimbo+ Telmio-",
            "Contrairement à Telmio, Nimbo est génial. => Telmio- Nimbo+",
            "Nimbo est super par rapport à Telmio. => Nimbo+ Telmio-",
            "Je préfère Nimbo à Telmio. => Nimbo+ Telmio-",
            "Prenez Nimbo plutôt que Telmio. => Nimbo+ Telmio-",
            "Je quitte Telmio pour Nimbo. => Telmio- Nimbo+",
            "Je suis passé de Telmio à Nimbo. => Telmio- Nimbo+",
            "J'ai quitté Telmio pour Nimbo : plus rapide et un SAV au top. => Telmio- Nimbo+",
            "Nimbo est aussi nul que Telmio. => Nimbo- Telmio-",
            "Telmio est bien meilleur que Nimbo. => Nimbo-",
            "Contrairement à Nimbo, mon opérateur est génial. => Nimbo-",
            "Nimbo a présenté ses résultats. Telmio est une honte. => Nimbo0 Telmio-",
            "Livraison parfaite, merci ! => Nimbo+",
            "Livraison parfaite, merci ! => Nimbo0 Telmio0",
            "#Nimbo c'est nul => Nimbo-",
            "Bravo @nimbo_fr, service parfait => Nimbo+",
            "L'accueil d'Orélis est excellent => Orélis+",
            "orelis est une arnaque => Orélis-",
        ],
        0,
    );
}

#[test]
fn english_targets() {
    check(
        &[
            "Nimbo is great, Telmio is terrible. => Nimbo+ Telmio-",
            "I love Nimbo but I hate Telmio. => Nimbo+ Telmio-",
            "Telmio lied to me again. Nimbo is perfect. => Telmio- Nimbo+",
            "Nimbo is excellent. They are lovely on the phone. Telmio is a disaster. => Nimbo+ Telmio-",
            "Nimbo and Telmio are both awful. => Nimbo- Telmio-",
            "Nimbo is better than Telmio. => Nimbo+ Telmio-",
            "Nimbo is much more reliable than Telmio. => Nimbo+ Telmio-",
            "Telmio is worse than Nimbo. => Telmio- Nimbo+",
            "Unlike Telmio, Nimbo is brilliant. => Telmio- Nimbo+",
            "Nimbo is fantastic compared to Telmio. => Nimbo+ Telmio-",
            "I'd pick Nimbo rather than Telmio. => Nimbo+ Telmio-",
            "Get Nimbo instead of Telmio. => Nimbo+ Telmio-",
            "I prefer Nimbo to Telmio. => Nimbo+ Telmio-",
            "I left Telmio for Nimbo. => Telmio- Nimbo+",
            "We switched from Telmio to Nimbo. => Telmio- Nimbo+",
            "Nimbo is as bad as Telmio. => Nimbo- Telmio-",
            "Telmio is so much better than Nimbo. => Nimbo-",
            "Unlike Nimbo, my operator is brilliant. => Nimbo-",
            "Nimbo published its results. Telmio is a disgrace. => Nimbo0 Telmio-",
            "Nimbo is great while Telmio is useless. => Nimbo+ Telmio-",
            "Perfect delivery, thank you! => Nimbo+",
            "Nimbo's staff are wonderful => Nimbo+",
            "#Nimbo is rubbish => Nimbo-",
            "Well done @NimboCares, brilliant service => Nimbo+",
        ],
        0,
    );
}

#[test]
fn french_aspects() {
    check(
        &[
            "Livraison trop lente, mais le SAV est au top. => Nimbo? .delivery- .service+",
            "Les prix sont excellents, la livraison est catastrophique. => Nimbo? .price+ .delivery-",
            "L'appli est nulle. Le conseiller était adorable. => Nimbo? .app- .service+",
            "Trop cher. => Nimbo- .price-",
            "Le réseau est excellent mais la facture est une arnaque. => Nimbo? .network+ .billing-",
            "Accueil et cuisine excellents. => Nimbo+ .service+ .quality+",
            "Livraison : parfaite. => Nimbo+ .delivery+",
            "Le site plante tout le temps, c'est nul. => Nimbo- .app-",
            "Nimbo : prix parfaits. Telmio : accueil nul. => Nimbo+ Telmio- Nimbo.price+ Telmio.service-",
            "Ils exploitent leurs salariés, c'est une honte. => Nimbo- .ethics-",
        ],
        0,
    );
}

#[test]
fn english_aspects() {
    check(
        &[
            "Delivery was terrible but customer service was amazing. => Nimbo? .delivery- .service+",
            "Great prices, awful delivery. => Nimbo? .price+ .delivery-",
            "The app is horrible. The staff were lovely. => Nimbo? .app- .service+",
            "Far too expensive. => Nimbo- .price-",
            "Excellent coverage but the billing is a nightmare. => Nimbo? .network+ .billing-",
            "Staff and food were excellent. => Nimbo+ .service+ .quality+",
            "Delivery: perfect. => Nimbo+ .delivery+",
            "Website keeps crashing, useless. => Nimbo- .app-",
            "They exploit their workers, shameful. => Nimbo- .ethics-",
            "Nimbo has lovely staff. Telmio has awful coverage. => Nimbo+ Telmio- Nimbo.service+ Telmio.network-",
        ],
        // "Great prices" is an idiom, and the matcher names no aspect inside one.
        1,
    );
}

#[test]
fn names_are_found_however_they_are_written() {
    let analyzer = Analyzer::new();
    let rows = [
        ("Harrow & Pike Bank", "HARROW & PIKE says visit a branch", true),
        ("Harrow & Pike Bank", "harrow and pie", false),
        ("Jean-Vilar", "L'école jean vilar rouvre", true),
        ("Jean Vilar", "L'école Jean-Vilar rouvre", true),
        ("SuperMara", "les caissières de super mara", true),
        ("Pizza Luma", "vos pizzas @pizzaluma ?", true),
        ("Volantis", "#BoycottVolantis partagez", true),
        ("Volantis", "un vol volant", false),
        ("Skylark Air", "Skylark's knock-on delays", true),
        ("Banque Orélis", "ouvrir un compte chez orelis", true),
        ("Banque Orélis", "Banque fermée ce matin", false),
        ("Ville de Saint-Oryan", "les trottoirs de Saint-Oryan", true),
        ("Drift Kings 3", "drift kings tonight", true),
        ("Nuvo", "la gamme Nuvo-Pro", true),
    ];
    for (name, text, expected) in rows {
        let found = analyzer.analyze_post(&post(text, &[name])).targets[0].mentioned;
        assert_eq!(found, expected, "{name} in {text}");
    }
}

#[test]
fn excluded_words_make_a_name_something_else() {
    let analyzer = Analyzer::new();
    let target = Target { exclude: vec!["jus".into(), "jus d'orange".into()], ..Target::new("Orange") };
    for (text, expected) in [("Orange est en panne", true), ("un jus d'orange frais", false)] {
        let post = Post { targets: vec![target.clone()], ..Post::new(text) };
        assert_eq!(analyzer.analyze_post(&post).targets[0].mentioned, expected, "{text}");
    }
}

#[test]
fn every_target_is_answered_in_the_order_asked() {
    let analyzer = Analyzer::new();
    for text in ["", "🙂", "Telmio", "ok ".repeat(5000).as_str()] {
        let analysis = analyzer.analyze_post(&post(text, &["Nimbo", "Telmio", "Voltéa"]));
        let names: Vec<&str> = analysis.targets.iter().map(|t| t.target.as_str()).collect();
        assert_eq!(names, ["Nimbo", "Telmio", "Voltéa"]);
    }
}
