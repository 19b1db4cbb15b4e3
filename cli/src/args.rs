//! The command line: what `--help` says, and the settings that commands share.

use crate::read::Format;
use crate::write::Encoding;
use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum, ValueHint};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use tonalite::{Analyzer, AnalyzerBuilder, Target};

const EXAMPLES: &str = "\
Examples:
  tonalite explain \"Livraison trooop lente, mais le SAV est au top\"
  tonalite report posts.jsonl -o report.html
  tonalite analyze posts.jsonl -o tones.jsonl
  tonalite analyze export.csv --to csv --target Nimbo=@nimbo,nimbo_fr > tones.csv
  cat tweets.txt | tonalite analyze --from lines | jq .tonality.label
  tonalite evaluate labelled.tsv

Exit codes: 0 done, 1 some records rejected (or faults found), 2 could not run.
Everything runs on this machine; nothing is sent anywhere.";

/// What tone, towards whom, about what, and who is speaking: reads French and English posts.
#[derive(Debug, Parser)]
#[command(name = "tonalite", version, after_help = EXAMPLES, arg_required_else_help = true)]
#[command(propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Colours in what people read: auto minds `NO_COLOR` and pipes
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = false)]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read posts, write one record for each: tone, targets, speaker, noise, evidence
    Analyze(AnalyzeArgs),
    /// Show why a text is read as it is, word by word
    Explain(ExplainArgs),
    /// List who speaks: the role of each author, pooled over their posts
    Authors(AuthorsArgs),
    /// Judge the readings by your own labels: confusion, recall, calibration
    Evaluate(EvaluateArgs),
    /// Learn a layer of weights from labelled posts of your own
    Learn(LearnArgs),
    /// Draw one page of a corpus: trends, alerts, aspects, journeys, what to read first
    Report(crate::report::ReportArgs),
    /// Watch a stream of posts: alerts and a rolling digest as they come
    Watch(crate::watch::WatchArgs),
    /// Work on lexicons of your own
    Lexicon(LexiconArgs),
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal that wants them
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes the choice hold for everything printed from here on.
    pub(crate) fn apply(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::AlwaysAnsi,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

const ANALYZE_HELP: &str = "\
Records in (only `text` is required): id, text, lang, author, author_bio, created_at, source, url,
thread, repost_of, target, target_aliases, targets, engagement. The names that common exports use
(full_text, body, selftext, created_utc, \"Full Text\" ...) are read too; other fields are ignored.
Files named .gz or .zst are unpacked as they are read, and packed as they are written. Parquet has the
same names as columns, and out of it come those of the Python wheel.

A record that cannot be read stops the run, after everything before it was written. With --rejects
it goes to that file instead, one JSON object per line ({line, file, reason, record}), and the run
goes on.

Examples:
  tonalite analyze posts.jsonl -o tones.jsonl
  tonalite analyze *.csv --rejects bad.jsonl --to csv -o tones.csv
  tonalite analyze --target \"Nimbo=@nimbo,nimbo_fr\" --target Ozalide < posts.jsonl
  tonalite analyze posts.jsonl.gz -o tones.parquet
  tonalite analyze --lexicon bank.tsv forum.txt | head";

#[derive(Debug, Parser)]
#[command(after_help = ANALYZE_HELP)]
pub(crate) struct AnalyzeArgs {
    #[command(flatten)]
    pub(crate) io: IoArgs,

    /// Put records that cannot be read into this file (JSON lines) and go on
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) rejects: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) engine: EngineArgs,

    /// Threads that analyse; the output is the same at any number [default: one per core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// No progress and no summary, only errors
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Print the summary even where standard error is no terminal
    #[arg(long, conflicts_with = "quiet")]
    pub(crate) summary: bool,
}

/// What is read and written, the same in every command that turns records into records.
#[derive(Debug, Parser)]
pub(crate) struct IoArgs {
    /// Files to read, in this order; - or none is standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub(crate) inputs: Vec<PathBuf>,

    /// Format of the inputs [default: by extension, else by a look at the first bytes]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<Format>,

