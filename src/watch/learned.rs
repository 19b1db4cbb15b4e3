//! What rows cannot list: weights of words and pairs, learnt from labelled noise.
//!
//! In: a [`Skim`]. Out: log-odds that a post sells, gives away or comes from a machine rather than from
//! a person. Hand-made rows are sure of what they know and blind to the rest (on fresh posts they find
//! one advert in ten); a linear model over the same pieces generalises, and each weight is a row of
//! `lexicons/shared/noise.tsv` that a person can read, change or delete.
//!
//! Reproduced by one command (see docs/watch.md): multinomial logistic regression, full-batch, on
//! `tests/data/noise.jsonl` (posts of our own making) against ordinary posts; both sides weigh the same
//! whatever their numbers. Weights below a twentieth are dropped. Two look-ups a piece.

use super::skim::{Kind, Piece, Skim, mix, pair};
use super::table::ByHash;
use crate::lexicon::parse::rows;
use std::sync::OnceLock;

/// Classes, in the order of the columns.
pub(crate) const CLASSES: [&str; 3] = ["spam", "giveaway", "auto"];
/// A pair of words counts half: it repeats what its words say.
const PAIR: f32 = 0.5;

const FILE: &str = include_str!("../../lexicons/shared/noise.tsv");

type Weights = [f32; CLASSES.len()];
/// A shape of a whole text: its name, and whether a text has it.
type Shape = (&'static str, fn(&Skim) -> bool);

/// Shapes of a whole text, by name.
const SHAPES: [Shape; 10] = [
    ("<bias>", |_| true),
    ("<2n>", |s| s.count(Kind::Number) >= 2),
    ("<manyn>", |s| s.count(Kind::Number) >= 3 && s.count(Kind::Number) * 4 >= s.pieces.len()),
    ("<endlink>", |s| s.pieces.last().is_some_and(|p| p.kind == Kind::Link)),
    ("<noperson>", |s| !s.words().any(|p| is_person(p.hash))),
    ("<ask>", |s| s.asks),
    ("<shout>", |s| s.shouts >= 2),
    ("<short>", |s| s.pieces.len() <= 6),
    ("<long>", |s| s.pieces.len() >= 30),
    ("<coupon>", |s| s.coupons > 0),
];

/// What stands for a kind of piece.
const KINDS: [&str; 6] = ["<n>", "<phone>", "<link>", "<at>", "<money>", "<emoji>"];

/// Words by which a person speaks of themselves.
const PERSON: &str = "je j mon ma mes moi m me on nous i my im ive we";

fn person() -> &'static [u64] {
    static WORDS: OnceLock<Vec<u64>> = OnceLock::new();
    WORDS.get_or_init(|| Skim::of(PERSON).pieces.iter().map(|p| p.hash).collect())
}

fn is_person(hash: u64) -> bool {
    person().contains(&hash)
}

/// The key of a shape or a kind, by its name.
fn name_key(name: &str) -> u64 {
    name.bytes().fold(0x1EA2, |h, b| mix(h ^ u64::from(b)))
}

/// Every key that has a name, worked out once.
struct Keys {
    kinds: [u64; KINDS.len()],
    shapes: [u64; SHAPES.len()],
    money: [u64; 3],
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        kinds: KINDS.map(name_key),
        shapes: SHAPES.map(|(name, _)| name_key(name)),
        money: ['€', '$', '£'].map(|c| mix(u64::from(c))),
    })
}

impl Keys {
    /// What a piece is called by the model.
    #[inline]
    fn of(&self, piece: &Piece) -> u64 {
        match piece.kind {
            Kind::Word | Kind::Hashtag => piece.hash,
            _ => self.kinds[self.kind(piece)],
        }
    }

    /// The place in [`KINDS`] of a piece that is no word.
    fn kind(&self, piece: &Piece) -> usize {
        match piece.kind {
            Kind::Number => usize::from(piece.end - piece.start >= 9),
            Kind::Link => 2,
            Kind::Mention => 3,
            _ => 5 - usize::from(self.money.contains(&piece.hash)),
        }
    }
}

/// Calls `see` with each feature, its value, and the pieces it spans. A feature that comes twice counts once.
fn features(skim: &Skim, seen: &mut Vec<u64>, mut see: impl FnMut(u64, f32, usize, usize)) {
    seen.clear();
    let keys = keys();
    let mut last = None;
    for (at, piece) in skim.pieces.iter().enumerate() {
        let key = keys.of(piece);
        if !seen.contains(&key) {
            seen.push(key);
            see(key, 1.0, at, at + 1);
        }
        if let Some(before) = last {
            see(pair(before, key), PAIR, at - 1, at + 1);
        }
        last = Some(key);
        // A long article says what it is in its first hundred words; this also bounds the search above.
        if at == 120 {
            break;
        }
    }
    for ((_, holds), key) in SHAPES.iter().zip(keys.shapes) {
        if holds(skim) {
            see(key, 1.0, 0, 0);
        }
    }
}

