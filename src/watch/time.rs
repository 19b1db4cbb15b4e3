//! When a post was published: timestamps as exports write them, and buckets on the user's clock.
//!
//! In: `created_at` as given (RFC 3339, RFC 2822, epoch seconds or milliseconds, the old Twitter form,
//! or a date and time without a zone). Out: seconds since the epoch, and what is doubtful about them.
//! Nothing here reads the machine's clock: "now" is a setting, so that the same corpus gives the same
//! answer tomorrow.
//!
//! Documented answers. Missing or unreadable: the post is counted in the totals and sampled, and stays
//! out of everything drawn over time. Without a zone: the user's time zone is assumed. A weekday that
//! contradicts its date: the date wins. Later than `now` (by more than a day), or before 1990: out of
//! everything drawn over time, like a missing one; epoch 0 is what broken exports write. Each is
//! counted in [`TimeDoubts`]. Out-of-order streams need nothing: every table is keyed by time.

use super::config::Grain;
use crate::error::{Error, ErrorKind};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Hours, days and weeks in seconds.
pub(crate) const HOUR: i64 = 3600;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Before this (1990) no social text was posted: such a time is an export's zero.
const FIRST: i64 = 631_152_000;

/// What is doubtful about a timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Doubt {
    Missing,
    Unreadable,
    NoZone,
    Contradictory,
    Future,
    Ancient,
}

/// How many posts had doubtful timestamps, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TimeDoubts {
    /// No timestamp.
    pub missing: u64,
    /// Not a timestamp.
    pub unreadable: u64,
    /// No time zone given: the user's was assumed.
    pub no_zone: u64,
    /// The weekday contradicts the date: the date was believed.
    pub contradictory: u64,
    /// Later than now.
    pub future: u64,
    /// Before 1990.
    pub ancient: u64,
}

impl TimeDoubts {
    pub(crate) fn note(&mut self, doubt: Doubt) {
        *match doubt {
            Doubt::Missing => &mut self.missing,
            Doubt::Unreadable => &mut self.unreadable,
            Doubt::NoZone => &mut self.no_zone,
            Doubt::Contradictory => &mut self.contradictory,
            Doubt::Future => &mut self.future,
            Doubt::Ancient => &mut self.ancient,
        } += 1;
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.missing += other.missing;
        self.unreadable += other.unreadable;
        self.no_zone += other.no_zone;
        self.contradictory += other.contradictory;
        self.future += other.future;
        self.ancient += other.ancient;
    }

    /// Posts that have no place in time.
    pub fn unplaced(&self) -> u64 {
        self.missing + self.unreadable + self.future + self.ancient
    }
}

/// The user's clock: a time zone, and what "now" is.
#[derive(Debug, Clone)]
pub struct Clock {
    zone: TimeZone,
    now: Option<i64>,
    /// The last bucket that was asked for: posts come mostly in order, and a zone look-up costs more
    /// than two comparisons.
    last: (Grain, i64, i64),
}

impl Default for Clock {
    fn default() -> Self {
        Self { zone: TimeZone::UTC, now: None, last: (Grain::Hour, 0, 0) }
    }
}

impl Clock {
    /// A clock in a time zone (`Europe/Paris`), with what "now" is where that is known.
    ///
    /// # Errors
    ///
    /// When the zone is unknown, or `now` is not a timestamp.
    pub fn new(zone: &str, now: Option<&str>) -> Result<Self, Error> {
        let named = TimeZone::get(zone).map_err(|_| {
            let reason = format!("unknown time zone `{zone}`: use a name such as `Europe/Paris` or `UTC`");
            Error::new(ErrorKind::Setting, reason)
        })?;
        let mut clock = Self { zone: named, ..Self::default() };
        if let Some(now) = now {
            let (at, _) = clock
                .parse(now)
                .ok_or_else(|| Error::new(ErrorKind::Setting, format!("`now` is not a timestamp: `{now}`")))?;
            clock.now = Some(at);
        }
        Ok(clock)
    }

    /// The second a timestamp means, where it can be placed, and what is doubtful about it.
    pub(crate) fn read(&self, created_at: Option<&str>) -> (Option<i64>, Option<Doubt>) {
        let Some(text) = created_at.map(str::trim).filter(|t| !t.is_empty()) else {
            return (None, Some(Doubt::Missing));
        };
        let Some((at, doubt)) = self.parse(text) else {
            return (None, Some(Doubt::Unreadable));
        };
        if at < FIRST {
            return (None, Some(Doubt::Ancient));
        }
        if self.now.is_some_and(|now| at > now + DAY) {
            return (None, Some(Doubt::Future));
        }
        (Some(at), doubt)
    }

    /// The second since the epoch that a timestamp means, whatever it is worth.
    pub fn seconds(&self, created_at: &str) -> Option<i64> {
        self.parse(created_at.trim()).map(|(at, _)| at)
    }

