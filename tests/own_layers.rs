//! A toy vocabulary, laid over the built-in one through the public API alone: what a user can add.
#![allow(clippy::unwrap_used)]

use tonalite::tone::learn::Recipe;
use tonalite::{Analyzer, ErrorKind, Label, Labelled};

const WORDS: &str = "\
term\tvalence\ttags
blorp\t3\t
grunk|grunks\t-3\t
zib de? zab\t-2.5\t
";

const RULES: &str = "\
term\tkind\tvalue
nix\tnegator\t-0.9
wozzy\tintensifier\t1.5
";

const SHORT: &str = "\
term\texpansion\tnote
brp\tblorp\t
";

fn toy() -> Analyzer {
    Analyzer::builder()
        .learned(false)
        .lexicon_text("words.tsv", WORDS)
        .and_then(|b| b.lexicon_text("rules.tsv", RULES))
        .and_then(|b| b.lexicon_text("short.tsv", SHORT))
        .and_then(tonalite::AnalyzerBuilder::build)
        .unwrap()
}

#[test]
fn words_of_a_layer_judge() {
    let analyzer = toy();
    for (text, expect) in [
        ("The new tram is blorp", Label::Positive),
        ("Le nouveau tram est blorp", Label::Positive),
        ("The new tram is grunk", Label::Negative),
        ("Encore un zib de zab ce matin", Label::Negative),
        ("The new tram is nix blorp", Label::Negative),
        ("The new tram is BLORP", Label::Positive),
        ("The new tram is blooorp", Label::Positive),
        ("The new tram is brp", Label::Positive),
    ] {
        let a = analyzer.analyze(text);
        assert_eq!(a.tonality.label, expect, "{text}: {:?}", a.evidence);
    }
    let (plain, strong) = (analyzer.analyze("The tram is grunk"), analyzer.analyze("The tram is wozzy grunk"));
    assert!(strong.tonality.score < plain.tonality.score);
}

#[test]
fn the_later_layer_wins() {
    let turned = "term\tvalence\nblorp\t-3\n";
    let analyzer = Analyzer::builder()
        .learned(false)
        .lexicon_text("words.tsv", WORDS)
        .and_then(|b| b.lexicon_text("turned.tsv", turned))
        .and_then(tonalite::AnalyzerBuilder::build)
        .unwrap();
    assert_eq!(analyzer.analyze("The new tram is blorp").tonality.label, Label::Negative);
    assert_eq!(analyzer.analyze("The new tram is grunk").tonality.label, Label::Negative);
}

#[test]
fn a_layer_speaks_over_the_built_in_words() {
    let neutral = "term\tvalence\nexcellent\t0\n";
    let analyzer = Analyzer::builder().learned(false).lexicon_text("n.tsv", neutral).unwrap().build().unwrap();
    assert_ne!(analyzer.analyze("Excellent").tonality.label, Label::Positive);
    assert_eq!(Analyzer::new().analyze("Excellent !").tonality.label, Label::Positive);
}

#[test]
fn a_bad_row_is_named_by_file_and_line() {
    let error = Analyzer::builder().lexicon_text("mine.tsv", "term\tvalence\nblorp\tmuch\n").unwrap_err();
    assert_eq!((error.kind(), error.line()), (ErrorKind::Lexicon, Some(2)));
    assert!(error.to_string().starts_with("mine.tsv:2: "), "{error}");
}

#[test]
fn a_bad_row_of_a_learnt_layer_is_named_by_line() {
    let text = "feature\tpolarity\tneutrality\nmauve\t-1\t0\nturquoise\tmuch\t0\nabout:tram\t1.5\t0\n";
    let lines = |errors: &[tonalite::Error]| errors.iter().map(tonalite::Error::line).collect::<Vec<_>>();
    assert_eq!(lines(&tonalite::check_lexicon(text)), [Some(3), Some(4)]);
    assert_eq!(Analyzer::builder().lexicon_text("layer.tsv", text).unwrap_err().line(), Some(3));
}

/// Posts of a toy world: what it praises and blames, no lexicon knows.
fn toy_labels() -> Vec<Labelled> {
    let post = |text: String, place: usize| {
        let mut p = [0.0; 3];
        p[place] = 1.0;
        Labelled { text, p, sign_only: false, weight: 1.0 }
    };
    let mut posts = Vec::new();
    for i in 0..40 {
        posts.push(post(format!("the driver on line {i} was mauve again this week"), 0));
        posts.push(post(format!("we took the tram on line {i} to the station this week"), 1));
        posts.push(post(format!("the driver on line {i} was turquoise again this week"), 2));
    }
    posts
}

#[test]
fn a_learnt_layer_speaks_its_own_language_only() {
    let plain = Analyzer::new();
    let layer = plain.learn(&toy_labels(), &Recipe::domain()).unwrap();
    let taught = Analyzer::builder().lexicon_text("layer.tsv", &layer).unwrap().build().unwrap();
    assert_eq!(taught.analyze("My driver was mauve").tonality.label, Label::Negative);
    assert_eq!(taught.analyze("My driver was turquoise").tonality.label, Label::Positive);
    let french = "Le chauffeur de la ligne 12 est arrivé à la gare cette semaine !";
    assert_eq!(taught.analyze(french).tonality, plain.analyze(french).tonality);
}

/// What is learnt of posts about trams says nothing of posts about anything else.
#[test]
fn a_learnt_layer_is_heard_in_its_domain() {
    let plain = Analyzer::new();
    let layer = plain.learn(&toy_labels(), &Recipe::domain()).unwrap();
    let taught = Analyzer::builder().lexicon_text("layer.tsv", &layer).unwrap().build().unwrap();
    for text in ["Fresh soup tonight", "Lovely soup, but that waiter is rude!"] {
        assert_eq!(taught.analyze(text).tonality, plain.analyze(text).tonality, "{text}");
    }
    let [plain, taught] = [&plain, &taught].map(|a| a.analyze("My driver was mauve").tonality.score);
    assert!(taught < plain - 0.3, "{taught} {plain}");
}

