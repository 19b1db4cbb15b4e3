//! Mentions into shares of the tone: which target each judging word speaks of.
//!
//! Each segment of the grammar belongs to the target it names; a segment that names none carries on
//! with the one before (`Nimbo m'a rappelé. Ils sont adorables`). A segment that names several is cut
//! between them, unless it compares them: then what praises the one blames the other.
//!
//! When only one target is in question, the whole post speaks of it unless it is the standard that
//! something else is compared with, or the place that the speaker leaves: then [`Split::turned`].

use super::cue::{self, Cue};
use super::mention::Mention;
use crate::text::reading::{Reading, Term};
use crate::tone::clause::{Grammar, Segment, acted};
use crate::tone::matcher::Matches;

/// A judging word's value for one target.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    /// Place of the target in [`Split::present`].
    pub(crate) slot: usize,
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) segment: usize,
    pub(crate) tone: f32,
}

/// Whom some terms speak of, as bits by slot.
#[derive(Debug, Clone, Copy, Default)]
struct Owners {
    slots: u64,
    /// Those spoken of as the standard of a comparison, or as what is left.
    standards: u64,
    /// The standard is said to be as good or as bad.
    equal: bool,
    /// Blame is for the standards and praise for the others.
    sorted: bool,
}

impl Owners {
    fn only(slots: u64) -> Self {
        Self { slots, ..Self::default() }
    }
}

/// A run of terms, to the next one's start.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    last: usize,
    owners: Owners,
}

/// Who is spoken of where, and with what tone.
#[derive(Debug, Default)]
pub(crate) struct Split {
    /// The targets mentioned, in the order of their first mention.
    pub(crate) present: Vec<usize>,
    /// All values, in text order.
    pub(crate) values: Vec<Value>,
    /// Slots whose tone is not the post's even when they are alone.
    pub(crate) turned: u64,
    stretches: Vec<Stretch>,
}

/// More targets than this in one post are not told apart.
const MOST_SLOTS: usize = 64;
/// What the standard of a comparison loses of what its rival wins.
const STANDARD_SHARE: f32 = -0.7;
/// What a comparison says when no word in it judges.
const IMPLIED: f32 = 1.5;
/// What leaving one for the other says of each.
const LEFT: f32 = -2.5;
const TAKEN: f32 = 1.5;
/// Words between a cue and the name it governs, at most.
const GAP: usize = 4;
/// A degree word stands this far before its `que`, at most.
const DEGREE: usize = 7;

/// A comparison or a move inside a segment.
#[derive(Debug, Clone, Copy, Default)]
struct Contrast {
    subjects: u64,
    standards: u64,
    equal: bool,
    /// What is left and what is taken, rather than what is better and worse.
    departs: bool,
    /// Said of the subjects and of the standards when no word judges, or in any case.
    implied: [f32; 2],
    always: bool,
    at: usize,
}

impl Split {
    /// Shares the judged values of a post out; `alone` when one target only is in question.
    pub(crate) fn new(
        mentions: &[Mention],
        reading: &Reading,
        matches: &Matches,
        grammar: &Grammar,
        alone: bool,
    ) -> Self {
        let mut split = Self::default();
        for mention in mentions {
            if split.present.len() < MOST_SLOTS && !split.present.contains(&mention.target) {
                split.present.push(mention.target);
            }
        }
        let whole = u64::from(alone);
        if alone && mentions.iter().all(|m| !near_cue(m, &reading.terms)) {
            split.push(usize::MAX, Owners::only(1));
        } else {
            split.cut(mentions, reading, matches, grammar, whole);
        }
        split.share(matches, grammar);
        split
    }

    /// The slots that a term speaks of.
    pub(crate) fn slots_at(&self, term: usize) -> u64 {
        let at = self.stretches.partition_point(|s| s.last <= term);
        self.stretches.get(at).map_or(0, |s| s.owners.slots | s.owners.standards)
    }

    fn bit(&self, mention: &Mention) -> u64 {
        self.present.iter().position(|t| *t == mention.target).map_or(0, |slot| 1 << slot)
    }

    /// Gives every segment, or every part of one, to the targets that it speaks of.
    fn cut(&mut self, mentions: &[Mention], reading: &Reading, matches: &Matches, grammar: &Grammar, whole: u64) {
        let mut current = Owners::only(whole);
        let mut rest = mentions;
        for (place, segment) in grammar.segments.iter().enumerate() {
            let here = rest.partition_point(|m| m.first < segment.last);
            let (named, later) = rest.split_at(here);
            rest = later;
            if named.is_empty() {
                self.push(segment.last, current);
                continue;
            }
            let Some(contrast) = self.contrast(segment, named, &reading.terms, current.slots & !whole) else {
                current = Owners::only(self.parts(segment, named, reading, matches));
                continue;
            };
            let Contrast { subjects: slots, standards, equal, departs: sorted, .. } = contrast;
            let owners = Owners { slots, standards, equal, sorted };
            self.push(segment.last, owners);
            self.imply(&contrast, place, segment, matches);
            // A move is what follows too; a comparison leaves the floor to its subject.
            current = if sorted { owners } else { Owners::only(slots) };
        }
        // What stands before the first mention leads up to it.
        let named = |o: &Owners| o.slots != 0 || o.standards != 0;
        let first = self.stretches.iter().map(|s| s.owners).find(named).unwrap_or_default();
        for stretch in self.stretches.iter_mut().take_while(|s| !named(&s.owners)) {
            stretch.owners = if first.slots == 0 || first.sorted { first } else { Owners::only(first.slots) };
        }
    }

