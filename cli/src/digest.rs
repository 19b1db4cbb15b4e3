//! A digest and its alerts as lines for a terminal: the few figures that matter, each with its interval.
//!
//! Control characters in names and posts are shown, never obeyed.

use crate::words::Words;
use std::fmt::Write as _;
use tonalite::Label;
use tonalite::watch::{Alert, BurstKind, Card, Clock, Digest};

/// Targets, terms and posts that are shown.
const TARGETS: usize = 5;
const TERMS: usize = 8;
const READ: usize = 3;
/// Characters of a post that are quoted on a line.
const QUOTED: usize = 110;

/// The whole digest.
pub(crate) fn lines(digest: &Digest, words: &Words, clock: &Clock) -> String {
    let mut out = String::new();
    if let Some((from, to)) = digest.period {
        let when = words.fill("from_to", &[&words.moment(clock, from), &words.moment(clock, to)]);
        let _ = writeln!(out, "{}", words.fill("text.digest", &[&when]));
    }
    for t in digest.targets.iter().take(TARGETS) {
        let name = if t.target.is_empty() { words.get("all_targets") } else { &t.target };
        let parts = [
            one_line(name, usize::MAX),
            words.count(t.counts.volume()),
            words.figure(t.net, Words::points),
            words.figure(t.blame, Words::percent),
        ];
        let _ = writeln!(out, "  {}", words.fill("text.target", &parts.each_ref().map(String::as_str)));
        if !t.waiting.is_empty() {
            let names: Vec<String> = t.waiting.iter().map(|w| one_line(&w.author, 30)).collect();
            row(&mut out, words.get("text.waiting"), &names.join(", "));
        }
    }
    for alert in &digest.alerts {
        let _ = writeln!(out, "  {}", self::alert(alert, words, clock));
    }
    if !digest.rising.is_empty() {
        let terms: Vec<String> =
            digest.rising.iter().take(TERMS).map(|t| format!("{} ({})", one_line(&t.term, 40), t.posts)).collect();
        row(&mut out, words.get("text.rising"), &terms.join(", "));
    }
    for story in digest.stories.iter().take(READ) {
        let told = format!("{} × {}", words.count(story.posts), one_line(&story.first.excerpt, QUOTED));
        row(&mut out, words.get("text.stories"), &told);
    }
    for item in digest.read_first.iter().take(READ) {
        row(&mut out, words.get("text.read"), &quoted(&item.card, words, None));
    }
    for note in &digest.notes {
        let _ = writeln!(out, "  {}", one_line(&words.note(note, clock), usize::MAX));
    }
    out
}

/// An alert on a line.
pub(crate) fn alert(alert: &Alert, words: &Words, clock: &Clock) -> String {
    let kind = match alert.kind {
        BurstKind::Volume => "alert.volume",
        BurstKind::Blame => "alert.blame",
        BurstKind::Both => "alert.both",
    };
    let when = words.fill("from_to", &[&words.moment(clock, alert.start), &words.moment(clock, alert.end)]);
    let led = words.lead(alert.led_by);
    let target = one_line(alert.target.as_deref().unwrap_or(words.get("all_targets")), 60);
    let parts = [
        target,
        when,
        words.get(kind).to_owned(),
        words.count(alert.posts),
        format!("{:.1}", alert.expected),
        Words::percent(alert.blame),
        Words::percent(alert.base_blame),
        led,
    ];
    words.fill("text.alert", &parts.each_ref().map(String::as_str))
}

/// The posts that an alert quotes, a line each.
pub(crate) fn verbatims(alert: &Alert, words: &Words) -> String {
    let lines = alert.verbatims.iter().map(|card| format!("    {}\n", quoted(card, words, alert.target.as_deref())));
    lines.collect()
}

fn quoted(card: &Card, words: &Words, target: Option<&str>) -> String {
    let label = card.tone(target).unwrap_or(card.label);
    let tone = if label == Label::Unknown { String::new() } else { words.value("tone", label.as_str()) + ": " };
    tone + &one_line(&card.text, QUOTED)
}

fn row(out: &mut String, name: &str, what: &str) {
    let _ = writeln!(out, "    {name}: {what}");
}

/// A text on one line of a terminal, cut at so many characters.
fn one_line(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == most {
            out.push('…');
            break;
        }
        out.push(match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => ' ',
            c => c,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_does_not_drive_the_terminal() {
        assert_eq!(one_line("a\u{1b}[31mb\nc\u{202e}d", 99), "a [31mb c\u{fffd}d");
        assert_eq!(one_line("abcdef", 3), "abc…");
    }
}
