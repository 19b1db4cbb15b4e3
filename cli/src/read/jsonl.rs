//! JSON lines: one object per line, as exports and `analyze` itself write them.

use super::RoleLabels;
use serde::Deserialize;
use serde_json::error::Category;
use tonalite::Post;

/// The post of a line, or why there is none.
pub(super) fn post(line: &str) -> Result<Post, String> {
    serde_json::from_str(line).map_err(|error| reason(&error, line))
}

/// The label of a labelled line.
pub(super) fn label(line: &str) -> Result<String, String> {
    /// The names that labels go by, in the order in which they are believed.
    #[derive(Deserialize)]
    struct Labelled {
        #[serde(alias = "Label")]
        label: Option<String>,
        gold: Option<String>,
        #[serde(alias = "Sentiment")]
        sentiment: Option<String>,
        tonality: Option<String>,
        polarity: Option<String>,
    }
    let labelled: Labelled = serde_json::from_str(line).map_err(|error| reason(&error, line))?;
    (labelled.label.or(labelled.gold).or(labelled.sentiment))
        .or(labelled.tonality)
        .or(labelled.polarity)
        .ok_or_else(|| "no `label` (also read: gold, sentiment, tonality, polarity)".into())
}

/// The role and the intents of a labelled line: one of the two, or both.
pub(super) fn role(line: &str) -> Result<RoleLabels, String> {
    #[derive(Deserialize)]
    struct Labelled {
        #[serde(alias = "label")]
        role: Option<String>,
        intents: Option<Vec<String>>,
    }
    let labelled: Labelled = serde_json::from_str(line).map_err(|error| reason(&error, line))?;
    match (labelled.role, labelled.intents) {
        (None, None) => Err("no `role` (also read: label) and no `intents`".into()),
        labels => Ok(labels),
    }
}

/// What is wrong, without the line number that serde counts inside the one line it was given.
fn reason(error: &serde_json::Error, line: &str) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    if line.trim_start().starts_with('[') {
        return "a JSON array, where one object per line is read (`jq -c '.[]'` turns one into the other)".into();
    }
    match error.classify() {
        Category::Syntax | Category::Eof => {
            format!("not JSON: {message} (column {})", error.column())
        }
        Category::Data | Category::Io => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{label, post};

    #[test]
    fn reasons_are_for_people() {
        for (line, expected) in [
            (r#"{"text": "a"#, "not JSON: EOF while parsing a string (column 11)"),
            (r#"{"text": 5}"#, "`text` must be a string, not a number"),
            ("[{}]", "a JSON array, where one object per line"),
            ("\"a\"", "expected an object"),
        ] {
            let reason = post(line).expect_err(line);
            assert!(reason.contains(expected), "{line}: {reason}");
        }
    }

    #[test]
    fn labels_have_several_names() {
        assert_eq!(label(r#"{"text": "", "tonality": "neg", "label": null}"#), Ok("neg".into()));
        assert!(label(r#"{"text": ""}"#).expect_err("none").starts_with("no `label`"));
    }
}
