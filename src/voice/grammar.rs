//! What a list of phrases can't hold: who is named as subject, what is possessed, how the post is built.
//!
//! Two tables and one pass; what is observed is a bit a feature. [`SETS`] names word sets whose members are rows of `cues.tsv` (kind `set`):
//! pronouns, dates, units, verbs of news, words of work. [`FEATURES`] names what the pass observes:
//! persons, tenses by their auxiliaries, possession of the target, the shape of a headline, numbers
//! with units, greetings and signatures. Nothing here branches on a language; the words do.

mod shape;

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

/// What was observed of a post: a bit a feature.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Observed(u128);

const _: () = assert!(COUNT <= 128, "a feature is a bit of `Observed`");

impl Observed {
    #[inline]
    fn on(&mut self, feature: F, yes: bool) {
        self.0 |= u128::from(yes) << (feature as u8);
    }

    /// The places of the features that hold, in order.
    #[inline]
    pub(crate) fn places(self) -> impl Iterator<Item = usize> {
        #[expect(clippy::cast_possible_truncation, reason = "each half in turn")]
        let halves = [(0, self.0 as u64), (64, (self.0 >> 64) as u64)];
        halves.into_iter().flat_map(|(from, mut bits)| {
            std::iter::from_fn(move || {
                let at = (bits != 0).then(|| from + bits.trailing_zeros() as usize);
                bits &= bits.wrapping_sub(1);
                at
            })
        })
    }
}

/// The bit of a word set.
const fn bit(set: Set) -> u64 {
    1 << set as u8
}

/// Whether one of some word sets is among these.
#[inline]
fn has(sets: u64, wanted: u64) -> bool {
    sets & wanted != 0
}

/// The word sets that were met at least once, twice, three times and four times, as bits.
#[derive(Default)]
struct Met([u64; 4]);

impl Met {
    #[inline]
    fn add(&mut self, sets: u64) {
        self.0[3] |= self.0[2] & sets;
        self.0[2] |= self.0[1] & sets;
        self.0[1] |= self.0[0] & sets;
        self.0[0] |= sets;
    }

    #[inline]
    fn many(&self, set: Set, least: usize) -> bool {
        has(self.0[least - 1], bit(set))
    }
}

const ME: u64 = bit(Set::Me);
const MY: u64 = bit(Set::My);
const OUR: u64 = bit(Set::Our);
/// Kinds of token.
const KINDS: usize = TokenKind::Other as usize + 1;
/// Word sets of the people spoken of as here: the speaker, and who is spoken to.
const PERSONS: u64 =
    bit(Set::Me) | bit(Set::My) | bit(Set::You) | bit(Set::Thou) | bit(Set::We) | bit(Set::Our) | bit(Set::Your);

/// Counts of one pass.
#[derive(Default)]
struct Seen {
    met: Met,
    /// The word sets of the first three and the first four words.
    begins: [u64; 2],
    kinds: [u32; KINDS],
    words: u32,
    targets: u32,
    measures: u32,
    capitalised: u32,
    shouted: u32,
    asks: u32,
    shouts: u32,
    imperatives: u32,
    models: u32,
}

/// The clause that is open: what it holds so far.
#[derive(Default)]
struct Open {
    sets: u64,
    /// The word sets of the last four items, the last one first.
    before: [u64; 4],
    /// The last item is a number.
    number: bool,
    begun: bool,
}

impl Seen {
    fn has(&self, set: Set) -> bool {
        self.met.many(set, 1)
    }

    fn many(&self, set: Set, least: usize) -> bool {
        self.met.many(set, least)
    }

    fn count(&self, kind: TokenKind) -> u32 {
        self.kinds[kind as usize]
    }
}

/// What holds of a post.
pub(crate) fn observe(input: &VoiceInput<'_>, stream: &Stream) -> Observed {
    let mut out = Observed::default();
    let seen = walk(input, &stream.items, &mut out);
    if seen.targets > 0 {
        of_targets(&stream.items, &mut out);
    }
    out.on(F::TargetNamed, stream.named);
    ends(&stream.items, &seen, &mut out);
    sums(&seen, &mut out);
    let clauses = &input.reading.clauses;
    out.on(F::French, input.reading.language == Language::French);
    out.on(F::FirstClauseTiny, clauses.first().is_some_and(|c| c.last - c.first <= 3) && seen.words > 8);
    out.on(F::AsksLast, clauses.last().is_some_and(|c| c.mark == Some(TokenKind::Question)));
    shape::observe(input.text, &mut out);
    tone(input, &mut out);
    out
}

