//! Cues: what speakers of a role, an intent or a stage say, as data.
//!
//! A row of `lexicons/*/cues.tsv` is `pattern  kind  label  weight  fires  silent`. The pattern is that
//! of every lexicon (`a|b`, `word?`, `_`, `<number>`), with the places of [`super::stream`] (`<start>`,
//! `<clause>`, `<end>`, `<?>`) and the word classes that the file declares (`lundi|mardi  class  date`
//! makes `<date>`). The weight is the cue's share of log-odds before the fit; the two examples are
//! tests. At one place the longest cue of a label wins, so a longer row with weight 0 silences a
//! shorter one. Kind `set` gives words to the word sets of [`super::grammar`].

use super::labels::{Addressee, Advocacy, Flag, Intent, Role, Severity, Stage};
use super::stream::{Stream, place};
use super::{grammar, stream};
use crate::error::{Error, ErrorKind};
use crate::lexicon::Lexicon;
use crate::lexicon::parse::{Row, rows};
use crate::lexicon::pattern::expand;
use crate::lexicon::slot;
use crate::lexicon::trie::Trie;
use hashbrown::HashMap;

/// The ten roles that can be judged.
pub(crate) const ROLES: usize = 10;
const INTENTS: usize = 9;
const STAGES: usize = 8;
const ADVOCACIES: usize = 3;
const SEVERITIES: usize = 4;
const ADDRESSEES: usize = 2;
const FLAGS: usize = 6;
pub(crate) const FIRST_INTENT: usize = ROLES;
pub(crate) const FIRST_STAGE: usize = FIRST_INTENT + INTENTS;
pub(crate) const FIRST_ADVOCACY: usize = FIRST_STAGE + STAGES;
pub(crate) const FIRST_SEVERITY: usize = FIRST_ADVOCACY + ADVOCACIES;
pub(crate) const FIRST_ADDRESSEE: usize = FIRST_SEVERITY + SEVERITIES;
pub(crate) const FIRST_FLAG: usize = FIRST_ADDRESSEE + ADDRESSEES;
/// Everything that a cue can speak for.
pub(crate) const MARKS: usize = FIRST_FLAG + FLAGS;

/// The sum of one label's cues counts no further than this.
const MOST: f32 = 5.0;
/// Readings of one pattern.
const MOST_SEQUENCES: usize = 6000;

/// The place of a kind and label among the marks.
pub(crate) fn mark(kind: &str, label: &str) -> Option<usize> {
    fn at<T: Copy + PartialEq>(all: &[T], one: Option<T>) -> Option<usize> {
        one.and_then(|one| all.iter().position(|l| *l == one))
    }
    match kind {
        "role" => at(Role::ALL, Role::parse(label)).filter(|i| *i < ROLES),
        "intent" => at(Intent::ALL, Intent::parse(label)).map(|i| FIRST_INTENT + i),
        "stage" => at(Stage::ALL, Stage::parse(label)).map(|i| FIRST_STAGE + i),
        "advocacy" => at(Advocacy::ALL, Advocacy::parse(label)).map(|i| FIRST_ADVOCACY + i),
        "severity" => at(Severity::ALL, Severity::parse(label)).map(|i| FIRST_SEVERITY + i),
        "addressee" => at(Addressee::ALL, Addressee::parse(label)).map(|i| FIRST_ADDRESSEE + i),
        "flag" => at(Flag::ALL, Flag::parse(label)).map(|i| FIRST_FLAG + i),
        _ => None,
    }
}

/// The name of a mark: `role:customer`.
pub(crate) fn name(mark: usize) -> String {
    let (kind, label) = match mark {
        FIRST_FLAG.. => ("flag", Flag::ALL[mark - FIRST_FLAG].as_str()),
        FIRST_ADDRESSEE.. => ("addressee", Addressee::ALL[mark - FIRST_ADDRESSEE].as_str()),
        FIRST_SEVERITY.. => ("severity", Severity::ALL[mark - FIRST_SEVERITY].as_str()),
        FIRST_ADVOCACY.. => ("advocacy", Advocacy::ALL[mark - FIRST_ADVOCACY].as_str()),
        FIRST_STAGE.. => ("stage", Stage::ALL[mark - FIRST_STAGE].as_str()),
        FIRST_INTENT.. => ("intent", Intent::ALL[mark - FIRST_INTENT].as_str()),
        _ => ("role", Role::ALL[mark].as_str()),
    };
    format!("{kind}:{label}")
}

#[derive(Debug, Clone, Copy)]
struct Cue {
    mark: u8,
    weight: f32,
    /// Place of the node's next cue plus one, 0 at the end.
    next: u32,
}

/// A cue found in a post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hit {
    pub(crate) mark: usize,
    pub(crate) weight: f32,
    /// First and last item of the stream.
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// The cues of an analyzer, and the word sets that its grammar asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cues {
    trie: Trie,
    /// By node: place of its first cue plus one.
    heads: Vec<u32>,
    cues: Vec<Cue>,
    /// By id: word sets as bits.
    sets: Vec<u64>,
    classes: HashMap<String, Vec<String>>,
}

impl Cues {
    /// Reads rows of cues, later ones beside earlier ones; refused rows are told, the others stand.
    pub(crate) fn add(&mut self, text: &str, lexicon: &mut Lexicon, refused: &mut Vec<Error>) {
        for row in rows(text) {
            if let Err(reason) = self.add_row(&row, lexicon) {
                refused.push(Error::new(ErrorKind::Lexicon, reason).at_line(row.line));
            }
        }
    }

