//! `Post`: the record that comes in. Only `text` is required.
//!
//! Exports call its fields by many names; `fields` knows them, for JSON ([`Post`] is `Deserialize`)
//! and for rows of named cells ([`Post::from_fields`]) alike. HTML in a text stays as it is: spans
//! point into the text as given, and the text room reads past the mark-up.
//!
//! ```
//! let post = tonalite::Post::from_fields([("Full Text", "J'adore"), ("Author", "@lea"), ("Likes", "3")])?;
//! assert_eq!(post.author.as_deref(), Some("@lea"));
//! # Ok::<(), tonalite::Error>(())
//! ```

mod fields;
mod value;

use self::fields::Draft;
use self::value::Value;
use crate::error::{Error, ErrorKind};
use crate::language::Language;
use std::str::FromStr;

/// What is asked about: a brand, a product, an organisation, a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Target {
    /// Its name, as the analysis will repeat it.
    pub name: String,
    /// Other ways of writing it, handles among them.
    pub aliases: Vec<String>,
    /// Words that show that the name means something else (the fruit, not the operator).
    pub exclude: Vec<String>,
}

impl Target {
    /// A target with a name and no aliases.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The same target with one more way of writing it.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }
}

/// `Nimbo=nimbo_fr,@nimbo`: a name, and after `=` its aliases.
impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, aliases) = text.split_once('=').unwrap_or((text, ""));
        if name.trim().is_empty() {
            return Err(Error::new(ErrorKind::Setting, "a target needs a name: NAME or NAME=alias,alias"));
        }
        let aliases = aliases.split(',').map(str::trim).filter(|a| !a.is_empty());
        Ok(aliases.fold(Self::new(name.trim()), Self::alias))
    }
}

/// The kind of place a post was published in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Source {
    /// A microblog.
    Tweet,
    /// A discussion forum.
    Forum,
    /// A review site.
    Review,
    /// A comment under something else.
    Comment,
    /// A blog.
    Blog,
    /// Press, radio, television.
    Press,
    /// `LinkedIn` and other professional networks.
    Linkedin,
    /// Anything else, or not said.
    #[default]
    Other,
}

impl Source {
    /// The source as the records spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tweet => "tweet",
            Self::Forum => "forum",
            Self::Review => "review",
            Self::Comment => "comment",
            Self::Blog => "blog",
            Self::Press => "press",
            Self::Linkedin => "linkedin",
            Self::Other => "other",
        }
    }

    /// The kind of place that an export's own word means: `Twitter for iPhone`, `Forums`, `News` ...
    pub fn parse(text: &str) -> Self {
        const KINDS: [(&str, Source); 29] = [
            ("tweet", Source::Tweet),
            ("twitter", Source::Tweet),
            ("mastodon", Source::Tweet),
            ("bluesky", Source::Tweet),
            ("threads", Source::Tweet),
            ("microblog", Source::Tweet),
            ("linkedin", Source::Linkedin),
            ("xing", Source::Linkedin),
            ("viadeo", Source::Linkedin),
            ("forum", Source::Forum),
            ("reddit", Source::Forum),
            ("review", Source::Review),
            ("avis", Source::Review),
            ("trustpilot", Source::Review),
            ("tripadvisor", Source::Review),
            ("rating", Source::Review),
            ("comment", Source::Comment),
            ("youtube", Source::Comment),
            ("facebook", Source::Comment),
            ("instagram", Source::Comment),
            ("tiktok", Source::Comment),
            ("blog", Source::Blog),
            ("tumblr", Source::Blog),
            ("press", Source::Press),
            ("news", Source::Press),
            ("radio", Source::Press),
            ("tv", Source::Press),
            ("print", Source::Press),
            ("magazine", Source::Press),
        ];
        let text = text.trim().to_lowercase();
        if text == "x" {
            return Self::Tweet;
        }
        KINDS.iter().find(|(word, _)| text.contains(word)).map_or(Self::Other, |(_, source)| *source)
    }
}

