//! Noise: posts that a person should not have to read, each with the reason. Flagged, never dropped.
//!
//! In: a post and its analysis. Out: a [`NoiseReading`]. Asked in this order: is it a bare repost, is
//! there anything to read, is it the target at all (its `exclude` words; a name that is also a common
//! noun, in a context that says so), does it sell, give away, or come from a machine. Cues are rows of
//! `lexicons/{fr,en}/noise.tsv`, each with its example; they add up, with weights learnt for what no
//! row lists (see `learned`), and rows of class `ordinary` speak against: "le code promo ne marche pas"
//! is a complaint.
//!
//! `duplicate` is never given here: it takes the other posts, and comes from the watch's stories.
//! The bar is set for precision: an advert that slips through costs a glance, a complaint that is
//! called spam costs a customer. A quarter to a third of what reading the post takes.

use super::cues::Cues;
use super::learned::Learned;
use super::pattern::Class;
use super::skim::{Kind, Skim};
use crate::analysis::{Analysis, Label};
use crate::post::{Post, Source, Target};
use crate::voice::{Intent, Role};
use std::cell::RefCell;

/// What kind of noise a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Noise {
    /// Not noise.
    #[default]
    None,
    /// Unwanted selling, phishing, bait.
    Spam,
    /// A contest or a gift for shares.
    Giveaway,
    /// Posted by a machine.
    AutoPost,
    /// Somebody else's post without a word added.
    Repost,
    /// A copy of an earlier post, but for details.
    Duplicate,
    /// The name, but not the target; or nothing to read.
    OffTarget,
}

impl Noise {
    /// Every value.
    pub const ALL: [Self; 7] =
        [Self::None, Self::Spam, Self::Giveaway, Self::AutoPost, Self::Repost, Self::Duplicate, Self::OffTarget];

    /// The value as the records spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Spam => "spam",
            Self::Giveaway => "giveaway",
            Self::AutoPost => "auto_post",
            Self::Repost => "repost",
            Self::Duplicate => "duplicate",
            Self::OffTarget => "off_target",
        }
    }
}

/// Whether a post is noise, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NoiseReading {
    /// The kind.
    pub label: Noise,
    /// The reason, in a few words; empty where the post is not noise.
    pub reason: String,
}

impl NoiseReading {
    fn new(label: Noise, reason: impl Into<String>) -> Self {
        Self { label, reason: reason.into() }
    }
}

/// From this sum on, a post is flagged.
const BAR: f32 = 0.8;
/// What a unit of learnt log-odds is worth, and the log-odds beyond which more adds nothing: the weights
/// alone can flag a post, but not one that rows speak against. Chosen with `BAR` for precision first, by
/// cross-validation and on the roles' dev files (2026-11-22).
const LEARNED: f32 = 0.3;
const LEARNED_MOST: f32 = 4.0;

/// Room for so many pieces is kept from post to post.
const KEPT: usize = 4096;

thread_local! {
    static SKIM: RefCell<Skim> = RefCell::default();
}

/// Whether a post is noise. Reads the analysis' targets, intents and role where they are there.
pub fn judge(post: &Post, analysis: &Analysis) -> NoiseReading {
    SKIM.with(|skim| match skim.try_borrow_mut() {
        Ok(mut skim) => {
            skim.read(&post.text);
            let reading = judge_skim(post, analysis, &skim);
            skim.pieces.shrink_to(KEPT);
            reading
        }
        Err(_) => judge_skim(post, analysis, &Skim::of(&post.text)),
    })
}

pub(crate) fn judge_skim(post: &Post, analysis: &Analysis, skim: &Skim) -> NoiseReading {
    judge_with(post, analysis, skim, Learned::builtin())
}