    fn add_row(&mut self, row: &Row<'_>, lexicon: &mut Lexicon) -> Result<(), String> {
        let (pattern, kind, label) = (row.cell(0), row.cell(1), row.cell(2));
        if kind == "class" {
            let words = pattern.split('|').map(str::to_owned);
            self.classes.entry(format!("<{label}>")).or_default().extend(words);
            return Ok(());
        }
        let sequences = self.sequences(pattern, lexicon)?;
        if kind == "set" {
            let bit = grammar::set(label).ok_or_else(|| format!("`{label}` is not a word set"))?;
            for sequence in sequences {
                // Of an elided or hyphenated word the last part is the one that means something.
                let Some(&id) = sequence.last() else { continue };
                let index = id as usize;
                if self.sets.len() <= index {
                    self.sets.resize(index + 1, 0);
                }
                self.sets[index] |= 1 << bit;
            }
            return Ok(());
        }
        let mark = mark(kind, label).ok_or_else(|| format!("`{kind} {label}` is no label that a cue can speak for"))?;
        let cell = row.cell(3);
        let weight: f32 = cell.parse().map_err(|_| format!("`{cell}` in column 4, the weight, is not a number"))?;
        if !(-6.0..=6.0).contains(&weight) {
            return Err(format!("the weight {weight} is outside -6..6"));
        }
        for sequence in sequences {
            let node = self.trie.insert(&sequence) as usize;
            if self.heads.len() < self.trie.len() {
                self.heads.resize(self.trie.len(), 0);
            }
            #[expect(clippy::cast_possible_truncation, reason = "there are 42 marks and few cues")]
            {
                self.cues.push(Cue { mark: mark as u8, weight, next: self.heads[node] });
                self.heads[node] = self.cues.len() as u32;
            }
        }
        Ok(())
    }

    /// The sequences of ids that a pattern with places and classes matches.
    fn sequences(&self, pattern: &str, lexicon: &mut Lexicon) -> Result<Vec<Vec<u32>>, String> {
        let mut sequences: Vec<Vec<u32>> = vec![Vec::new()];
        for part in pattern.split(' ').filter(|p| !p.is_empty()) {
            let (body, optional) = match part.strip_suffix('?') {
                Some(body) if !body.is_empty() => (body, true),
                _ => (part, false),
            };
            let mut choices: Vec<Vec<u32>> = Vec::new();
            for word in body.split('|') {
                if let Some(id) = place::parse(word) {
                    choices.push(vec![id]);
                } else if word == "_" {
                    choices.push(vec![slot::ANY]);
                } else if let Some(words) = self.classes.get(word) {
                    for word in words {
                        choices.extend(expand(word, &mut lexicon.vocabulary, &lexicon.emoticons)?);
                    }
                } else {
                    choices.extend(expand(word, &mut lexicon.vocabulary, &lexicon.emoticons)?);
                }
            }
            if optional {
                choices.push(Vec::new());
            }
            if sequences.len() * choices.len() > MOST_SEQUENCES {
                return Err(format!("more than {MOST_SEQUENCES} readings; split the row"));
            }
            sequences = sequences
                .iter()
                .flat_map(|s| choices.iter().map(move |c| [s.as_slice(), c.as_slice()].concat()))
                .collect();
        }
        sequences.retain(|s| !s.is_empty());
        if sequences.is_empty() {
            return Err("the first column, the pattern, is empty".to_owned());
        }
        if sequences.iter().any(|s| s.first() == Some(&slot::ANY)) {
            return Err("a pattern must begin with a word, not with `_`".to_owned());
        }
        Ok(sequences)
    }

    /// The word sets of an id, as bits.
    #[inline]
    pub(crate) fn sets(&self, id: u32) -> u64 {
        self.sets.get(id as usize).copied().unwrap_or(0)
    }

    /// Finds every cue of a post: one walk an item, the longest cue of a label at each place.
    pub(crate) fn find(&self, stream: &Stream, hits: &mut Vec<Hit>) {
        hits.clear();
        for (at, item) in stream.items.iter().enumerate() {
            if !self.trie.starts(item.id) {
                continue;
            }
            let fresh = hits.len();
            self.trie.walk(stream.ids_from(at), |node, length| {
                let mut next = self.heads.get(node as usize).copied().unwrap_or(0);
                while next != 0 {
                    let cue = self.cues[next as usize - 1];
                    next = cue.next;
                    let last = stream.last_of(at, length);
                    let hit = Hit { mark: usize::from(cue.mark), weight: cue.weight, first: at, last };
                    match hits[fresh..].iter_mut().find(|h| h.mark == hit.mark) {
                        // Wildcards may bring a shorter match after a longer one.
                        Some(longer) if longer.last > hit.last => {}
                        Some(shorter) => *shorter = hit,
                        None => hits.push(hit),
                    }
                }
            });
        }
        hits.retain(|h| h.weight != 0.0);
    }
}

/// Adds the weights of each mark's hits up, with a ceiling.
pub(crate) fn sum(hits: &[Hit], marks: &mut [f32]) {
    for hit in hits {
        let sum = &mut marks[hit.mark];
        *sum = (*sum + hit.weight).clamp(-MOST, MOST);
    }
}

/// The bytes of the lexed text that a hit covers.
pub(crate) fn span(hit: &Hit, stream: &stream::Stream) -> (usize, usize) {
    let start = stream.items[hit.first].start as usize;
    let end = stream.items[hit.last].end as usize;
    (start.min(end), end)
}
