//! One of several likely guesses: the neighbours decide, and doubt about the tone lowers the trust.
//!
//! Agreement is cheap and shallow: an article, a pronoun or an auxiliary right before the word. It only
//! breaks near ties; what the letters say plainly is not overruled.

use super::Context;
use super::guess::Guess;
use crate::language::Language;
use crate::lexicon::Lexicon;
use crate::lexicon::near::Info;

/// Ranks this close are one choice to the letters; the neighbours decide.
const CLOSE: i16 = 22;

/// How many frequency classes make a word much commoner than another.
const SAFER: u8 = 4;

/// The guess that the neighbours speak for, and how far the choice lowers the trust.
pub(super) fn choose(context: &Context<'_>, guesses: &[Guess], lexicon: &Lexicon) -> Option<(Guess, f32)> {
    let first = *guesses.first()?;
    let near = guesses.iter().take_while(|g| g.rank <= first.rank + CLOSE).count();
    if near == 1 {
        return Some((first, 1.0));
    }
    let best = guesses[..near]
        .iter()
        .min_by_key(|g| (g.rank - i16::from(agreement(context, lexicon.vocabulary.text(g.id), g.info)) * 12, g.id))
        .copied()?;
    let at = context.language.index().unwrap_or(0);
    // Where one reading judges and the other does not, the choice is half a guess about the tone: a
    // much commoner word without tone is the safer one, or a commoner one that is as near.
    let safer = guesses[..near].iter().find(|g| {
        let more = if g.cost <= best.cost { 1 } else { SAFER };
        let common = g.info.class()[at] >= best.info.class()[at] + more;
        common && best.info.judges(at) && !g.info.judges(at) && g.cost <= best.cost + 45
    });
    let split = guesses[..near].iter().any(|g| g.info.judges(at) != best.info.judges(at));
    Some((*safer.unwrap_or(&best), if split { 0.75 } else { 1.0 }))
}

/// How well a word agrees with the word before it: -1 to 2.
fn agreement(context: &Context<'_>, meant: &str, info: Info) -> i8 {
    let Some(previous) = context.previous else { return 0 };
    let before = &context.text[previous.start as usize..previous.end as usize];
    let is = |words: &[&str]| words.iter().any(|w| before.eq_ignore_ascii_case(w));
    let plural = meant.ends_with(['s', 'x']);
    match context.language {
        Language::French => {
            if is(&[
                "les",
                "des",
                "mes",
                "tes",
                "ses",
                "ces",
                "nos",
                "vos",
                "leurs",
                "aux",
                "plusieurs",
                "quelques",
                "sont",
            ]) {
                return if plural { 2 } else { -1 };
            }
            if is(&["la", "une", "ma", "ta", "cette", "aucune", "est"]) {
                return i8::from(meant.ends_with('e')) - i8::from(plural);
            }
            if is(&["ai", "as", "a", "avons", "avez", "ont", "été", "ete", "avais", "avait", "jai", "m'a"]) {
                return 2 * i8::from(meant.ends_with(['é', 'i', 'u']));
            }
            if is(&["de", "pour", "à", "va", "vais", "peut", "peux", "faut", "veux", "sans", "d'"]) {
                return i8::from(meant.ends_with("er") || meant.ends_with("ir"));
            }
            if is(&["très", "tres", "trop", "vraiment", "si", "assez", "plutôt", "super"]) {
                return i8::from(info.judges(0));
            }
            if is(&["le", "un", "ce", "mon", "ton", "du", "au"]) {
                return -i8::from(plural);
            }
            0
        }
        Language::English => {
            if is(&["the", "a", "an", "my", "this"]) {
                return -i8::from(meant.ends_with("ed"));
            }
            if is(&["was", "is", "were", "are", "be", "been", "got", "so", "very", "really"]) {
                // What is said of something is a participle, or a word that judges.
                return i8::from(meant.ends_with("ed") || meant.ends_with("ing") || info.judges(1));
            }
            0
        }
        Language::Unknown => 0,
    }
}
