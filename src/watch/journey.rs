//! Journeys: what becomes of an author and a target over time.
//!
//! In: the timelines and conversations of `authors`. Out: [`Journey`] paths, such as complaint ->
//! answered -> satisfied -> praise, praise -> complaint about the delivery, prospect -> customer,
//! anything -> churn; and how often each happens, with intervals.
//!
//! A move is read off one post, never inferred from silence: "satisfied" is a later post without blame
//! and with a good word, not the absence of a next complaint. An answer is a post in the target's name in the
//! same conversation, or one that begins by naming the account.

use super::authors::{Author, Authors, Step, Timeline};
use super::interval::{Estimate, Rule};
use super::time::HOUR;
use crate::voice::{Intent, Role, Stage};

/// A step of a journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Move {
    /// Does not have it yet.
    Prospect,
    /// Has it now, and had not.
    Customer,
    /// Complains, or asks for help.
    Complaint,
    /// The target answered.
    Answered,
    /// A good word after a complaint.
    Satisfied,
    /// Praise.
    Praise,
    /// Leaves, or says so.
    Churn,
}

/// A move, when it was made, and the post that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Station {
    /// The move.
    pub step: Move,
    /// When.
    pub at: i64,
    /// The aspect that was blamed.
    pub aspect: Option<String>,
    /// The post; absent for an answer.
    pub post: Option<String>,
}

/// What became of one author and one target.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Journey {
    /// The opaque id.
    pub author: String,
    /// The target; empty where none was asked about.
    pub target: String,
    /// The moves, in order; the same one twice in a row is told once.
    pub path: Vec<Station>,
}

/// Shapes of journeys that a team acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Pattern {
    /// Complaint, answer, then a good word.
    WonBack,
    /// Praise, then a complaint.
    Soured,
    /// Prospect, then customer.
    Converted,
    /// Complaint, then leaving.
    Churned,
    /// A complaint that nobody answered, and nothing after it.
    LeftWaiting,
}

impl Pattern {
    /// Every pattern.
    pub const ALL: [Self; 5] = [Self::WonBack, Self::Soured, Self::Converted, Self::Churned, Self::LeftWaiting];

    /// The pattern as the records spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WonBack => "won_back",
            Self::Soured => "soured",
            Self::Converted => "converted",
            Self::Churned => "churned",
            Self::LeftWaiting => "left_waiting",
        }
    }
}

/// How journeys with a target go.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct JourneyReading {
    /// The target; absent for all.
    pub target: Option<String>,
    /// Authors with a path.
    pub authors: u64,
    /// Share of complainants who were answered.
    pub answered: Estimate,
    /// Share of answered complainants who later had a good word.
    pub won_back: Estimate,
    /// Share of complainants who left or said so.
    pub churned: Estimate,
    /// Median hours from a complaint to its answer.
    pub hours_to_answer: Option<f64>,
    /// Journeys by pattern.
    pub patterns: Vec<(Pattern, u64)>,
    /// Some journeys of each pattern, the longest first.
    pub examples: Vec<(Pattern, Vec<Journey>)>,
}

impl Journey {
    /// Whether the journey holds a pattern.
    pub fn is(&self, pattern: Pattern) -> bool {
        let find = |from: usize, wanted: &[Move]| {
            self.path.iter().skip(from).position(|s| wanted.contains(&s.step)).map(|i| i + from)
        };
        let then = |a: &[Move], b: &[Move]| find(0, a).is_some_and(|i| find(i + 1, b).is_some());
        match pattern {
            Pattern::WonBack => then(&[Move::Answered], &[Move::Satisfied, Move::Praise]),
            Pattern::Soured => then(&[Move::Praise], &[Move::Complaint]),
            Pattern::Converted => then(&[Move::Prospect], &[Move::Customer]),
            Pattern::Churned => then(&[Move::Complaint], &[Move::Churn]),
            Pattern::LeftWaiting => self.path.last().is_some_and(|s| s.step == Move::Complaint),
        }
    }
}

