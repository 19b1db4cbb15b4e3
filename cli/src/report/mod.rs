//! `tonalite report`: one HTML page of what the watch room knows of a corpus.
//!
//! Posts are read and analysed on every core and observed in their order; then the page is made from
//! the watch alone, in memory bounded by its buckets. The page is whole before it takes its name. The
//! same few figures go to the terminal, with the file to open.

mod chart;
mod figures;
mod lists;
mod page;
mod posts;
mod query;
mod views;

use crate::args::{EngineArgs, threads};
use crate::intake::{Intake, check_inputs};
use crate::read::{Chunks, Format};
use crate::rejects::Rejects;
use crate::summary::{Progress, Tally};
use crate::words::{Lang, Words};
use crate::write::Output;
use crate::{Outcome, digest, pipeline, settings};
use anyhow::{Context, Result, bail};
use clap::{Parser, ValueHint};
use std::io::{IsTerminal, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tonalite::watch::{Groups, ReviewRow, Watch, to_csv};

const HELP: &str = "\
The page is one file that loads nothing from a network: tonality over time with its intervals and
alerts, volume by source and role, targets by aspect, panel, rising terms, stories, journeys, what to
read first. It carries figures and a sample of the posts, not the corpus.

Settings (--config) are TOML: time_zone, now, panel strata, alerts, review ...; see docs/watch.md.

Examples:
  tonalite report posts.jsonl -o report.html
  tonalite report *.csv --config watch.toml --lang fr -o rapport.html
  tonalite report posts.jsonl -o report.html --review to_label.csv";

#[derive(Debug, Parser)]
#[command(after_help = HELP)]
pub(crate) struct ReportArgs {
    /// Files to read, in this order; - or none is standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::FilePath)]
    inputs: Vec<PathBuf>,

    /// The page to write; it appears whole, or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: PathBuf,

    /// Settings of the watch (TOML)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,

    /// Language of the labels
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Lang,

    /// Write the review queue with an empty label column (.csv or .jsonl); `evaluate` and `learn` read it back
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    review: Option<PathBuf>,

    /// Format of the inputs [default: by extension, else by a look at the first bytes]
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,

    /// Put records that cannot be read into this file (JSON lines) and go on
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    rejects: Option<PathBuf>,

    #[command(flatten)]
    engine: EngineArgs,

    /// Threads that analyse; the page is the same at any number [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// No progress and no summary, only errors
    #[arg(short, long)]
    quiet: bool,
}

/// Runs the command.
pub(crate) fn run(args: &ReportArgs) -> Result<Outcome> {
    let words = Words::of(args.lang);
    let mut watch = Watch::new(settings::read(args.config.as_deref())?)?;
    check_inputs(&args.inputs)?;
    for other in [&args.rejects, &args.review].into_iter().flatten() {
        if *other == args.output {
            bail!("the page and {} cannot be the same file", other.display());
        }
    }
    let mut rejects = Rejects::open(args.rejects.as_deref())?;
    let intake = Intake { analyzer: args.engine.build()?, keep_rejects: rejects.are_kept() };
    let mut output = Output::open(Some(&args.output))?;
    let progress = Progress::start(&args.inputs, std::io::stderr().is_terminal() && !args.quiet);
    let mut tally = Tally::default();
    let end = pipeline::run(
        Chunks::of(&args.inputs, args.from),
        threads(args.threads),
        move |chunk| intake.take(&chunk),
        |batch| {
            for (post, analysis) in &batch.posts {
                watch.record(post, analysis);
            }
            tally.merge(&batch.tally);
            rejects.add(&batch.rejects, batch.rejected)?;
            progress.advance(batch.read, tally.records());
            batch.stop.map_or(Ok(ControlFlow::Continue(())), Err)
        },
    );
    let took = progress.end();
    let outcome = rejects.finish()?;
    end.with_context(|| {
        format!("stopped after {} records; {} was not written", tally.records(), args.output.display())
    })?;

    let groups = watch.groups();
    let alerts = watch.alerts_of(&groups);
    let read = watch.digest_of(&groups, &alerts);
    let source = page::Source { watch: &watch, groups: &groups, digest: &read, alerts: &alerts, words: &words };
    output.write(page::render(&source)?.as_bytes())?;
    output.finish()?;
    let labels = args.review.as_deref().map(|path| export(path, &watch, &groups)).transpose()?;
    if !args.quiet {
        let mut stderr = anstream::stderr().lock();
        // A closed stderr is no reason to fail: the page is written.
        let _ = writeln!(stderr, "{}", tally.lines(rejects.count(), took));
        let _ = write!(stderr, "{}", digest::lines(&read, &words, watch.clock()));
        if let (Some(path), Some(n)) = (&args.review, labels) {
            let told = words.fill("text.review", &[&words.count(n), &path.display().to_string()]);
            let _ = writeln!(stderr, "{told}");
        }
        let _ = writeln!(stderr, "{}", words.fill("text.open", &[&args.output.display().to_string()]));
    }
    // The process ends here: to take its tables apart piece by piece would cost a tenth of the run.
    std::mem::forget((watch, groups));
    Ok(outcome)
}

/// The review queue for a person to label: how many posts.
fn export(path: &Path, watch: &Watch, groups: &Groups) -> Result<u64> {
    let rows: Vec<ReviewRow> =
        watch.review_of(groups, watch.config().review.keep).iter().map(tonalite::watch::ReviewItem::row).collect();
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let text = match extension.as_str() {
        "csv" => to_csv(&rows),
        "jsonl" | "ndjson" => {
            let lines: Result<Vec<String>, _> = rows.iter().map(serde_json::to_string).collect();
            lines?.into_iter().map(|line| line + "\n").collect()
        }
        _ => bail!("--review {}: end its name in .csv or .jsonl", path.display()),
    };
    let mut output = Output::open(Some(path))?;
    output.write(text.as_bytes())?;
    output.finish()?;
    Ok(rows.len() as u64)
}
