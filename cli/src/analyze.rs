//! `tonalite analyze`: a stream of posts in, a record for each out, in the same order.
//!
//! What comes in either goes out or goes to the rejects: out + rejects = in. Without a place for
//! rejects the first one stops the run, after all that came before it has been written.

use crate::args::{AnalyzeArgs, threads};
use crate::intake::check_inputs;
use crate::read::{Chunk, Chunks, Record};
use crate::summary::{Progress, Tally};
use crate::write::{Encoded, Encoding, Records};
use crate::{Outcome, pipeline, rejects};
use anyhow::{Context, Result, anyhow, bail};
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use tonalite::Analyzer;

/// What became of a chunk.
#[derive(Debug, Default)]
struct Done {
    /// Bytes read.
    read: usize,
    /// Records out, encoded.
    out: Encoded,
    tally: Tally,
    /// Rejects, encoded.
    rejects: Vec<u8>,
    rejected: u64,
    /// What stopped the run in the middle of the chunk.
    stop: Option<anyhow::Error>,
}

/// What is done to every chunk, on any thread.
struct Work {
    analyzer: Analyzer,
    encoding: Encoding,
    keep_rejects: bool,
}

impl Work {
    fn on(&self, chunk: &Chunk) -> Done {
        // A record is some times as long as its post: its evidence quotes it, and more.
        let mut done = Done { read: chunk.len(), out: Encoded::with_capacity(8 * chunk.len()), ..Done::default() };
        for record in chunk.records() {
            if let Err(stop) = self.on_record(chunk, &record, &mut done) {
                done.stop = Some(stop);
                break;
            }
        }
        if let Err(fault) = done.out.seal() {
            done.stop.get_or_insert(fault);
        }
        done
    }

    fn on_record(&self, chunk: &Chunk, record: &Record<'_>, done: &mut Done) -> Result<()> {
        match record.post() {
            Ok(post) => {
                let analysis = self.analyzer.analyze_post(&post);
                done.tally.add(&analysis);
                self.encoding.append(&mut done.out, analysis)
            }
            Err(reason) if self.keep_rejects => {
                done.rejected += 1;
                rejects::append(&mut done.rejects, chunk, record, &reason)
            }
            Err(reason) => Err(anyhow!("{}:{}: {reason}", chunk.file(), record.line)),
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &AnalyzeArgs) -> Result<Outcome> {
    let encoding = args.io.encoding();
    let analyzer = args.engine.build()?;
    let analyzer = if encoding.quotes() { analyzer } else { analyzer.without_evidence() };
    check_inputs(&args.io.inputs)?;
    if args.rejects.is_some() && args.rejects == args.io.output {
        bail!("the output and the rejects cannot go to the same file");
    }
    let mut rejects = match &args.rejects {
        Some(path) => {
            Some(BufWriter::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?))
        }
        None => None,
    };
    let to_terminal = args.io.output.is_none() && std::io::stdout().is_terminal();
    if to_terminal && encoding.is_binary() {
        bail!("Parquet is no text for a terminal: name a file with -o");
    }
    let mut output = Records::open(args.io.output.as_deref(), encoding)?;

    let watched = std::io::stderr().is_terminal() && !args.quiet;
    let progress = Progress::start(&args.io.inputs, watched && !to_terminal);
    let work = Work { analyzer, encoding, keep_rejects: rejects.is_some() };
    let chunks = Chunks::of(&args.io.inputs, args.io.from);
    let mut tally = Tally::default();
    let mut rejected = 0;
    let end = pipeline::run(
        chunks,
        threads(args.threads),
        move |chunk| work.on(&chunk),
        |done| {
            output.write(&done.out)?;
            tally.merge(&done.tally);
            rejected += done.rejected;
            if let Some(rejects) = &mut rejects {
                rejects.write_all(&done.rejects).context("cannot write the rejects")?;
            }
            progress.advance(done.read, tally.records());
            match done.stop {
                Some(stop) => Err(stop),
                None => Ok(ControlFlow::Continue(())),
            }
        },
    );
    let took = progress.end();
    if let Some(rejects) = &mut rejects {
        rejects.flush().context("cannot write the rejects")?;
    }
    if let Err(error) = end {
        if args.io.output.is_none() {
            // What a pipe was given is to be readable; the exit code says that it is not all.
            let _ = output.finish();
        }
        return Err(error.context(stopped(args, tally.records())));
    }
    output.finish()?;

    let mut stderr = anstream::stderr().lock();
    // A closed stderr is no reason to fail: the records are out.
    if watched || args.summary {
        let _ = writeln!(stderr, "{}", tally.lines(rejected, took));
    }
    if let Some(path) = args.rejects.as_ref().filter(|_| rejected > 0) {
        let _ = writeln!(stderr, "tonalite: {rejected} records rejected, see {}", path.display());
        return Ok(Outcome::Rejected);
    }
    Ok(Outcome::Done)
}

/// What a stopped run has left behind.
fn stopped(args: &AnalyzeArgs, written: u64) -> String {
    match &args.io.output {
        Some(path) => {
            format!("stopped after {written} records; {} was not written", path.display())
        }
        None => format!("stopped after {written} records"),
    }
}
