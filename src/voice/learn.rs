//! The fit: labelled posts into the table of [`super::role`].
//!
//! Roles share one multinomial logistic regression over cue sums, grammar features and words; each
//! intent is a binary one over the same columns. Features are many and posts few, so the penalty is
//! strong, and stronger on words than on features that hold for every brand and sector. The optimiser
//! is plain full-batch gradient descent with momentum in a fixed order: a thousand posts take seconds,
//! and the same posts always give the same table to the bit.

use super::cue::ROLES;
use super::intent::INTENTS;
use super::labels::{Intent, Role};
use super::role::{self, COLUMNS};
use super::stream::Item;
use super::{Voice, VoiceInput, VoiceScratch};
use crate::lexicon::Lexicon;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A labelled post, seen as features.
#[derive(Debug, Clone, Default)]
pub(crate) struct Example {
    /// Feature and value: dense features by their number, words after them by [`Names`].
    pub(crate) features: Vec<(String, f32)>,
    pub(crate) role: Option<Role>,
    /// The intents, where they were labelled.
    pub(crate) intents: Option<Vec<Intent>>,
    /// How much the post counts.
    pub(crate) weight: f32,
}

impl Voice {
    /// What the fit sees of a post: the features that are not zero, its words and pairs of words.
    pub(crate) fn features(
        &self,
        input: &VoiceInput<'_>,
        lexicon: &Lexicon,
        scratch: &mut VoiceScratch,
    ) -> Vec<(String, f32)> {
        self.look(input, scratch);
        let mut out: Vec<(String, f32)> = scratch
            .features
            .iter()
            .enumerate()
            .filter(|(_, value)| **value != 0.0)
            .map(|(at, value)| (role::feature_name(at), *value))
            .collect();
        let mut words = std::collections::BTreeSet::new();
        let mut before: Option<&Item> = None;
        for item in &scratch.stream.items {
            if role::is_word(item) {
                let word = lexicon.vocabulary.text(item.id);
                words.insert(word.to_owned());
                if let Some(first) = before {
                    let first =
                        if role::is_word(first) { lexicon.vocabulary.text(first.id) } else { slot_name(first.id) };
                    if !first.is_empty() {
                        words.insert(format!("{first} {word}"));
                    }
                }
            }
            before = item.is_written().then_some(item);
        }
        words.retain(|w| w.split(' ').all(|part| !part.is_empty() && !part.starts_with(['@', '#'])));
        out.extend(words.into_iter().map(|w| (w, 1.0)));
        out
    }
}

/// How a table writes a slot that stands before a word.
fn slot_name(id: u32) -> &'static str {
    use crate::lexicon::slot;
    match id {
        slot::TARGET => "<target>",
        slot::MENTION => "<mention>",
        slot::NUMBER => "<number>",
        slot::PRICE => "<price>",
        slot::URL => "<url>",
        _ => "",
    }
}

/// How the fit is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// Penalty on cue sums and grammar.
    pub(crate) l2_features: f32,
    /// Penalty on words.
    pub(crate) l2_words: f32,
    /// A word must stand in this many posts.
    pub(crate) least_posts: usize,
    /// Steps of the optimiser.
    pub(crate) steps: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { l2_features: 5.0, l2_words: 5.0, least_posts: 3, steps: 300 }
    }
}

/// How much a word, and a pair of words, weigh beside a feature: a loose penalty in other words.
const WORD: f32 = 8.0;
const PAIR: f32 = 4.0;

/// Posts as columns of numbers.
struct Design {
    names: Vec<String>,
    /// What a word's weight is multiplied by: rare words say more of who speaks than common ones.
    scales: Vec<f32>,
    rows: Vec<Vec<(u32, f32)>>,
}

impl Design {
    fn new(examples: &[Example], settings: Settings) -> Self {
        let mut posts: BTreeMap<&str, usize> = BTreeMap::new();
        for example in examples {
            for (name, _) in &example.features {
                *posts.entry(name).or_default() += 1;
            }
        }
        let names: Vec<String> = posts
            .iter()
            .filter(|(name, n)| name.starts_with('@') || **n >= settings.least_posts)
            .map(|(name, _)| (*name).to_owned())
            .collect();
        let total = examples.len().max(3) as f32;
        let scales: Vec<f32> = names
            .iter()
            .map(|name| match (name.starts_with('@'), name.contains(' ')) {
                (true, _) => 1.0,
                (false, pair) => {
                    let rarity = (total / posts[name.as_str()] as f32).ln() / (total / 2.0).ln();
                    rarity * if pair { PAIR } else { WORD }
                }
            })
            .collect();
        let place: BTreeMap<&str, usize> = names.iter().enumerate().map(|(i, n)| (n.as_str(), i)).collect();
        let rows = examples
            .iter()
            .map(|example| {
                let kept = example.features.iter().filter_map(|(n, v)| place.get(n.as_str()).map(|i| (*i, *v)));
                let kept: Vec<(usize, f32)> = kept.collect();
                let words = kept.iter().filter(|(i, _)| !names[*i].starts_with('@')).count();
                let share = role::word_scale(words);
                #[expect(clippy::cast_possible_truncation, reason = "a table has far fewer rows")]
                let scaled = |(i, v): (usize, f32)| {
                    (i as u32, if names[i].starts_with('@') { v } else { v * share * scales[i] })
                };
                kept.into_iter().map(scaled).collect()
            })
            .collect();
        Self { names, scales, rows }
    }
}

