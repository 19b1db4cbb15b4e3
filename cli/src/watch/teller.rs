//! What a live watch says, and when: alerts once each, a digest now and then.
//!
//! To ask for alerts costs some milliseconds and to read a digest some more, so neither is done for
//! every post: they are done when new posts came, and only as often as keeps them a small share of
//! the time. While a backlog is read that is seldom; on a live stream it is at once.

use crate::digest;
use crate::words::Words;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};
use tonalite::watch::{Alert, Watch};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Bursts of a target closer than this are one that goes on.
const SAME: i64 = 6 * HOUR;
/// Looks cost at most one part in so many of the time.
const SHARE: u32 = 10;
/// Posts after which there is a digest whatever their dates say.
const POSTS: u64 = 10_000;
/// Posts dated days after all others that it takes to believe them.
const BELIEVED: u32 = 20;

/// How it is said.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    pub(super) words: Words,
    /// One JSON object a line instead of text.
    pub(super) json: bool,
    /// Hours of the posts' time between digests.
    pub(super) every: u32,
}

/// Tells what a watch knows, as it comes to know it.
pub(super) struct Teller<W> {
    out: W,
    manner: Manner,
    /// The newest second that is believed.
    latest: Option<i64>,
    strays: u32,
    /// Bursts told of, by target: from, to.
    told: BTreeMap<Option<String>, Vec<(i64, i64)>>,
    /// Alerts before this second were told.
    since: i64,
    /// The second, and the number of posts, at which a digest is due.
    next: Option<i64>,
    next_posts: u64,
    /// Whether something came since the last look, and since the last digest.
    fresh: bool,
    unsaid: bool,
    looked: Option<Instant>,
    cost: Duration,
}

impl<W: Write> Teller<W> {
    pub(super) fn new(out: W, manner: Manner) -> Self {
        Self {
            out,
            manner,
            latest: None,
            strays: 0,
            told: BTreeMap::new(),
            since: i64::MIN,
            next: None,
            next_posts: POSTS,
            fresh: false,
            unsaid: false,
            looked: None,
            cost: Duration::ZERO,
        }
    }

    /// A post came; `at` is its second, where it has one.
    pub(super) fn note(&mut self, at: Option<i64>) {
        (self.fresh, self.unsaid) = (true, true);
        let Some(at) = at else { return };
        match self.latest {
            // One post dated 2099 does not stop the clock of all the others.
            Some(latest) if at > latest + 2 * DAY && self.strays + 1 < BELIEVED => self.strays += 1,
            Some(latest) => {
                self.strays = if at > latest + 2 * DAY { 0 } else { self.strays };
                self.latest = Some(latest.max(at));
            }
            None => self.latest = Some(at),
        }
    }

    /// Tells what is due.
    pub(super) fn tell(&mut self, watch: &Watch) -> Result<()> {
        let rested = self.looked.is_none_or(|at| at.elapsed() >= SHARE * self.cost);
        if !self.fresh || !rested {
            return Ok(());
        }
        let began = Instant::now();
        self.fresh = false;
        self.alerts(watch)?;
        let due = self.latest.zip(self.next).is_some_and(|(latest, next)| latest >= next);
        if due || watch.posts() >= self.next_posts {
            self.digest(watch)?;
        } else if self.next.is_none() {
            self.next = self.latest.map(|at| at + i64::from(self.manner.every) * HOUR);
        }
        self.flush()?;
        (self.looked, self.cost) = (Some(Instant::now()), began.elapsed());
        Ok(())
    }

    /// The stream has ended: tells the rest.
    pub(super) fn end(&mut self, watch: &Watch) -> Result<()> {
        self.alerts(watch)?;
        if self.unsaid {
            self.digest(watch)?;
        }
        self.flush()
    }

    fn alerts(&mut self, watch: &Watch) -> Result<()> {
        for alert in watch.alerts_since(self.since) {
            if self.is_new(&alert) {
                self.alert(&alert, watch)?;
            }
        }
        // Late posts may still make a burst of the last day.
        self.since = self.latest.map_or(self.since, |latest| latest - DAY);
        Ok(())
    }

    fn is_new(&mut self, alert: &Alert) -> bool {
        let told = self.told.entry(alert.target.clone()).or_default();
        let goes_on = |t: &&mut (i64, i64)| alert.start <= t.1 + SAME && alert.end + SAME >= t.0;
        if let Some(known) = told.iter_mut().find(goes_on) {
            *known = (known.0.min(alert.start), known.1.max(alert.end));
            return false;
        }
        told.push((alert.start, alert.end));
        true
    }

    fn alert(&mut self, alert: &Alert, watch: &Watch) -> Result<()> {
        if self.manner.json {
            return self.json("alert", alert);
        }
        let words = &self.manner.words;
        let text = digest::alert(alert, words, watch.clock());
        self.write(&format!("{text}\n{}", digest::verbatims(alert, &self.manner.words)))
    }

    fn digest(&mut self, watch: &Watch) -> Result<()> {
        self.unsaid = false;
        self.next = self.latest.map(|at| at + i64::from(self.manner.every) * HOUR);
        self.next_posts = watch.posts() + POSTS;
        let read = watch.digest();
        if self.manner.json {
            return self.json("digest", &read);
        }
        let words = &self.manner.words;
        let posts = words.fill("text.posts", &[&words.count(read.posts)]);
        let lines = digest::lines(&read, words, watch.clock());
        self.write(&format!("{posts}\n{lines}"))
    }

    fn json(&mut self, kind: &str, what: &impl serde::Serialize) -> Result<()> {
        let mut line = serde_json::to_string(&BTreeMap::from([(kind, what)]))?;
        line.push('\n');
        self.write(&line)
    }

    fn write(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).context("cannot write the output")
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush().context("cannot write the output")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::words::Lang;
    use tonalite::watch::WatchConfig;
    use tonalite::{Analysis, Post};

    fn teller() -> Teller<Vec<u8>> {
        let manner = Manner { words: Words::of(Lang::En), json: false, every: 24 };
        Teller::new(Vec::new(), manner)
    }

    #[test]
    fn one_stray_date_does_not_stop_the_clock() {
        let mut teller = teller();
        teller.note(Some(1_000_000));
        teller.note(Some(4_000_000_000));
        teller.note(Some(1_000_060));
        assert_eq!(teller.latest, Some(1_000_060));
        for _ in 0..BELIEVED {
            teller.note(Some(5_000_000));
        }
        assert_eq!(teller.latest, Some(5_000_000));
    }

    #[test]
    fn nothing_new_says_nothing_and_the_end_says_the_rest_once() {
        let mut watch = Watch::new(WatchConfig::default()).unwrap();
        let mut teller = teller();
        teller.tell(&watch).unwrap();
        teller.end(&watch).unwrap();
        assert!(teller.out.is_empty());
        watch.observe(&Post::new("Livraison lente, encore."), &Analysis::default());
        teller.note(None);
        teller.end(&watch).unwrap();
        let said = teller.out.len();
        teller.end(&watch).unwrap();
        assert!(said > 0 && teller.out.len() == said);
    }
}
