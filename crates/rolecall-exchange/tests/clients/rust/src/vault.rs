//! vaultrs.

use vaultrs::auth::oidc;
use vaultrs::client::{Client as _, VaultClient, VaultClientSettingsBuilder};
use vaultrs::error::ClientError;
use vaultrs::kv2;

use crate::{Case, Outcome};

/// Logs in and reads a secret.
pub(crate) async fn read(case: &Case) -> Outcome {
    secret(case).await.map_err(|error| {
        let name = format!("{error:?}");
        let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let message = match &error {
            ClientError::APIError { code, errors } => format!("{code} {}", errors.join(", ")),
            other => other.to_string(),
        };
        (name.to_owned(), message)
    })
}

async fn secret(case: &Case) -> Result<String, ClientError> {
    let ca = std::env::var("SSL_CERT_FILE").expect("the CA");
    let settings = VaultClientSettingsBuilder::default()
        .address(&case.url)
        .ca_certs(vec![ca])
        .build()
        .expect("settings");
    let mut client = VaultClient::new(settings)?;
    let job = std::fs::read_to_string(&case.job).expect("a token");
    let login = oidc::login(&client, "jwt", &job, Some(case.vault_role.clone())).await?;
    client.set_token(&login.client_token);
    let secret: std::collections::HashMap<String, String> = kv2::read(&client, "secret", &case.vault_secret).await?;
    Ok(secret["password"].clone())
}
