//! The fit of noise: labelled posts into the table that [`judge`](super::judge) reads beside its rows.
//!
//! One multinomial logistic regression over what `learned` sees of a text: spam, giveaway, automatic
//! post, or none of these. Noise is written down post by post; what ordinary people write is there by
//! the thousand, and stands in a crowd: noise weighs as much as the ordinary half, and of that half the
//! labelled look-alikes as much as the crowd. The optimiser is L-BFGS in a fixed order: the same posts
//! always give the same table to the bit.
//!
//! ```
//! use tonalite::watch::Noise;
//! use tonalite::watch::learn::{Given, LabelledPost, Recipe, learn};
//! let posts = [("Gagnez 300 € par jour", Noise::Spam), ("Vends vélo, 80 €", Noise::Spam),
//!     ("On m'a volé mon vélo", Noise::None), ("Je gagne 1 300 € par mois", Noise::None)]
//!     .map(|(text, noise)| LabelledPost { text: text.into(), given: Given::Read(noise) });
//! let lesson = learn(&posts, &Recipe::default())?;
//! assert!(lesson.table.starts_with("term\tspam\tgiveaway\tauto\n"));
//! # Ok::<(), tonalite::Error>(())
//! ```

use super::features::{CLASSES, Feature, Weights, feature, features, name};
use super::learned::Learned;
use super::noise::{Noise, judge_with};
use super::skim::Skim;
use crate::analysis::Analysis;
use crate::error::{Error, ErrorKind};
use crate::optimise::minimise;
use crate::post::Post;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A post to learn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledPost {
    /// The text.
    pub text: String,
    /// What is known of it.
    pub given: Given,
}

/// What is known of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A person read it. Reposts, copies and what is off target are told by other means: they teach nothing.
    Read(Noise),
    /// One of a crowd of opinions, so ordinary.
    Opinion,
    /// One of a crowd that nobody asked about noise. Some are adverts: those that rows, and weights learnt
    /// without such posts, call noise are left out; the others are ordinary.
    Unasked,
}

/// How the fit is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Penalty on the weights.
    pub ridge: f32,
    /// Weights below this are left out of the table.
    pub least: f32,
    /// Folds of the cross-validation; under two there is none.
    pub folds: usize,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { ridge: 0.1, least: 0.1, folds: 0 }
    }
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// The text of `lexicons/shared/noise.tsv`.
    pub table: String,
    /// Cross-validation: the place of each post that is none of the crowd, and what weights that had
    /// not seen it, with the built-in rows, made of it.
    pub unseen: Vec<(usize, Noise)>,
}

/// The column of what is known of a post; none for what teaches nothing.
fn class(given: Given) -> Option<usize> {
    match given {
        Given::Read(Noise::Spam) => Some(0),
        Given::Read(Noise::Giveaway) => Some(1),
        Given::Read(Noise::AutoPost) => Some(2),
        Given::Read(Noise::None) | Given::Opinion | Given::Unasked => Some(CLASSES.len()),
        Given::Read(Noise::Repost | Noise::Duplicate | Noise::OffTarget) => None,
    }
}

/// What the built-in rows and some weights make of a text.
fn judged(text: &str, weights: &Learned) -> Noise {
    judge_with(&Post::new(text), &Analysis::default(), &Skim::of(text), weights).label
}

/// A post as the fit sees it.
struct Example {
    /// Its place among the posts.
    post: usize,
    class: usize,
    crowd: bool,
    /// Places of its features, and their values.
    features: Vec<(usize, f64)>,
}

/// Steps of the optimiser, and the gain of a step that ends it.
const STEPS: usize = 150;
const LEAST_GAIN: f64 = 1e-6;

