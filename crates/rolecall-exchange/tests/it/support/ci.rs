//! Runners of CI systems: they execute the GitLab component and the GitHub action as the files have them.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rolecall::testing::TestIssuer;
use rolecall::{PolicySet, Source};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::clients::ended;
use super::{Recorder, Server, prepare};

/// Programs that scripts may use. Each is a wrapper that records its arguments first.
const PROGRAMS: [&str; 12] = [
    "cat", "curl", "cut", "jq", "mkdir", "mktemp", "mv", "rm", "sed", "tail", "touch", "tr",
];
/// Clients of clouds, and the deployment of the guides. They only record their arguments.
const CLIENTS: [&str; 5] = ["aws", "az", "deploy", "gcloud", "vault"];

/// The shells of GitLab's runner.
pub(crate) const SHELLS: [&[&str]; 2] = [&["bash", "-eo", "pipefail"], &["sh", "-e"]];

/// Variables with their values.
pub(crate) type Variables = BTreeMap<String, String>;

/// A runner with a folder of its own.
pub(crate) struct Runner {
    folder: TempDir,
}

/// A job or a step that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) is_success: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Returns the text of a file of the repository.
pub(crate) fn file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// Returns the documents of a YAML text.
pub(crate) fn yaml(text: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(text).unwrap()
}

/// Starts a server with policies of the issuers `gitlab` and `github`, and returns it with the second one.
pub(crate) fn server(policy: &str) -> (Server, TestIssuer) {
    let (folder, gitlab) = prepare("[doors.token]\n[doors.request]\n", "");
    let mut policy = policy.to_owned();
    for (profile, keys) in [("gitlab-ci", "gitlab.json"), ("github-actions", "github.json")] {
        let line = format!("profile {profile}\n");
        policy = policy.replace(&line, &format!("{line}  jwks \"{keys}\"\n"));
    }
    let set = PolicySet::compile([Source::new("test.policy", policy.as_str())]).unwrap();
    let github = TestIssuer::of(&set, "github");
    let policies = folder.path().join("policies");
    fs::write(policies.join("test.policy"), policy).unwrap();
    fs::write(policies.join("github.json"), github.jwks()).unwrap();
    (Server::of((folder, gitlab)), github)
}

/// Returns the ID token of a job of GitHub that runs for a ref.
pub(crate) fn github_job(github: &TestIssuer, git_ref: &str) -> String {
    github.token(json!({
        "sub": format!("repo:acme/shop:ref:{git_ref}"),
        "repository": "acme/shop",
        "repository_id": "456789",
        "repository_owner": "acme",
        "repository_owner_id": "123456",
        "ref": git_ref,
        "ref_type": "branch",
        "ref_protected": "true",
        "event_name": "push",
        "jti": git_ref,
    }))
}

impl Runner {
    /// Returns a runner. Without the programs of the scripts, it returns `None` and says so; with
    /// `ROLECALL_REQUIRE_CLIENTS=1` it fails.
    pub(crate) fn new() -> Option<Self> {
        let runner = Self {
            folder: TempDir::new().unwrap(),
        };
        for folder in ["bin", "project", "temp"] {
            fs::create_dir(runner.path(folder)).unwrap();
        }
        for program in PROGRAMS {
            let Some(path) = found(program) else {
                let why = format!("the scripts of jobs need {program}");
                assert!(env::var_os("ROLECALL_REQUIRE_CLIENTS").is_none(), "{why}");
                eprintln!("skipped: {why}");
                return None;
            };
            runner.program("bin", program, &become_other(&path));
        }
        let own = Path::new(env!("CARGO_BIN_EXE_rolecall-exchange"));
        runner.program("bin", "rolecall-exchange", &become_other(own));
        for folder in ["bin", "project"] {
            for client in CLIENTS {
                // It reads its input, so that a pipe to it does not break.
                runner.program(folder, client, "cat >/dev/null");
            }
        }
        Some(runner)
    }

