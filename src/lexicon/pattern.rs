//! The pattern syntax of terms (`a|b`, `word?`, `_`, `<slot>`), expanded into sequences of ids.
//!
//! Words inside a pattern are cut by the same lexer as text, so that `s'est` and `don't` in a row meet
//! what the lexer makes of them in a post.

use super::layer::Reader;
use super::slot;
use crate::text::{Emoticons, lexer::lex, parts};

/// One pattern expands into no more sequences than this.
const MOST_SEQUENCES: usize = 4096;

/// A pattern, place by place: at each, the choices, and each choice the ids of its words. An optional
/// place has the empty choice too.
pub(crate) type Places = Vec<Vec<Vec<u32>>>;

/// Reads a pattern, or says why it cannot be read.
pub(crate) fn read(pattern: &str, reader: &mut Reader<'_>) -> Result<Places, String> {
    let emoticons = reader.emoticons;
    let mut places = Places::new();
    let mut sequences = 1;
    for place in pattern.split(' ').filter(|p| !p.is_empty()) {
        let (body, optional) = match place.strip_suffix('?') {
            Some(body) if !body.is_empty() && place.len() > 1 && !is_face(place, emoticons) => (body, true),
            _ => (place, false),
        };
        let mut choices: Vec<Vec<u32>> = Vec::new();
        // A lone `|` belongs to an emoticon, not to the syntax.
        if is_face(body, emoticons) {
            choices.push(ids(body, reader)?);
        } else {
            for word in body.split('|') {
                if word.is_empty() {
                    return Err(format!("an empty choice in `{place}`"));
                }
                choices.push(ids(word, reader)?);
            }
        }
        if optional {
            choices.push(Vec::new());
        }
        sequences *= choices.len();
        if sequences > MOST_SEQUENCES {
            return Err(format!("more than {MOST_SEQUENCES} readings; split the row"));
        }
        places.push(choices);
    }
    let begins = places.iter().take_while(|choices| choices.iter().any(Vec::is_empty)).count();
    if begins == places.len() && !places.iter().flatten().any(|c| !c.is_empty()) {
        return Err("an empty term".to_owned());
    }
    if places.iter().take(begins + 1).flatten().any(|c| c.first() == Some(&slot::ANY)) {
        return Err("a pattern must begin with a word, not with `_`".to_owned());
    }
    Ok(places)
}

/// The sequences of ids that a pattern matches.
pub(crate) fn expand(pattern: &str, reader: &mut Reader<'_>) -> Result<Vec<Vec<u32>>, String> {
    let mut sequences: Vec<Vec<u32>> = vec![Vec::new()];
    for choices in read(pattern, reader)? {
        sequences =
            sequences.iter().flat_map(|s| choices.iter().map(move |c| [s.as_slice(), c.as_slice()].concat())).collect();
    }
    sequences.retain(|s| !s.is_empty());
    Ok(sequences)
}

fn is_face(text: &str, emoticons: &Emoticons) -> bool {
    text.bytes().next().is_some_and(|b| emoticons.may_start(b))
        && emoticons.longest(text.as_bytes(), 0) == Some(text.len())
}

/// The ids of one written word: several where the lexer cuts it.
fn ids(word: &str, reader: &mut Reader<'_>) -> Result<Vec<u32>, String> {
    let Reader { words, emoticons } = reader;
    // Most words are plain, and what the lexer would make of them is themselves.
    if word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase()) && !is_face(word, emoticons) {
        return Ok(vec![words.intern(word)]);
    }
    if let Some(slot) = slot::parse(word) {
        return Ok(vec![slot]);
    }
    if word.starts_with('<') && word.ends_with('>') && word.len() > 2 {
        return Err(format!("`{word}` is not a slot"));
    }
    if is_face(word, emoticons) {
        return Ok(vec![words.intern(word)]);
    }
    let mut tokens = Vec::new();
    lex(word, emoticons, &mut tokens);
    let mut out = Vec::new();
    for token in &tokens {
        parts(word, token, emoticons, |part| out.push(words.intern(part)));
    }
    // The apostrophe that stands alone at the end of an elided word is part of it: `j'`.
    if let [first, second] = tokens.as_slice()
        && second.end == word.len()
        && word.ends_with('\'')
        && second.end - second.start == 1
        && first.start == 0
    {
        return Ok(vec![words.intern(word)]);
    }
    Ok(out)
}
