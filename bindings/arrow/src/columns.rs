//! Analyses as columns: one record batch, built column by column.
//!
//! A row without a text is null in every column but its id. What is asked for is what is built: the
//! evidence is half of the bytes, and who does not read it should not pay for it.

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Float32Array, Int64Array, ListArray, RecordBatch, RecordBatchOptions, StringArray,
    StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use std::sync::Arc;
use tonalite::voice::Role;
use tonalite::watch::Noise;
use tonalite::{Analysis, Analyzer, AspectReading, Evidence, EvidenceFor, TargetReading, Tonality};

/// One row to be: a post's id and what was read off it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    id: Option<String>,
    analysis: Option<Analysis>,
}

impl Row {
    /// The row of a post that has no text.
    pub fn missing(id: Option<String>) -> Self {
        Self { id, analysis: None }
    }
}

impl From<Analysis> for Row {
    fn from(mut analysis: Analysis) -> Self {
        Self { id: analysis.id.take(), analysis: Some(analysis) }
    }
}

macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $kind:expr),+ $(,)?) => {
        /// A column of the batch, in the order in which they stand.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Column { $($(#[$doc])* $variant),+ }

        impl Column {
            /// Every column, in order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Its name in the batch.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it holds.
            pub fn data_type(self) -> DataType {
                match self { $(Self::$variant => $kind),+ }
            }
        }
    };
}

columns! {
    /// The post's id, as given.
    Id = "id": DataType::Utf8,
    /// The language of most of the post.
    Language = "language": DataType::Utf8,
    /// The sign of its tone.
    Label = "label": DataType::Utf8,
    /// -1..1.
    Score = "score": DataType::Float32,
    /// How often a label given with it is right.
    Confidence = "confidence": DataType::Float32,
    /// Probability that people call it negative.
    PNegative = "p_negative": DataType::Float32,
    /// Probability that people call it neutral.
    PNeutral = "p_neutral": DataType::Float32,
    /// Probability that people call it positive.
    PPositive = "p_positive": DataType::Float32,
    /// Who is speaking.
    Role = "role": DataType::Utf8,
    /// How sure that is.
    RoleConfidence = "role_confidence": DataType::Float32,
    /// Probability of each role; null where none was judged.
    RoleP = "role_p": DataType::Struct(role_fields()),
    /// What the role was judged by.
    RoleBasis = "role_basis": words(),
    /// What they want.
    Intents = "intents": words(),
    /// Where they stand with the target.
    Stage = "stage": DataType::Utf8,
    /// Whether they recommend or warn off.
    Advocacy = "advocacy": DataType::Utf8,
    /// The consequence that they claim.
    Severity = "severity": DataType::Utf8,
    /// Whom they speak to.
    Addressee = "addressee": DataType::Utf8,
    /// Visible markers.
    Flags = "flags": words(),
    /// What kind of noise it is; `none` for a post worth reading.
    Noise = "noise": DataType::Utf8,
    /// Why.
    NoiseReason = "noise_reason": DataType::Utf8,
    /// Whether it may mean the opposite.
    Irony = "irony": DataType::Boolean,
    /// Tone towards each target.
    Targets = "targets": list_of(target_fields()),
    /// The words behind the scores.
    Evidence = "evidence": list_of(evidence_fields()),
}

impl Column {
    /// The column of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }

    /// Whether only the voice room can fill it.
    fn is_heard(self) -> bool {
        match self {
            Self::Role
            | Self::RoleConfidence
            | Self::RoleP
            | Self::RoleBasis
            | Self::Intents
            | Self::Stage
            | Self::Advocacy
            | Self::Severity
            | Self::Addressee
            | Self::Flags
            | Self::Noise
            | Self::NoiseReason
            // It quotes the words behind the role too.
            | Self::Evidence => true,
            Self::Id
            | Self::Language
            | Self::Label
            | Self::Score
            | Self::Confidence
            | Self::PNegative
            | Self::PNeutral
            | Self::PPositive
            | Self::Irony
            | Self::Targets => false,
        }
    }

