//! What is seen of a text where noise is learnt: words, pairs, themes and shapes, and how rows name them.
//!
//! In: a [`Skim`]. Out: its features. A word, two words in a row (`gagnez <n>`), a theme or a shape
//! (`<deal>`), or two of these anywhere in the text (`<deal>+<link>`). The build script shares this file: it
//! packs rows by what they name.

use super::skim::{Kind, Piece, Skim, mix, pair};
use super::themes::THEMES;
use std::sync::OnceLock;

/// Classes, in the order of the columns.
pub(crate) const CLASSES: [&str; 3] = ["spam", "giveaway", "auto"];
/// A pair of words counts half: it repeats what its words say. So does a pair of marks.
const PAIR: f32 = 0.5;
pub(crate) const BOTH: f32 = 0.5;

pub(crate) type Weights = [f32; CLASSES.len()];
/// A shape of a whole text: its name, and whether a text has it.
type Shape = (&'static str, fn(&Skim) -> bool);

/// Shapes of a whole text, by name.
pub(crate) const SHAPES: [Shape; 25] = [
    ("arrow", |s| s.symbols().any(|p| arrows().contains(&p.hash))),
    ("at", |s| s.count(Kind::Mention) > 0),
    ("bracket", |s| s.bracket),
    ("code", |s| s.codes > 0),
    ("coupon", |s| s.coupons > 0),
    ("emoji", |s| s.count(Kind::Symbol) > 0),
    ("emojis", |s| s.count(Kind::Symbol) >= 3),
    ("endlink", |s| s.pieces.last().is_some_and(|p| p.kind == Kind::Link)),
    ("heading", |s| s.heading),
    ("link", |s| s.count(Kind::Link) > 0),
    ("links", |s| s.count(Kind::Link) >= 2),
    ("long", |s| s.pieces.len() >= 30),
    ("measure", |s| s.measures > 0),
    ("money", |s| s.symbols().any(|p| keys().money.contains(&p.hash))),
    ("number", |s| s.count(Kind::Number) == 1),
    ("numbers", |s| s.count(Kind::Number) >= 2),
    ("numeric", |s| s.count(Kind::Number) >= 3 && s.count(Kind::Number) * 4 >= s.pieces.len()),
    ("percent", |s| s.symbols().any(|p| p.hash == keys().percent)),
    ("phone", |s| s.phone),
    ("question", |s| s.asks),
    ("short", |s| s.pieces.len() <= 6),
    ("shout", |s| s.shouts >= 2),
    ("tag", |s| s.count(Kind::Hashtag) > 0),
    ("tags", |s| s.count(Kind::Hashtag) >= 3),
    ("upper", |s| s.upper > 8 && s.upper * 3 > s.lower),
];

/// Themes and shapes: what a text is marked by, a bit each.
pub(crate) const MARKS: usize = THEMES.len() + SHAPES.len();
const _: () = assert!(MARKS <= 64);

/// What stands for a kind of piece.
const KINDS: [&str; 8] = ["<n>", "<code>", "<phone>", "<link>", "<at>", "<money>", "<emoji>", "<measure>"];

/// The key of a shape or a kind, by its name.
fn name_key(name: &str) -> u64 {
    name.bytes().fold(0x1EA2, |h, b| mix(h ^ u64::from(b)))
}

/// Every key that has a name, worked out once.
struct Keys {
    kinds: [u64; KINDS.len()],
    money: [u64; 3],
    percent: u64,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        kinds: KINDS.map(name_key),
        money: ['€', '$', '£'].map(|c| mix(u64::from(c))),
        percent: mix(u64::from('%')),
    })
}

/// What points at a link.
fn arrows() -> &'static [u64] {
    static ARROWS: OnceLock<Vec<u64>> = OnceLock::new();
    ARROWS.get_or_init(|| "→➡⬇⤵▶►👉👇🔗📲🛒📩☎📞".chars().map(|c| mix(u64::from(c))).collect())
}

impl Keys {
    /// What a piece is called by the model.
    #[inline]
    fn of(&self, piece: &Piece) -> u64 {
        match piece.kind {
            Kind::Word | Kind::Hashtag if !piece.measure => piece.hash,
            _ => self.kinds[self.kind(piece)],
        }
    }

    /// The place in [`KINDS`] of a piece that is no word.
    fn kind(&self, piece: &Piece) -> usize {
        match piece.kind {
            Kind::Number => match piece.end - piece.start {
                5 => 1,
                9.. => 2,
                _ => 0,
            },
            Kind::Link => 3,
            Kind::Mention => 4,
            Kind::Word | Kind::Hashtag => 7,
            Kind::Symbol => 6 - usize::from(self.money.contains(&piece.hash)),
        }
    }
}

/// What the model sees of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Feature {
    /// A piece, or two in a row, by its key.
    Piece(u64),
    /// A theme or a shape.
    Mark(u8),
    /// Two of them, the lesser first.
    Both(u8, u8),
    Bias,
}

impl Feature {
    /// What it counts for, where the text has it.
    fn value(self, pair: bool) -> f32 {
        match self {
            Self::Both(..) => BOTH,
            _ if pair => PAIR,
            _ => 1.0,
        }
    }
}

