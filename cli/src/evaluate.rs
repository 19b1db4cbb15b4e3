//! `tonalite evaluate`: how the readings compare with the user's own labels.
//!
//! Where the labels know no mixed, `mixed` counts as neutral, and `unknown` always does: to abstain
//! is to miss. Where they know neither neutral nor mixed (stars without a middle), the sign of the
//! score is judged, and a score of nothing is a miss. Calibration asks how often an answer given
//! with some confidence is right; where the sign is judged, that confidence is the sign's own share
//! of what is not neutral.

use crate::args::{EvaluateArgs, threads};
use crate::read::{Chunk, Chunks, Record};
use crate::{Outcome, labelled, pipeline};
use anyhow::{Result, anyhow, bail};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::ops::ControlFlow;
use tonalite::{Label, Tonality};

/// Bins of confidence that calibration is measured in.
const BINS: usize = 10;

/// A post's label and what was read.
type Pair = (Label, Tonality);

/// Runs the command.
pub(crate) fn run(args: &EvaluateArgs) -> Result<Outcome> {
    let analyzer = args.engine.build()?.without_voice().without_evidence();
    let work = move |chunk: Chunk| -> Result<Vec<Option<Pair>>> {
        let pair = |record: &Record<'_>| {
            Ok(labelled::tone(record)?.map(|(post, label)| (label, analyzer.analyze_post(&post).tonality)))
        };
        let at = |line, reason: String| anyhow!("{}:{line}: {reason}", chunk.file());
        chunk.records().iter().map(|r| pair(r).map_err(|reason| at(r.line, reason))).collect()
    };
    let (mut pairs, mut open) = (Vec::new(), 0);
    let chunks = Chunks::labelled(&args.labelled, args.from);
    pipeline::run(chunks, threads(args.threads), work, |done| {
        let done = done?;
        open += done.iter().filter(|pair| pair.is_none()).count();
        pairs.extend(done.into_iter().flatten());
        Ok(ControlFlow::Continue(()))
    })?;
    labelled::tell_open(open, &mut anstream::stderr().lock())?;
    let name = args.labelled.display().to_string();
    if pairs.is_empty() {
        bail!("{name}: no labelled posts");
    }
    let scores = Scores::of(&pairs);
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&scores)?)?;
    } else {
        write!(out, "{name}: {}", scores.table())?;
    }
    Ok(Outcome::Done)
}

/// What one class came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct ClassScore {
    posts: usize,
    recall: f64,
    precision: f64,
    f1: f64,
}

/// The figures; shares are 0..1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Scores {
    posts: usize,
    /// `label`, or `sign` where the labels know only negative and positive.
    judged_by: &'static str,
    pub(crate) macro_recall: f64,
    macro_f1: f64,
    pub(crate) accuracy: f64,
    calibration_error: f64,
    confident_half_accuracy: f64,
    classes: BTreeMap<&'static str, ClassScore>,
    /// Label given, then label read, then posts.
    confusion: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
}

/// One post as it is judged.
#[derive(Debug, Clone, Copy)]
struct Judged {
    gold: Label,
    said: Label,
    confidence: f32,
}

impl Judged {
    fn right(self) -> bool {
        self.gold == self.said
    }
}

impl Scores {
    /// The figures for some pairs, of which there is at least one.
    pub(crate) fn of(pairs: &[Pair]) -> Self {
        let knows = |label| pairs.iter().any(|(gold, _)| *gold == label);
        let by_sign = !knows(Label::Neutral) && !knows(Label::Mixed);
        let judge = |(gold, read): &Pair| {
            let (said, confidence) = if by_sign { sign(read) } else { (read.label, read.confidence) };
            let said = match said {
                Label::Unknown => Label::Neutral,
                Label::Mixed if !knows(Label::Mixed) => Label::Neutral,
                said => said,
            };
            Judged { gold: *gold, said, confidence }
        };
        let judged: Vec<Judged> = pairs.iter().map(judge).collect();

        let mut confusion: BTreeMap<&'static str, BTreeMap<&'static str, usize>> = BTreeMap::new();
        for one in &judged {
            *confusion.entry(one.gold.as_str()).or_default().entry(one.said.as_str()).or_default() += 1;
        }
        let classes: BTreeMap<_, _> = confusion
            .keys()
            .map(|class| {
                let row = &confusion[class];
                let hits = row.get(class).copied().unwrap_or(0);
                let posts: usize = row.values().sum();
                let said: usize = confusion.values().filter_map(|row| row.get(class)).sum();
                let score = ClassScore {
                    posts,
                    recall: share(hits, posts),
                    precision: share(hits, said),
                    f1: share(2 * hits, posts + said),
                };
                (*class, score)
            })
            .collect();
        let mean = |of: fn(&ClassScore) -> f64| classes.values().map(of).sum::<f64>() / classes.len().max(1) as f64;
        Self {
            posts: judged.len(),
            judged_by: if by_sign { "sign" } else { "label" },
            macro_recall: mean(|c| c.recall),
            macro_f1: mean(|c| c.f1),
            accuracy: accuracy(&judged),
            calibration_error: calibration_error(&judged),
            confident_half_accuracy: confident_half(&judged),
            classes,
            confusion,
        }
    }