    fn parse(&self, text: &str) -> Option<(i64, Option<Doubt>)> {
        if let Some(at) = rfc3339(text) {
            return Some((at, None));
        }
        if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))
            && let Some(at) = epoch(text)
        {
            return Some((at, None));
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some((at.as_second(), None));
        }
        if let Ok(at) = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text) {
            return Some((at.as_second(), None));
        }
        let relaxed = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        if let Ok(at) = relaxed.parse_timestamp(text) {
            return Some((at.as_second(), Some(Doubt::Contradictory)));
        }
        // The form of the first Twitter exports: Mon Feb 02 06:42:48 +0000 2026.
        if let Ok(at) = Timestamp::strptime("%a %b %d %H:%M:%S %z %Y", text) {
            return Some((at.as_second(), None));
        }
        let civil = text.parse::<DateTime>().or_else(|e| text.trim_end_matches(" UTC").parse().or(Err(e)));
        let zone = if text.ends_with(" UTC") { TimeZone::UTC } else { self.zone.clone() };
        let at = zone.to_zoned(civil.ok()?).ok()?.timestamp().as_second();
        Some((at, (!text.ends_with(" UTC")).then_some(Doubt::NoZone)))
    }

    /// The start of the bucket that holds a second, on the user's clock.
    pub(crate) fn floor(&mut self, at: i64, grain: Grain) -> i64 {
        let (last, start, end) = self.last;
        if last == grain && start <= at && at < end {
            return start;
        }
        let start = self.start(at, grain);
        self.last = (grain, start, self.next(start, grain));
        start
    }

    /// The same without the memory of the last bucket.
    pub(crate) fn start(&self, at: i64, grain: Grain) -> i64 {
        let Ok(timestamp) = Timestamp::from_second(at) else { return at };
        let fixed = |size: i64| {
            let offset = i64::from(self.zone.to_offset(timestamp).seconds());
            at - (at + offset).rem_euclid(size)
        };
        let civil = self.zone.to_datetime(timestamp).date();
        let first = match grain {
            Grain::Minute => return fixed(60),
            Grain::Hour => return fixed(HOUR),
            Grain::Day => Some(civil),
            Grain::Week => {
                let days = i64::from(civil.weekday().to_monday_zero_offset());
                civil.checked_sub(days.days()).ok()
            }
            Grain::Month => Some(civil.first_of_month()),
        };
        first.and_then(|date| date.to_zoned(self.zone.clone()).ok()).map_or(at, |zoned| zoned.timestamp().as_second())
    }

    /// The start of the bucket after the one that starts at `start`.
    pub(crate) fn next(&self, start: i64, grain: Grain) -> i64 {
        // Far enough to be inside the next one, whatever the clocks do on the way.
        let inside = match grain {
            Grain::Minute => return start + 60,
            Grain::Hour => return start + HOUR,
            Grain::Day => start + DAY + 6 * HOUR,
            Grain::Week => start + 7 * DAY + 6 * HOUR,
            Grain::Month => start + 32 * DAY,
        };
        self.start(inside, grain).max(start + 1)
    }

    /// The hour of the week on the user's clock, Monday 0 h is 0.
    pub(crate) fn hour_of_week(&self, at: i64) -> usize {
        let Ok(timestamp) = Timestamp::from_second(at) else { return 0 };
        let civil = self.zone.to_datetime(timestamp);
        let day = usize::try_from(civil.weekday().to_monday_zero_offset()).unwrap_or(0);
        (day * 24 + usize::try_from(civil.hour()).unwrap_or(0)).min(167)
    }

    /// A second as people on the user's clock write it: RFC 3339 with the offset.
    pub fn format(&self, at: i64) -> String {
        Timestamp::from_second(at)
            .map_or_else(|_| at.to_string(), |t| t.display_with_offset(self.zone.to_offset(t)).to_string())
    }
}

/// RFC 3339 in its common shape, without the generality (and the cost) of a full parser.
fn rfc3339(text: &str) -> Option<i64> {
    let b = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        b.get(from..to)?.iter().try_fold(0i64, |n, c| c.is_ascii_digit().then(|| n * 10 + i64::from(c - b'0')))
    };
    let at = |i: usize, c: &[u8]| b.get(i).is_some_and(|x| c.contains(x));
    if !(at(4, b"-") && at(7, b"-") && at(10, b"Tt ") && at(13, b":") && at(16, b":")) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if day < 1 || day > length[usize::try_from(month - 1).ok()?] {
        return None;
    }
    let mut rest = &b[19..];
    if rest.first() == Some(&b'.') {
        let digits = rest[1..].iter().take_while(|c| c.is_ascii_digit()).count();
        rest = &rest[1 + digits..];
    }
    let offset = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let digit = |c: &u8| c.is_ascii_digit().then(|| i64::from(c - b'0'));
            let hours = digit(h1)? * 10 + digit(h2)?;
            let minutes = digit(m1)? * 10 + digit(m2)?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            (if *sign == b'-' { -1 } else { 1 }) * (hours * HOUR + minutes * 60)
        }
        _ => return None,
    };
    // Days from civil (Hinnant): March starts the year, so that leap days come last.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * DAY + hour * HOUR + minute * 60 + second - offset)
}

