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

use super::features::View;
use crate::lexicon::slot;

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
    /// By id: place of its row, 0 for the row of unknown words. Marks follow the ids.
    places: &'static [[u8; 2]],
    rows: &'static [Row],
    /// By lane, what one unit of a byte says of polarity and neutrality: in the mean, as the greatest.
    mean: [[f32; LANES]; 2],
    most: [[f32; LANES]; 2],
    /// What is said of the neutrality before any word is read.
    bias: f32,
}

/// Sums and greatest values of the lanes of a post.
#[derive(Default)]
struct Pool {
    /// Sums since the last time they were carried over; they hold 256 rows.
    short: [u16; LANES],
    sums: [u32; LANES],
    most: Row,
    n: u32,
}

impl Pool {
    #[inline]
    fn add(&mut self, row: &Row) {
        for ((sum, most), byte) in self.short.iter_mut().zip(&mut self.most).zip(row) {
            *sum = sum.wrapping_add(u16::from(*byte));
            *most = (*most).max(*byte);
        }
        self.n += 1;
        if self.n.is_multiple_of(256) {
            self.carry();
        }
    }

    fn carry(&mut self) {
        for (sum, short) in self.sums.iter_mut().zip(&mut self.short) {
            *sum += u32::from(std::mem::take(short));
        }
    }

    fn close(mut self) -> ([u32; LANES], Row, u32) {
        self.carry();
        (self.sums, self.most, self.n)
    }
}

/// What the network says of a post.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) polarity: f32,
    pub(crate) neutrality: f32,
}

impl Network {
    /// Reads what the build script packed: places, rows, weights as `f32`. `None` for an empty table.
    pub(crate) fn read(bytes: &'static [u8]) -> Option<Self> {
        let field = |i: usize| crate::lexicon::pack::field(bytes, i);
        let (places, rows) = (field(0), field(1));
        if rows == 0 {
            return None;
        }
        let (weights, rest) = bytes[8..].split_at((4 * LANES + 1) * 4);
        let number = |i: usize| f32::from_bits(u32::try_from(crate::lexicon::pack::field(weights, i)).unwrap_or(0));
        let lanes = |from: usize| std::array::from_fn(|lane| number(from * LANES + lane));
        let (packed, rest) = rest.split_at(places * 2);
        Some(Self {
            places: packed.as_chunks().0,
            rows: rest[..rows * LANES].as_chunks().0,
            mean: [lanes(0), lanes(1)],
            most: [lanes(2), lanes(3)],
            bias: number(4 * LANES),
        })
    }

    #[inline]
    fn row(&self, place: usize) -> &Row {
        let row = self.places.get(place).map_or(0, |p| usize::from(u16::from_le_bytes(*p)));
        &self.rows[row.min(self.rows.len() - 1)]
    }

    /// The rows of a post: its terms', then its marks'. Words that the grammar speaks for (denied, or in
    /// an idiom) are left to it.
    #[inline]
    fn rows<'a>(&'a self, view: &'a View<'a>) -> impl Iterator<Item = &'a Row> + Clone {
        let words = self.places.len().saturating_sub(slot::MARKS.len());
        let spoken_for = view.grammar.negated.iter().zip(&view.grammar.hushed);
        let terms = view.reading.terms.iter().zip(spoken_for).map(move |(term, (denied, hushed))| {
            let place = term.id as usize;
            // Words that a user's layer added have ids beyond the table.
            if place >= words || *denied || *hushed != 0 { &self.rows[0] } else { self.row(place) }
        });
        terms.chain(view.reading.marks.iter().map(move |mark| self.row(words + mark.place())))
    }

    /// Reads a post; `shares` gets what each term, then each mark, says of the polarity, if asked.
    pub(crate) fn read_post(&self, view: &View<'_>, shares: Option<&mut Vec<f32>>) -> Said {
        let mut pool = Pool::default();
        self.rows(view).for_each(|row| pool.add(row));
        let (sums, most, n) = pool.close();
        if n == 0 {
            return Said::default();
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of words")]
        let scale = VOICE / (n as f32).powf(MEAN_POWER);
        let mut said = [0.0, self.bias * VOICE];
        for (axis, said) in said.iter_mut().enumerate() {
            for lane in 0..LANES {
                *said += sums[lane] as f32 * scale * self.mean[axis][lane];
                *said += f32::from(most[lane]) * VOICE * self.most[axis][lane];
            }
        }
        if let Some(shares) = shares {
            self.share(view, scale, most, shares);
        }
        Said { polarity: said[0], neutrality: said[1] }
    }

    /// What each word says: its part of each mean, and the lanes where it is the first of the greatest.
    fn share(&self, view: &View<'_>, scale: f32, most: Row, shares: &mut Vec<f32>) {
        let eights =
            |row: &Row| std::array::from_fn::<_, { LANES / 8 }, _>(|i| u64::from_le_bytes(row.as_chunks().0[i]));
        let most_of = eights(&most);
        // The lanes whose greatest value no word has had so far: the top bit of each byte.
        let mut open = most_of.map(|bytes| !same(bytes, 0));
        shares.clear();
        for row in self.rows(view) {
            let mut share = says(row, &self.mean[0]) * scale;
            for (eight, (bytes, open)) in eights(row).into_iter().zip(&mut open).enumerate() {
                let mut first = same(bytes, most_of[eight]) & *open;
                *open &= !first;
                while first != 0 {
                    let lane = eight * 8 + first.trailing_zeros() as usize / 8;
                    share += f32::from(most[lane]) * VOICE * self.most[0][lane];
                    first &= first - 1;
                }
            }
            shares.push(share);
        }
    }
}

/// Which of eight bytes are the same, as the top bit of each.
#[inline]
fn same(a: u64, b: u64) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let other = a ^ b;
    // A byte that is not 0 carries into its top bit, or has it.
    !((((other & LOW) + LOW) | other) | LOW)
}

/// What a row says by some weights: four sums at once, as the processor adds.
#[inline]
fn says(row: &Row, weights: &[f32; LANES]) -> f32 {
    let mut sums = [0.0; 4];
    for (bytes, weights) in row.as_chunks::<4>().0.iter().zip(weights.as_chunks::<4>().0) {
        for ((sum, byte), weight) in sums.iter_mut().zip(bytes).zip(weights) {
            *sum += f32::from(*byte) * weight;
        }
    }
    sums.iter().sum()
}
