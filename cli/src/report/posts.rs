//! The posts behind the page: a choice of the sample, so that every number leads to some of its own.
//!
//! In: the watch's sample and what the page shows of it. Out: [`PagePost`] records for the page's
//! script. First come the posts that the page names (alerts, review, journeys, authors), then posts by
//! quota: of each thing that can be asked for (a tone of a target on a day, an aspect, a role, a source)
//! one, then some more, until the page is full. The order is that of the sample's hashes, so the
//! choice is a fair one and the same every time.

use super::figures::Names;
use crate::words::Words;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use tonalite::watch::{Card, Clock, Groups, Noise, Panel};
use tonalite::{Label, Post};

/// Posts that a page carries at most.
const MOST: usize = 4_000;
/// Bytes of text that they may have in all.
const BYTES: usize = 1_500_000;
/// What the rounds of the choice take of each thing that can be asked for.
const QUOTAS: [u8; 3] = [1, 4, 20];
/// Posts of an author that the page names.
const OF_AUTHOR: usize = 8;

/// Words with a smaller share of the score do not stand out.
const LIGHTEST: f32 = 0.02;

const DAY: i64 = 86_400;

/// A post as the page's script reads it; names are short because there are thousands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PagePost {
    /// Id.
    i: Option<String>,
    /// Second since the epoch, and as people write it.
    d: Option<i64>,
    y: String,
    /// Author, address.
    w: Option<String>,
    u: Option<String>,
    /// Source, label, role, noise: as the records spell them.
    s: &'static str,
    l: &'static str,
    r: &'static str,
    n: &'static str,
    /// Confidence in percent.
    c: u8,
    /// Targets by place: tone, and aspects each with its tone.
    t: Vec<AboutTarget>,
    /// The text in pieces, each with its share of the score.
    m: Vec<Piece>,
    /// Story and stratum by place.
    #[serde(skip_serializing_if = "Option::is_none")]
    g: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<usize>,
    /// Whether the story began with another post.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    e: bool,
}

/// A target by place, the tone towards it, and its aspects each with its tone.
type AboutTarget = (usize, &'static str, Vec<(String, &'static str)>);

/// A piece of a text, and its share of the score in hundredths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Piece(pub(crate) String, pub(crate) i16);

/// A post that is quoted in the page itself.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Quote {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) author: String,
    pub(crate) when: String,
    pub(crate) source: String,
    pub(crate) role: String,
    pub(crate) label: &'static str,
    pub(crate) tone: String,
    /// Only an address of the web; anything else is no link.
    pub(crate) url: Option<String>,
}

/// What posts are described by.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) words: &'a Words,
    pub(crate) clock: &'a Clock,
    pub(crate) names: &'a Names,
    pub(crate) groups: &'a Groups,
    pub(crate) panel: Option<&'a Panel>,
    pub(crate) strata: &'a [String],
}

impl Desk<'_> {
    /// A post to be read in the page.
    pub(crate) fn quote(&self, card: &Card, target: Option<&str>) -> Quote {
        let label = card.tone(target).unwrap_or(card.label);
        Quote {
            pieces: pieces(card),
            author: card.author.clone().unwrap_or_default(),
            when: card.at.map(|at| self.words.moment(self.clock, at)).unwrap_or_default(),
            source: self.words.value("source", card.source.as_str()),
            role: self.words.value("role", card.role.as_str()),
            label: label.as_str(),
            tone: self.words.value("tone", label.as_str()),
            url: card.url.as_deref().filter(|u| is_web(u)).map(str::to_owned),
        }
    }

    fn post(&self, card: &Card) -> PagePost {
        let targets = card.targets.iter().filter_map(|t| Some((self.names.place(&t.name)?, t)));
        // The share of confidence is between 0 and 1.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let confidence = (100.0 * card.confidence).round() as u8;
        PagePost {
            i: card.id.clone(),
            d: card.at,
            y: card.at.map(|at| self.words.moment(self.clock, at)).unwrap_or_default(),
            w: card.author.clone(),
            u: card.url.clone().filter(|u| is_web(u)),
            s: card.source.as_str(),
            l: card.label.as_str(),
            r: card.role.as_str(),
            n: card.noise.as_str(),
            c: confidence,
            t: targets
                .map(|(place, t)| {
                    let aspects = t.aspects.iter().map(|(name, label)| (name.clone(), label.as_str()));
                    (place, t.label.as_str(), aspects.collect())
                })
                .collect(),
            m: pieces(card),
            g: self.groups.story_of(card.signature),
            k: self.stratum(card),
            e: self.is_echo(card),
        }
    }

    fn is_echo(&self, card: &Card) -> bool {
        let story = self.groups.story_of(card.signature).and_then(|s| self.groups.stories.get(s));
        story.is_some_and(|s| (s.first.at, &s.first.id) != (card.at, &card.id))
    }

    fn stratum(&self, card: &Card) -> Option<usize> {
        let post = Post { author: card.author.clone(), url: card.url.clone(), source: card.source, ..Post::default() };
        let name = self.panel?.stratum(&post)?;
        self.strata.iter().position(|s| s == name)
    }

    /// Chooses the posts of the page: those of the `first` cards, those that are `wanted`, then by quota.
    pub(crate) fn choose<'a>(
        &self,
        first: impl Iterator<Item = &'a Card>,
        sample: &[&'a Card],
        wanted: &Wanted,
    ) -> Vec<PagePost> {
        let mut choice = Choice::default();
        first.for_each(|card| choice.take(card));
        let mut by_author: HashMap<&str, usize> = HashMap::new();
        for card in sample {
            let named = card.id.as_deref().is_some_and(|id| wanted.ids.contains(id));
            let author = card.author.as_deref().filter(|a| wanted.authors.contains(*a));
            let some = author.map_or(OF_AUTHOR, |a| *by_author.get(a).unwrap_or(&0));
            if named || some < OF_AUTHOR {
                choice.take(card);
                if let Some(author) = author {
                    *by_author.entry(author).or_default() += 1;
                }
            }
        }
        let mut counts: HashMap<Asked, u8> = HashMap::new();
        for quota in QUOTAS {
            for card in sample {
                if choice.is_full() {
                    break;
                }
                let asked = self.asked(card);
                if asked.iter().any(|a| *counts.get(a).unwrap_or(&0) < quota) && choice.take_new(card) {
                    for a in asked {
                        let n = counts.entry(a).or_default();
                        *n = n.saturating_add(1);
                    }
                }
            }
        }
        let mut posts: Vec<PagePost> = choice.cards.iter().map(|card| self.post(card)).collect();
        posts.sort_by(|a, b| b.d.cmp(&a.d).then_with(|| a.i.cmp(&b.i)));
        posts
    }

    fn asked(&self, card: &Card) -> Vec<Asked> {
        let day = card.at.map_or(i64::MIN, |at| at.div_euclid(DAY));
        if card.noise != Noise::None {
            return vec![Asked::Noise(card.noise), Asked::NoiseOn(day, card.noise)];
        }
        let mut out = Vec::with_capacity(8);
        let mut about = |place: usize, label: Label| {
            out.push(Asked::Day(place, label, day));
            out.push(Asked::Role(place, card.role.as_str(), label));
            out.push(Asked::Source(place, card.source.as_str(), label));
        };
        about(usize::MAX, card.label);
        for target in &card.targets {
            if let Some(place) = self.names.place(&target.name) {
                about(place, target.label);
            }
        }
        for target in &card.targets {
            if let Some(place) = self.names.place(&target.name) {
                out.extend(target.aspects.iter().map(|(a, l)| Asked::Aspect(place, a.clone(), *l)));
            }
        }
        if let Some(story) = self.groups.story_of(card.signature).filter(|s| *s < 200) {
            out.push(Asked::Story(story));
        }
        if self.is_echo(card) {
            out.push(Asked::Echo(day));
        }
        out
    }
}