    fn push(&mut self, last: usize, owners: Owners) {
        self.stretches.push(Stretch { last, owners });
    }

    /// A segment that names several targets without comparing them: cut between them, those joined by
    /// `et`, `and` or a comma left together. Returns whom it ends with.
    fn parts(&mut self, segment: &Segment, named: &[Mention], reading: &Reading, matches: &Matches) -> u64 {
        let mut slots = named.first().map_or(0, |m| self.bit(m));
        let mut start = segment.first;
        for pair in named.windows(2) {
            let [before, after] = pair else { continue };
            let bit = self.bit(after);
            if bit == slots {
                continue;
            }
            let between = &reading.terms[before.last.min(after.first)..after.first];
            if between.len() <= 1 && between.iter().all(|t| cue::of(t).has(Cue::AND)) {
                slots |= bit;
                continue;
            }
            let cut = seam(before, after, start, reading, matches);
            self.push(cut, Owners::only(slots));
            (start, slots) = (cut, bit);
        }
        self.push(segment.last, Owners::only(slots));
        slots
    }

    /// The comparison or the move that a segment makes, if it makes one.
    fn contrast(&self, segment: &Segment, named: &[Mention], terms: &[Term], current: u64) -> Option<Contrast> {
        let mut found = Contrast::default();
        let mut standard: Option<usize> = None;
        for (place, mention) in named.iter().enumerate() {
            // `than Telmio and Fibrox`
            let joined = standard.is_some_and(|s| s + 1 == place)
                && named[place - 1].last + 1 == mention.first
                && cue::of(&terms[named[place - 1].last]).has(Cue::AND);
            if joined {
                found.standards |= self.bit(mention);
                standard = Some(place);
                continue;
            }
            let after = place.checked_sub(1).map_or(segment.first, |p| named[p].last);
            let from = mention.first.saturating_sub(GAP).max(after);
            let Some(at) = (from..mention.first).rev().find(|at| compares(terms, *at, segment.first)) else { continue };
            found.standards |= self.bit(mention);
            standard = Some(place);
            found.at = at;
            let words = &terms[at.saturating_sub(DEGREE).max(segment.first)..=at];
            let any = |cue| words.iter().any(|t| cue::of(t).has(cue));
            found.equal = any(Cue::EQUAL) && !any(Cue::MORE) && !any(Cue::AGAINST) && !any(Cue::RATHER);
            found.always = any(Cue::RATHER) || any(Cue::PREFER);
            found.implied = if any(Cue::WORSE) {
                [-IMPLIED, IMPLIED]
            } else if any(Cue::BETTER) || found.always {
                [IMPLIED, -IMPLIED]
            } else {
                [0.0; 2]
            };
        }
        if standard.is_some() {
            found.subjects = named.iter().fold(0, |slots, m| slots | self.bit(m)) & !found.standards;
            if found.subjects == 0 {
                found.subjects = current & !found.standards;
            }
            return Some(found);
        }
        self.departure(segment, named, terms)
    }

    /// `je quitte X pour Y`, `left X for Y`, `switched from X to Y`.
    fn departure(&self, segment: &Segment, named: &[Mention], terms: &[Term]) -> Option<Contrast> {
        let leaves = (segment.first..segment.last).find(|at| cue::of(&terms[*at]).has(Cue::LEAVE | Cue::MOVE))?;
        let verb = cue::of(&terms[leaves]);
        let governed = |mention: &Mention, cue: Cue, from: usize| {
            (mention.first.saturating_sub(GAP).max(from)..mention.first).any(|at| cue::of(&terms[at]).has(cue))
        };
        let mut found =
            Contrast { at: leaves, always: true, departs: true, implied: [TAKEN, LEFT], ..Contrast::default() };
        for mention in named.iter().filter(|m| m.first > leaves) {
            let gap = mention.first - leaves;
            let onward = terms[mention.last.min(segment.last)..segment.last]
                .iter()
                .take(GAP)
                .any(|t| cue::of(t).has(Cue::TOWARD));
            let object = verb.has(Cue::LEAVE) || governed(mention, Cue::FROM, leaves);
            if gap <= GAP && onward && object {
                found.standards |= self.bit(mention);
            } else if governed(mention, Cue::TOWARD, leaves + 1) && (verb.has(Cue::LEAVE) || found.standards != 0) {
                found.subjects |= self.bit(mention);
            }
        }
        (found.standards != 0).then_some(found)
    }

