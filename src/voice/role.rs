//! Who speaks: linear scores over cues, grammar and single words, then the share of each role.
//!
//! `lexicons/roles.tsv` holds one row a feature (`@role:customer`, `@my target`) or word (`pétition`,
//! `join us`) and one column a label: the ten roles, then the nine intents. The rows are fitted together
//! by [`super::learn`], so that a cue's written weight is a beginning and what labelled posts make of it
//! is the end. The ordered questions of `docs/roles.md` are in the labels that the fit learns from; two
//! of them are certain enough to be rules here: a relay without a word added is nobody's, and a bio
//! that says so makes an official.

use super::cue::{self, FIRST_INTENT, FIRST_STAGE, MARKS, ROLES};
use super::intent::INTENTS;
use super::labels::{Basis, Role, RoleReading};
use super::stream::{Item, Stream};
use super::{VoiceInput, VoiceReading, VoiceScratch, grammar};
use crate::analysis::{Evidence, EvidenceFor, Via};
use crate::error::{Error, ErrorKind};
use crate::lexicon::Lexicon;
use crate::lexicon::hash::hash_pair;
use crate::lexicon::layer::Words as _;
use crate::lexicon::parse::rows;
use crate::post::Source;
use crate::text::TokenKind;
use hashbrown::HashMap;

/// Features that are not words: sums of cues, then grammar.
pub(crate) const FEATURES: usize = MARKS + grammar::COUNT;
/// Columns of the weights: roles, then intents.
pub(crate) const COLUMNS: usize = ROLES + INTENTS;
/// Below this share the label is `unclear`.
const THRESHOLD: f32 = 0.16;
/// A hot prospect is called by a salesman: the label asks for this much more than the others.
const HOT_MARGIN: f32 = 0.6;
/// Pieces of evidence told about a post's role and intents.
const MOST_EVIDENCE: usize = 6;

/// The weights of every feature and word for every label.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weights {
    rows: Vec<[f32; COLUMNS]>,
    /// By id: place of the word's row plus one.
    words: Vec<u32>,
    /// By pair of ids: place of the row plus one.
    pairs: HashMap<u64, u32>,
}

#[cfg(test)]
/// The name of a feature, as the weights' file writes it.
pub(crate) fn feature_name(index: usize) -> String {
    match index.checked_sub(MARKS) {
        None => format!("@{}", cue::name(index)),
        Some(at) => format!("@{}", grammar::FEATURES[at]),
    }
}

fn feature_index(name: &str) -> Option<usize> {
    match grammar::FEATURES.iter().position(|f| *f == name) {
        Some(at) => Some(MARKS + at),
        None => name.split_once(':').and_then(|(kind, label)| cue::mark(kind, label)),
    }
}

impl Weights {
    /// Reads a table of weights; refused rows are told, the others stand.
    pub(crate) fn read(text: &str, lexicon: &mut Lexicon, refused: &mut Vec<Error>) -> Self {
        let mut weights = Self { rows: vec![[0.0; COLUMNS]; FEATURES], ..Self::default() };
        for row in rows(text) {
            let mut values = [0.0f32; COLUMNS];
            let mut cells = row.cells();
            let name = cells.next().unwrap_or("");
            let mut read = Ok(());
            for (value, cell) in values.iter_mut().zip(cells) {
                match cell.parse() {
                    Ok(number) => *value = number,
                    Err(_) if cell.is_empty() => {}
                    Err(_) => read = Err(format!("`{cell}` is not a number")),
                }
            }
            if let Err(reason) = read.and_then(|()| weights.add(name, values, lexicon)) {
                refused.push(Error::new(ErrorKind::Lexicon, reason).at_line(row.line));
            }
        }
        weights
    }

    fn add(&mut self, name: &str, values: [f32; COLUMNS], lexicon: &mut Lexicon) -> Result<(), String> {
        if let Some(feature) = name.strip_prefix('@') {
            let index = feature_index(feature).ok_or_else(|| format!("`{feature}` is not a feature"))?;
            self.rows[index] = values;
            return Ok(());
        }
        self.rows.push(values);
        #[expect(clippy::cast_possible_truncation, reason = "a table has far fewer rows")]
        let place = self.rows.len() as u32;
        let ids: Vec<u32> = name.split(' ').map(|w| word_id(w, lexicon)).collect();
        match ids[..] {
            [id] => {
                let index = id as usize;
                if self.words.len() <= index {
                    self.words.resize(index + 1, 0);
                }
                self.words[index] = place;
            }
            [a, b] => {
                self.pairs.insert(hash_pair(a, b), place);
            }
            _ => return Err(format!("`{name}` is more than two words")),
        }
        Ok(())
    }

