//! Hashtags into words: by their capitals, digits and underscores, else by what words they can be.

use super::{Context, Found, Scratch, split};
use crate::analysis::Via;
use crate::lexicon::Lexicon;
use crate::lexicon::sound::is_vowel;
use crate::text::reading::Term;

const TRUST_CAPITALS: f32 = 0.9;
const TRUST_SEGMENTED: f32 = 0.6;

/// The words of a hashtag, where it has several.
pub(super) fn read(context: &Context<'_>, written: &str, lexicon: &Lexicon, scratch: &mut Scratch) -> Found {
    let body = &written[1..];
    let at = context.language.index();
    by_capitals(body, &mut scratch.ends);
    let (mut via, mut trust) = (context.term.via, TRUST_CAPITALS);
    if scratch.ends.len() < 2 {
        let Scratch { other, bare, ends, .. } = &mut *scratch;
        if !context.spelling || !split::segmented(body, at, lexicon, (other, bare), ends) || ends.len() < 2 {
            return Found::Nothing;
        }
        (via, trust) = (Via::Spelling, TRUST_SEGMENTED);
    }
    scratch.found.clear();
    let mut from = 0;
    for i in 0..scratch.ends.len() {
        let to = scratch.ends[i];
        let start = from + body[from..to].len() - body[from..to].trim_start_matches('_').len();
        from = to;
        if start == to {
            continue;
        }
        let term = Term { start: context.term.start + 1, via, trust, ..context.term };
        let mut part = super::part_of(&term, body, (start, to), at, lexicon, &mut scratch.other, &mut scratch.bare);
        // `#JAdore`: a lone letter before a vowel is an elided word.
        let opens = body[to..].chars().next().is_some_and(|c| is_vowel(c.to_lowercase().next().unwrap_or(c)));
        if at != Some(1)
            && opens
            && matches!(scratch.other.as_str(), "j" | "l" | "d" | "c" | "m" | "t" | "s" | "n" | "qu")
        {
            scratch.other.push('\'');
            let (start, end) = (part.start, part.end);
            part = Term { start, end, ..super::word(&part, &scratch.other, part.via, trust, lexicon) };
        }
        scratch.found.push(part);
    }
    Found::Several
}

/// Where the words end that capitals, digits and underscores show.
fn by_capitals(body: &str, ends: &mut Vec<usize>) {
    ends.clear();
    let mut previous = '_';
    for (at, c) in body.char_indices() {
        let next_small = body[at + c.len_utf8()..].chars().next().is_some_and(char::is_lowercase);
        let breaks = c == '_'
            || (c.is_uppercase() && (previous.is_lowercase() || (previous.is_uppercase() && next_small)))
            || (c.is_numeric() != previous.is_numeric() && previous != '_');
        if breaks && at > 0 && previous != '_' {
            ends.push(at);
        }
        previous = c;
    }
    if !body.trim_end_matches('_').is_empty() {
        ends.push(body.trim_end_matches('_').len());
        ends.dedup();
    }
}
