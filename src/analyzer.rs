//! `Analyzer`: the only file that knows every stage.

mod evidence;
mod learn;

pub use learn::Labelled;

use crate::analysis::{Analysis, Label, Via};
use crate::error::{Error, ErrorKind};
use crate::language::Language;
use crate::lexicon::Lexicon;
use crate::lexicon::layer::Format;
use crate::post::{Post, Source, Target};
use crate::text::normalized::{Normalized, normalize};
use crate::text::reading::{Options, Reading};
use crate::tone::clause::Grammar;
use crate::tone::features::View;
use crate::tone::learned::{Head, Learned};
use crate::tone::matcher::Matches;
use crate::tone::score::{Calibration, Margin, of_values};
use crate::tone::target::{self, Mention, TargetIndex};
use crate::voice::{TargetSpans, Voice, VoiceInput, VoiceScratch};
use crate::watch::judge;
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

/// Reads posts. Immutable and shared: clones are one pointer, and any number of threads may use one.
#[derive(Debug, Clone)]
pub struct Analyzer {
    engine: Arc<Engine>,
    told: Told,
}

/// What is told beside the tone.
#[derive(Debug, Clone, Copy)]
struct Told {
    /// Who speaks, what they want, and whether it is noise.
    voice: bool,
    /// The words behind the scores.
    evidence: bool,
}

#[derive(Debug)]
struct Engine {
    lexicon: Lexicon,
    tables: Tables,
    calibration: Calibration,
    voice: Option<Voice>,
    /// The targets of posts that bring none of their own.
    targets: TargetIndex,
    settings: Settings,
}

#[derive(Debug, Clone)]
struct Settings {
    spelling: bool,
    learned: bool,
    told: Told,
    targets: Vec<Target>,
}

impl Default for Settings {
    fn default() -> Self {
        let told = Told { voice: true, evidence: true };
        Self { spelling: true, learned: true, told, targets: Vec::new() }
    }
}

/// The weights that a post is measured with: a table per language, under the user's layers.
#[derive(Debug)]
struct Tables {
    /// French, English; none where the rules speak alone or a user's table stands in.
    builtin: Option<[Learned; 2]>,
    layers: Vec<Learned>,
    heads: [Head; 2],
}

impl Tables {
    fn new(layers: Vec<Learned>, learned: bool, lexicon: &mut Lexicon) -> Self {
        // A layer that brings weights for the rules is a whole table, and stands in for ours.
        let own = layers.iter().rev().find_map(|l| l.head.clone());
        let builtin = (learned && own.is_none()).then(|| Learned::builtin(lexicon));
        let head = |i: usize| {
            let table = builtin.as_ref().and_then(|b| b[i].head.clone());
            own.clone().or(table).unwrap_or_else(Head::rules_only)
        };
        Self { heads: [head(0), head(1)], builtin, layers }
    }

    /// Posts in neither language are measured by the second head: it has seen the most text.
    fn head(&self, language: Language) -> &Head {
        &self.heads[language.index().unwrap_or(1)]
    }

    fn layers(&self, language: Language) -> impl Iterator<Item = &Learned> + Clone {
        let table = self.builtin.as_ref().map(|b| &b[language.index().unwrap_or(1)]);
        table.into_iter().chain(self.layers.iter().filter(move |layer| layer.speaks_of(language)))
    }

    /// Whether the last of a user's tables knows no mixed posts.
    fn never_mixed(&self, language: Language) -> bool {
        self.layers.iter().rfind(|layer| layer.speaks_of(language)).is_some_and(|layer| layer.never_mixed)
    }
}

/// Working space of one thread.
#[derive(Debug, Default)]
struct Scratch {
    reading: Reading,
    matches: Matches,
    grammar: Grammar,
    margin: Margin,
    mentions: Vec<Mention>,
    voice: VoiceScratch,
    evidence: evidence::Choice,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Offsets are kept in 32 bits.
const LONGEST_TEXT: usize = u32::MAX as usize - 8;

impl Default for Analyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl Analyzer {
    /// The built-in analyzer: French and English, all rooms. Made once per process; later calls are free.
    pub fn new() -> Self {
        static BUILTIN: OnceLock<Analyzer> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::of(Engine::new(Lexicon::builtin(), Vec::new(), &[], Settings::default()))).clone()
    }

    fn of(engine: Engine) -> Self {
        Self { told: engine.settings.told, engine: Arc::new(engine) }
    }

    /// An analyzer with layers and settings of your own.
    pub fn builder() -> AnalyzerBuilder {
        AnalyzerBuilder::default()
    }

    /// The same analyzer, which no longer says who speaks, what they want and what is noise. All else that
    /// it says is the same to the bit, at less than half of the cost; nothing is built anew.
    #[must_use]
    pub fn without_voice(&self) -> Self {
        Self { told: Told { voice: false, ..self.told }, engine: Arc::clone(&self.engine) }
    }

