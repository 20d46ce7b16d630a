//! What never holds in this workspace: the invariants of `crates/README.md`, as far as names can show them.

use crate::{files, root};
use serde_json::Value;
use std::fs;
use std::process::Command;

/// Who may use whom: an arrow only ever goes down. What only measures may use all.
const ARROWS: &str = "
policy-check: rolecall rolecall-analysis rolecall-engine rolecall-interop rolecall-lint rolecall-report rolecall-syntax
rolecall-report: rolecall-analysis rolecall-engine rolecall-interop rolecall-lint rolecall-syntax
rolecall-wasm: rolecall-engine rolecall-interop rolecall-lint rolecall-report rolecall-syntax
rolecall: rolecall-engine
rolecall-analysis: rolecall-engine
rolecall-tower: rolecall
rolecall-exchange: rolecall rolecall-analysis rolecall-engine rolecall-lint rolecall-syntax rolecall-tower
rolecall-lint: rolecall-analysis rolecall-engine rolecall-syntax
rolecall-benches: rolecall rolecall-analysis rolecall-engine rolecall-lint rolecall-syntax
rolecall-engine: rolecall-syntax
rolecall-interop: rolecall-analysis rolecall-engine rolecall-syntax
rolecall-syntax:";

/// Where alone a word may stand: files whose path below `crates` begins like this.
const HOMES: &str = "
assume_verified: rolecall/src/verifier.rs rolecall-engine/src/claims.rs rolecall-engine/src/lib.rs rolecall-engine/src/policy_set.rs
aws_lc_rs: rolecall/src/signature.rs rolecall/src/keys/http rolecall/src/testing rolecall-exchange/src/commands/token.rs rolecall-exchange/src/digest.rs rolecall-exchange/src/postgres/tls.rs rolecall-exchange/src/random.rs rolecall-exchange/src/server/tls.rs rolecall-exchange/src/sessions rolecall-exchange/src/signing
File::open: policy-check/src/checkout.rs rolecall/src/keys/file.rs rolecall-exchange/src/commands/token.rs rolecall-exchange/src/audit rolecall-exchange/src/commands/audit
fs::write: policy-check/src/replace.rs rolecall-exchange/src/commands/demo.rs
gix::: policy-check/src/git
process::Command:
pest_derive: rolecall-syntax/src/grammar rolecall-interop/src/cel/grammar
pest::: rolecall-syntax/src/parse rolecall-syntax/src/expected rolecall-interop/src/cel";

/// Below `rolecall` nothing knows of networks, clocks, randomness or cryptography: these crates and their families.
const FOREIGN_CRATES: &str = "async aws-lc chrono curl futures getrandom hyper jsonwebtoken mio native-tls openssl \
     rand reqwest ring rsa rustls sha2 socket2 tokio ureq";

