//! Parquet in and out: the same answers as from JSON lines, and faults that name their column.

use crate::{Folder, run};
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Float32Type;
use arrow_array::{Array, ArrayRef, Int64Array, LargeStringArray, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;
use serde_json::Value;
use std::fs::File;
use std::sync::Arc;

const POSTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/posts.jsonl");

fn write(path: &str, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true))).unwrap();
    // Small groups, so that there are several to go through.
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(100)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn read(path: &str) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

fn strings(values: &[&str]) -> ArrayRef {
    Arc::new(values.iter().map(|v| Some(*v)).collect::<StringArray>())
}

/// The posts of the examples, one column for each field that is a string, and their targets' names.
fn as_columns(lines: &str) -> Vec<(&'static str, ArrayRef)> {
    let posts: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let column =
        |name: &str| -> ArrayRef { Arc::new(posts.iter().map(|p| p[name].as_str()).collect::<LargeStringArray>()) };
    let names = ["id", "text", "lang", "author", "author_bio", "created_at", "source", "url", "thread", "target"];
    let mut columns: Vec<_> = names.into_iter().map(|name| (name, column(name))).collect();
    columns.push(("repost_of", column("repost_of")));
    columns.push(("target_aliases", words(&posts, |p| &p["target_aliases"], |alias| alias)));
    columns.push(("targets", words(&posts, |p| &p["targets"], |target| &target["name"])));
    columns.push(("likes", Arc::new((0..i64::try_from(posts.len()).unwrap()).collect::<Int64Array>())));
    columns
}

/// A column of lists of strings.
fn words(posts: &[Value], list: fn(&Value) -> &Value, word: fn(&Value) -> &Value) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for post in posts {
        for item in list(post).as_array().into_iter().flatten() {
            builder.values().append_value(word(item).as_str().unwrap());
        }
        builder.append(list(post).is_array());
    }
    Arc::new(builder.finish())
}

/// The same posts with their targets as the columns have them.
fn plainer(lines: &str) -> String {
    let plain = |line: &str| {
        let mut post: Value = serde_json::from_str(line).unwrap();
        for target in post["targets"].as_array_mut().into_iter().flatten() {
            *target = serde_json::json!({"name": target["name"]});
        }
        post.to_string() + "\n"
    };
    lines.lines().map(plain).collect()
}

#[test]
fn from_json_lines_to_parquet_and_back() {
    let folder = Folder::new("parquet_and_back");
    let lines = std::fs::read_to_string(POSTS).unwrap();
    let posts = folder.path("posts.parquet");
    write(&posts, as_columns(&lines));
    let direct = run(&["analyze", "--from", "jsonl"], plainer(&lines));
    for args in [&["analyze", &posts][..], &["analyze", "--from", "parquet", "--threads", "3", &posts]] {
        let ran = run(args, "");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out == direct.out, "{args:?}");
    }
    // Found by its first bytes too.
    let unnamed = folder.path("posts");
    std::fs::copy(&posts, &unnamed).unwrap();
    assert!(run(&["analyze", &unnamed], "").out == direct.out);

    let tones = folder.path("tones.parquet");
    let ran = run(&["analyze", &posts, "-o", &tones], "");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let records = direct.records();
    let mut at = 0;
    for batch in read(&tones) {
        let text = |name: &str, row: usize| {
            let column = batch.column_by_name(name).unwrap().as_string::<i32>().clone();
            column.is_valid(row).then(|| column.value(row).to_owned())
        };
        let number =
            |name: &str, row| batch.column_by_name(name).unwrap().as_primitive::<Float32Type>().value(row).to_string();
        for row in 0..batch.num_rows() {
            let record = &records[at];
            assert_eq!(text("id", row).as_deref(), record["id"].as_str());
            assert_eq!(text("language", row).as_deref(), record["language"].as_str());
            let tonality = &record["tonality"];
            assert_eq!(text("label", row).as_deref(), tonality["label"].as_str());
            for (column, value) in [
                ("score", &tonality["score"]),
                ("confidence", &tonality["confidence"]),
                ("p_negative", &tonality["p"]["negative"]),
                ("p_neutral", &tonality["p"]["neutral"]),
                ("p_positive", &tonality["p"]["positive"]),
            ] {
                let same: f32 = number(column, row).parse().unwrap();
                assert_eq!(
                    same.to_bits(),
                    value.to_string().parse::<f32>().unwrap().to_bits(),
                    "{column} of {}",
                    record["id"]
                );
            }
            for list in ["evidence", "targets"] {
                let column = batch.column_by_name(list).unwrap().as_list::<i32>();
                assert_eq!(column.value(row).len(), record[list].as_array().map_or(0, Vec::len), "{list}");
            }
            at += 1;
        }
    }
    assert_eq!(at, records.len());
}

