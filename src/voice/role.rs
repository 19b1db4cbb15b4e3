//! Who speaks: linear scores over cues, grammar and single words, then the share of each role.
//!
//! `lexicons/roles.tsv` holds one row a feature (`@role:customer`, `@my target`) or word (`pétition`,
//! `join us`) and one column a label: the ten roles, then the nine intents. The rows are fitted together
//! by [`super::learn`], so that a cue's written weight is a beginning and what labelled posts make of it
//! is the end. The ordered questions of `docs/roles.md` are in the labels that the fit learns from; two
//! of them are certain enough to be rules here: a relay without a word added is nobody's, and a bio
//! that says so makes an official.

use super::cue::{self, MARKS, OwnRoles, ROLES};
use super::grammar::Observed;
use super::intent::INTENTS;
use super::labels::{Basis, Role, RoleReading};
use super::stream::{Item, Stream};
use super::{VoiceInput, VoiceScratch, grammar};
use crate::error::{Error, ErrorKind};
use crate::lexicon::Lexicon;
use crate::lexicon::hash::hash_pair;
use crate::lexicon::layer::Words as _;
use crate::lexicon::pack::field;
use crate::lexicon::parse::{header, rows};
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
/// The hot prospect's place among the roles.
const HOT: usize = 6;

/// A weight in hundredths, as the table writes it, in half the memory of a float.
type Cell = i16;

/// The cell of a weight.
#[expect(clippy::cast_possible_truncation, reason = "what is larger counts as the largest")]
fn cell(weight: f32) -> Cell {
    (weight * 100.0).round() as Cell
}

/// The weight of a cell.
#[inline]
fn weight(cell: Cell) -> f32 {
    f32::from(cell) / 100.0
}

/// Numbers that are added at once.
const LANES: usize = 4;
/// The word opens a pair of words.
const OPENS: u32 = 1 << 31;

/// The weights of every feature and word for every label.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// Where each of the table's columns adds up: roles, intents, the user's own roles.
    columns: Vec<u16>,
    /// By lane and column, what a role's cell counts for in the mean over the roles.
    role_shares: Vec<[f32; LANES]>,
    /// The user's own roles that were known when the table was read: the cues of each have a row.
    own: usize,
    /// Row after row; those of the features come first. A row is as wide as a whole number of lanes.
    cells: Vec<[Cell; LANES]>,
    /// By id: place of the word's row, and [`OPENS`] where the word opens a pair.
    words: Vec<u32>,
    /// By pair of ids: place of the row.
    pairs: HashMap<u64, u32>,
}

/// The name of a feature, as the weights' file writes it.
pub(crate) fn feature_name(index: usize, own: &OwnRoles) -> String {
    match index {
        FEATURES.. => format!("@{}", cue::name(index - FEATURES + MARKS, own)),
        MARKS.. => format!("@{}", grammar::FEATURES[index - MARKS]),
        _ => format!("@{}", cue::name(index, own)),
    }
}

fn feature_index(name: &str, own: &OwnRoles) -> Option<usize> {
    match grammar::FEATURES.iter().position(|f| *f == name) {
        Some(at) => Some(MARKS + at),
        None => name.split_once(':').and_then(|(kind, label)| cue::mark(kind, label, own)).map(cue::feature),
    }
}

/// The label that a column of a table speaks for; the name of no label is a role of the user's own.
fn column(name: &str, own: &mut OwnRoles) -> Result<usize, String> {
    if let Some(place) = Role::parse(name).and_then(Role::place) {
        return Ok(place);
    }
    match super::Intent::ALL.iter().position(|i| i.as_str() == name) {
        Some(place) => Ok(ROLES + place),
        None => cue::declare(name, None, own).map(|place| COLUMNS + place),
    }
}