/// Learns the weights of noise.
///
/// # Errors
///
/// Posts that are all noise, or among which there is none.
pub fn learn(posts: &[LabelledPost], recipe: &Recipe) -> Result<Lesson, Error> {
    let (mut examples, names) = read(posts);
    let noisy = examples.iter().filter(|e| e.class < CLASSES.len()).count();
    if noisy == 0 || noisy == examples.len() {
        return Err(Error::new(ErrorKind::Training, "posts that are noise and posts that are not are both needed"));
    }
    let unasked = |e: &Example| posts[e.post].given == Given::Unasked;
    if examples.iter().any(unasked) {
        let asked: Vec<&Example> = examples.iter().filter(|e| !unasked(e)).collect();
        let model = Learned::read(&table(&fit(&asked, names.len(), recipe), &names, recipe));
        examples.retain(|e| !unasked(e) || judged(&posts[e.post].text, &model) == Noise::None);
    }
    let mut unseen = Vec::new();
    for fold in 0..if recipe.folds > 1 { recipe.folds } else { 0 } {
        let is_out = |e: &Example| !e.crowd && e.post % recipe.folds == fold;
        let seen: Vec<&Example> = examples.iter().filter(|e| !is_out(e)).collect();
        let model = Learned::read(&table(&fit(&seen, names.len(), recipe), &names, recipe));
        for example in examples.iter().filter(|e| is_out(e)) {
            unseen.push((example.post, judged(&posts[example.post].text, &model)));
        }
    }
    unseen.sort_unstable();
    let all: Vec<&Example> = examples.iter().collect();
    Ok(Lesson { table: table(&fit(&all, names.len(), recipe), &names, recipe), unseen })
}

/// The posts' features, and the names of these.
fn read(posts: &[LabelledPost]) -> (Vec<Example>, Vec<String>) {
    let mut places: BTreeMap<Feature, usize> = BTreeMap::new();
    let mut counts: Vec<(String, u32)> = Vec::new();
    let mut examples = Vec::new();
    let (mut skim, themes) = (Skim::default(), Learned::builtin());
    for (post, labelled) in posts.iter().enumerate() {
        let Some(class) = class(labelled.given) else { continue };
        skim.read(&labelled.text);
        let crowd = !matches!(labelled.given, Given::Read(_));
        let mut example = Example { post, class, crowd, features: Vec::new() };
        features(
            &skim,
            |key| themes.themes(key),
            |feature, value, from, to| {
                let place = *places.entry(feature).or_insert_with(|| {
                    counts.push((name(feature, &skim, &labelled.text, from, to), 0));
                    counts.len() - 1
                });
                counts[place].1 += if class < CLASSES.len() { 2 } else { 1 };
                example.features.push((place, f64::from(value)));
            },
        );
        examples.push(example);
    }
    // A feature of one ordinary post says nothing; a name that does not lead back is not one to write.
    let kept: BTreeSet<usize> = places
        .iter()
        .filter(|(seen, place)| counts[**place].1 >= 2 && feature(&counts[**place].0) == **seen)
        .map(|(_, place)| *place)
        .collect();
    let mut new = vec![None; counts.len()];
    let mut names = Vec::with_capacity(kept.len());
    for place in kept {
        new[place] = Some(names.len());
        names.push(std::mem::take(&mut counts[place].0));
    }
    for example in &mut examples {
        example.features = example.features.iter().filter_map(|(place, value)| Some((new[*place]?, *value))).collect();
    }
    (examples, names)
}

