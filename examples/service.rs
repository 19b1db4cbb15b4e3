//! The analyzer behind HTTP: `cargo run --release --example service -- 127.0.0.1:8080`.
//!
//!     curl localhost:8080/analyze -d '{"text": "Bof"}'                      a post in, an analysis out
//!     curl localhost:8080/analyze -d '[{"text": "Bof"}, {"text": "Top"}]'   many in, many out, in order
//!     curl localhost:8080/health
//!
//! What a service must have around a library that only computes: a bound on what a request may weigh
//! (413), on how many are taken at a time (503) and on how long one may last (408); the work on threads
//! of its own; and an end in good order on SIGTERM or Ctrl-C.
#![allow(clippy::print_stdout)]

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tonalite::{Analyzer, Post};
use tower_http::timeout::TimeoutLayer;

/// Bytes of a request: a thousand posts. An answer is some ten times as heavy.
const HEAVIEST: usize = 1 << 18;
/// Requests taken at a time. With the bound above, the memory that a crowd can take.
const AT_A_TIME: usize = 32;
/// How long a request may last, and how long an end in good order may take.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Service {
    analyzer: Analyzer,
    places: Arc<Semaphore>,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let service = Service { analyzer: Analyzer::new(), places: Arc::new(Semaphore::new(AT_A_TIME)) };
    let app = Router::new()
        .route("/analyze", post(analyze))
        .layer(DefaultBodyLimit::max(HEAVIEST))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
        .route("/health", get(|| async { "ok" }))
        .with_state(service);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".into());
    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    tokio::select! {
        ended = async { axum::serve(listener, app).with_graceful_shutdown(told_to_stop()).await } => ended,
        // A peer that will not end its request is not waited for.
        () = async { told_to_stop().await; tokio::time::sleep(2 * PATIENCE).await } => Ok(()),
    }
}

async fn analyze(State(service): State<Service>, request: Request) -> Response {
    // A place is taken before the body is read, so that no crowd can fill the memory.
    let Ok(place) = service.places.try_acquire_owned() else {
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "busy; try again");
    };
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(error) => return refuse(error.status(), &error.body_text()),
    };
    // Pure computing: it must not hold up the threads that serve sockets. It keeps its place until it
    // ends, even where the request has timed out.
    let work = spawn_blocking(move || {
        let read = read(&service.analyzer, &body);
        drop(place);
        read
    });
    match work.await {
        Ok(Ok(json)) => ([(CONTENT_TYPE, "application/json")], json).into_response(),
        Ok(Err(error)) => refuse(StatusCode::BAD_REQUEST, &error.to_string()),
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the analysis failed"),
    }
}

/// One post or a list of them, to one analysis or a list of them.
fn read(analyzer: &Analyzer, body: &[u8]) -> serde_json::Result<Vec<u8>> {
    if body.trim_ascii_start().starts_with(b"[") {
        let posts: Vec<Post> = serde_json::from_slice(body)?;
        serde_json::to_vec(&posts.iter().map(|p| analyzer.analyze_post(p)).collect::<Vec<_>>())
    } else {
        serde_json::to_vec(&analyzer.analyze_post(&serde_json::from_slice(body)?))
    }
}

fn refuse(status: StatusCode, reason: &str) -> Response {
    (status, Json(serde_json::json!({ "error": reason }))).into_response()
}

/// Ends when the process is asked to.
async fn told_to_stop() {
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
}