/// Fits a table from labelled posts; the text is what [`role::Weights::read`] reads.
pub(crate) fn train(examples: &[Example], settings: Settings) -> String {
    let design = Design::new(examples, settings);
    let penalty: Vec<f32> = design
        .names
        .iter()
        .map(|n| match n.as_str() {
            "@bias" => 0.001,
            n if n.starts_with('@') => settings.l2_features,
            _ => settings.l2_words,
        })
        .collect();
    let mut table = vec![[0.0f32; COLUMNS]; design.names.len()];
    let roles: Vec<Option<usize>> =
        examples.iter().map(|e| e.role.map(|r| r as usize).filter(|r| *r < ROLES)).collect();
    fit(&design, examples, &penalty, settings.steps, ROLES, &mut table, 0, |at, scores, errors| {
        let Some(gold) = roles[at] else { return };
        errors.copy_from_slice(&role::softmax(scores));
        errors[gold] -= 1.0;
    });
    for intent in 0..INTENTS {
        fit(&design, examples, &penalty, settings.steps, 1, &mut table, ROLES + intent, |at, scores, errors| {
            let Some(intents) = &examples[at].intents else { return };
            let gold = intents.contains(&Intent::ALL[intent]);
            errors[0] = 1.0 / (1.0 + (-scores[0]).exp()) - f32::from(u8::from(gold));
        });
    }
    for (weights, scale) in table.iter_mut().zip(&design.scales) {
        for weight in weights {
            *weight *= scale;
        }
    }
    write_table(&design.names, &table)
}

/// How much of the last step is taken again.
const MOMENTUM: f32 = 0.9;

/// Gradient descent with momentum on `width` columns from `first` on. Each feature's step is set by
/// how often it occurs, so that rare words and the bias arrive together.
#[expect(clippy::too_many_arguments, reason = "one loop for both kinds of label")]
fn fit(
    design: &Design,
    examples: &[Example],
    penalty: &[f32],
    steps: usize,
    width: usize,
    table: &mut [[f32; COLUMNS]],
    first: usize,
    error: impl Fn(usize, &[f32], &mut [f32]),
) {
    let names = design.names.len();
    let mut mass = vec![0.0f32; names];
    for (row, example) in design.rows.iter().zip(examples) {
        let norm: f32 = row.iter().map(|(_, v)| v.abs()).sum();
        for (i, v) in row {
            mass[*i as usize] += example.weight * v.abs() * norm * 0.5;
        }
    }
    let mut speed = vec![[0.0f32; COLUMNS]; names];
    let mut gradient = vec![[0.0f32; COLUMNS]; names];
    let mut scores = vec![0.0f32; width];
    let mut errors = vec![0.0f32; width];
    for _ in 0..steps {
        for (g, (w, p)) in gradient.iter_mut().zip(table.iter().zip(penalty)) {
            for column in first..first + width {
                g[column] = p * w[column];
            }
        }
        for (at, row) in design.rows.iter().enumerate() {
            scores.fill(0.0);
            errors.fill(0.0);
            for (i, v) in row {
                let weights = &table[*i as usize][first..first + width];
                scores.iter_mut().zip(weights).for_each(|(s, w)| *s += w * v);
            }
            error(at, &scores, &mut errors);
            for (i, v) in row {
                let g = &mut gradient[*i as usize][first..first + width];
                g.iter_mut().zip(&errors).for_each(|(g, e)| *g += e * v * examples[at].weight);
            }
        }
        for (i, (w, s)) in table.iter_mut().zip(&mut speed).enumerate() {
            let step = (1.0 - MOMENTUM) / (mass[i] * 0.5 + penalty[i] + 1e-6);
            for column in first..first + width {
                s[column] = MOMENTUM * s[column] - step * gradient[i][column];
                w[column] += s[column];
            }
        }
    }
}

