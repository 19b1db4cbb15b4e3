//! What a list of phrases can't hold: who is named as subject, what is possessed, how the post is built.
//!
//! Two tables and one pass. [`SETS`] names word sets whose members are rows of `cues.tsv` (kind `set`):
//! pronouns, dates, units, verbs of news, words of work. [`FEATURES`] names what the pass observes:
//! persons, tenses by their auxiliaries, possession of the target, the shape of a headline, numbers
//! with units, greetings and signatures. Nothing here branches on a language; the words do.

use super::VoiceInput;
use super::place;
use super::stream::{Item, Stream};
use crate::analysis::Label;
use crate::language::Language;
use crate::lexicon::slot;
use crate::text::TokenKind;
use crate::text::token::Shape;

/// Declares word sets: their names in `cues.tsv` and their bits.
macro_rules! sets {
    ($($name:ident = $text:literal),+ $(,)?) => {
        #[derive(Clone, Copy)]
        #[repr(u8)]
        #[allow(non_camel_case_types)]
        enum Set { $($name),+ }
        /// The word sets, in the order of their bits.
        pub(crate) const SETS: &[&str] = &[$($text),+];
    };
}

sets! {
    Me = "me", My = "my", We = "we", Our = "our", You = "you", Your = "your", Thou = "thou", Others = "others",
    Date = "date", Past = "past", Future = "future", Want = "want", Buy = "buy", Use = "use", News = "news",
    Act = "act", Unit = "unit", Jargon = "jargon", Work = "work", Common = "common", Offer = "offer", Kin = "kin",
    Laugh = "laugh", Since = "since", If = "if", Asks = "asks", Not = "not", Greet = "greet", Thanks = "thanks",
    Sorry = "sorry", Press = "press", Watch = "watch", Broken = "broken", Feel = "feel", Rarely = "rarely",
    Job = "job", Explain = "explain",
}

/// The bit of a word set's name.
pub(crate) fn set(name: &str) -> Option<usize> {
    SETS.iter().position(|s| *s == name)
}

/// Declares the features: their names in the weights' file and their places.
macro_rules! features {
    ($($name:ident = $text:literal),+ $(,)?) => {
        #[derive(Clone, Copy)]
        enum F { $($name),+ }
        /// What the pass observes, in order.
        pub(crate) const FEATURES: &[&str] = &[$($text),+];
    };
}

features! {
    Bias = "bias", Me = "me", MeFirst = "me first", MePast = "me past", MeFuture = "me future", MeWant = "me want",
    MeTwice = "me twice", My = "my", We = "we", WeFirst = "we first", Our = "our", WeYou = "we and you", You = "you",
    Your = "your", YouFirst = "you first", Thou = "thou", Others = "others", NoPerson = "no person",
    MyTarget = "my target", OurTarget = "our target", TargetFirst = "target first", TargetNews = "target news",
    TargetHandleFirst = "target handle first", TargetNamed = "target named", TargetTwice = "target twice",
    TargetHashtag = "target hashtag", TargetLast = "target last", MyKin = "my kin",
    MentionFirst = "mention first", Mentions = "mentions", Hashtags = "hashtags", HashtagsMany = "hashtags many",
    HashtagFirst = "hashtag first", Url = "link", UrlLast = "link last", Shared = "shared", Emoji = "emoji",
    EmojiMany = "emoji many", EmojiFirst = "emoji first", Email = "e-mail",
    Quotes = "quotes", QuoteFirst = "quote first", BracketFirst = "bracket first", LabelFirst = "label first",
    LabelCapitals = "label in capitals", HeadlineCase = "headline case", CutOff = "cut off", Colon = "colon",
    Price = "price", Prices = "prices", Number = "number", Numbers = "numbers", Percent = "percent",
    Rating = "rating", Measure = "measure", Measures = "measures", Jargon = "jargon", JargonSome = "jargon some",
    JargonMuch = "jargon much", Model = "model number",
    Asks = "question", AsksLast = "question last", AsksFirst = "question first", AsksTwice = "questions",
    AsksMe = "question me", AsksYou = "question you", Shouts = "exclamation", ShoutsTwice = "exclamations",
    Date = "date", DateMe = "date me", Imperative = "imperative", ImperativePlural = "imperative plural",
    Imperatives = "imperatives", SignedOff = "sign-off", Greets = "greeting", GreetsYou = "greeting you",
    Thanks = "thanks", Sorry = "sorry", Short = "short", Tiny = "tiny", Long = "long", VeryLong = "very long",
    NoEndMark = "no end mark", SmallStart = "small start", Capitals = "capitals", NewsVerb = "news",
    NewsNoPerson = "news no person", Press = "press", WorkOne = "work", WorkMuch = "work much", WorkMe = "work me",
    CommonOne = "common", CommonMuch = "common much", OfferOne = "offer", OfferMuch = "offer much",
    OfferNoPerson = "offer no person", Kin = "kin", Laugh = "laugh", Since = "since", If = "if", AskWord = "ask word",
    Not = "not", Want = "want", BuyMe = "buy me", BuyDate = "buy date", UseMe = "use me", WatchMe = "watch me",
    Watch = "watch", Broken = "broken", BrokenMe = "broken me", Feel = "feel", Rarely = "rarely", French = "french",
    JobOne = "job", JobMe = "job me", JobTarget = "job target", Explains = "explains", ExplainsMuch = "explains much",
    ExplainsNoPerson = "explains no person", FirstClauseTiny = "first clause tiny", Dash = "dash", Lines = "lines",
    Negative = "tone negative", Positive = "tone positive", Toned = "tone none",
}

