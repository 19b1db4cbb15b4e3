//! What the speaker wants, where they stand, what they claim: read off the same cues as the role.
//!
//! An intent is given where its cues say so plainly, or where role and tone imply it: who owns and blames
//! complains, who is about to buy seeks a purchase. The table of [`super::role`] has a column for each
//! intent, which gives what is likely and doubts what is only implied. Stage, advocacy, severity, addressee
//! and flags are stated or not: the cues say so, and the role fills in what it implies (who bought is an
//! owner). [`Triage`] is the order in which a team reads: questions, then criticism, suggestions,
//! compliments, then the rest; the graver claim first.

use super::cue::{FIRST_ADDRESSEE, FIRST_ADVOCACY, FIRST_FLAG, FIRST_INTENT, FIRST_SEVERITY, FIRST_STAGE, Hit, ROLES};
use super::labels::{Addressee, Advocacy, Flag, Intent, Role, RoleReading, Severity, Stage};
use super::{VoiceInput, VoiceReading, VoiceScratch};
use crate::analysis::{Analysis, Label};
use crate::lexicon::slot;
use crate::text::TokenKind;

/// The nine intents.
pub(crate) const INTENTS: usize = 9;
/// An intent whose cues add up to this is given whatever the table says.
const PLAIN: f32 = 2.0;
/// Rare intents are given from this sum on: one plain cue.
const PLAINLY: f32 = 1.2;
/// An intent is given from this score on: where it is about as likely as not.
const LIKELY: f32 = -0.2;
/// And a complaint from this one where the post speaks to the target: who writes to a firm mostly has a
/// reason to, and tells it without a word of blame (`ordered two, got one`).
const LIKELY_TO_ITS_FACE: f32 = -1.2;
/// Praise that the tone implies is doubted under this score; a complaint is not, since who was served and blames
/// complains.
const UNLIKELY: f32 = -2.5;
/// Against the tone of the post, praise or complaint is given from this score on: irony has its words.
const CERTAIN: f32 = 1.0;
/// A flag is given, and a tone is seconded, from this sum on.
const VISIBLE: f32 = 1.0;

/// Everything but the role, from what was found for it.
pub(crate) fn judge(input: &VoiceInput<'_>, scratch: &VoiceScratch, role: RoleReading) -> VoiceReading {
    if role.label == Role::Unclear && role.p.is_empty() {
        return VoiceReading { role, ..VoiceReading::default() };
    }
    let marks = &scratch.sums;
    let addressee = addressee(input, scratch);
    let intents = intents(marks, &scratch.scores, input.tonality.label, addressee, &role);
    let stage = stage(role.label, &scratch.hits, &intents);
    let advocacy = advocacy(marks, input.tonality.label, &intents);
    let severity = severity(&scratch.hits, &intents);
    let flags = Flag::ALL
        .iter()
        .enumerate()
        .filter(|(at, _)| marks[FIRST_FLAG + at] >= VISIBLE)
        .map(|(_, flag)| *flag)
        .collect();
    VoiceReading { role, intents, stage, advocacy, severity, addressee, flags }
}

/// The intents that cues state, and those that role and tone imply.
pub(crate) fn intents(
    marks: &[f32],
    scores: &[f32],
    tone: Label,
    addressee: Addressee,
    role: &RoleReading,
) -> Vec<Intent> {
    let share = |roles: &[Role]| roles.iter().filter_map(|r| r.place()).map(|at| role.p[at]).sum::<f32>();
    let served = share(&[Role::Customer, Role::Insider, Role::Geek]);
    // Whoever blames a firm to its face complains; the share keeps out causes, papers and quarrels of strangers.
    let to_its_face =
        addressee == Addressee::ToTarget && matches!(tone, Label::Negative | Label::Mixed) && served > 0.2;
    let mut intents = Vec::new();
    for (at, intent) in Intent::ALL.iter().enumerate() {
        let stated = marks[FIRST_INTENT + at];
        let implied = match intent {
            Intent::Complaint => {
                let blames = matches!(tone, Label::Negative | Label::Mixed) || stated >= VISIBLE;
                to_its_face || blames && served > 0.45
            }
            Intent::Praise => {
                let praises = matches!(tone, Label::Positive | Label::Mixed) || stated >= VISIBLE;
                let others = [Role::Commercial, Role::Official, Role::Media, Role::ProspectHot, Role::ProspectCold];
                praises && share(&others) < 0.5
            }
            Intent::Purchase => share(&[Role::ProspectHot]) > 0.4,
            Intent::CallToAction => share(&[Role::Activist]) > 0.4,
            Intent::Question => false,
            Intent::Support | Intent::Suggestion | Intent::Churn | Intent::Advice => stated >= PLAINLY,
        };
        let score = scores[ROLES + at];
        // Blame is everybody's; a complaint is that of who was served, or knows the inside.
        let plain = stated >= PLAIN && *intent != Intent::Complaint;
        let doubted = *intent == Intent::Praise && score < UNLIKELY;
        let contradicted = match intent {
            Intent::Complaint => tone == Label::Positive && stated < VISIBLE,
            Intent::Praise => tone == Label::Negative && stated < VISIBLE,
            _ => false,
        };
        let least = match intent {
            _ if contradicted => CERTAIN,
            Intent::Complaint if addressee == Addressee::ToTarget => LIKELY_TO_ITS_FACE,
            _ => LIKELY,
        };
        if (implied && !doubted) || plain || score > least {
            intents.push(*intent);
        }
    }
    intents
}