#[test]
fn standard_output_takes_parquet_and_nothing_makes_an_empty_file() {
    use std::process::Stdio;
    let folder = Folder::new("parquet_stdout");
    let piped = folder.path("piped.parquet");
    let posts = folder.file("posts.txt", "C'est nul\nJ'adore\n");
    let status = crate::program()
        .args(["analyze", "--to", "parquet", &posts])
        .stdout(File::create(&piped).unwrap())
        .stderr(Stdio::inherit())
        .status()
        .unwrap();
    assert!(status.success());
    let labels = read(&piped)[0].column_by_name("label").unwrap().as_string::<i32>().clone();
    assert_eq!(labels.iter().flatten().collect::<Vec<_>>(), ["negative", "positive"]);
    let empty = folder.path("empty.parquet");
    assert_eq!(run(&["analyze", "--from", "lines", "-o", &empty], "").code, 0);
    assert_eq!(read(&empty).iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
    assert!(
        ParquetRecordBatchReaderBuilder::try_new(File::open(&empty).unwrap()).unwrap().schema().fields().len() > 20
    );
}

#[test]
fn columns_that_cannot_be_are_named() {
    let folder = Folder::new("parquet_columns");
    let numbers = || -> ArrayRef { Arc::new(Int64Array::from(vec![1, 2])) };
    let texts = || strings(&["C'est nul", "J'adore"]);
    for (name, columns, reason) in [
        (
            "none",
            vec![("note", texts()), ("likes", numbers())],
            "no column `text` (nor one that stands for it) among: note, likes",
        ),
        ("number", vec![("text", numbers())], "column `text` is Int64; as `text` it must be a string"),
        ("body", vec![("body", numbers())], "column `body` is Int64; as `text` it must be a string"),
        ("lang", vec![("text", texts()), ("lang", numbers())], "column `lang` is Int64; as `lang` it must be a string"),
    ] {
        let path = folder.path(&format!("{name}.parquet"));
        write(&path, columns);
        let ran = run(&["analyze", &path], "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}");
        assert!(ran.err.contains(&format!("{path}: {reason}")), "{name}: {}", ran.err);
    }
}

#[test]
fn rows_that_are_no_posts_are_rejected_with_their_cells() {
    let folder = Folder::new("parquet_rows");
    let path = folder.path("posts.parquet");
    let texts = (0..250).map(|i| (i != 120).then(|| format!("texte {i}"))).collect::<StringArray>();
    write(
        &path,
        vec![
            ("key", Arc::new(Int64Array::from_iter_values(0..250))),
            ("Full Text", Arc::new(texts)),
            ("author", strings(&["léa"; 250])),
        ],
    );
    let ran = run(&["analyze", &path], "");
    assert_eq!((ran.code, ran.out.lines().count()), (2, 120));
    assert!(ran.err.contains("posts.parquet:121: no `text`: the cell is null"), "{}", ran.err);
    let rejects = folder.path("rejects.jsonl");
    let lines = folder.file("more.txt", "encore\n");
    let ran = run(&["analyze", "--rejects", &rejects, &path, &lines], "");
    assert_eq!((ran.code, ran.out.lines().count()), (1, 250), "{}", ran.err);
    assert_eq!(ran.ids()[119..121], ["120", "122"]);
    assert_eq!(ran.ids()[249], "251");
    let reject: Value = serde_json::from_str(&folder.read("rejects.jsonl")).unwrap();
    assert_eq!((&reject["line"], &reject["record"]), (&121.into(), &r#"{"author":"léa"}"#.into()));
}

#[test]
fn labelled_rows_are_judged() {
    let folder = Folder::new("parquet_labelled");
    let path = folder.path("labelled.parquet");
    write(&path, vec![("Label", strings(&["negative", "positive"])), ("text", strings(&["C'est nul", "J'adore"]))]);
    let ran = run(&["evaluate", &path, "--json"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap()["posts"], 2);
    write(&path, vec![("text", strings(&["C'est nul"]))]);
    let ran = run(&["evaluate", &path], "");
    assert!(ran.code == 2 && ran.err.contains("labelled.parquet:1: no label"), "{}", ran.err);
}

#[test]
fn broken_files_and_pipes_are_said() {
    let folder = Folder::new("parquet_broken");
    let whole = folder.path("whole.parquet");
    let texts: Vec<String> =
        (0..5_000_u64).map(|i| format!("texte {:x}", i.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    write(&whole, vec![("text", Arc::new(texts.iter().map(Some).collect::<StringArray>()))]);
    let bytes = std::fs::read(&whole).unwrap();
    let cut = folder.file("cut.parquet", &bytes[..bytes.len() / 2]);
    let text = folder.file("text.parquet", "{\"text\": \"a\"}\n");
    for path in [&cut, &text] {
        let ran = run(&["analyze", path], "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains(&format!("{path} is no Parquet file, or a broken one")), "{}", ran.err);
    }
    // A page gone bad in the middle: what came before is out, and the place is said.
    let mut bad = bytes.clone();
    bad[bytes.len() / 2..bytes.len() / 2 + 400].fill(0xFF);
    let path = folder.file("bad.parquet", bad);
    let ran = run(&["analyze", &path], "");
    assert_eq!(ran.code, 2, "{}", ran.out.lines().count());
    assert!(ran.err.contains(&format!("cannot read {path} after row ")), "{}", ran.err);
    assert!(ran.out.lines().count() > 500, "{}", ran.out.lines().count());
    for (args, input) in [(&["analyze", "--from", "parquet"][..], &bytes), (&["analyze"], &bytes)] {
        let ran = run(args, input);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("from files"), "{}", ran.err);
    }
}
