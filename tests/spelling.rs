//! The ladder of spelling through the public API: what is read, what is left alone, and at what cost.
//!
//! Each row is a phenomenon, not a word: the sentence was written, and what it should be read as, before
//! it was run.
#![allow(clippy::unwrap_used, clippy::format_collect)]

#[path = "../benches/common/mod.rs"]
mod common;

use std::time::Duration;
use tonalite::{Analyzer, Via};

fn read(text: &str) -> String {
    Analyzer::new().normalize(text).text
}

/// (what it shows, as written, as read)
const READ: [(&str, &str, &str); 57] = [
    ("accents left out", "je suis tres desole du resultat", "je suis très désolé du résultat"),
    ("a wrong accent", "c'est trés bien fait", "c'est très bien fait"),
    ("letters drawn out", "c'est troooop bien", "c'est trop bien"),
    ("drawn out to two", "this is so coooool", "this is so cool"),
    ("SMS", "jsp pk il est tjrs en retard", "je sais pas pourquoi il est toujours en retard"),
    ("chat", "u r the best thx", "you are the best thanks"),
    ("c before a judgement", "c nul ce truc", "c'est nul ce truc"),
    ("g", "g pas aimé du tout", "j'ai pas aimé du tout"),
    ("pa after a verb", "j'aime pa ce film", "j'aime pas ce film"),
    ("sa before a verb", "sa marche pas du tout", "ça marche pas du tout"),
    ("sa that possesses", "sa voiture est belle", "sa voiture est belle"),
    ("a before an infinitive", "un film a voir absolument", "un film à voir absolument"),
    ("a that is a verb", "il a bien mangé hier", "il a bien mangé hier"),
    ("an apostrophe left out", "jaime bien lhotel mais quil est loin", "j'aime bien l'hôtel mais qu'il est loin"),
    ("a blank for an apostrophe", "je suis allé à l hotel hier", "je suis allé à l'hôtel hier"),
    ("dont", "it didn't work and i wouldnt buy it", "it didn't work and i wouldnt buy it"),
    ("joined words", "c'est tropbien ici", "c'est trop bien ici"),
    ("a hashtag by its words", "#serviceclient nul comme toujours", "#service client nul comme toujours"),
    ("k for qu", "une bonne kalité pour le prix", "une bonne qualité pour le prix"),
    ("sh for ch", "ce service est vraiment shiant", "ce service est vraiment chiant"),
    ("by its sound", "un resto otentik et pas cher", "un resto authentique et pas cher"),
    ("c for cc and x", "un accueil eccellent hier soir", "un accueil excellent hier soir"),
    ("é for ais", "je reviendrai jamé ici", "je reviendrai jamais ici"),
    ("e for ai", "je suis insatisfet du produit", "je suis insatisfait du produit"),
    ("cou for quoi", "c'est koi ce délire", "c'est quoi ce délire"),
    ("a mute letter", "le serveur est agréabl et souriant", "le serveur est agréable et souriant"),
    ("doubled", "c'est vraiment horribble ici", "c'est vraiment horrible ici"),
    ("not doubled", "une exelente soirée en famille", "une excellente soirée en famille"),
    ("swapped", "un accueil magnifqiue hier", "un accueil magnifique hier"),
    ("the next key", "un repas delicieyx hier", "un repas délicieux hier"),
    ("an elided word misspelt", "franchement jador cette équipe", "franchement j'adore cette équipe"),
    ("English, left out", "the staff was amzing today", "the staff was amazing today"),
    ("English, swapped", "i recieve so many of them", "i receive so many of them"),
    ("English, doubled", "this is definitly the worst", "this is definitely the worst"),
    ("English, the sound", "such a luvly place to stay", "such a lovely place to stay"),
    ("the g that is dropped", "i was thinkin about it", "i was thinking about it"),
    ("digits for letters", "this is sh1t honestly", "this is shit honestly"),
    ("the case of what was written", "Eccellent repas dans ce restaurant", "Excellent repas dans ce restaurant"),
    ("in capitals", "C'EST VRAIMENT HORRIBBLE ICI", "C'EST VRAIMENT HORRIBLE ICI"),
    ("a name inside a sentence", "j'ai vu Horribble hier soir", "j'ai vu Horribble hier soir"),
    (
        "a handle and a link",
        "merci @horribble https://horribble.fr/amzing",
        "merci @horribble https://horribble.fr/amzing",
    ),
    ("letters and digits", "mon iphone12 et mon ps4 marchent bien", "mon iphone12 et mon ps4 marchent bien"),
    ("words one letter from a judgement", "il va dire que le king a faim", "il va dire que le king a faim"),
    ("a word cut short with a bar", "a room w/o a view b/c we were late", "a room without a view because we were late"),
    ("with, cut short", "a burger w/ fries", "a burger with fries"),
    ("bars that cut nothing short", "the desk is open 24/7 and c/o the bank", "the desk is open 24/7 and c/o the bank"),
    ("come on", "c'mon guys this is late", "come on guys this is late"),
    ("c'mon in French", "c'mon ami de toujours", "c'est mon ami de toujours"),
    ("a plus", "bon je file a+ les amis", "bon je file à plus les amis"),
    ("a grade", "le frigo est en classe A+ depuis hier", "le frigo est en classe A+ depuis hier"),
    ("a capital inside", "la playlist iCelebratess est sortie", "la playlist iCelebratess est sortie"),
    ("a slip of the shift key", "c'est un SCANDALLe ce truc", "c'est un Scandale ce truc"),
    ("short names in capitals", "J'AI VU SISTAR ET KALIMBO", "J'AI VU SISTAR ET KALIMBO"),
    ("one word before two short ones", "je suis heueux de ce choix", "je suis heureux de ce choix"),
    ("a function word has no mute ending", "le train pase a midi", "le train passe a midi"),
    ("what is said of something judges", "the food was geat", "the food was great"),
    ("names in small letters", "j'ai croisé hulot et areva sur le blog", "j'ai croisé hulot et areva sur le blog"),
];