impl Authors {
    /// Every journey of two moves or more, and lone complaints.
    pub fn journeys(&self, target: Option<&str>) -> Vec<Journey> {
        let mut out: Vec<Journey> = self
            .known
            .values()
            .flat_map(|author| author.timelines.iter().map(move |t| (author, t)))
            .filter(|(_, t)| target.is_none_or(|name| name == t.target))
            .map(|(author, timeline)| self.journey(author, timeline))
            .filter(|j| !j.path.is_empty())
            .collect();
        out.sort_by(|a, b| {
            b.path.len().cmp(&a.path.len()).then_with(|| a.author.cmp(&b.author)).then_with(|| a.target.cmp(&b.target))
        });
        out
    }

    fn journey(&self, author: &Author, timeline: &Timeline) -> Journey {
        let mut path: Vec<Station> = Vec::new();
        let mut put = |step, at, of: Option<&Step>| {
            if path.last().is_none_or(|s| s.step != step) {
                path.push(Station {
                    step,
                    at,
                    aspect: of.and_then(|s| s.aspect.clone()),
                    post: of.and_then(|s| s.id.clone()),
                });
            }
        };
        let (mut was_prospect, mut upset) = (false, false);
        let steps = &timeline.steps.0;
        for (i, step) in steps.iter().enumerate() {
            if matches!(step.role, Role::Official | Role::Commercial | Role::Media) {
                continue;
            }
            let owner = step.role == Role::Customer || step.stage == Some(Stage::Owner);
            if !owner && is_prospect(step) {
                was_prospect = true;
                put(Move::Prospect, step.at, Some(step));
            } else if owner && std::mem::take(&mut was_prospect) {
                put(Move::Customer, step.at, Some(step));
            }
            if step.wants(Intent::Churn) || matches!(step.stage, Some(Stage::Leaving | Stage::Left)) {
                put(Move::Churn, step.at, Some(step));
            } else if step.wants(Intent::Complaint)
                || (step.wants(Intent::Support) && !step.joy)
                || (owner && step.blame)
            {
                upset = true;
                put(Move::Complaint, step.at, Some(step));
                let next = steps.get(i + 1).map_or(i64::MAX, |s| s.at);
                if let Some(at) = self.answer_to(author, step).filter(|at| *at <= next) {
                    put(Move::Answered, at, None);
                }
            } else if step.joy && upset && !step.wants(Intent::Praise) {
                upset = false;
                put(Move::Satisfied, step.at, Some(step));
            } else if step.wants(Intent::Praise) || step.joy {
                upset = false;
                put(Move::Praise, step.at, Some(step));
            }
        }
        Journey { author: author.name.clone(), target: timeline.target.clone(), path }
    }

    /// How journeys with a target go, with some to read of each pattern.
    pub fn read_journeys(&self, target: Option<&str>, rule: Rule, examples: usize) -> JourneyReading {
        let journeys = self.journeys(target);
        let has = |j: &Journey, step: Move| j.path.iter().any(|s| s.step == step);
        let count = |f: &dyn Fn(&Journey) -> bool| journeys.iter().filter(|j| f(j)).count() as u64;
        let upset = count(&|j| has(j, Move::Complaint));
        let answered = count(&|j| has(j, Move::Answered));
        let mut waits: Vec<i64> = journeys
            .iter()
            .flat_map(|j| j.path.windows(2))
            .filter(|w| w[0].step == Move::Complaint && w[1].step == Move::Answered)
            .map(|w| w[1].at - w[0].at)
            .collect();
        waits.sort_unstable();
        let some = |pattern| journeys.iter().filter(|j| j.is(pattern)).take(examples).cloned().collect();
        JourneyReading {
            target: target.map(str::to_owned),
            authors: journeys.len() as u64,
            answered: rule.share(answered, upset),
            won_back: rule.share(count(&|j| j.is(Pattern::WonBack)), answered),
            churned: rule.share(count(&|j| j.is(Pattern::Churned)), upset),
            hours_to_answer: waits.get(waits.len() / 2).map(|s| *s as f64 / HOUR as f64),
            patterns: Pattern::ALL.into_iter().map(|p| (p, count(&|j| j.is(p)))).collect(),
            examples: Pattern::ALL.into_iter().map(|p| (p, some(p))).collect(),
        }
    }
}

fn is_prospect(step: &Step) -> bool {
    matches!(step.role, Role::ProspectHot | Role::ProspectCold)
        || matches!(step.stage, Some(Stage::Aware | Stage::Considering | Stage::Buying))
}
