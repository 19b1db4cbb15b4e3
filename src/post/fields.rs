//! The names by which exports call the fields of a post, and the draft that they fill in.
//!
//! In: names and values, from JSON objects and CSV rows alike. Out: a [`Post`], or the reason why
//! there is none. Names are matched without case, spaces, underscores and hyphens (`Full Text`,
//! `full_text`, `fullText`), nested ones with a point (`user.description`). Where a record holds
//! several names of one field, the rank decides, not the order in which they come: a tweet's `text`
//! is cut short where its `full_text` is not.
//!
//! What looks odd: a wrong type under the contract's own name is an error, a wrong type under an
//! alias is not. `{"text": "...", "topic": {...}}` is somebody else's field of the same name, and no
//! reason to turn a post away.

use super::value::Value;
use super::{Post, Source, Target};
use crate::language::Language;

/// A field of the contract, or a part that one is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Id,
    Text,
    Title,
    SelfText,
    Lang,
    Author,
    AuthorBio,
    CreatedAt,
    Source,
    Url,
    Thread,
    RepostOf,
    Target,
    TargetAliases,
    Targets,
    Engagement,
    /// An object that holds fields of its own: `user`, `account`, `note_tweet` ...
    Group,
}

const FIELDS: usize = Field::Group as usize + 1;

impl Field {
    /// The field as the contract spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Title => "title",
            Self::SelfText => "selftext",
            Self::Lang => "lang",
            Self::Author => "author",
            Self::AuthorBio => "author_bio",
            Self::CreatedAt => "created_at",
            Self::Source => "source",
            Self::Url => "url",
            Self::Thread => "thread",
            Self::RepostOf => "repost_of",
            Self::Target => "target",
            Self::TargetAliases => "target_aliases",
            Self::Targets => "targets",
            Self::Engagement => "engagement",
            Self::Group => "",
        }
    }
}

/// A name that was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    /// The field that it names.
    pub(crate) field: Field,
    /// Whose value is taken where a record names a field twice: the lowest.
    rank: u8,
    /// Whether it is the contract's own name.
    own: bool,
}

impl Named {
    /// Whether [`Draft::set`] needs the name as the record spells it: as the prefix of names inside
    /// an object, or for the message about a text that is none.
    #[cfg(feature = "serde")]
    pub(crate) fn needs_spelling(self) -> bool {
        !self.own && matches!(self.field, Field::Group | Field::Text) || self.field == Field::Author
    }
}

/// The longest name that is looked up, without its spaces and underscores.
const LONGEST: usize = 32;

/// The field that an export's name means, if it means one. `group` is the object that it stands in.
/// About 30 ns, nothing allocated.
pub(crate) fn lookup(group: &str, name: &str) -> Option<Named> {
    let mut bare = [0u8; LONGEST];
    let mut len = 0;
    let point = if group.is_empty() { "" } else { "." };
    for b in group.bytes().chain(point.bytes()).chain(name.bytes()) {
        if matches!(b, b' ' | b'_' | b'-') {
            continue;
        }
        *bare.get_mut(len)? = b.to_ascii_lowercase();
        len += 1;
    }
    let (field, rank) = match bare.get(..len)? {
        b"notetweet.text" => (Field::Text, 0),
        b"fulltext" => (Field::Text, 1),
        b"text" => (Field::Text, 2),
        b"content" => (Field::Text, 3),
        b"body" => (Field::Text, 4),
        b"message" => (Field::Text, 5),
        b"texte" | b"contenu" | b"verbatim" => (Field::Text, 6),
        b"snippet" => (Field::Text, 7),
        b"title" => (Field::Title, 0),
        b"selftext" => (Field::SelfText, 0),
        b"id" => (Field::Id, 0),
        b"idstr" | b"postid" | b"tweetid" | b"statusid" | b"resourceid" | b"guid" => (Field::Id, 1),
        b"lang" => (Field::Lang, 0),
        b"language" | b"langue" => (Field::Lang, 1),
        b"author" => (Field::Author, 0),
        b"authorid" => (Field::Author, 1),
        b"username" | b"user.idstr" | b"account.acct" | b"author.username" => (Field::Author, 2),
        b"screenname" | b"user.screenname" | b"user.username" | b"author.name" => (Field::Author, 3),
        b"dc:creator" | b"creator" | b"auteur" => (Field::Author, 4),
        b"authorbio" => (Field::AuthorBio, 0),
        b"user.description" | b"account.note" | b"author.description" => (Field::AuthorBio, 1),
        b"description" | b"bio" => (Field::AuthorBio, 2),
        b"createdat" => (Field::CreatedAt, 0),
        b"createdutc" => (Field::CreatedAt, 1),
        b"date" | b"published" | b"publishedat" | b"pubdate" => (Field::CreatedAt, 2),
        b"datetime" | b"timestamp" => (Field::CreatedAt, 3),
        b"source" => (Field::Source, 0),
        b"pagetype" => (Field::Source, 1),
        b"platform" => (Field::Source, 2),
        b"url" => (Field::Url, 0),
        b"link" => (Field::Url, 1),
        b"permalink" => (Field::Url, 2),
        b"thread" => (Field::Thread, 0),
        b"threadid" | b"conversationid" | b"linkid" => (Field::Thread, 1),
        b"repostof" => (Field::RepostOf, 0),
        b"retweetedstatus.idstr" | b"reblog.id" => (Field::RepostOf, 1),
        b"retweetedstatus.id" => (Field::RepostOf, 2),
        b"targets" => (Field::Targets, 0),
        b"target" => (Field::Target, 0),
        b"brand" | b"brands" => (Field::Target, 1),
        b"queryname" => (Field::Target, 2),
        b"topic" => (Field::Target, 3),
        b"matchedprofile" => (Field::Target, 4),
        b"targetaliases" => (Field::TargetAliases, 0),
        b"engagement" => (Field::Engagement, 0),
        b"publicmetrics" => (Field::Engagement, 1),
        b"user" | b"account" | b"notetweet" | b"retweetedstatus" | b"reblog" => (Field::Group, 0),
        _ => return None,
    };
    let own = match field {
        Field::Text => rank == 2,
        Field::Title | Field::SelfText | Field::Group => false,
        _ => rank == 0,
    };
    Some(Named { field, rank, own })
}