    /// The rows of a post's words and pairs of words, each once.
    pub(crate) fn words_of(&self, stream: &Stream, out: &mut Vec<u32>) {
        out.clear();
        let mut before = 0;
        for item in &stream.items {
            if !is_word(item) {
                before = if item.is_written() { item.id } else { 0 };
                continue;
            }
            out.extend(self.words.get(item.id as usize).filter(|row| **row != 0));
            if before != 0 && !self.pairs.is_empty() {
                out.extend(self.pairs.get(&hash_pair(before, item.id)));
            }
            before = item.id;
        }
        // A word said twice says no more of who speaks.
        out.sort_unstable();
        out.dedup();
    }

    /// The scores of every label.
    pub(crate) fn scores(&self, features: &[f32], words: &[u32]) -> [f32; COLUMNS] {
        let mut scores = [0.0f32; COLUMNS];
        let mut add = |row: &[f32; COLUMNS], factor: f32| {
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += weight * factor;
            }
        };
        for (row, value) in self.rows.iter().zip(features) {
            if *value != 0.0 {
                add(row, *value);
            }
        }
        let scale = word_scale(words.len());
        for place in words {
            add(&self.rows[*place as usize - 1], scale);
        }
        scores
    }
}

/// Words of a long post say less each.
pub(crate) fn word_scale(words: usize) -> f32 {
    1.0 / (words.max(1) as f32).sqrt()
}

/// Whether an item may be learnt from: a word with an id, not a name, number or link.
pub(crate) fn is_word(item: &Item) -> bool {
    item.id >= crate::lexicon::pack::FIRST_WORD
        && item.is_written()
        && !matches!(item.kind, TokenKind::Mention | TokenKind::Url)
}

fn word_id(word: &str, lexicon: &mut Lexicon) -> u32 {
    crate::lexicon::slot::parse(word).unwrap_or_else(|| lexicon.vocabulary.intern(word))
}

/// What a place of publication adds to the scores, by role, where it is given.
fn source_prior(source: Source) -> [f32; ROLES] {
    // commercial, official, insider, media, activist, customer, hot, cold, geek, public
    match source {
        Source::Press => [0.0, 0.0, -0.5, 1.5, 0.0, 0.0, -0.5, 0.0, 0.0, 0.0],
        Source::Review => [0.0, 0.0, 0.0, 0.0, -0.5, 1.2, 0.0, 0.0, 0.0, -0.3],
        Source::Blog => [0.0, 0.0, 0.0, 0.5, 0.0, 0.2, 0.0, 0.0, 0.3, 0.0],
        Source::Linkedin => [0.2, 0.5, 0.5, 0.2, 0.0, -0.3, 0.0, 0.0, 0.0, -0.2],
        Source::Forum => [-0.2, -0.3, 0.0, -0.5, 0.0, 0.3, 0.3, 0.1, 0.6, 0.0],
        Source::Comment => [0.0, 0.0, 0.0, -0.4, 0.0, 0.2, 0.0, 0.1, 0.0, 0.3],
        Source::Tweet | Source::Other => [0.0; ROLES],
    }
}

/// What words of an author's description add, by role.
const BIO: &[(&[&str], Role, f32)] = &[
    (
        &["official account", "compte officiel", "service client", "customer service", "customer care", "here to help"],
        Role::Official,
        3.0,
    ),
    (
        &["journaliste", "journalist", "reporter", "rédacteur", "rédactrice", "editor", "news", "actualité", "média"],
        Role::Media,
        1.5,
    ),
    (&["militant", "activist", "campaign", "collectif", "syndicat", "union rep", "ngo", "ong"], Role::Activist, 1.2),
    (
        &["promo", "deals", "bons plans", "coupons", "affiliate", "parrainage", "concours", "giveaway"],
        Role::Commercial,
        1.5,
    ),
    (&["développeur", "developer", "engineer", "ingénieur", "sysadmin", "geek", "hardware", "maker"], Role::Geek, 0.8),
    (&["views my own", "opinions my own", "mes propos n'engagent", "tweets are my own"], Role::Insider, 0.7),
];

