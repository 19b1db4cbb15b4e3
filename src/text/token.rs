//! A token: a span of the text and what kind of thing stands there.

/// What kind of thing a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// A word, an elided word with its apostrophe (`j'`), or an English clitic (`'s`).
    Word,
    /// A number, with its sign of percentage or unit.
    Number,
    /// A number with a currency.
    Price,
    /// A mark out of 5, 10, 20 or 100.
    Rating,
    /// A link.
    Url,
    /// An e-mail address.
    Email,
    /// `@name`.
    Mention,
    /// `#word`.
    Hashtag,
    /// `$TICKER`.
    Cashtag,
    /// An emoji, with its modifiers and joined parts.
    Emoji,
    /// An emoticon: `:-)`, `^^`, `xD`.
    Emoticon,
    /// `!`, any number of them.
    Exclamation,
    /// `?`, any number, with or without `!`.
    Question,
    /// `...` or `…`.
    Ellipsis,
    /// `.`
    Stop,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `;`
    Semicolon,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A quotation mark.
    Quote,
    /// A dash or a bullet between words.
    Dash,
    /// Any other sign.
    Other,
}

impl TokenKind {
    /// Whether a token of this kind ends a clause.
    pub(crate) fn ends_clause(self) -> bool {
        matches!(self, Self::Exclamation | Self::Question | Self::Ellipsis | Self::Stop | Self::Semicolon | Self::Colon)
    }
}

/// A span of the text and its kind. Byte offsets, on char boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What stands there.
    pub kind: TokenKind,
    pub(crate) shape: Shape,
}

/// How a token is written, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Shape(u8);

impl Shape {
    /// Holds a byte outside ASCII.
    pub(crate) const WIDE: u8 = 1;
    /// Begins with a capital.
    pub(crate) const CAPITAL: u8 = 1 << 1;
    /// Holds a small letter.
    pub(crate) const SMALL: u8 = 1 << 2;
    /// Holds a digit.
    pub(crate) const DIGIT: u8 = 1 << 3;
    /// Holds a hyphen.
    pub(crate) const HYPHEN: u8 = 1 << 4;
    /// First on its line.
    pub(crate) const NEW_LINE: u8 = 1 << 5;
    /// Holds two capitals or more.
    pub(crate) const CAPITALS: u8 = 1 << 6;
    /// Begins or ends with an apostrophe: an elided word or an English clitic.
    pub(crate) const CLITIC: u8 = 1 << 7;

    #[inline]
    pub(crate) fn of(bits: u8) -> Self {
        Self(bits)
    }

    #[inline]
    pub(crate) fn set(&mut self, bit: u8) {
        self.0 |= bit;
    }

    #[inline]
    pub(crate) fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// Written in capitals: two letters or more and none of them small.
    pub(crate) fn shouted(self) -> bool {
        self.has(Self::CAPITALS) && !self.has(Self::SMALL)
    }
}
