//! The AWS SDK for Rust at the doors `aws` and `credentials`, and vaultrs at the door `vault`. Prints the outcome of each case
//! as a line of JSON.

mod aws;
mod vault;

use serde::Deserialize;

/// A case: the server, the token of the job, and the role.
#[derive(Deserialize)]
pub(crate) struct Case {
    case: String,
    url: String,
    job: String,
    aws_role: String,
    credentials: String,
    vault_role: String,
    vault_secret: String,
}

/// What a client got, or the name of its error and the message.
type Outcome = Result<String, (String, String)>;

#[tokio::main]
async fn main() {
    let file = std::env::var("CASES").expect("the file of the cases");
    let text = std::fs::read_to_string(file).expect("a readable file");
    let cases: Vec<Case> = serde_json::from_str(&text).expect("cases in JSON");
    for case in &cases {
        say(case, "aws-config", "aws", aws::web_identity(case).await);
        say(case, "aws-config", "credentials", aws::container(case).await);
        say(case, "vaultrs", "vault", vault::read(case).await);
    }
}

fn say(case: &Case, client: &str, way: &str, outcome: Outcome) {
    let client = format!("{client} {}", version(client));
    let mut answer = serde_json::json!({ "case": case.case, "client": client, "way": way });
    match outcome {
        Ok(got) => answer["got"] = got.into(),
        Err((error, message)) => {
            answer["error"] = error.into();
            answer["message"] = message.into();
        }
    }
    println!("{answer}");
}

/// Returns the version of a package in the lock file.
fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).expect("a locked package");
    rest.split_once('"').expect("a version").0
}
