//! A stream through the analyzer on tokio: `tail -f posts.jsonl | cargo run --release --example stream`,
//! or every connection of a socket, each answered on itself: `... --example stream -- 127.0.0.1:7000`.
//!
//! A post a line in (JSON, or plain text), an analysis a line out, in the order they came; a line that
//! cannot be read is answered with `{"line": 3, "error": "..."}`.
//!
//! The whole of it is one bounded queue of tasks that are already running. Its order is the order of
//! the output, whatever the threads do; when it is full the reader waits, so a slow consumer slows
//! down its source and memory stays where it is.
#![allow(clippy::print_stderr)]

use std::io;
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter,
};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tokio_util::sync::CancellationToken;
use tonalite::{Analyzer, Post};

/// Lines that are being read or wait to be written.
const UNDERWAY: usize = 256;
/// Bytes of a line; what is longer is passed over, and said to be.
const LONGEST: usize = 1 << 16;
/// Connections at a time.
const CONNECTIONS: usize = 64;

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let analyzer = Analyzer::new();
    let ended = runtime.block_on(async {
        let stop = told_to_stop();
        match std::env::args().nth(1) {
            Some(address) => serve(&analyzer, &address, stop).await,
            None => pump(analyzer, tokio::io::stdin(), tokio::io::stdout(), stop).await,
        }
    });
    // A thread that waits for standard input cannot be called back: it is not waited for.
    runtime.shutdown_background();
    match ended {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        ended => ended,
    }
}

async fn serve(analyzer: &Analyzer, address: &str, stop: CancellationToken) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    eprintln!("listening on {}", listener.local_addr()?);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < CONNECTIONS => {
                let (input, output) = accepted?.0.into_split();
                let (analyzer, stop) = (analyzer.clone(), stop.clone());
                connections.spawn(async move {
                    if let Err(error) = pump(analyzer, input, output, stop).await {
                        eprintln!("a connection ended: {error}");
                    }
                });
            }
            Some(_) = connections.join_next() => {}
            () = stop.cancelled() => break,
        }
    }
    // Each reads no more, and answers what it has read.
    connections.join_all().await;
    Ok(())
}

/// Everything from one input to one output.
async fn pump<I, O>(analyzer: Analyzer, input: I, output: O, stop: CancellationToken) -> io::Result<()>
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Unpin,
{
    let (give, take) = mpsc::channel(UNDERWAY);
    let reading = tokio::spawn(read(analyzer, BufReader::new(input), give, stop));
    // Where the writer fails, its end of the queue goes, and with it the reader.
    write(take, output).await?;
    reading.await?
}

async fn read<I: AsyncBufRead + Unpin>(
    analyzer: Analyzer,
    mut input: I,
    give: mpsc::Sender<JoinHandle<String>>,
    stop: CancellationToken,
) -> io::Result<()> {
    for number in 1_u64.. {
        let line = tokio::select! {
            line = next_line(&mut input) => line?,
            () = give.closed() => break,
            () = stop.cancelled() => break,
        };
        let Some(line) = line else { break };
        // Here the reader waits while the queue is full.
        let Ok(place) = give.reserve().await else { break };
        let analyzer = analyzer.clone();
        place.send(spawn_blocking(move || {
            let read = line.and_then(|line| answer(&analyzer, &line));
            read.unwrap_or_else(|error| serde_json::json!({ "line": number, "error": error }).to_string())
        }));
    }
    Ok(())
}

async fn write<O: AsyncWrite + Unpin>(mut take: mpsc::Receiver<JoinHandle<String>>, output: O) -> io::Result<()> {
    let mut output = BufWriter::new(output);
    while let Some(task) = take.recv().await {
        output.write_all(task.await?.as_bytes()).await?;
        output.write_all(b"\n").await?;
        // What nothing follows for the moment is wanted now.
        if take.is_empty() {
            output.flush().await?;
        }
    }
    output.flush().await
}

/// The next line, or what is wrong with it; `None` at the end.
async fn next_line<I: AsyncBufRead + Unpin>(input: &mut I) -> io::Result<Option<Result<Vec<u8>, String>>> {
    let (mut line, mut whole) = (Vec::new(), true);
    while (&mut *input).take(LONGEST as u64).read_until(b'\n', &mut line).await? > 0 && !line.ends_with(b"\n") {
        if line.len() >= LONGEST {
            whole = false;
            line.clear();
        }
    }
    Ok(match whole {
        true if line.is_empty() => None,
        true => Some(Ok(line)),
        false => Some(Err(format!("longer than {LONGEST} bytes"))),
    })
}

fn answer(analyzer: &Analyzer, line: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(line).map_err(|e| e.to_string())?.trim();
    let post =
        if text.starts_with('{') { serde_json::from_str(text).map_err(|e| e.to_string())? } else { Post::new(text) };
    serde_json::to_string(&analyzer.analyze_post(&post)).map_err(|e| e.to_string())
}

/// What is cancelled when the process is asked to end.
fn told_to_stop() -> CancellationToken {
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        let _guard = told.drop_guard();
        let interrupt = tokio::signal::ctrl_c();
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            if let Ok(mut terminate) = signal(SignalKind::terminate()) {
                tokio::select! { _ = interrupt => (), _ = terminate.recv() => () }
                return;
            }
        }
        let _ = interrupt.await;
    });
    stop
}
