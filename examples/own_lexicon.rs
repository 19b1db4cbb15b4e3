//! A layer of your own words, and one of your own rules: `cargo run --example own_lexicon`.
//!
//! The formats are those of the built-in files (`lexicons/README.md`); later layers win.
#![allow(clippy::print_stdout)]

use tonalite::{Analyzer, Error};

/// In telephony a "coupure" is grave, a "portage" is nothing, and "fibré" is what everyone wants.
const WORDS: &str = "\
term\tvalence\ttags
coupure|coupures\t-3\tevent
fibré|fibrée|fibrés\t2\t
portage de? numéro?\t0\t
";

const RULES: &str = "\
term\tkind\tvalue
grave de chez grave\tintensifier\t<1.6
";

fn main() -> Result<(), Error> {
    for problem in tonalite::check_lexicon(WORDS) {
        println!("{problem}");
    }
    let plain = Analyzer::new();
    let ours = Analyzer::builder().lexicon_text("words.tsv", WORDS)?.lexicon_text("rules.tsv", RULES)?.build()?;
    for text in ["Encore une coupure ce soir.", "Ça y est, on est fibrés", "Portage de numéro demandé lundi"] {
        let (a, b) = (plain.analyze(text).tonality, ours.analyze(text).tonality);
        println!(
            "{text}\n  built-in: {} {:+.2}   ours: {} {:+.2}",
            a.label.as_str(),
            a.score,
            b.label.as_str(),
            b.score
        );
    }
    Ok(())
}
