//! Signs: emoticons, emoji, marks, and what begins outside ASCII.

use super::word::{is_apostrophe, is_unspaced};
use super::{Lexer, Shape, TokenKind};

impl Lexer<'_> {
    pub(super) fn emoticon(&self, at: usize) -> Option<(usize, TokenKind)> {
        if !self.emoticons.may_start(self.bytes[at]) {
            return None;
        }
        // `http://`, `12:30` and `a=b` are not faces: what sticks to a digit is no emoticon.
        if at > 0 && self.bytes[at - 1].is_ascii_digit() {
            return None;
        }
        self.emoticons.longest(self.bytes, at).map(|end| (end, TokenKind::Emoticon))
    }

    /// What begins with a character outside ASCII: a word, an emoji or a sign.
    pub(super) fn wide(&self, at: usize, shape: &mut Shape) -> (usize, TokenKind) {
        let Some(c) = self.char(at) else { return (at + 1, TokenKind::Other) };
        if is_emoji(c) {
            return (self.emoji_end(at, c), TokenKind::Emoji);
        }
        if c.is_alphabetic() && !is_apostrophe(c) {
            return if is_unspaced(c) { (self.unspaced_end(at), TokenKind::Word) } else { self.word(at, shape) };
        }
        let end = at + c.len_utf8();
        if is_apostrophe(c)
            && let Some(length) = self.clitic_length(end).filter(|_| self.follows_word(at))
        {
            shape.set(Shape::WIDE | Shape::CLITIC);
            return (end + length, TokenKind::Word);
        }
        match c {
            '…' => (self.run_end(end, |c| matches!(c, '…' | '.')), TokenKind::Ellipsis),
            '€' | '£' | '¥' => self.price_ahead(at, c.len_utf8()).unwrap_or((end, TokenKind::Other)),
            '«' | '»' | '“' | '”' | '„' | '‘' | '’' => (end, TokenKind::Quote),
            '–' | '—' | '•' | '·' | '►' | '▶' | '→' => (end, TokenKind::Dash),
            '！' => (end, TokenKind::Exclamation),
            '？' => (end, TokenKind::Question),
            '。' => (end, TokenKind::Stop),
            _ if c.is_numeric() => (end, TokenKind::Number),
            _ => match self.emoticons.longest(self.bytes, at) {
                Some(end) => (end, TokenKind::Emoticon),
                None => (end, TokenKind::Other),
            },
        }
    }

    /// The end of an emoji: variation selectors, skin tones, joined parts, the second half of a flag.
    pub(super) fn emoji_end(&self, at: usize, first: char) -> usize {
        let mut end = at + first.len_utf8();
        let flag = is_regional(first);
        if flag {
            if let Some(c) = self.char(end).filter(|c| is_regional(*c)) {
                end += c.len_utf8();
            }
            return end;
        }
        while let Some(c) = self.char(end) {
            match c {
                '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{20e3}' => {
                    end += c.len_utf8();
                }
                '\u{200d}' => match self.char(end + c.len_utf8()) {
                    Some(next) if is_emoji(next) => end += c.len_utf8() + next.len_utf8(),
                    _ => return end + c.len_utf8(),
                },
                _ => break,
            }
        }
        end
    }

    pub(super) fn run_end(&self, mut end: usize, same: impl Fn(char) -> bool) -> usize {
        while let Some(c) = self.char(end).filter(|c| same(*c)) {
            end += c.len_utf8();
        }
        end
    }

    /// The kind of a mark of ASCII that stands alone and begins no face.
    #[inline]
    pub(super) fn lone_mark(&self, at: usize) -> Option<TokenKind> {
        let (byte, next) = (self.bytes[at], self.byte(at + 1));
        let kind = MARKS[usize::from(byte)]?;
        let alone = next != byte && !(matches!(byte, b'!' | b'?') && matches!(next, b'!' | b'?'));
        (alone && !self.emoticons.may_begin(u16::from_le_bytes([byte, next]))).then_some(kind)
    }

    /// Marks of ASCII, runs of the same mark in one token.
    pub(super) fn mark(&self, at: usize) -> (usize, TokenKind) {
        let byte = self.bytes[at];
        let run = |same: &dyn Fn(u8) -> bool| at + self.bytes[at..].iter().take_while(|b| same(**b)).count();
        let end = match byte {
            b'!' | b'?' => run(&|b| matches!(b, b'!' | b'?')),
            b'.' | b'-' | b'*' | b'_' | b'=' | b'~' | b'+' | b'|' | b'/' | b'\\' | b'<' | b'>' | b'^' => {
                run(&|b| b == byte)
            }
            _ => at + 1,
        };
        let kind = match byte {
            b'!' if memchr::memchr(b'?', &self.bytes[at..end]).is_some() => TokenKind::Question,
            b'.' if end > at + 1 => TokenKind::Ellipsis,
            _ => MARKS[usize::from(byte)].unwrap_or(TokenKind::Other),
        };
        (end, kind)
    }
}

/// The kinds of the marks of ASCII, where one stands alone.
static MARKS: [Option<TokenKind>; 256] = {
    let mut kinds = [None; 256];
    kinds[b'!' as usize] = Some(TokenKind::Exclamation);
    kinds[b'?' as usize] = Some(TokenKind::Question);
    kinds[b'.' as usize] = Some(TokenKind::Stop);
    kinds[b',' as usize] = Some(TokenKind::Comma);
    kinds[b':' as usize] = Some(TokenKind::Colon);
    kinds[b';' as usize] = Some(TokenKind::Semicolon);
    kinds[b'(' as usize] = Some(TokenKind::Open);
    kinds[b'[' as usize] = Some(TokenKind::Open);
    kinds[b'{' as usize] = Some(TokenKind::Open);
    kinds[b')' as usize] = Some(TokenKind::Close);
    kinds[b']' as usize] = Some(TokenKind::Close);
    kinds[b'}' as usize] = Some(TokenKind::Close);
    kinds[b'"' as usize] = Some(TokenKind::Quote);
    kinds[b'-' as usize] = Some(TokenKind::Dash);
    kinds
};

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Characters that stand as emoji by themselves.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1f0ff}' | '\u{1f170}'..='\u{1f1ff}' | '\u{1f200}'..='\u{1f265}' | '\u{1f300}'..='\u{1faff}'
        | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{2b1b}'..='\u{2b1c}' | '\u{2b05}'..='\u{2b07}'
        | '\u{231a}'..='\u{231b}' | '\u{23e9}'..='\u{23fa}' | '\u{203c}' | '\u{2049}' | '\u{2139}')
}
