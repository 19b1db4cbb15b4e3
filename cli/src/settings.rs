//! `watch.toml`: the settings of `report` and `watch`, read with errors that say where they are.
//!
//! The settings themselves, their defaults and their bounds are the library's (`WatchConfig`); this
//! file brings the format, and turns a fault into `FILE:LINE: what is wrong`.

use anyhow::{Context, Result, anyhow};
use std::path::Path;
use tonalite::watch::WatchConfig;

/// The settings of a file, or the defaults where there is none.
pub(crate) fn read(path: Option<&Path>) -> Result<WatchConfig> {
    let Some(path) = path else { return Ok(WatchConfig::default()) };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    parse(&name, &text)
}

fn parse(name: &str, text: &str) -> Result<WatchConfig> {
    let config: WatchConfig = toml::from_str(text).map_err(|error| {
        let reason = error.message();
        match error.span() {
            Some(span) => anyhow!("{name}:{}: {reason}", line_at(text, span.start)),
            None => anyhow!("{name}: {reason}"),
        }
    })?;
    config.check().map_err(|error| {
        let reason = error.reason();
        match reason.split('`').nth(1).and_then(|key| line_of(text, key)) {
            Some(line) => anyhow!("{name}:{line}: {reason}"),
            None => anyhow!("{name}: {reason}"),
        }
    })?;
    Ok(config)
}

fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}

/// The line that sets a key (`alerts.min_ratio`) or holds a value that a message names.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let last = key.rsplit('.').next().unwrap_or(key);
    let sets = |line: &str| line.trim_start().strip_prefix(last).is_some_and(|rest| rest.trim_start().starts_with('='));
    let holds = |line: &str| line.contains(&format!("\"{key}\""));
    text.lines().position(sets).or_else(|| text.lines().position(holds)).map(|at| at + 1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse("watch.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn an_empty_file_is_a_working_one() {
        assert_eq!(parse("watch.toml", "").unwrap(), WatchConfig::default());
    }

    #[test]
    fn faults_say_where_they_are() {
        let unknown = error("time_zone = \"UTC\"\n\n[alerts]\nmin_post = 3\n");
        assert!(unknown.starts_with("watch.toml:4: unknown field `min_post`"), "{unknown}");
        assert!(unknown.contains("min_posts"), "{unknown}");
        let out_of_range = error("[alerts]\n\nmin_ratio = 0.5\n");
        assert!(out_of_range.starts_with("watch.toml:3: `alerts.min_ratio` must be"), "{out_of_range}");
        let zone = error("# ours\ntime_zone = \"Paris\"\n");
        assert!(zone.starts_with("watch.toml:2: unknown time zone `Paris`"), "{zone}");
        let kind = error("keep_buckets = \"many\"\n");
        assert!(kind.starts_with("watch.toml:1: "), "{kind}");
        let syntax = error("confidence = \n");
        assert!(syntax.starts_with("watch.toml:1: "), "{syntax}");
        assert!(error("[panel]\n").contains("has no stratum"));
    }

    /// The settings that the documentation shows are the defaults, but for the panel.
    #[test]
    fn the_documented_file_holds_the_defaults() {
        let doc = include_str!("../../docs/watch.md");
        let shown = doc.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let read = parse("docs/watch.md", shown).unwrap();
        assert_eq!(read.panel.as_ref().map(|p| p.stratum.len()), Some(2));
        assert_eq!(WatchConfig { panel: None, ..read }, WatchConfig::default());
        let all: String = shown.lines().map(|l| l.trim_start_matches("# ").to_owned() + "\n").collect();
        assert!(parse("docs/watch.md", &all).unwrap().review.reach_key.is_some());
    }
}