/// Goes over the items once, counts, and notes what words say side by side.
fn walk(input: &VoiceInput<'_>, items: &[Item], out: &mut Observed) -> Seen {
    let mut seen = Seen::default();
    let mut open = Open::default();
    let french = input.reading.language == Language::French;
    for item in items {
        if !item.is_written() {
            match item.id {
                place::CLAUSE => open = Open::default(),
                place::ASKS => {
                    seen.asks += 1;
                    out.on(F::AsksFirst, item.clause == 0);
                    out.on(F::AsksMe, has(open.sets, bit(Set::Me)));
                    out.on(F::AsksYou, has(open.sets, bit(Set::You) | bit(Set::Your)));
                }
                place::SHOUTS => seen.shouts += 1,
                place::COLON => {
                    let label = item.clause == 0 && seen.words <= 5;
                    out.on(F::Colon, true);
                    out.on(F::LabelFirst, label);
                    out.on(F::LabelCapitals, label && seen.shouted > 0);
                }
                _ => {}
            }
            continue;
        }
        seen.words += 1;
        seen.targets += u32::from(item.id == slot::TARGET);
        seen.kinds[item.kind as usize] += 1;
        let word = item.kind == TokenKind::Word;
        if item.sets != 0 {
            together(item, &open, out);
            open.sets |= item.sets;
            seen.met.add(item.sets);
            if seen.words <= 4 {
                seen.begins[0] |= if seen.words <= 3 { item.sets } else { 0 };
                seen.begins[1] |= item.sets;
            }
            let unit = has(item.sets, bit(Set::Unit));
            seen.measures += u32::from(unit && open.number) + u32::from(unit && word && item.shape.has(Shape::DIGIT));
        }
        if word {
            seen.models += u32::from(item.shape.has(Shape::DIGIT));
            seen.capitalised += u32::from(item.shape.has(Shape::CAPITAL));
            seen.shouted += u32::from(item.shape.shouted());
            // Verbs stand first in their clause, or after a mention or an address.
            if !open.begun || item.after_pause {
                let plural = french && ends_plural(input, item) && !has(item.sets, bit(Set::You));
                out.on(F::ImperativePlural, plural);
                seen.imperatives += u32::from(plural || has(item.sets, bit(Set::Act)));
            }
        }
        let [a, b, c, _] = open.before;
        open.before = [item.sets, a, b, c];
        open.number = item.kind == TokenKind::Number;
        open.begun = true;
    }
    seen
}

/// What a word of some set says with those before it in its clause.
#[inline]
fn together(item: &Item, open: &Open, out: &mut Observed) {
    let sets = item.sets;
    let [a, b, c, d] = open.before;
    let (near2, near3, near4) = (a | b, a | b | c, a | b | c | d);
    if has(near4, ME | MY | OUR) {
        out.on(F::MePast, has(sets, bit(Set::Past)) & has(near2, ME));
        out.on(F::MeFuture, has(sets, bit(Set::Future)) & has(near2, ME));
        out.on(F::MeWant, has(sets, bit(Set::Want)) & has(near3, ME));
        out.on(F::BuyMe, has(sets, bit(Set::Buy)) & has(near4, ME));
        out.on(F::UseMe, has(sets, bit(Set::Use)) & has(near4, ME));
        out.on(F::WatchMe, has(sets, bit(Set::Watch)) & has(near4, ME));
        out.on(F::WorkMe, has(sets, bit(Set::Work)) & has(near3, MY | OUR));
        out.on(F::MyKin, has(sets, bit(Set::Kin)) & has(near2, MY));
    }
    if has(sets, bit(Set::Broken) | bit(Set::Date)) {
        let all = open.sets | sets;
        let date = has(sets, bit(Set::Date));
        out.on(F::BrokenMe, has(sets, bit(Set::Broken)) && has(all, ME | MY));
        out.on(F::DateMe, date && has(all, ME | bit(Set::We)));
        out.on(F::BuyDate, date && has(all, bit(Set::Buy)));
    }
}

