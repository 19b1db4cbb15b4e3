//! Packs the vocabulary: every word that any lexicon knows, in one table that is read where it lies.
//!
//! In: `lexicons/**`. Out, under `$OUT_DIR`: `vocabulary.bin` (layout in `src/lexicon/pack.rs`),
//! `near.bin` (the index of near words, `src/lexicon/near.rs`), `rows.bin` (what the matcher asks of each
//! word, `src/lexicon/row.rs`), `patterns.bin` (what begins with it, `src/lexicon/patterns.rs`),
//! `learned-*.bin` (weights of pairs, one byte each), `network-*.bin` (`src/tone/network/`),
//! `experts-*.bin` (`src/tone/expert/packed.rs`), `cues.bin` and `roles.bin` (`src/voice/packed.rs`,
//! `src/voice/role.rs`), `noise-*.bin` (`src/watch/packed.rs`), and what is not words (weights of rules and
//! features) as text. Packing here costs seconds of build and saves 100 ms of every start, and nothing
//! packed is checked in, so nothing can go stale. Rows are read by the library's own files, so what the
//! build packs is what the library would have read.
#![allow(
    clippy::pedantic,
    clippy::print_stdout,
    reason = "a script that runs once, at build, and tells cargo by printing"
)]

#[allow(dead_code, unreachable_pub, unfulfilled_lint_expectations, clippy::pedantic)]
mod lexicon;
#[allow(dead_code, unreachable_pub, unfulfilled_lint_expectations, clippy::pedantic)]
mod text;
#[allow(dead_code, unreachable_pub, unfulfilled_lint_expectations, clippy::pedantic)]
mod tone;
#[allow(dead_code, unreachable_pub, unfulfilled_lint_expectations, clippy::pedantic)]
mod voice;
#[allow(dead_code, unreachable_pub, unfulfilled_lint_expectations, clippy::pedantic)]
mod watch;

use lexicon::feature::Feature;
use lexicon::layer::{self, Format, Layer, Reader, Scope};
use lexicon::{flag, hash, key, near, pack, parse, patterns, row, slot, sound, trie};
use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};
use tone::expert;

/// A word on its way into the table.
#[derive(Default, Clone, Copy)]
struct Word {
    /// Frequency class per language (French, English): 0 unknown, 15 the commonest.
    class: [u8; 2],
    /// Whether a lexicon says more of it than that it exists.
    lexical: bool,
    /// Whether a lexicon of that language holds it, in a pattern or alone.
    told: [bool; 2],
    /// Whether it judges or acts by itself there.
    judges: [bool; 2],
}

impl Word {
    /// How common the word is where it is commonest.
    fn common(&self) -> u8 {
        self.class[0].max(self.class[1])
    }

    /// Whether a misspelling may be corrected towards the word.
    fn is_target(&self, text: &str) -> bool {
        let letters = key::letters(text).count();
        let common = self.class[0] >= COMMON[0] || self.class[1] >= COMMON[1];
        (3..=18).contains(&letters)
            && text.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-'))
            && text.chars().next().is_some_and(char::is_alphabetic)
            && !text.ends_with(['\'', '-'])
            && (common || ((self.told[0] || self.told[1]) && !is_bookish(text)))
    }
}

/// Words of these frequency classes are targets for being common: 0.6 in a million in French, whose
/// forms are many, and half of that in English.
const COMMON: [u8; 2] = [4, 3];

/// French endings that nobody misspells in a post, because nobody writes them there.
fn is_bookish(text: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        "âmes", "âtes", "èrent", "îmes", "îtes", "irent", "urent", "ûmes", "ûtes", "asse", "asses", "assent", "erions",
        "eriez", "issions", "issiez",
    ];
    ENDINGS.iter().any(|e| text.ends_with(e) && text.len() > e.len() + 2)
}

