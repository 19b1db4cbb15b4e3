//! `tonalite watch`: reads a growing file or standard input, and says what burns as it begins to burn.
//!
//! One thread waits for input, many analyse, this one observes the posts in their order and tells.
//! When no input comes it is woken all the same, so that what came last is not told an hour late.

mod tail;
mod teller;

use crate::args::{EngineArgs, threads};
use crate::intake::{Batch, Intake, check_inputs};
use crate::read::{Chunk, Chunks, Format};
use crate::rejects::Rejects;
use crate::words::{Lang, Words};
use crate::{Outcome, pipeline, settings};
use anyhow::{Context, Result, bail};
use clap::{Parser, ValueHint};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;
use tail::Tail;
use teller::{Manner, Teller};
use tonalite::watch::Watch;

/// How long input may be awaited before the teller is woken.
const PAUSE: Duration = Duration::from_millis(300);
/// Chunks that wait to be analysed.
const WAITING: usize = 4;

const HELP: &str = "\
Alerts come once each, with posts to read; a digest comes for every day of the posts' own time (--every),
and at the end. Without --follow a file is read to its end; standard input always is.

Examples:
  tonalite watch posts.jsonl --follow --config watch.toml
  collect | tonalite watch --json | jq -c 'select(.alert)'";

#[derive(Debug, Parser)]
#[command(after_help = HELP)]
pub(crate) struct WatchArgs {
    /// The file to read; - or none is standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::FilePath)]
    input: Option<PathBuf>,

    /// Go on at the end of the file: wait for what is added to it
    #[arg(short, long)]
    follow: bool,

    /// Settings of the watch (TOML)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,

    /// Language of what is said
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Lang,

    /// Say it as JSON lines: {"alert": ...} and {"digest": ...}
    #[arg(long)]
    json: bool,

    /// Hours of the posts' time between digests
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=87_600))]
    every: u32,

    /// Format of the input [default: by extension, else by a look at the first bytes]
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,

    /// Put records that cannot be read into this file (JSON lines) and go on
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    rejects: Option<PathBuf>,

    #[command(flatten)]
    engine: EngineArgs,

    /// Threads that analyse [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

/// What comes in: some records, or a while without any.
enum Event {
    Chunk(Chunk),
    Quiet,
}

/// Runs the command.
pub(crate) fn run(args: &WatchArgs) -> Result<Outcome> {
    let manner = Manner { words: Words::of(args.lang), json: args.json, every: args.every };
    let mut watch = Watch::new(settings::read(args.config.as_deref())?)?;
    let input = args.input.clone().unwrap_or_else(|| "-".into());
    check_inputs(std::slice::from_ref(&input))?;
    let mut rejects = Rejects::open(args.rejects.as_deref())?;
    let intake = Intake { analyzer: args.engine.build()?, keep_rejects: rejects.are_kept() };
    let follow = args.follow && input != Path::new("-");
    let events = events(input, args.from, follow)?;
    let mut teller = Teller::new(std::io::stdout().lock(), manner);
    let end = pipeline::run(
        events,
        threads(args.threads),
        move |event| match event {
            Event::Chunk(chunk) => intake.take(&chunk),
            Event::Quiet => Batch::default(),
        },
        |batch| {
            for (post, analysis) in &batch.posts {
                teller.note(watch.record(post, analysis));
            }
            rejects.add(&batch.rejects, batch.rejected)?;
            if let Some(stop) = batch.stop {
                return Err(stop);
            }
            teller.tell(&watch)?;
            Ok(ControlFlow::Continue(()))
        },
    );
    let outcome = rejects.finish()?;
    end.with_context(|| format!("stopped after {} posts", watch.posts()))?;
    teller.end(&watch)?;
    Ok(outcome)
}

/// The input as it comes, with a sign of life when it does not.
fn events(input: PathBuf, from: Option<Format>, follow: bool) -> Result<impl Iterator<Item = Result<Event>> + Send> {
    let (give, take) = sync_channel::<Result<Chunk>>(WAITING);
    let read = move || -> Result<Chunks> {
        if !follow {
            return Ok(Chunks::of(&[input], from));
        }
        let name = input.display().to_string();
        if !input.is_file() {
            bail!("{name} is no file that can be followed; without --follow it is read to its end");
        }
        let tail = Tail::open(&input).with_context(|| format!("cannot read {name}"))?;
        Chunks::of_source(&input, Box::new(tail), from)
    };
    thread::Builder::new().name("input".into()).spawn(move || match read() {
        // A closed channel means that nobody listens any more.
        Ok(chunks) => chunks.map(|chunk| give.send(chunk)).take_while(Result::is_ok).for_each(drop),
        Err(error) => drop(give.send(Err(error))),
    })?;
    Ok(Events(take))
}

struct Events(Receiver<Result<Chunk>>);

impl Iterator for Events {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.recv_timeout(PAUSE) {
            Ok(chunk) => Some(chunk.map(Event::Chunk)),
            Err(RecvTimeoutError::Timeout) => Some(Ok(Event::Quiet)),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }
}
