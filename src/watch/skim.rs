//! One quick look at a text, shared by noise, near-duplicates and rising terms.
//!
//! In: a post's text. Out: its pieces (words, numbers, tags, mentions, links, symbols) in order, each
//! with a hash of its folded form. This is not the lexer of the `text` room and does not try to be:
//! the watch room needs to know whether two texts are the same and which cue a text holds, not what
//! a word means, and it must cost a fraction of an analysis. One pass, no allocation once warm.
//!
//! Folding is lower case without accents, so that a copy that lost its accents is still a copy.
//! Apostrophes and hyphens cut words: `l'orange` is `l`, `orange`.

use crate::lexicon::hash::hash;

const K: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes a hash well enough for banding, sampling and tables.
#[inline]
pub(crate) fn mix(mut h: u64) -> u64 {
    h ^= h >> 32;
    h = h.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    h ^= h >> 29;
    h = h.wrapping_mul(K);
    h ^ (h >> 32)
}

/// The hash of two hashes, order kept.
#[inline]
pub(crate) fn pair(a: u64, b: u64) -> u64 {
    mix(a.rotate_left(23).wrapping_mul(K) ^ b)
}

/// The hash of a name or an id, the same on every machine: the key of every mergeable table.
#[inline]
pub(crate) fn hash_name(name: &str) -> u64 {
    // Zero is kept for "no name".
    hash(name.as_bytes()).max(1)
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters, or letters and digits.
    Word,
    /// Digits.
    Number,
    /// `#tag`.
    Hashtag,
    /// `@name`.
    Mention,
    /// A web address.
    Link,
    /// An emoji, a currency or percent sign.
    Symbol,
}

/// A piece of text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) hash: u64,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: Kind,
    /// A word that begins with a digit: `128go`, `42m2`.
    pub(crate) measure: bool,
}

/// The pieces of a text; kept and reused from post to post.
#[derive(Debug, Clone, Default)]
pub(crate) struct Skim {
    pub(crate) pieces: Vec<Piece>,
    counts: [usize; 6],
    /// Capital and small letters.
    pub(crate) upper: u32,
    pub(crate) lower: u32,
    /// `!` and `?`.
    pub(crate) shouts: u32,
    /// It begins with a bracket, as machines' headings do.
    pub(crate) bracket: bool,
    /// It holds a question mark.
    pub(crate) asks: bool,
    /// Words like `SOFIA20`: what shops call a coupon.
    pub(crate) coupons: u32,
    /// Long words of letters and digits: parcels, wallets, references.
    pub(crate) codes: u32,
    /// Words that begin with a digit.
    pub(crate) measures: u32,
    /// It holds a number to call.
    pub(crate) phone: bool,
    /// It begins with a heading: a colon or a bar among the first words.
    pub(crate) heading: bool,
    /// The text breaks off with an ellipsis.
    pub(crate) cut: bool,
}

/// Endings that make `name.ending` an address even without `http`.
const DOMAINS: [&str; 22] = [
    "biz", "ch", "club", "co", "com", "de", "eu", "example", "fr", "gl", "info", "io", "it", "ly", "me", "net",
    "online", "org", "shop", "store", "uk", "xyz",
];

/// Bytes within which a heading ends.
const HEADING: usize = 32;

#[inline]
fn step(h: u64, c: u64) -> u64 {
    (h.rotate_left(5) ^ c).wrapping_mul(0x517C_C1B7_2722_0A95)
}

/// Letters and digits of ASCII in small letters; 0 for everything else.
const PLAIN: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0u8;
    while b < 128 {
        if b.is_ascii_alphanumeric() {
            table[b as usize] = b.to_ascii_lowercase();
        }
        b += 1;
    }
    table
};

/// What a byte adds to the counts of a word: digits in the low half, capitals in the high half.
const COUNTS: [u64; 256] = {
    let mut table = [0; 256];
    let mut b = 0u8;
    while b < 128 {
        table[b as usize] = b.is_ascii_digit() as u64 | (b.is_ascii_uppercase() as u64) << 32;
        b += 1;
    }
    table
};