/// The weights, three a feature.
fn fit(examples: &[&Example], size: usize, recipe: &Recipe) -> Vec<f64> {
    let count = |which: &dyn Fn(&Example) -> bool| examples.iter().filter(|e| which(e)).count().max(1) as f64;
    let none = CLASSES.len();
    let noisy = count(&|e| e.class < none);
    let near = count(&|e| e.class == none && !e.crowd);
    let crowd = count(&|e| e.crowd);
    let weights: Vec<f64> = examples
        .iter()
        .map(|e| match e.class == none {
            true if e.crowd => 0.5 * noisy / crowd,
            true => 0.5 * noisy / near,
            false => 1.0,
        })
        .collect();
    let ridge = f64::from(recipe.ridge);
    minimise(size * none, STEPS, LEAST_GAIN, |at, gradient| {
        let mut loss = 0.0;
        for (g, w) in gradient.iter_mut().zip(at) {
            *g = ridge * w;
            loss += 0.5 * ridge * w * w;
        }
        for (example, weight) in examples.iter().zip(&weights) {
            let mut z = [0.0; CLASSES.len() + 1];
            for (place, value) in &example.features {
                (0..none).for_each(|c| z[c] += at[place * none + c] * value);
            }
            let most = z.iter().copied().fold(f64::MIN, f64::max);
            let all = most + z.iter().map(|x| (x - most).exp()).sum::<f64>().ln();
            loss += weight * (all - z[example.class]);
            let error: [f64; CLASSES.len()] =
                std::array::from_fn(|c| weight * ((z[c] - all).exp() - f64::from(u8::from(example.class == c))));
            for (place, value) in &example.features {
                (0..none).for_each(|c| gradient[place * none + c] += error[c] * value);
            }
        }
        loss
    })
}

/// The weights as rows, those that say something.
#[expect(clippy::cast_possible_truncation, reason = "weights are written to two decimals")]
fn table(weights: &[f64], names: &[String], recipe: &Recipe) -> String {
    let mut rows: Vec<(&str, Weights)> = names
        .iter()
        .zip(weights.chunks(CLASSES.len()))
        .map(|(name, w)| (name.as_str(), std::array::from_fn(|c| w[c] as f32)))
        .filter(|(_, w): &(&str, Weights)| w.iter().any(|x| x.abs() >= recipe.least))
        .collect();
    rows.sort_unstable_by_key(|(name, _)| *name);
    let mut out = format!("term\t{}\n", CLASSES.join("\t"));
    for (name, w) in rows {
        let _ = writeln!(out, "{name}\t{:.2}\t{:.2}\t{:.2}", w[0], w[1], w[2]);
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn posts() -> Vec<LabelledPost> {
        let noise = ["Gagnez 300 € par jour 👉 x.example", "Gagnez un vélo, RT et follow", "Vent 12 km/h, pluie 2 mm"];
        let kinds = [Noise::Spam, Noise::Giveaway, Noise::AutoPost];
        let calm = ["On m'a volé mon vélo", "Je gagne 1 300 € par mois", "Quel vent ce matin, le vélo a plié"];
        let labelled = noise.into_iter().zip(kinds).chain(calm.into_iter().map(|t| (t, Noise::None)));
        labelled.map(|(text, noise)| LabelledPost { text: text.into(), given: Given::Read(noise) }).collect()
    }

    #[test]
    fn the_same_posts_give_the_same_table_and_it_tells_them_apart() {
        let recipe = Recipe { ridge: 0.1, folds: 2, ..Recipe::default() };
        let lesson = learn(&posts(), &recipe).unwrap();
        assert_eq!(lesson, learn(&posts(), &recipe).unwrap());
        assert_eq!(lesson.unseen.len(), posts().len());
        let model = Learned::read(&lesson.table);
        for post in posts() {
            let odds = model.judge(&Skim::of(&post.text)).odds;
            assert_eq!(odds > 0.0, post.given != Given::Read(Noise::None), "{}: {odds}", post.text);
        }
    }

    #[test]
    fn adverts_in_a_crowd_are_not_taken_for_ordinary() {
        let recipe = Recipe { ridge: 0.1, ..Recipe::default() };
        let advert = "Vente flash : code promo SOFIA20, livraison offerte, commandez vite x.example";
        let odds = |given| {
            let crowd = LabelledPost { text: advert.into(), given };
            let lesson = learn(&posts().into_iter().chain([crowd]).collect::<Vec<_>>(), &recipe).unwrap();
            Learned::read(&lesson.table).judge(&Skim::of(advert)).odds
        };
        assert!(odds(Given::Unasked) > odds(Given::Opinion));
    }

    #[test]
    fn one_side_alone_teaches_nothing() {
        assert!(learn(&posts()[..3], &Recipe::default()).is_err());
        assert!(learn(&posts()[3..], &Recipe::default()).is_err());
    }
}
