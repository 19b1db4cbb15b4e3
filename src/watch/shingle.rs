//! How alike two texts are: word and word-pair sets, their sketch, and the bands that find candidates.
//!
//! In: a [`Skim`]. Out: a [`Shape`]: the set of hashes of words and neighbouring word pairs (links,
//! mentions, hashtags, symbols and accents left out, so that a copy with other tags is the same set),
//! and 16 band keys of a 64-lane `MinHash` (Broder 1997). Two texts that share a band are candidates;
//! the sets decide. Pairs make order count and keep two complaints that share their words apart.
//!
//! Decision that looks odd: the lanes are 16 bits wide and multiply within 16 bits. Eight lanes fit a
//! baseline SSE2 register, where 32-bit products and minima do not exist; a lane that collides only
//! proposes a candidate, which is then compared in full. About 0.3 us for a post of 15 words.

use super::skim::{Kind, Skim, mix, pair};

/// Bands of four lanes: a pair of similarity 0.7 meets in one with probability 0.987, one of 0.1 in 0.002.
pub(crate) const BANDS: usize = 16;
/// Lanes in a row: two whole registers.
const LANES: usize = BANDS;
/// Hashes kept of a set. A post of 32 words is kept whole; an article is compared by its 64 smallest,
/// which are a fair sample of it.
const KEPT: usize = 64;

/// The shape of a text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    /// Hashes of the words and pairs, ascending.
    pub(crate) features: Vec<u32>,
    /// There were more than were kept.
    pub(crate) partial: bool,
    pub(crate) words: u32,
    /// The text breaks off.
    pub(crate) cut: bool,
    /// One number for the whole set.
    pub(crate) signature: u64,
    /// Keys of the bands.
    pub(crate) bands: [u32; BANDS],
    hashes: Vec<u64>,
}

/// Odd multipliers and offsets of the lanes, from a fixed seed.
const SEEDS: [([i16; LANES], [i16; LANES]); 4] = seeds();

#[expect(clippy::cast_possible_truncation, reason = "16 bits are taken from 64 on purpose")]
const fn seeds() -> [([i16; LANES], [i16; LANES]); 4] {
    let mut out = [([0; LANES], [0; LANES]); 4];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut row = 0;
    while row < 4 {
        let mut lane = 0;
        while lane < LANES {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            out[row].0[lane] = (state >> 20) as i16 | 1;
            out[row].1[lane] = (state >> 40) as i16;
            lane += 1;
        }
        row += 1;
    }
    out
}

impl Shape {
    /// Reads the shape of a text in place of the last one.
    pub(crate) fn read(&mut self, skim: &Skim) {
        self.hashes.clear();
        self.cut = skim.cut;
        let mut last = 0;
        let mut words = 0;
        let mut is_mark = starts_with_relay(skim);
        for piece in &skim.pieces {
            if !matches!(piece.kind, Kind::Word | Kind::Number) || std::mem::take(&mut is_mark) {
                continue;
            }
            self.hashes.push(mix(piece.hash));
            if words > 0 {
                self.hashes.push(pair(last, piece.hash));
            }
            last = piece.hash;
            words += 1;
        }
        if self.cut && words > 3 {
            // The last word of a text that breaks off is often half a word.
            self.hashes.truncate(self.hashes.len() - 2);
            words -= 1;
        }
        self.words = words;
        self.sketch();
    }

    #[expect(clippy::cast_possible_truncation, reason = "parts of a hash are taken on purpose")]
    fn sketch(&mut self) {
        let mut lanes = [[i16::MAX; LANES]; 4];
        for hash in &self.hashes {
            for (row, (lanes, (times, plus))) in lanes.iter_mut().zip(&SEEDS).enumerate() {
                let x = (hash >> (16 * row)) as i16;
                for ((lane, a), b) in lanes.iter_mut().zip(times).zip(plus) {
                    *lane = (*lane).min(x.wrapping_mul(*a).wrapping_add(*b));
                }
            }
        }
        for (band, key) in self.bands.iter_mut().enumerate() {
            let four = lanes.iter().fold(band as u64, |key, row| key << 16 | u64::from(row[band].cast_unsigned()));
            *key = mix(four ^ (band as u64) << 59) as u32;
        }
        self.features.clear();
        self.features.extend(self.hashes.iter().map(|h| (h >> 32) as u32));
        self.features.sort_unstable();
        self.features.dedup();
        self.signature = mix(self.features.iter().fold(0, |all, f| pair(all, u64::from(*f)))).max(1);
        self.partial = self.features.len() > KEPT;
        self.features.truncate(KEPT);
    }
}

/// `RT @name: ...`: the mark of the relay is no part of what is relayed.
fn starts_with_relay(skim: &Skim) -> bool {
    matches!(skim.pieces.as_slice(), [first, second, ..]
        if first.kind == Kind::Word && first.end - first.start == 2 && second.kind == Kind::Mention)
}

