//! The corridor: many posts through one analyzer, on every core, in the order they came.
//!
//! In: slices, or an iterator of any length. Out: one [`Analysis`] per post, in input order and the
//! same to the bit at any number of threads, because a post is analysed alone and by one thread.
//! With the feature `parallel` the work is spread by rayon, on the pool that the caller is in (so
//! `pool.install(|| analyzer.analyze_batch(..))` limits it); without it, it runs in a loop.
//!
//! ```
//! let analyzer = tonalite::Analyzer::new();
//! let posts = ["Super !", "Nul."].map(tonalite::Post::new);
//! assert_eq!(analyzer.analyze_batch(&posts), posts.each_ref().map(|p| analyzer.analyze_post(p)));
//! ```

use crate::analysis::Analysis;
use crate::analyzer::Analyzer;
use crate::post::Post;

/// Posts that [`Analyzer::analyze_iter`] holds at a time: enough for rayon to share out (some
/// milliseconds of work), little enough to stay in a core's cache.
const HELD: usize = 1024;

/// Posts that are not worth sharing out further: waking a thread costs what a few posts cost.
#[cfg(feature = "parallel")]
const SHARE: usize = 16;

impl Analyzer {
    /// Analyses many posts: `analyze_batch(posts)[i]` is `analyze_post(&posts[i])`.
    pub fn analyze_batch(&self, posts: &[Post]) -> Vec<Analysis> {
        each(posts, |post| self.analyze_post(post))
    }

    /// Analyses many texts: `analyze_texts(texts)[i]` is `analyze(texts[i])`.
    pub fn analyze_texts<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Vec<Analysis> {
        each(texts, |text| self.analyze(text.as_ref()))
    }

    /// Analyses a stream of posts of any length. Takes them by the thousand, hands them out in
    /// order, and holds no more than that in memory.
    pub fn analyze_iter<I>(&self, posts: I) -> impl Iterator<Item = Analysis> + use<I>
    where
        I: IntoIterator<Item = Post>,
    {
        InOrder { analyzer: self.clone(), posts: posts.into_iter(), taken: Vec::new(), ready: Vec::new().into_iter() }
    }
}

#[cfg(feature = "parallel")]
fn each<T: Sync>(items: &[T], work: impl Fn(&T) -> Analysis + Sync + Send) -> Vec<Analysis> {
    use rayon::prelude::*;
    items.par_iter().with_min_len(SHARE).map(work).collect()
}

#[cfg(not(feature = "parallel"))]
fn each<T>(items: &[T], work: impl Fn(&T) -> Analysis) -> Vec<Analysis> {
    items.iter().map(work).collect()
}

/// The iterator behind [`Analyzer::analyze_iter`].
#[derive(Debug)]
struct InOrder<I> {
    analyzer: Analyzer,
    posts: I,
    taken: Vec<Post>,
    ready: std::vec::IntoIter<Analysis>,
}

impl<I: Iterator<Item = Post>> Iterator for InOrder<I> {
    type Item = Analysis;

    fn next(&mut self) -> Option<Analysis> {
        if let Some(analysis) = self.ready.next() {
            return Some(analysis);
        }
        self.taken.clear();
        self.taken.extend(self.posts.by_ref().take(HELD));
        self.ready = self.analyzer.analyze_batch(&self.taken).into_iter();
        self.ready.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (low, high) = self.posts.size_hint();
        let ready = self.ready.len();
        (low.saturating_add(ready), high.and_then(|h| h.checked_add(ready)))
    }
}

#[cfg(test)]
mod tests {
    use super::HELD;
    use crate::{Analyzer, Post};

    #[test]
    fn order_and_bits_do_not_depend_on_threads() {
        let analyzer = Analyzer::new();
        let texts = ["J'adore leur SAV", "c'est nul, trop lente", "", "I love it but I hate the price"];
        let posts: Vec<Post> =
            (0..HELD + 300).map(|i| Post { id: Some(i.to_string()), ..Post::new(texts[i % texts.len()]) }).collect();
        let one_by_one: Vec<_> = posts.iter().map(|p| analyzer.analyze_post(p)).collect();
        assert_eq!(analyzer.analyze_batch(&posts), one_by_one);
        assert_eq!(analyzer.analyze_iter(posts.clone()).collect::<Vec<_>>(), one_by_one);
        assert_eq!(analyzer.analyze_texts(&texts)[1], analyzer.analyze(texts[1]));
        #[cfg(feature = "parallel")]
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(|| analyzer.analyze_batch(&posts)), one_by_one, "{threads} threads");
        }
    }
}