/// A post and what is known of it.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Post {
    /// Opaque id, repeated in the analysis.
    pub id: Option<String>,
    /// What was written.
    pub text: String,
    /// The language, where the export says it: a hint, overruled by the words.
    pub lang: Option<Language>,
    /// Opaque author id.
    pub author: Option<String>,
    /// The author's description of themselves.
    pub author_bio: Option<String>,
    /// When it was published, as given: RFC 3339, RFC 2822, or epoch seconds or milliseconds.
    pub created_at: Option<String>,
    /// Where it was published.
    pub source: Source,
    /// Its address.
    pub url: Option<String>,
    /// The conversation it belongs to.
    pub thread: Option<String>,
    /// The id of the post that it repeats.
    pub repost_of: Option<String>,
    /// What is asked about.
    pub targets: Vec<Target>,
    /// Likes, shares, followers: a JSON text passed through, never scored.
    pub engagement: Option<String>,
}

impl Post {
    /// A post of which only the text is known.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A post from named cells, as a row of a table holds them. Names that no field goes by are
    /// passed over, and so are empty cells, but for the text's.
    ///
    /// # Errors
    ///
    /// Where no cell holds the text.
    pub fn from_fields<'a>(cells: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let refuse = |reason| Error::new(ErrorKind::Record, reason);
        let mut draft = Draft::new();
        for (name, cell) in cells {
            let known = fields::lookup("", name);
            if let Some(named) = known.filter(|n| !cell.is_empty() || n.field == fields::Field::Text) {
                draft.set(named, name, Value::Text(cell.to_owned())).map_err(refuse)?;
            }
        }
        draft.finish().map_err(refuse)
    }

    /// The field that a column or a key means, as the contract spells it: `Full Text` is `text`.
    /// `title` and `selftext` are parts that a text is made of where there is none.
    pub fn field(name: &str) -> Option<&'static str> {
        fields::lookup("", name).map(|n| n.field.name()).filter(|n| !n.is_empty())
    }
}

#[cfg(feature = "serde")]
mod de {
    use super::Post;
    use super::fields::{self, Draft, Named};
    use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
    use std::fmt;

    /// Recognises a key where it lies, and copies it only if [`Named::needs_spelling`].
    struct Key;

    impl<'de> DeserializeSeed<'de> for Key {
        type Value = Option<(Named, String)>;

        fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
            d.deserialize_identifier(self)
        }
    }

    impl Visitor<'_> for Key {
        type Value = Option<(Named, String)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a field name")
        }

        fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
            Ok(fields::lookup("", name)
                .map(|named| (named, if named.needs_spelling() { name.to_owned() } else { String::new() })))
        }
    }

    struct PostVisitor;

    impl<'de> Visitor<'de> for PostVisitor {
        type Value = Post;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with a `text`")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Post, A::Error> {
            let mut draft = Draft::new();
            while let Some(key) = map.next_key_seed(Key)? {
                match key {
                    Some((named, name)) => draft.set(named, &name, map.next_value()?).map_err(de::Error::custom)?,
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
            }
            draft.finish().map_err(de::Error::custom)
        }
    }

    impl<'de> Deserialize<'de> for Post {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            d.deserialize_map(PostVisitor)
        }
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::{Post, Source, Target};
    use crate::language::Language;

    fn read(json: &str) -> Result<Post, String> {
        serde_json::from_str(json).map_err(|e| e.to_string())
    }

    #[test]
    fn the_contract_reads_in_full() {
        let post = read(
            r#"{"id": 42, "text": "Bof", "lang": "fr-FR", "author": 7, "author_bio": "dev", "created_at": 1700000000,
                "source": "forum", "url": "u", "thread": "t", "repost_of": "41", "target": "Nimbo",
                "target_aliases": ["nimbo_fr"], "engagement": {"likes": 3}, "kind": ["x", {"y": null}]}"#,
        )
        .unwrap();
        let expected = Post {
            id: Some("42".into()),
            text: "Bof".into(),
            lang: Some(Language::French),
            author: Some("7".into()),
            author_bio: Some("dev".into()),
            created_at: Some("1700000000".into()),
            source: Source::Forum,
            url: Some("u".into()),
            thread: Some("t".into()),
            repost_of: Some("41".into()),
            targets: vec![Target::new("Nimbo").alias("nimbo_fr")],
            engagement: Some(r#"{"likes":3}"#.into()),
        };
        assert_eq!(post, expected);
        assert_eq!(read(&serde_json::to_string(&expected).unwrap()).unwrap(), expected);
    }

    #[test]
    fn exports_read_by_their_own_names() {
        for (json, text, author, bio) in [
            (
                r#"{"text": "cut...", "full_text": "whole", "user": {"screen_name": "a", "description": "b"}}"#,
                "whole",
                "a",
                "b",
            ),
            (r#"{"note_tweet": {"text": "long"}, "text": "lo", "author_id": "1"}"#, "long", "1", ""),
            (r#"{"content": "<p>hi</p>", "account": {"acct": "m@x", "note": "n"}}"#, "<p>hi</p>", "m@x", "n"),
            (r#"{"title": "T", "selftext": "S", "author": "r"}"#, "T\n\nS", "r", ""),
            (r#"{"title": "T", "selftext": "", "author": {"username": "r"}}"#, "T", "r", ""),
            (r#"{"title": "T", "description": "D", "dc:creator": "c"}"#, "T\n\nD", "c", ""),
            (r#"{"Full Text": "F", "Snippet": "s", "Title": "t", "Author": "a"}"#, "F", "a", ""),
            (r#"{"text": "", "body": "B", "user": null}"#, "B", "", ""),
            (r#"{"text": "T", "message": {"not": "text"}, "topic": {"id": 1}}"#, "T", "", ""),
        ] {
            let post = read(json).unwrap();
            assert_eq!(post.text, text, "{json}");
            assert_eq!(post.author.as_deref().unwrap_or(""), author, "{json}");
            assert_eq!(post.author_bio.as_deref().unwrap_or(""), bio, "{json}");
        }
    }

    #[test]
    fn targets_come_in_every_shape() {
        let nimbo = || Target::new("Nimbo").alias("@nimbo");
        for (json, expected) in [
            (
                r#"{"text": "", "targets": [{"name": "Nimbo", "aliases": ["@nimbo"]}, "Other"]}"#,
                vec![nimbo(), Target::new("Other")],
            ),
            (r#"{"text": "", "target": {"name": "Nimbo"}, "target_aliases": "@nimbo"}"#, vec![nimbo()]),
            (r#"{"text": "", "target": "A, B"}"#, vec![Target::new("A, B")]),
            (r#"{"text": "", "brand": "no", "targets": "Nimbo=@nimbo"}"#, vec![nimbo()]),
            (r#"{"text": "", "brands": ["A", "B"], "topic": "no"}"#, vec![Target::new("A"), Target::new("B")]),
            (r#"{"text": "", "target": null, "targets": [], "brand": "A"}"#, vec![Target::new("A")]),
        ] {
            assert_eq!(read(json).unwrap().targets, expected, "{json}");
        }
    }

    #[test]
    fn a_wrong_type_names_its_field() {
        for (json, reason) in [
            (r#"{"id": 1}"#, "no `text` ("),
            (r#"{"text": null}"#, "no `text` ("),
            (r#"{"body": 5}"#, "no `text`: `body` holds a number"),
            (r#"{"text": 5}"#, "`text` must be a string, not a number"),
            (r#"{"text": "", "id": true}"#, "`id` must be a string or a number, not a boolean"),
            (r#"{"text": "", "created_at": []}"#, "`created_at` must be a string or a number, not a list"),
            (r#"{"text": "", "targets": [{"aliases": []}]}"#, "`targets` must be a list of objects with a `name`"),
            (r#"["text"]"#, "expected an object with a `text`"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }

    #[test]
    fn rows_read_like_objects() {
        let post =
            Post::from_fields([("ID", "1"), ("Text", "a"), ("Likes", "3"), ("Source", ""), ("targets", "A=a,b; C")])
                .unwrap();
        assert_eq!(post.id.as_deref(), Some("1"));
        assert_eq!(post.targets, vec![Target::new("A").alias("a").alias("b"), Target::new("C")]);
        assert!(Post::from_fields([("ID", "1")]).unwrap_err().to_string().starts_with("no `text`"));
        assert_eq!(Post::from_fields([("text", "")]).unwrap().text, "");
        assert_eq!(Source::parse("<a href=\"x\">Twitter for iPhone</a>"), Source::Tweet);
    }
}
