//! Names into mentions: where a text names what is asked about.
//!
//! In: the targets asked about (once), the terms of a post. Out: spans of terms, in text order. A
//! name is a run of words without case, accents, hyphens and spaces that people leave out:
//! `Jean-Vilar`, `jean vilar`, `#JeanVilar` and `@jeanvilar_off` are one name. Long names are also
//! known by the words in them that mean nothing else (`Harrow & Pike Bank` by `Harrow & Pike`).
//!
//! The odd decision: terms are compared by the hash of their bare spelling, never by their id. A name
//! that is also a word (`Orange`) must be found as it is written, whatever it was corrected to.

use crate::analysis::Via;
use crate::lexicon::hash::hash;
use crate::lexicon::{Lexicon, key};
use crate::post::Target;
use crate::text::TokenKind;
use crate::text::lexer::lex;
use crate::text::reading::{Reading, Term};
use crate::text::token::{Shape, Token};

/// Terms that name a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Place of the target among those asked about.
    pub(crate) target: usize,
    /// First term.
    pub(crate) first: usize,
    /// One past the last term.
    pub(crate) last: usize,
    /// Place of its clause in the reading.
    pub(crate) clause: usize,
}

/// One way of writing a name: a run of hashes in [`TargetIndex::words`].
#[derive(Debug, Clone, Copy)]
struct Form {
    /// Hash of the first word; forms are sorted by it, longest first.
    head: u64,
    start: usize,
    len: usize,
    target: usize,
    /// Given by the user, or made here from a longer name.
    given: bool,
    /// A word of the language too: a name only when capitalised.
    capital: bool,
}

/// The names of the targets asked about. Built once for default targets, per post for the post's own:
/// a few hundred nanoseconds a target.
#[derive(Debug, Default)]
pub(crate) struct TargetIndex {
    /// The targets' names, as given.
    pub(crate) names: Vec<String>,
    forms: Vec<Form>,
    words: Vec<u64>,
    /// Bare spellings without spaces, for hashtags and handles that hold a name.
    joined: Vec<(String, usize)>,
    /// Words that say that a target's name means something else here.
    excluded: Vec<Form>,
}

/// Shorter names inside a handle or a hashtag are chance.
const LEAST_JOINED: usize = 4;
/// Names this long are found in the middle of a hashtag too.
const SURE_JOINED: usize = 6;
/// A shorter word is no name by itself unless it was given.
const LEAST_DISTINCTIVE: usize = 4;
/// Words of this frequency class or above are words before they are names.
const COMMON: u8 = 5;
/// Words of firms and series that people leave out.
const LEFT_OUT: [&str; 22] = [
    "bank",
    "banque",
    "ltd",
    "limited",
    "inc",
    "plc",
    "llc",
    "sa",
    "sas",
    "group",
    "groupe",
    "company",
    "co",
    "online",
    "app",
    "france",
    "uk",
    "official",
    "mobile",
    "telecom",
    "assurances",
    "insurance",
];

/// A word of a name while it is cut.
struct Piece {
    bare: String,
    number: bool,
    /// No list of words holds it.
    distinctive: bool,
    /// A word that other words are made a name with: `Skylark` Air.
    rare: bool,
}

impl TargetIndex {
    /// Learns the names of some targets.
    pub(crate) fn new(targets: &[Target], lexicon: &Lexicon) -> Self {
        let mut index = Self::default();
        let mut tokens = Vec::new();
        for (place, target) in targets.iter().enumerate() {
            index.names.push(target.name.clone());
            for name in std::iter::once(&target.name).chain(&target.aliases) {
                let pieces = cut(name, lexicon, &mut tokens);
                index.learn(name, &pieces, place);
            }
            for word in &target.exclude {
                let pieces = cut(word, lexicon, &mut tokens);
                let run: Vec<u64> = pieces.iter().map(|p| hash(p.bare.as_bytes())).collect();
                if let Some(form) = index.form(&run, place, true, false) {
                    index.excluded.push(form);
                }
            }
        }
        index.settle();
        index
    }

