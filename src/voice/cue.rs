//! Cues: what speakers of a role, an intent or a stage say, as data.
//!
//! A row of `lexicons/*/cues.tsv` is `pattern  kind  label  weight  fires  silent`. The pattern is that
//! of every lexicon (`a|b`, `word?`, `_`, `<number>`), with the places of [`super::stream`] (`<start>`,
//! `<clause>`, `<end>`, `<?>`) and the word classes that the file declares (`lundi|mardi  class  date`
//! makes `<date>`). The weight is the cue's share of log-odds before the fit; the two examples are
//! tests. At one place the longest cue of a label wins, so a longer row with weight 0 silences a
//! shorter one. Kind `set` gives words to the word sets of [`super::grammar`].

use super::labels::{Addressee, Advocacy, Flag, Intent, Role, Severity, Stage};
use super::packed::{Packed, counted, follower, followers};
use super::pattern::{Classes, Source};
use super::stream::Stream;
use super::{grammar, place, stream};
use crate::error::{Error, ErrorKind};
use crate::lexicon::Lexicon;
use crate::lexicon::layer::Reader;
use crate::lexicon::parse::{Row, rows};
use crate::lexicon::trie::{Trie, Walk as _};

/// The ten roles that can be judged.
pub(crate) const ROLES: usize = 10;
const INTENTS: usize = 9;
const STAGES: usize = 8;
const ADVOCACIES: usize = 3;
const SEVERITIES: usize = 4;
const ADDRESSEES: usize = 2;
const FLAGS: usize = 6;
pub(crate) const FIRST_INTENT: usize = ROLES;
pub(crate) const FIRST_STAGE: usize = FIRST_INTENT + INTENTS;
pub(crate) const FIRST_ADVOCACY: usize = FIRST_STAGE + STAGES;
pub(crate) const FIRST_SEVERITY: usize = FIRST_ADVOCACY + ADVOCACIES;
pub(crate) const FIRST_ADDRESSEE: usize = FIRST_SEVERITY + SEVERITIES;
pub(crate) const FIRST_FLAG: usize = FIRST_ADDRESSEE + ADDRESSEES;
/// Everything that a cue can speak for.
pub(crate) const MARKS: usize = FIRST_FLAG + FLAGS;

/// The sum of one label's cues counts no further than this.
const MOST: f32 = 5.0;
/// The roles that users' lexicons brought, with the log-odds for each before anything is read.
pub(crate) type OwnRoles = Vec<(Role, f32)>;
/// A role of the user's own starts from twelve to one against it; each cue adds its weight.
pub(crate) const OWN_BIAS: f32 = -2.5;
/// More roles than this are no longer roles.
const MOST_OWN: usize = 64;

/// The place of a role of the user's own; a new name is entered.
pub(crate) fn declare(name: &str, bias: Option<f32>, own: &mut OwnRoles) -> Result<usize, String> {
    let role = match Role::named(name) {
        Some(role @ Role::Own(_)) => role,
        Some(_) => return Err(format!("`{name}` is a role already; its cues need no declaration")),
        None => return Err(format!("`{name}` cannot name a role: lower-case letters, digits, `_` and `-` can")),
    };
    let place = match own.iter().position(|(r, _)| *r == role) {
        Some(place) => place,
        None if own.len() >= MOST_OWN => return Err(format!("more than {MOST_OWN} roles of your own")),
        None => {
            own.push((role, OWN_BIAS));
            own.len() - 1
        }
    };
    if let Some(bias) = bias {
        own[place].1 = bias;
    }
    Ok(place)
}

