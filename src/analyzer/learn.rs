//! What an [`Analyzer`] learns from labelled posts: it reads them, a trainer of the room concerned fits.

use super::{Analyzer, Scratch, Told, cut};
use crate::analysis::Label;
use crate::error::{Error, ErrorKind};
use crate::language::Language;
use crate::post::{Post, Source};
use crate::text::reading::Term;
use crate::tone::expert::train as expert;
use crate::tone::features::View;
use crate::tone::learn::{Goal, Recipe, Trainer, spelling};
use crate::tone::network::train as network;
use crate::voice::learn::{LabelledPost, Lesson, Recipe as RoleRecipe, Trainer as RoleTrainer};
use std::fmt::Write as _;

/// A post that a person labelled.
#[derive(Debug, Clone, Default)]
pub struct Labelled {
    /// What was written.
    pub text: String,
    /// Probabilities of negative, neutral and positive; a plain label is a one and two noughts.
    pub p: [f32; 3],
    /// The set has no neutral class, so only the sign is learnt.
    pub sign_only: bool,
    /// What the post counts for.
    pub weight: f32,
}

impl Labelled {
    fn goal(&self) -> Goal {
        Goal { p: self.p, sign_only: self.sign_only, weight: self.weight }
    }
}

/// So many labelled posts without a mixed one say that nobody gives that label.
const ENOUGH: usize = 100;

/// Whether nobody labels posts as mixed, nor calls those neutral that are read so; `mixed` holds what the labels
/// of these are.
fn is_never_mixed(posts: &[Labelled], [negative, neutral, positive]: &[f32; 3]) -> bool {
    posts.len() >= ENOUGH
        && posts.iter().all(|post| post.p.iter().any(|p| *p > 0.5))
        && neutral < &negative.max(*positive)
}

impl Analyzer {
    /// Learns a table of weights from labelled posts: a lexicon's text, ready for
    /// [`crate::AnalyzerBuilder::lexicon_text`].
    ///
    /// # Errors
    ///
    /// Fewer than two signs among the labels: there is nothing to tell apart.
    pub fn learn(&self, posts: &[Labelled], recipe: &Recipe) -> Result<String, Error> {
        let signs = (0..3).filter(|i| posts.iter().any(|p| p.p[*i] > 0.5)).count();
        if signs < 2 {
            let reason = format!("{} labelled posts hold {signs} of the three signs; two are needed", posts.len());
            return Err(Error::new(ErrorKind::Training, reason));
        }
        let engine = &*self.engine;
        let mut trainer = Trainer::default();
        let mut languages = [0; 3];
        // By label, what posts count for that were read as mixed.
        let mut mixed = [0.0f32; 3];
        let mut scratch = Scratch::default();
        for post in posts {
            let text = cut(&post.text);
            let Scratch { reading, matches, grammar, margin, .. } = &mut scratch;
            engine.understand(text, Language::Unknown, reading, matches, grammar);
            let view = View { reading, matches, grammar };
            let mut offset = [0.0; 2];
            if !recipe.base {
                let tables = &engine.tables;
                margin.measure(&view, tables.head(reading.language), tables.layers(reading.language), false);
                offset = [margin.polarity, margin.neutrality];
                if margin.tonality(&engine.calibration, false).label == Label::Mixed {
                    mixed.iter_mut().zip(post.p).for_each(|(sum, p)| *sum += post.weight * p);
                }
            }
            trainer.add(&view, &engine.lexicon, reading.clean.text(text), offset, post.goal());
            languages[reading.language.index().unwrap_or(2)] += 1;
        }
        let mut out = String::from("feature\tpolarity\tneutrality\n");
        // A layer of one language leaves the other as it is; marks and slots are in both.
        let main = Language::READ.iter().find(|l| languages[l.index().unwrap_or(2)] * 10 >= posts.len() * 9);
        if let (Some(language), false) = (main, recipe.base) {
            let _ = writeln!(out, "language:{}\t1\t0", language.as_str());
        }
        if !recipe.base && is_never_mixed(posts, &mixed) {
            let _ = writeln!(out, "never:{}\t0\t0", Label::Mixed.as_str());
        }
        for (feature, polarity, neutrality) in trainer.fit(recipe) {
            let (polarity, neutrality) = (round(polarity), round(neutrality));
            if polarity != 0.0 || neutrality != 0.0 {
                let _ = writeln!(out, "{feature}\t{polarity}\t{neutrality}");
            }
        }
        Ok(out)
    }
}

