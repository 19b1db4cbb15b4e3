//! Reading: from files and pipes to records, in blocks that are cut between records.
//!
//! [`Chunks`] runs on one thread and does no more than find where records end and count them;
//! [`Chunk::records`] runs on any thread and does the rest. A chunk is what one `read` brought (64 KiB
//! or so), so that a slow pipe is answered at once, and a record longer than that makes its chunk
//! longer. Whatever the format, a record has a line (in its file) and a number (over all inputs), and
//! one that cannot be read is still a [`Record`]: its reason and its own bytes go with it.

mod csv;
mod cutter;
mod feed;
mod format;
mod jsonl;
mod lines;
#[cfg(feature = "parquet")]
mod rows;
mod table;

use anyhow::{Result, bail};
use csv::Dialect;
use cutter::{Cut, Cutter};
use feed::Feed;
use format::guess;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use table::Table;
use tonalite::Post;

pub(crate) use format::Format;

/// The most bytes that a line may have.
const LONGEST_LINE: usize = 256 << 20;

/// What the bytes of one input mean.
#[derive(Debug)]
enum Shape {
    Jsonl,
    Lines,
    Table(Table),
}

/// Some whole records of one input, not yet looked into.
#[derive(Debug)]
pub(crate) struct Chunk {
    file: Arc<str>,
    shape: Arc<Shape>,
    /// Line of its first byte, from 1.
    line: u64,
    /// Number of its first record, from 1.
    number: u64,
    bytes: Vec<u8>,
    /// How many bytes of its file it stands for.
    share: usize,
    /// Rows in the place of bytes.
    #[cfg(feature = "parquet")]
    block: Option<Box<rows::Block>>,
    /// Why its one record cannot be read, where the reader knows that already.
    broken: Option<&'static str>,
}

/// One record, or why it is none.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// Where it begins in its file, from 1: a line, or a row of Parquet.
    pub(crate) line: u64,
    /// Its number over all inputs, from 1.
    pub(crate) number: u64,
    /// Its own bytes; those of a row are the JSON of its cells, and there only where it is no post.
    pub(crate) raw: &'a [u8],
    body: Body<'a>,
}

/// What a record is made of.
#[derive(Debug)]
enum Body<'a> {
    Text(Result<&'a str, String>, &'a Shape),
    #[cfg(feature = "parquet")]
    Row(&'a rows::Row),
}

impl Record<'_> {
    /// The post, or why there is none. Without an id of its own, it has its number.
    pub(crate) fn post(&self) -> Result<Post, String> {
        let mut post = match &self.body {
            Body::Text(text, shape) => match (text.clone()?, shape) {
                (text, Shape::Jsonl) => jsonl::post(text)?,
                (text, Shape::Lines) => Post::new(text),
                (text, Shape::Table(table)) => {
                    let row = row(text, table);
                    Post::from_fields(table.named(&row)?).map_err(|e| e.reason().to_owned())?
                }
            },
            #[cfg(feature = "parquet")]
            Body::Row(row) => row.post()?,
        };
        post.id.get_or_insert_with(|| self.number.to_string());
        Ok(post)
    }

    /// The label of a labelled record, or why there is none.
    pub(crate) fn label(&self) -> Result<String, String> {
        match &self.body {
            Body::Text(text, shape) => match (text.clone()?, shape) {
                (text, Shape::Jsonl) => jsonl::label(text),
                (_, Shape::Lines) => Err("plain lines have no labels".into()),
                (text, Shape::Table(table)) => table.label_of(&row(text, table)).map(str::to_owned),
            },
            #[cfg(feature = "parquet")]
            Body::Row(row) => row.label(),
        }
    }
}

/// The role and the intents that a post was labelled with.
pub(crate) type RoleLabels = (Option<String>, Option<Vec<String>>);

impl Record<'_> {
    /// The role and the intents of a labelled record, those that are labelled; or why there is neither.
    pub(crate) fn role(&self) -> Result<RoleLabels, String> {
        match &self.body {
            Body::Text(text, shape) => match (text.clone()?, shape) {
                (text, Shape::Jsonl) => jsonl::role(text),
                (_, Shape::Lines) => Err("plain lines have no labels".into()),
                (text, Shape::Table(table)) => {
                    let row = row(text, table);
                    let (role, intents) = table.role_of(&row)?;
                    let words =
                        |cell: &str| cell.split(['|', ',', ' ']).filter(|w| !w.is_empty()).map(str::to_owned).collect();
                    Ok((Some(role.to_owned()), intents.map(words)))
                }
            },
            // A row of Parquet labels the role alone.
            #[cfg(feature = "parquet")]
            Body::Row(row) => row.label().map(|role| (Some(role), None)),
        }
    }
}

