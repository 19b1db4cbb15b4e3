//! Small words that only their neighbours can read: `a` for *à*, `sa` for *ça*, `c` for *c'est* or
//! *ces*, a lone `l` or `j` that lost its apostrophe.
//!
//! These are words as they stand, so the ladder would leave them; chat writes them for others that are
//! said alike, and the word before or after tells. Each rule speaks only where a neighbour settles it.

use super::Context;
use crate::lexicon::sound::is_vowel;
use crate::text::reading::Term;
use crate::text::token::TokenKind;

/// What a small word ([`ASKED_WORDS`](crate::lexicon::flag::ASKED_WORDS)) stands for here, as the lexicons
/// spell it.
pub(super) fn reading(word: &str, context: &Context<'_>) -> Option<&'static str> {
    let next = context.next.as_ref().map(|t| Neighbour::of(context, t));
    let previous = context.previous.as_ref().map(|t| Neighbour::of(context, t));
    match word {
        "a" => a(previous.as_ref(), next.as_ref()),
        "sa" => sa(next.as_ref()),
        "ca" => Some("ça"),
        "mn" if previous.as_ref().is_none_or(|p| p.term.kind != TokenKind::Number) => Some("mon"),
        "coté" | "cote" => {
            let before = ["a", "à", "chaque", "autre", "aucun", "du", "de"];
            previous.as_ref().filter(|p| p.is(&before[..if word == "cote" { 3 } else { 7 }])).map(|_| "côté")
        }
        "o" => o(next.as_ref()?),
        "c" => c(next.as_ref()),
        "j" | "l" | "d" | "m" | "t" | "s" | "n" | "qu" => elided(word, next.as_ref()?),
        _ => None,
    }
}

/// A word beside the one that is read, in lower case.
struct Neighbour<'a> {
    word: &'a str,
    buffer: [u8; 16],
    length: usize,
    term: &'a Term,
}

impl<'a> Neighbour<'a> {
    fn of(context: &Context<'a>, term: &'a Term) -> Self {
        let word = &context.text[term.start as usize..term.end as usize];
        let mut buffer = [0u8; 16];
        let length = if word.len() <= 16 { word.len() } else { 0 };
        buffer[..length].copy_from_slice(&word.as_bytes()[..length]);
        buffer.make_ascii_lowercase();
        Self { word, buffer, length, term }
    }

    fn is(&self, words: &[&str]) -> bool {
        let lower = &self.buffer[..self.length];
        words.iter().any(|w| w.as_bytes() == lower)
    }

    fn ends(&self, ends: &[&str]) -> bool {
        ends.iter().any(|e| self.word.len() > e.len() && self.word.ends_with(e))
    }

    fn is_infinitive(&self) -> bool {
        self.term.kind == TokenKind::Word
            && self.term.known.class()[0] > 0
            && self.word.len() >= 4
            && self.ends(&["er", "ir", "re", "oir"])
            && !self.is(&[
                "notre", "votre", "autre", "entre", "hier", "contre", "premier", "dernier", "cher", "super", "encore",
                "genre", "titre", "autres", "mer", "fier", "soir", "membre",
            ])
    }
}

const SUBJECTS: [&str; 26] = [
    "il", "elle", "on", "qui", "ça", "ca", "sa", "y", "n'", "m'", "t'", "l'", "s'", "nous", "vous", "lui", "leur",
    "en", "ne", "tu", "j'", "cela", "ils", "me", "nous", "je",
];