impl Analyzer {
    /// Learns what words mean together, from posts labelled by people and by a slower teacher: the rows
    /// of `lexicons/*/network.tsv`, which the build packs.
    pub fn learn_network(&self, posts: &[Labelled]) -> String {
        let mut trainer = network::Trainer::default();
        self.read_words(posts, |view, spelling, goal| trainer.add(view.reading, spelling, goal));
        trainer.fit()
    }

    /// Learns what the words of the lexicons say in posts of one kind, and how posts of that kind are told from `others`, of which
    /// only the weights are looked at: the rows of `lexicons/*/experts/*.tsv`, which the build packs. `share`, from 0 to 1,
    /// is how far the expert is heard beside the other tables in a post that is wholly of its kind.
    ///
    /// # Errors
    ///
    /// No post on either side, or none of any weight: there is nothing to tell apart. A share that is none.
    pub fn learn_expert(&self, posts: &[Labelled], others: &[Labelled], share: f32) -> Result<String, Error> {
        if !(0.0..=1.0).contains(&share) {
            return Err(Error::new(ErrorKind::Training, format!("the share {share} is not between 0 and 1")));
        }
        if [posts, others].iter().any(|side| !side.iter().any(|post| post.weight > 0.0)) {
            return Err(Error::new(ErrorKind::Training, "an expert is learnt from posts of its kind and from others"));
        }
        let vocabulary = &self.engine.lexicon.vocabulary;
        let mut trainer = expert::Trainer::default();
        for (posts, ours) in [(posts, true), (others, false)] {
            self.read_words(posts, |view, spelling, goal| {
                let name = |term: &Term| if vocabulary.is_lexical(term.id) { spelling(term) } else { String::new() };
                trainer.add(view, name, goal, ours);
            });
        }
        Ok(trainer.fit(share))
    }

    /// Reads the words of posts, for a trainer that looks at nothing else.
    fn read_words(&self, posts: &[Labelled], mut add: impl FnMut(&View<'_>, &dyn Fn(&Term) -> String, Goal)) {
        let engine = &*self.engine;
        let mut scratch = Scratch::default();
        for post in posts {
            let text = cut(&post.text);
            let Scratch { reading, matches, grammar, .. } = &mut scratch;
            engine.understand(text, Language::Unknown, reading, matches, grammar);
            let lexed = reading.clean.text(text);
            let view = View { reading, matches, grammar };
            add(&view, &|term| spelling(term, &engine.lexicon, lexed), post.goal());
        }
    }

    /// Learns roles and intents from labelled posts; the user's own roles may be among the labels.
    ///
    /// # Errors
    ///
    /// An analyzer without its voice room, or labels that hold nothing to tell apart.
    pub fn learn_roles(&self, posts: &[LabelledPost], recipe: &RoleRecipe) -> Result<Lesson, Error> {
        let engine = &*self.engine;
        let Some(room) = &engine.voice else {
            return Err(Error::new(ErrorKind::Training, "roles are learnt by an analyzer that reads roles"));
        };
        let first = posts.iter().find_map(|p| p.role);
        if posts.iter().all(|p| p.role.is_none() || p.role == first) && posts.iter().all(|p| p.intents.is_none()) {
            return Err(Error::new(ErrorKind::Training, "all labels are the same; two are needed"));
        }
        let told = Told { voice: true, ..self.told };
        let mut scratch = Scratch::default();
        let mut trainer = RoleTrainer::new(room, &engine.lexicon, posts, recipe.base);
        for labelled in posts {
            let post = Post { author_bio: None, source: Source::Other, ..labelled.post.clone() };
            let analysis = engine.read_with(&post.text, Some(&post), told, &mut scratch);
            trainer.add(&scratch.voice, &analysis, labelled);
        }
        Ok(trainer.fit(recipe))
    }
}

/// Weights are written to two decimals: finer than their error, and half the bytes.
fn round(weight: f32) -> f32 {
    (weight * 100.0).round() / 100.0
}
