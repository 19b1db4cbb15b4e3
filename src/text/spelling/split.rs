//! Joined words taken apart: `jaime`, `tropbien`, `ilove`, `#JAdoreCetteBanque`, `#tropdelaballe`.

#![expect(clippy::cast_possible_truncation, reason = "words have fewer than 48 bytes")]

use super::fold::folded;
use super::guess::LONGEST;
use crate::lexicon::hash::hash;
use crate::lexicon::sound::is_vowel;
use crate::lexicon::vocabulary::Known;
use crate::lexicon::{Lexicon, key};

/// Words that elide in French, without their apostrophe; longer ones first.
const ELIDED: [&str; 13] = ["jusqu", "lorsqu", "puisqu", "qu", "j", "l", "d", "m", "t", "s", "n", "c", "k"];

/// The heads of a word that may be elided ones: their lengths in bytes.
pub(super) fn elided_heads(word: &str) -> impl Iterator<Item = usize> {
    ELIDED.iter().filter_map(|head| {
        let rest = word.strip_prefix(head)?;
        let first = key::bare(rest.chars().next()?);
        let opens = is_vowel(first) && first != 'y' || first == 'h';
        // `c'` stands before forms of être only, and `k` for *qu'* before few words.
        let fits = match *head {
            "c" => ["est", "etai", "étai"].iter().any(|e| rest.starts_with(e)),
            "k" => ["il", "ils", "elle", "elles", "on", "un", "une"].contains(&rest),
            _ => opens || (first == 'y' && rest.len() <= 2),
        };
        (fits && rest.len() >= 2).then_some(head.len())
    })
}

/// Looks up a part of a word, with or without its accents.
pub(super) fn look_up(part: &str, at: Option<usize>, lexicon: &Lexicon, bare: &mut String) -> Known {
    let hash = hash(part.as_bytes());
    let known = lexicon.vocabulary.get(hash);
    let here = at.map_or(known.class()[0].max(known.class()[1]), |i| known.class()[i]);
    if here > 0 {
        return known;
    }
    folded(part, hash, at, lexicon, bare).unwrap_or(known)
}

/// An elided word and a common one after it: `jai`, `lheure`, `quil`, `jusquau`. The head's length.
///
/// With `sure`, only where the two are so common that no misspelling of one word is likelier.
pub(super) fn elided(word: &str, sure: bool, lexicon: &Lexicon, bare: &mut String) -> Option<usize> {
    elided_heads(word).find(|&head| {
        let rest = &word[head..];
        let known = look_up(rest, Some(0), lexicon, bare);
        let class = known.class()[0];
        let rare_head = matches!(&word[..head], "m" | "t" | "s" | "n" | "k");
        let least = match rest.chars().count() {
            0 | 1 => return false,
            2 => 10,
            3 => {
                if sure && rare_head {
                    11
                } else {
                    7
                }
            }
            // `netes` is *nettes* before it is *n'êtes*.
            _ if sure && rare_head => return false,
            _ if sure => 8,
            _ if known.id() != 0 => 3,
            _ => 5,
        };
        class >= least
    })
}

/// Short words that people run into the next, where longer ones need no list.
const SHORT_GLUE: [&str; 10] = ["je", "tu", "il", "on", "pas", "i", "so", "no", "my", "go"];

/// A word of the commonest, which people run into its neighbour.
const GLUE: u8 = 12;