impl Table {
    /// The built-in table: its features are text, its words packed by the build script. After two `u32`
    /// (rows, columns), each row is two ids (0 for none) and its cells in hundredths, two bytes each.
    pub(crate) fn builtin(lexicon: &mut Lexicon) -> Self {
        static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/roles.bin"));
        const FEATURES: &str = include_str!(concat!(env!("OUT_DIR"), "/roles-head.tsv"));
        let mut table = Self::read(FEATURES, lexicon, &mut OwnRoles::new(), &mut Vec::new());
        let width = field(WORDS, 1);
        let mut cells = vec![0; width];
        for row in WORDS[8..].chunks_exact(8 + width * size_of::<Cell>()).take(field(WORDS, 0)) {
            for (cell, bytes) in cells.iter_mut().zip(row[8..].as_chunks().0) {
                *cell = Cell::from_le_bytes(*bytes);
            }
            #[expect(clippy::cast_possible_truncation, reason = "ids have 24 bits")]
            match [field(row, 0), field(row, 1)].map(|id| id as u32) {
                [a, 0] => table.add_word(a, &cells),
                [a, b] => table.add_pair(a, b, &cells),
            }
        }
        table
    }

    /// Reads a table of weights; refused rows are told, the others stand.
    pub(crate) fn read(text: &str, lexicon: &mut Lexicon, own: &mut OwnRoles, refused: &mut Vec<Error>) -> Self {
        let mut table = Self::default();
        for name in header(text).split('\t').skip(1).map(str::trim) {
            #[expect(clippy::cast_possible_truncation, reason = "there are few labels")]
            match column(name, own) {
                Ok(place) => table.columns.push(place as u16),
                Err(reason) => refused.push(Error::new(ErrorKind::Lexicon, reason).at_line(1)),
            }
        }
        let width = table.columns.len();
        table.role_shares = role_shares(&table.columns, table.lanes());
        table.own = own.len();
        table.cells.resize((FEATURES + own.len()) * table.lanes(), [0; LANES]);
        let mut values = Vec::with_capacity(width);
        for row in rows(text) {
            values.clear();
            let mut cells = row.cells();
            let name = cells.next().unwrap_or("");
            let mut read = Ok(());
            for written in cells.take(width) {
                match written {
                    "" => values.push(0),
                    written => match written.parse() {
                        Ok(number) => values.push(cell(number)),
                        Err(_) => read = Err(format!("`{written}` is not a number")),
                    },
                }
            }
            if let Err(reason) = read.and_then(|()| table.add(name, &values, lexicon, own)) {
                refused.push(Error::new(ErrorKind::Lexicon, reason).at_line(row.line));
            }
        }
        table
    }

    /// The table's column of a label.
    pub(crate) fn column(&self, place: usize) -> Option<usize> {
        self.columns.iter().position(|c| usize::from(*c) == place)
    }

    /// Lanes of one row.
    fn lanes(&self) -> usize {
        self.columns.len().div_ceil(LANES).max(1)
    }

    fn add(&mut self, name: &str, values: &[Cell], lexicon: &mut Lexicon, own: &OwnRoles) -> Result<(), String> {
        let lanes = self.lanes();
        if let Some(feature) = name.strip_prefix('@') {
            let index = feature_index(feature, own).ok_or_else(|| format!("`{feature}` is not a feature"))?;
            let row = &mut self.cells[index * lanes..][..lanes];
            row.as_flattened_mut()[..values.len()].copy_from_slice(values);
            return Ok(());
        }
        let mut parts = name.split(' ').map(|w| word_id(w, lexicon));
        match (parts.next(), parts.next(), parts.next()) {
            (Some(id), None, _) => self.add_word(id, values),
            (Some(a), Some(b), None) => self.add_pair(a, b, values),
            _ => return Err(format!("`{name}` is more than two words")),
        }
        Ok(())
    }

    fn add_word(&mut self, id: u32, values: &[Cell]) {
        let place = self.push(values);
        *self.word(id) |= place;
    }

    fn add_pair(&mut self, a: u32, b: u32, values: &[Cell]) {
        let place = self.push(values);
        *self.word(a) |= OPENS;
        self.pairs.insert(hash_pair(a, b), place);
    }