/// The step last evidenced; else what the role implies.
fn stage(role: Role, hits: &[Hit], intents: &[Intent]) -> Option<Stage> {
    let stated = hits
        .iter()
        .filter(|h| (FIRST_STAGE..FIRST_ADVOCACY).contains(&h.mark) && h.weight > 0.0)
        .max_by_key(|h| (h.first, h.last));
    let implied = match role {
        Role::Customer => Some(Stage::Owner),
        Role::ProspectHot => Some(Stage::Buying),
        Role::ProspectCold => Some(Stage::Considering),
        Role::Public | Role::Geek | Role::Activist => Some(Stage::Aware),
        _ => None,
    };
    let stated = stated.map(|h| Stage::ALL[h.mark - FIRST_STAGE]);
    match (stated, implied) {
        // A prospect who turns away is lost; only an owner leaves.
        (Some(Stage::Leaving | Stage::Left), Some(Stage::Considering | Stage::Buying)) => Some(Stage::Lost),
        (Some(Stage::Considering | Stage::Buying | Stage::Aware), Some(Stage::Owner)) => Some(Stage::Owner),
        (None, Some(Stage::Owner)) if intents.contains(&Intent::Churn) => Some(Stage::Leaving),
        (Some(stage), Some(_)) => Some(stage),
        (_, implied) => implied,
    }
}

/// As stated, not inferred from one tone: a cue, or advice with its sign.
fn advocacy(marks: &[f32], tone: Label, intents: &[Intent]) -> Advocacy {
    let promoter = marks[FIRST_ADVOCACY];
    let detractor = marks[FIRST_ADVOCACY + 2];
    if promoter > detractor && promoter >= 1.0 {
        return Advocacy::Promoter;
    }
    if detractor >= 1.0 {
        return Advocacy::Detractor;
    }
    match (intents.contains(&Intent::Advice), tone) {
        (true, Label::Positive) => Advocacy::Promoter,
        (true, Label::Negative) => Advocacy::Detractor,
        _ => Advocacy::Passive,
    }
}

/// The gravest consequence claimed.
fn severity(hits: &[Hit], intents: &[Intent]) -> Severity {
    let gravest = hits
        .iter()
        .filter(|h| (FIRST_SEVERITY..FIRST_ADDRESSEE).contains(&h.mark) && h.weight > 0.0)
        .map(|h| Severity::ALL[h.mark - FIRST_SEVERITY])
        .max();
    match gravest {
        Some(severity) => severity,
        None if intents.contains(&Intent::Complaint) => Severity::Inconvenience,
        None => Severity::None,
    }
}

/// To the target: its handle comes first, it is called by its name, or a cue says so.
fn addressee(input: &VoiceInput<'_>, scratch: &VoiceScratch) -> Addressee {
    let to = scratch.sums[FIRST_ADDRESSEE];
    let about = scratch.sums[FIRST_ADDRESSEE + 1];
    let mut written = scratch.stream.items.iter().filter(|i| i.is_written());
    let called = match (written.next(), written.next()) {
        (Some(first), second) if first.id == slot::TARGET => {
            first.kind == TokenKind::Mention || second.is_some_and(|s| s.after_pause)
        }
        (Some(first), _) if first.id == slot::MENTION => input.targets.is_empty(),
        _ => false,
    };
    if to + f32::from(u8::from(called)) * 2.0 > about.max(0.9) { Addressee::ToTarget } else { Addressee::AboutTarget }
}

/// The order in which a team reads its posts; the smallest first.
///
/// ```
/// let analyzer = tonalite::Analyzer::new();
/// let mut inbox = vec![
///     analyzer.analyze("Bravo l'équipe, service au top !"),
///     analyzer.analyze("Est-ce que ça marche en Suisse ?"),
/// ];
/// inbox.sort_by_key(tonalite::Analysis::triage);
/// assert!(inbox[0].intents.contains(&tonalite::voice::Intent::Question));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Triage {
    /// 0 questions and calls for help, 1 criticism, 2 suggestions, 3 compliments, 4 the rest.
    pub group: u8,
    /// Within a group the gravest claim first: 0 public risk to 3 none.
    pub calm: u8,
}

impl Analysis {
    /// The post's place in the order of reading.
    pub fn triage(&self) -> Triage {
        let wants = |intent| self.intents.contains(&intent);
        let group = if wants(Intent::Question) || wants(Intent::Support) {
            0
        } else if wants(Intent::Complaint) || wants(Intent::Churn) || self.tonality.label == Label::Negative {
            1
        } else if wants(Intent::Suggestion) {
            2
        } else if wants(Intent::Praise) || self.tonality.label == Label::Positive {
            3
        } else {
            4
        };
        let calm = match self.severity {
            Severity::PublicRisk => 0,
            Severity::Harm => 1,
            Severity::Inconvenience => 2,
            Severity::None => 3,
        };
        Triage { group, calm }
    }
}
