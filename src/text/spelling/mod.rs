//! The ladder: what a word that is not known as written may have been meant to be.
//!
//! Rungs are tried surest first, and each one lowers the trust in what it finds:
//!
//! | rung | reads | as | trust | in the evidence |
//! |---|---|---|--:|---|
//! | grammar | `a chier`, `sa marche`, `l hotel` | `à`, `ça`, `l'` | 0.95 | folded, shorthand |
//! | shorthand | `tkt`, `gr8` | what the lexicon says | 0.9 | shorthand |
//! | chat | `goin`, `m3rde` | `going`, `merde` | 0.9 | shorthand |
//! | hyphen | `donne-moi` | its parts | 1 | exact |
//! | folded | `desole`, `didnt` | `désolé`, `didn't` | 0.95 | folded |
//! | stretched | `trooop` | `trop` | 1 | stretched |
//! | elided | `jaime` | `j'` `aime` | 0.93 | folded |
//! | joined | `tropbien` | `trop` `bien` | 0.85 | spelling |
//! | guessed | `kalité`, `amzing` | `qualité`, `amazing` | 0.9 to 0.4 | spelling |
//!
//! A word that is known in its clause's language never comes here but for the grammar of chat, so it
//! is never corrected. `spelling(false)` turns off what is below the stretched words.

mod chat;
mod choose;
mod edit;
mod fold;
pub(crate) mod grammar;
mod guess;
mod hashtag;
mod recent;
mod split;
mod stretch;

use super::parts::clitics;
use super::reading::Term;
use super::token::{Shape, TokenKind};
use crate::analysis::Via;
use crate::language::Language;
use crate::lexicon::hash::hash;
use crate::lexicon::vocabulary::Known;
use crate::lexicon::{Lexicon, flag, key};
use choose::choose;
use guess::{Guesses, Manner};

/// A word in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) text: &'a str,
    pub(crate) term: Term,
    pub(crate) previous: Option<Term>,
    pub(crate) next: Option<Term>,
    pub(crate) language: Language,
    /// Whether corrections are wanted beyond folding and shorthand.
    pub(crate) spelling: bool,
}

/// What the ladder found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found {
    /// Nothing better than what is written.
    Nothing,
    /// One word, in the place of the one written.
    One(Term),
    /// Several words: see [`Scratch::found`].
    Several,
}

/// Buffers of the ladder.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    key: String,
    /// By byte of the key: the byte of the written word that it comes from; and its end.
    offsets: Vec<u16>,
    other: String,
    bare: String,
    ends: Vec<usize>,
    found: Vec<Term>,
    search: guess::Buffers,
    recent: recent::Recent,
}

impl Scratch {
    /// The words of the last [`Found::Several`].
    pub(crate) fn found(&self) -> &[Term] {
        &self.found
    }

    fn read_key(&mut self, written: &str) {
        self.key.clear();
        self.offsets.clear();
        for (at, c) in written.char_indices() {
            key::push_normal(c, &mut self.key);
            self.offsets.resize(self.key.len(), u16::try_from(at).unwrap_or(u16::MAX));
        }
        self.offsets.push(u16::try_from(written.len()).unwrap_or(u16::MAX));
    }
}

const TRUST_GRAMMAR: f32 = 0.95;
const TRUST_FOLDED: f32 = 0.95;
const TRUST_SHORTHAND: f32 = 0.9;
const TRUST_ELIDED: f32 = 0.93;
const TRUST_JOINED: f32 = 0.85;
/// A word this common in its clause's language is no shorthand there (`on`, `si`).
const TOO_COMMON: u8 = 9;
/// A word this common in the other language is borrowed, not misspelt.
const BORROWED: u8 = 5;
/// A word this common in the other language (French, English) is not guessed at: names above all are
/// in both. The French list has no rarer words than class 3.
const FOREIGN: [u8; 2] = [5, 3];
/// Longer than any word, in bytes; what is longer is code, a key, or noise.
const LONGEST: usize = 48;