type Words = BTreeMap<String, Word>;

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=lexicons");
    for sources in ["src/lexicon", "src/text", "src/voice", "src/watch", "build"] {
        println!("cargo:rerun-if-changed={sources}");
    }
    let mut words = Words::new();
    for (index, language) in ["fr", "en"].into_iter().enumerate() {
        if !has_language(language) {
            continue;
        }
        let folder = Path::new("lexicons").join(language);
        for row in parse::rows(&read(&folder.join("known.txt"))) {
            let class = row.cell(1).parse().unwrap_or(1);
            note(&mut words, row.cell(0), index, class, false);
        }
        for file in ["tone", "sectors", "idioms", "modifiers", "shorthand", "aspects", "cues"] {
            for row in parse::rows(&read(&folder.join(format!("{file}.tsv")))) {
                note_pattern(&mut words, row.cell(0), index, file != "shorthand");
                if matches!(file, "tone" | "sectors" | "modifiers") {
                    let judges = row.cell(1).parse() != Ok(0.0);
                    if let Some(word) = words.get_mut(&key::normal(row.cell(0))) {
                        word.judges[index] |= judges;
                    }
                }
                if file == "shorthand" {
                    note_pattern(&mut words, row.cell(1), index, true);
                }
            }
        }
    }
    for (word, _) in flagged_words() {
        words.entry(word).or_default().lexical = true;
    }
    for file in ["emoji", "emoticons"] {
        for row in parse::rows(&read(&Path::new("lexicons/shared").join(format!("{file}.tsv")))) {
            words.entry(key::normal(row.cell(0))).or_default().lexical = true;
        }
    }
    for language in ["fr", "en"] {
        for row in parse::rows(&read(&Path::new("lexicons").join(language).join("learned.tsv"))) {
            for part in row.cell(0).split([' ', '…']).filter(|p| !p.is_empty()) {
                words.entry(key::normal(part.trim_start_matches('¬'))).or_default().lexical = true;
            }
        }
        let network = read(&Path::new("lexicons").join(language).join("network.tsv"));
        for row in parse::rows(&network) {
            if !row.cell(0).starts_with('@') {
                words.entry(key::normal(row.cell(0))).or_default().lexical = true;
            }
        }
    }
    let noted = read_rows(&mut Noted(&mut words))?;
    pack_cues(&noted.layer, &mut Noted(&mut words), &mut Vec::new())?;
    for row in parse::rows(&read(Path::new("lexicons/roles.tsv"))).filter(|row| !row.cell(0).starts_with('@')) {
        for part in row.cell(0).split(' ').filter(|p| !p.starts_with('<')) {
            words.entry(key::normal(part)).or_default().lexical = true;
        }
    }
    words.remove("");

    let (strings, lexical, _) = numbered(&words);
    let ids: BTreeMap<&str, u32> = strings.iter().zip(pack::FIRST_WORD..).map(|(s, id)| (*s, id)).collect();
    let mut exact: Vec<(u8, u64, u32)> = Vec::new();
    let mut folded: BTreeMap<String, (u64, u32)> = BTreeMap::new();
    for (text, word) in &words {
        let id = ids.get(text.as_str()).copied().unwrap_or(0);
        let payload = pack::payload(id, word.class);
        exact.push((word.common(), hash::hash(text.as_bytes()), payload));
        let bare: String = key::letters(text).collect();
        // Only words: a chat spelling without its accents is another word's misspelling.
        let word_too = word.class[0].max(word.class[1]) > 2 || word.told[0] || word.told[1];
        if bare != *text && !bare.is_empty() && word_too {
            let rank = u64::from(word.class[0].max(word.class[1])) * 2 + u64::from(word.lexical);
            let best = folded.entry(bare).or_insert((rank, payload));
            if rank > best.0 {
                *best = (rank, payload);
            }
        }
    }
    exact.sort_by_key(|(common, ..)| std::cmp::Reverse(*common));
    let exact: Vec<(u64, u32)> = exact.into_iter().map(|(_, hash, payload)| (hash, payload)).collect();
    let folded: Vec<_> = folded.iter().map(|(text, (_, payload))| (hash::hash(text.as_bytes()), *payload)).collect();

    let mut out = Vec::new();
    pack::write(&mut out, &exact, &folded, &strings, lexical);
    let target = env::var_os("OUT_DIR").unwrap_or_default();
    let target = Path::new(&target);
    fs::write(target.join("vocabulary.bin"), out)?;
    fs::write(target.join("near.bin"), near(&words)?)?;
    // Slots of patterns aside, only the words that a lexicon speaks of have a tone, a pattern or a weight.
    let ids: BTreeMap<&str, u32> =
        ids.into_iter().filter(|(_, id)| ((*id - pack::FIRST_WORD) as usize) < lexical).collect();
    let learnt = [write_learned(target, "fr", &ids)?, write_learned(target, "en", &ids)?];
    write_rows(target, &ids, &learnt)?;
    write_roles(target, &ids)?;
    write_noise(target)
}

/// Gives the words of rows the ids that they have.
struct Numbered<'a> {
    ids: &'a BTreeMap<&'a str, u32>,
    missing: Vec<String>,
}

