//! Lookup keys: how a word is spelt in every table, and its bare form without accents.
//!
//! Text goes through [`push_normal`] character by character; both keys are idempotent.

/// Appends one character of text as the exact key spells it: lower case, one apostrophe, `oe` for `œ`.
#[inline]
pub(crate) fn push_normal(c: char, out: &mut String) {
    match c {
        'A'..='Z' => out.push(c.to_ascii_lowercase()),
        '`' => out.push('\''),
        '\0'..='\u{7f}' => out.push(c),
        '’' | '‘' | 'ʼ' | '′' | '´' | '＇' => out.push('\''),
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        '‑' | '‐' => out.push('-'),
        // Joiners that keyboards and web pages leave inside words.
        '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' => {}
        _ => out.extend(c.to_lowercase()),
    }
}

/// The exact key of a word.
pub(crate) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_normal(c, &mut out));
    out
}

/// A letter without its accent, or the letter itself.
#[inline]
pub(crate) const fn bare(c: char) -> char {
    match c {
        '\0'..='\u{7f}' => c,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' => 'i',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        'š' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        other => other,
    }
}

/// The letters of an exact key alone: no accents, no apostrophes, no hyphens.
#[inline]
pub(crate) fn letters(key: &str) -> impl Iterator<Item = char> {
    key.chars().filter(|c| !matches!(c, '\'' | '-')).map(bare)
}
