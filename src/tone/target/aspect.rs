//! Values into aspects: what is said of the price, of the delivery, of the service.
//!
//! A judging word speaks of the aspect named nearest to it in its segment; a pause between them counts
//! as distance. A word that both judges and names (`cher`, `lent`) speaks of its own aspect, and of
//! the thing right beside it (`livraison lente`). An aspect that nothing judges shares with the aspect
//! it is listed with (`prix et accueil au top`), then with the segment it announces (`Livraison :
//! nickel`). Where the post judges no aspect at all, they have the tone of
//! their target.

use super::cue::{self, Cue};
use super::split::{Split, Value};
use crate::analysis::{AspectReading, Tonality};
use crate::language::Language;
use crate::lexicon::Lexicon;
use crate::text::TokenKind;
use crate::text::reading::Reading;
use crate::tone::clause::Grammar;
use crate::tone::matcher::Matches;

/// An aspect named in the post, and the values that speak of it.
#[derive(Debug)]
struct Named {
    first: usize,
    last: usize,
    segment: usize,
    aspect: usize,
    values: Vec<f32>,
}

/// Two names of one aspect this close are one: `retard de livraison`.
const SAME: usize = 3;
/// A pause is worth this many terms, and so is more than this many terms.
const PAUSE: usize = 5;
const FAR: usize = 12;
/// A word of its own aspect speaks of the noun this near, too.
const BESIDE: usize = 4;
/// A segment this short announces the next one.
const HEADING: usize = 3;

/// The aspects of one target, in the order of their first mention.
pub(crate) fn readings(
    slot: usize,
    split: &Split,
    parts: (&Reading, &Matches, &Grammar, &Lexicon),
    tonality: &Tonality,
    head: &impl Fn(&[f32]) -> Tonality,
) -> Vec<AspectReading> {
    let (reading, matches, grammar, lexicon) = parts;
    let mut named = names(slot, split, matches, grammar);
    if named.is_empty() {
        return Vec::new();
    }
    let values: Vec<Value> = split.values.iter().filter(|v| v.slot == slot).copied().collect();
    for value in &values {
        assign(value, &mut named, reading);
    }
    borrow(&mut named, &values, reading, grammar);
    // What is named in passing beside what is judged is not what the post speaks of.
    if named.iter().any(|n| !n.values.is_empty()) {
        named.retain(|n| !n.values.is_empty());
    }
    let mut order: Vec<usize> = Vec::new();
    for one in &named {
        if !order.contains(&one.aspect) {
            order.push(one.aspect);
        }
    }
    let read = |aspect: usize| {
        let own: Vec<f32> =
            named.iter().filter(|n| n.aspect == aspect).flat_map(|n| n.values.iter().copied()).collect();
        let tonality = if own.is_empty() { *tonality } else { head(&own) };
        AspectReading { aspect: lexicon.aspects().get(aspect).cloned().unwrap_or_default(), tonality }
    };
    order.into_iter().map(read).collect()
}

/// The aspects named where the post speaks of a slot.
fn names(slot: usize, split: &Split, matches: &Matches, grammar: &Grammar) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    for found in &matches.aspects {
        if split.slots_at(found.term) >> slot & 1 == 0 {
            continue;
        }
        let segment = grammar.segments.partition_point(|s| s.last <= found.term);
        let same = |n: &Named| n.aspect == found.aspect && n.segment == segment && found.term < n.last + SAME;
        if let Some(last) = named.last_mut().filter(|n| same(n)) {
            last.last = found.term + 1;
            continue;
        }
        let (first, last) = (found.term, found.term + 1);
        named.push(Named { first, last, segment, aspect: found.aspect, values: Vec::new() });
    }
    named
}

/// Gives a value to the aspect nearest to it in its segment.
fn assign(value: &Value, named: &mut [Named], reading: &Reading) {
    let right = named.partition_point(|n| n.last <= value.first);
    let here = |at: &usize| named.get(*at).is_some_and(|n| n.segment == value.segment);
    let own = Some(right).filter(here).filter(|at| named[*at].first < value.last);
    let before = right.checked_sub(1).filter(here);
    let next = if own.is_some() { right + 1 } else { right };
    let after = Some(next).filter(here);
    let far = |at: usize| {
        let n = &named[at];
        let (from, to) = if n.last <= value.first { (n.last, value.first) } else { (value.last, n.first) };
        distance(from, to, reading)
    };
    let nearest = match (before, after) {
        (Some(b), Some(a)) => {
            Some(if far(b) <= far(a) + usize::from(!adjective_first(reading, value)) { b } else { a })
        }
        (b, a) => b.or(a),
    };
    let beside = nearest.filter(|at| own.is_none() || far(*at) < BESIDE);
    for at in [own, beside].into_iter().flatten() {
        named[at].values.push(value.tone);
    }
}

/// Whether judging words stand before the noun where a value stands: they do in English.
fn adjective_first(reading: &Reading, value: &Value) -> bool {
    let clause = reading.clauses.partition_point(|c| c.last <= value.first);
    reading.clauses.get(clause).is_some_and(|c| c.language == Language::English)
}

/// How far apart two places are, pauses and joints counted.
fn distance(from: usize, to: usize, reading: &Reading) -> usize {
    let gap = to.saturating_sub(from);
    if gap > FAR {
        return gap + PAUSE;
    }
    let end = (to + 1).min(reading.terms.len());
    let between = reading.terms.get(from.min(end)..end).unwrap_or(&[]);
    let joined = between.iter().any(|t| t.after_pause || cue::of(t).has(Cue::AND));
    if joined { gap + PAUSE } else { gap }
}

/// Lets an aspect without a value of its own share the values of what it is said with.
fn borrow(named: &mut [Named], values: &[Value], reading: &Reading, grammar: &Grammar) {
    // Lists: each takes over from the one after, then from the one before.
    let listed = |a: &Named, b: &Named| {
        let between = reading.terms.get(a.last..b.first).unwrap_or(&[]);
        let joint = reading.terms.get(b.first).is_some_and(|t| t.after_pause)
            || between.iter().any(|t| t.after_pause || cue::of(t).has(Cue::AND));
        a.segment == b.segment && between.len() <= 2 && joint
    };
    for at in (1..named.len()).rev() {
        if named[at - 1].values.is_empty() && listed(&named[at - 1], &named[at]) {
            let (before, after) = named.split_at_mut(at);
            before[at - 1].values.clone_from(&after[0].values);
        }
    }
    for at in 1..named.len() {
        if named[at].values.is_empty() && listed(&named[at - 1], &named[at]) {
            let (before, after) = named.split_at_mut(at);
            after[0].values.clone_from(&before[at - 1].values);
        }
    }
    // Headings: `Livraison : nickel`, `Le service ? Une honte`.
    for at in 0..named.len() {
        let one = &named[at];
        let Some(segment) = grammar.segments.get(one.segment) else { continue };
        let mark = reading.clauses.get(segment.clause).and_then(|c| c.mark);
        let opens = matches!(mark, Some(TokenKind::Colon | TokenKind::Question | TokenKind::Ellipsis));
        let short = segment.last - segment.first <= HEADING;
        let alone = named.get(at + 1).is_none_or(|next| next.segment > one.segment + 1);
        if one.values.is_empty() && alone && (opens || short) {
            let next = one.segment + 1;
            let from = values.partition_point(|v| v.first < segment.last);
            let said = values[from..].iter().take_while(|v| v.segment <= next).map(|v| v.tone).collect();
            named[at].values = said;
        }
    }
}