    /// The same analyzer, which no longer lists the words behind its scores; nothing is built anew.
    #[must_use]
    pub fn without_evidence(&self) -> Self {
        Self { told: Told { evidence: false, ..self.told }, engine: Arc::clone(&self.engine) }
    }

    /// Reads one text.
    pub fn analyze(&self, text: &str) -> Analysis {
        self.engine.read(text, None, self.told)
    }

    /// The words of a text with their misspellings read, for search: see [`Normalized`].
    pub fn normalize(&self, text: &str) -> Normalized {
        let text = cut(text);
        let mut reading = Reading::default();
        let options = Options { spelling: self.engine.settings.spelling, hint: Language::Unknown };
        reading.read(text, &self.engine.lexicon, options);
        normalize(&reading, &self.engine.lexicon, text)
    }

    /// Reads one post with what is known of it.
    pub fn analyze_post(&self, post: &Post) -> Analysis {
        let mut analysis = self.engine.read(&post.text, Some(post), self.told);
        if self.told.voice {
            analysis.noise = judge(post, &analysis);
        }
        analysis
    }
}

impl Engine {
    fn new(mut lexicon: Lexicon, layers: Vec<Learned>, cues: &[(Format, &str)], settings: Settings) -> Self {
        let tables = Tables::new(layers, settings.learned, &mut lexicon);
        let voice = settings.told.voice.then(|| {
            let mut voice = Voice::builtin(&mut lexicon);
            // Rows were checked when the layer was added.
            for (format, text) in cues {
                voice.add(*format, text, &mut lexicon, &mut Vec::new());
            }
            voice
        });
        let targets = TargetIndex::new(&settings.targets, &lexicon);
        Self { lexicon, tables, calibration: Calibration::default(), voice, targets, settings }
    }

    fn read(&self, text: &str, post: Option<&Post>, told: Told) -> Analysis {
        SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
            Ok(mut scratch) => self.read_with(text, post, told, &mut scratch),
            Err(_) => self.read_with(text, post, told, &mut Scratch::default()),
        })
    }

    /// Words, matches and grammar of a text.
    fn understand(
        &self,
        text: &str,
        hint: Language,
        reading: &mut Reading,
        matches: &mut Matches,
        grammar: &mut Grammar,
    ) {
        reading.read(text, &self.lexicon, Options { spelling: self.settings.spelling, hint });
        let lexed = reading.clean.text(text);
        matches.find(reading, &self.lexicon, lexed);
        grammar.apply(reading, matches);
    }

    fn read_with(&self, text: &str, post: Option<&Post>, told: Told, scratch: &mut Scratch) -> Analysis {
        let text = cut(text);
        let Scratch { reading, matches, grammar, margin, mentions, voice, evidence } = scratch;
        let hint = post.and_then(|p| p.lang).unwrap_or_default();
        self.understand(text, hint, reading, matches, grammar);
        let mut analysis =
            Analysis { id: post.and_then(|p| p.id.clone()), language: reading.language, ..Analysis::default() };
        if reading.foreign {
            return analysis;
        }
        let view = View { reading, matches, grammar };
        let (head, layers) = (self.tables.head(reading.language), self.tables.layers(reading.language));
        margin.measure(&view, head, layers, told.evidence);
        analysis.tonality = margin.tonality(&self.calibration, self.tables.never_mixed(reading.language));
        analysis.irony = matches.doubt > 0.0;
        if analysis.irony {
            analysis.tonality.confidence *= 1.0 - 0.5 * matches.doubt;
        }
        let own = post.filter(|p| !p.targets.is_empty()).map(|p| TargetIndex::new(&p.targets, &self.lexicon));
        let index = own.as_ref().unwrap_or(&self.targets);
        index.find(reading, text, mentions);
        if index.len() > 0 {
            let tonality = &analysis.tonality;
            let head = |values: &[f32]| of_values(values.iter().copied());
            analysis.targets =
                target::readings(index, mentions, reading, matches, grammar, &self.lexicon, tonality, head);
        }
        let room = self.voice.as_ref().filter(|_| told.voice);
        if let Some(room) = room {
            Self::hear(room, text, post, reading, (index, mentions), told.evidence, voice, &mut analysis);
        }
        if told.evidence {
            match analysis.tonality.label {
                Label::Unknown => evidence.clear(),
                _ => evidence.choose(&margin.shares, reading, analysis.tonality.score),
            }
            let heard = if room.is_some() { voice.told() } else { &[] };
            analysis.evidence = evidence.write(heard, text, reading, &self.lexicon);
        }
        analysis
    }

    /// Who speaks and what they want.
    #[expect(clippy::too_many_arguments, reason = "parts of the engine, not settings")]
    fn hear(
        room: &Voice,
        text: &str,
        post: Option<&Post>,
        reading: &Reading,
        (index, mentions): (&TargetIndex, &[Mention]),
        explain: bool,
        scratch: &mut VoiceScratch,
        analysis: &mut Analysis,
    ) {
        let spans: Vec<Vec<(usize, usize)>> = (0..index.len())
            .map(|t| mentions.iter().filter(|m| m.target == t).map(|m| (m.first, m.last)).collect())
            .collect();
        let targets: Vec<TargetSpans<'_>> =
            index.names.iter().zip(&spans).map(|(name, spans)| TargetSpans { name, spans }).collect();
        let input = VoiceInput {
            text,
            reading,
            tonality: &analysis.tonality,
            source: post.map_or(Source::Other, |p| p.source),
            bio: post.and_then(|p| p.author_bio.as_deref()),
            targets: &targets,
        };
        let heard = room.read(input, scratch, explain);
        analysis.role = heard.role;
        analysis.intents = heard.intents;
        analysis.stage = heard.stage;
        analysis.advocacy = heard.advocacy;
        analysis.severity = heard.severity;
        analysis.addressee = heard.addressee;
        analysis.flags = heard.flags;
    }
}