/// The same by weights of one's choice.
pub(crate) fn judge_with(post: &Post, analysis: &Analysis, skim: &Skim, weights: &Learned) -> NoiseReading {
    if let Some(reading) = repost(post, skim).or_else(|| empty(skim)).or_else(|| homonym(post, skim)) {
        return reading;
    }
    let cues = Cues::builtin();
    let found = cues.find(skim);
    let mut sums = found.sums;
    for (class, weight, holds) in SIGNS {
        if holds(skim) {
            sums[class as usize] += weight;
        }
    }
    let against = sums[Class::Ordinary as usize] + voice_against(analysis);
    let person = sums[Class::Person as usize];
    let learned = weights.judge(skim);
    let kinds = [
        (Class::Spam, Noise::Spam, person, "sells or lures"),
        (Class::Giveaway, Noise::Giveaway, 0.0, "a contest or a gift"),
        (Class::Auto, Noise::AutoPost, 0.0, "posted by a machine"),
    ];
    // Rows and weights add up. The weights say how likely it is noise at all; rows and weights of each
    // kind say which.
    let any = LEARNED * learned.odds.clamp(-LEARNED_MOST, LEARNED_MOST);
    let best = kinds
        .into_iter()
        .zip(learned.classes)
        .map(|((class, label, person, what), odds)| {
            let rows = sums[class as usize] - against - person;
            (rows + any, rows + LEARNED * odds, class, label, what)
        })
        .reduce(|a, b| if b.1 > a.1 { b } else { a });
    match best {
        Some((sum, _, class, label, what)) if sum + f32::EPSILON >= BAR => {
            let quote = found.places[class as usize]
                .or(learned.place)
                .and_then(|(from, to)| post.text.get(from as usize..to as usize))
                .map_or_else(String::new, |words| format!(": \"{words}\""));
            NoiseReading::new(label, format!("{what}{quote}"))
        }
        _ => untargeted(post, analysis, skim).unwrap_or_default(),
    }
}

/// A sign of a class that no single row can hold.
type Sign = (Class, f32, fn(&Skim) -> bool);

/// What shape adds to words; none of these flags a post by itself.
const SIGNS: [Sign; 14] = [
    (Class::Spam, 0.25, |s| s.pieces.last().is_some_and(|p| p.kind == Kind::Link)),
    (Class::Spam, 0.2, |s| s.count(Kind::Link) >= 2),
    (Class::Spam, 0.2, |s| s.count(Kind::Symbol) >= 3),
    (Class::Spam, 0.2, |s| s.upper > 20 && s.upper > s.lower),
    (Class::Spam, 0.2, |s| s.count(Kind::Hashtag) >= 5),
    (Class::Spam, 0.5, |s| s.coupons > 0),
    (Class::Spam, 0.45, |s| s.phone),
    (Class::Giveaway, 0.2, |s| s.count(Kind::Symbol) >= 2),
    (Class::Giveaway, 0.1, |s| s.shouts >= 2),
    (Class::Auto, 0.2, |s| s.pieces.last().is_some_and(|p| p.kind == Kind::Link)),
    (Class::Auto, 0.3, |s| s.count(Kind::Number) >= 2),
    (Class::Auto, 0.3, |s| s.count(Kind::Number) >= 3 && s.count(Kind::Number) * 4 >= s.pieces.len()),
    (Class::Auto, 0.2, |s| s.bracket),
    (Class::Ordinary, 0.1, |s| s.asks && s.count(Kind::Link) == 0),
];

/// What the voice room heard that a seller would not say.
fn voice_against(analysis: &Analysis) -> f32 {
    let wants = |i: Intent| analysis.intents.contains(&i);
    let complains = wants(Intent::Complaint) || wants(Intent::Support) || wants(Intent::Churn);
    let sure = analysis.role.confidence >= 0.6;
    let role = match analysis.role.label {
        Role::Commercial => -0.4 * analysis.role.confidence,
        Role::Public | Role::Unclear => 0.0,
        _ if sure => 0.3,
        _ => 0.0,
    };
    let blames = analysis.tonality.label == Label::Negative && analysis.tonality.confidence >= 0.6;
    role + if complains { 0.4 } else { 0.0 } + if blames { 0.3 } else { 0.0 }
}

/// Somebody else's post: said by the export, or by `RT @name:` at its very beginning.
fn repost(post: &Post, skim: &Skim) -> Option<NoiseReading> {
    if let Some(id) = post.repost_of.as_deref().filter(|id| !id.is_empty()) {
        return Some(NoiseReading::new(Noise::Repost, format!("repeats the post {id}")));
    }
    let [first, second, ..] = skim.pieces.as_slice() else { return None };
    let word = post.text.get(first.start as usize..first.end as usize)?;
    let marks = first.start < 4 && matches!(word, "RT" | "Rt" | "rt" | "MT" | "RP" | "🔁");
    (marks && second.kind == Kind::Mention).then(|| NoiseReading::new(Noise::Repost, "begins with RT and a name"))
}

