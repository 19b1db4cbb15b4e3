//! Why a role and its intents were read: the cues and words that said so, with their spans.
//!
//! Cues come first; single words are told where cues say little. Patterns that overlap say the same
//! thing once, and no more than a few pieces are told.

use super::cue::{self, FIRST_INTENT, FIRST_STAGE};
use super::role::{COLUMNS, FEATURES, Table, is_word, word_scale};
use super::{Intent, Role, Voice, VoiceInput, VoiceReading, VoiceScratch};
use crate::analysis::{EvidenceFor, Via};

/// Pieces of evidence told about a post's role and intents.
const MOST_EVIDENCE: usize = 6;

/// One thing that is told: how much it says, where it stands in the text as given, and of what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) weight: f32,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The id of a single word, 0 for several.
    pub(crate) id: u32,
    pub(crate) speaks_for: EvidenceFor,
    pub(crate) label: &'static str,
    pub(crate) via: Via,
}

/// One thing that may be told: how much it says, its first and last item, and of what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    weight: f32,
    first: usize,
    last: usize,
    speaks_for: EvidenceFor,
    label: &'static str,
    via: Via,
}

impl Candidate {
    fn of_cue(weight: f32, hit: &cue::Hit, speaks_for: EvidenceFor, label: &'static str) -> Self {
        let via = if hit.first == hit.last { Via::Exact } else { Via::Phrase };
        Self { weight, first: hit.first, last: hit.last, speaks_for, label, via }
    }
}

/// Where as many cues speak for the role, single words are not told.
const ENOUGH_CUES: usize = 2;
/// A cue or word that says less than this is not worth telling.
const LEAST_TOLD: f32 = 0.3;

impl Voice {
    /// Tells the strongest cues and words of the role, and the cues of each intent that was given.
    pub(crate) fn tell(&self, input: &VoiceInput<'_>, scratch: &mut VoiceScratch, reading: &VoiceReading) {
        let mut candidates = std::mem::take(&mut scratch.candidates);
        candidates.clear();
        scratch.told.clear();
        let role = reading.role.label;
        let place = role.place().or_else(|| self.own.iter().position(|(r, _)| *r == role).map(|at| COLUMNS + at));
        if let Some(place) = place {
            self.propose(role, place, scratch, &mut candidates);
        }
        for hit in scratch.hits.iter().filter(|h| (FIRST_INTENT..FIRST_STAGE).contains(&h.mark)) {
            let intent = Intent::ALL[hit.mark - FIRST_INTENT];
            if reading.intents.contains(&intent) {
                candidates.push(Candidate::of_cue(hit.weight, hit, EvidenceFor::Intent, intent.as_str()));
            }
        }
        candidates.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.first.cmp(&b.first)));
        for (at, one) in candidates.iter().enumerate() {
            // Patterns that overlap say the same thing once.
            let again = |c: &Candidate| c.speaks_for == one.speaks_for && c.first <= one.last && one.first <= c.last;
            if candidates[..at].iter().any(again) {
                continue;
            }
            let (start, end) = cue::span(one.first, one.last, &scratch.stream);
            let (start, end) = input.reading.clean.original(input.text, start, end);
            if input.text.get(start..end).is_none_or(str::is_empty) {
                continue;
            }
            let id = if one.first == one.last { scratch.stream.ids[one.first] } else { 0 };
            let Candidate { weight, speaks_for, label, via, .. } = *one;
            scratch.told.push(Told { weight, start, end, id, speaks_for, label, via });
            if scratch.told.len() == MOST_EVIDENCE {
                break;
            }
        }
        scratch.candidates = candidates;
    }

    /// What may be told of the role.
    fn propose(&self, role: Role, place: usize, scratch: &VoiceScratch, out: &mut Vec<Candidate>) {
        let (speaks_for, label) = (EvidenceFor::Role, role.as_str());
        for hit in &scratch.hits {
            let feature = cue::feature(hit.mark);
            let own = feature == place || (feature >= FEATURES && feature - FEATURES + COLUMNS == place);
            let lift = |table: &Table| table.column(place).map_or(0.0, |column| table.lift_of_feature(feature, column));
            let learnt = self.tables.iter().map(lift).sum::<f32>() * hit.weight;
            let weight = if own { learnt.max(hit.weight) } else { learnt };
            if own || weight > LEAST_TOLD {
                out.push(Candidate::of_cue(weight, hit, speaks_for, label));
            }
        }
        // Words are told where cues say little.
        if out.len() >= ENOUGH_CUES {
            return;
        }
        let written = scratch.stream.items.iter().filter(|i| is_word(i)).count();
        let scale = word_scale(written);
        for table in &self.tables {
            let Some(column) = table.column(place) else { continue };
            for (at, item) in scratch.stream.items.iter().enumerate().filter(|(_, item)| is_word(item)) {
                let Some(row) = table.row_of(item.id) else { continue };
                let weight = table.lift(row, column) * scale;
                if weight > LEAST_TOLD {
                    out.push(Candidate { weight, first: at, last: at, speaks_for, label, via: Via::Learned });
                }
            }
        }
    }
}
