//! Why a text has the tone it has: `cargo run --example explain -- "C'est pas mal du tout"`.
//!
//! The evidence adds up to the score, and each piece says how the words were reached.
#![allow(clippy::print_stdout)]

use std::env;

fn main() {
    let given: Vec<String> = env::args().skip(1).collect();
    let text = if given.is_empty() { "jador cette appli mais le SAV est nuuul".to_owned() } else { given.join(" ") };
    let a = tonalite::Analyzer::new().analyze(&text);
    let t = a.tonality;
    println!("{text}");
    println!(
        "  {} {:+.3}, confidence {:.2}, language {}",
        t.label.as_str(),
        t.score,
        t.confidence,
        a.language.as_str()
    );
    println!("  p: negative {:.2}, neutral {:.2}, positive {:.2}", t.p.negative, t.p.neutral, t.p.positive);
    for e in &a.evidence {
        let read = if e.text == e.term { String::new() } else { format!(" read as `{}`", e.term) };
        println!("  {:+.3}  `{}`{read}, {}", e.weight, e.text, e.via.as_str());
    }
}