#[test]
fn what_was_meant_is_read() {
    let mut fallen = Vec::new();
    for (shows, written, meant) in READ {
        let got = read(written);
        if got != meant {
            fallen.push(format!("{shows}: `{written}` is read as `{got}`, not `{meant}`"));
        }
    }
    assert!(fallen.is_empty(), "{} of {}:\n{}", fallen.len(), READ.len(), fallen.join("\n"));
}

#[test]
fn each_rung_is_named() {
    for (text, word, via) in [
        ("je suis desole", "desole", Via::Folded),
        ("c'est nuuuul ici", "nuuuul", Via::Stretched),
        ("bcp de monde ici", "bcp", Via::Shorthand),
        ("une bonne kalité ici", "kalité", Via::Spelling),
        ("une bonne qualité ici", "qualité", Via::Exact),
    ] {
        let read = Analyzer::new().normalize(text);
        assert_eq!(read.words.iter().find(|w| w.text == word).unwrap().via, via, "{text}");
    }
}

/// Every hundredth word of the lists of known words comes back as it was, in a clause of its language.
#[test]
fn a_known_word_is_never_corrected() {
    let analyzer = Analyzer::new();
    let lists = [
        (include_str!("../lexicons/fr/known.txt"), "je pense que le mot", "est dans cette phrase"),
        (include_str!("../lexicons/en/known.txt"), "i think that the word", "is in this sentence"),
    ];
    for (list, before, after) in lists {
        let words = list.lines().step_by(100).filter_map(|l| l.split_once('\t'));
        for (word, _) in words.filter(|(w, _)| w.chars().count() > 2) {
            let text = format!("{before} {word} {after}");
            let read = analyzer.normalize(&text);
            let kept = read.words.iter().all(|w| matches!(w.via, Via::Exact | Via::Shorthand));
            assert!(kept, "{text} -> {}", read.text);
        }
    }
}

#[test]
fn spans_are_of_the_text_as_given() {
    for text in
        ["jador  la kalité &amp; lambiance 😀 tropbien", "J’ADORE #tropdelaballe, cest l’hotel", "e\u{301}xcelent"]
    {
        let mut end = 0;
        for word in Analyzer::new().normalize(text).words {
            assert_eq!(&text[word.start..word.end], word.text);
            assert!(word.end >= end, "{text}");
            end = word.end;
        }
    }
}

