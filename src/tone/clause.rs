//! The grammar of tone: what negation, contrast, degree and mood make of each judging word.
//!
//! Clauses are cut further at words of contrast and concession into segments; inside a segment each
//! modifier acts on the judging words in its scope. Out comes every judging word with the value it
//! has where it stands.

use super::function_words::FunctionWords;
use super::look::Look;
use super::matcher::{Action, Matches};
use crate::language::Language;
use crate::lexicon::sense::{Kind, Tags};
use crate::text::TokenKind;
use crate::text::reading::{Reading, Term};

/// How a judging word was acted on, as bits.
pub(crate) mod acted {
    /// Under a negator or a shifter.
    pub(crate) const NEGATED: u8 = 1;
    /// In a conditional or a wish.
    pub(crate) const UNREAL: u8 = 1 << 1;
    /// In a question.
    pub(crate) const ASKED: u8 = 1 << 2;
    /// In a clause that ends with an exclamation.
    pub(crate) const EXCLAIMED: u8 = 1 << 3;
    /// After a word of contrast.
    pub(crate) const CONTRASTED: u8 = 1 << 4;
    /// Strengthened.
    pub(crate) const STRENGTHENED: u8 = 1 << 5;
}

/// A judging word where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    /// Place in [`Matches::judging`].
    pub(crate) source: usize,
    /// Its value after everything that acts on it.
    pub(crate) value: f32,
    pub(crate) acted: u8,
    /// Place of its segment, for targets and for contrast.
    pub(crate) segment: usize,
}

/// A run of terms without contrast inside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// Place of its clause.
    pub(crate) clause: usize,
    weight: f32,
    contrasted: bool,
}

/// The grammar's working space. Reused from post to post.
#[derive(Debug, Default)]
pub(crate) struct Grammar {
    /// How the post is written.
    pub(crate) look: Look,
    pub(crate) judged: Vec<Judged>,
    pub(crate) segments: Vec<Segment>,
    /// By term: under negation.
    pub(crate) negated: Vec<bool>,
    /// By term: what the learnt layer should leave unsaid (see [`hush`]).
    pub(crate) hushed: Vec<u8>,
    /// Clauses in a conditional or a wish.
    pub(crate) unreal: u32,
    /// The clause that a question word acted on last: one is enough.
    asked: Option<usize>,
}

/// What the grammar has said already, so that the learnt layer need not say it again, as bits.
pub(crate) mod hush {
    /// Inside an idiom: the word by itself means nothing.
    pub(crate) const WORD: u8 = 1;
    /// A negator that denied a judging word: neither it nor its pairs.
    pub(crate) const PAIRS: u8 = 1 << 1;
}

/// A negator reaches this many terms ahead.
const NEGATION_REACH: usize = 6;
/// A negator that belongs to a noun (`sans`, `no`) reaches no further than the noun's own words.
const NOUN_REACH: usize = 2;
/// ... and denies blame within this many: "I can't believe how bad it is" denies none.
const BLAME_REACH: usize = 3;
/// A degree word reaches this many terms ahead.
const DEGREE_REACH: usize = 3;
/// A shifter reaches this many terms ahead.
const SHIFTER_REACH: usize = 4;
/// A negative word under negation keeps less than a positive one loses: "pas mauvais" is faint praise.
const NEGATED_BLAME: f32 = 0.6;
/// Degree words multiply; together they go no further than this.
const MOST_DEGREE: f32 = 2.2;
/// Written in capitals in a post that is not.
const SHOUTED: f32 = 1.2;
const STRETCHED: f32 = 1.15;
const EXCLAIMED: f32 = 1.1;
/// A swear word before a judging word strengthens it and says no more itself.
const SWEAR_DEGREE: f32 = 1.3;
const ASKED: f32 = 0.75;