/// What libraries do nowhere but in the files whose path below `crates` begins like this: of the world outside only
/// `rolecall` knows, and in it each thing has one place. (The standard library's types for addresses and times are not meant.)
const WORLD: &str = "
::now( : rolecall/src/clock.rs
SocketAddrs : rolecall/src/keys/http/lookup.rs
TcpListener : rolecall-exchange/src/server.rs rolecall-exchange/src/server/connections.rs
TcpStream : rolecall-exchange/src/server/tls.rs
UdpSocket :
async : rolecall/src/gate/asynchronous.rs rolecall/src/gate.rs rolecall-tower/src/ rolecall-exchange/src/
dbg! :
eprint :
print!( :
println! :
rustls : rolecall/src/keys/http rolecall-exchange/src/commands/token.rs rolecall-exchange/src/server/tls.rs rolecall-exchange/src/postgres/tls.rs
std::fs : rolecall/src/keys/file.rs rolecall/src/policy_files/disk.rs rolecall-exchange/src/whole_file.rs rolecall-exchange/src/commands rolecall-exchange/src/config.rs rolecall-exchange/src/key_folder.rs rolecall-exchange/src/policies rolecall-exchange/src/secrets/folder.rs rolecall-exchange/src/server/reload.rs rolecall-exchange/src/server/tls.rs rolecall-exchange/src/audit rolecall-exchange/src/postgres rolecall-exchange/src/replay/file.rs
std::env : rolecall-exchange/src/commands/token.rs
cap_std : rolecall/src/policy_files/disk.rs rolecall-exchange/src/secrets/folder.rs
redb : rolecall-exchange/src/replay/file.rs
std::process : rolecall-exchange/src/exit.rs
std::thread : rolecall/src/threads rolecall-exchange/src/audit/writer.rs
tokio_postgres : rolecall-exchange/src/audit/copy.rs rolecall-exchange/src/postgres rolecall-exchange/src/replay/postgres.rs
tracing:: : rolecall/src/trace.rs rolecall-exchange/src/
ureq : rolecall/src/keys/http rolecall-exchange/src/commands/token.rs";

/// Names that say nothing.
const VAGUE_NAMES: &str = "common helpers types util utils";

/// The lines of a table, each as the word before its colon and those after it.
fn rows(table: &str) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let rows = table.lines().filter_map(|line| line.rsplit_once(':'));
    rows.map(|(first, others)| (first, others.split_whitespace().collect()))
}

/// A source file: its path below `crates`, and its lines of code without comments, blank lines and the tests at its end.
struct Source {
    path: String,
    code: Vec<String>,
}

impl Source {
    fn uses(&self, word: &str) -> bool {
        self.code.iter().any(|line| line.contains(word))
    }
}

/// The sources of all crates, without modules that only tests have.
fn sources() -> Vec<Source> {
    let sources = crate::sources().into_iter().map(|(path, text)| {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code = code.lines().map(|line| line.trim().to_owned());
        let code = code.filter(|line| !line.is_empty() && !line.starts_with("//"));
        let code = code.collect();
        Source { path, code }
    });
    sources.collect()
}

fn cargo(arguments: &str) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(arguments.split(' '));
    let output = command.output().unwrap();
    assert!(output.status.success(), "cargo {arguments}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn arrows_never_go_up() {
    let metadata = cargo("metadata --offline --no-deps --format-version 1");
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let allowed = rows(ARROWS).find(|(from, _)| *from == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("say in `ARROWS` what {name} may use"));
        let used = package["dependencies"].as_array().unwrap().iter();
        for used in used.filter(|used| !used["path"].is_null()) {
            let used = used["name"].as_str().unwrap();
            // A crate that names itself asks for features in its own tests.
            assert!(used == name || allowed.contains(&used), "{name} uses {used}");
        }
    }
}

#[test]
fn libraries_never_ask_the_world() {
    for package in [
        "rolecall-analysis",
        "rolecall-engine",
        "rolecall-interop",
        "rolecall-lint",
        "rolecall-syntax",
    ] {
        let tree = format!("tree --offline -p {package} -e normal,no-proc-macro --prefix none");
        for used in cargo(&tree).lines().filter_map(|line| line.split(' ').next()) {
            let is_family = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
            let mut foreign = FOREIGN_CRATES.split_whitespace();
            let foreign = foreign.find(|name| used.strip_prefix(name).is_some_and(is_family));
            assert_eq!(foreign, None, "{package} uses {used}");
        }
    }
    let mut sources = sources();
    sources.retain(|source| !source.path.starts_with("policy-check/"));
    for source in sources {
        for (word, homes) in rows(WORLD) {
            let word = word.trim();
            let at_home = homes.iter().any(|home| source.path.starts_with(home));
            assert!(at_home || !source.uses(word), "{}: {word}", source.path);
        }
    }
}

#[test]
fn files_never_grow_too_long_or_use_what_is_not_theirs() {
    for source in sources() {
        let path = source.path.as_str();
        for (word, homes) in rows(HOMES) {
            let at_home = homes.iter().any(|home| path.starts_with(home));
            assert!(at_home || !source.uses(word), "{path}: {word}");
        }
        assert!(!source.uses("unsafe {") && !source.uses("unsafe fn"), "{path}");
        let mut names = path.split(['/', '.']);
        let vague = names.find(|name| VAGUE_NAMES.split(' ').any(|vague| vague == *name));
        assert_eq!(vague, None, "{path}: a name that says nothing");
        let lines = source.code.len();
        assert!(lines <= 400, "{path}: {lines} lines of code");
    }
}

#[test]
fn files_never_tell_of_the_machine_they_were_written_on() {
    let mut paths = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    for folder in "benches .cargo .ci crates fuzz grammar packaging playground policies site".split(' ') {
        files(&root().join(folder), &mut paths);
    }
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for folder in ["root", "tmp", "work"].map(|folder| format!("/{folder}/")) {
            assert!(!text.contains(&folder), "{}: {folder}", path.display());
        }
    }
}
