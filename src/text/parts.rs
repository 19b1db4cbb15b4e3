//! The words that one token is made of, and the key that faces are looked up by.

use super::Emoticons;
use super::token::{Shape, Token, TokenKind};
use crate::lexicon::key;

/// The key of an emoji (without selectors and skin tones) or of an emoticon (without what is drawn out).
pub(crate) fn face_key(text: &str, token: &Token, emoticons: &Emoticons, out: &mut String) {
    let written = &text[token.start..token.end];
    if token.kind == TokenKind::Emoticon {
        let base = emoticons.base(written).unwrap_or(written);
        base.chars().for_each(|c| key::push_normal(c, out));
        return;
    }
    let bare = |c: &char| !matches!(c, '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    written.chars().filter(bare).for_each(|c| key::push_normal(c, out));
}

/// Gives the written parts of a token that are words of their own, for the reader of patterns.
pub(crate) fn parts(text: &str, token: &Token, emoticons: &Emoticons, mut part: impl FnMut(&str)) {
    let written = &text[token.start..token.end];
    match token.kind {
        TokenKind::Emoji | TokenKind::Emoticon => {
            let mut key = String::new();
            face_key(text, token, emoticons, &mut key);
            part(&key);
        }
        TokenKind::Hashtag | TokenKind::Mention => part(&written[1..]),
        _ if token.shape.has(Shape::HYPHEN) => match clitics(written) {
            Some(head) => {
                part(&written[..head]);
                written[head..].split('-').filter(|p| !p.is_empty() && *p != "t").for_each(part);
            }
            None => part(written),
        },
        _ => part(written),
    }
}

/// Where the clitics of a hyphenated French verb begin (`donne|-moi`, `va|-t-il`).
pub(crate) fn clitics(word: &str) -> Option<usize> {
    const CLITICS: [&str; 24] = [
        "moi", "toi", "lui", "nous", "vous", "leur", "les", "le", "la", "je", "tu", "il", "elle", "on", "ils", "elles",
        "ce", "y", "en", "t", "là", "ci", "la-bas", "m",
    ];
    if word.eq_ignore_ascii_case("rendez-vous") {
        return None;
    }
    let mut head = None;
    let mut end = word.len();
    while let Some(at) = word[..end].rfind('-') {
        let segment = key::normal(&word[at + 1..end]);
        if at == 0 || !CLITICS.contains(&segment.as_str()) {
            break;
        }
        head = Some(at);
        end = at;
    }
    head
}
