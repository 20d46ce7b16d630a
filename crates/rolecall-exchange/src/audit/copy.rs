//! The copy of the log in the database. It may lag, and nothing waits for it.
//!
//! The database says what it has: each line is there once, whatever happened in between. A copy that is not the beginning
//! of the log ends the copying: lines were changed, or cut off at the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_postgres::types::Type;

use super::source::{Line, Source};
use crate::postgres::{Parameter, Postgres};
use crate::telemetry;

/// The pause after an error.
const PAUSE: Duration = Duration::from_secs(5);

const LAST: &str =
    "SELECT line, text FROM rolecall_exchange.audit WHERE chain = $1 ORDER BY line DESC LIMIT 1";
const ADD: &str = "INSERT INTO rolecall_exchange.audit (chain, line, at, text) \
     SELECT $1, line, to_timestamp(at), text FROM unnest($2::bigint[], $3::bigint[], $4::text[]) AS new (line, at, text) \
     ON CONFLICT DO NOTHING";

/// The copying of a log.
#[derive(Debug)]
pub(super) struct Copier {
    pub(super) source: Source,
    /// The name of the chain, which its rows have.
    pub(super) name: Arc<str>,
    pub(super) postgres: Arc<Postgres>,
    /// The number of the last line that is in the database.
    pub(super) copied: Arc<AtomicU64>,
}

impl Copier {
    /// Copies lines when they are on the disk.
    pub(super) async fn run(mut self, mut durable: watch::Receiver<u64>) {
        let mut is_at_place = false;
        let mut last = String::new();
        loop {
            let until = *durable.borrow_and_update();
            let copied = async {
                if !is_at_place {
                    self.go_on(until).await?;
                    is_at_place = true;
                }
                self.copy(until).await
            };
            match copied.await {
                Ok(true) => {}
                Ok(false) => {
                    last.clear();
                    // The sender is gone when the server ends.
                    if durable.changed().await.is_err() {
                        return;
                    }
                }
                Err(error) => {
                    telemetry::copy_failed();
                    if error != last {
                        tracing::error!(%error, "the audit log is not copied to the database now");
                    }
                    (last, is_at_place) = (error, false);
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Goes to the line after the last one that the database has, which must be the same in the files.
    async fn go_on(&mut self, until: u64) -> Result<(), String> {
        let found = self.postgres.query(LAST, &[(&&*self.name, Type::TEXT)]).await;
        let found = found.map_err(|error| error.to_string())?;
        let Some(row) = found.first() else {
            self.source.seek(1);
            return Ok(());
        };
        let wrong = |error: tokio_postgres::Error| error.to_string();
        let (number, text): (i64, String) = (row.try_get(0).map_err(wrong)?, row.try_get(1).map_err(wrong)?);
        let number = u64::try_from(number).unwrap_or(0);
        if number > until {
            return Err(format!(
                "the copy has line {number}, and the log ends with line {until}: lines were cut off"
            ));
        }
        self.source.seek(number);
        let lines = self.read(number).await?;
        // A file that was moved away cannot be compared.
        if lines
            .first()
            .is_some_and(|line| line.number == number && line.text != text)
        {
            return Err(format!(
                "line {number} is another one in the copy: the log was changed"
            ));
        }
        self.source.seek(number.saturating_add(1));
        self.copied.store(number, Ordering::Relaxed);
        Ok(())
    }

    /// Copies some lines, and returns whether there were any.
    async fn copy(&mut self, until: u64) -> Result<bool, String> {
        let lines = self.read(until).await?;
        let Some(last) = lines.last().map(|line| line.number) else {
            return Ok(false);
        };
        let (mut numbers, mut times, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines {
            numbers.push(i64::try_from(line.number).unwrap_or(i64::MAX));
            let record: serde_json::Value = serde_json::from_str(&line.text).unwrap_or_default();
            times.push(
                record
                    .get("time")
                    .and_then(serde_json::Value::as_i64)
                    .unwrap_or(0),
            );
            texts.push(line.text);
        }
        let parameters: [Parameter<'_>; 4] = [
            (&&*self.name, Type::TEXT),
            (&numbers, Type::INT8_ARRAY),
            (&times, Type::INT8_ARRAY),
            (&texts, Type::TEXT_ARRAY),
        ];
        let added = self.postgres.query(ADD, &parameters).await;
        added.map_err(|error| error.to_string())?;
        self.copied.store(last, Ordering::Relaxed);
        Ok(true)
    }

    /// Reads lines on a thread that may wait for the disk.
    async fn read(&mut self, until: u64) -> Result<Vec<Line>, String> {
        let mut source = std::mem::replace(&mut self.source, Source::new(std::path::Path::new("")));
        let read = spawn_blocking(move || {
            let lines = source.read(until);
            (source, lines)
        });
        let (source, lines) = read.await.map_err(|error| error.to_string())?;
        self.source = source;
        lines.map_err(|error| error.to_string())
    }
}