fn add_bio(bio: &str, targets: &[super::TargetSpans<'_>], scores: &mut [f32]) {
    let bio = bio.to_lowercase();
    for (words, role, weight) in BIO {
        if words.iter().any(|w| bio.contains(w)) {
            scores[*role as usize] += weight;
        }
    }
    let named = targets.iter().any(|t| !t.name.is_empty() && bio.contains(&t.name.to_lowercase()));
    let works = ["chez", "at ", "@", "work", "bosse", "salarié", "employee", "équipe", "team"];
    if named && works.iter().any(|w| bio.contains(w)) {
        scores[Role::Insider as usize] += 1.0;
        scores[Role::Official as usize] += 0.7;
    }
}

/// Scores of every label, the metadata's share included.
pub(crate) fn scores(weights: &Weights, input: &VoiceInput<'_>, scratch: &VoiceScratch) -> [f32; COLUMNS] {
    let mut scores = weights.scores(&scratch.features, &scratch.words);
    for (score, prior) in scores.iter_mut().zip(source_prior(input.source)) {
        *score += prior;
    }
    if let Some(bio) = input.bio {
        add_bio(bio, input.targets, &mut scores[..ROLES]);
    }
    scores
}

/// The role of the speaker.
pub(crate) fn judge(
    weights: &Weights,
    input: &VoiceInput<'_>,
    scratch: &VoiceScratch,
) -> ([f32; COLUMNS], RoleReading) {
    let scores = scores(weights, input, scratch);
    let mut basis = Vec::new();
    let silent = !scratch.stream.items.iter().any(Item::is_written);
    if !silent {
        basis.push(Basis::Text);
    }
    if input.bio.is_some_and(|b| !b.trim().is_empty()) {
        basis.push(Basis::Bio);
    }
    if source_prior(input.source).iter().any(|p| *p != 0.0) {
        basis.push(Basis::Source);
    }
    if silent || input.reading.foreign || is_bare_relay(&scratch.stream, input.text) {
        return (scores, RoleReading { basis, ..RoleReading::default() });
    }
    let mut judged = scores;
    judged[Role::ProspectHot as usize] -= HOT_MARGIN;
    let p = softmax(&judged[..ROLES]);
    let (best, top) = p.iter().copied().enumerate().fold((0, 0.0), |a, b| if b.1 > a.1 { b } else { a });
    let label = if top < THRESHOLD { Role::Unclear } else { Role::ALL[best] };
    (scores, RoleReading { label, confidence: top, p, basis })
}

/// Shares from scores.
pub(crate) fn softmax(scores: &[f32]) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut p: Vec<f32> = scores.iter().map(|s| (s - most).exp()).collect();
    let sum: f32 = p.iter().sum();
    for share in &mut p {
        *share /= sum;
    }
    p
}

/// A repost without a word added: the role of nobody.
fn is_bare_relay(stream: &Stream, text: &str) -> bool {
    let text = text.trim_start();
    let mut written = stream.items.iter().filter(|i| i.is_written());
    let only_link = written.all(|i| matches!(i.kind, TokenKind::Url | TokenKind::Mention));
    (text.starts_with("RT @") && !text.contains(['“', '"'])) || only_link
}

/// Tells the strongest cues of the role and of each intent that was given.
pub(crate) fn tell(
    weights: &Weights,
    input: &VoiceInput<'_>,
    scratch: &VoiceScratch,
    reading: &mut VoiceReading,
    evidence: &mut Vec<Evidence>,
) {
    let mut told: Vec<(f32, usize, EvidenceFor, &'static str)> = Vec::new();
    for (place, hit) in scratch.hits.iter().enumerate() {
        let row = &weights.rows[hit.mark];
        let role = reading.role.label;
        if role != Role::Unclear && (hit.mark == role as usize || row[role as usize] * hit.weight > 0.3) {
            let weight = if hit.mark == role as usize {
                hit.weight.max(row[role as usize] * hit.weight)
            } else {
                row[role as usize] * hit.weight
            };
            told.push((weight, place, EvidenceFor::Role, role.as_str()));
        }
        if (FIRST_INTENT..FIRST_STAGE).contains(&hit.mark) {
            let intent = super::Intent::ALL[hit.mark - FIRST_INTENT];
            if reading.intents.contains(&intent) {
                told.push((hit.weight, place, EvidenceFor::Intent, intent.as_str()));
            }
        }
    }
    told.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept = 0;
    for (at, &(weight, place, speaks_for, label)) in told.iter().enumerate() {
        let (start, end) = cue::span(&scratch.hits[place], &scratch.stream);
        let (start, end) = input.reading.clean.original(input.text, start, end);
        let Some(text) = input.text.get(start..end).filter(|t| !t.is_empty()) else { continue };
        // Patterns that overlap say the same thing once.
        let again = told[..at].iter().any(|&(_, p, f, _)| {
            f == speaks_for
                && scratch.hits[p].first <= scratch.hits[place].last
                && scratch.hits[place].first <= scratch.hits[p].last
        });
        if again {
            continue;
        }
        evidence.push(Evidence {
            start,
            end,
            text: text.to_owned(),
            term: text.to_lowercase(),
            via: if scratch.hits[place].first == scratch.hits[place].last { Via::Exact } else { Via::Phrase },
            weight,
            speaks_for,
            label: Some(label.to_owned()),
        });
        kept += 1;
        if kept == MOST_EVIDENCE {
            break;
        }
    }
}
