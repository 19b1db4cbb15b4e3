//! `tonalite explain`: a person reads why a text is read as it is.
//!
//! The words that count stand out in the text with their share of the score, and a table says what
//! each was read as and how it was reached. Colours on a terminal that wants them, brackets where
//! there are none. What a text holds is data: control characters in it are shown, never obeyed.

use crate::Outcome;
use crate::args::ExplainArgs;
use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result, bail};
use owo_colors::{OwoColorize, Style};
use std::fmt::Write as _;
use std::io::{IsTerminal, Read, Write};
use tonalite::voice::Role;
use tonalite::watch::Noise;
use tonalite::{Analysis, Evidence, EvidenceFor, Label, Language, TargetReading, Tonality, Via};

/// Shares of the score below this are counted, not shown: a person reads what matters.
const SMALLEST_SHOWN: f32 = 0.01;
/// Cells of a full bar.
const BAR: f32 = 24.0;

/// Runs the command.
pub(crate) fn run(args: &ExplainArgs) -> Result<Outcome> {
    let text = text(&args.text)?;
    let analysis = args.engine.build()?.analyze(&text);
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&analysis)?)?;
    } else {
        let colored = AutoStream::choice(&std::io::stdout()) != ColorChoice::Never;
        write!(out, "{}", render(&text, &analysis, colored))?;
    }
    Ok(Outcome::Done)
}

fn text(words: &[String]) -> Result<String> {
    if !words.is_empty() && words != ["-"] {
        return Ok(words.join(" "));
    }
    if words.is_empty() && std::io::stdin().is_terminal() {
        bail!("no text: `tonalite explain \"J'adore leur SAV\"`");
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read stdin")?;
    let end = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(end);
    Ok(text)
}

/// The whole answer.
fn render(text: &str, analysis: &Analysis, colored: bool) -> String {
    let page = Page { text, analysis, colored };
    let mut out = String::new();
    page.highlighted(&mut out);
    page.verdict(&mut out);
    page.evidence(&mut out);
    page.targets(&mut out);
    page.voice(&mut out);
    out
}

struct Page<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    colored: bool,
}