/// What [`fold`] makes of the letters `À` to `ÿ`, spelt `0xC3` and a second byte of which these are the low
/// bits; `.` where it makes no letter of ASCII.
const ACCENTED: &[u8; 64] = b"aaa.a..ceeee..ii.n..o.o..u.uu...aaaaa..ceeee.iii.n.oo.o..uuuu...";
/// From here on the second byte is that of a small letter.
const SMALL: u8 = 0xA0;

/// A character without its accent, in small letters; only what French and English use.
#[inline]
fn fold(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        _ if c.is_ascii() => c,
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'À' | 'Â' | 'Ä' | 'Á' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'î' | 'ï' | 'í' | 'Î' | 'Ï' => 'i',
        'ô' | 'ö' | 'ó' | 'Ô' | 'Ö' => 'o',
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' => 'u',
        'ç' | 'Ç' => 'c',
        'ñ' | 'Ñ' => 'n',
        'œ' | 'Œ' => 'œ',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

impl Skim {
    /// The pieces of a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut skim = Self::default();
        skim.read(text);
        skim
    }

    /// Reads a text in place of the last one.
    pub(crate) fn read(&mut self, text: &str) {
        self.pieces.clear();
        self.counts = [0; 6];
        (self.upper, self.lower, self.shouts) = (0, 0, 0);
        (self.coupons, self.codes, self.measures) = (0, 0, 0);
        self.heading = false;
        (self.bracket, self.asks) = (text.trim_start().starts_with('['), text.contains('?'));
        let end = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '»' | ')' | ']'));
        self.cut = end.ends_with('…') || end.ends_with("...");
        let mut at = 0;
        while let Some(byte) = text.as_bytes().get(at) {
            if *byte == b' ' {
                at += 1;
                continue;
            }
            if PLAIN[usize::from(*byte)] != 0 {
                at = self.word(text, at, Kind::Word);
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            let next = at + c.len_utf8();
            if c.is_alphanumeric() {
                at = self.word(text, at, Kind::Word);
            } else if matches!(c, '#' | '@') && starts_word(text, next) {
                at = self.word(text, next, if c == '#' { Kind::Hashtag } else { Kind::Mention });
            } else {
                self.sign(c, at, next);
                at = next;
            }
        }
        self.phone = self.counts[Kind::Number as usize] > 0 && has_phone(&self.pieces, text);
    }

    /// Reads a word, tag or mention from `start`; gives where it ends.
    fn word(&mut self, text: &str, start: usize, kind: Kind) -> usize {
        let rest = &text[start..];
        if kind == Kind::Word && is_link(rest) {
            let end = start + rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.push(K, start, end, Kind::Link);
            return end;
        }
        let bytes = rest.as_bytes();
        // Plain letters and digits, and accents of two bytes: most words never leave this loop.
        let (mut h, mut counts, mut plain, mut marked) = (K, 0, 0, 0);
        while let Some(b) = bytes.get(plain) {
            let small = PLAIN[usize::from(*b)];
            if small != 0 {
                h = step(h, u64::from(small));
                counts += COUNTS[usize::from(*b)];
                plain += 1;
                continue;
            }
            let second = bytes.get(plain + 1).copied().filter(|_| *b == 0xC3).unwrap_or_default();
            let small = ACCENTED[usize::from(second & 63)];
            if second == 0 || small == b'.' {
                break;
            }
            h = step(h, u64::from(small));
            self.upper += u32::from(second < SMALL);
            marked += 1;
            plain += 2;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the halves of the counts; no text has more letters")]
        let (upper, numeric, ascii) = ((counts >> 32) as u32, counts as u32, (plain - 2 * marked) as u32);
        self.upper += upper;
        self.lower += ascii - upper - numeric;
        let (mut digits, mut length, mut end) = (numeric as usize == plain, (plain - marked) as u64, text.len());
        // What follows is a blank or a mark, mostly.
        let tail = match bytes.get(plain) {
            Some(b' ' | b'\'' | b'\n') => {
                end = start + plain;
                ""
            }
            _ => &rest[plain..],
        };
        for (i, c) in tail.char_indices() {
            let i = i + plain;
            // `19,99` is one number.
            let inside = matches!(c, '.' | ',') && digits && bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
            if !(c.is_alphanumeric() || inside || (kind != Kind::Word && c == '_')) {
                end = start + i;
                break;
            }
            digits &= inside || c.is_ascii_digit();
            length += 1;
            if c.is_ascii_lowercase() {
                self.lower += 1;
            } else if c.is_uppercase() {
                self.upper += 1;
            }
            let c = fold(c);
            if c == 'œ' {
                h = step(step(h, u64::from('o')), u64::from('e'));
                length += 1;
            } else {
                h = step(h, u64::from(c));
            }
        }
        if kind == Kind::Word
            && text[end..].starts_with('.')
            && let Some(stop) = domain_end(text, end)
        {
            self.push(K, start, stop, Kind::Link);
            return stop;
        }
        let written = &bytes[..end - start];
        // Without a digit it is no coupon, code or number.
        let kind = match kind {
            Kind::Word if written.len() == plain && numeric == 0 => kind,
            Kind::Word => {
                self.coupons += u32::from(is_coupon(written));
                self.codes += u32::from(is_code(written));
                if digits { Kind::Number } else { kind }
            }
            _ => kind,
        };
        self.push(mix(h ^ length), start, end, kind);
        if kind == Kind::Word
            && bytes[0].is_ascii_digit()
            && let Some(piece) = self.pieces.last_mut()
        {
            piece.measure = true;
            self.measures += 1;
        }
        end
    }

    /// Notes what is neither a word nor a space.
    fn sign(&mut self, c: char, at: usize, next: usize) {
        match c {
            '!' | '?' => self.shouts += 1,
            // A time (`14:32`) is no heading.
            ':' | '|' if at < HEADING && self.pieces.last().is_none_or(|p| p.kind != Kind::Number) => {
                self.heading = true;
            }
            // Signs and pictures; quotes, dashes and the joiners inside an emoji are not pieces.
            '€' | '$' | '£' | '%' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}' => {
                self.push(mix(u64::from(c)), at, next, Kind::Symbol);
            }
            _ => {}
        }
    }

    #[inline]
    fn push(&mut self, hash: u64, start: usize, end: usize, kind: Kind) {
        // Offsets beyond 4 GB belong to no post; such a tail is left unread rather than misplaced.
        if let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) {
            self.pieces.push(Piece { hash, start, end, kind, measure: false });
            self.counts[kind as usize] += 1;
        }
    }

    /// How many pieces are of a kind.
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.counts[kind as usize]
    }

    /// Emoji, currency and percent signs.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = &Piece> {
        let some = if self.count(Kind::Symbol) > 0 { self.pieces.as_slice() } else { &[] };
        some.iter().filter(|p| p.kind == Kind::Symbol)
    }

    /// Words and numbers.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|p| matches!(p.kind, Kind::Word | Kind::Number))
    }
}

