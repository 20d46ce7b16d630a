//! A program without a runtime: a line on standard input is a token, a line on standard output its roles.
//!
//! `cargo run -p rolecall --example sync --features http`

use std::io::{self, BufRead, Write};

use rolecall::{Gate, HttpKeys, KeySources, policies_from_folder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policies = policies_from_folder("policies/gitlab-deploy-per-environment")?;
    let gate = Gate::builder(policies, KeySources::new().otherwise(HttpKeys::new())).build()?;
    answer(&gate, io::stdin().lock(), io::stdout().lock())?;
    Ok(())
}

/// Writes for each token its roles, or the reason why it is refused.
fn answer(gate: &Gate, tokens: impl BufRead, mut answers: impl Write) -> io::Result<()> {
    for token in tokens.lines() {
        match gate.roles(&token?) {
            Ok(roles) => {
                let names = roles.iter().filter_map(|decision| Some(&*decision.role()?.name));
                let names: Vec<&str> = names.collect();
                let subject = roles.token().subject().escape_debug();
                writeln!(answers, "{subject}: {}", names.join(", "))?;
            }
            Err(error) => writeln!(answers, "refused: {error}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rolecall::testing::TestIssuer;
    use rolecall::{Gate, PolicySet, Source};
    use serde_json::json;

    const POLICY: &str = r#"
        issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://deploy.acme.example" }
        role deploy { allow from gitlab when project == "acme/shop" && ref == "main" && ref_protected }
        role read { allow from gitlab when project under "acme" }
    "#;

    #[test]
    fn tokens_are_answered_line_by_line() -> Result<(), Box<dyn std::error::Error>> {
        let policies = PolicySet::compile([Source::new("test.policy", POLICY)])?;
        let gitlab = TestIssuer::of(&policies, "gitlab");
        let gate = Gate::builder(policies, gitlab.keys()).build()?;
        let token = |branch| {
            gitlab.token(json!({
                "sub": branch, "project_path": "acme/shop", "ref": branch, "ref_protected": "true",
            }))
        };
        let tokens = format!("{}\n{}\nx\n", token("main"), token("feature"));
        let mut answers = Vec::new();
        super::answer(&gate, tokens.as_bytes(), &mut answers)?;
        let answers = String::from_utf8(answers)?;
        let (answers, refused) = answers.split_once("refused: ").ok_or("the last is no token")?;
        assert_eq!(answers, "main: deploy, read\nfeature: read\n");
        assert!(refused.starts_with("the token is malformed"), "{refused}");
        Ok(())
    }
}