/// What was made of a word by itself, whatever stands beside it: the part of an answer that is
/// remembered.
#[derive(Debug, Clone, Copy, Default)]
enum Answer {
    /// It is left as it is.
    #[default]
    Left,
    /// It is one word, read so and trusted so far.
    Word { known: Known, via: Via, trust: f32, stretched: bool },
    /// One of some guesses, by the neighbours; `stretched` letters were drawn out besides.
    Guessed { guesses: Guesses, stretched: bool },
    /// Several words, where the reader of the answer left them.
    Several,
    /// Several words, where [`recent::Recent`] keeps them.
    Kept(recent::Parts),
}

/// Climbs the ladder for one word.
pub(crate) fn climb(context: &Context<'_>, lexicon: &Lexicon, scratch: &mut Scratch) -> Found {
    let term = &context.term;
    let written = &context.text[term.start as usize..term.end as usize];
    // Clitics and elided words are read by the lexer already.
    if written.len() > LONGEST || term.shape.has(Shape::CLITIC) {
        return Found::Nothing;
    }
    let at = context.language.index();
    if term.kind == TokenKind::Word {
        if at == Some(0) && term.flags & flag::ASKED != 0 {
            scratch.read_key(written);
            if let Some(meant) = grammar::reading(&scratch.key, context) {
                let chat = matches!(scratch.key.as_str(), "sa" | "c" | "mn" | "o");
                let via = if chat { Via::Shorthand } else { Via::Folded };
                return Found::One(word(term, meant, via, TRUST_GRAMMAR, lexicon));
            }
        }
        if let Some(language) = shorthand_language(term, at, lexicon).filter(|l| !is_initial(context, *l)) {
            expand(term, language, lexicon, &mut scratch.found);
            return Found::Several;
        }
        if at.is_some_and(|i| term.known.class()[i] > 0) {
            return Found::Nothing;
        }
    }
    let guard = guard(context, written);
    let asked = 128 | asked_of(context, guard);
    let stamp = lexicon.vocabulary.stamp();
    // Capitals tell the words of a hashtag and the clitics of a verb apart; those of other words are in
    // what is asked.
    let as_written = term.kind == TokenKind::Hashtag || term.shape.has(Shape::HYPHEN);
    let remembered = if as_written { hash(written.as_bytes()) } else { term.hash };
    let known = scratch.recent.get(remembered, stamp, asked).filter(|answer| match answer {
        Answer::Kept(parts) => scratch.recent.recall(*parts, term, &mut scratch.found),
        _ => true,
    });
    let fresh = known.is_none();
    let answer = known.unwrap_or_else(|| make_answer(context, written, guard, lexicon, scratch));
    if fresh {
        // Words of one key are equally long where they are ASCII, so places within them are the same.
        let kept = match answer {
            Answer::Several if as_written || !term.shape.has(Shape::WIDE) => {
                Some(Answer::Kept(scratch.recent.keep(term, &scratch.found)))
            }
            Answer::Several => None,
            other => Some(other),
        };
        if let Some(kept) = kept {
            scratch.recent.put(remembered, stamp, asked, kept);
        }
    }
    match answer {
        Answer::Left => Found::Nothing,
        Answer::Several | Answer::Kept(_) => Found::Several,
        Answer::Word { known, via, trust, stretched } => {
            Found::One(Term { stretched, ..read_as(term, known, via, trust) })
        }
        Answer::Guessed { guesses, stretched } => {
            if !fresh && guesses.needs_key() {
                scratch.read_key(written);
                if stretched {
                    unstretch(scratch);
                }
            }
            read(context, &guesses, stretched, lexicon, scratch)
        }
    }
}

/// One byte for everything that an answer depends on but the word itself.
fn asked_of(context: &Context<'_>, guard: Option<bool>) -> u8 {
    let language = context.language.index().map_or(2, |i| u8::from(i != 0));
    let guard = match guard {
        None => 0,
        Some(false) => 1,
        Some(true) => 2,
    };
    // A hashtag and a word of one spelling are not the same word.
    let hashtag = u8::from(context.term.kind == TokenKind::Hashtag);
    language | guard << 2 | u8::from(context.spelling) << 4 | hashtag << 5
}