impl layer::Words for Numbered<'_> {
    fn intern(&mut self, word: &str) -> u32 {
        let word = key::normal(word);
        self.ids.get(word.as_str()).copied().unwrap_or_else(|| {
            self.missing.push(word);
            0
        })
    }
}

/// Notes the words that rows are read into, before they have ids.
struct Noted<'a>(&'a mut Words);

impl layer::Words for Noted<'_> {
    fn intern(&mut self, word: &str) -> u32 {
        self.0.entry(key::normal(word)).or_default().lexical = true;
        0
    }
}

/// The rows that become patterns, and the tone of single plain words, which goes into an array by id.
struct Rows {
    layer: Layer,
    senses: Vec<(String, usize, pack::PackedSense)>,
}

/// Reads every row.
fn read_rows(words: &mut dyn layer::Words) -> io::Result<Rows> {
    let shared = ["emoji", "emoticons"].map(|file| read(&Path::new("lexicons/shared").join(format!("{file}.tsv"))));
    let emoticons = text::Emoticons::read(&shared[1]);
    let mut reader = Reader { words, emoticons: &emoticons };
    let mut refused = Vec::new();
    let mut layer = Layer::default();
    let mut senses = Vec::new();
    for (index, language) in ["fr", "en"].into_iter().enumerate().filter(|(_, l)| has_language(l)) {
        let file = |name: &str| read(&Path::new("lexicons").join(language).join(format!("{name}.tsv")));
        let mut patterns = String::from("term\tvalence\ttags\n");
        for text in ["tone", "sectors"].map(file) {
            for row in parse::rows(&text) {
                let (term, valence, tags) = (row.cell(0), row.cell(1), row.cell(2));
                match pack::sense(valence, tags).filter(|_| term.chars().all(char::is_alphabetic)) {
                    Some(sense) => senses.push((key::normal(term), index, sense)),
                    None => patterns.push_str(&format!("{term}\t{valence}\t{tags}\n")),
                }
            }
        }
        let scope = Scope::one(index);
        layer.add(Format::Tone, &patterns, scope, &mut reader, &mut refused);
        for (name, format) in [
            ("idioms", Format::Tone),
            ("modifiers", Format::Modifiers),
            ("shorthand", Format::Shorthand),
            ("aspects", Format::Aspects),
        ] {
            layer.add(format, &file(name), scope, &mut reader, &mut refused);
        }
    }
    for text in &shared {
        layer.add(Format::Faces, text, Scope::both(), &mut reader, &mut refused);
    }
    // The linter's test names the file; here the row is enough.
    if refused.is_empty() {
        Ok(Rows { layer, senses })
    } else {
        Err(io::Error::other(format!("rows refused: {refused:?}")))
    }
}

/// Packs the cues of roles and intents.
fn pack_cues(layer: &Layer, words: &mut dyn layer::Words, out: &mut Vec<u8>) -> io::Result<()> {
    let texts = of_languages("cues.tsv");
    let emoticons = text::Emoticons::read(&read(Path::new("lexicons/shared/emoticons.tsv")));
    let mut reader = Reader { words, emoticons: &emoticons };
    let shorthand: BTreeMap<(u32, usize), &Vec<u32>> =
        layer.shorthand.iter().map(|(id, language, full)| ((*id, *language), full)).collect();
    let full = |id: u32, language: usize| shorthand.get(&(id, language)).map(|full| (*full).clone());
    voice::packed::write(&texts, &mut reader, &full, out).map_err(io::Error::other)
}

/// The table of roles and intents: rows of features stay text, rows of words and pairs are packed.
fn write_roles(target: &Path, ids: &BTreeMap<&str, u32>) -> io::Result<()> {
    let text = read(Path::new("lexicons/roles.tsv"));
    let header = parse::header(&text);
    let width = header.split('\t').count() - 1;
    let mut head = format!("{header}\n");
    let (mut rows, mut out) = (0u32, Vec::new());
    for row in parse::rows(&text) {
        if row.cell(0).starts_with('@') {
            head.push_str(&row.cells().collect::<Vec<_>>().join("\t"));
            head.push('\n');
            continue;
        }
        let mut words = row.cell(0).split(' ');
        for _ in 0..2 {
            let id = words
                .next()
                .map_or(0, |w| slot::parse(w).or_else(|| ids.get(key::normal(w).as_str()).copied()).unwrap_or(0));
            out.extend(id.to_le_bytes());
        }
        for column in 1..=width {
            let hundredths = (row.cell(column).parse().unwrap_or(0.0f32) * 100.0).round() as i16;
            out.extend(hundredths.to_le_bytes());
        }
        rows += 1;
    }
    let mut packed: Vec<u8> = [rows, width as u32].iter().flat_map(|n| n.to_le_bytes()).collect();
    packed.extend(out);
    fs::write(target.join("roles-head.tsv"), head)?;
    fs::write(target.join("roles.bin"), packed)
}