/// The model.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    weights: ByHash<u64, Weights>,
}

/// What the model says of a post.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Verdict {
    /// Log-odds of noise of any kind against none.
    pub(crate) odds: f32,
    /// Log-odds of each class against none.
    pub(crate) classes: Weights,
    /// The span of the words that speak loudest for the likeliest class.
    pub(crate) place: Option<(u32, u32)>,
}

impl Learned {
    /// The built-in weights, read once.
    pub(crate) fn builtin() -> &'static Self {
        static MODEL: OnceLock<Learned> = OnceLock::new();
        MODEL.get_or_init(|| Self::read(FILE))
    }

    fn read(text: &str) -> Self {
        let weights = rows(text).map(|row| {
            let weight = |column| row.cell(column).parse().unwrap_or(0.0);
            (term_key(row.cell(0)), [weight(1), weight(2), weight(3)])
        });
        Self { weights: weights.collect() }
    }

    pub(crate) fn judge(&self, skim: &Skim) -> Verdict {
        if self.weights.is_empty() {
            return Verdict::default();
        }
        let mut verdict = Verdict::default();
        let mut loudest = [(0.0_f32, 0, 0); CLASSES.len()];
        features(skim, &mut Vec::with_capacity(64), |key, value, from, to| {
            let Some(weights) = self.weights.get(&key) else { return };
            for ((sum, weight), loud) in verdict.classes.iter_mut().zip(weights).zip(&mut loudest) {
                *sum += weight * value;
                if to > from && weight * value > loud.0 {
                    *loud = (weight * value, from, to);
                }
            }
        });
        verdict.odds = verdict.classes.iter().map(|z| z.exp()).sum::<f32>().ln();
        let best =
            (0..CLASSES.len()).fold(0, |best, c| if verdict.classes[c] > verdict.classes[best] { c } else { best });
        let (weight, from, to) = loudest[best];
        if let (true, Some(first), Some(last)) =
            (weight > 0.0, skim.pieces.get(from), skim.pieces.get(to.wrapping_sub(1)))
        {
            verdict.place = Some((first.start, last.end));
        }
        verdict
    }
}

