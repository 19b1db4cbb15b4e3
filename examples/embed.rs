//! The library in ten lines: `cargo run --example embed`.
#![allow(clippy::print_stdout)]

fn main() {
    let analyzer = tonalite::Analyzer::new();
    let a = analyzer.analyze("Livraison trooop lente, mais le SAV est au top 👍");
    println!("{} {:+.2}", a.tonality.label.as_str(), a.tonality.score);
    for e in &a.evidence {
        println!("  {:>3}..{:<3} {:+.2}  {} ({})", e.start, e.end, e.weight, e.term, e.via.as_str());
    }
}