    /// Format of the output [default: by the extension of OUT, else jsonl]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: Option<Encoding>,

    /// Write here instead of standard output; the file appears whole, or not at all
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

impl IoArgs {
    /// The format of the output: as told, else by its extension.
    pub(crate) fn encoding(&self) -> Encoding {
        self.to.or_else(|| Encoding::of_extension(self.output.as_deref()?)).unwrap_or(Encoding::Jsonl)
    }
}

/// What shapes the analyzer, the same in every command.
#[derive(Debug, Parser)]
pub(crate) struct EngineArgs {
    /// Add a lexicon of your own (TSV); may be given again, later rows win
    #[arg(long = "lexicon", value_name = "FILE", value_hint = ValueHint::FilePath)]
    lexicons: Vec<PathBuf>,

    /// Whom to look for, in posts that do not say it themselves; may be given again
    #[arg(long = "target", value_name = "NAME[=ALIAS,...]")]
    targets: Vec<Target>,

    /// Do not correct misspellings
    #[arg(long)]
    no_spelling: bool,

    /// Judge by the lexicons and the grammar alone
    #[arg(long)]
    no_learned: bool,
}

impl EngineArgs {
    /// The analyzer that these settings describe.
    pub(crate) fn build(&self) -> Result<Analyzer> {
        Ok(self.builder()?.build()?)
    }

    /// The same, open for more.
    pub(crate) fn builder(&self) -> Result<AnalyzerBuilder> {
        let mut builder =
            Analyzer::builder().targets(self.targets.clone()).spelling(!self.no_spelling).learned(!self.no_learned);
        for path in &self.lexicons {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
            builder = builder
                .lexicon_text(&name, &text)
                .with_context(|| format!("`tonalite lexicon check {name}` lists every fault; the first is"))?;
        }
        Ok(builder)
    }
}

#[derive(Debug, Parser)]
#[command(after_help = "\
Examples:
  tonalite explain \"C'est pas mal, mais la livraison est trooop lente\"
  tonalite explain --target Nimbo Nimbo beats Ozalide any day
  pbpaste | tonalite explain --json - | jq .evidence")]
pub(crate) struct ExplainArgs {
    /// The text (several words are joined by spaces); - or none reads standard input
    #[arg(value_name = "TEXT")]
    pub(crate) text: Vec<String>,

    /// The record that `analyze` would write, indented
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

const AUTHORS_HELP: &str = "\
One record per author and target, the most prolific first: author, target, posts, judged (posts that
the role stands on), role (label, confidence, p), roles and intents (posts of each), first, last.

Each post adds the logarithms of its role's shares; a post counts half after a year. Authors are what
the posts call them: nobody is identified, and likes and followers count for nothing.

Examples:
  tonalite authors posts.jsonl --target Nimbo=@nimbo
  tonalite authors posts.jsonl --least 5 -o authors.csv";

#[derive(Debug, Parser)]
#[command(after_help = AUTHORS_HELP)]
pub(crate) struct AuthorsArgs {
    #[command(flatten)]
    pub(crate) io: IoArgs,

    /// Leave out authors with fewer posts
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) least: u64,

    #[command(flatten)]
    pub(crate) engine: EngineArgs,

    /// Threads that analyse; the output is the same at any number [default: one per core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

const EVALUATE_HELP: &str = "\
LABELLED holds one post and its label per record: TSV without a header (label<TAB>text), or TSV,
CSV and JSON lines with a text and a label (also read: tonality, sentiment, polarity, gold).
Labels: negative, neutral, positive, mixed, or their beginnings (neg, neu, pos), or in French.

Where the labels know no mixed, `mixed` counts as neutral; `unknown` always does. Where they know
neither neutral nor mixed, the sign of the score is judged.

Examples:
  tonalite evaluate labelled.tsv
  tonalite evaluate --lexicon bank.tsv labelled.csv --json | jq .macro_recall";

#[derive(Debug, Parser)]
#[command(after_help = EVALUATE_HELP)]
pub(crate) struct EvaluateArgs {
    /// File of labelled posts; - is standard input
    #[arg(value_name = "LABELLED", value_hint = ValueHint::FilePath)]
    pub(crate) labelled: PathBuf,

