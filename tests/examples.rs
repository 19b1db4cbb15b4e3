//! The examples that embed the library in tokio, driven as the processes they are: good, bad and
//! oversized input, a crowd, a slow consumer, and the end that a supervisor asks for.
#![cfg(all(unix, feature = "serde"))]
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

/// An example; built here, since `cargo test --test examples` would run those of yesterday.
fn example(name: &str) -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let folder = BUILT.get_or_init(|| {
        let here = std::env::current_exe().unwrap();
        let folder = here.ancestors().nth(2).unwrap();
        let profile = folder.file_name().and_then(|n| n.to_str()).filter(|n| *n != "debug").unwrap_or("dev");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["build", "--quiet", "--locked", "--profile", profile]);
        assert!(cargo.args(["--example", "service", "--example", "stream"]).status().unwrap().success());
        folder.join("examples")
    });
    Command::new(folder.join(name))
}

/// A running example; ended with the test, whatever becomes of it.
struct Running(Child);

impl Running {
    /// Starts one that says where it listens.
    fn listening(mut command: Command, told: impl FnOnce(&mut Child) -> Box<dyn Read>) -> (Self, String) {
        let mut child = command.arg("127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(told(&mut child)).read_line(&mut line).unwrap();
        (Self(child), line.trim().strip_prefix("listening on ").unwrap().to_owned())
    }

    fn ask_to_stop(&self) {
        let told = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    fn wait(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn service() -> (Running, String) {
    Running::listening(example("service"), |child| Box::new(child.stdout.take().unwrap()))
}

fn head(method: &str, path: &str, length: usize) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n")
}

/// The status and the body of what the service says to the end.
fn response(mut stream: &TcpStream) -> (u16, String) {
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

fn ask(address: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all((head(method, path, body.len()) + body).as_bytes()).unwrap();
    response(&stream)
}

fn post(address: &str, body: &str) -> (u16, Value) {
    let (status, body) = ask(address, "POST", "/analyze", body);
    (status, serde_json::from_str(&body).unwrap())
}

#[test]
fn the_service_reads_one_post_or_many() {
    let (_service, address) = service();
    let (status, one) = post(&address, r#"{"id": 7, "text": "C'est nul"}"#);
    assert_eq!((status, &one["id"], &one["tonality"]["label"]), (200, &json!("7"), &json!("negative")));
    let (status, many) = post(&address, r#" [{"id": "a", "text": "J'adore"}, {"id": "b", "text": ""}]"#);
    let labels: Vec<_> = many.as_array().unwrap().iter().map(|a| (&a["id"], &a["tonality"]["label"])).collect();
    assert_eq!(status, 200);
    assert_eq!(labels, [(&json!("a"), &json!("positive")), (&json!("b"), &json!("unknown"))]);
    assert_eq!(post(&address, "[]"), (200, json!([])));
}

#[test]
fn the_service_says_what_is_wrong() {
    let (_service, address) = service();
    for (body, reason) in [
        ("", "EOF"),
        ("{\"text\": ", "EOF"),
        ("{\"id\": 1}", "no `text`"),
        ("[{\"text\": \"a\"}, {\"text\": 5}]", "`text` must be a string"),
    ] {
        let (status, said) = post(&address, body);
        assert_eq!(status, 400, "{body}");
        assert!(said["error"].as_str().unwrap().contains(reason), "{body}: {said}");
    }
    let heavy = format!("{{\"text\": \"{}\"}}", "a".repeat(1 << 18));
    assert_eq!(post(&address, &heavy).0, 413);
    assert_eq!(ask(&address, "GET", "/analyze", "").0, 405);
    assert_eq!(ask(&address, "GET", "/", "").0, 404);
    assert_eq!(ask(&address, "GET", "/health", ""), (200, "ok".to_owned()));
}

#[test]
fn a_crowd_is_turned_away_and_the_slow_are_not_waited_for() {
    let (_service, address) = service();
    let slow = |_| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all((head("POST", "/analyze", 100) + "{").as_bytes()).unwrap();
        stream
    };
    let crowd: Vec<TcpStream> = (0..40).map(slow).collect();
    assert_eq!(ask(&address, "GET", "/health", "").0, 200);
    let mut statuses: Vec<u16> = crowd.iter().map(|stream| response(stream).0).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [[408; 32].as_slice(), &[503; 8]].concat());
    assert_eq!(post(&address, "[]").0, 200);
}

#[test]
fn the_service_ends_what_it_has_begun() {
    let (mut service, address) = service();
    let body = r#"{"text": "Super"}"#;
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all((head("POST", "/analyze", body.len()) + &body[..5]).as_bytes()).unwrap();
    // An answer to a later request says that the one before is under way.
    assert_eq!(post(&address, "[]").0, 200);
    service.ask_to_stop();
    let begun = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(5), "it still listens");
        thread::sleep(Duration::from_millis(10));
    }
    stream.write_all(&body.as_bytes()[5..]).unwrap();
    assert_eq!(response(&stream).0, 200);
    assert!(service.wait().success());
}

/// The stream on its standard input and output.
fn stream() -> Running {
    Running(example("stream").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap())
}

fn records(output: impl Read) -> Vec<Value> {
    BufReader::new(output).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

#[test]
fn the_stream_answers_every_line_in_its_order() {
    let mut stream = stream();
    let (mut input, output) = (stream.0.stdin.take().unwrap(), stream.0.stdout.take().unwrap());
    let feeder = thread::spawn(move || {
        let long = vec![b'a'; (3 << 16) + 7];
        let lines: [&[u8]; 6] =
            [b"C'est nul", b"{\"id\": \"2\", \"text\": \"J'adore\"}", b"{broken", &long, b"\xff", b""];
        for line in lines {
            input.write_all(line).unwrap();
            input.write_all(b"\n").unwrap();
        }
        // The last line has no end.
        input.write_all("{\"id\": \"7\", \"text\": \"Pas mal\"}".as_bytes()).unwrap();
    });
    let said = records(output);
    feeder.join().unwrap();
    assert!(stream.wait().success());
    assert_eq!(said.len(), 7);
    assert_eq!((&said[0]["tonality"]["label"], &said[1]["id"]), (&json!("negative"), &json!("2")));
    for (at, reason) in [(2, "key must be a string"), (3, "longer than 65536 bytes"), (4, "utf-8")] {
        assert_eq!(said[at]["line"], at + 1);
        assert!(said[at]["error"].as_str().unwrap().contains(reason), "{}", said[at]);
    }
    assert_eq!((&said[5]["tonality"]["label"], &said[6]["id"]), (&json!("unknown"), &json!("7")));
}

#[test]
fn a_slow_consumer_slows_the_stream_and_loses_nothing() {
    const LINES: usize = 20_000;
    let mut stream = stream();
    let (mut input, output) = (stream.0.stdin.take().unwrap(), stream.0.stdout.take().unwrap());
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let feeder = thread::spawn(move || {
        for id in 0..LINES {
            writeln!(input, "{{\"id\": \"{id}\", \"text\": \"Livraison lente, mais le SAV est au top {id}\"}}")
                .unwrap();
            count.store(id + 1, Relaxed);
        }
    });
    let mut before = 0;
    while before == 0 || before != taken.load(Relaxed) {
        before = taken.load(Relaxed);
        thread::sleep(Duration::from_millis(500));
    }
    assert!(before < LINES / 2, "{before} lines were taken and nobody read an answer");
    let ids: Vec<String> = records(output).iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
    feeder.join().unwrap();
    assert_eq!(ids, (0..LINES).map(|id| id.to_string()).collect::<Vec<_>>());
    assert!(stream.wait().success());
}

#[test]
fn the_stream_stops_when_asked_or_when_nobody_listens() {
    let mut asked = stream();
    let mut input = asked.0.stdin.take().unwrap();
    let mut output = BufReader::new(asked.0.stdout.take().unwrap());
    input.write_all(b"Bof\n").unwrap();
    let mut line = String::new();
    // It is told at once, though the input goes on.
    output.read_line(&mut line).unwrap();
    assert!(line.starts_with("{\"id\""), "{line}");
    asked.ask_to_stop();
    assert!(asked.wait().success());

    let mut deserted = stream();
    let mut input = deserted.0.stdin.take().unwrap();
    drop(deserted.0.stdout.take());
    input.write_all(b"Bof\n").unwrap();
    assert!(deserted.wait().success());
}

#[test]
fn a_socket_is_answered_on_itself() {
    let (mut served, address) = Running::listening(example("stream"), |child| Box::new(child.stderr.take().unwrap()));
    let peers: Vec<TcpStream> = (0..3).map(|_| TcpStream::connect(&address).unwrap()).collect();
    for (n, mut peer) in peers.iter().enumerate() {
        for id in 0..100 {
            writeln!(peer, "{{\"id\": \"{n}-{id}\", \"text\": \"J'adore\"}}").unwrap();
        }
        peer.shutdown(Shutdown::Write).unwrap();
    }
    for (n, peer) in peers.iter().enumerate() {
        let said = records(peer);
        assert_eq!(said.len(), 100);
        assert!(said.iter().enumerate().all(|(id, r)| r["id"] == format!("{n}-{id}")));
    }
    let mut open = TcpStream::connect(&address).unwrap();
    open.write_all(b"Bof\n").unwrap();
    let mut line = String::new();
    BufReader::new(&open).read_line(&mut line).unwrap();
    served.ask_to_stop();
    assert!(served.wait().success());
}