fn write_table(names: &[String], table: &[[f32; COLUMNS]]) -> String {
    let mut out = String::from("feature");
    for role in &Role::ALL[..ROLES] {
        let _ = write!(out, "\t{}", role.as_str());
    }
    for intent in Intent::ALL {
        let _ = write!(out, "\t{}", intent.as_str());
    }
    out.push('\n');
    for (name, weights) in names.iter().zip(table) {
        // What weighs nothing for any label is not worth a row.
        if weights.iter().all(|w| w.abs() < 0.1) {
            continue;
        }
        out.push_str(name);
        for weight in weights {
            let rounded = (weight * 100.0).round() / 100.0;
            if rounded == 0.0 {
                out.push('\t');
            } else {
                let _ = write!(out, "\t{rounded}");
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{TargetSpans, VoiceInput, VoiceScratch};
    use super::*;
    use crate::lexicon::hash::hash;
    use crate::lexicon::key;
    use crate::post::Source;
    use crate::text::reading::{Options, Reading};

    /// Where a reading names a target, as the analyzer finds it.
    fn spans(names: &[String], reading: &Reading, lexicon: &Lexicon) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        for name in names {
            let mut alias = Reading::default();
            alias.read(name, lexicon, Options { spelling: false, hint: crate::language::Language::Unknown });
            let wanted: Vec<u64> = alias.terms.iter().map(|t| t.hash).collect();
            if wanted.is_empty() {
                continue;
            }
            for first in 0..reading.terms.len() {
                let found = reading.terms[first..].iter().map(|t| t.hash).take(wanted.len());
                if found.eq(wanted.iter().copied()) && !out.iter().any(|(a, b)| first < *b && *a < first + wanted.len())
                {
                    out.push((first, first + wanted.len()));
                }
            }
        }
        let _ = (hash(b""), key::normal(""));
        out
    }

    /// Four words, one role each: the fit must find them, twice the same.
    #[test]
    fn the_fit_finds_what_tells_roles_apart_and_is_deterministic() {
        let words = [
            ("vends", Role::Commercial),
            ("signez", Role::Activist),
            ("collègue", Role::Insider),
            ("lama", Role::Public),
        ];
        let examples: Vec<Example> = (0..40)
            .map(|i| {
                let (word, role) = words[i % 4];
                let features = vec![("@bias".to_owned(), 1.0), (word.to_owned(), 1.0), ("le".to_owned(), 1.0)];
                Example { features, role: Some(role), intents: None, weight: 1.0 }
            })
            .collect();
        let settings = Settings { l2_features: 0.1, l2_words: 0.1, ..Settings::default() };
        let table = train(&examples, settings);
        assert_eq!(table, train(&examples, settings));
        let mut lexicon = Lexicon::builtin();
        let mut refused = Vec::new();
        let weights = role::Weights::read(&table, &mut lexicon, &mut refused);
        assert!(refused.is_empty(), "{refused:?}");
        drop(weights);
        for (word, role) in words {
            let row = table.lines().find(|l| l.starts_with(&format!("{word}\t"))).unwrap();
            let cells: Vec<f32> = row.split('\t').skip(1).map(|c| c.parse().unwrap_or(0.0)).collect();
            let best = (0..ROLES).max_by(|a, b| cells[*a].total_cmp(&cells[*b])).unwrap();
            assert_eq!(best, role as usize, "{word}: {cells:?}");
        }
    }

    /// Writes what the fit sees of each post of `$TONALITE_POSTS` (JSON lines with `text`, `target`,
    /// `target_aliases`) to `$TONALITE_FEATURES`, one line a post.
    #[test]
    #[ignore = "a tool: needs TONALITE_POSTS and TONALITE_FEATURES"]
    fn dump() {
        let posts = std::fs::read_to_string(std::env::var("TONALITE_POSTS").unwrap()).unwrap();
        let mut out = String::new();
        let mut lexicon = Lexicon::builtin();
        let voice = Voice::builtin(&mut lexicon);
        let analyzer = crate::Analyzer::new();
        let mut scratch = VoiceScratch::default();
        let mut reading = Reading::default();
        for line in posts.lines() {
            let post: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = post["text"].as_str().unwrap();
            let mut names: Vec<String> = vec![post["target"].as_str().unwrap_or("").to_owned()];
            for alias in post["target_aliases"].as_array().into_iter().flatten() {
                names.push(alias.as_str().unwrap().to_owned());
            }
            names.retain(|n| !n.is_empty());
            reading.read(text, &lexicon, Options { spelling: true, hint: crate::language::Language::Unknown });
            let spans = spans(&names, &reading, &lexicon);
            let targets: Vec<TargetSpans<'_>> =
                names.iter().take(1).map(|n| TargetSpans { name: n, spans: &spans }).collect();
            let tonality = analyzer.analyze(text).tonality;
            let input = VoiceInput {
                text,
                reading: &reading,
                tonality: &tonality,
                source: Source::Other,
                bio: None,
                targets: &targets,
            };
            let features = voice.features(&input, &lexicon, &mut scratch);
            let features: Vec<String> = features.iter().map(|(n, v)| format!("{n}={v}")).collect();
            out.push_str(&features.join("\t"));
            out.push('\n');
        }
        std::fs::write(std::env::var("TONALITE_FEATURES").unwrap(), out).unwrap();
    }
}