/// Nothing but links, mentions and marks.
fn empty(skim: &Skim) -> Option<NoiseReading> {
    let says = |k: Kind| matches!(k, Kind::Word | Kind::Symbol | Kind::Hashtag);
    (!skim.pieces.iter().any(|p| says(p.kind)))
        .then(|| NoiseReading::new(Noise::OffTarget, "nothing to read: no words"))
}

/// The name means something else: every target that the text holds is shown to by a word that its
/// `exclude` lists, or is a common noun in a context that says so. A handle or a tag is the target.
fn homonym(post: &Post, skim: &Skim) -> Option<NoiseReading> {
    let mut reason = None;
    for target in &post.targets {
        if names(target).any(|name| named_by_handle(name, skim)) {
            return None;
        }
        let excluded = target.exclude.iter().find(|word| holds(skim, word).is_some());
        let shown = excluded
            .map(|word| format!("\"{word}\" says that \"{}\" is something else", target.name))
            .or_else(|| noun(post, target, skim));
        match shown {
            Some(why) => reason = Some(why),
            None if names(target).any(|name| holds(skim, name).is_some()) => return None,
            None => {}
        }
    }
    reason.map(|why| NoiseReading::new(Noise::OffTarget, why))
}

fn names(target: &Target) -> impl Iterator<Item = &str> {
    std::iter::once(target.name.as_str()).chain(target.aliases.iter().map(String::as_str))
}

/// `@name` or `#name` as one piece.
fn named_by_handle(name: &str, skim: &Skim) -> bool {
    let handle = Skim::of(&format!("@{}", name.trim_start_matches(['@', '#'])));
    let [only] = handle.pieces.as_slice() else { return false };
    skim.pieces.iter().any(|p| matches!(p.kind, Kind::Mention | Kind::Hashtag) && p.hash == only.hash)
}

/// The place (in pieces) of a term in a text.
fn holds(skim: &Skim, term: &str) -> Option<usize> {
    let wanted = Skim::of(term);
    let wanted: Vec<u64> = wanted.pieces.iter().map(|p| p.hash).collect();
    if wanted.is_empty() {
        return None;
    }
    skim.pieces.windows(wanted.len()).position(|w| w.iter().zip(&wanted).all(|(p, h)| p.hash == *h))
}

/// A target whose name is a common noun, with a word beside it that only the noun has.
fn noun(post: &Post, target: &Target, skim: &Skim) -> Option<String> {
    let cues = Cues::builtin();
    let (name, at) = names(target).find_map(|name| {
        let known = Skim::of(name).pieces.first().is_some_and(|p| cues.homonym(p.hash).is_some());
        holds(skim, name).filter(|_| known).map(|at| (name, at))
    })?;
    let piece = skim.pieces.get(at)?;
    let context = cues.homonym(piece.hash)?;
    let written = post.text.get(piece.start as usize..piece.end as usize)?;
    let beside =
        skim.pieces.iter().enumerate().find(|(i, p)| i.abs_diff(at) <= 8 && *i != at && context.contains(&p.hash));
    let small = written.chars().next().is_some_and(char::is_lowercase);
    let (_, beside) = beside.filter(|_| small)?;
    let word = post.text.get(beside.start as usize..beside.end as usize)?;
    Some(format!("\"{name}\" beside \"{word}\" is a common noun"))
}

/// An article that names none of what was asked about. Posts elsewhere leave the name out all the time
/// (a reply, a review, a comment), so only articles are judged.
fn untargeted(post: &Post, analysis: &Analysis, skim: &Skim) -> Option<NoiseReading> {
    let article = matches!(post.source, Source::Press | Source::Blog) && post.thread.is_none();
    let asked = !analysis.targets.is_empty() && analysis.targets.iter().all(|t| !t.mentioned);
    (article && asked && skim.words().count() >= 12)
        .then(|| NoiseReading::new(Noise::OffTarget, "an article that names none of the targets"))
}