/// The rungs that look at nothing but the word.
fn make_answer(
    context: &Context<'_>,
    written: &str,
    guard: Option<bool>,
    lexicon: &Lexicon,
    scratch: &mut Scratch,
) -> Answer {
    let term = &context.term;
    if term.kind == TokenKind::Hashtag {
        return match hashtag::read(context, written, lexicon, scratch) {
            Found::Several => Answer::Several,
            _ => Answer::Left,
        };
    }
    let at = context.language.index();
    if term.shape.has(Shape::HYPHEN) && hyphenated(term, written, at, lexicon, scratch) {
        return Answer::Several;
    }
    scratch.read_key(written);
    let is = |known: Known, via: Via, trust: f32| Answer::Word { known, via, trust, stretched: false };
    let borrowed = at.map_or(0, |i| term.known.class()[1 - i]);
    if let Some(known) = fold::folded(&scratch.key, hash(scratch.key.as_bytes()), at, lexicon, &mut scratch.bare) {
        let fits = at.is_none_or(|i| known.class()[i] > 0 && known.class()[i] + 2 >= borrowed) || borrowed < BORROWED;
        if fits {
            return is(known, Via::Folded, TRUST_FOLDED);
        }
    }
    if borrowed >= BORROWED || term.known.id() != 0 && at.is_none() {
        return Answer::Left;
    }
    if let Some(meant) = chat::reading(&scratch.key, at, lexicon, &mut scratch.other, &mut scratch.bare) {
        return is(meant, Via::Shorthand, TRUST_SHORTHAND);
    }
    let stretched = stretch::runs(&scratch.key) > 0;
    if stretched {
        let Scratch { key, other, bare, .. } = &mut *scratch;
        if let Some(known) = stretch::stretched(key, at, lexicon, other, bare) {
            if let Some(language) = shorthand_language(&Term { id: known.id(), known, ..*term }, at, lexicon) {
                expand(&Term { id: known.id(), stretched: true, ..*term }, language, lexicon, &mut scratch.found);
                return Answer::Several;
            }
            return Answer::Word { known, via: Via::Stretched, trust: 1.0, stretched };
        }
        unstretch(scratch);
    }
    let foreign = at.is_some_and(|i| term.known.class()[1 - i] >= FOREIGN[1 - i]);
    let Some(strict) = guard.filter(|_| context.spelling && !foreign && !is_strange(&scratch.key)) else {
        return Answer::Left;
    };
    let manner = Manner { at, strict: strict || at.is_none() };
    let guesses = make_guesses(manner, lexicon, scratch);
    if guesses.is_empty() { Answer::Left } else { Answer::Guessed { guesses, stretched } }
}

/// Makes the key what is left of a stretched word; its letters no longer tell places in the text.
fn unstretch(scratch: &mut Scratch) {
    stretch::shortest(&scratch.key, &mut scratch.other);
    std::mem::swap(&mut scratch.key, &mut scratch.other);
}

fn read_as(term: &Term, known: Known, via: Via, trust: f32) -> Term {
    Term { id: known.id(), known, via, trust, ..*term }
}

/// A term that stands for a word of the lexicons.
fn word(term: &Term, meant: &str, via: Via, trust: f32, lexicon: &Lexicon) -> Term {
    let hash = hash(meant.as_bytes());
    let known = lexicon.vocabulary.get(hash);
    Term { id: known.id(), hash, known, via, trust, ..*term }
}

/// The language in which a word stands for other words, where it is not a common word there.
fn shorthand_language(term: &Term, at: Option<usize>, lexicon: &Lexicon) -> Option<usize> {
    let fits = |i: usize| lexicon.is_shorthand(term.id, i) && term.known.class()[i] < TOO_COMMON;
    match at {
        Some(i) => fits(i).then_some(i),
        None => (0..2).find(|i| fits(*i)),
    }
}

/// Whether a word is a lone capital, as in `U.S.` or `Mr. B`, or a grade (`A+`): no shorthand in English,
/// where that is how names are cut short; in French only inside a sentence.
fn is_initial(context: &Context<'_>, language: usize) -> bool {
    let term = &context.term;
    let shouts = |t: &Option<Term>| t.is_some_and(|t| t.kind == TokenKind::Word && t.shape.shouted());
    let grade = context.text.as_bytes().get(term.start as usize + 1) == Some(&b'+');
    (term.end - term.start == 1 || grade)
        && term.shape.has(Shape::CAPITAL)
        && (language == 1 || context.previous.is_some())
        && !shouts(&context.previous)
        && !shouts(&context.next)
}