impl Page<'_> {
    /// Evidence of the tone that lies in the text, without overlaps: where two lie on each other,
    /// the heavier stands out.
    fn marks(&self) -> Vec<&Evidence> {
        let mut marks: Vec<&Evidence> = self
            .tone()
            .filter(|e| e.weight.abs() >= SMALLEST_SHOWN)
            .filter(|e| self.text.get(e.start..e.end).is_some_and(|t| !t.is_empty()))
            .collect();
        marks.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then(a.start.cmp(&b.start)));
        let mut kept: Vec<&Evidence> = Vec::new();
        for mark in marks {
            if kept.iter().all(|k| mark.end <= k.start || k.end <= mark.start) {
                kept.push(mark);
            }
        }
        kept.sort_by_key(|e| e.start);
        kept
    }

    fn tone(&self) -> impl Iterator<Item = &Evidence> {
        self.analysis.evidence.iter().filter(|e| e.speaks_for == EvidenceFor::Tonality)
    }

    fn highlighted(&self, out: &mut String) {
        let mut shown = String::new();
        let mut at = 0;
        for mark in self.marks() {
            shown += &visible(self.text.get(at..mark.start).unwrap_or_default());
            let word = visible(self.text.get(mark.start..mark.end).unwrap_or_default());
            if self.colored {
                let style = tint(mark.weight);
                let _ = write!(
                    shown,
                    "{}{}",
                    word.style(style.bold()),
                    format_args!(" {:+.2}", mark.weight).style(style.dimmed())
                );
            } else {
                let _ = write!(shown, "[{word} {:+.2}]", mark.weight);
            }
            at = mark.end;
        }
        shown += &visible(self.text.get(at..).unwrap_or_default());
        for line in shown.split('\n') {
            let _ = writeln!(out, "  {line}");
        }
        out.push('\n');
    }

    fn verdict(&self, out: &mut String) {
        let tonality = &self.analysis.tonality;
        let language = match self.analysis.language {
            Language::French => "French",
            Language::English => "English",
            Language::Unknown => "language unknown",
        };
        if tonality.label == Label::Unknown {
            let _ = writeln!(out, "{}  ({language})", self.paint("unknown", Style::new().bold()));
            out.push_str("  Nothing was found to judge by. That is not the same as neutral.\n");
            return;
        }
        let _ = writeln!(
            out,
            "{}  score {:+.2}  confidence {:.0} %  ({language})",
            self.label(tonality),
            tonality.score,
            100.0 * tonality.confidence
        );
        let p = tonality.p;
        for (name, p, weight) in
            [("negative", p.negative, -1.0), ("neutral", p.neutral, 0.0), ("positive", p.positive, 1.0)]
        {
            let _ = writeln!(out, "  {name:<9}{} {:>3.0} %", self.paint(&bar(p), tint(weight)), 100.0 * p);
        }
        if self.analysis.irony {
            out.push_str("  This may be irony: it may mean the opposite of what it says.\n");
        }
    }

    fn evidence(&self, out: &mut String) {
        let mut rows: Vec<&Evidence> = self.tone().collect();
        if rows.is_empty() {
            return;
        }
        rows.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        let shown = rows.iter().filter(|e| e.weight.abs() >= SMALLEST_SHOWN).count().max(1);
        let rest = rows.split_off(shown);
        self.title(out, "Because of");
        let written = |e: &Evidence| {
            if e.text.is_empty() { "(the text as a whole)".to_owned() } else { visible(&e.text).replace('\n', " ") }
        };
        let width = rows.iter().map(|e| written(e).chars().count()).max().unwrap_or(0).min(40);
        for e in rows {
            let read_as = if e.term == e.text { String::new() } else { format!("read as {}, ", visible(&e.term)) };
            let weight = self.paint(&format!("{:+.2}", e.weight), tint(e.weight));
            let _ = writeln!(out, "  {weight}  {:<width$}  {read_as}{}", written(e), reached(e.via));
        }
        if !rest.is_empty() {
            let sum: f32 = rest.iter().map(|e| e.weight).sum();
            let n = rest.len();
            let _ = writeln!(out, "  {sum:+.2}  {n} more of less than {SMALLEST_SHOWN} each");
        }
    }

    fn targets(&self, out: &mut String) {
        if self.analysis.targets.is_empty() {
            return;
        }
        self.title(out, "Towards");
        for target in &self.analysis.targets {
            let _ = writeln!(out, "  {}  {}", visible(&target.target), self.towards(target));
            for aspect in &target.aspects {
                let _ = writeln!(
                    out,
                    "    {}  {} {:+.2}",
                    visible(&aspect.aspect),
                    self.label(&aspect.tonality),
                    aspect.tonality.score
                );
            }
        }
    }

    fn towards(&self, target: &TargetReading) -> String {
        if !target.mentioned {
            return "not mentioned".to_owned();
        }
        format!("{} {:+.2}", self.label(&target.tonality), target.tonality.score)
    }

    fn voice(&self, out: &mut String) {
        let a = self.analysis;
        let mut lines = Vec::new();
        if a.role.label != Role::Unclear {
            let basis: Vec<&str> = a.role.basis.iter().map(|b| b.as_str()).collect();
            let basis = if basis.is_empty() { String::new() } else { format!(" (by {})", basis.join(", ")) };
            lines.push(format!("  speaks as  {} {:.0} %{basis}", a.role.label.as_str(), 100.0 * a.role.confidence));
        }
        if !a.intents.is_empty() {
            let intents: Vec<&str> = a.intents.iter().map(|i| i.as_str()).collect();
            lines.push(format!("  wants      {}", intents.join(", ")));
        }
        if let Some(stage) = a.stage {
            lines.push(format!("  stage      {}", stage.as_str()));
        }
        if a.noise.label != Noise::None {
            lines.push(format!("  noise      {}", visible(&a.noise.reason)));
        }
        let cues: Vec<String> = (a.evidence.iter())
            .filter(|e| e.speaks_for != EvidenceFor::Tonality)
            .map(|e| format!("{} ({})", visible(&e.text), e.label.as_deref().unwrap_or(&e.term)))
            .collect();
        if !lines.is_empty() {
            if !cues.is_empty() {
                lines.push(format!("  because of {}", cues.join(", ")));
            }
            self.title(out, "The speaker");
            for line in lines {
                let _ = writeln!(out, "{line}");
            }
        }
    }

    fn title(&self, out: &mut String, title: &str) {
        let _ = writeln!(out, "\n{}", self.paint(title, Style::new().bold()));
    }

    fn label(&self, tonality: &Tonality) -> String {
        let style = match tonality.label {
            Label::Negative | Label::Positive => tint(tonality.score),
            Label::Mixed => Style::new().yellow(),
            Label::Neutral | Label::Unknown => Style::new(),
        };
        self.paint(tonality.label.as_str(), style.bold())
    }

    fn paint(&self, text: &str, style: Style) -> String {
        if self.colored { text.style(style).to_string() } else { text.to_owned() }
    }
}