/// How many features there are.
pub(crate) const COUNT: usize = FEATURES.len();

/// How often each word set was met.
struct Sets([u16; SETS.len()]);

impl Default for Sets {
    fn default() -> Self {
        Self([0; SETS.len()])
    }
}

/// Counts of one pass.
#[derive(Default)]
struct Seen {
    sets: Sets,
    words: u32,
    targets: u32,
    mentions: u32,
    hashtags: u32,
    urls: u32,
    emoji: u32,
    prices: u32,
    numbers: u32,
    measures: u32,
    capitalised: u32,
    shouted: u32,
    asks: u32,
    shouts: u32,
    imperatives: u32,
    models: u32,
}

impl Seen {
    fn has(&self, set: Set) -> bool {
        self.sets.0[set as usize] > 0
    }

    fn many(&self, set: Set, least: u16) -> bool {
        self.sets.0[set as usize] >= least
    }
}

fn is(item: &Item, set: Set) -> bool {
    item.sets >> (set as u8) & 1 == 1
}

/// Fills the features of a post.
#[expect(clippy::too_many_lines, reason = "one observation a line, in the order of the table")]
pub(crate) fn observe(input: &VoiceInput<'_>, stream: &Stream, out: &mut [f32]) {
    let mut seen = Seen::default();
    let mut on = |feature: F, yes: bool| {
        if yes {
            out[feature as usize] = 1.0;
        }
    };
    let items = &stream.items;
    let first_word = items.iter().position(Item::is_written);
    let last_word = items.iter().rposition(Item::is_written);
    on(F::Bias, true);
    let mut person = false;
    // The clause that is open: what it holds so far.
    let mut clause = Seen::default();
    let mut number = u32::MAX;
    for (at, item) in items.iter().enumerate() {
        if item.clause != number {
            number = item.clause;
            clause = Seen::default();
        }
        match item.id {
            place::ASKS => {
                seen.asks += 1;
                on(F::AsksFirst, item.clause == 0);
                on(F::AsksMe, clause.has(Set::Me));
                on(F::AsksYou, clause.has(Set::You) || clause.has(Set::Your));
            }
            place::SHOUTS => seen.shouts += 1,
            place::COLON => {
                on(F::Colon, true);
                on(F::LabelFirst, item.clause == 0 && clause.words <= 5);
                on(F::LabelCapitals, item.clause == 0 && clause.words <= 5 && clause.shouted > 0);
            }
            _ => {}
        }
        if !item.is_written() {
            continue;
        }
        let place_in_clause = clause.words;
        seen.words += 1;
        clause.words += 1;
        let mut bits = item.sets;
        while bits != 0 {
            let bit = bits.trailing_zeros() as usize;
            seen.sets.0[bit] = seen.sets.0[bit].saturating_add(1);
            clause.sets.0[bit] = clause.sets.0[bit].saturating_add(1);
            bits &= bits - 1;
        }
        person |= is(item, Set::Me)
            || is(item, Set::My)
            || is(item, Set::You)
            || is(item, Set::Thou)
            || is(item, Set::We)
            || is(item, Set::Our)
            || is(item, Set::Your);
        on(F::MeFirst, is(item, Set::Me) && seen.words <= 3);
        on(F::WeFirst, is(item, Set::We) && seen.words <= 4);
        on(F::YouFirst, (is(item, Set::You) || is(item, Set::Your)) && seen.words <= 4);
        on(F::MePast, is(item, Set::Past) && near(items, at, Set::Me, 2));
        on(F::MeFuture, is(item, Set::Future) && near(items, at, Set::Me, 2));
        on(F::MeWant, is(item, Set::Want) && near(items, at, Set::Me, 3));
        on(F::BuyMe, is(item, Set::Buy) && near(items, at, Set::Me, 4));
        on(F::UseMe, is(item, Set::Use) && near(items, at, Set::Me, 4));
        on(F::WatchMe, is(item, Set::Watch) && near(items, at, Set::Me, 4));
        on(F::WorkMe, is(item, Set::Work) && (near(items, at, Set::My, 3) || near(items, at, Set::Our, 3)));
        on(F::MyKin, is(item, Set::Kin) && near(items, at, Set::My, 2));
        on(F::BrokenMe, is(item, Set::Broken) && (clause.has(Set::Me) || clause.has(Set::My)));
        on(F::DateMe, is(item, Set::Date) && (clause.has(Set::Me) || clause.has(Set::We)));
        on(F::BuyDate, is(item, Set::Date) && clause.has(Set::Buy));
        if item.id == slot::TARGET {
            seen.targets += 1;
            on(F::TargetFirst, seen.words <= 2);
            on(F::TargetHandleFirst, seen.words == 1 && item.kind == TokenKind::Mention);
            on(F::TargetHashtag, item.kind == TokenKind::Hashtag);
            on(F::TargetLast, Some(at) == last_word);
            on(F::MyTarget, near(items, at, Set::My, 2));
            on(F::OurTarget, near(items, at, Set::Our, 2));
            on(F::JobTarget, near(items, at, Set::Job, 3));
            let news = items[at + 1..].iter().take(3).any(|i| is(i, Set::News));
            on(F::TargetNews, news);
        }
        match item.kind {
            TokenKind::Mention => {
                seen.mentions += 1;
                on(F::MentionFirst, seen.words == 1);
            }
            TokenKind::Hashtag => {
                seen.hashtags += 1;
                on(F::HashtagFirst, seen.words == 1);
            }
            TokenKind::Url => {
                seen.urls += 1;
                on(F::UrlLast, last_word.is_some_and(|last| at + 1 >= last));
            }
            TokenKind::Email => on(F::Email, true),
            TokenKind::Emoji | TokenKind::Emoticon => {
                seen.emoji += 1;
                on(F::EmojiFirst, seen.words == 1);
            }
            TokenKind::Price => seen.prices += 1,
            TokenKind::Rating => on(F::Rating, true),
            TokenKind::Number => {
                seen.numbers += 1;
                if items.get(at + 1).is_some_and(|next| is(next, Set::Unit)) {
                    seen.measures += 1;
                }
            }
            TokenKind::Word => {
                if item.shape.has(Shape::DIGIT) {
                    seen.models += 1;
                    seen.measures += u32::from(is(item, Set::Unit));
                }
                seen.capitalised += u32::from(item.shape.has(Shape::CAPITAL));
                seen.shouted += u32::from(item.shape.shouted());
                clause.shouted += u32::from(item.shape.shouted());
                // Verbs stand first in their clause, or after a mention or an address.
                if place_in_clause == 0 || item.after_pause {
                    let plural = ends_plural(input, item) && !is(item, Set::You);
                    on(F::ImperativePlural, plural);
                    seen.imperatives += u32::from(plural || is(item, Set::Act));
                }
            }
            _ => {}
        }
    }
    let words = seen.words;
    on(F::Me, seen.has(Set::Me));
    on(F::MeTwice, seen.many(Set::Me, 3));
    on(F::My, seen.has(Set::My));
    on(F::We, seen.has(Set::We));
    on(F::Our, seen.has(Set::Our));
    on(F::WeYou, (seen.has(Set::We) || seen.has(Set::Our)) && (seen.has(Set::You) || seen.has(Set::Your)));
    on(F::You, seen.has(Set::You));
    on(F::Your, seen.has(Set::Your));
    on(F::Thou, seen.has(Set::Thou));
    on(F::Others, seen.has(Set::Others));
    on(F::NoPerson, !person);
    on(F::TargetNamed, stream.named);
    on(F::TargetTwice, seen.targets > 1);
    on(F::Mentions, seen.mentions > 1);
    on(F::Hashtags, seen.hashtags > 0);
    on(F::HashtagsMany, seen.hashtags > 2);
    on(F::Url, seen.urls > 0);
    on(F::Emoji, seen.emoji > 0);
    on(F::EmojiMany, seen.emoji > 2);
    on(F::Price, seen.prices > 0);
    on(F::Prices, seen.prices > 1);
    on(F::Number, seen.numbers > 0);
    on(F::Numbers, seen.numbers > 2);
    on(F::Measure, seen.measures > 0);
    on(F::Measures, seen.measures > 1);
    on(F::Model, seen.models > 0);
    on(F::Jargon, seen.has(Set::Jargon));
    on(F::JargonSome, seen.many(Set::Jargon, 2));
    on(F::JargonMuch, seen.many(Set::Jargon, 4));
    on(F::Asks, seen.asks > 0);
    on(F::AsksTwice, seen.asks > 1);
    on(F::Shouts, seen.shouts > 0);
    on(F::ShoutsTwice, seen.shouts > 1);
    on(F::Date, seen.has(Set::Date));
    on(F::Imperative, seen.imperatives > 0);
    on(F::Imperatives, seen.imperatives > 1);
    on(F::Thanks, seen.has(Set::Thanks));
    on(F::Sorry, seen.has(Set::Sorry));
    on(F::Tiny, words <= 6);
    on(F::Short, words <= 14);
    on(F::Long, words > 30);
    on(F::VeryLong, words > 60);
    on(F::HeadlineCase, words >= 4 && seen.capitalised * 10 >= words * 6);
    on(F::Capitals, words >= 4 && seen.shouted * 2 >= words);
    on(F::NewsVerb, seen.has(Set::News));
    on(F::NewsNoPerson, seen.has(Set::News) && !person);
    on(F::Press, seen.has(Set::Press));
    on(F::WorkOne, seen.has(Set::Work));
    on(F::WorkMuch, seen.many(Set::Work, 3));
    on(F::CommonOne, seen.has(Set::Common));
    on(F::CommonMuch, seen.many(Set::Common, 3));
    on(F::OfferOne, seen.has(Set::Offer));
    on(F::OfferMuch, seen.many(Set::Offer, 2));
    on(F::OfferNoPerson, seen.has(Set::Offer) && !seen.has(Set::Me) && !seen.has(Set::My));
    on(F::Kin, seen.has(Set::Kin));
    on(F::Laugh, seen.has(Set::Laugh));
    on(F::Since, seen.has(Set::Since));
    on(F::If, seen.has(Set::If));
    on(F::AskWord, seen.has(Set::Asks));
    on(F::Not, seen.has(Set::Not));
    on(F::Want, seen.has(Set::Want));
    on(F::Watch, seen.has(Set::Watch));
    on(F::Broken, seen.has(Set::Broken));
    on(F::Feel, seen.has(Set::Feel));
    on(F::Rarely, seen.has(Set::Rarely));
    on(F::JobOne, seen.has(Set::Job));
    on(F::JobMe, seen.has(Set::Job) && seen.has(Set::Me));
    on(F::Explains, seen.has(Set::Explain));
    on(F::ExplainsMuch, seen.many(Set::Explain, 3));
    on(F::ExplainsNoPerson, seen.many(Set::Explain, 2) && !person);
    on(F::French, input.reading.language == Language::French);
    on(F::FirstClauseTiny, input.reading.clauses.first().is_some_and(|c| c.last - c.first <= 3) && words > 8);
    if let Some(first) = first_word {
        let item = &items[first];
        let greets = is(item, Set::Greet)
            || (item.kind == TokenKind::Mention && items.get(first + 1).is_some_and(|next| is(next, Set::Greet)));
        on(F::Greets, greets);
        on(F::GreetsYou, greets && (seen.has(Set::You) || seen.has(Set::Your)));
        on(F::SmallStart, item.kind == TokenKind::Word && !item.shape.has(Shape::CAPITAL));
    }
    shape(input.text, &mut on);
    on(F::AsksLast, input.reading.clauses.last().is_some_and(|c| c.mark == Some(TokenKind::Question)));
    tone(input, &mut on);
}