/// A post while its record is being read.
#[derive(Debug)]
pub(crate) struct Draft {
    post: Post,
    ranks: [u8; FIELDS],
    title: Option<String>,
    selftext: Option<String>,
    aliases: Vec<String>,
    /// The first alias of the text that held something else, for the message.
    refused: Option<String>,
}

impl Draft {
    pub(crate) fn new() -> Self {
        Self {
            post: Post::default(),
            ranks: [u8::MAX; FIELDS],
            title: None,
            selftext: None,
            aliases: Vec::new(),
            refused: None,
        }
    }

    /// Notes the value of a field. `name` is the name as the record spells it.
    pub(crate) fn set(&mut self, named: Named, name: &str, value: Value) -> Result<(), String> {
        if value == Value::Null {
            return Ok(());
        }
        if let Value::Map(entries) = value {
            return match named.field {
                Field::Group | Field::Author => self.set_group(name, entries),
                _ => self.put(named, name, Value::Map(entries)),
            };
        }
        if named.field == Field::Group {
            return Ok(());
        }
        self.put(named, name, value)
    }

    fn set_group(&mut self, group: &str, entries: Vec<(String, Value)>) -> Result<(), String> {
        for (name, value) in entries {
            if let Some(named) = lookup(group, &name).filter(|n| n.field != Field::Group) {
                self.put(named, &name, value)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, named: Named, name: &str, value: Value) -> Result<(), String> {
        let field = named.field;
        if value == Value::Null || (field != Field::Text && named.rank > self.ranks[field as usize]) {
            return Ok(());
        }
        let taken = match field {
            Field::Id => value.into_scalar().map(|v| self.post.id = Some(v)),
            Field::Text => value.into_text().map(|v| self.put_text(named.rank, v)),
            Field::Title => value.into_text().map(|v| self.title = Some(v)),
            Field::SelfText => value.into_text().map(|v| self.selftext = Some(v)),
            Field::Lang => value.into_text().map(|v| {
                self.post.lang = Some(Language::parse(&v)).filter(|l| *l != Language::Unknown);
            }),
            Field::Author => value.into_scalar().map(|v| self.post.author = Some(v)),
            Field::AuthorBio => value.into_text().map(|v| self.post.author_bio = Some(v)),
            Field::CreatedAt => value.into_scalar().map(|v| self.post.created_at = Some(v)),
            Field::Source => value.into_text().map(|v| {
                let source = Source::parse(&v);
                if source != Source::Other {
                    self.post.source = source;
                    self.ranks[field as usize] = named.rank;
                }
            }),
            Field::Url => value.into_text().map(|v| self.post.url = Some(v)),
            Field::Thread => value.into_scalar().map(|v| self.post.thread = Some(v)),
            Field::RepostOf => value.into_scalar().map(|v| self.post.repost_of = Some(v)),
            Field::Target => targets(value, named.own).map(|v| self.put_targets(named.rank + 1, v)),
            Field::Targets => targets(value, false).map(|v| self.put_targets(0, v)),
            Field::TargetAliases => words(value).map(|v| self.aliases = v),
            Field::Engagement => {
                self.post.engagement = Some(value.into_json());
                Ok(())
            }
            Field::Group => Ok(()),
        };
        match taken {
            Ok(()) if matches!(field, Field::Text | Field::Target | Field::Targets | Field::Source) => {}
            Ok(()) => self.ranks[field as usize] = named.rank,
            Err(value) if named.own => {
                return Err(format!("`{}` must be {}, not {}", field.name(), wanted(field), value.kind()));
            }
            Err(value) if field == Field::Text => {
                self.refused.get_or_insert_with(|| format!("`{name}` holds {}", value.kind()));
            }
            Err(_) => {}
        }
        Ok(())
    }

    /// An empty text gives way to any that is not, whatever their ranks.
    fn put_text(&mut self, rank: u8, text: String) {
        let best = self.ranks[Field::Text as usize];
        if best == u8::MAX || self.post.text.is_empty() || (rank <= best && !text.is_empty()) {
            self.post.text = text;
            self.ranks[Field::Text as usize] = rank;
        }
    }

    /// `targets` before `target` before its aliases.
    fn put_targets(&mut self, rank: u8, targets: Vec<Target>) {
        let best = &mut self.ranks[Field::Targets as usize];
        if rank <= *best && !targets.is_empty() {
            *best = rank;
            self.post.targets = targets;
        }
    }

    /// The post, or why the record is none.
    pub(crate) fn finish(mut self) -> Result<Post, String> {
        if self.ranks[Field::Text as usize] == u8::MAX {
            // Forums write a title and a text under it, feeds a title and a description.
            let below = self.selftext.or_else(|| {
                self.title.as_ref()?;
                self.post.author_bio.take()
            });
            self.post.text = match (self.title, below) {
                (Some(title), Some(below)) if !below.is_empty() => format!("{title}\n\n{below}"),
                (Some(text), _) | (None, Some(text)) => text,
                (None, None) => {
                    let refused = self.refused.map(|r| format!(": {r}")).unwrap_or_default();
                    return Err(format!("no `text`{refused} ({TEXT_NAMES})"));
                }
            };
        }
        if let Some(first) = self.post.targets.first_mut() {
            first.aliases.append(&mut self.aliases);
        }
        Ok(self.post)
    }
}

/// The other names of the text, as messages list them.
pub(crate) const TEXT_NAMES: &str =
    "also read: full_text, content, body, message, snippet, note_tweet.text, title with selftext";

fn wanted(field: Field) -> &'static str {
    match field {
        Field::Id | Field::Author | Field::CreatedAt | Field::Thread | Field::RepostOf => "a string or a number",
        Field::Target => "a string or an object with a `name`",
        Field::Targets => "a list of objects with a `name`, or of strings",
        Field::TargetAliases => "a list of strings",
        _ => "a string",
    }
}

/// The strings of a list, or of one string that holds several.
fn words(value: Value) -> Result<Vec<String>, Value> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Text(text) => Ok(split(&text, &[',', ';', '|'])),
        Value::List(values) => values.into_iter().filter(|v| *v != Value::Null).map(Value::into_scalar).collect(),
        other => Err(other),
    }
}