fn tint(weight: f32) -> Style {
    match weight {
        w if w > 0.0 => Style::new().green(),
        w if w < 0.0 => Style::new().red(),
        _ => Style::new(),
    }
}

/// A share of one as a bar, to the eighth of a cell.
fn bar(p: f32) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    // Between 0 and eight times the cells of a bar.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let eighths = (p.clamp(0.0, 1.0) * BAR * 8.0).round() as usize;
    let bar = format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8]);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let width = BAR as usize;
    format!("{bar:<width$}")
}

/// How a term was reached, in words.
fn reached(via: Via) -> &'static str {
    match via {
        Via::Exact => "as it is spelt",
        Via::Folded => "but for capitals, accents or apostrophes",
        Via::Stretched => "but for letters drawn out",
        Via::Shorthand => "chat spelling",
        Via::Spelling => "misspelt",
        Via::Phrase => "words that mean something together",
        Via::Stem => "another form of the word",
        Via::Learned => "learnt from labelled posts",
    }
}

/// The text with its control characters shown rather than sent to the terminal; line ends stay.
fn visible(text: &str) -> String {
    let show = |c: char| match c {
        '\n' => '\n',
        '\t' | '\r' => ' ',
        '\u{7f}' => '\u{2421}',
        c if c < ' ' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(' '),
        // C1 controls, and the marks that turn the direction of what follows.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(start: usize, end: usize, weight: f32) -> Evidence {
        Evidence {
            start,
            end,
            text: "x".into(),
            term: "y".into(),
            via: Via::Stretched,
            weight,
            speaks_for: EvidenceFor::Tonality,
            label: None,
        }
    }

    #[test]
    fn words_stand_out_by_colour_or_by_brackets() {
        let mut analysis =
            Analysis { evidence: vec![evidence(0, 3, 0.5), evidence(2, 6, -0.1)], ..Analysis::default() };
        analysis.tonality.label = Label::Positive;
        let plain = render("été\u{1b}[31m", &analysis, false);
        assert!(plain.starts_with("  [ét +0.50]é\u{241b}[31m\n"), "{plain}");
        assert!(plain.contains("read as y, but for letters drawn out"), "{plain}");
        assert!(render("été", &analysis, true).contains("\u{1b}["));
    }

    #[test]
    fn unknown_says_so() {
        let shown = render("xyz", &Analysis::default(), false);
        assert!(shown.contains("Nothing was found to judge by"), "{shown}");
        assert!(!shown.contains('%'), "{shown}");
    }

    #[test]
    fn bars_are_as_long_as_they_should_be() {
        assert_eq!(bar(0.0), " ".repeat(24));
        assert_eq!(bar(1.0), "█".repeat(24));
        assert_eq!(bar(0.5).trim_end(), "█".repeat(12));
    }
}