fn row<'a>(text: &'a str, table: &Table) -> Vec<Cow<'a, str>> {
    let mut row = Vec::new();
    csv::cells(text, table.dialect, &mut row);
    row
}

impl Chunk {
    /// The input that it comes from, as messages name it.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// How many bytes of its file it stands for.
    pub(crate) fn len(&self) -> usize {
        self.share
    }

    /// Its records, in order.
    pub(crate) fn records(&self) -> Vec<Record<'_>> {
        #[cfg(feature = "parquet")]
        if let Some(block) = &self.block {
            let numbered = block.rows().iter().zip(0..);
            return numbered
                .map(|(row, at)| Record {
                    line: self.line + at,
                    number: self.number + at,
                    raw: row.raw(),
                    body: Body::Row(row),
                })
                .collect();
        }
        let mut found = Vec::new();
        let text = std::str::from_utf8(&self.bytes).ok();
        let mut push = |line: u64, start: usize, raw: &[u8]| {
            let raw = &self.bytes[start..start + raw.len()];
            let body = match (self.broken, text) {
                (Some(reason), _) => Err(reason.to_owned()),
                // Cut at ASCII bytes, so always between chars.
                (None, Some(text)) => text.get(start..start + raw.len()).ok_or_else(String::new),
                (None, None) => std::str::from_utf8(raw).map_err(|e| not_utf8(raw, e.valid_up_to())),
            };
            let number = self.number + found.len() as u64;
            found.push(Record { line: self.line + line, number, raw, body: Body::Text(body, &self.shape) });
        };
        match &*self.shape {
            Shape::Table(table) if table.dialect.quoted && self.broken.is_none() => {
                let mut line = 0;
                for (start, end) in csv::records(&self.bytes, table.dialect) {
                    let record = &self.bytes[start..end];
                    if !lines::is_blank(record) {
                        push(line, start, csv::without_ending(record));
                    }
                    line += newlines(record);
                }
            }
            _ => {
                for line in lines::lines(&self.bytes) {
                    push(line.index, line.start, line.bytes);
                }
            }
        }
        found
    }
}