    fn array(self, rows: &[Row]) -> ArrayRef {
        match self {
            Self::Id => Arc::new(rows.iter().map(|r| r.id.as_deref()).collect::<StringArray>()),
            Self::Language => text(rows, |a| Some(a.language.as_str())),
            Self::Label => text(rows, |a| Some(a.tonality.label.as_str())),
            Self::Score => number(rows, |a| a.tonality.score),
            Self::Confidence => number(rows, |a| a.tonality.confidence),
            Self::PNegative => number(rows, |a| a.tonality.p.negative),
            Self::PNeutral => number(rows, |a| a.tonality.p.neutral),
            Self::PPositive => number(rows, |a| a.tonality.p.positive),
            Self::Role => text(rows, |a| Some(a.role.label.as_str())),
            Self::RoleConfidence => number(rows, |a| a.role.confidence),
            Self::RoleP => roles(rows),
            Self::RoleBasis => list(rows, |a| a.role.basis.iter().map(|b| b.as_str())),
            Self::Intents => list(rows, |a| a.intents.iter().map(|i| i.as_str())),
            Self::Stage => text(rows, |a| a.stage.map(tonalite::voice::Stage::as_str)),
            Self::Advocacy => text(rows, |a| Some(a.advocacy.as_str())),
            Self::Severity => text(rows, |a| Some(a.severity.as_str())),
            Self::Addressee => text(rows, |a| Some(a.addressee.as_str())),
            Self::Flags => list(rows, |a| a.flags.iter().map(|f| f.as_str())),
            Self::Noise => text(rows, |a| Some(noise(a.noise.label))),
            Self::NoiseReason => text(rows, |a| Some(&a.noise.reason)),
            Self::Irony => Arc::new(read(rows).map(|a| a.map(|a| a.irony)).collect::<BooleanArray>()),
            Self::Targets => structs(
                Some(validity(rows)),
                target_fields(),
                read(rows).map(|a| a.map_or(&[][..], |a| &a.targets)),
                targets,
            ),
            Self::Evidence => structs(
                Some(validity(rows)),
                evidence_fields(),
                read(rows).map(|a| a.map_or(&[][..], |a| &a.evidence)),
                evidence,
            ),
        }
    }
}

/// The analyzer that fills these columns, and the same to the bit, without the work that none of them needs.
pub fn narrowed(analyzer: &Analyzer, columns: &[Column]) -> Analyzer {
    let mut narrowed = analyzer.clone();
    if !columns.contains(&Column::Evidence) {
        narrowed = narrowed.without_evidence();
    }
    if !columns.iter().any(|c| c.is_heard()) {
        narrowed = narrowed.without_voice();
    }
    narrowed
}

/// The schema of a batch of these columns. All are nullable.
pub fn schema(columns: &[Column]) -> Schema {
    Schema::new(columns.iter().map(|c| Field::new(c.name(), c.data_type(), true)).collect::<Vec<_>>())
}

/// The rows as one record batch of these columns.
///
/// # Errors
///
/// None in practice: the arrays are made to fit the schema.
pub fn write(columns: &[Column], rows: &[Row]) -> Result<RecordBatch, ArrowError> {
    let arrays = columns.iter().map(|c| c.array(rows)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(Arc::new(schema(columns)), arrays, &options)
}

/// The noise label as the records spell it.
fn noise(label: Noise) -> &'static str {
    match label {
        Noise::None => "none",
        Noise::Spam => "spam",
        Noise::Giveaway => "giveaway",
        Noise::AutoPost => "auto_post",
        Noise::Repost => "repost",
        Noise::Duplicate => "duplicate",
        Noise::OffTarget => "off_target",
    }
}

/// What a piece of evidence speaks for, as the records spell it.
fn speaks_for(what: EvidenceFor) -> &'static str {
    match what {
        EvidenceFor::Tonality => "tonality",
        EvidenceFor::Role => "role",
        EvidenceFor::Intent => "intent",
        EvidenceFor::Noise => "noise",
    }
}

fn words() -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)))
}

fn list_of(fields: Fields) -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Struct(fields), true)))
}