/// Epoch seconds, or milliseconds above 1e11, with or without a fraction.
fn epoch(text: &str) -> Option<i64> {
    let whole = text.split('.').next()?;
    if whole.trim_start_matches('-').len() < 5 {
        return None;
    }
    let n: i64 = whole.parse().ok()?;
    let seconds = if n.abs() > 100_000_000_000 { n.div_euclid(1000) } else { n };
    Timestamp::from_second(seconds).ok().map(Timestamp::as_second)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn paris() -> Clock {
        Clock::new("Europe/Paris", Some("2026-12-31T00:00:00Z")).unwrap()
    }

    #[test]
    fn every_form() {
        let want = 1_770_014_568; // 2026-02-02T06:42:48Z
        for (text, doubt) in [
            ("2026-02-02T07:42:48+01:00", None),
            ("2026-02-02T06:42:48Z", None),
            ("2026-02-02 06:42:48.123Z", None),
            ("1770014568", None),
            ("1770014568.25", None),
            ("1770014568123", None),
            ("Mon, 02 Feb 2026 06:42:48 +0000", None),
            ("Mon Feb 02 06:42:48 +0000 2026", None),
            ("Tue, 02 Feb 2026 06:42:48 +0000", Some(Doubt::Contradictory)),
            ("2026-02-02T07:42:48", Some(Doubt::NoZone)),
            ("2026-02-02 07:42:48", Some(Doubt::NoZone)),
            ("2026-02-02 06:42:48 UTC", None),
        ] {
            assert_eq!(paris().read(Some(text)), (Some(want), doubt), "{text}");
        }
    }

    #[test]
    fn doubts() {
        for (text, doubt) in [
            (None, Doubt::Missing),
            (Some("  "), Doubt::Missing),
            (Some("hier"), Doubt::Unreadable),
            (Some("2026-02-30T00:00:00Z"), Doubt::Unreadable),
            (Some("2026"), Doubt::Unreadable),
            (Some("0"), Doubt::Unreadable),
            (Some("1970-01-01T00:00:00Z"), Doubt::Ancient),
            (Some("2099-01-01T00:00:00Z"), Doubt::Future),
            (Some("99999999999999999999"), Doubt::Unreadable),
        ] {
            assert_eq!(paris().read(text), (None, Some(doubt)), "{text:?}");
        }
        assert!(Clock::new("Europe/Pariss", None).is_err());
    }

    #[test]
    fn own_parser_agrees_with_jiff() {
        for text in ["2024-02-29T23:59:59Z", "1999-12-31T23:59:59-05:30", "2000-03-01T00:00:00+14:00"] {
            assert_eq!(rfc3339(text), Some(text.parse::<Timestamp>().unwrap().as_second()), "{text}");
        }
    }

    #[test]
    fn buckets_follow_the_clock() {
        let clock = paris();
        let at = |t: &str| clock.seconds(t).unwrap();
        // The day of the spring change has 23 hours, the autumn one 25.
        let spring = at("2026-03-29T00:00:00+01:00");
        assert_eq!(clock.start(spring + 5 * HOUR, Grain::Day), spring);
        assert_eq!(clock.next(spring, Grain::Day) - spring, 23 * HOUR);
        let autumn = at("2026-10-25T00:00:00+02:00");
        assert_eq!(clock.next(autumn, Grain::Day) - autumn, 25 * HOUR);
        // The hour that comes twice gives two buckets.
        assert_ne!(clock.start(autumn + 2 * HOUR, Grain::Hour), clock.start(autumn + 3 * HOUR, Grain::Hour));
        assert_eq!(clock.start(at("2026-02-18T12:00:00+01:00"), Grain::Week), at("2026-02-16T00:00:00+01:00"));
        assert_eq!(clock.start(at("2026-02-18T12:00:00+01:00"), Grain::Month), at("2026-02-01T00:00:00+01:00"));
        assert_eq!(clock.next(at("2026-02-01T00:00:00+01:00"), Grain::Month), at("2026-03-01T00:00:00+01:00"));
        assert_eq!(clock.hour_of_week(at("2026-02-03T07:42:48+01:00")), 24 + 7);
        let india = Clock::new("Asia/Kolkata", None).unwrap();
        assert_eq!(india.start(at("2026-02-02T07:42:48+05:30"), Grain::Hour), at("2026-02-02T07:00:00+05:30"));
    }
}