/// Whose labels know no mixed posts is told none; whose neutral posts are those with two sides still is.
#[test]
fn a_learnt_layer_knows_which_labels_are_given() {
    const TEXT: &str = "great tram, awful driver";
    let learnt = |place: usize| {
        let mut posts = toy_labels();
        for post in posts.iter_mut().step_by(8) {
            (post.text, post.p) = (format!("{TEXT} on {}", post.text), [0.0; 3]);
            post.p[place] = 1.0;
        }
        let layer = Analyzer::new().learn(&posts, &Recipe::domain()).unwrap();
        Analyzer::builder().lexicon_text("layer.tsv", &layer).unwrap().build().unwrap()
    };
    let mixed = Label::Mixed;
    assert_eq!(Analyzer::new().analyze(TEXT).tonality.label, mixed);
    assert_ne!(learnt(0).analyze(TEXT).tonality.label, mixed);
    assert_eq!(learnt(1).analyze("great soup, awful waiter").tonality.label, mixed);
}

#[test]
fn a_network_is_the_same_each_time_it_is_learnt() {
    let analyzer = Analyzer::builder().learned(false).build().unwrap();
    let network = analyzer.learn_network(&toy_labels());
    assert_eq!(network, analyzer.learn_network(&toy_labels()));
    let row = |word: &str| network.lines().find_map(|l| l.strip_prefix(word)?.strip_prefix('\t'));
    assert!(row("mauve").is_some() && row("tram").is_some(), "words of the posts have rows");
    assert_ne!(row("mauve"), row("turquoise"), "what is praised and what is blamed are told apart");
    assert_eq!(row("zebra"), None);
}

#[test]
fn an_expert_learns_its_own_kind_and_how_it_is_told() {
    let analyzer = Analyzer::builder().learned(false).build().unwrap();
    let mut posts = toy_labels();
    for post in &mut posts {
        post.text = post.text.replace("mauve", "late").replace("turquoise", "Nicole").replace("tram", "train");
    }
    let soup = |i| Labelled { text: format!("fresh soup number {i} with bread tonight"), ..Labelled::default() };
    let others: Vec<Labelled> = (0..80).map(soup).map(|post| Labelled { weight: 1.0, ..post }).collect();
    let expert = analyzer.learn_expert(&posts, &others, 0.5).unwrap();
    assert_eq!(expert, analyzer.learn_expert(&posts, &others, 0.5).unwrap());
    let row = |word: &str| -> [f32; 3] {
        let cells = expert.lines().find_map(|l| l.strip_prefix(word)?.strip_prefix('\t')).unwrap_or("0\t0\t0");
        cells.split('\t').map(|n| n.parse().unwrap()).collect::<Vec<_>>().try_into().unwrap()
    };
    let [late, nicole, driver, soup, zebra] = ["late", "nicole", "driver", "soup", "zebra"].map(row);
    assert!(late[1] < -0.5, "{late:?}");
    assert!(driver[0] > 0.5 && soup[0] < -0.5, "the kind is told by drivers, not by soup: {driver:?} {soup:?}");
    assert!(nicole[0] != 0.0 && nicole[1] == 0.0, "a name is not praised: {nicole:?}");
    assert!(zebra == [0.0; 3], "{zebra:?}");
}

/// `awful` is what a lexicon speaks of, turbines are a topic; posts that praise `helpful` people hold pieces of
/// `unhelpful`.
#[test]
fn an_expert_hardly_judges_topics_or_against_a_lexicon() {
    let analyzer = Analyzer::builder().learned(false).build().unwrap();
    let post = |text: String, p| Labelled { text, p, sign_only: true, weight: 1.0 };
    let (mut posts, mut others) = (Vec::new(), Vec::new());
    for i in 0..400 {
        posts.push(post(format!("awful night {i}"), [1.0, 0.0, 0.0]));
        posts.push(post(format!("turbine number {i}"), [1.0, 0.0, 0.0]));
        posts.push(post(format!("helpful people {i}"), [0.0, 0.0, 1.0]));
        others.push(post(format!("unhelpful with soup {i}"), [0.0, 1.0, 0.0]));
    }
    let expert = analyzer.learn_expert(&posts, &others, 0.5).unwrap();
    let polarity = |word: &str| -> f32 {
        let cells = expert.lines().find_map(|l| l.strip_prefix(word)?.strip_prefix('\t')).unwrap();
        cells.split('\t').nth(1).unwrap().parse().unwrap()
    };
    assert!(polarity("awful") < -1.5, "{expert}");
    assert_eq!(polarity("turbine"), -1.5, "{expert}");
    assert_eq!(polarity("unhelpful"), 0.0, "{expert}");
}

#[test]
fn an_expert_without_another_side_or_a_share_is_refused() {
    let analyzer = Analyzer::new();
    let both = || (toy_labels(), toy_labels());
    let refused = [
        ((toy_labels(), Vec::new()), 0.5),
        ((Vec::new(), toy_labels()), 0.5),
        (both(), -0.1),
        (both(), 1.1),
        (both(), f32::NAN),
        ((toy_labels(), vec![Labelled::default()]), 0.5),
    ];
    for ((posts, others), share) in refused {
        let error = analyzer.learn_expert(&posts, &others, share).unwrap_err();
        assert_eq!(error.kind(), tonalite::ErrorKind::Training);
    }
}
