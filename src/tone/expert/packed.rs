//! A language's experts as the build script packs them: numbers of rows and experts, what a unit of each lane's
//! bytes is, the experts' biases and shares, then the words' rows by their places. Numbers are little-endian.

use crate::lexicon::parse::rows;

/// Bytes of a word: the gates of all experts, their polarities, their neutralities, and none.
pub(crate) const LANES: usize = 16;
/// Experts of a language, at most.
pub(crate) const MOST: usize = LANES / 3;
/// The byte of what says nothing.
pub(crate) const ZERO: u8 = 128;
/// Bytes before the rows, which begin at a multiple of their size.
pub(crate) const HEADER: usize = 144;

/// Packs the rows of experts, by the places that words have; words without one are left out.
#[allow(dead_code, reason = "the build script packs, the library reads")]
pub(crate) fn write(texts: &[String], mut place: impl FnMut(&str) -> Option<u16>) -> Vec<u8> {
    let mut words: Vec<[f32; LANES]> = Vec::new();
    let mut bias = [[0.0f32; 2]; MOST];
    let mut shares = [0.0f32; MOST];
    for (expert, text) in texts.iter().enumerate().take(MOST) {
        for row in rows(text) {
            let numbers = [1, 2, 3].map(|column| row.cell(column).parse().unwrap_or(0.0f32));
            if row.cell(0) == "@bias" {
                bias[expert] = [numbers[0], numbers[2]];
            } else if row.cell(0) == "@share" {
                shares[expert] = numbers[0];
            } else if let Some(place) = place(row.cell(0)).map(usize::from) {
                words.resize(words.len().max(place + 1), [0.0; LANES]);
                numbers.iter().enumerate().for_each(|(axis, number)| words[place][axis * MOST + expert] = *number);
            }
        }
    }
    let greatest = |lane: usize| words.iter().map(|word| word[lane].abs()).fold(0.0, f32::max);
    let scales: [f32; LANES] = std::array::from_fn(|lane| greatest(lane) / f32::from(i8::MAX));
    #[expect(clippy::cast_possible_truncation, reason = "places have sixteen bits")]
    let counts = [words.len() as u32, texts.len() as u32];
    let mut out: Vec<u8> = counts.into_iter().flat_map(u32::to_le_bytes).collect();
    out.extend(scales.iter().chain(bias.as_flattened()).chain(&shares).flat_map(|number| number.to_le_bytes()));
    out.resize(HEADER, 0);
    #[expect(clippy::cast_possible_truncation, reason = "at most 127 steps")]
    let byte = |weight: f32, scale: f32| if scale == 0.0 { 0 } else { (weight / scale).round() as i8 };
    for word in words {
        out.extend(word.iter().zip(scales).map(|(weight, scale)| ZERO.wrapping_add_signed(byte(*weight, scale))));
    }
    out
}
