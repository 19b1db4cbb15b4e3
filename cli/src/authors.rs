//! `tonalite authors`: who speaks, pooled over all posts of each author towards each target.
//!
//! One line an author and target, the most prolific first: the pooled role with its share, how many
//! posts it stands on, how they split by role, what their author mostly wants, and when they were first
//! and last seen. Profiles are small and posts are not kept, so memory is that of the authors. Ids are
//! opaque: nothing joins two of them.

use crate::args::{AuthorsArgs, threads};
use crate::read::{Chunk, Chunks};
use crate::write::{Encoding, Output};
use crate::{Outcome, pipeline};
use anyhow::{Result, anyhow};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use tonalite::voice::{Authors, Intent, Role, RoleReading};
use tonalite::watch::Clock;

/// What is kept of a post.
struct Seen {
    author: Option<String>,
    target: String,
    seconds: Option<i64>,
    when: Option<String>,
    role: RoleReading,
    intents: Vec<Intent>,
}

/// What the pooled role leaves out.
#[derive(Default)]
struct Counts {
    posts: u64,
    roles: BTreeMap<Role, u64>,
    intents: BTreeMap<Intent, u64>,
    first: Option<(i64, String)>,
    last: Option<(i64, String)>,
}

/// A line of the output.
#[derive(Serialize)]
struct Profile<'a> {
    author: &'a str,
    target: &'a str,
    /// All posts, those without a role among them.
    posts: u64,
    /// Posts that the role was pooled from.
    judged: u64,
    role: &'a RoleReading,
    /// Posts by their own role.
    roles: BTreeMap<&'static str, u64>,
    intents: BTreeMap<&'static str, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<&'a str>,
}

const COLUMNS: [&str; 10] =
    ["author", "target", "posts", "judged", "role", "confidence", "roles", "intents", "first", "last"];

/// Runs the command.
pub(crate) fn run(args: &AuthorsArgs) -> Result<Outcome> {
    let analyzer = args.engine.build()?.without_evidence();
    let clock = Clock::default();
    let work = move |chunk: Chunk| -> Result<Vec<Seen>> {
        let see = |record: &crate::read::Record<'_>| {
            let post = record.post()?;
            let analysis = analyzer.analyze_post(&post);
            let target = analysis.targets.into_iter().next().map(|t| t.target).unwrap_or_default();
            let seconds = post.created_at.as_deref().and_then(|at| clock.seconds(at));
            let (role, intents) = (analysis.role, analysis.intents);
            Ok(Seen { author: post.author, target, seconds, when: post.created_at, role, intents })
        };
        let at = |line, reason: String| anyhow!("{}:{line}: {reason}", chunk.file());
        chunk.records().iter().map(|r| see(r).map_err(|reason| at(r.line, reason))).collect()
    };
    let mut authors = Authors::default();
    let mut counts: BTreeMap<(String, String), Counts> = BTreeMap::new();
    let mut nobodys = 0u64;
    pipeline::run(Chunks::of(&args.io.inputs, args.io.from), threads(args.threads), work, |seen| {
        for one in seen? {
            let Some(author) = one.author else {
                nobodys += 1;
                continue;
            };
            authors.add(&author, &one.target, one.seconds, &one.role);
            let count = counts.entry((author, one.target)).or_default();
            count.posts += 1;
            *count.roles.entry(one.role.label).or_default() += 1;
            for intent in one.intents {
                *count.intents.entry(intent).or_default() += 1;
            }
            if let Some(when) = one.seconds.zip(one.when) {
                if count.first.as_ref().is_none_or(|first| when.0 < first.0) {
                    count.first = Some(when.clone());
                }
                if count.last.as_ref().is_none_or(|last| when.0 >= last.0) {
                    count.last = Some(when);
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut order: Vec<(&(String, String), &Counts)> =
        counts.iter().filter(|(_, count)| count.posts >= args.least).collect();
    order.sort_by_key(|(_, count)| std::cmp::Reverse(count.posts));
    let encoding = args.io.encoding();
    if encoding.is_binary() {
        anyhow::bail!("authors are written as JSON lines or CSV");
    }
    let mut output = Output::open(args.io.output.as_deref())?;
    let mut out = Vec::new();
    if encoding == Encoding::Csv {
        csv::Writer::from_writer(&mut out).write_record(COLUMNS)?;
    }
    for ((author, target), count) in order {
        append(encoding, &mut out, &profile(author, target, count, authors.role(author, target).as_ref()))?;
    }
    output.write(&out)?;
    output.finish()?;
    if nobodys > 0 {
        // A closed stderr is no reason to fail: the profiles are out.
        let _ = writeln!(anstream::stderr().lock(), "tonalite: posts without an author: {nobodys}");
    }
    Ok(Outcome::Done)
}

/// What is known where no post could be judged.
static UNJUDGED: RoleReading =
    RoleReading { label: Role::Unclear, confidence: 0.0, p: Vec::new(), own: Vec::new(), basis: Vec::new() };

fn profile<'a>(
    author: &'a str,
    target: &'a str,
    count: &'a Counts,
    pooled: Option<&'a tonalite::voice::AuthorRole>,
) -> Profile<'a> {
    Profile {
        author,
        target,
        posts: count.posts,
        judged: pooled.map_or(0, |p| p.posts),
        role: pooled.map_or(&UNJUDGED, |p| &p.role),
        roles: count.roles.iter().map(|(role, n)| (role.as_str(), *n)).collect(),
        intents: count.intents.iter().map(|(intent, n)| (intent.as_str(), *n)).collect(),
        first: count.first.as_ref().map(|(_, text)| text.as_str()),
        last: count.last.as_ref().map(|(_, text)| text.as_str()),
    }
}

fn append(encoding: Encoding, out: &mut Vec<u8>, profile: &Profile<'_>) -> Result<()> {
    if encoding == Encoding::Jsonl {
        serde_json::to_writer(&mut *out, profile)?;
        out.push(b'\n');
        return Ok(());
    }
    let list = |counts: &BTreeMap<&str, u64>| {
        let mut counts: Vec<_> = counts.iter().collect();
        counts.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        counts.iter().map(|(name, n)| format!("{name}:{n}")).collect::<Vec<_>>().join("|")
    };
    let mut row = csv::Writer::from_writer(out);
    row.write_record([
        profile.author,
        profile.target,
        &profile.posts.to_string(),
        &profile.judged.to_string(),
        profile.role.label.as_str(),
        &profile.role.confidence.to_string(),
        &list(&profile.roles),
        &list(&profile.intents),
        profile.first.unwrap_or_default(),
        profile.last.unwrap_or_default(),
    ])?;
    row.flush()?;
    Ok(())
}