    /// How many targets are asked about.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// Adds every way of writing one name.
    fn learn(&mut self, name: &str, pieces: &[Piece], target: usize) {
        let run: Vec<u64> = pieces.iter().map(|p| hash(p.bare.as_bytes())).collect();
        self.add(&run, target, true, false);
        let joined: String = pieces.iter().map(|p| p.bare.as_str()).collect();
        if pieces.len() > 1 && joined.len() >= LEAST_JOINED {
            self.add(&[hash(joined.as_bytes())], target, true, false);
        }
        if joined.chars().count() >= LEAST_JOINED {
            self.joined.push((joined, target));
        }
        // `SuperMara` is also written in two words.
        if let ([_], Some(at)) = (pieces, seam(name)) {
            let halves = [&name[..at], &name[at..]].map(|h| hash(bare(h).as_bytes()));
            self.add(&halves, target, false, false);
        }
        for len in (2..pieces.len()).rev() {
            let (kept, dropped) = pieces.split_at(len);
            let whole = dropped.iter().all(|p| p.number || LEFT_OUT.contains(&p.bare.as_str()));
            let named = kept.iter().any(|p| p.distinctive) && kept.last().is_some_and(|p| p.rare || p.number);
            if whole || named {
                self.add(&run[..len], target, false, false);
            }
        }
        for (at, piece) in pieces.iter().enumerate().filter(|_| pieces.len() > 1) {
            let long = piece.bare.chars().count() >= LEAST_DISTINCTIVE && !piece.number;
            if long && piece.distinctive {
                self.add(&run[at..=at], target, false, false);
                self.joined.push((piece.bare.clone(), target));
            } else if long && piece.rare && at == 0 {
                self.add(&run[..1], target, false, true);
            }
        }
    }

    fn form(&mut self, run: &[u64], target: usize, given: bool, capital: bool) -> Option<Form> {
        let start = self.words.len();
        self.words.extend_from_slice(run);
        run.first().map(|head| Form { head: *head, start, len: run.len(), target, given, capital })
    }

    fn add(&mut self, run: &[u64], target: usize, given: bool, capital: bool) {
        if let Some(form) = self.form(run, target, given, capital) {
            self.forms.push(form);
        }
    }

    fn run(&self, form: &Form) -> &[u64] {
        &self.words[form.start..form.start + form.len]
    }

    /// Sorts the forms, and drops those that could mean two targets and were given for neither.
    fn settle(&mut self) {
        let mut forms = std::mem::take(&mut self.forms);
        forms.sort_by(|a, b| {
            let order = a.head.cmp(&b.head).then(b.len.cmp(&a.len));
            order.then_with(|| self.run(a).cmp(self.run(b))).then(b.given.cmp(&a.given)).then(a.target.cmp(&b.target))
        });
        let mut at = 0;
        while at < forms.len() {
            let same = forms[at..].iter().take_while(|f| self.run(f) == self.run(&forms[at])).count();
            let alike = &forms[at..at + same];
            let doubtful = !alike[0].given && alike.iter().any(|f| f.target != alike[0].target);
            if !doubtful {
                self.forms.push(Form { capital: alike.iter().all(|f| f.capital), ..alike[0] });
            }
            at += same;
        }
        let Self { joined, .. } = self;
        joined.sort();
        joined.dedup();
        // A spelling that two targets share says nothing; the longest spelling says most.
        let shared: Vec<String> = joined.windows(2).filter(|w| w[0].0 == w[1].0).map(|w| w[0].0.clone()).collect();
        joined.retain(|(word, _)| !shared.contains(word));
        joined.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }

    /// Finds the mentions in a reading; `text` is the text that was lexed.
    pub(crate) fn find(&self, reading: &Reading, text: &str, out: &mut Vec<Mention>) {
        out.clear();
        if self.forms.is_empty() {
            return;
        }
        let units = units(reading, text);
        let mut clause = 0;
        let mut at = 0;
        while at < units.len() {
            let unit = &units[at];
            let named = self.longest(&self.forms, &units[at..]).map(|form| (form.target, form.len));
            let held = || self.inside(unit, reading, text).map(|target| (target, 1));
            let Some((target, width)) = named.or_else(held) else {
                at += 1;
                continue;
            };
            while reading.clauses.get(clause).is_some_and(|c| c.last <= unit.term) {
                clause += 1;
            }
            let last = units[at + width - 1].term + 1;
            out.push(Mention { target, first: unit.term, last, clause });
            at += width;
        }
        if !self.excluded.is_empty() && !out.is_empty() {
            self.exclude(&units, out);
        }
    }

