//! What a number of the page leads to: the posts behind it, asked for as the page's script reads it.
//!
//! A query is a list of `key=value` as in an address; values are percent-encoded, so that whatever a
//! post or an author is called, it cannot end a value.

use std::fmt::{Display, Write};

/// A question to the posts of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(String);

impl Query {
    /// Posts of a target (by its place in the page's list) between two seconds.
    pub(crate) fn of(target: Option<usize>, period: Option<(i64, i64)>) -> Self {
        let mut query = Self::default();
        if let Some(target) = target {
            query = query.and("t", target);
        }
        match period {
            Some((from, to)) => query.and("f", from).and("u", to),
            None => query,
        }
    }

    /// The same, narrowed.
    pub(crate) fn and(mut self, key: &str, value: impl Display) -> Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(key);
        self.0.push('=');
        for byte in value.to_string().bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') {
                self.0.push(char::from(byte));
            } else {
                let _ = write!(self.0, "%{byte:02X}");
            }
        }
        self
    }

    /// As it stands in the page.
    pub(crate) fn text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_end_themselves() {
        let query = Query::of(Some(2), Some((-1, 5))).and("w", "a&b=\"c\" é");
        assert_eq!(query.text(), "t=2&f=-1&u=5&w=a%26b%3D%22c%22%20%C3%A9");
    }
}