/// The weights and the cues of noise.
fn write_noise(target: &Path) -> io::Result<()> {
    let table = read(Path::new("lexicons/shared/noise.tsv"));
    fs::write(target.join("noise-weights.bin"), watch::packed::write_weights(&table, &of_languages("themes.tsv")))?;
    fs::write(target.join("noise-cues.bin"), watch::packed::write_patterns(&of_languages("noise.tsv")))
}

/// Packs the rows.
fn write_rows(target: &Path, ids: &BTreeMap<&str, u32>, learnt: &[Vec<row::Learnt>; 2]) -> io::Result<()> {
    let mut words = Numbered { ids, missing: Vec::new() };
    let rows = read_rows(&mut words)?;
    let mut cues = Vec::new();
    pack_cues(&rows.layer, &mut words, &mut cues)?;
    fs::write(target.join("cues.bin"), cues)?;
    if !words.missing.is_empty() {
        return Err(io::Error::other(format!("words without an id: {:?}", words.missing)));
    }
    let mut by_id: Vec<row::Word> = learnt[0]
        .iter()
        .zip(&learnt[1])
        .map(|(fr, en)| row::Word { senses: pack::NO_SENSE, learnt: [*fr, *en], flags: 0 })
        .collect();
    for (word, language, sense) in rows.senses {
        if let Some(id) = ids.get(word.as_str()) {
            by_id[*id as usize].senses[language] = sense;
        }
    }
    for (word, bit) in flagged_words() {
        if let Some(id) = ids.get(word.as_str()) {
            by_id[*id as usize].flags |= bit;
        }
    }
    for (id, language, _) in &rows.layer.shorthand {
        by_id[*id as usize].flags |= flag::SHORTHAND[*language];
    }
    let mut out = Vec::new();
    patterns::write(&rows.layer, &mut out);
    let mut by_word = Vec::new();
    row::write(&trie::Frozen::read(&out).0, by_id.into_iter(), &mut by_word);
    fs::write(target.join("patterns.bin"), out)?;
    fs::write(target.join("rows.bin"), by_word)
}

/// The words that are told at a glance to be out of the ordinary, with their flags.
fn flagged_words() -> Vec<(String, u8)> {
    let foreign = read(Path::new("lexicons/shared/foreign.tsv"));
    let listed = parse::rows(&foreign).map(|row| (key::normal(row.cell(0)), flag::FOREIGN)).collect::<Vec<_>>();
    listed.into_iter().chain(flag::ASKED_WORDS.map(|word| (key::normal(word), flag::ASKED))).collect()
}

fn has_language(language: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{}", language.to_uppercase())).is_some()
}

/// A language's learnt table: pairs by hash, the rules' weights as text; gives what the words' rows say of it.
fn write_learned(target: &Path, language: &str, ids: &BTreeMap<&str, u32>) -> io::Result<Vec<row::Learnt>> {
    let mut table = pack::Weights::new(ids.len());
    let mut head = String::from("feature\tpolarity\tneutrality\n");
    let id = |word: &str| slot::parse(word).or_else(|| ids.get(key::normal(word).as_str()).copied()).unwrap_or(0);
    for row in parse::rows(&read(&Path::new("lexicons").join(language).join("learned.tsv"))) {
        let feature = row.cell(0);
        let weight = [row.cell(1).parse().unwrap_or(0.0), row.cell(2).parse().unwrap_or(0.0)];
        match Feature::read(feature) {
            Some(Feature::Word { word, denied }) if word.is_empty() || id(word) != 0 => {
                table.word(id(word), weight, denied)
            }
            Some(Feature::Pair { words, gap }) => table.pair(words.map(id), usize::from(gap), weight),
            // What is not a word is read as text.
            _ => head.push_str(&format!("{feature}\t{}\t{}\n", weight[0], weight[1])),
        }
    }
    fs::write(target.join(format!("learned-head-{language}.tsv")), head)?;
    let mut places = write_network(target, language, ids)?;
    write_experts(target, language, ids, &mut places)?;
    places.truncate(pack::FIRST_WORD as usize + ids.len());
    let mut out = Vec::new();
    let learnt = table.write(&places, &mut out);
    fs::write(target.join(format!("learned-{language}.bin")), out)?;
    Ok(learnt)
}