/// Whether an item of a set stands among the `reach` items before a place, in the same clause.
fn near(items: &[Item], at: usize, set: Set, reach: usize) -> bool {
    let clause = items[at].clause;
    items[at.saturating_sub(reach)..at].iter().any(|i| i.clause == clause && is(i, set))
}

/// The form of a French verb that speaks to several people: `signez`.
fn ends_plural(input: &VoiceInput<'_>, item: &Item) -> bool {
    let (start, end) = input.reading.clean.original(input.text, item.start as usize, item.end as usize);
    let word = input.text.get(start..end).unwrap_or("");
    word.len() > 4 && word.ends_with("ez") && input.reading.language == Language::French
}

/// What the first and last characters of the text say.
fn shape(text: &str, on: &mut impl FnMut(F, bool)) {
    let text = text.trim();
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let last = chars.next_back().unwrap_or(' ');
    let bytes = text.as_bytes();
    // Most posts in English are ASCII, and hold none of the marks that are looked for below.
    let ascii = text.is_ascii();
    on(F::QuoteFirst, matches!(first, '"' | '«' | '“'));
    on(F::Quotes, memchr::memchr(b'"', bytes).is_some() || (!ascii && text.contains(['«', '“'])));
    on(F::BracketFirst, matches!(first, '['));
    on(F::CutOff, last == '…' || text.ends_with("...") || (!ascii && text.contains("… http")));
    on(F::NoEndMark, last.is_alphanumeric());
    on(F::Percent, memchr::memchr(b'%', bytes).is_some());
    let via = || memchr::memchr_iter(b'@', bytes).any(|at| bytes[..at].ends_with(b"via "));
    on(F::Shared, text.starts_with("RT ") || via());
    let dash =
        || memchr::memchr_iter(b'-', bytes).any(|at| bytes[..at].ends_with(b" ") && bytes[at + 1..].starts_with(b" "));
    on(F::Dash, dash() || (!ascii && text.contains(['–', '—'])));
    on(F::Lines, memchr::memchr(b'\n', bytes).is_some());
    on(F::SignedOff, signed_off(text));
}