fn fields(named: impl IntoIterator<Item = (&'static str, DataType)>) -> Fields {
    named.into_iter().map(|(name, kind)| Field::new(name, kind, true)).collect()
}

fn tone_fields() -> [(&'static str, DataType); 6] {
    [Column::Label, Column::Score, Column::Confidence, Column::PNegative, Column::PNeutral, Column::PPositive]
        .map(|c| (c.name(), c.data_type()))
}

fn role_fields() -> Fields {
    fields(ten().map(|r| (r.as_str(), DataType::Float32)))
}

/// The roles that a distribution ranges over: all but `unclear`, which is no class.
fn ten() -> impl Iterator<Item = Role> {
    Role::ALL.iter().copied().filter(|r| *r != Role::Unclear)
}

fn aspect_fields() -> Fields {
    fields([("aspect", DataType::Utf8)].into_iter().chain(tone_fields()))
}

fn target_fields() -> Fields {
    let head = [("target", DataType::Utf8), ("mentioned", DataType::Boolean)];
    fields(head.into_iter().chain(tone_fields()).chain([("aspects", list_of(aspect_fields()))]))
}

fn evidence_fields() -> Fields {
    fields([
        ("start", DataType::Int64),
        ("end", DataType::Int64),
        ("text", DataType::Utf8),
        ("term", DataType::Utf8),
        ("via", DataType::Utf8),
        ("weight", DataType::Float32),
        ("for", DataType::Utf8),
        ("label", DataType::Utf8),
    ])
}

fn read(rows: &[Row]) -> impl Iterator<Item = Option<&Analysis>> {
    rows.iter().map(|r| r.analysis.as_ref())
}

fn validity(rows: &[Row]) -> NullBuffer {
    rows.iter().map(|r| r.analysis.is_some()).collect()
}

fn text<'a>(rows: &'a [Row], of: impl Fn(&'a Analysis) -> Option<&'a str>) -> ArrayRef {
    Arc::new(read(rows).map(|a| a.and_then(&of)).collect::<StringArray>())
}

fn number(rows: &[Row], of: impl Fn(&Analysis) -> f32) -> ArrayRef {
    Arc::new(read(rows).map(|a| a.map(&of)).collect::<Float32Array>())
}

fn list<'a, I: Iterator<Item = &'static str>>(rows: &'a [Row], of: impl Fn(&'a Analysis) -> I) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for analysis in read(rows) {
        if let Some(analysis) = analysis {
            of(analysis).for_each(|word| builder.values().append_value(word));
        }
        builder.append(analysis.is_some());
    }
    Arc::new(builder.finish())
}

fn roles(rows: &[Row]) -> ArrayRef {
    let p = |row: &Row, at: usize| row.analysis.as_ref().and_then(|a| a.role.p.get(at).copied());
    let columns = ten()
        .enumerate()
        .map(|(at, _)| -> ArrayRef { Arc::new(rows.iter().map(|r| p(r, at)).collect::<Float32Array>()) });
    let judged: NullBuffer = rows.iter().map(|r| p(r, 0).is_some()).collect();
    Arc::new(StructArray::new(role_fields(), columns.collect(), Some(judged)))
}