/// Four capitals or more, then two digits or more, and nothing else.
fn is_coupon(word: &[u8]) -> bool {
    if !word.last().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let letters = word.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let digits = word[letters..].len();
    letters >= 4 && digits >= 2 && word.len() <= 14 && word[letters..].iter().all(u8::is_ascii_digit)
}

/// Ten letters and digits or more, both in it.
fn is_code(word: &[u8]) -> bool {
    word.len() >= 10 && word.iter().any(u8::is_ascii_digit) && !word.iter().all(u8::is_ascii_digit) && word.is_ascii()
}

/// Numbers in a row, as telephones are written: ten digits and more, or nine after a nought or a plus.
fn has_phone(pieces: &[Piece], text: &str) -> bool {
    let bytes = text.as_bytes();
    let size = |p: &Piece| (p.end - p.start) as usize;
    let number = |p: &Piece| p.kind == Kind::Number && !bytes[p.start as usize..p.end as usize].contains(&b',');
    let mut at = 0;
    while let Some(first) = pieces.get(at) {
        let (mut digits, mut next) = (0, at);
        while let Some(piece) = pieces.get(next).filter(|p| number(p)) {
            if next > at && piece.start > pieces[next - 1].end + 2 {
                break;
            }
            digits += size(piece);
            next += 1;
        }
        let from = first.start as usize;
        let called = bytes.get(from) == Some(&b'0') || from > 0 && bytes[from - 1] == b'+';
        if (if called { 9..=15 } else { 10..=14 }).contains(&digits) && (called || next > at + 1) {
            return true;
        }
        at = next.max(at + 1);
    }
    false
}