/// `a` is *à* before an infinitive and in set phrases, unless a pronoun makes it a verb.
fn a(previous: Option<&Neighbour<'_>>, next: Option<&Neighbour<'_>>) -> Option<&'static str> {
    const FOLLOWERS: [&str; 49] = [
        "cause", "chaque", "cote", "coté", "côté", "bientôt", "fond", "jour", "moi", "toi", "eux", "nouveau", "peine",
        "part", "propos", "tort", "travers", "domicile", "temps", "partir", "peu", "jamais", "bientot", "demain",
        "pied", "mort", "bout", "coup", "l'heure", "quoi", "nos", "vos", "leurs", "mes", "ses", "tes", "cet", "cette",
        "ces", "ce", "mon", "ton", "votre", "notre", "paris", "hauteur", "base", "titre", "savoir",
    ];
    let next = next?;
    if previous.is_some_and(|p| p.is(&SUBJECTS)) {
        return None;
    }
    if next.is_infinitive() || next.is(&["chier", "vomir", "fuir"]) {
        return Some("à");
    }
    let bound = previous.is_none_or(|p| p.term.kind == TokenKind::Word && !p.word.starts_with(char::is_uppercase));
    let articles = next.is(&["la", "l'", "l", "les"]) && previous.is_none();
    ((bound && next.is(&FOLLOWERS)) || articles).then_some("à")
}

/// `sa` is *ça* before a verb or a pronoun, and where no noun can follow.
fn sa(next: Option<&Neighbour<'_>>) -> Option<&'static str> {
    const VERBS: [&str; 64] = [
        "est",
        "fait",
        "fais",
        "va",
        "vas",
        "marche",
        "craint",
        "craind",
        "crain",
        "sert",
        "fonctionne",
        "me",
        "te",
        "vous",
        "nous",
        "ne",
        "n'",
        "se",
        "s'",
        "m'",
        "y",
        "pue",
        "suffit",
        "passe",
        "reste",
        "devient",
        "devrait",
        "aurait",
        "serait",
        "sera",
        "a",
        "avait",
        "arrive",
        "commence",
        "change",
        "prend",
        "coûte",
        "coute",
        "vaut",
        "dure",
        "bug",
        "rame",
        "lague",
        "lag",
        "sent",
        "c'",
        "c",
        "aussi",
        "peut",
        "doit",
        "veut",
        "plante",
        "donne",
        "dépend",
        "depend",
        "énerve",
        "enerve",
        "saoule",
        "soule",
        "pique",
        "gratte",
        "tue",
        "déchire",
        "dechire",
    ];
    match next {
        None => Some("ça"),
        Some(next) => next.is(&VERBS).then_some("ça"),
    }
}

/// `o` is *au* or *aux* before a noun.
fn o(next: &Neighbour<'_>) -> Option<&'static str> {
    let noun = next.term.kind == TokenKind::Word && next.word.len() >= 3;
    noun.then_some(if next.ends(&["s", "x"]) { "aux" } else { "au" })
}

/// `c` is *ces* before a plural noun, *c'est* otherwise.
fn c(next: Option<&Neighbour<'_>>) -> Option<&'static str> {
    const NOT_NOUNS: [&str; 24] = [
        "pas", "plus", "mais", "sans", "alors", "jamais", "toujours", "très", "tres", "dans", "des", "vos", "nos",
        "mes", "ses", "les", "vous", "nous", "bas", "gros", "mauvais", "depuis", "hors", "vers",
    ];
    let next = next?;
    let plural = next.word.len() >= 4 && next.ends(&["s", "x"]) && next.term.known.class()[0] >= 5;
    let named = next.term.kind == TokenKind::Word && !next.is(&NOT_NOUNS);
    // An adjective after it makes it "c'est": only nouns that judge nothing are pointed at.
    (plural && named && next.term.known.class()[0] >= 7 && !next.ends(&["eux", "ois", "ais"])).then_some("ces")
}

/// A lone letter before a vowel lost its apostrophe: `l inscription`, `j etais`.
fn elided(word: &str, next: &Neighbour<'_>) -> Option<&'static str> {
    let first = next.word.chars().next().and_then(|c| c.to_lowercase().next())?;
    let opens = next.term.kind == TokenKind::Word && (is_vowel(first) || first == 'h') && next.word.len() >= 2;
    if !opens {
        return None;
    }
    Some(match word {
        "j" => "j'",
        "l" => "l'",
        "d" => "d'",
        "m" => "m'",
        "t" => "t'",
        "s" => "s'",
        "n" => "n'",
        "qu" => "qu'",
        _ => return None,
    })
}