fn not_utf8(raw: &[u8], at: usize) -> String {
    let byte = raw.get(at).copied().unwrap_or_default();
    format!("not UTF-8: byte 0x{byte:02X} at {at} (from Windows? `iconv -f WINDOWS-1252 -t UTF-8`)")
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// An input while it is read.
#[derive(Debug)]
struct Open {
    feed: Feed,
    shape: Arc<Shape>,
    cutter: Cutter,
    line: u64,
}

/// Everything there is to read, chunk by chunk.
#[derive(Debug)]
pub(crate) struct Chunks {
    waiting: VecDeque<PathBuf>,
    from: Option<Format>,
    labelled: bool,
    open: Option<Open>,
    #[cfg(feature = "parquet")]
    blocks: Option<rows::Blocks>,
    number: u64,
}

impl Chunks {
    /// The chunks of these inputs, one after the other; of standard input where there are none.
    pub(crate) fn of(inputs: &[PathBuf], from: Option<Format>) -> Self {
        let mut waiting: VecDeque<_> = inputs.iter().cloned().collect();
        if waiting.is_empty() {
            waiting.push_back("-".into());
        }
        Self {
            waiting,
            from,
            labelled: false,
            open: None,
            #[cfg(feature = "parquet")]
            blocks: None,
            number: 1,
        }
    }

    /// The chunks of a source that is open; its path's extension may tell its format. Waits for the
    /// first bytes.
    pub(crate) fn of_source(path: &Path, source: Box<dyn Read + Send>, from: Option<Format>) -> Result<Self> {
        let mut chunks = Self::of(&[], from);
        chunks.waiting.clear();
        chunks.open = Some(chunks.begin(path, Feed::start(&path.display().to_string(), source)?)?);
        Ok(chunks)
    }

    /// The chunks of a labelled file. A table needs a column of labels; TSV may lack a header.
    pub(crate) fn labelled(input: &Path, from: Option<Format>) -> Self {
        let from = from.or_else(|| Format::of_extension(input).filter(|f| *f != Format::Lines));
        Self { labelled: true, ..Self::of(&[input.to_owned()], from.or(Some(Format::Tsv))) }
    }

    fn start(&self, path: &Path) -> Result<Open> {
        self.begin(path, Feed::open(path)?)
    }

    fn begin(&self, path: &Path, mut feed: Feed) -> Result<Open> {
        let format = self.from.or_else(|| Format::of_extension(path)).map_or_else(|| guess(&mut feed), Ok)?;
        let shape = match format {
            Format::Jsonl => Shape::Jsonl,
            Format::Lines => Shape::Lines,
            Format::Csv => self.table(&mut feed, &[b',', b';', b'\t'].map(Dialect::quoted))?,
            Format::Tsv => self.table(&mut feed, &[Dialect::bare_tabs(usize::MAX), Dialect::quoted(b'\t')])?,
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                bail!("{}: Parquet is read from files of its own: not from pipes, nor out of archives", feed.name())
            }
        };
        let mut line = 1;
        if let Shape::Table(table) = &shape {
            line += newlines(&feed.held()[..table.body]);
            feed.take(table.body);
        }
        Ok(Open { feed, cutter: Cutter::of(&shape), shape: Arc::new(shape), line })
    }

    /// Reads until a header is found, or is not to be expected any more.
    fn table(&self, feed: &mut Feed, dialects: &[Dialect]) -> Result<Shape> {
        loop {
            let found = Table::detect(feed.held(), dialects, feed.is_done());
            match found {
                Ok(table) if !self.labelled || table.has_label() => return Ok(Shape::Table(table)),
                // Nothing at all is a table without rows.
                _ if feed.is_done() && lines::is_blank(feed.held()) => return Ok(Shape::Lines),
                _ if !feed.is_done() && feed.held().len() < feed::BLOCK => feed.more()?,
                _ if self.labelled && dialects[0] == Dialect::bare_tabs(usize::MAX) => {
                    return Ok(Shape::Table(Table::labelled()));
                }
                Ok(_) => bail!("{}: no column of labels (label, gold, sentiment, tonality, polarity)", feed.name()),
                Err(reason) => bail!("{}: {reason}", feed.name()),
            }
        }
    }

    fn advance(&mut self) -> Result<Option<Chunk>> {
        loop {
            #[cfg(feature = "parquet")]
            if let Some(blocks) = &mut self.blocks {
                match blocks.next() {
                    Some(block) => return Ok(Some(self.rows(block?))),
                    None => self.blocks = None,
                }
            }
            if self.open.is_none() {
                let Some(path) = self.waiting.pop_front() else { return Ok(None) };
                #[cfg(feature = "parquet")]
                if rows::is_meant(&path, self.from) {
                    self.blocks = Some(rows::Blocks::open(&path)?);
                    continue;
                }
                self.open = Some(self.start(&path)?);
            }
            let Some(open) = &mut self.open else { return Ok(None) };
            let cut = open.cutter.scan(open.feed.held(), open.feed.is_done());
            if cut.end > 0 {
                return Ok(Some(self.cut(cut, None)));
            }
            if cut.broken {
                // Only its first line is given up: the quote may belong to that line alone.
                let held = open.feed.held();
                let first = memchr::memchr(b'\n', held).map(|at| at + 1);
                if let Some(end) = first.or(Some(held.len()).filter(|_| open.feed.is_done())) {
                    let reason = "quotes that are not closed, or not followed by a delimiter";
                    return Ok(Some(self.cut(Cut { end, records: 1, broken: true }, Some(reason))));
                }
            }
            if open.feed.is_done() {
                self.open = None;
            } else if open.feed.held().len() > LONGEST_LINE {
                bail!("{}:{}: a line of more than {} MiB", open.feed.name(), open.line, LONGEST_LINE >> 20);
            } else {
                open.feed.more()?;
            }
        }
    }

    fn cut(&mut self, cut: Cut, broken: Option<&'static str>) -> Chunk {
        let number = self.number;
        self.number += cut.records;
        // `cut` is only called while an input is open.
        let (file, shape, line, share, bytes) = match &mut self.open {
            Some(open) => {
                let share = open.feed.share(cut.end);
                let bytes = open.feed.take(cut.end);
                open.cutter.taken(cut);
                let line = open.line;
                open.line += newlines(&bytes);
                (open.feed.name().clone(), Arc::clone(&open.shape), line, share, bytes)
            }
            None => (Arc::from(""), Arc::new(Shape::Lines), 0, 0, Vec::new()),
        };
        Chunk {
            file,
            shape,
            line,
            number,
            bytes,
            share,
            #[cfg(feature = "parquet")]
            block: None,
            broken,
        }
    }

    #[cfg(feature = "parquet")]
    fn rows(&mut self, block: rows::Block) -> Chunk {
        let number = self.number;
        self.number += block.len();
        Chunk {
            file: block.file().clone(),
            shape: Arc::new(Shape::Lines),
            line: block.first(),
            number,
            bytes: Vec::new(),
            share: block.share(),
            block: Some(Box::new(block)),
            broken: None,
        }
    }
}

impl Iterator for Chunks {
    type Item = Result<Chunk>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}