    /// Adds what a comparison says by itself, when no word in it judges or its form says enough.
    fn imply(&mut self, contrast: &Contrast, place: usize, segment: &Segment, matches: &Matches) {
        self.turned |= contrast.standards;
        let from = matches.judging.partition_point(|m| m.first < segment.first);
        let judges = matches.judging.get(from).is_some_and(|m| m.first < segment.last && m.valence != 0.0);
        let says = contrast.implied.iter().any(|v| v.abs() > 0.0);
        if !says || (judges && !contrast.always) {
            return;
        }
        for slot in 0..self.present.len() {
            let tone = match (contrast.subjects >> slot & 1, contrast.standards >> slot & 1) {
                (1, _) => contrast.implied[0],
                (_, 1) => contrast.implied[1],
                _ => continue,
            };
            self.values.push(Value { slot, first: contrast.at, last: contrast.at + 1, segment: place, tone });
        }
    }

    /// Hands each judged value to the slots of its stretch.
    fn share(&mut self, matches: &Matches, grammar: &Grammar) {
        let mut stretches = self.stretches.iter().peekable();
        for judged in grammar.judged.iter().filter(|j| j.value != 0.0) {
            let found = &matches.judging[judged.source];
            while stretches.next_if(|s| s.last <= found.first).is_some() {}
            let Some(Stretch { owners, .. }) = stretches.peek() else { break };
            let mut slots = match (owners.sorted, judged.value > 0.0) {
                (true, true) => owners.slots,
                (true, false) => owners.standards,
                (false, _) => owners.slots | owners.standards,
            };
            while slots != 0 {
                let slot = slots.trailing_zeros() as usize;
                slots &= slots - 1;
                let standard = owners.standards >> slot & 1 == 1 && !owners.sorted;
                let same = owners.equal && judged.acted & acted::NEGATED == 0;
                let share = if standard && !same { STANDARD_SHARE } else { 1.0 };
                self.values.push(Value {
                    slot,
                    first: found.first,
                    last: found.last,
                    segment: judged.segment,
                    tone: judged.value * share,
                });
            }
        }
        self.values.sort_by_key(|v| v.first);
    }
}

/// Whether the term at a place opens the standard of a comparison.
fn compares(terms: &[Term], at: usize, first: usize) -> bool {
    let cue = cue::of(&terms[at]);
    if cue.has(Cue::AGAINST | Cue::THAN) {
        return true;
    }
    let back = &terms[at.saturating_sub(DEGREE).max(first)..at];
    let before = back.last().map_or(Cue::NONE, cue::of);
    if cue.has(Cue::RAPPORT) {
        return before.has(Cue::PAR);
    }
    if cue.has(Cue::QUE) {
        return before.has(Cue::RATHER) || back.iter().any(|t| cue::of(t).has(Cue::MORE | Cue::EQUAL));
    }
    // `instead of X`, `au lieu de X`, `as good as X`, `je préfère Y à X`
    (cue.has(Cue::FROM) && before.has(Cue::RATHER))
        || (cue.has(Cue::AS) && back.iter().any(|t| cue::of(t).has(Cue::AS)))
        || (cue.has(Cue::TOWARD) && back.iter().any(|t| cue::of(t).has(Cue::PREFER)))
}

/// Whether a word that compares or leaves stands near a mention: most posts have none.
fn near_cue(mention: &Mention, terms: &[Term]) -> bool {
    let from = mention.first.saturating_sub(GAP + 1);
    let wanted = Cue::AGAINST
        | Cue::RAPPORT
        | Cue::THAN
        | Cue::QUE
        | Cue::RATHER
        | Cue::LEAVE
        | Cue::MOVE
        | Cue::AS
        | Cue::TOWARD;
    terms[from..mention.first].iter().any(|t| cue::of(t).has(wanted))
}

/// Where the talk of one target ends and that of the next begins.
fn seam(before: &Mention, after: &Mention, start: usize, reading: &Reading, matches: &Matches) -> usize {
    let opens = |at: &usize| reading.terms[*at].after_pause || cue::of(&reading.terms[*at]).has(Cue::AND);
    if let Some(at) = (before.last..=after.first).rev().find(opens) {
        return at;
    }
    // "Loved Nimbo hated Telmio" judges before it names; "Nimbo is fine Telmio is not" after.
    let from = matches.judging.partition_point(|m| m.first < start);
    let leads = matches.judging.get(from).is_some_and(|m| m.last <= before.first);
    let next = matches.judging.partition_point(|m| m.first < before.last);
    match matches.judging.get(next) {
        Some(found) if leads && found.first < after.first => found.first,
        _ => after.first,
    }
}