impl Grammar {
    /// Reads the grammar around the matches.
    pub(crate) fn apply(&mut self, reading: &Reading, matches: &Matches) {
        self.look = Look::of(reading);
        self.unreal = 0;
        self.asked = None;
        self.negated.clear();
        self.negated.resize(reading.terms.len(), false);
        self.hushed.clear();
        self.hushed.resize(reading.terms.len(), 0);
        // What words together mean is not what they say apart, and a word that is said to mean nothing says nothing.
        for found in matches.judging.iter().filter(|m| m.last > m.first + 1 || m.valence == 0.0) {
            self.hushed[found.first..found.last].fill(hush::WORD);
        }
        self.cut(reading, matches);
        self.judge(reading, matches);
        for action in &matches.acting {
            match action.modifier.kind {
                Kind::Intensifier | Kind::Diminisher => self.degree(action, reading, matches),
                Kind::Conditional | Kind::Wish => self.unreal(action, reading, matches),
                Kind::Question => self.question(action, reading, matches),
                Kind::Shifter => self.shift(action, reading, matches),
                Kind::Negator => self.negate(action, reading, matches),
                Kind::Contrast | Kind::Concession => {}
            }
        }
        for judged in &mut self.judged {
            judged.value = (judged.value * self.segments[judged.segment].weight).clamp(-6.0, 6.0);
        }
    }

    /// Cuts clauses into segments at contrast and concession.
    fn cut(&mut self, reading: &Reading, matches: &Matches) {
        self.segments.clear();
        let mut actions = matches.acting.iter().peekable();
        for (place, clause) in reading.clauses.iter().enumerate() {
            let mut open =
                Segment { first: clause.first, last: clause.last, clause: place, weight: 1.0, contrasted: false };
            let from = self.segments.len();
            while let Some(action) = actions.next_if(|a| a.clause <= place) {
                match action.modifier.kind {
                    // Inside a concession that is closed already.
                    _ if action.first < open.first => {}
                    Kind::Contrast => {
                        let weight = action.modifier.value;
                        if action.first > open.first {
                            let weight = open.weight * (2.0 - weight).clamp(0.3, 1.0);
                            self.segments.push(Segment { last: action.first, weight, ..open });
                        }
                        open = Segment { first: action.first, weight, contrasted: true, ..open };
                    }
                    Kind::Concession => {
                        if action.first > open.first {
                            self.segments.push(Segment { last: action.first, ..open });
                        }
                        let end = pause_after(&reading.terms, action.last, clause.last);
                        let conceded = Segment {
                            first: action.first,
                            last: end,
                            clause: place,
                            weight: action.modifier.value,
                            contrasted: false,
                        };
                        self.segments.push(conceded);
                        open = Segment { first: end, ..open };
                    }
                    _ => {}
                }
            }
            if open.first < open.last || self.segments.len() == from {
                self.segments.push(open);
            }
        }
    }

    /// Gives each judging word the value it has before anything acts on it.
    fn judge(&mut self, reading: &Reading, matches: &Matches) {
        self.judged.clear();
        let mut segment = 0;
        for (source, found) in matches.judging.iter().enumerate() {
            while segment + 1 < self.segments.len() && self.segments[segment].last <= found.first {
                segment += 1;
            }
            let mut value = found.valence;
            let mut acted = 0;
            let terms = &reading.terms[found.first..found.last];
            if !self.look.all_shouted && terms.iter().any(|t| t.shape.shouted()) {
                value *= SHOUTED;
            }
            if terms.iter().any(|t| t.stretched) {
                value *= STRETCHED;
            }
            match reading.clauses[found.clause].mark {
                Some(TokenKind::Exclamation) => {
                    value *= EXCLAIMED;
                    acted |= acted::EXCLAIMED;
                }
                Some(TokenKind::Question) if !found.face => {
                    value *= ASKED;
                    acted |= acted::ASKED;
                }
                _ => {}
            }
            if self.segments.get(segment).is_some_and(|s| s.contrasted) {
                acted |= acted::CONTRASTED;
            }
            // "putain c'est bon": the swear word lends its force to the next judging word.
            if found.tags.has(Tags::SWEAR) {
                let next = matches.judging.get(source + 1);
                if next.is_some_and(|n| {
                    n.clause == found.clause && n.first <= found.last + DEGREE_REACH && !n.tags.has(Tags::SWEAR)
                }) {
                    value = 0.0;
                }
            } else if source > 0 && matches.judging[source - 1].tags.has(Tags::SWEAR) && value != 0.0 {
                let before = &matches.judging[source - 1];
                if before.clause == found.clause && found.first <= before.last + DEGREE_REACH {
                    value *= SWEAR_DEGREE;
                    acted |= acted::STRENGTHENED;
                }
            }
            self.judged.push(Judged { source, value, acted, segment });
        }
    }

