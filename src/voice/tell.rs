//! Why a role and its intents were read: the cues and words that said so, with their spans.
//!
//! Cues come first; single words are told where cues say little. Patterns that overlap say the same
//! thing once, and no more than a few pieces are told.

use super::cue::{self, FIRST_INTENT, FIRST_STAGE};
use super::role::{COLUMNS, FEATURES, Table, is_word, word_scale};
use super::{Intent, Role, Voice, VoiceInput, VoiceReading, VoiceScratch};
use crate::analysis::{Evidence, EvidenceFor, Via};

/// Pieces of evidence told about a post's role and intents.
const MOST_EVIDENCE: usize = 6;

/// One thing that may be told: how much it says, its first and last item, and of what.
struct Told {
    weight: f32,
    first: usize,
    last: usize,
    speaks_for: EvidenceFor,
    label: &'static str,
    via: Via,
}

/// Where as many cues speak for the role, single words are not told.
const ENOUGH_CUES: usize = 2;
/// A cue or word that says less than this is not worth telling.
const LEAST_TOLD: f32 = 0.3;

impl Voice {
    /// Tells the strongest cues and words of the role, and the cues of each intent that was given.
    pub(crate) fn tell(
        &self,
        input: &VoiceInput<'_>,
        scratch: &VoiceScratch,
        reading: &mut VoiceReading,
        evidence: &mut Vec<Evidence>,
    ) {
        let mut told: Vec<Told> = Vec::new();
        let role = reading.role.label;
        let place = role.place().or_else(|| self.own.iter().position(|(r, _)| *r == role).map(|at| COLUMNS + at));
        if let Some(place) = place {
            self.tell_role(role, place, scratch, &mut told);
        }
        for hit in scratch.hits.iter().filter(|h| (FIRST_INTENT..FIRST_STAGE).contains(&h.mark)) {
            let intent = Intent::ALL[hit.mark - FIRST_INTENT];
            if reading.intents.contains(&intent) {
                let (first, last, via) = (hit.first, hit.last, via(hit.first, hit.last));
                let (speaks_for, label) = (EvidenceFor::Intent, intent.as_str());
                told.push(Told { weight: hit.weight, first, last, speaks_for, label, via });
            }
        }
        told.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.first.cmp(&b.first)));
        let mut kept = 0;
        for (at, one) in told.iter().enumerate() {
            // Patterns that overlap say the same thing once.
            let again = |t: &Told| t.speaks_for == one.speaks_for && t.first <= one.last && one.first <= t.last;
            if told[..at].iter().any(again) {
                continue;
            }
            let (start, end) = cue::span(one.first, one.last, &scratch.stream);
            let (start, end) = input.reading.clean.original(input.text, start, end);
            let Some(text) = input.text.get(start..end).filter(|t| !t.is_empty()) else { continue };
            evidence.push(Evidence {
                start,
                end,
                text: text.to_owned(),
                term: text.to_lowercase(),
                via: one.via,
                weight: one.weight,
                speaks_for: one.speaks_for,
                label: Some(one.label.to_owned()),
            });
            kept += 1;
            if kept == MOST_EVIDENCE {
                break;
            }
        }
    }

    fn tell_role(&self, role: Role, place: usize, scratch: &VoiceScratch, told: &mut Vec<Told>) {
        let (speaks_for, label) = (EvidenceFor::Role, role.as_str());
        for hit in &scratch.hits {
            let feature = cue::feature(hit.mark);
            let own = feature == place || (feature >= FEATURES && feature - FEATURES + COLUMNS == place);
            let lift = |table: &Table| table.column(place).map_or(0.0, |column| table.lift(feature, column));
            let learnt = self.tables.iter().map(lift).sum::<f32>() * hit.weight;
            let weight = if own { learnt.max(hit.weight) } else { learnt };
            if own || weight > LEAST_TOLD {
                let (first, last, via) = (hit.first, hit.last, via(hit.first, hit.last));
                told.push(Told { weight, first, last, speaks_for, label, via });
            }
        }
        // Words are told where cues say little.
        if told.len() >= ENOUGH_CUES {
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
                    told.push(Told { weight, first: at, last: at, speaks_for, label, via: Via::Learned });
                }
            }
        }
    }
}

fn via(first: usize, last: usize) -> Via {
    if first == last { Via::Exact } else { Via::Phrase }
}