    /// Adds a row of cells; gives its place.
    fn push(&mut self, values: &[Cell]) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "a table has far fewer rows")]
        let place = (self.cells.len() / self.lanes()) as u32;
        for lane in 0..self.lanes() {
            let mut row = [0; LANES];
            row.iter_mut().zip(values.iter().skip(lane * LANES)).for_each(|(cell, value)| *cell = *value);
            self.cells.push(row);
        }
        place
    }

    fn word(&mut self, id: u32) -> &mut u32 {
        let index = id as usize;
        if self.words.len() <= index {
            self.words.resize(index + 1, 0);
        }
        &mut self.words[index]
    }

    /// The row of a single word, where it has one.
    pub(crate) fn row_of(&self, id: u32) -> Option<usize> {
        self.words.get(id as usize).map(|entry| (entry & !OPENS) as usize).filter(|row| *row != 0)
    }

    /// The rows of a post's words and pairs of words, each once.
    pub(crate) fn words_of(&self, stream: &Stream, out: &mut Vec<u32>) {
        out.clear();
        let mut before = 0;
        for item in &stream.items {
            let entry = self.words.get(item.id as usize).copied().unwrap_or(0);
            if is_word(item) {
                if entry & !OPENS != 0 {
                    out.push(entry & !OPENS);
                }
                if before != 0 {
                    out.extend(self.pairs.get(&hash_pair(before, item.id)));
                }
            } else if !item.is_written() {
                before = 0;
                continue;
            }
            before = if entry & OPENS == 0 { 0 } else { item.id };
        }
        // A word said twice says no more of who speaks.
        out.sort_unstable();
        out.dedup();
    }

    /// Adds the table's scores of every label.
    pub(crate) fn score(&self, sums: &[f32], observed: Observed, words: &[u32], scores: &mut [f32]) {
        let post = Rows { sums: &sums[..sums.len().min(MARKS + self.own)], observed, words };
        // The built-in table and a layer of roles alone; sums of a known width stay in registers.
        match self.lanes() {
            5 => self.score_lanes::<5>(0, post, scores),
            3 => self.score_lanes::<3>(0, post, scores),
            lanes => (0..lanes).for_each(|first| self.score_lanes::<1>(first, post, scores)),
        }
    }

    /// Adds the scores of `N` lanes of each row from the `first` on.
    #[inline]
    fn score_lanes<const N: usize>(&self, first: usize, post: Rows<'_>, scores: &mut [f32]) {
        // Rows are as wide as what is added of them, or are taken lane by lane.
        let (rows, step) = (self.cells.as_chunks::<N>().0, self.lanes() / N);
        let mut sums = [[0.0f32; LANES]; N];
        let mut add = |place: usize, factor: f32| {
            let Some(row) = rows.get(place * step + first) else { return };
            for (sums, row) in sums.iter_mut().zip(row) {
                for (sum, cell) in sums.iter_mut().zip(row) {
                    *sum += f32::from(*cell) * factor;
                }
            }
        };
        let (marks, own) = post.sums.split_at(MARKS);
        for (place, value) in marks.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            add(place, *value);
        }
        post.observed.places().for_each(|at| add(MARKS + at, 1.0));
        for (place, value) in (FEATURES..).zip(own).filter(|(_, value)| **value != 0.0) {
            add(place, *value);
        }
        let scale = word_scale(post.words.len());
        for place in post.words {
            add(*place as usize, scale);
        }
        for (sum, column) in sums.as_flattened().iter().zip(&self.columns[first * LANES..]) {
            scores[usize::from(*column)] += sum / 100.0;
        }
    }

    /// What a feature's row says for a column, beside what it says for the roles on average.
    pub(crate) fn lift_of_feature(&self, feature: usize, column: usize) -> f32 {
        if feature < FEATURES + self.own { self.lift(feature, column) } else { 0.0 }
    }

    /// What a row says for a column, beside what it says for the roles on average.
    pub(crate) fn lift(&self, place: usize, column: usize) -> f32 {
        let Some(row) = self.cells.chunks_exact(self.lanes()).nth(place) else { return 0.0 };
        let mut sums = [0.0; LANES];
        for (cells, shares) in row.iter().zip(&self.role_shares) {
            for ((sum, cell), share) in sums.iter_mut().zip(cells).zip(shares) {
                *sum += f32::from(*cell) * share;
            }
        }
        weight(row.as_flattened()[column]) - sums.iter().sum::<f32>() / 100.0
    }
}

