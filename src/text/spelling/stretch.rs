//! Stretched: letters drawn out (`trooop`, `sooo`), each run of three or more read as one or two.

use super::fold::folded;
use crate::lexicon::hash::hash;
use crate::lexicon::vocabulary::Known;
use crate::lexicon::{Lexicon, key};

/// Runs beyond this are noise; 2^4 spellings are looked up at most.
const MOST_RUNS: usize = 4;

/// How many runs of three letters or more a word has.
pub(super) fn runs(word: &str) -> usize {
    let (mut runs, mut last, mut length) = (0, '\0', 0);
    for c in word.chars() {
        length = if key::bare(c) == key::bare(last) { length + 1 } else { 1 };
        last = c;
        runs += usize::from(length == 3);
    }
    runs
}

/// The commonest word that a stretched one may be: `coool` is `cool` and not `col`.
pub(super) fn stretched(
    word: &str,
    at: Option<usize>,
    lexicon: &Lexicon,
    out: &mut String,
    bare: &mut String,
) -> Option<Known> {
    let runs = runs(word);
    if runs == 0 || runs > MOST_RUNS {
        return None;
    }
    let mut best: Option<(u8, Known)> = None;
    for choice in (0..1u32 << runs).rev() {
        shorten(word, choice, out);
        let hash = hash(out.as_bytes());
        let exact = lexicon.vocabulary.get(hash);
        let class_of = |k: Known| match at {
            Some(i) => k.class()[i],
            None => k.class()[0].max(k.class()[1]),
        };
        // Words of user layers have an id and no frequency.
        let layered = |k: Known| k.id() != 0 && k.class() == [0; 2];
        let known = if class_of(exact) > 0 || layered(exact) {
            exact
        } else {
            folded(out, hash, at, lexicon, bare).unwrap_or_default()
        };
        let (class, doubled) = (class_of(known), u8::from(choice.count_ones() > 0));
        let shorthand = (0..2).any(|i| at.is_none_or(|a| a == i) && lexicon.is_shorthand(known.id(), i));
        if class == 0 && !shorthand && !layered(known) {
            continue;
        }
        // Two letters stay likelier than one where both are words: a doubled letter was there to draw out.
        let rank = class * 4 + u8::from(known.id() != 0) * 2 + doubled * 3;
        if best.is_none_or(|(r, _)| rank > r) {
            best = Some((rank, known));
        }
    }
    best.map(|(_, known)| known)
}

/// Writes a word with each run of three letters or more cut to one.
pub(super) fn shortest(word: &str, out: &mut String) {
    shorten(word, 0, out);
}

/// Writes a word with each run of three letters or more cut to one or two, as the bits of `choice` say.
fn shorten(word: &str, choice: u32, out: &mut String) {
    out.clear();
    let (mut last, mut length, mut run) = ('\0', 0u32, 0);
    for c in word.chars().chain(['\0']) {
        if length > 0 && key::bare(c) == key::bare(last) {
            length += 1;
            continue;
        }
        let keep = if length >= 3 {
            run += 1;
            1 + (choice >> (run - 1) & 1)
        } else {
            length
        };
        (0..keep).for_each(|_| out.push(last));
        (last, length) = (c, 1);
    }
}