/// A long article says what it is in its first hundred words; this also bounds the search for repeats.
pub(crate) const READ: usize = 120;

/// Calls `see` with each feature, its value, and the pieces it spans. A feature that comes twice counts once.
#[allow(dead_code, reason = "the build script shares this file, and only names features")]
pub(crate) fn features(skim: &Skim, themes: impl Fn(u64) -> u64, mut see: impl FnMut(Feature, f32, usize, usize)) {
    let (mut marks, mut seen) = (0, Seen::default());
    pieces(skim, |key, value, from, to| {
        if to == from + 1 {
            if seen.again(key) {
                return;
            }
            marks |= themes(key);
        }
        see(Feature::Piece(key), value, from, to);
    });
    see(Feature::Bias, 1.0, 0, 0);
    let marks = marks | shapes(skim);
    each_mark(marks, |feature| see(feature, feature.value(false), 0, 0));
}

/// The keys of pieces that have been counted.
pub(crate) struct Seen {
    keys: [u64; READ],
    count: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { keys: [0; READ], count: 0 }
    }
}

impl Seen {
    /// Whether a key has been counted; from now on it has.
    pub(crate) fn again(&mut self, key: u64) -> bool {
        let again = self.keys[..self.count].contains(&key);
        if let (false, Some(free)) = (again, self.keys.get_mut(self.count)) {
            *free = key;
            self.count += 1;
        }
        again
    }
}

/// The pieces and pairs of a text, repeated ones too.
#[inline]
pub(crate) fn pieces(skim: &Skim, mut see: impl FnMut(u64, f32, usize, usize)) {
    let keys = keys();
    let mut last = None;
    for (at, piece) in skim.pieces.iter().take(READ).enumerate() {
        let key = keys.of(piece);
        see(key, 1.0, at, at + 1);
        if let Some(before) = last {
            see(pair(before, key), PAIR, at - 1, at + 1);
        }
        last = Some(key);
    }
}

/// The shapes of a text, behind the themes.
pub(crate) fn shapes(skim: &Skim) -> u64 {
    let bits = SHAPES.iter().zip(THEMES.len()..);
    bits.fold(0, |mask, ((_, holds), bit)| mask | u64::from(holds(skim)) << bit)
}

/// Each mark and each two of them.
pub(crate) fn each_mark(marks: u64, mut see: impl FnMut(Feature)) {
    let mut bits = [0_u8; MARKS];
    let mut count = 0;
    let mut rest = marks;
    while rest != 0 {
        bits[count] = u8::try_from(rest.trailing_zeros()).unwrap_or(0);
        rest &= rest - 1;
        count += 1;
    }
    for (i, a) in bits[..count].iter().enumerate() {
        see(Feature::Mark(*a));
        for b in &bits[i + 1..count] {
            see(Feature::Both(*a, *b));
        }
    }
}

/// The name of a mark, without its brackets.
pub(crate) fn mark_name(mark: u8) -> &'static str {
    let mark = usize::from(mark);
    THEMES.get(mark).copied().unwrap_or_else(|| SHAPES[mark - THEMES.len()].0)
}

fn mark(name: &str) -> Option<u8> {
    let name = name.strip_prefix('<')?.strip_suffix('>')?;
    (0..u8::try_from(MARKS).unwrap_or(0)).find(|m| mark_name(*m) == name)
}

/// The feature of a row.
pub(crate) fn feature(term: &str) -> Feature {
    if term == "<bias>" {
        return Feature::Bias;
    }
    if let Some((a, b)) = term.split_once('+').and_then(|(a, b)| Some((mark(a)?, mark(b)?))) {
        return Feature::Both(a.min(b), a.max(b));
    }
    let one = |word: &str| {
        let named = KINDS.contains(&word);
        let piece = Skim::of(word).pieces.first().filter(|_| !named).map(|p| keys().of(p));
        piece.unwrap_or_else(|| name_key(word))
    };
    match term.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        Some(kind) => Feature::Piece(one(kind)),
        None => mark(term).map_or_else(
            || Feature::Piece(term.split_once(' ').map_or_else(|| one(term), |(a, b)| pair(one(a), one(b)))),
            Feature::Mark,
        ),
    }
}

/// The name of a feature that spans some pieces of a text, as the table spells it.
pub(crate) fn name(feature: Feature, skim: &Skim, text: &str, from: usize, to: usize) -> String {
    let one = |p: &Piece| match p.kind {
        Kind::Word | Kind::Hashtag if !p.measure => text[p.start as usize..p.end as usize].to_lowercase(),
        _ => KINDS[keys().kind(p)].to_owned(),
    };
    match feature {
        Feature::Bias => "<bias>".to_owned(),
        Feature::Mark(a) => format!("<{}>", mark_name(a)),
        Feature::Both(a, b) => format!("<{}>+<{}>", mark_name(a), mark_name(b)),
        Feature::Piece(_) => {
            let name = skim.pieces[from..to].iter().map(one).collect::<Vec<_>>().join(" ");
            // Some kinds of pieces share their name with a shape.
            if mark(&name).is_some() { format!("[{name}]") } else { name }
        }
    }
}