    /// Format of LABELLED [default: by extension, else tsv]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<Format>,

    /// The figures as JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) engine: EngineArgs,

    /// Threads that analyse [default: one per core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// What labels speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// Negative, neutral, positive
    Tone,
    /// Who speaks, and what they want
    Role,
    /// Spam, giveaways, automatic posts
    Noise,
}

#[derive(Debug, Parser)]
#[command(after_help = "\
LABELLED holds what `evaluate` reads; several files are several sources, of even weight but for their
size. The layer is a lexicon: `tonalite analyze --lexicon layer.tsv ...` uses it.

For --task role the records hold `role` (or `label`), `intents` or both, and may hold `target`. A name
that is none of the ten roles is a role of your own.

For --task noise a label is spam, giveaway, auto_post or none; --ordinary adds posts by the thousand that
are taken to be none. The table is lexicons/shared/noise.tsv, which is built in.

Examples:
  tonalite learn labelled.csv -o layer.tsv
  tonalite learn --task role speakers.jsonl -o roles.tsv
  tonalite evaluate --lexicon layer.tsv others.csv
  tonalite learn --base train/*_fr.tsv -o lexicons/fr/learned.tsv")]
pub(crate) struct LearnArgs {
    /// Files of labelled posts; - is standard input
    #[arg(value_name = "LABELLED", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) labelled: Vec<PathBuf>,

    /// What to learn
    #[arg(long, value_name = "TASK", default_value = "tone")]
    pub(crate) task: Task,

    /// Labelled posts that move the weights of cues and grammar, never those of words (--task role);
    /// the cross-validation is on them
    #[arg(long, value_name = "FILE", num_args = 1.., value_hint = ValueHint::FilePath)]
    pub(crate) tune: Vec<PathBuf>,

    /// Posts labelled by tone, of which none is noise (--task noise) or of the expert's kind (--expert)
    #[arg(long, value_name = "FILE", num_args = 1.., value_hint = ValueHint::FilePath)]
    pub(crate) ordinary: Vec<PathBuf>,

    /// The layer to write
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,

    /// Format of LABELLED [default: by extension, else tsv]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<Format>,

    /// Learn a whole table, the rules' weights included, in the place of the built-in one
    #[arg(long)]
    pub(crate) base: bool,

    /// Learn what words mean together, for `lexicons/*/network.tsv`
    #[arg(long, conflicts_with_all = ["base", "ridge"])]
    pub(crate) network: bool,

    /// Learn what words say in posts of one kind, for `lexicons/*/experts`; --ordinary holds posts of others
    #[arg(long, requires = "ordinary", conflicts_with_all = ["base", "network", "ridge"])]
    pub(crate) expert: bool,

    /// How far the expert is heard beside the other tables in a post of its kind, from 0 to 1
    #[arg(long, value_name = "X", requires = "expert", default_value_t = 0.5)]
    pub(crate) share: f32,

    /// What a slower teacher says: three probabilities (negative neutral positive), a tab, a text
    #[arg(long, value_name = "FILE", requires = "network", value_hint = ValueHint::FilePath)]
    pub(crate) teacher: Option<PathBuf>,

    /// Penalty on weights: higher for fewer or noisier labels. A layer of 2,000 labels or fewer is learnt with
    /// the one that does best on labels held out
    #[arg(long, value_name = "X")]
    pub(crate) ridge: Option<f32>,

    /// What a source counts for: its number of posts to this power
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub(crate) balance: f64,

    /// Folds of the cross-validation; 0 leaves it out
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) folds: usize,

    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Parser)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct LexiconArgs {
    #[command(subcommand)]
    pub(crate) command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LexiconCommand {
    /// Say line by line what a lexicon has wrong
    Check {
        /// Lexicons (TSV)
        #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
    },
}

/// The number of threads to use: as told, else one per core.
pub(crate) fn threads(told: Option<NonZeroUsize>) -> usize {
    told.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get).min(1024)
}
