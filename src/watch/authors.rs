//! What is kept of authors: their posts about each target, in order; conversations; relays.
//!
//! In: analysed posts with an author. Author ids are opaque: nothing is looked up, guessed or linked.
//! Out: the author map ([`AuthorCard`]): stance with its interval, volume, how often relayed, how early,
//! how much about competitors; allies, adversaries, and who waits for a first answer. `journey` reads
//! paths off the same timelines.
//!
//! Bounded, and exact under merging: at most `max_authors` authors, those of the smallest hash (a fair
//! sample of authors, never the first to come); of each timeline the first quarter and the latest
//! three quarters of `max_steps`; conversations and relayed posts likewise by hash.

use super::config::JourneyConfig;
use super::interval::{Estimate, Rule};
use super::noise::Noise;
use super::sample::{post_key, spoken_of};
use super::skim::{Kind, Skim, hash_name, pair};
use super::trend::Counts;
use crate::analysis::{Analysis, Label};
use crate::post::Post;
use crate::voice::{Intent, Role, Severity, Stage};
use std::collections::BTreeMap;

/// Ids of an author's posts that are remembered, to know what is relayed.
const IDS: usize = 64;
/// Answers remembered of a conversation: the earliest and the latest.
const ANSWERS: usize = 16;

/// A post in an author's timeline.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Step {
    pub(crate) at: i64,
    key: u64,
    pub(crate) thread: u64,
    pub(crate) blame: bool,
    pub(crate) joy: bool,
    /// One bit for each intent, in the order of [`Intent::ALL`].
    intents: u16,
    pub(crate) stage: Option<Stage>,
    pub(crate) role: Role,
    pub(crate) severity: Severity,
    /// The first aspect that is blamed.
    pub(crate) aspect: Option<String>,
    pub(crate) id: Option<String>,
}

impl Step {
    pub(crate) fn wants(&self, intent: Intent) -> bool {
        self.intents & bit(intent) != 0
    }

    /// Asks for something that the target could answer.
    pub(crate) fn asks(&self) -> bool {
        self.wants(Intent::Complaint) || self.wants(Intent::Support) || self.wants(Intent::Question)
    }
}

/// Items in order, the first quarter and the latest three quarters of a number of them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Ends<T>(pub(crate) Vec<T>);

impl<T> Default for Ends<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialOrd> Ends<T> {
    /// Puts an item in its place and drops the one in the middle when there are too many: the ends that
    /// remain are those of everything ever put in, whatever the order.
    fn put(&mut self, item: T, most: usize) {
        let place = self.0.partition_point(|x| *x < item);
        if self.0.get(place) == Some(&item) {
            return;
        }
        // Most timelines hold one post: room for four would be most of the table.
        if self.0.is_empty() {
            self.0.reserve_exact(1);
        }
        self.0.insert(place, item);
        if self.0.len() > most {
            self.0.remove(most / 4);
        }
    }
}

/// What an author said about a target.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Timeline {
    pub(crate) target: String,
    pub(crate) counts: Counts,
    pub(crate) first: Option<i64>,
    pub(crate) steps: Ends<Step>,
}

/// Lists, not trees: most authors post once, and a tree's first node has room for eleven.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Author {
    pub(crate) name: String,
    posts: u64,
    /// Posts by role, in the order of the roles.
    roles: Vec<(Role, u64)>,
    /// Hashes of post ids, the smallest ones, ascending.
    ids: Vec<u64>,
    /// By name of the target.
    pub(crate) timelines: Vec<Timeline>,
}

/// Authors, conversations and relays; mergeable.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Authors {
    config: JourneyConfig,
    pub(crate) known: BTreeMap<u64, Author>,
    /// When the target answered, by conversation or by the account that was answered.
    answers: BTreeMap<u64, Ends<i64>>,
    /// Relays by post or by account.
    relayed: BTreeMap<u64, u64>,
}

/// How an author stands with a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Standing {
    /// Speaks well of it, beyond chance.
    Ally,
    /// Speaks ill of it, beyond chance.
    Adversary,
    /// Neither.
    Even,
    /// Too few posts to say.
    TooFew,
}

