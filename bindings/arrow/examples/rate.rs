//! How fast the engine is from Rust, on one thread: what `bindings/python/benches/batch.py` compares with.
//! It reads posts, as the wheel does: `analyze` alone judges no noise.
//!
//!     cargo run --release -p tonalite-arrow --example rate -- FILE_OF_LINES...

use std::process::ExitCode;
use std::time::Instant;

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a figure is what it is for")]
fn main() -> ExitCode {
    let files = std::env::args().skip(1).map(std::fs::read_to_string).collect::<Result<Vec<_>, _>>();
    let files = match files {
        Ok(files) => files,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let lines: Vec<&str> = files.iter().flat_map(|f| f.lines()).filter(|l| !l.is_empty()).collect();
    let analyzer = tonalite::Analyzer::new();
    let begun = Instant::now();
    let read = |line: &&str| analyzer.analyze_post(&tonalite::Post::new(*line)).evidence.len();
    let pieces: usize = lines.iter().map(read).sum();
    let rate = lines.len() as f64 / begun.elapsed().as_secs_f64();
    println!("{rate:.0} posts/s, {} posts, {pieces} pieces of evidence", lines.len());
    ExitCode::SUCCESS
}