/// The place of a kind and label among the marks; a user's own roles follow the others.
pub(crate) fn mark(kind: &str, label: &str, own: &OwnRoles) -> Option<usize> {
    fn at<T: Copy + PartialEq>(all: &[T], one: Option<T>) -> Option<usize> {
        one.and_then(|one| all.iter().position(|l| *l == one))
    }
    let brought = |(role, _): &(Role, f32)| role.as_str() == label;
    if let Some(place) = own.iter().position(brought).filter(|_| kind == "role") {
        return Some(MARKS + place);
    }
    match kind {
        "role" => Role::parse(label).and_then(Role::place),
        "intent" => at(Intent::ALL, Intent::parse(label)).map(|i| FIRST_INTENT + i),
        "stage" => at(Stage::ALL, Stage::parse(label)).map(|i| FIRST_STAGE + i),
        "advocacy" => at(Advocacy::ALL, Advocacy::parse(label)).map(|i| FIRST_ADVOCACY + i),
        "severity" => at(Severity::ALL, Severity::parse(label)).map(|i| FIRST_SEVERITY + i),
        "addressee" => at(Addressee::ALL, Addressee::parse(label)).map(|i| FIRST_ADDRESSEE + i),
        "flag" => at(Flag::ALL, Flag::parse(label)).map(|i| FIRST_FLAG + i),
        _ => None,
    }
}

/// The name of a mark: `role:customer`.
pub(crate) fn name(mark: usize, own: &OwnRoles) -> String {
    let (kind, label) = match mark {
        MARKS.. => ("role", own[mark - MARKS].0.as_str()),
        FIRST_FLAG.. => ("flag", Flag::ALL[mark - FIRST_FLAG].as_str()),
        FIRST_ADDRESSEE.. => ("addressee", Addressee::ALL[mark - FIRST_ADDRESSEE].as_str()),
        FIRST_SEVERITY.. => ("severity", Severity::ALL[mark - FIRST_SEVERITY].as_str()),
        FIRST_ADVOCACY.. => ("advocacy", Advocacy::ALL[mark - FIRST_ADVOCACY].as_str()),
        FIRST_STAGE.. => ("stage", Stage::ALL[mark - FIRST_STAGE].as_str()),
        FIRST_INTENT.. => ("intent", Intent::ALL[mark - FIRST_INTENT].as_str()),
        _ => ("role", Role::ALL[mark].as_str()),
    };
    format!("{kind}:{label}")
}

#[derive(Debug, Clone, Copy)]
struct Cue {
    mark: u16,
    weight: f32,
    /// Place of the node's next cue plus one, 0 at the end.
    next: u32,
}

/// A cue found in a post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hit {
    pub(crate) mark: usize,
    pub(crate) weight: f32,
    /// First and last item of the stream.
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// The files of the languages that are compiled in.
fn files() -> impl Iterator<Item = &'static str> {
    let files = [
        (cfg!(feature = "fr"), include_str!("../../lexicons/fr/cues.tsv")),
        (cfg!(feature = "en"), include_str!("../../lexicons/en/cues.tsv")),
    ];
    files.into_iter().filter_map(|(on, text)| on.then_some(text))
}

/// What is asked of every word of a post: one row answers for nearly all of them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Word {
    /// The word sets that it belongs to, as bits (see [`grammar`]).
    pub(crate) sets: u64,
    /// The words that may follow where it opens a cue, a bit in 64 for each; none where it opens none.
    pub(crate) followers: u64,
}

/// The cues of an analyzer, and the word sets that its grammar asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cues {
    /// The built-in cues, and what their rows say: mark and weight.
    packed: Option<Packed<'static>>,
    rows: Vec<(u16, f32)>,
    /// Those that users added; the trie's nodes mean the place of their first cue plus one.
    trie: Trie,
    cues: Vec<Cue>,
    /// By id.
    words: Vec<Word>,
    classes: Classes,
}

