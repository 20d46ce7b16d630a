//! The tables of the exchange, and their version.

use tokio_postgres::Client;

use super::error::DatabaseError;

/// The steps from each version to the next one, beginning with none. A step that was released is never changed.
const STEPS: [&str; 1] = ["
    CREATE TABLE rolecall_exchange.used (key bytea PRIMARY KEY, taker bytea NOT NULL, until bigint NOT NULL);
    CREATE INDEX used_until ON rolecall_exchange.used (until);
    CREATE TABLE rolecall_exchange.audit (
        chain text NOT NULL, line bigint NOT NULL, at timestamptz NOT NULL, text text NOT NULL,
        PRIMARY KEY (chain, line)
    );
    CREATE INDEX audit_at ON rolecall_exchange.audit (at);
"];

/// The number of the lock that an instance holds while it makes tables: 'role' in ASCII.
const LOCK: i64 = 0x726f_6c65;

/// Makes the tables if they are not there, and brings them to this version.
pub(super) async fn ensure(client: &mut Client) -> Result<(), DatabaseError> {
    if is_current(version(client).await?)? {
        return Ok(());
    }
    let transaction = client.transaction().await?;
    // Instances that start together make the tables one after the other.
    let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
    transaction.batch_execute(&lock).await?;
    let version = version(transaction.client()).await?;
    if is_current(version)? {
        return Ok(());
    }
    if version == 0 {
        // With `IF NOT EXISTS` alone, PostgreSQL wants the right to make one even if it is there.
        let schema = "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = 'rolecall_exchange'";
        let found: i64 = transaction.query_typed_one(schema, &[]).await?.try_get(0)?;
        if found == 0 {
            transaction
                .batch_execute("CREATE SCHEMA rolecall_exchange")
                .await?;
        }
        let first = "CREATE TABLE rolecall_exchange.version (version integer NOT NULL); \
             INSERT INTO rolecall_exchange.version VALUES (0)";
        transaction.batch_execute(first).await?;
    }
    for (step, number) in STEPS.iter().zip(1_i32..).filter(|(_, number)| *number > version) {
        transaction.batch_execute(step).await?;
        let note = format!("UPDATE rolecall_exchange.version SET version = {number}");
        transaction.batch_execute(&note).await?;
    }
    transaction.commit().await?;
    tracing::info!("the tables of the exchange were made in the database");
    Ok(())
}

fn is_current(version: i32) -> Result<bool, DatabaseError> {
    let latest = i32::try_from(STEPS.len()).unwrap_or(i32::MAX);
    if version > latest {
        return Err(DatabaseError::new(format!(
            "its tables have the version {version}, and this exchange knows {latest}: use a later one"
        )));
    }
    Ok(version == latest)
}

/// Returns the version of the tables; 0 if there are none.
async fn version(client: &Client) -> Result<i32, DatabaseError> {
    const FIND: &str = "SELECT count(*) FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'rolecall_exchange' AND c.relname = 'version'";
    let found: i64 = client.query_typed_one(FIND, &[]).await?.try_get(0)?;
    if found == 0 {
        return Ok(0);
    }
    let row = client
        .query_typed_opt("SELECT version FROM rolecall_exchange.version", &[])
        .await?;
    let row = row.ok_or_else(|| DatabaseError::new("its table of the version is empty"))?;
    Ok(row.try_get(0)?)
}
