//! `tonalite`, the program: reads posts, writes what tone they have, towards whom, and who speaks.
//!
//! Every command is one file that takes its arguments and gives an [`Outcome`] or an error; this one
//! turns them into exit codes (0 done, 1 some records rejected or faults found, 2 could not run)
//! and is the only place that prints an error. Nothing is scored here: the library does that.
#![forbid(unsafe_code)]

mod analyze;
mod args;
mod authors;
mod digest;
mod evaluate;
mod explain;
mod intake;
mod labelled;
mod learn;
mod learn_network;
mod learn_noise;
mod learn_role;
mod lexicon;
mod packing;
mod pipeline;
mod read;
mod rejects;
mod report;
mod settings;
mod summary;
mod watch;
mod words;
mod write;

use args::{Args, Command};
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// How a command that could run has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Everything read was taken.
    Done,
    /// Some of what was read was turned away, and said to be.
    Rejected,
}

fn main() -> ExitCode {
    let args = Args::parse();
    args.color.apply();
    let outcome = match args.command {
        Command::Analyze(args) => analyze::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Authors(args) => authors::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Learn(args) => learn::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Lexicon(args) => lexicon::run(&args),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Rejected) => ExitCode::from(1),
        Err(error) if write::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Where stderr is closed too, the exit code is all that is left to say.
            let _ = writeln!(anstream::stderr().lock(), "tonalite: {error:#}");
            ExitCode::from(2)
        }
    }
}