/// An author, as the map shows them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AuthorCard {
    /// The opaque id.
    pub author: String,
    /// The target.
    pub target: String,
    /// The role they speak in most often.
    pub role: Role,
    /// Their posts about the target.
    pub posts: u64,
    /// Their net tonality towards it.
    pub stance: Estimate,
    /// Ally, adversary, neither.
    pub standing: Standing,
    /// How often others relayed them.
    pub relayed: u64,
    /// Share of the target's other authors who began to speak of it later, 0..1.
    pub earliness: Option<f64>,
    /// Share of their posts that is about other targets, 0..1.
    pub about_others: f64,
    /// Their first question or complaint that nobody answered: when, and the post's id.
    pub waits_since: Option<(i64, Option<String>)>,
    /// The gravest consequence they claim while they wait.
    pub severity: Severity,
}

impl Authors {
    /// Nobody seen yet.
    pub fn new(config: JourneyConfig) -> Self {
        Self { config, ..Self::default() }
    }

    pub(crate) fn observe(&mut self, post: &Post, skim: &Skim, analysis: &Analysis, noise: Noise, at: Option<i64>) {
        let thread = post.thread.as_deref().map_or(0, hash_name);
        if let (Role::Official, Some(at)) = (analysis.role.label, at) {
            self.answered(post, skim, thread, at);
        }
        if noise == Noise::Repost {
            let relayed = post.repost_of.as_deref().map(hash_name).or_else(|| handle(post, skim));
            if let Some(key) = relayed {
                *self.relayed.entry(key).or_default() += 1;
                cap(&mut self.relayed, self.config.max_threads);
            }
        }
        let Some(name) = post.author.as_deref() else { return };
        let hash = hash_name(name);
        // Beyond the bound only authors of a smaller hash are let in: no churn for a full house.
        let full = self.known.len() >= self.config.max_authors;
        if full && self.known.last_key_value().is_some_and(|(largest, _)| hash > *largest) {
            return;
        }
        let author = self.known.entry(hash).or_insert_with(|| Author { name: name.to_owned(), ..Author::default() });
        author.posts += 1;
        author.spoke_as(analysis.role.label, 1);
        if let Some(id) = &post.id {
            author.note_id(hash_name(id));
        }
        let key = post_key(post);
        let mut any = false;
        for reading in spoken_of(analysis) {
            any = true;
            let blamed = reading.aspects.iter().find(|a| a.tonality.label == Label::Negative);
            let timeline = author.timeline(&reading.target);
            timeline.note(reading.tonality.label, noise, at);
            if let (Some(at), Noise::None) = (at, noise)
                && tells(analysis, reading.tonality.label)
            {
                let aspect = blamed.map(|a| a.aspect.clone());
                let step = step(post, analysis, reading.tonality.label, (at, key, thread), aspect);
                timeline.steps.put(step, self.config.max_steps);
            }
        }
        if !any && analysis.targets.is_empty() {
            let timeline = author.timeline("");
            timeline.note(analysis.tonality.label, noise, at);
            if let (Some(at), Noise::None) = (at, noise)
                && tells(analysis, analysis.tonality.label)
            {
                let step = step(post, analysis, analysis.tonality.label, (at, key, thread), None);
                timeline.steps.put(step, self.config.max_steps);
            }
        }
        cap(&mut self.known, self.config.max_authors);
    }

    /// The target spoke: it answered a conversation, or the account that it names first.
    fn answered(&mut self, post: &Post, skim: &Skim, thread: u64, at: i64) {
        let named = handle(post, skim);
        for key in named.into_iter().chain((thread != 0).then_some(thread)) {
            self.answers.entry(key).or_default().put(at, ANSWERS);
        }
        cap(&mut self.answers, self.config.max_threads);
    }