/// By lane and column, one over the number of roles where the column is a role's.
fn role_shares(columns: &[u16], lanes: usize) -> Vec<[f32; LANES]> {
    let is_role = |column: u16| usize::from(column) < ROLES || usize::from(column) >= COLUMNS;
    let count = columns.iter().filter(|column| is_role(**column)).count();
    let mut shares = vec![[0.0; LANES]; lanes];
    for (share, column) in shares.as_flattened_mut().iter_mut().zip(columns) {
        if is_role(*column) {
            *share = 1.0 / count as f32;
        }
    }
    shares
}

/// What a post has of a table's rows: sums of cues, what the grammar observed, places of words' rows.
#[derive(Clone, Copy)]
struct Rows<'a> {
    sums: &'a [f32],
    observed: Observed,
    words: &'a [u32],
}

/// Words of a long post say less each.
pub(crate) fn word_scale(words: usize) -> f32 {
    1.0 / (words.max(1) as f32).sqrt()
}

/// Whether an item may be learnt from: a word with an id, not a name, number or link.
#[inline]
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
            scores[role.place().unwrap_or(0)] += weight;
        }
    }
    let named = targets.iter().any(|t| !t.name.is_empty() && bio.contains(&t.name.to_lowercase()));
    let works = ["chez", "at ", "@", "work", "bosse", "salarié", "employee", "équipe", "team"];
    if named && works.iter().any(|w| bio.contains(w)) {
        scores[2] += 1.0; // insider
        scores[1] += 0.7; // official
    }
}

/// Adds what bio and source say, by role.
pub(crate) fn add_metadata(input: &VoiceInput<'_>, scores: &mut [f32]) {
    for (score, prior) in scores.iter_mut().zip(source_prior(input.source)) {
        *score += prior;
    }
    if let Some(bio) = input.bio {
        add_bio(bio, input.targets, scores);
    }
}

/// The role of the speaker.
pub(crate) fn judge(own: &OwnRoles, input: &VoiceInput<'_>, scratch: &VoiceScratch) -> RoleReading {
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
        return RoleReading { basis, ..RoleReading::default() };
    }
    RoleReading { basis, ..decide(own, &scratch.scores) }
}

/// The label and the distribution that scores amount to.
pub(crate) fn decide(own: &OwnRoles, scores: &[f32]) -> RoleReading {
    let mut judged = [0.0; ROLES];
    judged.copy_from_slice(&scores[..ROLES]);
    judged[HOT] -= HOT_MARGIN;
    let mut p = judged.to_vec();
    softmax(&mut p);
    // A role of one's own has odds against all of the ten together.
    let mut shares: Vec<(Role, f32)> =
        own.iter().zip(&scores[COLUMNS..]).map(|((role, _), score)| (*role, score.min(30.0).exp())).collect();
    let whole = 1.0 + shares.iter().map(|(_, odds)| odds).sum::<f32>();
    if !shares.is_empty() {
        p.iter_mut().chain(shares.iter_mut().map(|(_, odds)| odds)).for_each(|share| *share /= whole);
    }
    let reading = RoleReading { p, own: shares, ..RoleReading::default() };
    let best =
        reading.p.iter().copied().enumerate().map(|(at, p)| (Role::ALL[at], p)).chain(reading.own.iter().copied());
    let (label, top) = best.fold((Role::Unclear, 0.0), |a, b| if b.1 > a.1 { b } else { a });
    RoleReading { label: if top < THRESHOLD { Role::Unclear } else { label }, confidence: top, ..reading }
}

/// Turns scores into shares.
pub(crate) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    for share in scores {
        *share /= sum;
    }
}

/// A repost without a word added: the role of nobody.
fn is_bare_relay(stream: &Stream, text: &str) -> bool {
    let text = text.trim_start();
    let mut written = stream.items.iter().filter(|i| i.is_written());
    let only_link = written.all(|i| matches!(i.kind, TokenKind::Url | TokenKind::Mention));
    (text.starts_with("RT @") && !text.contains(['“', '"'])) || only_link
}