/// The words that a shorthand stands for.
fn expand(term: &Term, language: usize, lexicon: &Lexicon, found: &mut Vec<Term>) {
    found.clear();
    for &id in lexicon.shorthand(term.id, language).unwrap_or(&[]) {
        let meant = lexicon.vocabulary.text(id);
        found.push(word(term, meant, Via::Shorthand, TRUST_SHORTHAND, lexicon));
    }
}

/// A hyphenated word that no list holds as one: its parts, clitics apart from their verb.
fn hyphenated(term: &Term, written: &str, at: Option<usize>, lexicon: &Lexicon, scratch: &mut Scratch) -> bool {
    scratch.found.clear();
    let mut from = 0;
    for piece in written.split('-') {
        let start = from;
        from += piece.len() + 1;
        if piece.is_empty() || (piece == "t" && clitics(written).is_some()) {
            continue;
        }
        let part =
            part_of(term, written, (start, start + piece.len()), at, lexicon, &mut scratch.other, &mut scratch.bare);
        scratch.found.push(part);
    }
    scratch.found.len() > 1 && scratch.found.iter().all(|t| t.known.is_known())
}

/// The term of a part of a written word, looked up as it is and by its bare form.
fn part_of(
    term: &Term,
    written: &str,
    (from, to): (usize, usize),
    at: Option<usize>,
    lexicon: &Lexicon,
    key: &mut String,
    bare: &mut String,
) -> Term {
    key.clear();
    written[from..to].chars().for_each(|c| key::push_normal(c, key));
    let known = split::look_up(key, at, lexicon, bare);
    #[expect(clippy::cast_possible_truncation, reason = "a word is short")]
    let (start, end) = (term.start + from as u32, term.start + to as u32);
    Term { start, end, id: known.id(), hash: hash(key.as_bytes()), known, ..*term }
}

/// Whether a word is made of anything but letters of ours.
fn is_strange(key: &str) -> bool {
    key.chars().any(|c| !c.is_alphabetic() && c != '\'' && c != '-' || !key::bare(c).is_ascii())
}

/// Whether a word may be corrected, and only by the surest guesses; `None` where it is left alone.
fn guard(context: &Context<'_>, written: &str) -> Option<bool> {
    let term = &context.term;
    if term.shape.has(Shape::DIGIT) {
        return None;
    }
    if term.shape.shouted() {
        let shouts = |t: &Option<Term>| t.is_some_and(|t| t.kind == TokenKind::Word && t.shape.shouted());
        if shouts(&context.previous) || shouts(&context.next) {
            // Capitals hide which of the words are names, and short names lie near words.
            return Some(term.end - term.start <= 7);
        }
        // Alone in capitals, a short word is an acronym.
        return (term.end - term.start > 5).then_some(true);
    }
    if term.shape.has(Shape::CAPITALS) {
        // One small letter in a word of capitals is a slip of the shift key, two are a name.
        let small = written.chars().filter(|c| c.is_lowercase()).count();
        return (small == 1 && written.len() > 5).then_some(true);
    }
    // `iCelebrates`: a capital inside is how products are named.
    if written.chars().skip(1).any(char::is_uppercase) {
        return None;
    }
    if term.shape.has(Shape::CAPITAL) {
        let opens = context.previous.is_none_or(|p| p.kind != TokenKind::Word);
        return opens.then_some(true);
    }
    // `@ name`, `name's`: what a clitic or a sign hangs on is a name.
    Some(false)
}

/// A guess no dearer than this is surer than any way to take the word apart.
const SURE: i16 = 60;
/// A guess no dearer than this is likelier than two words of which one is short.
const LIKELY: i16 = 90;