fn starts_word(text: &str, at: usize) -> bool {
    text[at..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn is_link(rest: &str) -> bool {
    let head = rest.as_bytes();
    let starts = |with: &str| head.get(..with.len()).is_some_and(|h| h.eq_ignore_ascii_case(with.as_bytes()));
    matches!(head.first(), Some(b'h' | b'H' | b'w' | b'W' | b'p'))
        && (starts("http://") || starts("https://") || starts("www.") || starts("pic.twitter.com/"))
}

/// Where an address like `name.com/path` ends, if the dot at `dot` is inside one: small labels between
/// dots, the last of them a known ending.
fn domain_end(text: &str, dot: usize) -> Option<usize> {
    let rest = text.get(dot + 1..)?;
    let name = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    // Names are at most 253 bytes long, so this cannot run away.
    let length = rest.bytes().take(253).take_while(|b| name(b)).count();
    let host = rest.get(..length)?.trim_end_matches('.');
    let ending = host.rsplit('.').next()?;
    let tail = rest.get(host.len()..)?;
    if DOMAINS.binary_search(&ending).is_err() || tail.starts_with(char::is_alphanumeric) {
        return None;
    }
    let path = if tail.starts_with('/') { tail.find(char::is_whitespace).unwrap_or(tail.len()) } else { 0 };
    Some(dot + 1 + host.len() + path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        Skim::of(text).pieces.iter().map(|p| p.kind).collect()
    }

    #[test]
    fn pieces() {
        use Kind::{Hashtag, Link, Mention, Number, Symbol, Word};
        assert_eq!(kinds("L'été à 20 %"), [Word, Word, Word, Number, Symbol]);
        assert_eq!(kinds("RT @nimbo_fr: #top https://x.example/a?b 🎁"), [Word, Mention, Hashtag, Link, Symbol]);
        assert_eq!(
            kinds("voir clés.shop ou shop.name.co.uk/x, fin.Le reste"),
            [Word, Link, Word, Link, Word, Word, Word]
        );
        assert!(Skim::of("c'est nul et…").cut);
    }

    #[test]
    fn telephones() {
        for text in ["call 09061701461", "ring 0800 555 0199", "07 55 12 34 56", "+229 00 00 00 00", "1-888-555-0142"] {
            assert!(Skim::of(text).phone, "{text}");
        }
        for text in ["order 4001882255", "12 000 000 de Français", "le 12/03/2026 à 14:32", "0,99 € 0,45 €", "2 1 3 0"]
        {
            assert!(!Skim::of(text).phone, "{text}");
        }
    }

    #[test]
    fn accents_of_two_bytes_fold_as_all_others() {
        for c in '\u{c0}'..='\u{ff}' {
            let folded = u8::try_from(fold(c)).ok().filter(u8::is_ascii).unwrap_or(b'.');
            let [first, second] = *c.to_string().as_bytes() else { panic!("{c}") };
            assert_eq!((first, ACCENTED[usize::from(second & 63)]), (0xC3, folded), "{c}");
            assert!(folded == b'.' || (second < SMALL) == c.is_uppercase(), "{c}");
        }
    }

    #[test]
    fn folding() {
        let hash = |t: &str| Skim::of(t).pieces.iter().map(|p| p.hash).collect::<Vec<_>>();
        assert_eq!(hash("ÉTÉ Œuvre"), hash("ete oeuvre"));
        assert_ne!(hash("été"), hash("êta"));
    }

    #[test]
    fn odd_input() {
        for text in ["", "#", "@", ".", "a.", "a.b.", "\u{200d}", "www.", "http://", "a..com", "é.com/é é"] {
            let skim = Skim::of(text);
            for p in &skim.pieces {
                assert!(text.get(p.start as usize..p.end as usize).is_some(), "{text}");
            }
        }
    }
}