    /// The longest form that the units begin with.
    fn longest<'a>(&self, forms: &'a [Form], units: &[Unit]) -> Option<&'a Form> {
        let head = units.first()?.hash;
        let from = forms.partition_point(|f| f.head < head);
        // A capital that opens a clause says nothing, unless the word owns something: "Skylark's".
        let owns = || units.get(1).is_some_and(|u| u.hash == hash(b"'s"));
        let proper = units[0].capital && (!units[0].opens || owns());
        forms[from..].iter().take_while(|f| f.head == head).find(|f| {
            f.len <= units.len()
                && (!f.capital || proper)
                && self.run(f).iter().zip(units).all(|(word, unit)| *word == unit.hash)
        })
    }

    /// The target whose name a hashtag or a handle holds.
    fn inside(&self, unit: &Unit, reading: &Reading, text: &str) -> Option<usize> {
        if !unit.tag {
            return None;
        }
        let term = &reading.terms[unit.term];
        let body: String = bare(written(term, text)).chars().filter(|c| c.is_alphanumeric()).collect();
        let found = self.joined.iter().find(|(name, _)| {
            body.starts_with(name.as_str())
                || body.ends_with(name.as_str())
                || (name.len() >= SURE_JOINED && body.contains(name.as_str()))
        });
        found.map(|(_, target)| *target)
    }

    /// Drops the mentions that mean something else: the one inside an excluded phrase, or all of a
    /// target's where an excluded word stands apart from them.
    fn exclude(&self, units: &[Unit], out: &mut Vec<Mention>) {
        for at in 0..units.len() {
            for form in &self.excluded {
                let here = units[at..].len() >= form.len
                    && self.run(form).iter().zip(&units[at..]).all(|(word, unit)| *word == unit.hash);
                if !here {
                    continue;
                }
                let (first, last) = (units[at].term, units[at + form.len - 1].term + 1);
                let inside = |m: &Mention| m.target == form.target && m.first < last && m.last > first;
                let touched = out.iter().any(inside);
                out.retain(|m| if touched { !inside(m) } else { m.target != form.target });
            }
        }
    }
}

/// A word of the text as names are compared: a term, or a part of a hyphenated one.
struct Unit {
    hash: u64,
    term: usize,
    capital: bool,
    /// First of its clause, where a capital says nothing.
    opens: bool,
    /// A hashtag or a handle.
    tag: bool,
}

fn units(reading: &Reading, text: &str) -> Vec<Unit> {
    let mut out = Vec::with_capacity(reading.terms.len() + 4);
    let mut clauses = reading.clauses.iter().peekable();
    for (place, term) in reading.terms.iter().enumerate() {
        // What a shorthand stands for is several terms in one place, and names nothing.
        if place > 0 && reading.terms[place - 1].start == term.start {
            continue;
        }
        let tag = matches!(term.kind, TokenKind::Hashtag | TokenKind::Mention);
        let opens = clauses.next_if(|c| c.first <= place).is_some();
        let capital = tag || term.shape.has(Shape::CAPITAL);
        let mut push = |hash| out.push(Unit { hash, term: place, capital, opens, tag });
        match term.kind {
            TokenKind::Word if plain(term) => push(term.hash),
            TokenKind::Word if term.shape.has(Shape::HYPHEN) => {
                let spelling = bare(written(term, text));
                spelling.split('-').filter(|p| !p.is_empty()).for_each(|p| push(hash(p.as_bytes())));
            }
            TokenKind::Emoji | TokenKind::Emoticon => {}
            _ => push(hash(bare(written(term, text)).as_bytes())),
        }
    }
    out
}

/// Whether a term's own hash is the hash of its bare spelling.
fn plain(term: &Term) -> bool {
    !term.shape.has(Shape::WIDE) && !term.shape.has(Shape::HYPHEN) && term.via == Via::Exact
}

/// What is written, without the sign of a hashtag or a handle.
fn written<'a>(term: &Term, text: &'a str) -> &'a str {
    let span = text.get(term.start as usize..term.end as usize).unwrap_or("");
    span.strip_prefix(['#', '@']).unwrap_or(span)
}

fn bare(written: &str) -> String {
    key::normal(written).chars().map(key::bare).collect()
}

/// The words of a name.
fn cut(name: &str, lexicon: &Lexicon, tokens: &mut Vec<Token>) -> Vec<Piece> {
    lex(name, lexicon.emoticons, tokens);
    let mut pieces = Vec::new();
    for token in tokens.iter() {
        let word = match token.kind {
            TokenKind::Word | TokenKind::Hashtag | TokenKind::Mention => true,
            TokenKind::Number | TokenKind::Price | TokenKind::Rating | TokenKind::Cashtag => false,
            _ => continue,
        };
        let spelling = name[token.start..token.end].trim_start_matches(['#', '@']);
        let normal = key::normal(spelling);
        for part in normal.split('-').filter(|p| !p.is_empty()) {
            let letters: String = key::letters(part).collect();
            let known = lexicon.vocabulary.get(hash(part.as_bytes()));
            let reached = lexicon.vocabulary.get_folded(hash(letters.as_bytes()));
            let class = known.class()[0].max(known.class()[1]);
            let distinctive = word && !known.is_known() && !reached.is_known();
            let rare = distinctive || (word && class < COMMON);
            pieces.push(Piece { bare: bare(part), number: !word, distinctive, rare });
        }
    }
    pieces
}

/// Where a name's second capital begins a second word: `Super|Mara`.
fn seam(name: &str) -> Option<usize> {
    let mut previous = '\0';
    for (at, c) in name.char_indices() {
        if c.is_uppercase() && previous.is_lowercase() {
            return (at > 2 && name.len() - at > 2).then_some(at);
        }
        previous = c;
    }
    None
}