/// A thing that the page can ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Asked {
    Day(usize, Label, i64),
    Role(usize, &'static str, Label),
    Source(usize, &'static str, Label),
    Aspect(usize, String, Label),
    Story(usize),
    Echo(i64),
    Noise(Noise),
    NoiseOn(i64, Noise),
}

/// Posts that the page names.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) ids: HashSet<String>,
    pub(crate) authors: HashSet<String>,
}

#[derive(Default)]
struct Choice<'a> {
    cards: Vec<&'a Card>,
    seen: HashSet<(Option<&'a str>, Option<i64>, u64)>,
    bytes: usize,
}

impl<'a> Choice<'a> {
    fn is_full(&self) -> bool {
        self.cards.len() >= MOST || self.bytes >= BYTES
    }

    fn take(&mut self, card: &'a Card) {
        self.take_new(card);
    }

    fn take_new(&mut self, card: &'a Card) -> bool {
        let key = (card.id.as_deref().or(card.author.as_deref()), card.at, card.signature);
        let new = !self.is_full() && self.seen.insert(key);
        if new {
            self.bytes += card.text.len();
            self.cards.push(card);
        }
        new
    }
}

/// An address of the web, and no other: `javascript:` is a text, not a link.
fn is_web(url: &str) -> bool {
    let begins = |scheme: &str| url.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    (begins("https://") || begins("http://")) && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// A text in pieces: the words behind the score, and what stands between them. Where two overlap, the
/// heavier stands out.
pub(crate) fn pieces(card: &Card) -> Vec<Piece> {
    let mut marks: Vec<_> = card.spans.iter().filter(|s| s.weight.abs() >= LIGHTEST).collect();
    marks.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then(a.start.cmp(&b.start)));
    let mut kept: Vec<&tonalite::watch::Span> = Vec::new();
    for mark in marks {
        if kept.iter().all(|k| mark.end <= k.start || k.end <= mark.start) {
            kept.push(mark);
        }
    }
    kept.sort_by_key(|s| s.start);
    let (mut out, mut at) = (Vec::new(), 0);
    let mut put = |from: usize, to: usize, weight: f32| {
        if let Some(text) = card.text.get(from..to).filter(|t| !t.is_empty()) {
            // A share of a score between -1 and 1.
            #[allow(clippy::cast_possible_truncation)]
            out.push(Piece(visible(text), (100.0 * weight).round().clamp(-999.0, 999.0) as i16));
        }
    };
    for mark in kept {
        put(at, mark.start, 0.0);
        put(mark.start, mark.end, mark.weight);
        at = mark.end;
    }
    put(at, card.text.len(), 0.0);
    out
}

/// Marks that turn the direction of what follows would reorder the page around them.
fn visible(text: &str) -> String {
    let is_turn = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if is_turn(c) || (c.is_control() && c != '\n') { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked() {
        assert!(is_web("https://example.org/a?b") && is_web("HTTP://example.org"));
        for url in ["javascript:alert(1)", "data:text/html,x", " https://x", "https://a b", "//x", "é"] {
            assert!(!is_web(url), "{url}");
        }
    }
}