/// Whatever a negated sentence scores, it scores so however its negator is spelt.
#[test]
fn a_negation_that_is_misspelt_still_negates() {
    for (plain, denied, misspelt) in [
        ("j'aime ce magasin", "j'aime pas ce magasin", "j'aime pa ce magasin"),
        ("je recommande", "je recommande jamais", "je recommande jms"),
        ("i like this phone", "i don't like this phone", "i dnt like this phone"),
        ("this is good", "this ain't good", "this aint good"),
        ("i would recommend it", "i wouldn't recommend it", "i wouldnt recommend it"),
    ] {
        let score = |text| Analyzer::new().analyze(text).tonality.score;
        let (plain, denied, given) = (score(plain), score(denied), score(misspelt));
        assert!(given < plain && (given < 0.0) == (denied < 0.0), "{misspelt}: {plain} {denied} {given}");
    }
}

/// The words of a user's layer are targets too, for what may be misspelt and not for known words.
#[test]
fn a_word_of_a_layer_is_reached_from_its_misspellings() {
    let rows = "term\tvalence\nnimbocare\t3\nzoltanium plus\t-3\nblorp\t2\n";
    let own = Analyzer::builder().lexicon_text("mine.tsv", rows).and_then(tonalite::AnalyzerBuilder::build).unwrap();
    for (text, meant) in [
        ("on a pris nimbocaer hier", "on a pris nimbocare hier"),
        ("they sold us nimbocarre yesterday", "they sold us nimbocare yesterday"),
        ("le zoltaniun plus est cassé", "le zoltanium plus est cassé"),
        ("on a pris blirq hier", "on a pris blirq hier"),
        ("on a pris Nimbocaer hier", "on a pris Nimbocaer hier"),
    ] {
        assert_eq!(own.normalize(text).text, meant);
    }
    assert_eq!(read("on a pris nimbocaer hier"), "on a pris nimbocaer hier");
}

#[test]
fn without_spelling_only_accents_stretches_and_shorthand_are_read() {
    let analyzer = Analyzer::builder().spelling(false).build().unwrap();
    let read = analyzer.normalize("une bonne kalité mais tres leeeent tkt").text;
    assert_eq!(read, "une bonne kalité mais très lent t'inquiète");
}

/// What a thread remembers of the words before changes nothing.
#[test]
fn what_is_remembered_is_what_would_be_found() {
    let words: Vec<String> = (0..6000u32).map(|n| format!("kal{}té{}", letters(n * 7919), letters(n))).collect();
    let analyzer = Analyzer::new();
    let fresh = |text: &str| {
        let (analyzer, text) = (analyzer.clone(), text.to_owned());
        std::thread::spawn(move || analyzer.analyze(&text)).join().unwrap()
    };
    let warm: Vec<_> = words.iter().map(|w| analyzer.analyze(&format!("une bonne {w} pour ce prix"))).collect();
    for (word, warm) in words.iter().zip(warm).step_by(500) {
        assert_eq!(fresh(&format!("une bonne {word} pour ce prix")), warm);
    }
}

fn letters(mut n: u32) -> String {
    let mut out = String::new();
    while n > 0 {
        out.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
        n /= 26;
    }
    out
}

/// A text of unknown words alone costs no more than some 50 microseconds a word, even unoptimised.
#[test]
fn unknown_words_cost_a_bounded_time() {
    let text: String = (1..4000u32).map(|n| format!("{}ion{} ", letters(n * 104_729), letters(n * 31))).collect();
    let tag = format!("#{}", "trop".repeat(2000));
    let start = common::spent();
    Analyzer::new().analyze(&format!("ce que je dis de la {text}"));
    Analyzer::new().analyze(&format!("c'est bien {tag} ici"));
    Analyzer::new().analyze(&"o".repeat(100_000));
    let took = common::spent().saturating_sub(start);
    assert!(took < Duration::from_secs(5), "{took:?}");
}
