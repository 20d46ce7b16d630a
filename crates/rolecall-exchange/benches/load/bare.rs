//! A bare route of axum on one core, which verifies a signature and makes one, and does nothing else: what HTTP leaves of
//! the floor.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use tokio::net::TcpListener;

use crate::floor::Pair;
use crate::site::on_core;

/// A server in a process of its own, which ends with this value.
pub(crate) struct Bare {
    pub(crate) address: String,
    child: Child,
}

impl Bare {
    pub(crate) fn start(algorithm: &str) -> Self {
        let own = std::env::current_exe().unwrap();
        let mut child = on_core(0, own.to_str().unwrap())
            .args(["bare", algorithm])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            address: address.trim().to_owned(),
            child,
        }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until the process is ended.
pub(crate) fn serve(algorithm: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let pair = Arc::new(Pair::new(algorithm));
    runtime.block_on(async {
        let route = post(move |body: Bytes| {
            let pair = Arc::clone(&pair);
            async move {
                pair.verify_and_sign();
                format!("{{\"bytes\":{}}}", body.len())
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        axum::serve(listener, Router::new().route("/token", route))
            .await
            .unwrap();
    });
}