/// Where the target stands, and what stands beside it.
fn of_targets(items: &[Item], out: &mut Observed) {
    let last_word = items.iter().rposition(Item::is_written);
    let (mut words, mut targets) = (0, 0);
    for (at, item) in items.iter().enumerate().filter(|(_, item)| item.is_written()) {
        words += 1;
        if item.id != slot::TARGET {
            continue;
        }
        targets += 1;
        out.on(F::TargetFirst, words <= 2);
        out.on(F::TargetHandleFirst, words == 1 && item.kind == TokenKind::Mention);
        out.on(F::TargetHashtag, item.kind == TokenKind::Hashtag);
        out.on(F::TargetLast, Some(at) == last_word);
        out.on(F::MyTarget, near(items, at, Set::My, 2));
        out.on(F::OurTarget, near(items, at, Set::Our, 2));
        out.on(F::JobTarget, near(items, at, Set::Job, 3));
        out.on(F::TargetNews, items[at + 1..].iter().take(3).any(|i| has(i.sets, bit(Set::News))));
    }
    out.on(F::TargetTwice, targets > 1);
}

/// What the first and the last words say.
fn ends(items: &[Item], seen: &Seen, out: &mut Observed) {
    let Some(first) = items.iter().position(Item::is_written) else { return };
    let item = &items[first];
    let greet = bit(Set::Greet);
    let greets = has(item.sets, greet)
        || (item.kind == TokenKind::Mention && items.get(first + 1).is_some_and(|next| has(next.sets, greet)));
    out.on(F::Greets, greets);
    out.on(F::GreetsYou, greets && (seen.has(Set::You) || seen.has(Set::Your)));
    out.on(F::SmallStart, item.kind == TokenKind::Word && !item.shape.has(Shape::CAPITAL));
    out.on(F::MentionFirst, item.kind == TokenKind::Mention);
    out.on(F::HashtagFirst, item.kind == TokenKind::Hashtag);
    out.on(F::EmojiFirst, matches!(item.kind, TokenKind::Emoji | TokenKind::Emoticon));
    if seen.count(TokenKind::Url) > 0 {
        let last = items.iter().rposition(Item::is_written).unwrap_or(first);
        out.on(F::UrlLast, items[last.saturating_sub(1)..=last].iter().any(|i| i.kind == TokenKind::Url));
    }
}