fn split(text: &str, at: &[char]) -> Vec<String> {
    text.split(at).map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The targets of an object, a string, or a list of either. `whole`: a string is one name, commas
/// and all; else it may hold several, in the notation of [`Target`]'s `FromStr`.
fn targets(value: Value, whole: bool) -> Result<Vec<Target>, Value> {
    match value {
        Value::Text(name) if whole => {
            Ok(Some(name.trim()).filter(|n| !n.is_empty()).map(Target::new).into_iter().collect())
        }
        Value::Text(text) => Ok(split(&text, &[';', '|']).iter().filter_map(|t| t.parse().ok()).collect()),
        Value::List(values) => {
            let mut all = Vec::new();
            for value in values {
                all.extend(match value {
                    Value::Null => Vec::new(),
                    Value::List(inner) => return Err(Value::List(inner)),
                    other => targets(other, true)?,
                });
            }
            Ok(all)
        }
        Value::Map(entries) => target(entries).map(|t| vec![t]),
        other => Err(other),
    }
}

fn target(entries: Vec<(String, Value)>) -> Result<Target, Value> {
    let mut target = Target::default();
    for (name, value) in entries {
        match name.to_ascii_lowercase().as_str() {
            "name" | "target" if value != Value::Null => target.name = value.into_text()?,
            "aliases" | "target_aliases" => target.aliases = words(value)?,
            "exclude" => target.exclude = words(value)?,
            _ => {}
        }
    }
    if target.name.trim().is_empty() { Err(Value::Map(Vec::new())) } else { Ok(target) }
}

#[cfg(test)]
mod tests {
    use super::{Field, lookup};

    #[test]
    fn names_are_matched_without_case_spaces_and_underscores() {
        for (name, field) in [
            ("text", Field::Text),
            ("Full Text", Field::Text),
            ("fullText", Field::Text),
            ("created_utc", Field::CreatedAt),
            ("Page Type", Field::Source),
            ("dc:creator", Field::Author),
            ("user.description", Field::AuthorBio),
            ("Query Name", Field::Target),
        ] {
            assert_eq!(lookup("", name).map(|n| n.field), Some(field), "{name}");
        }
        assert_eq!(lookup("account", "acct").map(|n| n.field), Some(Field::Author));
        for name in ["", "texts", "label", &"text".repeat(20), "détail"] {
            assert_eq!(lookup("", name), None, "{name}");
        }
    }
}
