//! The rows of noise as the build script packs them, read when the first post is judged: parsing them as text
//! took two thirds of a program's first answer.
//!
//! Weights: the number of rows, then each (kind of feature, key, hundredths by class), then the words that have
//! themes (key, themes). Cues: the number of patterns, then each (row, class, whether at the start, weight, parts),
//! then the homonyms. Numbers are little-endian.

use super::features::{CLASSES, Feature, Weights, feature};
use super::pattern::{self, Cue, Part, Patterns};
use super::themes;
use crate::lexicon::parse::rows;

/// The rows of a table of weights.
pub(crate) fn rows_of(text: &str) -> impl Iterator<Item = (Feature, Weights)> {
    rows(text).map(|row| {
        let mut cells = row.cells();
        let feature = feature(cells.next().unwrap_or_default());
        let mut weights = Weights::default();
        for (weight, cell) in weights.iter_mut().zip(cells) {
            *weight = cell.parse().unwrap_or(0.0);
        }
        (feature, weights)
    })
}

/// Packs a table of weights, and words with their themes.
#[allow(dead_code, reason = "the build script packs, the library reads")]
pub(crate) fn write_weights(table: &str, themes: &[String]) -> Vec<u8> {
    let mut out = Vec::new();
    count(&mut out, rows_of(table).count());
    for (feature, weights) in rows_of(table) {
        let (kind, key) = match feature {
            Feature::Bias => (0u8, 0),
            Feature::Mark(a) => (1, u64::from(a)),
            Feature::Both(a, b) => (2, u64::from(a) << 8 | u64::from(b)),
            Feature::Piece(key) => (3, key),
        };
        out.push(kind);
        out.extend(key.to_le_bytes());
        #[expect(clippy::cast_possible_truncation, reason = "log-odds are small")]
        out.extend(weights.iter().flat_map(|weight| ((weight * 100.0).round() as i16).to_le_bytes()));
    }
    for (key, themes) in themes.iter().flat_map(|text| themes::read(text)) {
        out.extend(key.to_le_bytes());
        out.extend(themes.to_le_bytes());
    }
    out
}

/// The weights, and the words that have themes.
pub(crate) fn weights(
    mut bytes: &[u8],
) -> (impl ExactSizeIterator<Item = (Feature, Weights)>, impl ExactSizeIterator<Item = (u64, u64)>) {
    const ROW: usize = 9 + 2 * CLASSES.len();
    let count = u32::from_le_bytes(take(&mut bytes)) as usize;
    let (weights, themes) = bytes.split_at_checked(count * ROW).unwrap_or_default();
    let weights = weights.as_chunks::<ROW>().0.iter().map(|row| {
        let mut row = &row[..];
        let [kind] = take(&mut row);
        let key = u64::from_le_bytes(take(&mut row));
        let [.., second, first] = key.to_be_bytes();
        let feature = match kind {
            0 => Feature::Bias,
            1 => Feature::Mark(first),
            2 => Feature::Both(second, first),
            _ => Feature::Piece(key),
        };
        (feature, Weights::default().map(|_| f32::from(i16::from_le_bytes(take(&mut row))) / 100.0))
    });
    let themes = themes.as_chunks::<16>().0.iter().map(|row| {
        let mut row = &row[..];
        (u64::from_le_bytes(take(&mut row)), u64::from_le_bytes(take(&mut row)))
    });
    (weights, themes)
}

/// Packs the patterns of files.
#[allow(dead_code, reason = "the build script packs, the library reads")]
pub(crate) fn write_patterns(texts: &[String]) -> Vec<u8> {
    let mut patterns = Patterns::default();
    for text in texts {
        patterns.read(text);
    }
    let mut out = Vec::new();
    count(&mut out, patterns.cues.len());
    for cue in &patterns.cues {
        out.extend(cue.row.to_le_bytes());
        out.extend([cue.class as u8, u8::from(cue.at_start)]);
        out.extend(cue.weight.to_le_bytes());
        count(&mut out, cue.parts.len());
        for part in &cue.parts {
            match part {
                Part::Gap => out.push(GAP),
                Part::Any { of, optional } => {
                    out.push(u8::from(*optional));
                    keys(&mut out, of);
                }
            }
        }
    }
    for (name, context) in &patterns.homonyms {
        out.extend(name.to_le_bytes());
        keys(&mut out, context);
    }
    out
}

/// The part that is no choice.
const GAP: u8 = 2;

/// The patterns.
pub(crate) fn patterns(mut bytes: &[u8]) -> Patterns {
    let bytes = &mut bytes;
    let mut patterns = Patterns::default();
    for _ in 0..u32::from_le_bytes(take(bytes)) {
        let row = u32::from_le_bytes(take(bytes));
        let [class, at_start] = take(bytes);
        let weight = f32::from_le_bytes(take(bytes));
        let parts = (0..u32::from_le_bytes(take(bytes))).map(|_| match take(bytes) {
            [GAP] => Part::Gap,
            [optional] => Part::Any { optional: optional != 0, of: taken(bytes) },
        });
        let parts = parts.collect();
        let class = pattern::CLASSES[usize::from(class) % pattern::CLASSES.len()].1;
        patterns.cues.push(Cue { parts, row, at_start: at_start != 0, class, weight });
    }
    while !bytes.is_empty() {
        let name = u64::from_le_bytes(take(bytes));
        patterns.homonyms.push((name, taken(bytes)));
    }
    patterns
}

#[allow(dead_code, reason = "the build script packs, the library reads")]
fn count(out: &mut Vec<u8>, n: usize) {
    out.extend(u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

#[allow(dead_code, reason = "the build script packs, the library reads")]
fn keys(out: &mut Vec<u8>, keys: &[u64]) {
    count(out, keys.len());
    out.extend(keys.iter().flat_map(|key| key.to_le_bytes()));
}

fn taken(bytes: &mut &[u8]) -> Vec<u64> {
    (0..u32::from_le_bytes(take(bytes))).map(|_| u64::from_le_bytes(take(bytes))).collect()
}

/// The next bytes; zeros behind the end, which what the build packs does not reach.
fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    let (taken, rest) = bytes.split_first_chunk().unwrap_or((&[0; N], &[]));
    *bytes = rest;
    *taken
}