/// One word misspelt, or several joined: the surest reading of either kind wins.
fn make_guesses(manner: Manner, lexicon: &Lexicon, scratch: &mut Scratch) -> Guesses {
    let Scratch { key, search, bare, .. } = scratch;
    let french = manner.at != Some(1);
    let of_head =
        |head: usize, key: &str| Guesses::of_cuts([head, key.len(), 0, 0].map(|n| u8::try_from(n).unwrap_or(0)));
    if french && let Some(head) = split::elided(key, true, lexicon, bare) {
        return of_head(head, key);
    }
    let mut guesses = Guesses::default();
    guess::search(key, 0, manner, lexicon, search, &mut guesses);
    if guesses.words().first().is_some_and(|g| g.cost <= SURE) {
        return guesses;
    }
    if french && let Some(head) = split::elided(key, false, lexicon, bare) {
        return of_head(head, key);
    }
    if !manner.strict
        && let Some(cuts) = split::joined(key, manner.at, lexicon, bare)
    {
        // Into short pieces anything can be cut: `heueux` is no *heu eux*.
        let shortest = usize::from(cuts[0]).min(key.len().saturating_sub(cuts[0].into()));
        if shortest >= 4 || guesses.words().first().is_none_or(|g| g.cost > LIKELY) {
            return Guesses::of_cuts(cuts);
        }
    }
    if french {
        for head in split::elided_heads(key) {
            if key.len() - head >= 5 && matches!(&key[..head], "j" | "l" | "d" | "qu") {
                guess::search(key, head, manner, lexicon, search, &mut guesses);
            }
        }
    }
    guesses
}

/// Reads a word as the guess that fits its neighbours best.
fn read(context: &Context<'_>, guesses: &Guesses, stretched: bool, lexicon: &Lexicon, scratch: &mut Scratch) -> Found {
    let term = Term { stretched, ..context.term };
    if guesses.cuts[0] > 0 {
        let elided = split::elided_heads(&scratch.key).any(|h| h == usize::from(guesses.cuts[0]));
        return cut(&term, guesses.cuts, context.language.index(), elided, lexicon, scratch);
    }
    let Some((guess, doubt)) = choose(context, guesses.words(), lexicon) else { return Found::Nothing };
    let trust = (0.95 - f32::from(guess.cost) / 400.0) * doubt;
    let meant = lexicon.vocabulary.text(guess.id);
    let whole = word(&term, meant, Via::Spelling, trust, lexicon);
    if guess.head == 0 {
        return Found::One(whole);
    }
    scratch.found.clear();
    let head = usize::from(guess.head);
    let middle = scratch.place(head, stretched);
    scratch.other.clear();
    scratch.other.push_str(&scratch.key[..head]);
    elide(&mut scratch.other);
    let first = word(&term, &scratch.other, Via::Spelling, trust, lexicon);
    if stretched {
        scratch.found.extend([first, whole]);
    } else {
        let seam = term.start + middle;
        scratch.found.extend([Term { end: seam, ..first }, Term { start: seam, ..whole }]);
    }
    Found::Several
}

impl Scratch {
    /// The byte of the written word at a byte of its key.
    fn place(&self, at: usize, stretched: bool) -> u32 {
        if stretched { 0 } else { self.offsets.get(at).copied().map_or(0, u32::from) }
    }
}

/// Writes the apostrophe that a head lost.
fn elide(head: &mut String) {
    if head == "k" {
        head.replace_range(.., "qu");
    }
    head.push('\'');
}

/// The words of a joined one.
fn cut(term: &Term, cuts: [u8; 4], at: Option<usize>, elided: bool, lexicon: &Lexicon, scratch: &mut Scratch) -> Found {
    let (via, trust) = if elided { (Via::Folded, TRUST_ELIDED) } else { (Via::Spelling, TRUST_JOINED) };
    scratch.found.clear();
    let mut from = 0;
    for to in cuts.into_iter().map(usize::from).take_while(|c| *c > 0) {
        scratch.other.clear();
        scratch.other.push_str(scratch.key.get(from..to).unwrap_or(""));
        if from == 0 && elided {
            elide(&mut scratch.other);
        }
        let known = split::look_up(&scratch.other, at, lexicon, &mut scratch.bare);
        let (start, end) = if term.stretched {
            (term.start, term.end)
        } else {
            (term.start + scratch.place(from, false), term.start + scratch.place(to, false))
        };
        let hash = hash(scratch.other.as_bytes());
        scratch.found.push(Term { start, end, id: known.id(), hash, known, via, trust, ..*term });
        from = to;
    }
    Found::Several
}
