//! The AWS SDK for Rust, as its default configuration finds the doors.

use std::env::{remove_var, set_var};
use std::error::Error;

use aws_sdk_sts::config::ProvideCredentials as _;
use aws_sdk_sts::error::{DisplayErrorContext, ProvideErrorMetadata};

use crate::{Case, Outcome};

/// Asks who the caller is, with keys of the door `aws`.
pub(crate) async fn web_identity(case: &Case) -> Outcome {
    set_var("AWS_REGION", "eu-central-1");
    set_var("AWS_ENDPOINT_URL_STS", &case.url);
    set_var("AWS_ROLE_ARN", &case.aws_role);
    set_var("AWS_WEB_IDENTITY_TOKEN_FILE", &case.job);
    set_var("AWS_ROLE_SESSION_NAME", "rust");
    let config = aws_config::load_from_env().await;
    let asked = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await;
    for name in ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"] {
        remove_var(name);
    }
    asked
        .map(|identity| identity.arn().unwrap_or_default().to_owned())
        .map_err(|error| failed(&error, error.code()))
}

/// Returns the identifier of the keys that the door `credentials` hands out.
pub(crate) async fn container(case: &Case) -> Outcome {
    let url = format!("{}/aws/credentials/{}", case.url, case.credentials);
    set_var("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    set_var("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &case.job);
    let config = aws_config::load_from_env().await;
    let provider = config.credentials_provider().expect("a provider");
    let asked = provider.provide_credentials().await;
    remove_var("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    asked
        .map(|keys| keys.access_key_id().to_owned())
        .map_err(|error| failed(&error, None))
}

/// Returns the name of an error, and its message with all causes.
fn failed(error: &(dyn Error + 'static), code: Option<&str>) -> (String, String) {
    let debug = format!("{error:?}");
    let name = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let message = DisplayErrorContext(error).to_string();
    (name.to_owned(), format!("{} {message}", code.unwrap_or_default()))
}