/// Texts of 4 GiB and more are read up to there.
fn cut(text: &str) -> &str {
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    let mut end = LONGEST_TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Makes an [`Analyzer`] with layers and settings of your own.
#[derive(Debug, Default)]
pub struct AnalyzerBuilder {
    layers: Vec<(Format, String)>,
    settings: Settings,
    priors: Option<[f32; 3]>,
}

impl AnalyzerBuilder {
    /// Adds a layer from a lexicon's text; later layers win. `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// The first row that cannot be read, with its line.
    pub fn lexicon_text(mut self, name: &str, text: &str) -> Result<Self, Error> {
        let format = Format::of(text);
        let mut refused = Vec::new();
        let mut lexicon = Lexicon::builtin();
        match format {
            Format::Cues | Format::Roles => crate::voice::check(format, text, &mut refused),
            Format::Learned => Learned::check(text, &mut lexicon, &mut refused),
            _ => lexicon.add(format, text, &mut refused),
        }
        match refused.into_iter().next() {
            Some(error) => Err(error.in_file(name)),
            None => {
                self.layers.push((format, text.to_owned()));
                Ok(self)
            }
        }
    }

    /// The targets of posts that bring none of their own.
    #[must_use]
    pub fn targets(mut self, targets: Vec<Target>) -> Self {
        self.settings.targets = targets;
        self
    }

    /// Whether misspellings are corrected (on unless said otherwise). Accents, drawn-out letters and
    /// shorthand are always read.
    #[must_use]
    pub fn spelling(mut self, on: bool) -> Self {
        self.settings.spelling = on;
        self
    }

    /// Whether weights learnt from labelled posts are used (on unless said otherwise).
    #[must_use]
    pub fn learned(mut self, on: bool) -> Self {
        self.settings.learned = on;
        self
    }

    /// Whether the speaker's role and intents are read (on unless said otherwise).
    #[must_use]
    pub fn voice(mut self, on: bool) -> Self {
        self.settings.told.voice = on;
        self
    }

    /// Whether the words behind each score are listed (on unless said otherwise).
    #[must_use]
    pub fn evidence(mut self, on: bool) -> Self {
        self.settings.told.evidence = on;
        self
    }

    /// How common negative, neutral and positive posts are where yours come from. They need not sum
    /// to 1; the built-in calibration assumes that the three are equally common.
    #[must_use]
    pub fn priors(mut self, negative: f32, neutral: f32, positive: f32) -> Self {
        self.priors = Some([negative, neutral, positive]);
        self
    }

    /// Makes the analyzer.
    ///
    /// # Errors
    ///
    /// A setting out of its range.
    pub fn build(self) -> Result<Analyzer, Error> {
        let mut lexicon = Lexicon::builtin();
        let (mut learned, mut cues) = (Vec::new(), Vec::new());
        for (format, text) in &self.layers {
            match format {
                Format::Learned => learned.push(Learned::read(text, &mut lexicon).0),
                Format::Cues | Format::Roles => cues.push((*format, text.as_str())),
                _ => lexicon.add(*format, text, &mut Vec::new()),
            }
        }
        let mut engine = Engine::new(lexicon, learned, &cues, self.settings);
        if let Some(priors) = self.priors {
            let sum: f32 = priors.iter().sum();
            if priors.iter().any(|p| !(p.is_finite() && *p > 0.0)) || !sum.is_finite() {
                return Err(Error::new(ErrorKind::Setting, "priors must be three positive numbers"));
            }
            engine.calibration.priors = priors.map(|p| (p / sum * 3.0).ln());
        }
        Ok(Analyzer::of(engine))
    }
}

impl Language {
    /// The languages compiled in.
    pub fn supported() -> Vec<Self> {
        let on = [cfg!(feature = "fr"), cfg!(feature = "en")];
        Self::READ.into_iter().zip(on).filter_map(|(l, on)| on.then_some(l)).collect()
    }
}

impl Via {
    /// Whether the words were read otherwise than they are written.
    pub fn is_correction(self) -> bool {
        matches!(self, Self::Folded | Self::Stretched | Self::Shorthand | Self::Spelling | Self::Stem)
    }
}