impl Cues {
    /// The built-in cues.
    pub(crate) fn builtin() -> Self {
        static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cues.bin"));
        let packed = Packed::read(BYTES);
        let mut cues = Self { packed: Some(packed), ..Self::default() };
        let mut sets = Vec::new();
        for row in files().flat_map(counted) {
            // The built-in rows are held to the reader's rules by a test.
            let said = mark(row.cell(1), row.cell(2), &OwnRoles::new()).zip(weight_of(row.cell(3)).ok());
            sets.push(if row.cell(1) == "set" { grammar::set(row.cell(2)) } else { None });
            cues.rows.push(said.map_or((0, 0.0), |(mark, weight)| (u16::try_from(mark).unwrap_or(0), weight)));
        }
        for (row, id) in packed.members() {
            if let Some(bit) = sets.get(row).copied().flatten() {
                cues.word_mut(id).sets |= 1 << bit;
            }
        }
        for (id, followers) in packed.openers() {
            cues.word_mut(id).followers |= followers;
        }
        cues
    }

    fn word_mut(&mut self, id: u32) -> &mut Word {
        let index = id as usize;
        if self.words.len() <= index {
            self.words.resize(index + 1, Word::default());
        }
        &mut self.words[index]
    }

    /// Reads rows of cues, later ones beside earlier ones; refused rows are told, the others stand.
    pub(crate) fn add(&mut self, text: &str, lexicon: &mut Lexicon, own: &mut OwnRoles, refused: &mut Vec<Error>) {
        if self.packed.is_some() && self.trie.len() == 0 {
            // Users' rows may call the built-in classes by name; nothing else needs them once packed.
            for text in files() {
                let mut of_file = Classes::default();
                rows(text).for_each(|row| of_file.add(&row));
                of_file.complete(std::mem::take(&mut self.classes));
                self.classes = of_file;
            }
        }
        // A file's own classes come before those of the files read earlier: `<date>` is French there.
        let earlier = std::mem::take(&mut self.classes);
        for row in rows(text) {
            if let Err(reason) = self.add_row(&row, &earlier, lexicon, own) {
                refused.push(Error::new(ErrorKind::Lexicon, reason).at_line(row.line));
            }
        }
        self.classes.complete(earlier);
    }

    fn add_row(
        &mut self,
        row: &Row<'_>,
        earlier: &Classes,
        lexicon: &mut Lexicon,
        own: &mut OwnRoles,
    ) -> Result<(), String> {
        let (pattern, kind, label) = (row.cell(0), row.cell(1), row.cell(2));
        if (kind, label) == ("label", "role") {
            let bias = Some(row.cell(3)).filter(|c| !c.is_empty()).map(weight_of).transpose()?;
            return declare(pattern, bias, own).map(|_| ());
        }
        self.classes.add(row);
        if kind == "class" {
            return Ok(());
        }
        let full = &lexicon.shorthand;
        let mut reader = Reader { words: &mut lexicon.vocabulary, emoticons: lexicon.emoticons };
        let shorthand = |id, language| full.get(&(id, language)).cloned();
        let mut source = Source { classes: [&self.classes, earlier], reader: &mut reader, shorthand: &shorthand };
        let sequences = source.sequences(pattern)?;
        if kind == "set" {
            let bit = grammar::set(label).ok_or_else(|| format!("`{label}` is not a word set"))?;
            for sequence in sequences {
                // Of an elided or hyphenated word the last part is the one that means something.
                if let Some(&id) = sequence.last() {
                    self.word_mut(id).sets |= 1 << bit;
                }
            }
            return Ok(());
        }
        let mark = mark(kind, label, own).ok_or_else(|| match kind {
            "role" => format!("`{label}` is no role; a role of your own is declared before: `{label}  label  role`"),
            _ => format!("`{kind} {label}` is no label that a cue can speak for"),
        })?;
        let weight = weight_of(row.cell(3))?;
        for sequence in sequences {
            self.word_mut(sequence[0]).followers |= followers(&sequence);
            let node = self.trie.insert(&sequence);
            #[expect(clippy::cast_possible_truncation, reason = "there are few marks and cues")]
            {
                self.cues.push(Cue { mark: mark as u16, weight, next: self.trie.entry(node) });
                self.trie.mean(node, self.cues.len() as u32);
            }
        }
        Ok(())
    }