/// A signature at the end: `^Sam`, `- the Nimbo team`, `[Community Team]`.
fn signed_off(text: &str) -> bool {
    /// A longer tail is a sentence.
    const TAIL: usize = 40;
    if text.ends_with(']') {
        return text.rfind('[').is_some_and(|at| at > 0 && text.len() - at < TAIL);
    }
    let Some((at, mark)) = text.char_indices().rev().take(TAIL).find(|(_, c)| matches!(c, '^' | '-' | '–' | '—'))
    else {
        return false;
    };
    let tail = text[at + mark.len_utf8()..].trim_start();
    let head = text[..at].trim_end();
    let begins = tail.chars().next().is_some_and(char::is_alphabetic);
    let apart = mark == '^' || head.ends_with(['.', '!', '?', '…', ')']);
    begins && apart && !head.is_empty() && tail.split_whitespace().count() <= 5
}

/// The tone of the post, as the tone room gave it.
fn tone(input: &VoiceInput<'_>, on: &mut impl FnMut(F, bool)) {
    let tonality = input.tonality;
    on(F::Negative, tonality.label == Label::Negative || (tonality.label == Label::Mixed && tonality.score < 0.0));
    on(F::Positive, tonality.label == Label::Positive || (tonality.label == Label::Mixed && tonality.score > 0.0));
    on(F::Toned, matches!(tonality.label, Label::Neutral | Label::Unknown));
}