/// Lists of structs: the items of all rows in one run of columns, and where each row's begin.
fn structs<'a, T: 'a>(
    nulls: Option<NullBuffer>,
    fields: Fields,
    rows: impl Iterator<Item = &'a [T]>,
    columns: impl Fn(&[&'a T]) -> Vec<ArrayRef>,
) -> ArrayRef {
    let mut items = Vec::new();
    let lengths: Vec<usize> = rows
        .map(|row| {
            items.extend(row);
            row.len()
        })
        .collect();
    let values = StructArray::new(fields, columns(&items), None);
    let item = Arc::new(Field::new("item", values_type(&values), true));
    Arc::new(ListArray::new(item, OffsetBuffer::from_lengths(lengths), Arc::new(values), nulls))
}

fn values_type(values: &StructArray) -> DataType {
    DataType::Struct(values.fields().clone())
}

fn strings<'a, T>(items: &[&'a T], of: impl Fn(&'a T) -> Option<&'a str>) -> ArrayRef {
    Arc::new(items.iter().map(|i| of(i)).collect::<StringArray>())
}

fn numbers<T>(items: &[&T], of: impl Fn(&T) -> f32) -> ArrayRef {
    Arc::new(items.iter().map(|i| Some(of(i))).collect::<Float32Array>())
}

fn tones<T>(items: &[&T], of: impl Fn(&T) -> &Tonality) -> Vec<ArrayRef> {
    vec![
        strings(items, |i| Some(of(i).label.as_str())),
        numbers(items, |i| of(i).score),
        numbers(items, |i| of(i).confidence),
        numbers(items, |i| of(i).p.negative),
        numbers(items, |i| of(i).p.neutral),
        numbers(items, |i| of(i).p.positive),
    ]
}

fn targets(items: &[&TargetReading]) -> Vec<ArrayRef> {
    let mut out = vec![
        strings(items, |t| Some(&t.target)),
        Arc::new(items.iter().map(|t| Some(t.mentioned)).collect::<BooleanArray>()),
    ];
    out.extend(tones(items, |t| &t.tonality));
    out.push(structs(None, aspect_fields(), items.iter().map(|t| t.aspects.as_slice()), aspects));
    out
}

fn aspects(items: &[&AspectReading]) -> Vec<ArrayRef> {
    let mut out = vec![strings(items, |a| Some(&a.aspect))];
    out.extend(tones(items, |a| &a.tonality));
    out
}

fn evidence(items: &[&Evidence]) -> Vec<ArrayRef> {
    let offset = |of: fn(&Evidence) -> usize| -> ArrayRef {
        Arc::new(items.iter().map(|e| i64::try_from(of(e)).ok()).collect::<Int64Array>())
    };
    vec![
        offset(|e| e.start),
        offset(|e| e.end),
        strings(items, |e| Some(&e.text)),
        strings(items, |e| Some(&e.term)),
        strings(items, |e| Some(e.via.as_str())),
        numbers(items, |e| e.weight),
        strings(items, |e| Some(speaks_for(e.speaks_for))),
        strings(items, |e| e.label.as_deref()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float32Type, Int64Type};
    use tonalite::{Label, Via};

    fn row() -> Row {
        let tonality = Tonality { label: Label::Negative, score: -0.5, ..Tonality::default() };
        let aspects = vec![AspectReading { aspect: "price".into(), tonality }];
        let mut analysis = Analysis { id: Some("7".into()), tonality, ..Analysis::default() };
        analysis.targets.push(TargetReading { target: "Nimbo".into(), mentioned: true, tonality, aspects });
        analysis.evidence.push(Evidence {
            start: 1,
            end: 4,
            text: "nul".into(),
            term: "nul".into(),
            via: Via::Exact,
            weight: -0.5,
            speaks_for: EvidenceFor::Tonality,
            label: None,
        });
        analysis.into()
    }

    #[test]
    fn what_was_read_is_in_the_columns_and_what_is_missing_is_null() {
        let rows = [row(), Row::missing(Some("8".into())), Row::from(Analysis::default())];
        let batch = write(&Column::ALL, &rows).unwrap();
        assert_eq!(batch.schema().as_ref(), &schema(&Column::ALL));
        let column = |name| batch.column_by_name(name).unwrap();
        assert_eq!(column("id").as_string::<i32>().iter().collect::<Vec<_>>(), [Some("7"), Some("8"), None]);
        assert_eq!(
            column("label").as_string::<i32>().iter().collect::<Vec<_>>(),
            [Some("negative"), None, Some("unknown")]
        );
        assert!((1..Column::ALL.len()).all(|c| batch.column(c).is_null(1)));
        assert!(column("role_p").is_null(2) && column("role").is_valid(2));
        let targets = column("targets").as_list::<i32>().value(0);
        let targets = targets.as_struct();
        assert_eq!(targets.column_by_name("target").unwrap().as_string::<i32>().value(0), "Nimbo");
        let aspects = targets.column_by_name("aspects").unwrap().as_list::<i32>().value(0);
        let scores = aspects.as_struct().column_by_name("score").unwrap().as_primitive::<Float32Type>();
        assert_eq!(scores.value(0).to_bits(), (-0.5_f32).to_bits());
        let evidence = column("evidence").as_list::<i32>().value(0);
        assert_eq!(evidence.as_struct().column_by_name("end").unwrap().as_primitive::<Int64Type>().value(0), 4);
        assert!(evidence.as_struct().column_by_name("label").unwrap().is_null(0));
    }

    #[test]
    fn a_few_columns_or_none_keep_the_rows() {
        let batch = write(&[Column::Score, Column::Label], &[row(), row()]).unwrap();
        assert_eq!((batch.num_columns(), batch.num_rows()), (2, 2));
        assert_eq!(write(&[], &[row()]).unwrap().num_rows(), 1);
        assert_eq!(write(&Column::ALL, &[]).unwrap().num_rows(), 0);
        assert_eq!(Column::parse("p_neutral"), Some(Column::PNeutral));
    }
}
