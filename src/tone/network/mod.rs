//! What words mean together: a small network over the words of a post, beside the linear layer.
//!
//! A deep averaging network (Iyyer and others, ACL 2015) with its first layer folded into one row of
//! [`LANES`] bytes a word. A post is the mean and the greatest value of each lane over its words, and
//! the two axes (see [`super::features`]) are weighted sums of these. Pooling by the greatest value is
//! what no sum of words can do; and since each lane's greatest value stands at one word and each mean
//! is a sum, every word still has its own share of the answer.
//!
//! Rows of `lexicons/*/network.tsv` are `word  lanes` (two hexadecimal digits a lane); `@scale`,
//! `@mean`, `@most`, `@bias` and `@unknown` hold what the words share. The build script packs them.

pub(crate) mod train;

use crate::lexicon::pack::field;
use crate::lexicon::slot;
use crate::text::reading::Mark;

/// Numbers a word is described by.
pub(crate) const LANES: usize = 32;
/// How far the network is heard beside the linear layer.
const VOICE: f32 = 0.35;
/// The mean of a longer post is divided by less than its length: it says more.
pub(crate) const MEAN_POWER: f32 = 0.75;

/// A word's description.
type Row = [u8; LANES];

/// A network, read where it lies.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// The first is that of unknown words.
    rows: &'static [Row],
    /// Places of the marks' rows.
    marks: [u16; slot::MARKS.len()],
    /// By lane, what one unit of a byte says of polarity and neutrality: in the mean, as the greatest.
    mean: [[f32; LANES]; 2],
    most: [[f32; LANES]; 2],
    /// What is said of the neutrality before any word is read.
    bias: f32,
}

/// Bytes before the weights: number of rows, bias, places of the marks' rows.
const HEADER: usize = 32;

/// What the network says of a post.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) polarity: f32,
    pub(crate) neutrality: f32,
}

impl Network {
    /// Reads what the build script packed: header, weights as `f32`, rows. `None` for an empty table.
    pub(crate) fn read(bytes: &'static [u8]) -> Option<Self> {
        let number = |i: usize| f32::from_bits(u32::try_from(field(bytes, i)).unwrap_or(0));
        let lanes = |from: usize| std::array::from_fn(|lane| number(HEADER / 4 + from * LANES + lane));
        let mark = |i: usize| u16::from_le_bytes([bytes[8 + i * 2], bytes[9 + i * 2]]);
        let rows = field(bytes, 0);
        if rows == 0 {
            return None;
        }
        Some(Self {
            rows: bytes[HEADER + 4 * LANES * 4..].as_chunks().0.get(..rows)?,
            marks: std::array::from_fn(mark),
            mean: [lanes(0), lanes(1)],
            most: [lanes(2), lanes(3)].map(|weights: [f32; LANES]| weights.map(|w| w * VOICE)),
            bias: number(1) * VOICE,
        })
    }

    /// Adds the places of marks' rows.
    pub(crate) fn place_marks(&self, marks: &[Mark], places: &mut Vec<u16>) {
        places.extend(marks.iter().map(|mark| self.marks[mark.place()]));
    }

    #[inline]
    fn row(&self, place: u16) -> &Row {
        self.rows.get(usize::from(place)).unwrap_or(&self.rows[0])
    }

    /// Sums and greatest values of the lanes of some rows.
    fn pool(&self, places: &[u16]) -> ([f32; LANES], Row) {
        let (mut sums, mut most) = ([0.0; LANES], [0; LANES]);
        // As many bytes as sixteen bits can add up.
        for places in places.chunks(256) {
            let mut short = [0u16; LANES];
            for row in places.iter().map(|place| self.row(*place)) {
                for ((sum, most), byte) in short.iter_mut().zip(&mut most).zip(row) {
                    *sum = sum.wrapping_add(u16::from(*byte));
                    *most = (*most).max(*byte);
                }
            }
            sums.iter_mut().zip(short).for_each(|(sum, short)| *sum += f32::from(short));
        }
        (sums, most)
    }

    /// Reads the rows at some places; `shares` gets what each says of the polarity, if asked.
    pub(crate) fn read_post(&self, places: &[u16], shares: Option<&mut Vec<f32>>) -> Said {
        if places.is_empty() {
            return Said::default();
        }
        let (sums, most) = self.pool(places);
        #[expect(clippy::cast_precision_loss, reason = "a count of words")]
        let scale = VOICE / (places.len() as f32).powf(MEAN_POWER);
        let greatest = most.map(f32::from);
        let [polarity, neutrality] =
            [0, 1].map(|axis| dot(&sums, &self.mean[axis]) * scale + dot(&greatest, &self.most[axis]));
        if let Some(shares) = shares {
            self.share(places, scale, most, shares);
        }
        Said { polarity, neutrality: neutrality + self.bias }
    }

    /// What each word says: its part of each mean, and the lanes where it is the first of the greatest.
    fn share(&self, places: &[u16], scale: f32, most: Row, shares: &mut Vec<f32>) {
        let mean = self.mean[0].map(|w| w * scale);
        let greatest = eights(&most);
        // Lanes whose greatest value no word has had yet; nobody has a value of nought.
        let mut open = greatest.map(|eight| !equal(eight, 0));
        shares.clear();
        for row in places.iter().map(|place| self.row(*place)) {
            let mut share = dot(&row.map(f32::from), &mean);
            for (at, eight) in eights(row).into_iter().enumerate() {
                let mut first = equal(eight, greatest[at]) & open[at];
                open[at] &= !first;
                while first != 0 {
                    let lane = at * 8 + first.trailing_zeros() as usize / 8;
                    share += f32::from(most[lane]) * self.most[0][lane];
                    first &= first - 1;
                }
            }
            shares.push(share);
        }
    }
}

/// A row eight bytes at a time, the first lane lowest.
fn eights(row: &Row) -> [u64; LANES / 8] {
    let (eights, _) = row.as_chunks::<8>();
    std::array::from_fn(|at| u64::from_le_bytes(eights[at]))
}

/// Which bytes of two eights are equal: the highest bit of each, and no other.
fn equal(a: u64, b: u64) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x7F; 8]);
    let differs = a ^ b;
    !(((differs & LOW) + LOW) | differs | LOW)
}

/// A weighted sum, in as many parts as the processor adds at once.
fn dot(weights: &[f32; LANES], values: &[f32; LANES]) -> f32 {
    let mut sums = [0.0; 8];
    for (weights, values) in weights.as_chunks::<8>().0.iter().zip(values.as_chunks::<8>().0) {
        for ((sum, weight), value) in sums.iter_mut().zip(weights).zip(values) {
            *sum += weight * value;
        }
    }
    sums.iter().sum()
}
