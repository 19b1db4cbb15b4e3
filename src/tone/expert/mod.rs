//! What words say in posts of one kind: experts, each heard as far as a post is of its kind.
//!
//! A mixture of experts (Jacobs and others, Neural Computation 1991) beside the table that speaks of every
//! post: what `secret` or `constat` says of the tone in politics or to an insurer, it says there only.
//! Every word has a row of [`LANES`] bytes, three an expert: how far the word tells its kind (the gate),
//! and what it says there on either axis. A post's answer is a sum over its words, so every word has its
//! own share of it; and no expert is heard in a post that its gate does not know.
//!
//! Rows of `lexicons/*/experts/*.tsv`, one file an expert, are `word  gate  polarity  neutrality`;
//! `@bias` holds what is said before any word is read, and `@share` (in the column of the gate) how far the expert is
//! heard in a post that is wholly of its kind. The build script packs them.

mod packed;
pub(crate) mod train;

use crate::lexicon::pack::field;
use crate::lexicon::row::Learnt;
use packed::{HEADER, LANES, MOST, ZERO};

/// What the other tables hold back of what they say, for what an expert is heard: less than that, since two that
/// agree are surer together.
const HELD_BACK: f32 = 0.54;
/// The gate's logit from which on a post is wholly of a kind; at nought it is not.
const SURE: f32 = 2.0;
/// What a word counts for in a gate, at most: a kind is told by several words.
const UNIT_MOST: f32 = 0.25;

/// As many bytes as sixteen bits can add up.
const AT_ONCE: usize = 256;

/// What a word says: a gate, a polarity and a neutrality by expert, [`ZERO`] where it says nothing.
type Row = [u8; LANES];
static NOTHING: Row = [ZERO; LANES];

/// A language's experts, read where they lie.
#[derive(Debug, Clone)]
pub(crate) struct Experts {
    rows: &'static [Row],
    /// By lane, what one unit of a byte is.
    scales: [f32; LANES],
    /// By expert: gate, neutrality.
    bias: [[f32; 2]; MOST],
    shares: [f32; MOST],
    count: usize,
}

/// What a post is made of: its terms, and the places of its marks' rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) terms: &'a [Learnt],
    pub(crate) marks: &'a [u16],
}

/// What experts say of a post.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) polarity: f32,
    pub(crate) neutrality: f32,
    /// What is left for the other tables, from 0 to 1.
    pub(crate) rest: f32,
    /// By expert, what a unit of a byte says of the polarity.
    units: [f32; MOST],
}

impl Experts {
    /// Reads what the build script packed; `None` where a language has no experts.
    pub(crate) fn read(bytes: &'static [u8]) -> Option<Self> {
        let number = |i: usize| f32::from_bits(u32::try_from(field(bytes, i)).unwrap_or(0));
        let (rows, count) = (field(bytes, 0), field(bytes, 1).min(MOST));
        if count == 0 {
            return None;
        }
        Some(Self {
            rows: bytes[HEADER..].as_chunks().0.get(..rows)?,
            scales: std::array::from_fn(|lane| number(2 + lane)),
            bias: std::array::from_fn(|at| [0, 1].map(|axis| number(2 + LANES + at * 2 + axis))),
            shares: std::array::from_fn(|at| number(2 + LANES + MOST * 2 + at)),
            count,
        })
    }

    #[inline]
    fn row(&self, place: u16) -> &Row {
        self.rows.get(usize::from(place)).unwrap_or(&NOTHING)
    }

    /// Reads the rows of a post's words, of which one counts for `unit`; `None` where no expert is heard.
    pub(crate) fn read_post(&self, words: Words<'_>, unit: f32) -> Option<Said> {
        let mut sums = [0.0; LANES];
        words.terms.chunks(AT_ONCE).for_each(|terms| self.add(terms.iter().map(|term| term.place()), &mut sums));
        words.marks.chunks(AT_ONCE).for_each(|marks| self.add(marks.iter().copied(), &mut sums));
        let value = |lane: usize| sums[lane] * self.scales[lane];
        let mut heard = [0.0; MOST];
        for (at, heard) in heard.iter_mut().enumerate().take(self.count) {
            *heard = ((value(at) * unit.min(UNIT_MOST) + self.bias[at][0]) / SURE).clamp(0.0, 1.0);
        }
        let whole: f32 = heard.iter().sum();
        if whole <= 0.0 {
            return None;
        }
        heard.iter_mut().zip(self.shares).for_each(|(heard, share)| *heard *= share / whole.max(1.0));
        let mut said = Said { rest: 1.0 - HELD_BACK * heard.iter().sum::<f32>(), ..Said::default() };
        for (at, heard) in heard.into_iter().enumerate().filter(|(_, heard)| *heard > 0.0) {
            said.polarity += heard * value(MOST + at) * unit;
            said.neutrality += heard * (value(2 * MOST + at) * unit + self.bias[at][1]);
            said.units[at] = heard * self.scales[MOST + at] * unit;
        }
        Some(said)
    }

