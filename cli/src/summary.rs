//! What a run has done: the progress while it lasts and the few lines at its end, both for people
//! and both on standard error.

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tonalite::voice::Role;
use tonalite::watch::Noise;
use tonalite::{Analysis, Label, Language};

const LABELS: [Label; 5] = [Label::Negative, Label::Neutral, Label::Positive, Label::Mixed, Label::Unknown];
const LANGUAGES: [Language; 3] = [Language::French, Language::English, Language::Unknown];

/// Counts of what was read; those of two parts add up to those of the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    records: u64,
    labels: [u64; LABELS.len()],
    languages: [u64; LANGUAGES.len()],
    roles: Vec<u64>,
    noise: u64,
}

impl Tally {
    /// Counts one more record.
    pub(crate) fn add(&mut self, analysis: &Analysis) {
        self.records += 1;
        count(&mut self.labels, &LABELS, &analysis.tonality.label);
        count(&mut self.languages, &LANGUAGES, &analysis.language);
        self.noise += u64::from(analysis.noise.label != Noise::None);
        if analysis.role.label != Role::Unclear {
            self.roles.resize(Role::ALL.len(), 0);
            count(&mut self.roles, Role::ALL, &analysis.role.label);
        }
    }

    /// Adds the counts of another part.
    pub(crate) fn merge(&mut self, other: &Self) {
        let sum = |into: &mut [u64], from: &[u64]| into.iter_mut().zip(from).for_each(|(i, f)| *i += f);
        self.records += other.records;
        self.noise += other.noise;
        sum(&mut self.labels, &other.labels);
        sum(&mut self.languages, &other.languages);
        self.roles.resize(self.roles.len().max(other.roles.len()), 0);
        sum(&mut self.roles, &other.roles);
    }

    /// Records counted.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// The lines that a run ends with.
    pub(crate) fn lines(&self, rejected: u64, took: Duration) -> String {
        let rate = self.records as f64 / took.as_secs_f64().max(1e-9);
        // A rate is a whole number of posts, and never negative.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rate = HumanCount(rate as u64);
        let mut out = format!("{} posts in {:.1} s, {rate} posts/s", HumanCount(self.records), took.as_secs_f64());
        if rejected > 0 {
            let _ = write!(out, ", {} rejected", HumanCount(rejected));
        }
        let labels = LABELS.iter().map(|l| l.as_str()).zip(self.labels);
        let languages = LANGUAGES.iter().map(|l| l.as_str()).zip(self.languages);
        let roles = Role::ALL.iter().map(|r| r.as_str()).zip(self.roles.iter().copied());
        self.line(&mut out, "tone", labels);
        self.line(&mut out, "language", languages);
        self.line(&mut out, "speaker", roles);
        self.line(&mut out, "noise", [("flagged", self.noise)].into_iter());
        out
    }

    /// One kind of count, the largest first; nothing where all are zero.
    fn line<'a>(&self, out: &mut String, title: &str, counts: impl Iterator<Item = (&'a str, u64)>) {
        let mut counts: Vec<_> = counts.filter(|(_, n)| *n > 0).collect();
        counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        for (i, (name, n)) in counts.iter().enumerate() {
            let share = 100.0 * *n as f64 / self.records.max(1) as f64;
            let start = if i == 0 { format!("\n  {title:<9}") } else { " · ".to_owned() };
            let _ = write!(out, "{start}{name} {} ({share:.0} %)", HumanCount(*n));
        }
    }
}

fn count<T: PartialEq>(counts: &mut [u64], all: &[T], one: &T) {
    if let Some(count) = all.iter().position(|x| x == one).and_then(|i| counts.get_mut(i)) {
        *count += 1;
    }
}

/// The bar, where a person watches.
pub(crate) struct Progress {
    bar: ProgressBar,
    began: Instant,
}

impl Progress {
    /// Of files whose sizes are known, the share done; else what has been done so far. `shown`: a
    /// person watches, and nothing else is drawn on the same terminal.
    pub(crate) fn start(inputs: &[PathBuf], shown: bool) -> Self {
        let sizes = inputs.iter().map(|p| std::fs::metadata(p).ok().filter(std::fs::Metadata::is_file));
        let total = sizes.map(|m| m.map(|m| m.len())).sum::<Option<u64>>().filter(|_| !inputs.is_empty());
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(total, target);
        let template = match total {
            Some(_) => "{bar:30} {percent:>3} %  {bytes_per_sec}  {msg}  {eta} left",
            None => "{spinner} {bytes}  {bytes_per_sec}  {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("█▌ "));
        }
        Self { bar, began: Instant::now() }
    }

    /// Some more bytes are done, and so many records in all.
    pub(crate) fn advance(&self, bytes: usize, records: u64) {
        self.bar.inc(bytes as u64);
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{} posts", HumanCount(records)));
        }
    }

    /// Takes the bar away, and says how long it all took.
    pub(crate) fn end(&self) -> Duration {
        self.bar.finish_and_clear();
        self.began.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let mut negative = Analysis::default();
        negative.tonality.label = Label::Negative;
        negative.role.label = Role::Customer;
        let (mut a, mut b, mut both) = (Tally::default(), Tally::default(), Tally::default());
        for (part, analysis) in [(&mut a, Analysis::default()), (&mut b, negative)] {
            part.add(&analysis);
            both.add(&analysis);
        }
        a.merge(&b);
        assert_eq!(a, both);
        let lines = both.lines(3, Duration::from_secs(2));
        assert!(lines.starts_with("2 posts in 2.0 s, 1 posts/s, 3 rejected"), "{lines}");
        assert!(lines.contains("tone     negative 1 (50 %) · unknown 1 (50 %)"), "{lines}");
        assert!(lines.contains("speaker  customer 1"), "{lines}");
    }
}