/// Two or three common words run together: where each ends in the key, or nothing.
///
/// Any long word can be cut somewhere into two short ones, so the first must be one of the commonest
/// and the second a word of some length.
pub(super) fn joined(word: &str, at: Option<usize>, lexicon: &Lexicon, bare: &mut String) -> Option<[u8; 4]> {
    let length = word.chars().count();
    if !(5..=LONGEST).contains(&length) {
        return None;
    }
    let class_of = |part: &str, bare: &mut String| {
        let known = look_up(part, at, lexicon, bare);
        let class = known.class();
        match at {
            Some(i) => class[i],
            None => class[0].max(class[1]),
        }
    };
    let mut best: Option<(u8, [u8; 4])> = None;
    for (cut, _) in word.char_indices().skip(1) {
        let (left, right) = word.split_at(cut);
        let (heads_letters, tails_letters) = (left.chars().count(), right.chars().count());
        if tails_letters < 3 || (heads_letters < 4 && !SHORT_GLUE.contains(&left)) {
            continue;
        }
        let heads = class_of(left, bare);
        if heads < 10 {
            continue;
        }
        let tails = class_of(right, bare);
        let enough = if tails_letters == 3 { 10 } else { 7 };
        if tails >= enough && (heads >= GLUE || (heads >= 11 && tails >= 10)) {
            let rank = heads.min(tails) * 2 + heads.max(tails);
            if best.is_none_or(|(r, _)| rank > r) {
                best = Some((rank, [cut as u8, word.len() as u8, 0, 0]));
            }
        }
    }
    if best.is_none() && at != Some(1) {
        // Three words only after an elided one: `jenpeux`, `cestnul`.
        for head in elided_heads(word) {
            let rest = &word[head..];
            for (cut, _) in rest.char_indices().skip(2) {
                let (left, right) = rest.split_at(cut);
                if right.chars().count() < 3 {
                    continue;
                }
                let (middle, tail) = (class_of(left, bare), class_of(right, bare));
                let enough = if right.len() <= 3 { 10 } else { 6 };
                if middle >= 11 && tail >= enough {
                    let rank = middle + tail;
                    if best.is_none_or(|(r, _)| rank > r) {
                        best = Some((rank, [head as u8, (head + cut) as u8, word.len() as u8, 0]));
                    }
                }
            }
        }
    }
    best.map(|(_, cuts)| cuts)
}

/// The longest hashtag that is taken apart by its words, in characters.
const LONGEST_TAG: usize = 40;
/// No word of a hashtag is longer.
const LONGEST_WORD: usize = 18;

/// The words of a hashtag without capitals: the cheapest path of known words, where all of it is known.
///
/// Each word costs the more the rarer it is, and a little for being one more word. The work is bounded
/// by forty places times eighteen lengths. Ends go to `ends`, in bytes.
pub(super) fn segmented(
    body: &str,
    at: Option<usize>,
    lexicon: &Lexicon,
    buffers: (&mut String, &mut String),
    ends: &mut Vec<usize>,
) -> bool {
    ends.clear();
    let (part, bare) = buffers;
    let mut bounds = [0usize; LONGEST_TAG + 1];
    let mut n = 0;
    for (i, _) in body.char_indices() {
        if n >= LONGEST_TAG {
            return false;
        }
        bounds[n] = i;
        n += 1;
    }
    bounds[n] = body.len();
    if n < 5 {
        return false;
    }
    let mut paths = [(u16::MAX, 0u8); LONGEST_TAG + 1];
    paths[0] = (0, 0);
    for start in 0..n {
        if paths[start].0 == u16::MAX {
            continue;
        }
        part.clear();
        for end in start + 1..=n.min(start + LONGEST_WORD) {
            let last = &body[bounds[end - 1]..bounds[end]];
            last.chars().for_each(|c| key::push_normal(c, part));
            let elided = ELIDED[..12].contains(&part.as_str())
                && end < n
                && body[bounds[end]..].chars().next().is_some_and(|c| is_vowel(c.to_lowercase().next().unwrap_or(c)))
                && at != Some(1);
            let known = look_up(part, at, lexicon, bare);
            let class = match at {
                Some(i) => known.class()[i].max(known.class()[1 - i].saturating_sub(3)),
                None => known.class()[0].max(known.class()[1]),
            };
            let class = if elided { class.max(11) } else { class };
            let least = match end - start {
                1 if elided => 0,
                1 => 14,
                2 => 11,
                3 => 7,
                _ => 3,
            };
            let told = end - start >= 4 && known.id() != 0;
            let shorthand = class <= 2 && (0..2).any(|i| lexicon.is_shorthand(known.id(), i));
            if class < least && !told || shorthand {
                continue;
            }
            let cost = paths[start].0 + 20 + 6 * u16::from(15 - class.min(15)) / 2;
            if cost < paths[end].0 {
                paths[end] = (cost, start as u8);
            }
        }
    }
    // A path through rare or very short words is chance.
    if paths[n].0 == u16::MAX || usize::from(paths[n].0) > n * 9 {
        return false;
    }
    let mut place = n;
    while place > 0 {
        ends.push(bounds[place]);
        place = usize::from(paths[place].1);
    }
    ends.reverse();
    true
}