    /// Writes a program that records its arguments and then runs a command.
    fn program(&self, folder: &str, name: &str, command: &str) {
        let path = self.path(folder).join(name);
        let calls = self.path("calls");
        let text = format!(
            "#!/bin/sh\nprintf '%s\\n' \"{name} $*\" >>'{}'\n{command}\n",
            calls.display()
        );
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the programs that were started, one per line with its arguments.
    pub(crate) fn calls(&self) -> String {
        fs::read_to_string(self.path("calls")).unwrap_or_default()
    }

    /// Runs a job of a GitLab pipeline that includes the component, or does without.
    pub(crate) fn gitlab(&self, shell: &[&str], pipeline: &Value, url: &str, token: &str) -> Ended {
        let jobs = pipeline.as_object().unwrap();
        let (_, job) = jobs.iter().find(|(name, _)| *name != "include").unwrap();
        let hidden = match pipeline.get("include") {
            None => Value::Null,
            Some(included) => component(&included[0]["inputs"])[job["extends"].as_str().unwrap()].take(),
        };
        let id_tokens = [&job["id_tokens"], &hidden["id_tokens"]];
        let id_tokens = id_tokens.into_iter().find(|tokens| tokens.is_object()).unwrap();
        assert_eq!(id_tokens, &json!({ "ROLECALL_TOKEN": { "aud": url } }));
        let project = self.path("project");
        let mut variables = texts(&hidden["variables"]);
        variables.extend(texts(&job["variables"]));
        for value in variables.values_mut() {
            *value = value.replace("$CI_PROJECT_DIR", project.to_str().unwrap());
        }
        variables.insert("CI_PROJECT_DIR".to_owned(), project.display().to_string());
        variables.insert("ROLECALL_TOKEN".to_owned(), token.to_owned());
        let commands = [&hidden["before_script"], &job["script"]];
        let commands = commands
            .into_iter()
            .flat_map(|part| part.as_array().into_iter().flatten());
        let commands: Vec<&str> = commands.map(|command| command.as_str().unwrap()).collect();
        self.shell(shell, &commands.join("\n"), &variables)
    }

    /// Runs the steps of the only job of a GitHub workflow. The recorder issues its ID token.
    pub(crate) fn github(&self, workflow: &Value, issuer: &Recorder) -> Ended {
        let jobs = workflow["jobs"].as_object().unwrap();
        let (_, job) = jobs.iter().next().unwrap();
        assert_eq!(job["permissions"]["id-token"], "write");
        let mut known = Variables::from(
            [("github.repository_id", "456789"), ("github.run_id", "7")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        known.insert("runner.temp".to_owned(), self.path("temp").display().to_string());
        let mut all = String::new();
        for step in job["steps"].as_array().unwrap() {
            let ended = if let Some(uses) = step["uses"].as_str() {
                assert!(uses.contains("/actions/role-token@"), "{uses}");
                let (ended, file) = self.action(&step["with"], Some(issuer));
                let id = step["id"].as_str().unwrap();
                known.extend(file.map(|file| (format!("steps.{id}.outputs.file"), file)));
                ended
            } else {
                let script = step["run"].as_str().unwrap();
                assert!(!script.contains("${{"), "an expression in a script: {script}");
                self.shell(&["bash", "-e"], script, &filled(&step["env"], &known))
            };
            all.push_str(&ended.out);
            if !ended.is_success {
                return ended;
            }
        }
        Ended {
            is_success: true,
            out: all,
            err: String::new(),
        }
    }

    /// Runs the action with inputs, and returns the path that it says. Without an issuer, the job has no permission to ask
    /// for an ID token.
    pub(crate) fn action(&self, inputs: &Value, issuer: Option<&Recorder>) -> (Ended, Option<String>) {
        let definition = yaml(&file("actions/role-token/action.yml")).remove(0);
        let mut values = Variables::new();
        for (name, input) in definition["inputs"].as_object().unwrap() {
            // As GitHub has it: an input that is required and not given is empty.
            let value = inputs[name].as_str().or(input["default"].as_str());
            values.insert(format!("inputs.{name}"), value.unwrap_or_default().to_owned());
        }
        for name in inputs.as_object().unwrap().keys() {
            assert!(values.contains_key(&format!("inputs.{name}")), "{name}");
        }
        let steps = definition["runs"]["steps"].as_array().unwrap();
        let [step] = steps.as_slice() else {
            panic!("{steps:?}")
        };
        let id = step["id"].as_str().unwrap();
        let output = format!("${{{{ steps.{id}.outputs.file }}}}");
        assert_eq!(definition["outputs"]["file"]["value"], output);
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "an expression in a script: {script}");
        let mut variables = filled(&step["env"], &values);
        let outputs = self.path("output");
        fs::write(&outputs, "").unwrap();
        variables.insert("RUNNER_TEMP".to_owned(), self.path("temp").display().to_string());
        variables.insert("GITHUB_OUTPUT".to_owned(), outputs.display().to_string());
        if let Some(issuer) = issuer {
            let url = format!("http://127.0.0.1:{}/token?api-version=2.0", issuer.port);
            variables.insert("ACTIONS_ID_TOKEN_REQUEST_URL".to_owned(), url);
            variables.insert("ACTIONS_ID_TOKEN_REQUEST_TOKEN".to_owned(), "runner".to_owned());
        }
        let ended = self.shell(&[step["shell"].as_str().unwrap(), "-e"], script, &variables);
        let outputs = fs::read_to_string(&outputs).unwrap();
        let file = outputs.lines().find_map(|line| line.strip_prefix("file="));
        (ended, file.map(str::to_owned))
    }

    /// Runs a script with these variables alone.
    pub(crate) fn shell(&self, shell: &[&str], script: &str, variables: &Variables) -> Ended {
        let path = self.path("script");
        fs::write(&path, script).unwrap();
        let output = ended(
            Command::new(found(shell[0]).unwrap())
                .args(&shell[1..])
                .arg(&path)
                .current_dir(self.path("project"))
                .stdin(Stdio::null())
                .env_clear()
                .env("PATH", self.path("bin"))
                .envs(variables),
        );
        let output = output.expect("the script hangs");
        Ended {
            is_success: output.status.success(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Returns the command by which a wrapper becomes another program.
fn become_other(path: &Path) -> String {
    format!("exec '{}' \"$@\"", path.display())
}

/// Returns the path of a program.
fn found(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// Returns the texts of an object by their names.
fn texts(object: &Value) -> Variables {
    let entries = object.as_object().into_iter().flatten();
    let entries = entries.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
    entries.collect()
}

/// Returns the texts of an object with the values of their expressions.
fn filled(object: &Value, known: &Variables) -> Variables {
    let mut texts = texts(object);
    for text in texts.values_mut() {
        for (name, value) in known {
            *text = text.replace(&format!("${{{{ {name} }}}}"), value);
        }
        assert!(!text.contains("${{"), "{text}");
    }
    texts
}

/// Returns the jobs of the GitLab component with inputs.
fn component(inputs: &Value) -> Value {
    let text = file("templates/role-token.yml");
    let (spec, jobs) = text.split_once("\n---\n").unwrap();
    let spec = yaml(spec).remove(0)["spec"]["inputs"].take();
    let known = spec.as_object().unwrap();
    let given = texts(inputs);
    for name in given.keys() {
        assert!(known.contains_key(name), "{name}");
    }
    let mut jobs = jobs.to_owned();
    for (name, input) in known {
        let value = given.get(name).map(String::as_str).or(input["default"].as_str());
        let value = value.unwrap_or_else(|| panic!("the input {name} is missing"));
        jobs = jobs.replace(&format!("$[[ inputs.{name} ]]"), value);
    }
    assert!(!jobs.contains("$[["), "{jobs}");
    yaml(&jobs).remove(0)
}