    /// Adds what another one, of the same settings, has seen.
    pub fn merge(&mut self, other: Self) {
        let most = self.config.max_steps;
        for (hash, theirs) in other.known {
            let author = self.known.entry(hash).or_insert_with(|| Author { name: theirs.name, ..Author::default() });
            author.posts += theirs.posts;
            theirs.roles.into_iter().for_each(|(role, n)| author.spoke_as(role, n));
            theirs.ids.into_iter().for_each(|id| author.note_id(id));
            for timeline in theirs.timelines {
                let mine = author.timeline(&timeline.target);
                mine.counts.add(&timeline.counts);
                mine.first = earlier(mine.first, timeline.first);
                timeline.steps.0.into_iter().for_each(|step| mine.steps.put(step, most));
            }
        }
        for (key, theirs) in other.answers {
            let mine = self.answers.entry(key).or_default();
            theirs.0.into_iter().for_each(|at| mine.put(at, ANSWERS));
        }
        for (key, n) in other.relayed {
            *self.relayed.entry(key).or_default() += n;
        }
        cap(&mut self.known, self.config.max_authors);
        cap(&mut self.answers, self.config.max_threads);
        cap(&mut self.relayed, self.config.max_threads);
    }

    /// Authors followed.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether nobody was seen.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The author with most posts.
    pub(crate) fn loudest(&self) -> Option<(&str, u64)> {
        let loudest = self.known.values().max_by(|a, b| a.posts.cmp(&b.posts).then_with(|| b.name.cmp(&a.name)))?;
        Some((&loudest.name, loudest.posts))
    }

    /// When a step was first answered.
    pub(crate) fn answer_to(&self, author: &Author, step: &Step) -> Option<i64> {
        let by_name = handle_key(&author.name);
        [step.thread, by_name]
            .iter()
            .filter(|key| **key != 0)
            .filter_map(|key| self.answers.get(key))
            .filter_map(|ends| ends.0.iter().copied().find(|at| *at > step.at))
            .min()
    }

    /// Everybody who spoke of a target, in the order of how much they weigh (posts and relays).
    pub fn map(&self, target: &str, rule: Rule) -> Vec<AuthorCard> {
        let mut firsts: Vec<i64> = self.known.values().filter_map(|a| a.about(target)?.first).collect();
        firsts.sort_unstable();
        let mut cards: Vec<AuthorCard> = self
            .known
            .values()
            .filter_map(|author| Some(self.card(author, author.about(target)?, &firsts, rule)))
            .collect();
        cards.sort_by(|a, b| (b.posts + b.relayed).cmp(&(a.posts + a.relayed)).then_with(|| a.author.cmp(&b.author)));
        cards
    }

    fn card(&self, author: &Author, timeline: &Timeline, firsts: &[i64], rule: Rule) -> AuthorCard {
        // Three posts are few, and the interval says so; two are nothing.
        let rule = Rule { min_posts: rule.min_posts.min(3), ..rule };
        let stance = timeline.counts.net(rule);
        let standing = match stance.known() {
            None => Standing::TooFew,
            Some(i) if i.low > 0.0 => Standing::Ally,
            Some(i) if i.high < 0.0 => Standing::Adversary,
            Some(_) => Standing::Even,
        };
        let later = timeline.first.map(|at| firsts.len() - firsts.partition_point(|f| *f <= at));
        let waits = timeline
            .steps
            .0
            .iter()
            .find(|s| s.asks() && s.role != Role::Official && self.answer_to(author, s).is_none());
        let all: u64 = author.timelines.iter().map(|t| t.counts.volume()).sum();
        let volume = timeline.counts.volume();
        let by_id: u64 = author.ids.iter().filter_map(|id| self.relayed.get(id)).sum();
        AuthorCard {
            author: author.name.clone(),
            target: timeline.target.clone(),
            role: author.role(),
            posts: volume,
            stance,
            standing,
            relayed: by_id + self.relayed.get(&handle_key(&author.name)).copied().unwrap_or(0),
            earliness: later.filter(|_| firsts.len() > 1).map(|n| n as f64 / (firsts.len() - 1) as f64),
            about_others: (all - volume.min(all)) as f64 / all.max(1) as f64,
            waits_since: waits.map(|s| (s.at, s.id.clone())),
            severity: waits.map_or(Severity::None, |first| {
                timeline.steps.0.iter().filter(|s| s.at >= first.at).map(|s| s.severity).max().unwrap_or_default()
            }),
        }
    }