    /// Adds the lanes of some rows up, [`AT_ONCE`] at most. Apart, so that all lanes are added at once and not
    /// each by what is asked of it after.
    #[inline(never)]
    fn add(&self, places: impl ExactSizeIterator<Item = u16>, sums: &mut [f32; LANES]) {
        #[expect(clippy::cast_precision_loss, reason = "a count of words")]
        let zero = places.len() as f32 * f32::from(ZERO);
        let mut short = [0u16; LANES];
        for row in places.map(|place| self.row(place)) {
            short.iter_mut().zip(row).for_each(|(sum, byte)| *sum = sum.wrapping_add(u16::from(*byte)));
        }
        sums.iter_mut().zip(short).for_each(|(sum, short)| *sum += f32::from(short) - zero);
    }

    /// Adds what each word says of the polarity to its share.
    pub(crate) fn share(&self, words: Words<'_>, said: &Said, shares: &mut [f32]) {
        let places = words.terms.iter().map(|term| term.place()).chain(words.marks.iter().copied());
        for (place, share) in places.zip(shares) {
            let polarities = self.row(place)[MOST..].iter().zip(said.units);
            *share += polarities.map(|(byte, unit)| (f32::from(*byte) - f32::from(ZERO)) * unit).sum::<f32>();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: &str =
        "word\tgate\tpolarity\tneutrality\n@bias\t-4\t0\t0.5\n@share\t0.7\t0\t0\ntram\t9\t0\t0\ncold\t1\t-3\t-1\n";
    const OTHER: &str =
        "word\tgate\tpolarity\tneutrality\n@bias\t-4\t0\t0\n@share\t0.7\t0\t0\nbeer\t9\t0\t0\ncold\t-1\t3\t-1\n";
    const WORDS: [&str; 3] = ["tram", "cold", "beer"];

    fn experts() -> Experts {
        let place = |name: &str| (1..).zip(WORDS).find_map(|(place, word)| (word == name).then_some(place));
        Experts::read(packed::write(&[MADE.into(), OTHER.into()], place).leak()).unwrap()
    }

    /// Reads words by their numbers, as marks: they have places and nothing else.
    fn read(marks: &[u16]) -> Option<Said> {
        experts().read_post(Words { terms: &[], marks }, 0.25)
    }

    #[test]
    fn a_word_says_what_it_says_in_posts_of_the_kind() {
        let [tram, beer] = [&[1, 1, 1, 2][..], &[3, 3, 3, 2]].map(|post| read(post).unwrap());
        assert!(tram.polarity < -0.3 && beer.polarity > 0.3, "{tram:?} {beer:?}");
        assert!(tram.neutrality.is_finite() && tram.rest < 1.0);
    }

    #[test]
    fn no_expert_is_heard_in_a_post_of_no_kind() {
        assert!(read(&[2, 2, 2, 2]).is_none());
        assert!(read(&[]).is_none());
        assert!(read(&[9, u16::MAX]).is_none(), "words without rows");
    }

    #[test]
    fn a_post_of_two_kinds_hears_both_and_is_not_told_twice() {
        let both = read(&[1, 1, 1, 3, 3, 3, 2]).unwrap();
        assert!(both.polarity.abs() < 0.05, "{both:?}");
        assert!((both.rest - (1.0 - HELD_BACK * 0.7)).abs() < 1e-6, "{both:?}");
    }

    #[test]
    fn shares_add_up_to_the_polarity() {
        let experts = experts();
        // More words than are added up at once.
        let marks: Vec<u16> = (0..1000).map(|at| [1, 2, 7, 2][at % 4]).collect();
        let words = Words { terms: &[], marks: &marks };
        let said = experts.read_post(words, 0.25).unwrap();
        let mut shares = vec![0.0; marks.len()];
        experts.share(words, &said, &mut shares);
        assert!((shares.iter().sum::<f32>() - said.polarity).abs() < 0.01 * said.polarity.abs(), "{said:?}");
        assert!(said.polarity < -10.0, "{said:?}");
    }
}