    /// The figures for people.
    fn table(&self) -> String {
        let order = [Label::Negative, Label::Neutral, Label::Positive, Label::Mixed].map(Label::as_str);
        let is_said = |label: &&str| self.confusion.values().any(|row| row.contains_key(label));
        let columns: Vec<&str> = order.into_iter().filter(|l| self.classes.contains_key(l) || is_said(l)).collect();
        let mut out = format!("{} posts", self.posts);
        if self.judged_by == "sign" {
            out.push_str(", judged by the sign of the score");
        }
        out.push_str("\n\n  label \\ read");
        for column in &columns {
            let _ = write!(out, "{column:>10}");
        }
        out.push_str("    recall  precision     F1\n");
        for class in order {
            let (Some(row), Some(score)) = (self.confusion.get(class), self.classes.get(class)) else {
                continue;
            };
            let _ = write!(out, "  {class:<12}");
            for column in &columns {
                let _ = write!(out, "{:>10}", row.get(column).copied().unwrap_or(0));
            }
            let _ = writeln!(
                out,
                "{:>8.1} %{:>9.1} %{:>5.1} %",
                100.0 * score.recall,
                100.0 * score.precision,
                100.0 * score.f1
            );
        }
        let _ = write!(
            out,
            "\n  macro recall       {:>5.1} %\n  macro F1           {:>5.1} %\n  accuracy           {:>5.1} %\n  \
             calibration error  {:>5.1} %  (expected, over {BINS} bins of confidence)\n  \
             confident half     {:>5.1} %  (accuracy of the half that it is surest of)\n",
            100.0 * self.macro_recall,
            100.0 * self.macro_f1,
            100.0 * self.accuracy,
            100.0 * self.calibration_error,
            100.0 * self.confident_half_accuracy,
        );
        out
    }
}

/// The sign of the score as a label, and how sure it is of that sign; nothing is neither.
fn sign(read: &Tonality) -> (Label, f32) {
    let (label, p) = match read.score {
        s if s > 0.0 => (Label::Positive, read.p.positive),
        s if s < 0.0 => (Label::Negative, read.p.negative),
        _ => return (Label::Neutral, 0.0),
    };
    (label, p / (read.p.negative + read.p.positive).max(f32::MIN_POSITIVE))
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn accuracy(judged: &[Judged]) -> f64 {
    share(judged.iter().filter(|j| j.right()).count(), judged.len())
}

/// Mean over all posts of how far a bin's accuracy is from its mean confidence.
fn calibration_error(judged: &[Judged]) -> f64 {
    let mut bins = [(0.0f64, 0.0f64); BINS];
    for one in judged {
        let confidence = f64::from(one.confidence).clamp(0.0, 1.0);
        // Between 0 and the number of bins.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bin = &mut bins[((confidence * BINS as f64) as usize).min(BINS - 1)];
        bin.0 += confidence;
        bin.1 += f64::from(u8::from(one.right()));
    }
    bins.iter().map(|(confidence, right)| (confidence - right).abs()).sum::<f64>() / judged.len().max(1) as f64
}

/// Accuracy of the half that was given with most confidence; ties in the order of the file.
fn confident_half(judged: &[Judged]) -> f64 {
    let mut sorted = judged.to_vec();
    sorted.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    sorted.truncate(judged.len().div_ceil(2));
    accuracy(&sorted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonalite::Probabilities;

    fn read(label: Label, score: f32, confidence: f32) -> Tonality {
        let p = Probabilities { negative: 0.5 - score / 2.0, neutral: 0.0, positive: 0.5 + score / 2.0 };
        Tonality { label, score, confidence, p }
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    }

    #[test]
    fn three_classes_are_judged_by_label() {
        let scores = Scores::of(&[
            (Label::Negative, read(Label::Negative, -0.5, 0.95)),
            (Label::Negative, read(Label::Mixed, -0.1, 0.55)),
            (Label::Neutral, read(Label::Unknown, 0.0, 0.35)),
            (Label::Positive, read(Label::Negative, -0.4, 0.75)),
        ]);
        assert_eq!(scores.judged_by, "label");
        close(scores.macro_recall, (0.5 + 1.0 + 0.0) / 3.0);
        close(scores.macro_f1, (0.5 + 2.0 / 3.0 + 0.0) / 3.0);
        close(scores.accuracy, 0.5);
        close(scores.calibration_error, (0.05 + 0.55 + 0.65 + 0.75) / 4.0);
        close(scores.confident_half_accuracy, 0.5);
        assert_eq!(scores.confusion["negative"]["neutral"], 1);
        assert!(scores.table().contains("negative             1         1         0    50.0 %"), "{}", scores.table());
    }

    #[test]
    fn two_classes_are_judged_by_sign() {
        let scores = Scores::of(&[
            (Label::Negative, read(Label::Neutral, -0.1, 0.9)),
            (Label::Positive, read(Label::Unknown, 0.0, 0.3)),
        ]);
        assert_eq!(scores.judged_by, "sign");
        close(scores.macro_recall, 0.5);
        close(scores.calibration_error, 0.225);
        assert_eq!(scores.confusion["positive"]["neutral"], 1);
    }
}
