//! Who is speaking, and what they want.
//!
//! Takes terms, tonality and the post's own metadata; gives the role of the speaker towards the
//! target, intents, stage and the other attributes of the guide in `docs/roles.md`. No demographics,
//! no identity resolution: ids are opaque, and engagement is never read.
//!
//! One pass lays the terms out as a stream ([`stream`]) in which the target is one item whatever it is
//! called, so that nothing is ever learnt about a brand. Cues ([`cue`], data) and grammar ([`grammar`])
//! turn the stream into a vector of named features; linear weights ([`role`], data, remade by
//! `learn`) turn the features into a distribution over roles and a score for each intent. What a
//! role cannot say follows from the same cues in [`intent`].

mod cue;
mod fit;
mod grammar;
mod intent;
mod labels;
pub mod learn;
#[allow(dead_code, reason = "the build script shares the file: it writes, the library reads")]
mod packed;
mod pattern;
mod place;
mod profile;
mod role;
mod stream;
mod tell;

pub use labels::{Addressee, Advocacy, Basis, Flag, Intent, OwnRole, Role, RoleReading, Severity, Stage};
pub use profile::{AuthorRole, Authors};

use crate::analysis::Tonality;
use crate::error::Error;
use crate::lexicon::Lexicon;
use crate::lexicon::layer::Format;
use crate::post::Source;
use crate::text::reading::Reading;
use cue::{Cues, OwnRoles};
use role::Table;
pub(crate) use tell::Told;

pub use intent::Triage;

/// Where a post names one of the targets asked about: terms `first..last` of the reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TargetSpans<'a> {
    /// The target's name as it was given.
    pub(crate) name: &'a str,
    /// Each mention: its first term, and one past its last.
    pub(crate) spans: &'a [(usize, usize)],
}

/// Everything that the room may look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VoiceInput<'a> {
    /// The text as it was given.
    pub(crate) text: &'a str,
    pub(crate) reading: &'a Reading,
    pub(crate) tonality: &'a Tonality,
    pub(crate) source: Source,
    /// The author's description of themselves.
    pub(crate) bio: Option<&'a str>,
    /// The targets asked about, the first one first. The role is towards the first that is named.
    pub(crate) targets: &'a [TargetSpans<'a>],
}

/// What the room answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct VoiceReading {
    pub(crate) role: RoleReading,
    pub(crate) intents: Vec<Intent>,
    pub(crate) stage: Option<Stage>,
    pub(crate) advocacy: Advocacy,
    pub(crate) severity: Severity,
    pub(crate) addressee: Addressee,
    pub(crate) flags: Vec<Flag>,
}

/// Buffers of one thread, reused from post to post.
#[derive(Debug, Default)]
pub(crate) struct VoiceScratch {
    stream: stream::Stream,
    hits: Vec<cue::Hit>,
    /// By mark, the sum of its cues; the user's own roles come last.
    sums: Vec<f32>,
    observed: grammar::Observed,
    words: Vec<u32>,
    /// Ten roles, nine intents, the user's own roles.
    scores: Vec<f32>,
    candidates: Vec<tell::Candidate>,
    told: Vec<Told>,
}

impl VoiceScratch {
    /// The words behind what was read last, where they were asked for.
    pub(crate) fn told(&self) -> &[Told] {
        &self.told
    }

    /// By feature, its value: sums of cues, grammar, sums of the cues of the user's own roles.
    pub(crate) fn features(&self) -> Vec<f32> {
        let (marks, own) = self.sums.split_at(cue::MARKS.min(self.sums.len()));
        let mut grammar = [0.0; grammar::COUNT];
        self.observed.places().for_each(|at| grammar[at] = 1.0);
        [marks, &grammar, own].concat()
    }
}

/// Cues, grammar and weights, ready to read. Built once; shared by every thread.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    cues: Cues,
    /// The built-in table, then those of the user's layers; their scores add up.
    tables: Vec<Table>,
    own: OwnRoles,
}

/// What is wrong with a layer of cues or weights, row by row.
pub(crate) fn check(format: Format, text: &str, refused: &mut Vec<Error>) {
    let mut lexicon = Lexicon::builtin();
    let mut voice = Voice::builtin(&mut lexicon);
    voice.add(format, text, &mut lexicon, refused);
}

impl Voice {
    /// The built-in cues and weights of every language that is compiled in.
    pub(crate) fn builtin(lexicon: &mut Lexicon) -> Self {
        Self { cues: Cues::builtin(), tables: vec![Table::builtin(lexicon)], own: OwnRoles::new() }
    }

    /// Adds a user's cues or weights; refused rows are told, the others stand.
    pub(crate) fn add(&mut self, format: Format, text: &str, lexicon: &mut Lexicon, refused: &mut Vec<Error>) {
        if format == Format::Roles {
            let table = Table::read(text, lexicon, &mut self.own, refused);
            self.tables.push(table);
        } else {
            self.cues.add(text, lexicon, &mut self.own, refused);
        }
    }

    /// Reads a post: who speaks and what they want; the scratch holds the words that say so, if asked.
    pub(crate) fn read(&self, input: VoiceInput<'_>, scratch: &mut VoiceScratch, explain: bool) -> VoiceReading {
        scratch.stream.lay(&input, &self.cues);
        self.cues.find(&scratch.stream, &mut scratch.hits);
        scratch.sums.clear();
        scratch.sums.resize(cue::MARKS + self.own.len(), 0.0);
        cue::sum(&scratch.hits, &mut scratch.sums);
        scratch.observed = grammar::observe(&input, &scratch.stream);
        self.score(&input, scratch);
        let role = role::judge(&self.own, &input, scratch);
        let reading = intent::judge(&input, scratch, role);
        if explain {
            self.tell(&input, scratch, &reading);
        }
        reading
    }

    /// Scores of every label by every table, the metadata's share included.
    fn score(&self, input: &VoiceInput<'_>, scratch: &mut VoiceScratch) {
        let VoiceScratch { stream, sums, observed, words, scores, .. } = scratch;
        scores.clear();
        scores.resize(role::COLUMNS + self.own.len(), 0.0);
        for table in &self.tables {
            table.words_of(stream, words);
            table.score(sums, *observed, words, scores);
        }
        for ((score, sum), (_, bias)) in scores[role::COLUMNS..].iter_mut().zip(&sums[cue::MARKS..]).zip(&self.own) {
            *score += sum + bias;
        }
        role::add_metadata(input, &mut scores[..cue::ROLES]);
    }
}