/// Where a word, slot or mark of a learnt table has its place: by id, marks after all ids.
fn place_of(name: &str, ids: &BTreeMap<&str, u32>) -> Option<usize> {
    let mark = slot::MARKS.iter().position(|m| *m == name).map(|mark| pack::FIRST_WORD as usize + ids.len() + mark);
    let id = || slot::parse(name).or_else(|| ids.get(key::normal(name).as_str()).copied());
    mark.or_else(|| id().map(|id| id as usize))
}

/// The texts of a language's experts, by their names.
fn experts(language: &str) -> io::Result<Vec<String>> {
    let folder = Path::new("lexicons").join(language).join("experts");
    if !has_language(language) || !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths.iter().map(|path| read(path)).collect())
}

/// A language's experts; the words that the network has no row of get places after its own.
fn write_experts(target: &Path, language: &str, ids: &BTreeMap<&str, u32>, places: &mut [u16]) -> io::Result<()> {
    let texts = experts(language)?;
    if texts.len() > expert::MOST {
        let most = expert::MOST;
        return Err(io::Error::other(format!("{} experts of {language}; there is room for {most}", texts.len())));
    }
    let mut last = places.iter().copied().max().unwrap_or(0);
    let out = expert::write(&texts, |name| {
        let place = places.get_mut(place_of(name, ids)?)?;
        if *place == 0 {
            last = last.checked_add(1)?;
            *place = last;
        }
        Some(*place)
    });
    fs::write(target.join(format!("experts-{language}.bin")), out)
}

/// A language's network: its header, what the words share, the rows; gives the place of each id's row, then
/// those of the marks'.
fn write_network(target: &Path, language: &str, ids: &BTreeMap<&str, u32>) -> io::Result<Vec<u16>> {
    let text = read(&Path::new("lexicons").join(language).join("network.tsv"));
    let (mut weights, mut lanes) = (BTreeMap::new(), Vec::new());
    let words = pack::FIRST_WORD as usize + ids.len();
    let mut places = vec![0u16; words + slot::MARKS.len()];
    for row in parse::rows(&text) {
        let name = row.cell(0);
        if let Some(shared) = name.strip_prefix('@').filter(|n| *n != "unknown") {
            let numbers: Vec<f32> = row.cell(1).split(' ').filter_map(|n| n.parse().ok()).collect();
            weights.insert(shared.to_owned(), numbers);
            continue;
        }
        let place = place_of(name, ids).filter(|_| name != "@unknown");
        if let (Some(place), Ok(number)) = (place, u16::try_from(lanes.len())) {
            places[place] = number;
        }
        if place.is_some() || name == "@unknown" {
            let digits = row.cell(1).as_bytes();
            lanes.push(
                (0..digits.len() / 2)
                    .map(|i| u8::from_str_radix(&row.cell(1)[i * 2..i * 2 + 2], 16).unwrap_or(0))
                    .collect::<Vec<u8>>(),
            );
        }
    }
    let shared = |name: &str, unit: f32| {
        let numbers = weights.get(name).into_iter().flatten();
        numbers.flat_map(move |n: &f32| (n * unit).to_le_bytes()).collect::<Vec<u8>>()
    };
    let mut out = Vec::from(u32::try_from(lanes.len()).unwrap_or(0).to_le_bytes());
    out.extend(shared("bias", 1.0));
    places[words..].iter().for_each(|place| out.extend(place.to_le_bytes()));
    // The rows begin at a multiple of their size: see `HEADER` in `src/tone/network`.
    out.resize(32, 0);
    for name in ["mean polarity", "mean neutrality", "most polarity", "most neutrality"] {
        out.extend(shared(name, 1e-3));
    }
    lanes.iter().for_each(|row| out.extend(row));
    fs::write(target.join(format!("network-{language}.bin")), out)?;
    Ok(places)
}