    /// The judging word that an action reaches ahead of it, within a number of terms and before a pause.
    fn ahead(&self, action: &Action, reach: usize, reading: &Reading, matches: &Matches) -> Option<usize> {
        let index = matches.judging.partition_point(|m| m.first < action.last);
        let found = matches.judging.get(index)?;
        if found.clause != action.clause || found.first > action.last + reach || found.face {
            return None;
        }
        let pause = (action.last..=found.first).skip(1).any(|t| reading.terms[t].after_pause)
            || (found.first > action.last && reading.terms[action.last].after_pause);
        let segment = self.judged[index].segment;
        let crosses = self.segments[segment].first > action.first;
        (!pause && !crosses).then_some(index)
    }

    /// The judging word right before an action, within a number of terms.
    fn behind(action: &Action, reach: usize, matches: &Matches) -> Option<usize> {
        let index = matches.judging.partition_point(|m| m.last <= action.first).checked_sub(1)?;
        let found = &matches.judging[index];
        (found.clause == action.clause && found.last + reach >= action.first && !found.face).then_some(index)
    }

    fn degree(&mut self, action: &Action, reading: &Reading, matches: &Matches) {
        let reached = if action.modifier.backwards {
            Self::behind(action, DEGREE_REACH - 1, matches)
        } else {
            // "je recommande vivement": an adverb with nothing ahead of it looks back at its verb.
            self.ahead(action, DEGREE_REACH, reading, matches).or_else(|| Self::behind(action, 0, matches))
        };
        let Some(index) = reached else { return };
        let judged = &mut self.judged[index];
        let base = matches.judging[judged.source].valence.abs().max(0.1);
        let value = judged.value * action.modifier.value;
        judged.value = value.clamp(-base * MOST_DEGREE, base * MOST_DEGREE);
        if action.modifier.value > 1.0 {
            judged.acted |= acted::STRENGTHENED;
        }
    }

    /// A conditional or a wish holds from where it stands to the end of its segment.
    fn unreal(&mut self, action: &Action, reading: &Reading, matches: &Matches) {
        self.unreal += 1;
        let end = reading.clauses[action.clause].last;
        let from = matches.judging.partition_point(|m| m.first < action.last);
        for judged in &mut self.judged[from..] {
            let found = &matches.judging[judged.source];
            // What an earlier conditional reached stays as it is, and so does what follows it.
            let beyond = found.first >= end || self.segments[judged.segment].first > action.first;
            if beyond || judged.acted & acted::UNREAL != 0 {
                break;
            }
            if found.face {
                continue;
            }
            judged.acted |= acted::UNREAL;
            judged.value *= match action.modifier.kind {
                Kind::Wish if judged.value < 0.0 => 0.5,
                _ => action.modifier.value,
            };
        }
    }

    /// A question word weakens its clause, where the clause is a question or the word is a phrase.
    fn question(&mut self, action: &Action, reading: &Reading, matches: &Matches) {
        let clause = &reading.clauses[action.clause];
        let asks = clause.mark == Some(TokenKind::Question);
        if !asks && (action.last - action.first < 2 || action.first > clause.first) {
            return;
        }
        if self.asked == Some(action.clause) {
            return;
        }
        self.asked = Some(action.clause);
        let from = matches.judging.partition_point(|m| m.first < action.last);
        for judged in &mut self.judged[from..] {
            let found = &matches.judging[judged.source];
            if found.clause != action.clause {
                break;
            }
            if !found.face {
                judged.value *= action.modifier.value.max(0.3);
                judged.acted |= acted::ASKED;
            }
        }
    }