    /// Who should be answered first: the gravest consequence, then the most relayed, then the longest wait.
    pub fn worth_an_answer(&self, target: &str, rule: Rule, limit: usize) -> Vec<AuthorCard> {
        let mut waiting: Vec<AuthorCard> =
            self.map(target, rule).into_iter().filter(|c| c.waits_since.is_some()).collect();
        waiting.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then(b.relayed.cmp(&a.relayed))
                .then_with(|| a.waits_since.cmp(&b.waits_since))
                .then_with(|| a.author.cmp(&b.author))
        });
        waiting.truncate(limit);
        waiting
    }
}

impl Author {
    fn about(&self, target: &str) -> Option<&Timeline> {
        self.timelines.iter().find(|t| t.target == target)
    }

    /// What they said about a target, begun if it is not there. Targets of one author are few.
    fn timeline(&mut self, target: &str) -> &mut Timeline {
        let place = self.timelines.partition_point(|t| *t.target < *target);
        if self.timelines.get(place).is_none_or(|t| t.target != target) {
            self.timelines.insert(place, Timeline { target: target.to_owned(), ..Timeline::default() });
        }
        &mut self.timelines[place]
    }

    fn spoke_as(&mut self, role: Role, n: u64) {
        let place = self.roles.partition_point(|(r, _)| *r < role);
        match self.roles.get_mut(place) {
            Some((known, count)) if *known == role => *count += n,
            _ => self.roles.insert(place, (role, n)),
        }
    }

    fn note_id(&mut self, id: u64) {
        if let Err(place) = self.ids.binary_search(&id)
            && place < IDS
        {
            self.ids.insert(place, id);
            self.ids.truncate(IDS);
        }
    }

    /// The role they speak in most often; a role beats `unclear`.
    fn role(&self) -> Role {
        let known = self.roles.iter().filter(|(r, _)| *r != Role::Unclear);
        known.max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map_or(Role::Unclear, |(r, _)| *r)
    }
}

impl Timeline {
    fn note(&mut self, label: Label, noise: Noise, at: Option<i64>) {
        self.counts.note(label, noise);
        self.first = earlier(self.first, at);
    }
}

fn earlier(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn bit(intent: Intent) -> u16 {
    1 << (intent as u16)
}

/// Whether a post can be a step of a journey: it praises, blames or wants something, or says where its
/// writer stands.
fn tells(analysis: &Analysis, label: Label) -> bool {
    matches!(label, Label::Negative | Label::Positive)
        || !analysis.intents.is_empty()
        || analysis.stage.is_some()
        || matches!(analysis.role.label, Role::Customer | Role::ProspectHot | Role::ProspectCold)
}

fn step(
    post: &Post,
    analysis: &Analysis,
    label: Label,
    (at, key, thread): (i64, u64, u64),
    aspect: Option<String>,
) -> Step {
    Step {
        at,
        key,
        thread,
        blame: label == Label::Negative,
        joy: label == Label::Positive,
        intents: analysis.intents.iter().fold(0, |bits, i| bits | bit(*i)),
        stage: analysis.stage,
        role: analysis.role.label,
        severity: analysis.severity,
        aspect,
        id: post.id.clone(),
    }
}

/// Handles live in their own room, so that an account named like a thread is not one.
fn handle_key(name: &str) -> u64 {
    pair(hash_name(&name.trim_start_matches('@').to_lowercase()), 7)
}

/// The first account that a text names: whom it answers or relays.
fn handle(post: &Post, skim: &Skim) -> Option<u64> {
    let piece = skim.pieces.iter().take(3).find(|p| p.kind == Kind::Mention)?;
    post.text.get(piece.start as usize..piece.end as usize).map(handle_key)
}

/// Keeps the entries of the smallest keys.
fn cap<V>(table: &mut BTreeMap<u64, V>, most: usize) {
    while table.len() > most {
        table.pop_last();
    }
}
