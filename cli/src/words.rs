//! What is said to people by `report` and `watch`, in French and in English: labels from `words.tsv`,
//! numbers, figures with their intervals, dates.
//!
//! Keys that are a value of a record (`role.customer`, `noise.spam`) are asked for by that value; a
//! value without a row is shown as it is.

use clap::ValueEnum;
use std::collections::BTreeMap;
use tonalite::watch::{Clock, Estimate, Grain, Lead, Note};

const TABLE: &str = include_str!("words.tsv");

/// The language that people are spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// French
    Fr,
    /// English
    En,
}

/// The words of one language.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub(crate) lang: Lang,
    table: BTreeMap<&'static str, &'static str>,
}

impl Words {
    /// The words of a language.
    pub(crate) fn of(lang: Lang) -> Self {
        let column = usize::from(lang == Lang::Fr) + 1;
        let rows = TABLE.lines().skip(1).filter(|line| !line.is_empty());
        let cells = rows.map(|line| line.split('\t').collect::<Vec<_>>());
        Self { lang, table: cells.filter_map(|c| Some((*c.first()?, *c.get(column)?))).collect() }
    }

    /// Everything, for the page.
    pub(crate) fn table(&self) -> &BTreeMap<&'static str, &'static str> {
        &self.table
    }

    /// The words under a key, or the last part of the key itself.
    pub(crate) fn get<'a>(&self, key: &'a str) -> &'a str {
        let found: Option<&'static str> = self.table.get(key).copied();
        found.unwrap_or_else(|| key.split_once('.').map_or(key, |(_, value)| value))
    }

    /// The words of a value of a record.
    pub(crate) fn value(&self, kind: &str, value: &str) -> String {
        self.table.get(format!("{kind}.{value}").as_str()).map_or_else(|| value.to_owned(), |w| (*w).to_owned())
    }

    /// Who leads a burst.
    pub(crate) fn lead(&self, lead: Lead) -> String {
        let key = match lead {
            Lead::FewAccounts => "led.few_accounts",
            Lead::Relays => "led.relays",
            Lead::Customers => "led.customers",
            Lead::Media => "led.media",
            Lead::Activists => "led.activists",
            Lead::Many => "led.many",
            Lead::Unclear => "led.unclear",
        };
        self.get(key).to_owned()
    }

    /// The words under a key with `{0}`, `{1}` ... filled in.
    pub(crate) fn fill(&self, key: &str, parts: &[&str]) -> String {
        let mut out = String::new();
        // One pass, so that a part that holds braces is not filled in again.
        let mut rest = self.get(key);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (number, tail) = after.split_once('}').unwrap_or(("", after));
            out.push_str(number.parse().ok().and_then(|n: usize| parts.get(n)).copied().unwrap_or_default());
            rest = tail;
        }
        out + rest
    }

    /// A number of things.
    pub(crate) fn count(&self, n: u64) -> String {
        let digits = n.to_string();
        let mut out = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                // Narrow, and it does not break the line.
                out.push(if self.lang == Lang::Fr { '\u{202f}' } else { ',' });
            }
            out.push(c);
        }
        out
    }

    /// A figure between -1 and 1, in hundredths with its sign.
    pub(crate) fn points(value: f64) -> String {
        let rounded = (100.0 * value).round();
        match rounded {
            r if r > 0.0 => format!("+{r:.0}"),
            r if r < 0.0 => format!("\u{2212}{:.0}", -r),
            _ => "0".to_owned(),
        }
    }

    /// A share in percent.
    pub(crate) fn percent(value: f64) -> String {
        format!("{:.0}\u{a0}%", 100.0 * value)
    }

    /// A figure, and its interval in brackets or the statement that there are too few posts.
    pub(crate) fn estimate(&self, estimate: Estimate, shown: fn(f64) -> String) -> (String, String) {
        match estimate {
            Estimate::Known(i) => {
                (shown(i.value), self.fill("interval", &[&shown(i.low), &shown(i.high), &self.count(i.n)]))
            }
            Estimate::TooFew { n } => ("\u{2013}".to_owned(), self.fill("too_few", &[&self.count(n)])),
        }
    }

    /// The same on one line.
    pub(crate) fn figure(&self, estimate: Estimate, shown: fn(f64) -> String) -> String {
        let (value, interval) = self.estimate(estimate, shown);
        if estimate.known().is_some() { format!("{value} ({interval})") } else { interval }
    }

    /// The day, and the hour where buckets are as fine.
    pub(crate) fn date(&self, clock: &Clock, at: i64, grain: Grain) -> String {
        let written = clock.format(at);
        let part = |from: usize, to: usize| written.get(from..to).unwrap_or_default();
        let month = self.get("months").split(' ').nth(part(5, 7).parse::<usize>().unwrap_or(1).wrapping_sub(1));
        let (year, month, day) = (part(0, 4), month.unwrap_or_default(), part(8, 10).trim_start_matches('0'));
        match grain {
            Grain::Minute | Grain::Hour => format!("{day} {month} {}", part(11, 16)),
            Grain::Day | Grain::Week => format!("{day} {month}"),
            Grain::Month => format!("{month} {year}"),
        }
    }

    /// The day with its year, and the hour.
    pub(crate) fn moment(&self, clock: &Clock, at: i64) -> String {
        let written = clock.format(at);
        let year = written.get(0..4).unwrap_or_default();
        let time = written.get(11..16).unwrap_or_default();
        format!("{} {year} {time}", self.date(clock, at, Grain::Day))
    }

    /// What a digest's figures cannot say.
    pub(crate) fn note(&self, note: &Note, clock: &Clock) -> String {
        let counted = |key: &str, n: u64| self.fill(key, &[&self.count(n)]);
        match note {
            Note::NoDate(n) => counted("note.no_date", *n),
            Note::Unreadable(n) => counted("note.unreadable", *n),
            Note::Future(n) => counted("note.future", *n),
            Note::Ancient(n) => counted("note.ancient", *n),
            Note::NoZone(n) => self.fill("note.no_zone", &[&self.count(*n)]),
            Note::Contradictory(n) => counted("note.contradictory", *n),
            Note::Stray(at) => self.fill("note.stray", &[&self.moment(clock, *at)]),
            Note::WarmUp(days) => counted("note.warm_up", u64::from(*days)),
            Note::Loud { author, posts, of } => {
                self.fill("note.loud", &[author, &self.count(*posts), &self.count(*of)])
            }
            Note::Outside(n) => counted("note.outside", *n),
            // Notes of a later library.
            other => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_speaks_both_languages_once() {
        let mut keys = std::collections::BTreeSet::new();
        for line in TABLE.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(cells.len() == 3 && cells.iter().all(|c| !c.trim().is_empty()), "{line}");
            assert!(keys.insert(cells[0]), "{line}");
            let holes = |text: &str| (0..4).filter(|n| text.contains(&format!("{{{n}}}"))).collect::<Vec<_>>();
            assert_eq!(holes(cells[1]), holes(cells[2]), "{line}");
        }
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let (fr, en) = (Words::of(Lang::Fr), Words::of(Lang::En));
        assert_eq!((fr.count(1_234_567), en.count(1_234_567)), ("1\u{202f}234\u{202f}567".into(), "1,234,567".into()));
        assert_eq!((en.count(0), en.count(999)), ("0".into(), "999".into()));
        assert_eq!((Words::points(-0.124), Words::points(0.0)), ("\u{2212}12".into(), "0".into()));
        assert_eq!(en.fill("note.loud", &["{1}", "5", "9"]).matches("{1}").count(), 1);
    }
}