/// The words that have an id, in its order: those that only a lexicon speaks of, those that are also
/// targets of corrections, the other targets; the commonest first in each, so that what is kept by id
/// of the words that posts are made of lies close together. With how many there are of the first and
/// of the second.
fn numbered(words: &Words) -> (Vec<&str>, usize, usize) {
    let pick = |lexical: bool, target: bool| {
        let fits = move |(text, word): &(&String, &Word)| word.lexical == lexical && word.is_target(text) == target;
        let mut picked: Vec<(&str, &Word)> =
            words.iter().filter(fits).map(|(text, word)| (text.as_str(), word)).collect();
        picked.sort_by_key(|(_, word)| std::cmp::Reverse(word.common()));
        picked.into_iter().map(|(text, _)| text)
    };
    let mut strings: Vec<&str> = pick(true, false).collect();
    let first_target = strings.len();
    strings.extend(pick(true, true));
    let lexical = strings.len();
    strings.extend(pick(false, true));
    (strings, lexical, first_target)
}

/// The index of near words.
fn near(words: &Words) -> io::Result<Vec<u8>> {
    let sounds = ["fr", "en"].map(|l| sound::Sounds::read(&read(&Path::new("lexicons").join(l).join("phonetics.tsv"))));
    let (strings, _, first) = numbered(words);
    let strings = &strings[first..];
    if strings.len() > near::MOST_TARGETS {
        return Err(io::Error::other("more targets of corrections than the index has numbers for"));
    }
    let first = pack::FIRST_WORD + u32::try_from(first).unwrap_or(0);
    let mut infos = Vec::new();
    let mut targets: Vec<(u32, &str, Word)> = Vec::new();
    for (number, text) in (0u32..).zip(strings) {
        let word = words.get(*text).copied().unwrap_or_default();
        infos.push(near::Info::new(word.class, word.told, word.judges));
        targets.push((number, text, word));
    }
    targets.sort_by_key(|(_, _, w)| std::cmp::Reverse(w.class[0].max(w.class[1])));
    let mut filed = Vec::new();
    for (number, text, word) in targets {
        let letters: String = key::letters(text).collect();
        file_all(&letters, near::Filed::Letters, number, &mut filed);
        let written: Vec<char> = text.chars().filter(|c| !matches!(c, '\'' | '-')).collect();
        for (index, kind) in [near::Filed::French, near::Filed::English].into_iter().enumerate() {
            if word.class[index] == 0 {
                continue;
            }
            let mut sound = String::new();
            sounds[index].key(&written, &mut sound);
            if sound.is_empty() {
                continue;
            }
            filed.push((kind.hash(&sound), number));
            // English spelling says too little of the sound to look for sounds that are only near.
            if index == 0 && word.judges[index] && sound.chars().count() >= 5 {
                file_all(&sound, near::Filed::NearFrench, number, &mut filed);
            }
        }
    }
    let mut out = Vec::new();
    near::write(&mut out, first, &infos, &filed);
    Ok(out)
}

/// Files a target under a key and under the key less each of its letters.
fn file_all(key: &str, kind: near::Filed, number: u32, filed: &mut Vec<(u64, u32)>) {
    filed.push((kind.hash(key), number));
    near::shortened(key, &mut String::new(), |less| filed.push((kind.hash(less), number)));
}

/// The texts of a file of each language that is compiled in.
fn of_languages(file: &str) -> Vec<String> {
    let languages = ["fr", "en"].into_iter().filter(|language| has_language(language));
    languages.map(|language| read(&Path::new("lexicons").join(language).join(file))).collect()
}

/// A lexicon's text; a file that is not there is an empty lexicon.
fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn note(words: &mut Words, text: &str, language: usize, class: u8, lexical: bool) {
    let word = words.entry(key::normal(text)).or_default();
    word.class[language] = word.class[language].max(class);
    word.lexical |= lexical;
}

/// Notes every word that a pattern can be lexed into: a superset, so that the reader never misses one.
fn note_pattern(words: &mut Words, pattern: &str, language: usize, told: bool) {
    for word in pattern.split([' ', '|']).map(|w| w.trim_end_matches('?')) {
        if word.starts_with('<') || word == "_" || !word.contains(char::is_alphabetic) {
            continue;
        }
        note(words, word, language, 2, true);
        if told {
            words.entry(key::normal(word)).or_default().told[language] = true;
        }
        let parts: Vec<&str> = word.split_inclusive('\'').collect();
        if parts.len() > 1 {
            for part in &parts {
                note(words, part, language, 2, true);
            }
            if let Some(at) = word.find('\'') {
                note(words, &word[at..], language, 2, true);
            }
        }
        for part in word.split('-').filter(|_| word.contains('-')) {
            note(words, part, language, 2, true);
        }
    }
}
