//! Chat spellings that are made by rule rather than listed: `goin`, `smilin`; `m3rde`, `sh1t`.

use super::split::look_up;
use crate::lexicon::Lexicon;
use crate::lexicon::vocabulary::Known;

/// The word that a chat spelling was made from.
pub(super) fn reading(
    word: &str,
    at: Option<usize>,
    lexicon: &Lexicon,
    buffer: &mut String,
    bare: &mut String,
) -> Option<Known> {
    let here = |k: Known| at.map_or(k.class()[0].max(k.class()[1]), |i| k.class()[i]);
    buffer.clear();
    if word.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'$' | b'@')) {
        leet(word, buffer)?;
        let known = look_up(buffer, at, lexicon, bare);
        return Some(known).filter(|k| here(*k) >= 5 && k.id() != 0);
    }
    // The letter that speech drops: only where what it leaves is no word of its own.
    if at != Some(0) && word.len() >= 4 && word.ends_with("in") {
        buffer.push_str(word);
        buffer.push('g');
        let known = look_up(buffer, Some(1), lexicon, bare);
        return Some(known).filter(|k| k.class()[1] >= if word.len() == 4 { 7 } else { 3 });
    }
    None
}

/// Digits that stand for the letters they look like, inside a word that is mostly letters.
fn leet(word: &str, out: &mut String) -> Option<()> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    // `mp3`, `ps4`, `h1n1` and `2nd` are names; a word keeps three letters and begins with one.
    if letters < 3
        || digits * 2 > letters
        || !word.starts_with(char::is_alphabetic)
        || word.ends_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    for c in word.chars() {
        out.push(match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            '2' | '6' | '8' | '9' => return None,
            other => other,
        });
    }
    Some(())
}
