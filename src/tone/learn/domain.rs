//! The domain of labelled posts, told by the words that are much commoner in them than in the language: what
//! a layer learnt from them says, it says of posts that hold such words.

use super::{Feature, Kind, Trainer};

/// A word tells the domain that stands in this many of the posts ...
const LEAST_POSTS: u32 = 4;
/// ... and this many times as often as it would in others; where it is so many times, it tells it alone.
const LEAST_TIMES: f32 = 2.0;
const SURE_TIMES: f32 = 64.0;

impl Trainer {
    /// The words that tell the domain of the posts, sorted, with how far each tells it, from 0 to 1.
    pub(super) fn domain(&self) -> Vec<(&str, f32)> {
        let shares = self.shares();
        let words = self.sorted_names().into_iter().map(|(name, feature)| (name.as_str(), shares[feature as usize]));
        words.filter(|(_, share)| *share > 0.0).collect()
    }

    /// By post, how far it is of the domain of all of them; wholly where no word tells a domain.
    pub(super) fn heard(&self) -> Vec<f32> {
        let shares = self.shares();
        if shares.iter().all(|share| *share == 0.0) {
            return vec![1.0; self.samples.len()];
        }
        let mut from = 0;
        let heard = self.samples.iter().map(|sample| {
            let cells = &self.cells[from..sample.end];
            from = sample.end;
            cells.iter().map(|cell| shares[cell.feature as usize]).sum::<f32>().min(1.0)
        });
        heard.collect()
    }

    /// By feature, how far it tells the domain.
    #[expect(clippy::cast_precision_loss, reason = "counts of posts and words")]
    fn shares(&self) -> Vec<f32> {
        let posts = self.samples.len() as f32;
        let words: u32 = self.features.iter().filter(|f| f.kind != Kind::Other).map(|f| f.posts).sum();
        self.features.iter().map(|feature| feature.share(posts, words as f32 / posts)).collect()
    }
}

impl Feature {
    /// How far it tells the domain of so many posts with so many words each: a word that the rules know
    /// nothing of, by how much commoner it is there than in the language.
    #[expect(clippy::cast_precision_loss, reason = "a count of posts")]
    fn share(&self, posts: f32, words: f32) -> f32 {
        let is_word = matches!(self.kind, Kind::Word { .. } | Kind::RareWord);
        if !is_word || self.ruled || self.posts < LEAST_POSTS {
            return 0.0;
        }
        // A class begins at 2^1.4 times the occurrences of the one before, the first at 2^5 in 10⁹ words.
        let rate = (5.0 + 1.4 * (f32::from(self.class) - 0.5)).exp2() / 1e9;
        let times = self.posts as f32 / posts / (rate * words);
        if times < LEAST_TIMES { 0.0 } else { (times.ln() / SURE_TIMES.ln()).min(1.0) }
    }
}