    /// What is known of an id.
    #[inline]
    pub(crate) fn word(&self, id: u32) -> Word {
        self.words.get(id as usize).copied().unwrap_or_default()
    }

    /// Finds every cue of a post: one walk an item, the longest cue of a label at each place.
    pub(crate) fn find(&self, stream: &Stream, hits: &mut Vec<Hit>) {
        hits.clear();
        for clause in stream.clauses() {
            for at in clause.clone() {
                let item = &stream.items[at];
                if item.followers == 0 {
                    continue;
                }
                // A pattern that opens with `<start>` meets the first word next.
                let skipped = usize::from(item.id == place::START);
                let rest = stream.ids.get(at + 1 + skipped..clause.end).unwrap_or(&[]);
                if item.followers & follower(rest.first().copied().unwrap_or(0)) != 0 {
                    self.find_at(at, item.id, rest, stream, hits);
                }
            }
        }
        hits.retain(|h| h.weight != 0.0);
    }

    /// Finds the cues that begin at an item: its id, then those after it in its clause.
    fn find_at(&self, at: usize, id: u32, rest: &[u32], stream: &Stream, hits: &mut Vec<Hit>) {
        let fresh = hits.len();
        let mut hit = |mark: u16, weight: f32, length: usize| {
            let hit = Hit { mark: usize::from(mark), weight, first: at, last: stream.last_of(at, length) };
            match hits[fresh..].iter_mut().find(|h| h.mark == hit.mark) {
                // Wildcards may bring a shorter match after a longer one.
                Some(longer) if longer.last > hit.last => {}
                Some(shorter) => *shorter = hit,
                None => hits.push(hit),
            }
        };
        let ids = std::iter::once(id).chain(rest.iter().copied());
        if let Some(packed) = &self.packed {
            packed.trie.walk(ids.clone(), |mut next, length| {
                while next != 0 {
                    let (row, after) = packed.link(next - 1);
                    next = after;
                    let (mark, weight) = self.rows[row];
                    hit(mark, weight, length);
                }
            });
        }
        self.trie.walk(ids, |mut next, length| {
            while next != 0 {
                let cue = self.cues[next as usize - 1];
                next = cue.next;
                hit(cue.mark, cue.weight, length);
            }
        });
    }
}

fn weight_of(cell: &str) -> Result<f32, String> {
    let weight: f32 = cell.parse().map_err(|_| format!("`{cell}` in column 4, the weight, is not a number"))?;
    if !(-6.0..=6.0).contains(&weight) {
        return Err(format!("the weight {weight} is outside -6..6"));
    }
    Ok(weight)
}

/// The place of a mark's sum among the features: those of the user's own roles come last.
pub(crate) fn feature(mark: usize) -> usize {
    if mark < MARKS { mark } else { super::role::FEATURES + mark - MARKS }
}

/// Adds the weights of each mark's hits up, with a ceiling.
pub(crate) fn sum(hits: &[Hit], sums: &mut [f32]) {
    for hit in hits {
        let sum = &mut sums[hit.mark];
        *sum = (*sum + hit.weight).clamp(-MOST, MOST);
    }
}

/// The bytes of the lexed text that two items and all between them cover.
pub(crate) fn span(first: usize, last: usize, stream: &stream::Stream) -> (usize, usize) {
    let start = stream.items[first].start as usize;
    let end = stream.items[last].end as usize;
    (start.min(end), end)
}

#[cfg(test)]
mod tests {
    use super::super::{TargetSpans, VoiceInput};
    use super::*;
    use crate::analysis::Tonality;
    use crate::language::Language;
    use crate::post::Source;
    use crate::text::reading::{Options, Reading};

