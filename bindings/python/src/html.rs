//! An analysis as a notebook shows it: the text, and on it the words that the score came from.
//!
//! Self-contained markup with inline styles: notebooks strip style sheets and scripts. Colours carry
//! an outline and a title too, for those who see no red and green.

use std::fmt::Write as _;
use tonalite::{Analysis, Evidence};

/// The most characters shown of a text.
const LONGEST: usize = 4000;

/// The markup for an analysis of a text. `characters`: what its offsets count.
pub(crate) fn page(analysis: &Analysis, text: &str, characters: bool) -> String {
    let t = &analysis.tonality;
    let mut out = String::from("<div style=\"font-family:sans-serif;line-height:1.6;max-width:60em\">");
    let _ = write!(
        out,
        "<div style=\"font-size:90%\"><b style=\"{}\">{}</b> {:+.2} <span style=\"opacity:.7\">confidence {:.0}%, {}</span>",
        style(if t.score == 0.0 { 0.0 } else { t.score.signum() * 0.6 }),
        t.label.as_str(),
        t.score,
        t.confidence * 100.0,
        analysis.language.as_str()
    );
    chip(&mut out, "role", analysis.role.label.as_str());
    for intent in &analysis.intents {
        chip(&mut out, "intent", intent.as_str());
    }
    for target in &analysis.targets {
        chip(&mut out, &target.target, target.tonality.label.as_str());
        for aspect in &target.aspects {
            chip(&mut out, &aspect.aspect, aspect.tonality.label.as_str());
        }
    }
    out.push_str("</div><div style=\"white-space:pre-wrap\">");
    let places = places(text, characters);
    let mut at = 0;
    let mut spans: Vec<_> = analysis.evidence.iter().collect();
    // Where spans overlap, the longer one that begins first is drawn.
    spans.sort_by_key(|e| (e.start, usize::MAX - e.end));
    for evidence in spans {
        let (Some(&start), Some(&end)) = (places.get(evidence.start), places.get(evidence.end)) else { continue };
        let (Some(before), Some(span)) = (text.get(at..start), text.get(start..end)) else { continue };
        if span.is_empty() {
            continue;
        }
        escape(&mut out, before);
        mark(&mut out, span, evidence);
        at = end;
    }
    let rest = text.get(at..).unwrap_or_default();
    let cut = places.last().copied().unwrap_or_default().max(at);
    escape(&mut out, text.get(at..cut).unwrap_or(rest));
    if cut < text.len() {
        out.push('…');
    }
    out.push_str("</div></div>");
    out
}

/// The byte that each offset means, as far as the text is shown.
fn places(text: &str, characters: bool) -> Vec<usize> {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    if !characters {
        return (0..=end).collect();
    }
    text[..end].char_indices().map(|(at, _)| at).chain([end]).collect()
}

fn mark(out: &mut String, span: &str, evidence: &Evidence) {
    let mut title = String::new();
    escape(&mut title, &evidence.term);
    let label = evidence.label.as_deref().map(|l| format!(" {l}")).unwrap_or_default();
    let _ = write!(
        out,
        "<mark style=\"{}\" title=\"{title} ({}) {:+.2}{label}\">",
        style(evidence.weight),
        evidence.via.as_str(),
        evidence.weight
    );
    escape(out, span);
    out.push_str("</mark>");
}

/// Green for praise, red for blame, stronger for more; grey for what weighs nothing.
fn style(weight: f32) -> String {
    let (colour, line) = if weight > 0.0 {
        ("46,160,67", "solid")
    } else if weight < 0.0 {
        ("218,54,51", "dashed")
    } else {
        ("128,128,128", "dotted")
    };
    let alpha = 0.15 + 0.45 * weight.abs().min(1.0);
    format!(
        "background:rgba({colour},{alpha:.2});color:inherit;border-bottom:2px {line} rgb({colour});padding:0 2px;border-radius:2px"
    )
}

fn chip(out: &mut String, name: &str, value: &str) {
    if value == "unclear" {
        return;
    }
    out.push_str(" <span style=\"border:1px solid rgba(128,128,128,.5);border-radius:8px;padding:0 6px\">");
    escape(out, name);
    out.push_str(": ");
    escape(out, value);
    out.push_str("</span>");
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}