/// What the counts amount to.
fn sums(seen: &Seen, out: &mut Observed) {
    let words = seen.words;
    let met = seen.met.0[0];
    let person = has(met, PERSONS);
    let emoji = seen.count(TokenKind::Emoji) + seen.count(TokenKind::Emoticon);
    out.on(F::Bias, true);
    out.on(F::MeFirst, has(seen.begins[0], bit(Set::Me)));
    out.on(F::WeFirst, has(seen.begins[1], bit(Set::We)));
    out.on(F::YouFirst, has(seen.begins[1], bit(Set::You) | bit(Set::Your)));
    out.on(F::Me, seen.has(Set::Me));
    out.on(F::MeTwice, seen.many(Set::Me, 3));
    out.on(F::My, seen.has(Set::My));
    out.on(F::We, seen.has(Set::We));
    out.on(F::Our, seen.has(Set::Our));
    out.on(F::WeYou, (seen.has(Set::We) || seen.has(Set::Our)) && (seen.has(Set::You) || seen.has(Set::Your)));
    out.on(F::You, seen.has(Set::You));
    out.on(F::Your, seen.has(Set::Your));
    out.on(F::Thou, seen.has(Set::Thou));
    out.on(F::Others, seen.has(Set::Others));
    out.on(F::NoPerson, !person);
    out.on(F::Mentions, seen.count(TokenKind::Mention) > 1);
    out.on(F::Hashtags, seen.count(TokenKind::Hashtag) > 0);
    out.on(F::HashtagsMany, seen.count(TokenKind::Hashtag) > 2);
    out.on(F::Url, seen.count(TokenKind::Url) > 0);
    out.on(F::Emoji, emoji > 0);
    out.on(F::EmojiMany, emoji > 2);
    out.on(F::Price, seen.count(TokenKind::Price) > 0);
    out.on(F::Prices, seen.count(TokenKind::Price) > 1);
    out.on(F::Number, seen.count(TokenKind::Number) > 0);
    out.on(F::Numbers, seen.count(TokenKind::Number) > 2);
    out.on(F::Measure, seen.measures > 0);
    out.on(F::Measures, seen.measures > 1);
    out.on(F::Model, seen.models > 0);
    out.on(F::Jargon, seen.has(Set::Jargon));
    out.on(F::JargonSome, seen.many(Set::Jargon, 2));
    out.on(F::JargonMuch, seen.many(Set::Jargon, 4));
    out.on(F::Asks, seen.asks > 0);
    out.on(F::AsksTwice, seen.asks > 1);
    out.on(F::Shouts, seen.shouts > 0);
    out.on(F::ShoutsTwice, seen.shouts > 1);
    out.on(F::Date, seen.has(Set::Date));
    out.on(F::Imperative, seen.imperatives > 0);
    out.on(F::Imperatives, seen.imperatives > 1);
    out.on(F::Thanks, seen.has(Set::Thanks));
    out.on(F::Sorry, seen.has(Set::Sorry));
    out.on(F::Tiny, words <= 6);
    out.on(F::Short, words <= 14);
    out.on(F::Long, words > 30);
    out.on(F::VeryLong, words > 60);
    out.on(F::HeadlineCase, words >= 4 && seen.capitalised * 10 >= words * 6);
    out.on(F::Capitals, words >= 4 && seen.shouted * 2 >= words);
    out.on(F::NewsVerb, seen.has(Set::News));
    out.on(F::NewsNoPerson, seen.has(Set::News) && !person);
    out.on(F::Press, seen.has(Set::Press));
    out.on(F::WorkOne, seen.has(Set::Work));
    out.on(F::WorkMuch, seen.many(Set::Work, 3));
    out.on(F::CommonOne, seen.has(Set::Common));
    out.on(F::CommonMuch, seen.many(Set::Common, 3));
    out.on(F::OfferOne, seen.has(Set::Offer));
    out.on(F::OfferMuch, seen.many(Set::Offer, 2));
    out.on(F::OfferNoPerson, seen.has(Set::Offer) && !seen.has(Set::Me) && !seen.has(Set::My));
    out.on(F::Kin, seen.has(Set::Kin));
    out.on(F::Laugh, seen.has(Set::Laugh));
    out.on(F::Since, seen.has(Set::Since));
    out.on(F::If, seen.has(Set::If));
    out.on(F::AskWord, seen.has(Set::Asks));
    out.on(F::Not, seen.has(Set::Not));
    out.on(F::Want, seen.has(Set::Want));
    out.on(F::Watch, seen.has(Set::Watch));
    out.on(F::Broken, seen.has(Set::Broken));
    out.on(F::Feel, seen.has(Set::Feel));
    out.on(F::Rarely, seen.has(Set::Rarely));
    out.on(F::JobOne, seen.has(Set::Job));
    out.on(F::JobMe, seen.has(Set::Job) && seen.has(Set::Me));
    out.on(F::Explains, seen.has(Set::Explain));
    out.on(F::ExplainsMuch, seen.many(Set::Explain, 3));
    out.on(F::ExplainsNoPerson, seen.many(Set::Explain, 2) && !person);
    out.on(F::Email, seen.count(TokenKind::Email) > 0);
    out.on(F::Rating, seen.count(TokenKind::Rating) > 0);
}

/// Whether an item of a set stands among the `reach` items before a place, in the same clause.
fn near(items: &[Item], at: usize, set: Set, reach: usize) -> bool {
    let clause = items[at].clause;
    items[at.saturating_sub(reach)..at].iter().any(|i| i.clause == clause && has(i.sets, bit(set)))
}

/// The form of a French verb that speaks to several people: `signez`.
fn ends_plural(input: &VoiceInput<'_>, item: &Item) -> bool {
    let (start, end) = input.reading.clean.original(input.text, item.start as usize, item.end as usize);
    let word = input.text.get(start..end).unwrap_or("");
    word.len() > 4 && word.ends_with("ez") && input.reading.language == Language::French
}

/// The tone of the post, as the tone room gave it.
fn tone(input: &VoiceInput<'_>, out: &mut Observed) {
    let tonality = input.tonality;
    let mixed = tonality.label == Label::Mixed;
    out.on(F::Negative, tonality.label == Label::Negative || (mixed && tonality.score < 0.0));
    out.on(F::Positive, tonality.label == Label::Positive || (mixed && tonality.score > 0.0));
    out.on(F::Toned, matches!(tonality.label, Label::Neutral | Label::Unknown));
}