    const FILES: [(&str, &str, Language); 2] = [
        ("fr", include_str!("../../lexicons/fr/cues.tsv"), Language::French),
        ("en", include_str!("../../lexicons/en/cues.tsv"), Language::English),
    ];

    /// The cues that a text fires, where Nimbo is the target.
    fn hits_of(text: &str, hint: Language, cues: &Cues, lexicon: &Lexicon) -> Vec<Hit> {
        let mut reading = Reading::default();
        reading.read(text, lexicon, Options { spelling: true, hint });
        let is_target = |t: &crate::text::reading::Term| {
            text.get(t.start as usize..t.end as usize)
                .is_some_and(|w| w.trim_start_matches('@').eq_ignore_ascii_case("nimbo"))
        };
        let spans: Vec<(usize, usize)> =
            reading.terms.iter().enumerate().filter(|(_, t)| is_target(t)).map(|(i, _)| (i, i + 1)).collect();
        let input = VoiceInput {
            text,
            reading: &reading,
            tonality: &Tonality::default(),
            source: Source::Other,
            bio: None,
            targets: &[TargetSpans { name: "Nimbo", spans: &spans }],
        };
        let mut stream = Stream::default();
        stream.lay(&input, cues);
        let mut hits = Vec::new();
        cues.find(&stream, &mut hits);
        hits
    }

    fn fires(text: &str, mark: usize, hint: Language, cues: &Cues, lexicon: &Lexicon) -> bool {
        hits_of(text, hint, cues, lexicon).iter().any(|h| h.mark == mark && h.weight > 0.0)
    }

    #[test]
    fn every_row_fires_its_example_and_not_the_other() {
        let mut all = Vec::new();
        for (name, text, hint) in FILES {
            let mut lexicon = Lexicon::builtin();
            let mut refused = Vec::new();
            let mut cues = Cues::default();
            cues.add(text, &mut lexicon, &mut Vec::new(), &mut refused);
            assert!(refused.is_empty(), "{name}: {refused:?}");
            let mut wrong = Vec::new();
            for row in rows(text).filter(|r| !matches!(r.cell(1), "class" | "set")) {
                // The row alone, so that no other row hides its failure; classes come from the file.
                let mut alone = Cues::default();
                alone.add_row(&row, &cues.classes, &mut lexicon, &mut Vec::new()).unwrap();
                let mark = mark(row.cell(1), row.cell(2), &Vec::new()).unwrap();
                let says = |cell: usize| fires(row.cell(cell), mark, hint, &alone, &lexicon);
                if row.cell(4).is_empty() || row.cell(5).is_empty() {
                    wrong.push(format!("{}: two examples are wanted", row.line));
                }
                if !says(4) {
                    wrong.push(format!("{}: `{}` does not fire on `{}`", row.line, row.cell(0), row.cell(4)));
                }
                if says(5) {
                    wrong.push(format!("{}: `{}` fires on `{}`", row.line, row.cell(0), row.cell(5)));
                }
            }
            all.extend(wrong.into_iter().map(|w| format!("{name} {w}")));
        }
        assert!(all.is_empty(), "{} rows:\n{}", all.len(), all.join("\n"));
    }

    #[test]
    fn packed_cues_are_those_of_the_files() {
        let mut lexicon = Lexicon::builtin();
        let packed = Cues::builtin();
        let mut read = Cues::default();
        for text in files() {
            read.add(text, &mut lexicon, &mut Vec::new(), &mut Vec::new());
        }
        let mut found = 0;
        for row in files().flat_map(counted).flat_map(|row| [row.cell(4), row.cell(5)]) {
            let of = |cues: &Cues| {
                let mut hits = hits_of(row, Language::Unknown, cues, &lexicon);
                hits.sort_by_key(|h| (h.first, h.last, h.mark));
                hits
            };
            let hits = of(&packed);
            assert_eq!(hits, of(&read), "{row}");
            found += hits.len();
        }
        assert!(found > 1000, "{found} cues fired");
    }
}
