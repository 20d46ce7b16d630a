//! The answers for the first policies: from options, or else from a person at the terminal, or the suggestions.

use super::known::{GITHUB, Known};
use super::question::{Ask, Question, branch_fault, project_fault, repository_fault, word_fault};
use super::{Ci, Starter, Target};
use rolecall_engine::check_issuer_url;
use rolecall_report::failure::Failure;

/// Completes the answers. `ask` is the person at the terminal, if there is one.
pub(crate) fn complete(
    given: &Known,
    target: Target,
    known: &Known,
    mut ask: Option<Ask<'_>>,
) -> Result<Starter, Failure> {
    let ask = &mut ask;
    let word = |ci: Ci| if ci == Ci::Github { "github" } else { "gitlab" }.to_owned();
    let given_ci = given.ci.map(word);
    let ci = Question {
        option: "--ci",
        text: "CI system, github or gitlab".to_owned(),
        given: given_ci.as_ref(),
        guess: known.ci.map(word),
        fault: |text| (!matches!(text, "github" | "gitlab")).then(|| "it is not one of them".to_owned()),
        help: "write `github` or `gitlab`".to_owned(),
    };
    let ci = match ci.answer(ask)?.as_str() {
        "github" => Ci::Github,
        _ => Ci::Gitlab,
    };
    // What is known of another system does not count.
    let known = match known.ci == Some(ci) {
        true => known.clone(),
        false => Known::default(),
    };
    let url = Question {
        option: "--url",
        text: "URL of the issuer".to_owned(),
        given: given.url.as_ref(),
        guess: known
            .url
            .or_else(|| (ci == Ci::Github).then(|| GITHUB.to_owned())),
        fault: |text| check_issuer_url(text).err().map(|fault| fault.to_string()),
        help: "it is the `iss` of the tokens: the URL of your GitLab server, for example".to_owned(),
    };
    let mut url = url.answer(ask)?;
    if ci == Ci::Gitlab {
        // The `iss` of a server has no slash at the end.
        url.truncate(url.trim_end_matches('/').len());
    }
    let project = Question {
        option: "--project",
        text: "project".to_owned(),
        given: given.project.as_ref(),
        guess: known.project,
        fault: match ci {
            Ci::Github => repository_fault,
            Ci::Gitlab => project_fault,
        },
        help: "write its path, such as `acme/shop`".to_owned(),
    };
    let project = project.answer(ask)?;
    let is_compared = target.compares_claims() || ci == Ci::Github;
    let id = Question {
        option: "--project-id",
        text: "number of the project, since another project can take over its name".to_owned(),
        given: given.id.as_ref(),
        guess: known.id.or_else(|| (!is_compared).then(String::new)),
        fault: |text| {
            let is_number =
                !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
            (!is_number).then(|| "it is not a number".to_owned())
        },
        help: match ci {
            Ci::Github => format!("`gh api repos/{project} --jq .id` prints it"),
            Ci::Gitlab => format!(
                "it is on the page of the project, and the `id` at {url}/api/v4/projects/{}",
                project.replace('/', "%2F")
            ),
        },
    };
    let id = id.answer(ask)?;
    let audience = Question {
        option: "--audience",
        text: "audience of the tokens".to_owned(),
        given: given.audience.as_ref(),
        guess: target.audience().map(str::to_owned).or(known.audience),
        fault: word_fault,
        help: match target {
            Target::Gcp => "it is the full name of the provider, `//iam.googleapis.com/projects/…`, or one that you allow".to_owned(),
            _ => "it is the URL of the service that gives access, such as `https://sts.acme.example`".to_owned(),
        },
    };
    let audience = audience.answer(ask)?;
    let branch = Question {
        option: "--branch",
        text: "branch that deploys".to_owned(),
        given: given.branch.as_ref(),
        guess: Some(known.branch.unwrap_or_else(|| "main".to_owned())),
        fault: branch_fault,
        help: "write the name of a protected branch".to_owned(),
    };
    let branch = branch.answer(ask)?;
    // AWS and Azure do not see the environment of a job of GitLab.
    if !is_compared && given.environment.is_some() {
        let failure =
            Failure::new("`--environment` has no effect: the system compares only the `sub` of GitLab");
        return Err(failure.help("leave it out, or let an exchange decide"));
    }
    let environment = match is_compared {
        true => environment(given, known.environment).answer(ask)?,
        false => String::new(),
    };
    Ok(Starter {
        ci,
        target,
        url,
        audience,
        project,
        id,
        branch,
        environment: (!environment.is_empty()).then_some(environment),
    })
}

fn environment(given: &Known, known: Option<String>) -> Question<'_> {
    Question {
        option: "--environment",
        text: "environment of the deployment".to_owned(),
        given: given.environment.as_ref(),
        guess: Some(known.unwrap_or_default()),
        fault: word_fault,
        help: "write its name, such as `production`".to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may end early")]
mod tests {
    use super::*;

    /// Completes answers with those of a person, and returns the prompts, too.
    fn asked(known: &Known, target: Target, lines: &[&str]) -> (Result<Starter, Failure>, Vec<String>) {
        let mut lines = lines.iter();
        let mut prompts = Vec::new();
        let mut ask = |prompt: &str| {
            prompts.push(prompt.to_owned());
            lines.next().map(|line| format!("{line}\n"))
        };
        (
            complete(&Known::default(), target, known, Some(&mut ask)),
            prompts,
        )
    }

    #[test]
    fn a_person_is_asked_until_the_answer_is_right() {
        let lines = [
            "gitlib",
            "gitlab",
            "https://gitlab.acme.example",
            "acme",
            "acme/shop",
            "",
            "42",
            "sts",
            "",
            "",
        ];
        let (starter, prompts) = asked(&Known::default(), Target::Exchange, &lines);
        let starter = starter.unwrap();
        assert_eq!(
            (starter.project.as_str(), starter.id.as_str()),
            ("acme/shop", "42")
        );
        assert_eq!((starter.branch.as_str(), starter.environment), ("main", None));
        assert_eq!(prompts.len(), lines.len());
        assert_eq!(
            prompts.last().unwrap(),
            "environment of the deployment (optional): "
        );
        assert!(
            prompts[1].starts_with("  it is not one of them: "),
            "{}",
            prompts[1]
        );
    }

    #[test]
    fn an_empty_line_takes_the_suggestion() {
        let known = Known {
            ci: Some(Ci::Github),
            url: Some(GITHUB.to_owned()),
            project: Some("acme/shop".to_owned()),
            ..Known::default()
        };
        let (starter, prompts) = asked(&known, Target::Aws, &["", "", "", "42", "", "", "production"]);
        let starter = starter.unwrap();
        assert_eq!(
            (starter.url.as_str(), starter.audience.as_str()),
            (GITHUB, "sts.amazonaws.com")
        );
        assert_eq!(starter.environment.as_deref(), Some("production"));
        assert_eq!(prompts[2], "project [acme/shop]: ");
    }

    #[test]
    fn the_end_of_the_input_is_a_missing_answer() {
        let (starter, _) = asked(&Known::default(), Target::Exchange, &["gitlab"]);
        assert_eq!(starter.unwrap_err().message, "`--url` is missing");
    }
}