    fn shift(&mut self, action: &Action, reading: &Reading, matches: &Matches) {
        let Some(index) = self.ahead(action, SHIFTER_REACH, reading, matches) else { return };
        let judged = &mut self.judged[index];
        judged.value *= action.modifier.value;
        judged.acted ^= acted::NEGATED;
    }

    fn negate(&mut self, action: &Action, reading: &Reading, matches: &Matches) {
        let clause = &reading.clauses[action.clause];
        let terms = &reading.terms;
        let Some(reach) = negation_reach(action, clause.first, clause.last, clause.language, terms) else { return };
        let mut reach = reach;
        // The verb between "ne" and "pas", or before a bare "pas": what it says is denied.
        if clause.language != Language::English
            && let Some(index) = Self::behind(action, 1, matches)
        {
            let found = &matches.judging[index];
            let opened = opener_before(terms, clause.first, found.first, clause.language);
            let before_verb = &FunctionWords::of(clause.language).before_verb;
            let subject = found.first > clause.first && before_verb.hold(&terms[found.first - 1]);
            // "bon produit sans aucun bug" says nothing of what stands before.
            let bare = reach > NOUN_REACH && (action.last >= clause.last || action.last - action.first > 1);
            if !matches.judging[index].face && (opened || subject || bare) && found.last - found.first == 1 {
                self.deny(index, action);
                self.negated[found.first] = true;
                reach = 2;
            }
        }
        let stop = pause_after(terms, action.last, clause.last.min(action.last + reach + 1));
        for term in &mut self.negated[action.last.min(stop)..stop] {
            *term = !*term;
        }
        // "je n'y crois pas, quelle honte": a pause ends what is denied.
        let goes_on = |index: &usize| !terms[matches.judging[*index].first].after_pause;
        if let Some(index) = self.ahead(action, reach, reading, matches).filter(goes_on) {
            let far = matches.judging[index].first > action.last + BLAME_REACH;
            if !far || self.judged[index].value >= 0.0 {
                self.deny(index, action);
            }
        }
    }

    fn deny(&mut self, index: usize, action: &Action) {
        self.hushed[action.first..action.last].fill(hush::WORD | hush::PAIRS);
        let judged = &mut self.judged[index];
        let keep = if judged.value < 0.0 { NEGATED_BLAME } else { 1.0 };
        judged.value *= action.modifier.value * keep;
        judged.acted ^= acted::NEGATED;
    }
}

/// How far a negator reaches, or `None` where a word that can negate does not (`plus` for "more").
fn negation_reach(action: &Action, first: usize, last: usize, language: Language, terms: &[Term]) -> Option<usize> {
    let words = FunctionWords::of(language);
    if action.last - action.first == 1 {
        let term = &terms[action.first];
        if let Some(followers) = words.followers(term) {
            let opened = opener_before(terms, first, action.first, language);
            let followed = action.last < last && followers.hold(&terms[action.last]);
            let ends =
                action.last >= last && action.first >= first + 2 && words.before_verb.hold(&terms[action.first - 2]);
            if !(opened || followed || ends) {
                return None;
            }
        }
    }
    let determines = words.determiner_negators.hold(&terms[action.first]);
    Some(if determines { NOUN_REACH } else { NEGATION_REACH })
}

/// Whether `ne` or its like stands shortly before a term.
fn opener_before(terms: &[Term], first: usize, at: usize, language: Language) -> bool {
    let openers = &FunctionWords::of(language).negation_openers;
    terms[first.max(at.saturating_sub(5))..at].iter().any(|t| openers.hold(t))
}

/// The first term after a pause, or the end.
fn pause_after(terms: &[Term], from: usize, last: usize) -> usize {
    (from + 1..last).find(|i| terms[*i].after_pause).unwrap_or(last)
}