/// What is compared of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outline<'a> {
    pub(crate) features: &'a [u32],
    pub(crate) partial: bool,
    pub(crate) words: u32,
    pub(crate) cut: bool,
}

/// Whether two texts are copies at a threshold (Jaccard similarity of the sets).
///
/// The shorter the texts, the more they must share: eight words of complaint about a parcel share
/// five with the next complaint. A text that breaks off is a copy of what contains it.
pub(crate) fn alike(a: Outline<'_>, b: Outline<'_>, threshold: f32) -> bool {
    let words = a.words.min(b.words);
    let threshold = (f64::from(threshold) + 0.03 * f64::from(12u32.saturating_sub(words))).min(0.9);
    // Most candidates are too short or too long, which is seen without reading them.
    let (fewer, more) = (a.features.len().min(b.features.len()), a.features.len().max(b.features.len()));
    if !(a.cut || b.cut || a.partial || b.partial) && (fewer as f64) < threshold * more as f64 {
        return false;
    }
    let limit = match (a.partial, b.partial) {
        (false, false) => u32::MAX,
        (true, false) => a.features.last().copied().unwrap_or(0),
        (false, true) => b.features.last().copied().unwrap_or(0),
        (true, true) => a.features.last().min(b.features.last()).copied().unwrap_or(0),
    };
    let (mut i, mut j, mut both, mut union) = (0, 0, 0u32, 0u32);
    while let (Some(x), Some(y)) = (a.features.get(i), b.features.get(j)) {
        if (*x).min(*y) > limit {
            break;
        }
        both += u32::from(x == y);
        union += 1;
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    let rest = |from: usize, of: &[u32]| of.get(from..).map_or(0, |r| r.partition_point(|f| *f <= limit));
    let rest = rest(i, a.features) + rest(j, b.features);
    let union = f64::from(union) + rest as f64;
    if f64::from(both) >= threshold * union {
        return true;
    }
    let shorter_is_cut = (a.cut && a.words <= b.words) || (b.cut && b.words <= a.words);
    shorter_is_cut && !a.partial && !b.partial && words >= 6 && f64::from(both) >= 0.9 * fewer as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        let mut shape = Shape::default();
        shape.read(&Skim::of(text));
        shape
    }

    fn copies(a: &str, b: &str) -> bool {
        fn outline(s: &Shape) -> Outline<'_> {
            Outline { features: &s.features, partial: s.partial, words: s.words, cut: s.cut }
        }
        alike(outline(&shape(a)), outline(&shape(b)), 0.6)
    }

    #[test]
    fn what_is_a_copy() {
        let base = "Nimbo va fermer soixante boutiques en France d'ici la fin de l'année selon les syndicats";
        assert!(copies(
            base,
            "RT @presse: Nimbo va fermer soixante boutiques en France d'ici la fin de l'année selon les syndicats #nimbo https://t.co/x"
        ));
        assert!(copies(
            base,
            "NIMBO VA FERMER SOIXANTE BOUTIQUES EN FRANCE D'ICI LA FIN DE L'ANNEE, SELON LES SYNDICATS !!!"
        ));
        assert!(copies(
            base,
            "Nimbo va fermer soixante magasins en France d'ici la fin de l'année selon les syndicats"
        ));
        assert!(copies(base, "Nimbo va fermer soixante boutiques en France d'ici la f…"));
        assert!(!copies(base, "Nimbo va ouvrir trente boutiques en Belgique avant l'été selon la direction"));
        assert!(!copies("Merci Nimbo pour votre aide", "Merci Altéo pour votre aide"));
        assert!(!copies("colis toujours pas reçu, inadmissible", "colis bien reçu, merci beaucoup"));
    }

    #[test]
    fn tags_do_not_change_the_signature() {
        assert_eq!(
            shape("Une panne géante ce matin à Lyon #panne").signature,
            shape("une panne geante ce matin à Lyon @nimbo #lyon").signature
        );
    }

    /// The bands must find what the sets would accept; lanes of poor quality would show here.
    #[test]
    fn bands_follow_the_curve() {
        let mut state = 11u64;
        let mut next = || {
            state = mix(state.wrapping_add(0x9E37_79B9_7F4A_7C15));
            state
        };
        let mut found = 0;
        for _ in 0..1000 {
            // Two sets of 34 with 28 in common: Jaccard 0.7.
            let common: Vec<u64> = (0..28).map(|_| next()).collect();
            let mut pair = [Shape::default(), Shape::default()];
            for side in &mut pair {
                side.hashes = common.clone();
                side.hashes.extend((0..6).map(|_| next()));
                side.sketch();
            }
            found += u32::from(pair[0].bands.iter().zip(&pair[1].bands).any(|(a, b)| a == b));
        }
        assert!(found >= 975, "{found} of 1000");
    }
}
