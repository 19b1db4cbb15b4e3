//! Folded: the word but for its accents, apostrophes and hyphens, left out or wrong.

use crate::lexicon::hash::hash;
use crate::lexicon::vocabulary::Known;
use crate::lexicon::{Lexicon, key};

/// A word that is known with other accents, apostrophes or hyphens: `desole`, `trés`, `didnt`. `written` is its hash.
///
/// Where two words fold alike the table keeps the commoner, so the answer needs no context.
pub(super) fn folded(
    word: &str,
    written: u64,
    at: Option<usize>,
    lexicon: &Lexicon,
    bare: &mut String,
) -> Option<Known> {
    let is_bare = word.bytes().all(|b| b.is_ascii() && !matches!(b, b'\'' | b'-'));
    let hash = if is_bare {
        written
    } else {
        bare.clear();
        bare.extend(key::letters(word));
        hash(bare.as_bytes())
    };
    let accented = lexicon.vocabulary.get_folded(hash);
    let plain = if hash == written { Known::default() } else { lexicon.vocabulary.get(hash) };
    let class = |k: Known| at.map_or(k.class()[0].max(k.class()[1]), |i| k.class()[i]);
    // A wrong accent may stand on a word that has none (`éxcellent`) as well as on one that has another.
    if plain.is_known() && (class(plain) >= class(accented) || !accented.is_known()) {
        return Some(plain);
    }
    Some(accented).filter(|k| k.is_known())
}