/// The key of a row: a shape, a piece, or two pieces.
fn term_key(term: &str) -> u64 {
    let one = |word: &str| {
        let named = SHAPES.iter().map(|s| s.0).chain(KINDS).any(|name| name == word);
        let piece = Skim::of(word).pieces.first().filter(|_| !named).map(|p| keys().of(p));
        piece.unwrap_or_else(|| name_key(word))
    };
    term.split_once(' ').map_or_else(|| one(term), |(a, b)| pair(one(a), one(b)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    #[derive(serde::Deserialize)]
    struct Row {
        text: String,
        noise: String,
    }

    /// The name of what lies at a feature, as the file spells it.
    fn name(skim: &Skim, text: &str, from: usize, to: usize) -> String {
        let one = |p: &Piece| match p.kind {
            Kind::Word | Kind::Hashtag => text[p.start as usize..p.end as usize].to_lowercase(),
            _ => KINDS[keys().kind(p)].to_owned(),
        };
        skim.pieces[from..to].iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rows_are_in_order_and_reach_what_they_name() {
        let mut last = String::new();
        for row in rows(FILE) {
            assert!(*last <= *row.cell(0), "line {}: out of order", row.line);
            last = row.cell(0).to_owned();
            assert!((1..4).all(|c| row.cell(c).parse::<f32>().is_ok()), "line {}", row.line);
        }
        let skim = Skim::of("Gagnez 20 €");
        let mut found = Vec::new();
        features(&skim, &mut Vec::new(), |key, _, _, _| found.push(key));
        for term in ["gagnez", "gagnez <n>", "<n> <money>", "<2n>", "<bias>"] {
            assert_eq!(found.contains(&term_key(term)), term != "<2n>", "{term}");
        }
    }

    /// Learns `lexicons/shared/noise.tsv` anew: see docs/watch.md for the command.
    #[test]
    #[allow(clippy::print_stderr, clippy::similar_names, reason = "it reports to the person who runs it")]
    #[ignore = "writes lexicons/shared/noise.tsv from TONALITE_ORDINARY"]
    fn learn() {
        let root = env!("CARGO_MANIFEST_DIR");
        let mut posts: Vec<(String, usize)> = std::fs::read_to_string(format!("{root}/tests/data/noise.jsonl"))
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<Row>(line).unwrap())
            .filter_map(|r| {
                let class = if r.noise == "none" { 3 } else { CLASSES.iter().position(|c| r.noise.starts_with(c))? };
                Some((r.text, class))
            })
            .collect();
        let own = posts.len();
        for file in std::env::var("TONALITE_ORDINARY").unwrap_or_default().split(':').filter(|f| !f.is_empty()) {
            let text = std::fs::read_to_string(file).unwrap();
            // `label <tab> text`; every file counts the same, and neutral rows only where rows find no noise in them.
            let rows = text.lines().filter_map(|l| l.split_once('\t'));
            let calm = |t: &str| {
                crate::watch::judge(&crate::Post::new(t), &crate::Analysis::default()).label
                    == crate::watch::Noise::None
            };
            let ordinary = rows.filter(|(label, t)| *label != "neu" || calm(t)).take(5000);
            posts.extend(ordinary.map(|(_, t)| (t.to_owned(), 3)));
        }
        let mut names: BTreeMap<u64, (String, u32)> = BTreeMap::new();
        let mut rows: Vec<(Vec<(u64, f32)>, usize)> = Vec::new();
        let mut seen = Vec::new();
        for (text, class) in &posts {
            let skim = Skim::of(text);
            let mut row = Vec::new();
            features(&skim, &mut seen, |key, value, from, to| {
                row.push((key, value));
                let entry = names.entry(key).or_insert_with(|| (name(&skim, text, from, to), 0));
                entry.1 += if *class == 3 { 1 } else { 2 };
            });
            rows.push((row, *class));
        }
        for (name, _) in SHAPES {
            names.entry(name_key(name)).or_default().0 = name.to_owned();
        }
        // A feature of one ordinary post says nothing.
        let place: ByHash<u64, usize> =
            names.iter().filter(|(_, n)| n.1 >= 2).enumerate().map(|(i, (key, _))| (*key, i)).collect();
        let rows: Vec<(Vec<(usize, f32)>, usize)> = rows
            .into_iter()
            .map(|(row, class)| (row.into_iter().filter_map(|(k, v)| Some((*place.get(&k)?, v))).collect(), class))
            .collect();
        let noisy = rows.iter().filter(|(_, c)| *c < 3).count() as f32;
        let ours = rows[..own].iter().filter(|(_, c)| *c == 3).count() as f32;
        let mass = (rows.len() - own) as f32;
        // Noise weighs one; of the ordinary half, our own look-alikes weigh as much as the mass.
        let weight = |i: usize, class: usize| match class {
            3 if i < own => 0.5 / ours,
            3 => 0.5 / mass.max(1.0),
            _ => 1.0 / noisy,
        };
        let (mut w, mut squares) = (vec![[0.0_f32; 3]; place.len()], vec![[1e-6_f32; 3]; place.len()]);
        let decay = 1e-4;
        for _ in 0..400 {
            let mut gradient: Vec<Weights> = w.iter().map(|w| w.map(|x| x * decay)).collect();
            for (i, (row, class)) in rows.iter().enumerate() {
                let mut z = [0.0_f32; 3];
                for (f, v) in row {
                    (0..3).for_each(|c| z[c] += w[*f][c] * v);
                }
                let all = 1.0 + z.iter().map(|z| z.exp()).sum::<f32>();
                let weight = weight(i, *class);
                let error: Vec<f32> = (0..3).map(|c| (z[c].exp() / all - f32::from(*class == c)) * weight).collect();
                for (f, v) in row {
                    (0..3).for_each(|c| gradient[*f][c] += error[c] * v);
                }
            }
            for ((w, s), g) in w.iter_mut().zip(&mut squares).zip(&gradient) {
                for c in 0..3 {
                    s[c] += g[c] * g[c];
                    w[c] -= 0.2 * g[c] / s[c].sqrt();
                }
            }
        }
        let mut lines: Vec<String> = names
            .iter()
            .filter_map(|(key, (name, _))| Some((name, w[*place.get(key)?])))
            .filter(|(_, w)| w.iter().any(|x| x.abs() >= 0.1))
            .map(|(name, w)| format!("{name}\t{:.2}\t{:.2}\t{:.2}", w[0], w[1], w[2]))
            .collect();
        lines.sort();
        let mut out = "term\tspam\tgiveaway\tauto\n".to_owned();
        for line in &lines {
            writeln!(out, "{line}").unwrap();
        }
        std::fs::write(format!("{root}/lexicons/shared/noise.tsv"), out).unwrap();
        let right = rows.iter().filter(|(row, class)| {
            let z = |c: usize| row.iter().map(|(f, v)| w[*f][c] * v).sum::<f32>();
            let noise = (0..3).map(|c| z(c).exp()).sum::<f32>() > 1.0;
            noise == (*class < 3)
        });
        eprintln!("{} rows of {} features; {} of {} posts right", lines.len(), place.len(), right.count(), rows.len());
    }
}
